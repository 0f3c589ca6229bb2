//! RFC 9449: tokens that are bound to a key.

use accredit_runtime::{Connection, SigningKey};
use anyhow::{Context, Result, ensure};

use crate::client::{ORDERS, called, client, connection, expect, token_requests};
use crate::report::{PROVIDER, Report};
use crate::world::{SECRET, World};

pub(crate) async fn run(world: &World, report: &mut Report) {
    for algorithm in ["ES256", "EdDSA"] {
        let feature = format!("DPoP, {algorithm}, nonces of both servers");
        report.row(&feature, PROVIDER, proofs(world, algorithm).await);
    }
    report.row(
        "client that must prove, and doesn't",
        PROVIDER,
        unproven(world).await,
    );
}

fn bound(world: &World, key: SigningKey) -> Connection {
    connection(world, "dpop")
        .client_secret(SECRET)
        .dpop_key(key)
}

async fn proofs(world: &World, algorithm: &str) -> Result<String> {
    let keys = &world.assertion_keys;
    let key = keys
        .iter()
        .find(|key| key.algorithm == algorithm)
        .context("a key")?;
    let before = token_requests(world).await?;
    let client = client(bound(world, SigningKey::from_pem(&key.private)?))?;
    let first = called(&client, &ORDERS).await?;
    let asked = token_requests(world).await? - before;
    ensure!(
        asked == 2,
        "{asked} token requests instead of one and one with the nonce"
    );
    ensure!(
        first.attempts() == 2,
        "the first call took {} requests",
        first.attempts()
    );
    let second = called(&client, &ORDERS).await?;
    ensure!(
        second.attempts() == 1,
        "the second call took {} requests",
        second.attempts()
    );
    let claims = second.into_body();
    expect(&claims, "token_type", "DPoP")?;
    let thumbprint = claims["cnf"]["jkt"]
        .as_str()
        .context("the token isn't bound")?;
    Ok(format!(
        "bound to `jkt` {thumbprint}; a nonce each, learnt by one refusal"
    ))
}

async fn unproven(world: &World) -> Result<String> {
    let client = client(connection(world, "dpop").client_secret(SECRET))?;
    let error = called(&client, &ORDERS)
        .await
        .err()
        .context("a token was issued")?;
    let code = error
        .token()
        .and_then(|error| error.code())
        .unwrap_or("none");
    ensure!(code == "invalid_grant", "the error is `{code}`: {error}");
    Ok(format!("`{code}`"))
}
