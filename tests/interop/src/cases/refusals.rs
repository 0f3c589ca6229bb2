//! RFC 6749 §5.2: what the server refuses is told by its code, and isn't asked for again and again.

use accredit_runtime::Connection;
use anyhow::{Context, Result, ensure};

use crate::client::{ORDERS, called, client, connection, token_requests};
use crate::report::{PROVIDER, Report};
use crate::world::{SECRET, World};

const CALLS: usize = 100;

pub(crate) async fn run(world: &World, report: &mut Report) {
    let known = || connection(world, "basic").client_secret(SECRET);
    let orders = "https://orders.example/";
    for (feature, code, connection) in [
        (
            "wrong secret",
            "invalid_client",
            connection(world, "basic").client_secret("wrong"),
        ),
        (
            "unknown client",
            "invalid_client",
            connection(world, "nobody").client_secret(SECRET),
        ),
        (
            "scope not allowed",
            "invalid_scope",
            connection(world, "reader")
                .client_secret(SECRET)
                .scope("orders:write"),
        ),
        (
            "unknown resource",
            "invalid_target",
            known().resource("https://elsewhere.example/"),
        ),
        (
            "two resources",
            "invalid_target",
            known().resource(orders).resource(format!("{orders}b")),
        ),
        (
            "grant not allowed",
            "invalid_request",
            connection(world, "code").client_secret(SECRET),
        ),
    ] {
        let outcome = refused(world, connection, code).await;
        report.row(&format!("{feature}, `{code}`"), PROVIDER, outcome);
    }
}

async fn refused(world: &World, connection: Connection, code: &str) -> Result<String> {
    let before = token_requests(world).await?;
    let client = client(connection)?;
    for _ in 0..CALLS {
        let error = called(&client, &ORDERS)
            .await
            .err()
            .context("a token was issued")?;
        let told = error.token().and_then(|error| error.code());
        ensure!(told == Some(code), "the error is {told:?}: {error}");
        ensure!(
            !format!("{error:?} {error}").contains(SECRET),
            "the error holds the secret"
        );
    }
    let asked = token_requests(world).await? - before;
    // By the header and, where that is refused, in the body.
    let expected = if code == "invalid_client" || code == "invalid_request" {
        2
    } else {
        1
    };
    ensure!(
        asked == expected,
        "{asked} token requests for {CALLS} calls"
    );
    Ok(
        format!("{CALLS} calls, {asked} token requests (header, then body)")
            .replace("1 token requests (header, then body)", "1 token request"),
    )
}
