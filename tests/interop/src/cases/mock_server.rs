//! `oauth2-mock-server`, whose tokens are JWTs and whose answers can be changed.

use accredit_runtime::{ClientAuthentication, ClientCredentials, Credential, TokenCache};
use anyhow::{Result, ensure};

use crate::report::{MOCK, Report};
use crate::world::{SECRET, World};

pub(crate) async fn run(world: &World, report: &mut Report) {
    for (name, method) in [
        ("client_secret_basic", ClientAuthentication::Basic),
        ("client_secret_post", ClientAuthentication::Post),
    ] {
        report.row(name, MOCK, issued(world, method).await);
    }
    report.row(
        "discovery by OpenID Connect only",
        MOCK,
        discovered(world).await,
    );
    for status in ["500", "503", "429"] {
        let feature = format!("answers {status}, then a token");
        report.row(&feature, MOCK, after(world, status).await);
    }
}

async fn issued(world: &World, method: ClientAuthentication) -> Result<String> {
    let endpoint = format!("{}/token", world.mock());
    let source = ClientCredentials::builder(endpoint, "client", SECRET)
        .authentication(method)
        .scope("orders:read orders:write")
        .build()?;
    let token = TokenCache::new(source).token().await?;
    let lifetime = token.lifetime().unwrap_or_default().as_secs();
    ensure!(lifetime == 3600, "the lifetime is {lifetime} s");
    let scope = token.scope().unwrap_or("none");
    Ok(format!("a JWT for {lifetime} s, scope `{scope}`"))
}

async fn discovered(world: &World) -> Result<String> {
    let issuer = world.mock().replace("127.0.0.1", "localhost");
    let source =
        ClientCredentials::discover(issuer, "client", Credential::Secret(SECRET.into())).build()?;
    TokenCache::new(source).token().await?;
    Ok("RFC 8414 isn't there, OpenID Connect is".to_owned())
}

/// The server refuses a client once whose identifier is a status.
async fn after(world: &World, status: &str) -> Result<String> {
    let endpoint = format!("{}/token", world.mock());
    let source = ClientCredentials::builder(endpoint, status, SECRET).build()?;
    TokenCache::new(source).token().await?;
    Ok("the second attempt has it".to_owned())
}
