//! Every way in which a client authenticates.

use accredit_runtime::{
    ClientAuthentication, Connection, Credential, SignatureAlgorithm, SigningKey, TokenCache,
};
use anyhow::{Context, Result, ensure};

use crate::authorities::{AssertionKey, Identity};
use crate::client::{ORDERS, called, client, connection, expect, introspected};
use crate::report::{FRONTED, PROVIDER, Report};
use crate::world::{AWKWARD_CLIENT, SECRET, World};

pub(crate) async fn run(world: &World, report: &mut Report) {
    let outcome = secret(world, AWKWARD_CLIENT, ClientAuthentication::Basic).await;
    report.row(
        "client_secret_basic, reserved characters",
        PROVIDER,
        outcome,
    );
    let outcome = secret(world, "post", ClientAuthentication::Post).await;
    report.row("client_secret_post", PROVIDER, outcome);
    let outcome = secret(world, "basic", ClientAuthentication::Automatic).await;
    report.row("automatic, header accepted", PROVIDER, outcome);
    report.row(
        "automatic, body after header",
        PROVIDER,
        body_after_header(world).await,
    );
    let outcome = secret(world, "jwt", ClientAuthentication::ClientSecretJwt).await;
    report.row("client_secret_jwt, HS256", PROVIDER, outcome);
    for key in &world.assertion_keys {
        let feature = format!("private_key_jwt, {}", key.algorithm);
        report.row(&feature, PROVIDER, private_key(world, key).await);
    }
    let outcome = certificate(world, "tls", &world.authority.client).await;
    report.row("tls_client_auth, bound token", FRONTED, outcome);
    let outcome = certificate(world, "self-signed", &world.self_signed).await;
    report.row("self_signed_tls_client_auth, bound token", FRONTED, outcome);
    let outcome = stolen(world).await;
    report.row("bound token without its certificate", FRONTED, outcome);
}

async fn secret(world: &World, id: &str, method: ClientAuthentication) -> Result<String> {
    let connection = connection(world, id)
        .client_secret(SECRET)
        .client_authentication(method);
    let claims = introspected(world, connection, 1).await?;
    expect(&claims, "client_id", id)?;
    Ok(format!("1 token request, introspected as of `{id}`"))
}

async fn body_after_header(world: &World) -> Result<String> {
    let endpoint = format!("{}/body-only", world.faults());
    let connection = connection(world, "post").client_secret(SECRET);
    let client = client(connection.token_endpoint(endpoint))?;
    let tokens = client.tokens().context("a client with tokens")?;
    let first = tokens.token().await?;
    let found = world.accesses("/body-only", 2).await?;
    tokens.invalidate(&first);
    tokens.token().await?;
    let remembered = world.accesses("/body-only", 3).await? - found;
    ensure!(
        (found, remembered) == (2, 1),
        "{found} and {remembered} token requests"
    );
    Ok("2 token requests, then 1: what worked is remembered".to_owned())
}

async fn private_key(world: &World, key: &AssertionKey) -> Result<String> {
    let signing = SigningKey::from_pem(&key.private)?;
    let signing = if key.algorithm == "PS256" {
        signing.algorithm(SignatureAlgorithm::Ps256)?
    } else {
        signing
    };
    let connection = connection(world, key.algorithm).client_key(signing);
    let claims = introspected(world, connection, 1).await?;
    expect(&claims, "client_id", key.algorithm)?;
    Ok("1 token request".to_owned())
}

/// Returns the settings of a client that its certificate authenticates.
fn certified(world: &World, id: &str, identity: &Identity) -> Connection {
    connection(world, id)
        .base_url(world.mtls())
        .token_endpoint(world.mtls_token_endpoint())
        .credential(Credential::Nothing)
        .client_authentication(ClientAuthentication::TlsClientAuth)
        .client_certificate(identity.pem())
}

async fn certificate(world: &World, id: &str, identity: &Identity) -> Result<String> {
    let claims = introspected(world, certified(world, id, identity), 1).await?;
    expect(&claims, "client_id", id)?;
    let thumbprint = claims["cnf"]["x5t#S256"].as_str();
    let thumbprint = thumbprint.context("the token isn't bound to the certificate")?;
    Ok(format!("the API sees `x5t#S256` {thumbprint}"))
}

/// A token that is bound to a certificate is of no use to others.
async fn stolen(world: &World) -> Result<String> {
    let owner = client(certified(world, "tls", &world.authority.client))?;
    let tokens: TokenCache = owner.tokens().context("a client with tokens")?.clone();
    let thief = connection(world, "tls").base_url(world.mtls());
    let options = accredit_runtime::ClientOptions::new().tokens(tokens);
    let thief = accredit_runtime::ClientCore::new(thief, options)?;
    let status = called(&thief, &ORDERS)
        .await
        .err()
        .and_then(|error| error.status());
    ensure!(
        status.is_some_and(|status| status == 401),
        "the answer is {status:?}"
    );
    Ok("401".to_owned())
}
