//! RFC 8414 and OpenID Connect Discovery: an issuer says where its endpoints are.

use accredit_runtime::{ClientAuthentication, Connection, Credential};
use anyhow::{Context, Result, ensure};

use crate::client::{ORDERS, called, client, endpointless, expect, introspected};
use crate::report::{FRONTED, Report};
use crate::world::{SECRET, World};

pub(crate) async fn run(world: &World, report: &mut Report) {
    report.row("discovery over TLS", FRONTED, discovered(world).await);
    report.row(
        "discovery, `private_key_jwt` for the issuer",
        FRONTED,
        audience(world).await,
    );
    report.row(
        "discovery, `mtls_endpoint_aliases`",
        FRONTED,
        aliases(world).await,
    );
    report.row(
        "discovery, another issuer's metadata",
        FRONTED,
        other_issuer(world).await,
    );
    report.row(
        "discovery, revocation endpoint",
        FRONTED,
        revocation(world).await,
    );
}

/// Returns settings without a token endpoint.
fn of_issuer(world: &World, client_id: &str) -> Connection {
    endpointless(world, client_id).issuer(world.issuer())
}

async fn discovered(world: &World) -> Result<String> {
    let claims = introspected(world, of_issuer(world, "basic").client_secret(SECRET), 1).await?;
    expect(&claims, "iss", &world.issuer())?;
    Ok("1 token request, `iss` is the issuer".to_owned())
}

async fn audience(world: &World) -> Result<String> {
    let key = world
        .assertion_keys
        .iter()
        .find(|key| key.algorithm == "ES256");
    let key = accredit_runtime::SigningKey::from_pem(&key.context("a key")?.private)?;
    let claims = introspected(world, of_issuer(world, "ES256").client_key(key), 1).await?;
    expect(&claims, "client_id", "ES256")?;
    Ok("1 token request, `aud` is the issuer".to_owned())
}

async fn aliases(world: &World) -> Result<String> {
    let connection = of_issuer(world, "tls")
        .base_url(world.mtls())
        .credential(Credential::Nothing)
        .client_authentication(ClientAuthentication::TlsClientAuth)
        .client_certificate(world.authority.client.pem());
    let claims = introspected(world, connection, 1).await?;
    expect(&claims, "client_id", "tls")?;
    Ok("asked where certificates are seen".to_owned())
}

/// The server answers under this address too, in the name of another.
async fn other_issuer(world: &World) -> Result<String> {
    let connection = of_issuer(world, "basic")
        .client_secret(SECRET)
        .issuer(world.mtls());
    let error = called(&client(connection)?, &ORDERS).await.err();
    let error = error.context("metadata of another issuer were used")?;
    ensure!(error.token().is_some(), "{error}");
    Ok(format!("refused: {error}"))
}

async fn revocation(world: &World) -> Result<String> {
    let client = client(of_issuer(world, "basic").client_secret(SECRET))?;
    called(&client, &ORDERS).await?;
    client.shutdown().await?;
    Ok("found and used by `shutdown`".to_owned())
}
