//! What must not be seen isn't: in `Debug`, `Display`, sources and traces.

use std::fmt::Write as _;

use accredit_runtime::{
    Call, ClientOptions, Error, Method, Operation, Parameter, Requirement, RetryPolicy, TokenError,
    Value, decode,
};
use conformance::generated::security_schemes::Client;
use conformance::{Issuer, Log, Reply, Request, World};

static ORDER: Operation = Operation::new("orders.get", Method::POST, "/orders/{id}")
    .security(&[Requirement::new(&[(0, &["orders"])])]);

/// Prints an error in every way there is.
fn print(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        write!(text, " {error} {error:?}").expect("a string to write to");
        source = error.source();
    }
    text
}

/// A call that has a secret wherever it can have one.
fn call(world: &World) -> Call<'_, Vec<i64>> {
    Call::new(&world.client, &ORDER, decode::json)
        .parameter(Parameter::path("id"), &"s3cret")
        .parameter(Parameter::query("token"), &"s3cret")
        .parameter(Parameter::header("X-Token"), &"s3cret")
        .parameter(Parameter::cookie("token"), &"s3cret")
        .json_parameter(Parameter::query("json"), &"s3cret")
        .header("X-Api-Key", "s3cret")
        .query("key", "s3cret")
        .idempotency_key("s3cret")
        .json("application/json", &"s3cret")
}

// One test: the subscriber is the process's.
#[tokio::test]
async fn no_secret_is_ever_seen() {
    let log = Log::start();
    let mut seen = String::new();

    let options = ClientOptions::new().header("X-Tenant-Key", "s3cret");
    write!(seen, "{options:?}").expect("a string to write to");
    let world = World::with_options(options, async |issuer: Issuer, request: Request| {
        let reply = match (issuer.requests(), issuer.accepts(&request)) {
            (1, true) => Reply::status(200).json("[\"s3cret\"]"),
            (_, true) => Reply::status(200).json("[1]"),
            (_, false) => Reply::status(401).json("{\"a\": \"s3cret\"}"),
        };
        reply.header("set-cookie", "s3cret")
    })
    .await;
    write!(
        seen,
        "{:?} {:#?} {:?}",
        world.client,
        world.client,
        call(&world)
    )
    .expect("a string to write to");
    write!(seen, "{:?}", call(&world).send()).expect("a string to write to");

    // The body doesn't decode.
    seen.push_str(&print(&call(&world).await.unwrap_err()));
    // Replayed.
    world.issuer.revoke();
    let response = call(&world).send().await.unwrap();
    write!(seen, "{response:?} {:?}", response.answer()).expect("a string to write to");
    // Not replayed, for want of a token.
    world.issuer.revoke();
    world
        .issuer
        .refuse(TokenError::refused("invalid_client", None));
    seen.push_str(&print(&call(&world).await.unwrap_err()));
    // Not sent.
    let call = Call::new(&world.client, &ORDER, decode::json::<Value>).header("X", "s3cret\n");
    seen.push_str(&print(&call.await.unwrap_err()));
    // With a key in the query, in a header and in a cookie.
    let connection = Client::connection()
        .base_url(world.server.origin())
        .api_key("ApiKey", "s3cret")
        .api_key("queryKey", "s3cret")
        .api_key("session", "s3cret");
    let keyed = Client::new(connection).unwrap();
    write!(seen, "{keyed:?}").expect("a string to write to");
    let operations = keyed.default_operations();
    seen.push_str(&print(&operations.by_query().await.unwrap_err()));
    seen.push_str(&print(&operations.by_header().await.unwrap_err()));
    seen.push_str(&print(&operations.by_cookie().await.unwrap_err()));
    let refused = "http://127.0.0.1:9";
    let connection = Client::connection()
        .base_url(refused)
        .api_key("queryKey", "s3cret");
    let keyed = Client::new(connection).unwrap();
    let call = keyed.default_operations().by_query();
    seen.push_str(&print(&call.retry(RetryPolicy::off()).await.unwrap_err()));
    // Not answered.
    drop(world.server);
    let closed = "http://127.0.0.1:9/?key=s3cret";
    let call = Call::new(&world.client, &ORDER, decode::json::<Value>);
    let call = call.parameter(Parameter::path("id"), &"s3cret");
    seen += &print(
        &call
            .base_url(closed)
            .header("Authorization", "s3cret")
            .await
            .unwrap_err(),
    );

    assert!(!seen.contains("s3cret"), "{seen}");
    let log = log.text();
    assert!(log.contains("otel.name=\"orders.get\""), "{log}");
    assert!(log.contains("accredit.replay=\"done\""), "{log}");
    assert!(log.contains("accredit.suspected.status_code="), "{log}");
    for line in log.lines() {
        assert!(!line.contains("s3cret"), "{line}");
    }
}
