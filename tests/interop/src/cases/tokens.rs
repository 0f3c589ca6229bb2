//! What a token is good for, and its end.

use std::time::Duration;

use accredit_runtime::{
    ClientCore, ClientCredentials, ClientOptions, Operation, Replay, TokenCache, TokenSource,
};
use anyhow::{Result, ensure};
use tokio::time::sleep;

use crate::client::{
    HIDDEN, ORDERS, READ, WRITE, called, client, connection, expect, introspected, token_requests,
};
use crate::report::{PROVIDER, Report};
use crate::world::{SECRET, World};

pub(crate) async fn run(world: &World, report: &mut Report) {
    report.row("scope of the client", PROVIDER, scope(world).await);
    report.row(
        "scopes by operation",
        PROVIDER,
        scopes_by_operation(world).await,
    );
    let outcome = resource(world, "https://orders.example/api").await;
    report.row("resource indicator", PROVIDER, outcome);
    report.row(
        "resource indicator, JWT access token",
        PROVIDER,
        jwt(world).await,
    );
    report.row("expiry after 2 s", PROVIDER, expiry(world).await);
    let outcome = revoked(world, &ORDERS).await;
    report.row("revocation by others, answered 401", PROVIDER, outcome);
    let outcome = revoked(world, &HIDDEN).await;
    report.row("revocation by others, answered 404", PROVIDER, outcome);
    report.row("revocation by `shutdown`", PROVIDER, shutdown(world).await);
    report.row("1,000 callers, cold cache", PROVIDER, storm(world).await);
}

async fn scope(world: &World) -> Result<String> {
    let connection = connection(world, "basic").client_secret(SECRET);
    let connection = connection.scope("orders:read orders:write");
    let claims = introspected(world, connection, 1).await?;
    expect(&claims, "scope", "orders:read orders:write")?;
    Ok("introspected as `orders:read orders:write`".to_owned())
}

async fn scopes_by_operation(world: &World) -> Result<String> {
    let before = token_requests(world).await?;
    let client = client(connection(world, "basic").client_secret(SECRET))?;
    for _ in 0..3 {
        let read = called(&client, &READ).await?.into_body();
        expect(&read, "scope", "orders:read")?;
        let write = called(&client, &WRITE).await?.into_body();
        expect(&write, "scope", "orders:write")?;
    }
    let asked = token_requests(world).await? - before;
    ensure!(asked == 2, "{asked} token requests for two scopes");
    Ok("a token for each, 2 token requests for 6 calls".to_owned())
}

async fn resource(world: &World, resource: &str) -> Result<String> {
    let connection = connection(world, "basic").client_secret(SECRET);
    let connection = connection.scope("orders:read").resource(resource);
    let claims = introspected(world, connection, 1).await?;
    expect(&claims, "aud", resource)?;
    expect(&claims, "scope", "orders:read")?;
    Ok(format!("introspected with `aud` {resource}"))
}

/// The provider doesn't introspect tokens of this kind: that is for the API to read.
async fn jwt(world: &World) -> Result<String> {
    let source = ClientCredentials::builder(world.token_endpoint(), "basic", SECRET)
        .resource("https://orders.example/jwt")
        .build()?;
    let token = TokenCache::new(source).token().await?;
    let header = token.header();
    let parts = header.to_str()?.split('.').count();
    ensure!(parts == 3, "the token has {parts} parts");
    Ok(format!("{} bytes in the header", header.len()))
}

async fn expiry(world: &World) -> Result<String> {
    let before = token_requests(world).await?;
    let client = client(connection(world, "brief").client_secret(SECRET))?;
    for _ in 0..30 {
        called(&client, &ORDERS).await?;
        sleep(Duration::from_millis(150)).await;
    }
    let asked = token_requests(world).await? - before;
    ensure!((3..=5).contains(&asked), "{asked} token requests");
    Ok(format!(
        "30 calls in 4.5 s, none refused, {asked} token requests"
    ))
}

async fn revoked(world: &World, operation: &'static Operation) -> Result<String> {
    let source = ClientCredentials::builder(world.token_endpoint(), "basic", SECRET)
        .revocation_endpoint(world.revocation_endpoint())
        .build()?;
    let tokens = TokenCache::new(source.clone());
    let options = ClientOptions::new().tokens(tokens.clone());
    let client = ClientCore::new(connection(world, "basic"), options)?;
    called(&client, operation).await?;
    let before = token_requests(world).await?;
    // By somebody who shares the client's credentials, so that the cache knows nothing of it.
    source.revoke(&*tokens.token().await?).await?;
    let answer = called(&client, operation).await?;
    ensure!(
        matches!(answer.replay(), Replay::Done),
        "{:?}",
        answer.replay()
    );
    let asked = token_requests(world).await? - before;
    ensure!(asked == 1, "{asked} token requests");
    Ok("1 token request, the replay is answered 200".to_owned())
}

async fn shutdown(world: &World) -> Result<String> {
    let connection = connection(world, "basic").client_secret(SECRET);
    let client = client(connection.revocation_endpoint(world.revocation_endpoint()))?;
    called(&client, &ORDERS).await?;
    let token = client
        .tokens()
        .expect("a client with tokens")
        .token()
        .await?;
    client.shutdown().await?;
    let authorization = token.header();
    let dead = accredit_runtime::Call::new(&client, &ORDERS, accredit_runtime::decode::nothing)
        .header("Authorization", authorization.to_str()?)
        .await;
    let status = dead.err().and_then(|error| error.status());
    ensure!(
        status.is_some_and(|status| status == 401),
        "the answer is {status:?}"
    );
    Ok("the token is introspected as inactive".to_owned())
}

async fn storm(world: &World) -> Result<String> {
    let before = token_requests(world).await?;
    let client = client(connection(world, "basic").client_secret(SECRET))?;
    let tokens = client.tokens().expect("a client with tokens");
    let callers: Vec<_> = (0..1000)
        .map(|_| {
            let tokens = tokens.clone();
            tokio::spawn(async move { tokens.token().await.map(drop) })
        })
        .collect();
    for caller in callers {
        caller.await??;
    }
    let asked = token_requests(world).await? - before;
    ensure!(asked == 1, "{asked} token requests");
    Ok("1 token request".to_owned())
}
