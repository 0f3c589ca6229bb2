//! What stands between a client and its servers: TLS, certificates, redirects, resets and silence.

use std::time::{Duration, Instant};

use accredit_runtime::{
    ClientAuthentication, ClientCore, ClientCredentials, ClientOptions, Connection, Credential,
    Operation, TokenCache, TokenError,
};
use anyhow::{Context, Result, ensure};

use crate::client::{
    MOVED, MOVED_HERE, ORDERS, RESET, THROTTLED, called, client, connection, token_requests,
};
use crate::report::{FRONTED, NGINX, Report};
use crate::world::{SECRET, World};

pub(crate) async fn run(world: &World, report: &mut Report) {
    report.row(
        "TLS, certificate of a known authority",
        FRONTED,
        known_authority(world).await,
    );
    report.row(
        "TLS, certificate of an unknown authority",
        NGINX,
        unknown_authority(world).await,
    );
    report.row(
        "client certificate demanded, none there",
        NGINX,
        without_certificate(world).await,
    );
    report.row(
        "client certificate demanded and given",
        FRONTED,
        with_certificate(world).await,
    );
    for status in ["307", "308"] {
        let feature = format!("token endpoint redirects by {status}");
        report.row(&feature, NGINX, token_redirect(world, status).await);
    }
    report.row(
        "API redirects to another origin",
        NGINX,
        foreign_redirect(world).await,
    );
    report.row(
        "API redirects within its origin",
        FRONTED,
        own_redirect(world).await,
    );
    let outcome = recovers(world, "/reset/first", Duration::ZERO).await;
    report.row("token endpoint resets, then answers", FRONTED, outcome);
    report.row(
        "token endpoint resets always",
        NGINX,
        fails(world, "/reset/always", true).await,
    );
    report.row("API resets, then answers", FRONTED, api_reset(world).await);
    report.row("token endpoint is silent", NGINX, silent(world).await);
    report.row(
        "token endpoint answers 504",
        NGINX,
        fails(world, "/gateway-timeout", true).await,
    );
    report.row(
        "token endpoint answers 502",
        NGINX,
        fails(world, "/down", true).await,
    );
    report.row("token endpoint answers slowly", FRONTED, slow(world).await);
    let outcome = recovers(world, "/busy", Duration::from_secs(2)).await;
    report.row(
        "token endpoint answers 503 with `Retry-After`",
        FRONTED,
        outcome,
    );
    report.row(
        "token endpoint gives a page",
        NGINX,
        fails(world, "/page", false).await,
    );
    report.row("API throttles by 403", NGINX, throttled(world).await);
}

fn source(world: &World, path: &str) -> Result<TokenCache> {
    let endpoint = format!("{}{path}", world.faults());
    let source = ClientCredentials::builder(endpoint, "basic", SECRET)
        .authentication(ClientAuthentication::Basic)
        .timeout(Duration::from_secs(5))
        .build()?;
    Ok(TokenCache::new(source))
}

async fn known_authority(world: &World) -> Result<String> {
    let connection = connection(world, "basic")
        .client_secret(SECRET)
        .base_url(world.issuer())
        .token_endpoint(format!("{}/token", world.issuer()));
    called(&client(connection)?, &ORDERS).await?;
    Ok("token request and call".to_owned())
}

/// Returns the error of a token request; there must be one.
async fn refused(connection: Connection) -> Result<TokenError> {
    let error = called(&client(connection)?, &ORDERS).await.err();
    let error = error.context("the call was answered")?;
    error.token().cloned().context(error.to_string())
}

async fn unknown_authority(world: &World) -> Result<String> {
    let other = crate::authorities::Authority::new()?;
    let before = token_requests(world).await?;
    let connection = connection(world, "basic")
        .client_secret(SECRET)
        .root_certificate(&other.certificate)
        .token_endpoint(format!("{}/token", world.issuer()));
    let error = refused(connection).await?;
    ensure!(
        token_requests(world).await? == before,
        "the secret was sent"
    );
    Ok(format!("refused: {error}"))
}

fn strict(world: &World) -> Connection {
    connection(world, "tls")
        .base_url(world.strict())
        .token_endpoint(format!("{}/token", world.strict()))
        .credential(Credential::Nothing)
        .client_authentication(ClientAuthentication::TlsClientAuth)
}

async fn without_certificate(world: &World) -> Result<String> {
    let connection = strict(world).client_secret(SECRET);
    let connection = connection.client_authentication(ClientAuthentication::Basic);
    let error = refused(connection).await?;
    let status = error.status();
    ensure!(
        status.is_some_and(|status| status == 400),
        "the status is {status:?}"
    );
    Ok(format!("400: {error}"))
}

async fn with_certificate(world: &World) -> Result<String> {
    let connection = strict(world).client_certificate(world.authority.client.pem());
    called(&client(connection)?, &ORDERS).await?;
    Ok("token request and call".to_owned())
}

async fn token_redirect(world: &World, status: &str) -> Result<String> {
    let error = source(world, &format!("/redirect/{status}"))?
        .token()
        .await
        .err();
    let error = error.context("the redirect was followed")?;
    let answered = error.status().map(|status| status.as_u16().to_string());
    ensure!(answered.as_deref() == Some(status), "{error}");
    Ok(format!("not followed: {error}"))
}

async fn through_faults(world: &World, operation: &'static Operation) -> Result<serde_json::Value> {
    let connection = connection(world, "basic")
        .client_secret(SECRET)
        .base_url(world.faults());
    Ok(called(&client(connection)?, operation).await?.into_body())
}

async fn foreign_redirect(world: &World) -> Result<String> {
    let seen = through_faults(world, &MOVED).await?;
    ensure!(
        seen["authorization"] == "",
        "the other origin was given the token"
    );
    Ok("followed, without `Authorization`".to_owned())
}

async fn own_redirect(world: &World) -> Result<String> {
    let seen = through_faults(world, &MOVED_HERE).await?;
    ensure!(seen["active"] == true, "{seen}");
    Ok("followed with the token".to_owned())
}

/// Two tokens, each by a request that fails and one that doesn't.
async fn recovers(world: &World, path: &str, least: Duration) -> Result<String> {
    let tokens = source(world, path)?;
    let started = Instant::now();
    let first = tokens.token().await?;
    tokens.invalidate(&first);
    tokens.token().await?;
    let took = started.elapsed();
    let requests = world.accesses(path, 4).await?;
    ensure!(requests == 4, "{requests} requests");
    ensure!(took >= least, "it took {took:?}");
    Ok(format!("2 tokens by 4 requests in {} ms", took.as_millis()))
}

async fn slow(world: &World) -> Result<String> {
    let started = Instant::now();
    source(world, "/slow")?.token().await?;
    let took = started.elapsed();
    ensure!(took > Duration::from_secs(1), "it took {took:?}");
    Ok(format!("a token after {} ms", took.as_millis()))
}

async fn fails(world: &World, path: &str, is_transient: bool) -> Result<String> {
    let error = source(world, path)?
        .token()
        .await
        .err()
        .context("a token was issued")?;
    ensure!(error.is_transient() == is_transient, "{error}");
    let kind = if is_transient {
        "transient"
    } else {
        "not transient"
    };
    Ok(format!("{kind}: {error}"))
}

async fn api_reset(world: &World) -> Result<String> {
    let connection = connection(world, "basic")
        .client_secret(SECRET)
        .base_url(world.faults());
    let options = ClientOptions::new().idle_connections(0);
    let client = ClientCore::new(connection, options)?;
    let mut attempts = 0;
    for _ in 0..4 {
        attempts += called(&client, &RESET).await?.attempts();
    }
    ensure!(attempts > 4, "no call met a reset");
    Ok(format!("4 calls by {attempts} requests, none lost"))
}

async fn silent(world: &World) -> Result<String> {
    let endpoint = format!("{}/silent", world.faults());
    let source = ClientCredentials::builder(endpoint, "basic", SECRET)
        .timeout(Duration::from_millis(500))
        .build()?;
    let started = Instant::now();
    let error = TokenCache::new(source)
        .token()
        .await
        .err()
        .context("a token was issued")?;
    let took = started.elapsed();
    ensure!(
        error.is_timeout() && took < Duration::from_secs(5),
        "{took:?}: {error}"
    );
    Ok(format!("given up after {} ms", took.as_millis()))
}

async fn throttled(world: &World) -> Result<String> {
    let connection = connection(world, "basic")
        .client_secret(SECRET)
        .base_url(world.faults());
    let client = client(connection)?;
    let before = token_requests(world).await?;
    for _ in 0..10 {
        let error = called(&client, &THROTTLED)
            .await
            .err()
            .context("the call was answered")?;
        ensure!(
            error.status().is_some_and(|status| status == 403),
            "{error}"
        );
    }
    let asked = token_requests(world).await? - before;
    ensure!(asked == 1, "{asked} token requests");
    Ok("10 calls, 1 token request: no suspicion".to_owned())
}
