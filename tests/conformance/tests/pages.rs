//! Lists that come page by page, by a generated client: each page is asked for when it is wanted, and
//! no page leads the client's credentials astray.

use std::future::ready;

use accredit_runtime::{ClientOptions, Connection, Error, Stage};
use conformance::generated::pages::types::Order;
use conformance::generated::pages::{Client, operations};
use conformance::{Issuer, Reply, Request, ResourceServer};
use futures_util::TryStreamExt;

async fn world(answer: fn(&str) -> Reply) -> (ResourceServer, Client) {
    let server = ResourceServer::start(move |request: Request| {
        ready(answer(
            request.uri.path_and_query().map_or("", |it| it.as_str()),
        ))
    })
    .await;
    let connection = Client::connection().base_url(format!("{}/v1", server.origin()));
    let client = client(connection);
    (server, client)
}

fn client(connection: Connection) -> Client {
    let tokens = accredit_runtime::TokenCache::new(Issuer::default());
    Client::with_options(connection, ClientOptions::new().tokens(tokens)).expect("a client")
}

fn targets(server: &ResourceServer) -> Vec<String> {
    let requests = server.requests();
    let targets = requests.iter().map(|request| {
        assert!(request.authorization().is_some(), "each page is authorised");
        request.uri.to_string()
    });
    targets.collect()
}

fn ids(orders: Vec<Order>) -> Vec<String> {
    orders.into_iter().map(|order| order.id).collect()
}

fn orders(target: &str) -> Reply {
    Reply::status(200).json(match target {
        "/v1/orders?items=2" => {
            r#"{"orders": [{"id": "1"}, {"id": "2"}], "meta": {"next_cursor": "a b"}}"#
        }
        "/v1/orders?items=2&cursor=a%20b" => r#"{"orders": [], "meta": {"next_cursor": "c"}}"#,
        "/v1/orders?items=2&cursor=c" => {
            r#"{"orders": [{"id": "3"}], "meta": {"next_cursor": "d", "has_more": false}}"#
        }
        "/v1/orders" => r#"{"orders": [{"id": "1"}], "meta": {"next_cursor": "x"}}"#,
        "/v1/orders?cursor=x" => r#"{"orders": [{"id": "2"}], "meta": {"next_cursor": "y"}}"#,
        "/v1/orders?cursor=y" => r#"{"orders": [{"id": "3"}], "meta": {"next_cursor": "x"}}"#,
        _ => return Reply::status(400),
    })
}

#[tokio::test]
async fn a_cursor_leads_from_page_to_page_until_there_is_none() {
    let (server, client) = world(orders).await;
    let items = client.lists().orders().items_parameter(2).items();
    assert!(
        server.requests().is_empty(),
        "nothing is asked for before it is wanted"
    );
    assert_eq!(ids(items.all().await.unwrap()), ["1", "2", "3"]);
    let expected = [
        "/v1/orders?items=2",
        "/v1/orders?items=2&cursor=a%20b",
        "/v1/orders?items=2&cursor=c",
    ];
    assert_eq!(targets(&server), expected);
}

#[tokio::test]
async fn pages_are_a_stream_that_asks_for_what_is_taken() {
    let (server, client) = world(orders).await;
    let mut pages = client.lists().orders().items_parameter(2).pages();
    let page = pages.try_next().await.unwrap().expect("a page");
    assert_eq!((page.orders.len(), server.requests().len()), (2, 1));
    assert_eq!(pages.position(), Some("a b"));
    let left: Vec<_> = pages.try_collect().await.unwrap();
    assert_eq!((left.len(), server.requests().len()), (2, 3));
}

#[tokio::test]
async fn a_stream_resumes_at_the_position_of_another() {
    let (server, client) = world(orders).await;
    let mut first = client.lists().orders().items_parameter(2).items();
    let mut found = Vec::new();
    for _ in 0..2 {
        found.push(first.next().await.expect("an item").unwrap());
    }
    let position = first.position().expect("a position").to_owned();
    let second = client.lists().orders().items_parameter(2).items();
    found.extend(second.resume_at(&position).all().await.unwrap());
    assert_eq!(ids(found), ["1", "2", "3"]);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn pages_that_go_around_in_a_circle_end_with_an_error() {
    let (server, client) = world(orders).await;
    let error = client
        .lists()
        .orders()
        .items()
        .all()
        .await
        .expect_err("a circle");
    assert_eq!(error.stage(), Stage::Request);
    assert_eq!(
        error.to_string(),
        "orders (GET /orders): the pages go around in a circle"
    );
    assert!(server.requests().len() <= 6);
}

#[tokio::test]
async fn more_pages_than_wanted_end_with_an_error_and_can_be_resumed() {
    let (server, client) = world(orders).await;
    let mut pages = client
        .lists()
        .orders()
        .items_parameter(2)
        .pages()
        .max_pages(1);
    assert!(pages.next().await.expect("a page").is_ok());
    let error = pages.next().await.expect("an end").expect_err("more pages");
    assert_eq!(
        error.to_string(),
        "orders (GET /orders): there are more than 1 pages; `max_pages` sets how many are asked for"
    );
    assert!(pages.next().await.is_none());
    assert_eq!(pages.position(), Some("a b"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_page_that_fails_is_the_last_and_its_position_is_kept() {
    let (_server, client) = world(|target| match target {
        "/v1/orders" => {
            Reply::status(200).json(r#"{"orders": [], "meta": {"next_cursor": "bad"}}"#)
        }
        _ => Reply::status(422),
    })
    .await;
    let mut pages = client.lists().orders().pages();
    assert!(pages.next().await.expect("a page").is_ok());
    let error = pages.next().await.expect("a page").expect_err("a refusal");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(422));
    assert_eq!(pages.position(), Some("bad"));
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn an_offset_grows_by_the_items_of_each_page_until_one_is_empty() {
    let (server, client) = world(|target| {
        Reply::status(200).json(match target {
            "/v1/payments?offset=3" => r#"[{"id": "4"}, {"id": "5"}]"#,
            "/v1/payments?offset=5" => r#"[{"id": "6"}]"#,
            "/v1/payments?offset=6" => "[]",
            _ => return Reply::status(400),
        })
    })
    .await;
    let items = client.lists().payments().offset(3).items();
    assert_eq!(ids(items.all().await.unwrap()), ["4", "5", "6"]);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn pages_are_numbered_from_where_the_document_says() {
    let (server, client) = world(|target| {
        Reply::status(200).json(match target {
            "/v1/refunds" => r#"{"data": {"refunds": [{"id": "1"}]}}"#,
            "/v1/refunds?page=2" => r#"{"data": {"refunds": [{"id": "2"}]}}"#,
            "/v1/refunds?page=3" => r#"{"data": null}"#,
            _ => return Reply::status(400),
        })
    })
    .await;
    let items = client.lists().refunds().items();
    assert_eq!(ids(items.all().await.unwrap()), ["1", "2"]);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_link_header_leads_on_relative_to_the_page() {
    let (server, client) = world(|target| match target {
        "/v1/events?per_page=1" => Reply::status(200)
            .header(
                "link",
                r#"<events?after=7>; rel="next", </v1/events>; rel="first""#,
            )
            .json(r#"["a"]"#),
        "/v1/events?after=7" => Reply::status(200).json(r#"["b"]"#),
        _ => Reply::status(400),
    })
    .await;
    let items = client.lists().events().per_page(1).items();
    assert_eq!(items.all().await.unwrap(), ["a", "b"]);
    assert_eq!(
        targets(&server),
        ["/v1/events?per_page=1", "/v1/events?after=7"]
    );
}

#[tokio::test]
async fn links_of_the_body_lead_on() {
    let (server, client) = world(|target| {
        Reply::status(200).json(match target {
            "/v1/disputes" => {
                r#"{"disputes": [{"id": "1"}], "links": [{"rel": "self", "href": "/x"}, {"rel": "next", "href": "?page=2"}]}"#
            }
            "/v1/disputes?page=2" => r#"{"disputes": [{"id": "2"}], "links": []}"#,
            _ => return Reply::status(400),
        })
    })
    .await;
    let items = client.lists().disputes().items();
    assert_eq!(ids(items.all().await.unwrap()), ["1", "2"]);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_document_can_say_how_its_pages_follow_each_other() {
    let (server, client) = world(|target| {
        Reply::status(200).json(match target {
            "/v1/audit" => r#"{"entries": ["a"], "last": "1"}"#,
            "/v1/audit?from=1" => r#"{"entries": ["b"]}"#,
            _ => return Reply::status(400),
        })
    })
    .await;
    assert_eq!(
        client.lists().audit().items().all().await.unwrap(),
        ["a", "b"]
    );
    assert_eq!(server.requests().len(), 2);
}

async fn astray(next: &str) -> (Error, usize) {
    let other = ResourceServer::start(|_| ready(Reply::status(200).json("{}"))).await;
    let next = next.replace("OTHER", other.origin());
    let server = ResourceServer::start(move |_| {
        let body = format!(r#"{{"customers": [{{"id": "1"}}], "next": "{next}"}}"#);
        ready(Reply::status(200).json(&body))
    })
    .await;
    let client = client(Client::connection().base_url(server.origin()));
    let mut items = client.lists().customers().items();
    let first = items
        .next()
        .await
        .expect("an item")
        .expect("the first page");
    assert_eq!(first.id, "1");
    let error = items.next().await.expect("an end").expect_err("an error");
    assert_eq!(server.requests().len(), 1);
    (error, other.requests().len())
}

#[tokio::test]
async fn a_page_at_another_origin_is_not_asked_for() {
    for next in [
        "OTHER/customers?page=2",
        "//example.com/customers",
        "https://user:pw@example.com/",
    ] {
        let (error, elsewhere) = astray(next).await;
        assert_eq!(error.stage(), Stage::Request);
        assert_eq!(
            error.to_string(),
            "customers (GET /customers): the next page is at another origin than the client's, \
             which must not see its credentials"
        );
        assert_eq!(elsewhere, 0);
    }
}

#[tokio::test]
async fn a_next_page_that_is_no_url_is_an_error() {
    let (error, _) = astray("http://[").await;
    assert_eq!(
        error.to_string(),
        "customers (GET /customers): the URL of the next page is none"
    );
}

#[tokio::test]
async fn a_url_can_lead_to_a_trusted_origin() {
    let other =
        ResourceServer::start(|_| ready(Reply::status(200).json(r#"{"customers": null}"#))).await;
    let next = format!("{}/more", other.origin());
    let server = ResourceServer::start(move |_| {
        ready(Reply::status(200).json(&format!(r#"{{"next": "{next}"}}"#)))
    })
    .await;
    let tokens = accredit_runtime::TokenCache::new(Issuer::default());
    let options = ClientOptions::new()
        .tokens(tokens)
        .trusted_origin(other.origin());
    let client =
        Client::with_options(Client::connection().base_url(server.origin()), options).unwrap();
    assert!(
        client
            .lists()
            .customers()
            .items()
            .all()
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(targets(&other), ["/more"]);
}

#[test]
fn what_is_printed_of_pages_holds_no_position() {
    let client = client(Client::connection());
    let call: operations::Customers<'_> = client.lists().customers();
    let pages = call
        .pages()
        .resume_at("https://api.example.com/?key=s3cret");
    assert!(!format!("{pages:?}").contains("s3cret"));
}
