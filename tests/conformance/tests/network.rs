//! The proxy between a client and the servers that it calls.

use accredit_runtime::{
    Api, Call, ClientCore, ClientOptions, Connection, Method, Operation, Requirement, RetryPolicy,
    SecurityScheme, Server, Stage, Status, Value, decode,
};
use conformance::{Reply, ResourceServer};

static SHOP: Api = Api::new("shop", "SHOP", "shop/1")
    .servers(&[Server::new("http://api.shop.test")])
    .schemes(&[SecurityScheme::client_credentials(
        "o",
        Some("https://login.shop.test/token"),
    )]);
static OPEN: Operation = Operation::new("open", Method::GET, "/open").success(&[Status::Code(200)]);
static GUARDED: Operation = Operation::new("guarded", Method::GET, "/guarded")
    .success(&[Status::Code(200)])
    .security(&[Requirement::new(&[(0, &[])])]);

fn client(connection: Connection) -> ClientCore {
    let options = ClientOptions::new().retry(RetryPolicy::off());
    ClientCore::new(connection, options).expect("usable settings")
}

#[tokio::test]
async fn calls_and_token_requests_go_through_the_proxy_that_is_set() {
    let proxy = ResourceServer::start(async |request| match request.method {
        Method::CONNECT => Reply::status(502),
        _ => Reply::status(200).json("1"),
    })
    .await;
    let url = proxy.origin().replace("//", "//user:s3cret@");
    let connection = Connection::new(&SHOP).client_id("id").client_secret("s");
    let connection = connection.proxy(url.as_str());
    assert!(!format!("{connection:?}").contains("s3cret"));
    let core = client(connection.clone());
    let one = Call::<Value>::new(&core, &OPEN, decode::json).await;
    assert_eq!(one.unwrap(), 1);
    let secure = client(connection.base_url("https://api.shop.test"));
    let error = Call::<Value>::new(&secure, &GUARDED, decode::json)
        .await
        .unwrap_err();
    assert_eq!(error.stage(), Stage::Token);
    let requests = proxy.requests();
    let seen: Vec<_> = requests
        .iter()
        .map(|request| format!("{} {}", request.method, request.uri))
        .collect();
    assert_eq!(seen[0], "GET http://api.shop.test/open");
    assert_eq!(seen[1], "CONNECT login.shop.test:443");
    for request in &requests {
        assert_eq!(
            request.headers["proxy-authorization"],
            "Basic dXNlcjpzM2NyZXQ="
        );
    }
}

#[tokio::test]
async fn a_server_on_this_machine_is_reached_without_the_proxy() {
    let proxy = ResourceServer::start(async |_| Reply::status(502)).await;
    let server = ResourceServer::start(async |_| Reply::status(200).json("1")).await;
    let connection = Connection::new(&SHOP).base_url(server.origin());
    for connection in [
        connection.clone().proxy(proxy.origin()),
        connection.without_proxy(),
    ] {
        let core = client(connection);
        assert_eq!(
            Call::<Value>::new(&core, &OPEN, decode::json)
                .await
                .unwrap(),
            1
        );
    }
    assert!(proxy.requests().is_empty());
}

#[test]
fn what_is_no_proxy_is_named_before_anything_is_sent() {
    let connection = Connection::new(&SHOP).proxy("s3cret");
    let error = ClientCore::new(connection, ClientOptions::new()).unwrap_err();
    let unusable: Vec<_> = error.settings().expect("settings").unusable().collect();
    assert_eq!(unusable, ["proxy"]);
    assert!(!error.to_string().contains("s3cret"));
    let file = Connection::new(&SHOP).import("proxy = \"http://user:s3cret@proxy.test\"");
    let error = file.unwrap_err().to_string();
    assert!(
        error.contains("SHOP_PROXY") && !error.contains("s3cret"),
        "{error}"
    );
}
