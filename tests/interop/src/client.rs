//! A client of the API that introspects tokens, and what it learns from that.

use accredit_runtime::{
    Api, Call, ClientCore, ClientOptions, Connection, Error, Method, Operation, Requirement,
    Response, SecurityScheme, Status, decode,
};
use anyhow::{Result, ensure};
use serde_json::Value;

use crate::world::World;

static API: Api = Api::new("orders", "ORDERS", "orders/1")
    .schemes(&[SecurityScheme::client_credentials("Oauth2", Some("/token"))]);

const TOKEN: &[Requirement] = &[Requirement::new(&[(0, &[])])];
const OK: &[Status] = &[Status::Code(200)];

/// Answered with what the introspection says of the token.
pub(crate) static ORDERS: Operation = Operation::new("orders.list", Method::GET, "/orders")
    .success(OK)
    .security(TOKEN);

/// The same, with scopes.
pub(crate) static READ: Operation = Operation::new("orders.read", Method::GET, "/orders")
    .success(OK)
    .security(&[Requirement::new(&[(0, &["orders:read"])])]);
pub(crate) static WRITE: Operation = Operation::new("orders.write", Method::GET, "/orders")
    .success(OK)
    .security(&[Requirement::new(&[(0, &["orders:write"])])]);

/// Answered 404 to tokens that are no good.
pub(crate) static HIDDEN: Operation = Operation::new("hidden.get", Method::GET, "/hidden")
    .success(OK)
    .security(TOKEN);

/// Faults of nginx.
pub(crate) static MOVED: Operation = Operation::new("orders.moved", Method::GET, "/orders/moved")
    .success(OK)
    .security(TOKEN);
pub(crate) static MOVED_HERE: Operation =
    Operation::new("orders.moved_here", Method::GET, "/orders/moved-here")
        .success(OK)
        .security(TOKEN);
pub(crate) static RESET: Operation = Operation::new("orders.reset", Method::GET, "/orders/reset")
    .success(OK)
    .security(TOKEN);
pub(crate) static THROTTLED: Operation = Operation::new("throttled", Method::GET, "/throttled")
    .success(OK)
    .security(TOKEN);

static TOKEN_REQUESTS: Operation =
    Operation::new("token_requests", Method::GET, "/token-requests").success(OK);

/// Starts the settings of a client whose tokens come from the provider.
pub(crate) fn connection(world: &World, client_id: &str) -> Connection {
    endpointless(world, client_id).token_endpoint(world.token_endpoint())
}

/// The same, without a token endpoint.
pub(crate) fn endpointless(world: &World, client_id: &str) -> Connection {
    Connection::new(&API)
        .client_id(client_id)
        .base_url(world.api())
        .root_certificate(&world.authority.certificate)
}

pub(crate) fn client(connection: Connection) -> Result<ClientCore> {
    Ok(ClientCore::new(connection, ClientOptions::new())?)
}

/// Makes a call; returns the answer.
pub(crate) async fn called(
    client: &ClientCore,
    operation: &'static Operation,
) -> Result<Response<Value>, Error> {
    Call::new(client, operation, decode::json::<Value>)
        .send()
        .await
}

/// Makes a call by a new client, which must cost as many token requests; returns what the API learnt
/// of the token.
pub(crate) async fn introspected(
    world: &World,
    connection: Connection,
    token_requests: u64,
) -> Result<Value> {
    let before = self::token_requests(world).await?;
    let client = client(connection)?;
    let claims = called(&client, &ORDERS).await?.into_body();
    let asked = self::token_requests(world).await? - before;
    ensure!(
        asked == token_requests,
        "{asked} token requests instead of {token_requests}"
    );
    Ok(claims)
}

/// Returns how many token requests the provider has seen.
pub(crate) async fn token_requests(world: &World) -> Result<u64> {
    let client = client(Connection::new(&API).base_url(world.api()))?;
    let answer = called(&client, &TOKEN_REQUESTS).await?.into_body();
    Ok(answer["tokenRequests"].as_u64().unwrap_or_default())
}

/// Holds that a claim is what it should be.
pub(crate) fn expect(claims: &Value, name: &str, value: &str) -> Result<()> {
    ensure!(
        claims[name] == value,
        "`{name}` is {}, expected {value:?}",
        claims[name]
    );
    Ok(())
}
