//! The shape of generated code, written by hand: all that it asks of the runtime.

use accredit_runtime::{
    Answer, Api, Bytes, Call, ClientCore, ClientOptions, Connection, DecodeError, Error, ErrorBody,
    Method, Operation, Parameter, Requirement, SecurityScheme, Server, Status, Style, TokenCache,
    Value, decode,
};
use conformance::{Issuer, Reply, ResourceServer};
use serde_json::json;

static API: Api = Api::new("shop", "SHOP", "shop/0.1.0")
    .servers(&[Server::new("https://shop.example.com/v1")])
    .schemes(&[SecurityScheme::client_credentials("Oauth2", Some("/token"))]);

/// A client of the shop.
#[derive(Debug, Clone)]
struct Client {
    core: ClientCore,
}

impl Client {
    fn connection() -> Connection {
        Connection::new(&API)
    }

    fn from_env() -> Result<Self, Error> {
        Self::with_options(Self::connection().from_env()?, ClientOptions::new())
    }

    fn with_options(connection: Connection, options: ClientOptions) -> Result<Self, Error> {
        ClientCore::new(connection, options).map(|core| Self { core })
    }

    fn orders(&self) -> Orders<'_> {
        Orders::new(&self.core)
    }
}

/// Operations tagged `orders`.
#[derive(Debug, Clone, Copy)]
struct Orders<'a> {
    core: &'a ClientCore,
}

impl<'a> Orders<'a> {
    const fn new(core: &'a ClientCore) -> Self {
        Self { core }
    }

    fn get(self, id: &str) -> OrdersGet<'a> {
        OrdersGet(
            Call::new(self.core, &ORDERS_GET, decode::json).parameter(Parameter::path("id"), &id),
        )
    }

    fn export(self, ids: &[i64], from: i64) -> Call<'a, Bytes> {
        Call::new(self.core, &ORDERS_EXPORT, decode::bytes)
            .parameter(
                Parameter::query("ids")
                    .style(Style::PipeDelimited)
                    .explode(false),
                &ids,
            )
            .parameter(Parameter::query("from"), &from)
    }
}

static ORDERS_GET: Operation = Operation::new("orders.get", Method::GET, "/orders/{id}")
    .success(&[Status::Code(200)])
    .accept("application/json")
    .security(&[Requirement::new(&[(0, &["orders"])])]);

static ORDERS_EXPORT: Operation = Operation::new("orders.export", Method::GET, "/orders")
    .success(&[Status::Range(2)])
    .accept("text/csv");

/// A call of [`Orders::get`].
#[must_use = "a call is made when it is awaited"]
#[derive(Debug)]
pub struct OrdersGet<'a>(Call<'a, Value>);
accredit_runtime::call!(OrdersGet -> Value);

impl OrdersGet<'_> {
    fn fields(self, fields: &str) -> Self {
        Self(self.0.parameter(Parameter::query("fields"), &fields))
    }
}

/// The bodies of the failures of [`Orders::get`].
#[derive(Debug, Clone)]
#[non_exhaustive]
enum OrdersGetError {
    NotFound(Value),
    Default(Value),
}

impl ErrorBody for OrdersGetError {
    fn decode(answer: &Answer) -> Option<Result<Self, DecodeError>> {
        Some(match answer.status().as_u16() {
            404 => decode::json(answer).map(Self::NotFound),
            _ => decode::json(answer).map(Self::Default),
        })
    }
}

async fn shop() -> (ResourceServer, Client) {
    let server = ResourceServer::start(async |request| match request.uri.path() {
        "/orders/1" => Reply::status(200).json(r#"{"id": 1}"#),
        "/orders" => Reply::status(203).json("id"),
        _ => Reply::status(404).json(r#"{"detail": "none"}"#),
    })
    .await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(Issuer::default()));
    let client = Client::with_options(connection, options).expect("usable settings");
    (server, client)
}

/// Different operations under one `?`, on another thread.
async fn work(client: Client) -> Result<(Value, Bytes), Error> {
    let order = client
        .orders()
        .get("1")
        .fields("id")
        .idempotency_key("k")
        .await?;
    let export = client.orders().export(&[1, 2], 3).send().await?;
    Ok((order, export.into_body()))
}

#[tokio::test]
async fn calls_compose_across_operations_and_threads() {
    let (server, client) = shop().await;
    let (order, export) = tokio::spawn(work(client)).await.unwrap().unwrap();
    assert_eq!(order, json!({"id": 1}));
    assert_eq!(export, "id");
    let uris: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.uri)
        .collect();
    assert_eq!(uris, ["/orders/1?fields=id", "/orders?ids=1%7C2&from=3"]);
}

#[tokio::test]
async fn a_failure_is_viewed_by_its_operation() {
    let (_server, client) = shop().await;
    let error = client.orders().get("2").send().await.unwrap_err();
    match error.body() {
        Some(Ok(OrdersGetError::NotFound(body))) => assert_eq!(body, json!({"detail": "none"})),
        Some(Ok(OrdersGetError::Default(body))) => panic!("{body}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn settings_and_calls_fail_with_one_type_of_error() {
    fn is_error(_: fn() -> Result<Client, Error>) {}
    is_error(Client::from_env);
}
