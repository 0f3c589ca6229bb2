//! One process calls an API for fifty tenants at once, each with a client ID and a client secret of its
//! own, over the same pool of connections. The API knows whom each token was issued to: no call carries
//! another tenant's. What happens to one tenant's token, or to its calls, touches no other's.
//!
//! Ends with a failure if a step isn't as promised.

// What it prints is what this program is for.
#![allow(clippy::print_stdout)]

mod api;

/// The generated client.
mod orders {
    include!(concat!(env!("OUT_DIR"), "/orders.rs"));
}

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use accredit_runtime::ClientOptions;
use accredit_runtime::testing::AuthorizationServer;
use tokio::task::JoinSet;

use api::Api;
use orders::Client;

const TENANTS: usize = 50;

/// How many calls each tenant makes at once.
const CALLS: usize = 20;

/// The most that 404s may cost a tenant in token requests within the minute that this program takes.
const TOLERANCE: usize = 6;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut service = Service::start().await?;
    service.each_tenant_gets_a_token_of_its_own().await?;
    service.one_tenants_token_is_revoked().await?;
    service.one_tenant_asks_for_what_isnt_there().await?;
    service.all_tokens_are_revoked().await?;
    Ok(if service.is_kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

struct Tenant {
    name: String,
    client: Client,
}

struct Service {
    authorization: Arc<AuthorizationServer>,
    api: Arc<Api>,
    tenants: Vec<Tenant>,
    /// How many token requests are accounted for.
    accounted: usize,
    is_kept: bool,
}

impl Service {
    async fn start() -> Result<Self, Box<dyn Error>> {
        let authorization = Arc::new(AuthorizationServer::start().await?);
        let (api, url) = Api::start(Arc::clone(&authorization)).await?;
        // What all tenants have in common.
        let connection = Client::connection()
            .token_endpoint(authorization.token_endpoint())
            .base_url(url);
        let options = ClientOptions::new().http_client(reqwest::Client::new());
        let tenants = (1..=TENANTS).map(|number| {
            let name = format!("tenant-{number:02}");
            let connection = connection
                .clone()
                .client_id(&name)
                .client_secret(secret_of(&name));
            let client = Client::with_options(connection, options.clone())?;
            Ok(Tenant { name, client })
        });
        Ok(Self {
            tenants: tenants.collect::<Result<_, accredit_runtime::Error>>()?,
            authorization,
            api,
            accounted: 0,
            is_kept: true,
        })
    }

    async fn each_tenant_gets_a_token_of_its_own(&mut self) -> Result<(), Box<dyn Error>> {
        println!("All tenants call at once, and none has a token yet:");
        self.all_call().await?;
        let is_own = self.authorization.requests().iter().all(|request| {
            let client = request.basic();
            client.is_some_and(|(name, secret)| secret == secret_of(&name))
        });
        self.promise(is_own, "each is made with the secret of its tenant");
        let asked = self.token_requests();
        self.promise(
            asked.len() == TENANTS && asked.values().all(|count| *count == 1),
            "each tenant made one token request",
        );
        Ok(())
    }

    async fn one_tenants_token_is_revoked(&mut self) -> Result<(), Box<dyn Error>> {
        println!("The token of one tenant is revoked, and all call again:");
        let name = &self.tenants[6].name.clone();
        let tokens = self.api.seen().tokens;
        let token = tokens.get(name).ok_or("the tenant has made no call")?;
        self.authorization.revoke(token);
        self.all_call().await?;
        let seen = self.api.seen();
        self.promise(
            seen.refused.keys().eq([name]),
            "the API refused calls of that tenant only",
        );
        let others = |tokens: BTreeMap<String, String>| {
            let others = tokens.into_iter().filter(|(owner, _)| owner != name);
            others.collect::<Vec<_>>()
        };
        self.promise(
            others(seen.tokens) == others(tokens),
            "the others kept their tokens",
        );
        let asked = self.token_requests();
        self.promise(
            asked == BTreeMap::from([(name.clone(), 1)]),
            "that tenant made one token request, the others none",
        );
        Ok(())
    }

    async fn one_tenant_asks_for_what_isnt_there(&mut self) -> Result<(), Box<dyn Error>> {
        println!("One tenant asks a thousand times for orders that there aren't, while all call:");
        let tenant = &self.tenants[2];
        let name = tenant.name.clone();
        let mut calls = JoinSet::new();
        for number in 0..1_000 {
            let (client, id) = (tenant.client.clone(), format!("{name}.{number}"));
            calls.spawn(async move { client.orders().get(&id).await });
        }
        self.all_call().await?;
        let outcomes = calls.join_all().await;
        let is_not_found = |error: &accredit_runtime::Error| {
            error.status() == Some(accredit_runtime::StatusCode::NOT_FOUND)
        };
        self.promise(
            outcomes
                .iter()
                .all(|outcome| outcome.as_ref().is_err_and(is_not_found)),
            "it gets its 404s",
        );
        let asked = self.token_requests();
        let made = asked.get(&name).copied().unwrap_or_default();
        self.promise(
            made <= TOLERANCE,
            &format!("token requests that they cost it: {made}"),
        );
        self.promise(
            asked.keys().all(|owner| *owner == name),
            "and the others: none",
        );
        self.all_call().await
    }

    async fn all_tokens_are_revoked(&mut self) -> Result<(), Box<dyn Error>> {
        println!("All tokens are revoked, and all call again:");
        self.authorization.revoke_all();
        self.all_call().await?;
        let asked = self.token_requests();
        self.promise(
            asked.len() == TENANTS && asked.values().all(|count| *count == 1),
            "each tenant made one token request",
        );
        Ok(())
    }

    /// Has every tenant make its calls, all at once: each must come through, with a token of the
    /// tenant's own.
    async fn all_call(&mut self) -> Result<(), Box<dyn Error>> {
        let mut calls = JoinSet::new();
        for _ in 0..CALLS {
            for tenant in &self.tenants {
                let (client, name) = (tenant.client.clone(), tenant.name.clone());
                calls.spawn(async move {
                    let order = client.orders().get(&name).await?;
                    Ok::<_, accredit_runtime::Error>(order.owner == name)
                });
            }
        }
        let mut shown = 0;
        while let Some(outcome) = calls.join_next().await {
            match outcome? {
                Ok(is_own) => shown += usize::from(is_own),
                Err(error) => println!("    {error}"),
            }
        }
        let all = TENANTS * CALLS;
        self.promise(
            shown == all,
            &format!("{shown} of {all} calls were answered with the tenant's own order"),
        );
        let astray = self.api.seen().astray;
        self.promise(
            astray == 0,
            &format!("{astray} calls carried the token of another tenant"),
        );
        Ok(())
    }

    /// Returns how many token requests each tenant has made since the last time.
    fn token_requests(&mut self) -> BTreeMap<String, usize> {
        let requests = self.authorization.requests();
        let mut asked = BTreeMap::new();
        for request in requests.iter().skip(self.accounted) {
            let (name, _) = request.basic().unwrap_or_default();
            *asked.entry(name).or_default() += 1;
        }
        self.accounted = requests.len();
        asked
    }

    /// Prints whether something is as promised, and remembers if it isn't.
    fn promise(&mut self, kept: bool, what: &str) {
        println!("  {} {what}", if kept { "✓" } else { "✗" });
        self.is_kept &= kept;
    }
}

fn secret_of(name: &str) -> String {
    format!("the secret of {name}")
}
