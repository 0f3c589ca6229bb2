//! Storms beside a client that holds a mutex over the fetch:
//! `cargo run --release --package conformance --example storm`.

use std::error::Error;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use accredit_runtime::testing::{AuthorizationServer, Scripted};
use accredit_runtime::{
    Call, ClientCore, ClientCredentials, ClientOptions, Connection, Method, Operation, Requirement,
    Status, TokenCache, decode,
};
use conformance::{API, Reply, ResourceServer};
use futures_util::future::join_all;
use tokio::sync::{Barrier, Mutex};
use tokio::task::JoinError;

static ORDER: Operation = Operation::new("orders.get", Method::GET, "/orders/1")
    .success(&[Status::Code(200)])
    .security(&[Requirement::new(&[(0, &[])])]);

/// How long the token endpoint takes.
const TOKEN: Duration = Duration::from_millis(20);

const CALLERS: usize = 10_000;
const CALLS: usize = 1000;
const RUNS: usize = 5;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main(worker_threads = 2)]
async fn main() -> Outcome<()> {
    let mut out = io::stdout().lock();
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for _ in 0..RUNS {
        ours.push(expired(false).await?);
        theirs.push(expired(true).await?);
    }
    writeln!(
        out,
        "{CALLERS} callers, expired token, token endpoint {TOKEN:?}:"
    )?;
    report(&mut out, &mut ours, &mut theirs)?;

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        ours.push(revoked(false).await?);
        // It takes a while: each caller waits for all before it.
        if run < 2 {
            theirs.push(revoked(true).await?);
        }
    }
    writeln!(
        out,
        "{CALLS} calls in flight, token revoked (401), token endpoint {TOKEN:?}:"
    )?;
    report(&mut out, &mut ours, &mut theirs)?;
    Ok(())
}

/// Token requests, calls that failed, and the time until all were through.
#[derive(Debug, Clone, Copy)]
struct Run {
    tokens: usize,
    failed: usize,
    spent: Duration,
}

impl Run {
    fn of(spent: Duration, tokens: usize, through: &[Result<bool, JoinError>]) -> Self {
        let failed = through.iter().filter(|done| !matches!(done, Ok(true)));
        Self {
            tokens,
            failed: failed.count(),
            spent,
        }
    }
}

fn report(out: &mut impl Write, ours: &mut [Run], theirs: &mut [Run]) -> io::Result<()> {
    ours.sort_by_key(|run| run.spent);
    theirs.sort_by_key(|run| run.spent);
    let (ours, theirs) = (ours[ours.len() / 2], theirs[theirs.len() / 2]);
    for (name, run) in [("accredit", ours), ("mutex", theirs)] {
        let Run {
            tokens,
            failed,
            spent,
        } = run;
        writeln!(
            out,
            "  {name}: {tokens} token requests, {failed} failed, through after {spent:?}"
        )?;
    }
    let ratio = theirs.spent.div_duration_f64(ours.spent);
    writeln!(out, "  mutex takes {ratio:.1} times as long")
}

/// A client as it is often written: a token behind a mutex that is held while one is fetched.
struct MutexClient {
    /// For token requests, by HTTP/1.
    http: reqwest::Client,
    /// For calls.
    calls: reqwest::Client,
    endpoint: String,
    token: Mutex<Option<(String, Instant)>>,
}

impl MutexClient {
    fn new(server: &AuthorizationServer, calls: reqwest::Client) -> Self {
        Self {
            http: reqwest::Client::new(),
            calls,
            endpoint: server.token_endpoint(),
            token: Mutex::new(None),
        }
    }

    async fn token(&self, is_forced: bool) -> Outcome<String> {
        let mut held = self.token.lock().await;
        if let Some((token, expiry)) = &*held
            && !is_forced
            && *expiry > Instant::now()
        {
            return Ok(token.clone());
        }
        let form = "grant_type=client_credentials&client_id=id&client_secret=secret";
        let request = self.http.post(&self.endpoint).body(form);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.send().await?.bytes().await?;
        let answer: serde_json::Value = serde_json::from_slice(&answer)?;
        let token = answer["access_token"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let lifetime = Duration::from_secs_f64(answer["expires_in"].as_f64().unwrap_or_default());
        *held = Some((token.clone(), Instant::now() + lifetime));
        Ok(token)
    }

    async fn call(&self, url: &str) -> Outcome<bool> {
        let mut token = self.token(false).await?;
        for is_last in [false, true] {
            let answer = self.calls.get(url).bearer_auth(&token).send().await?;
            if answer.status() != 401 || is_last {
                return Ok(answer.status().is_success());
            }
            token = self.token(true).await?;
        }
        Ok(false)
    }
}

fn source(server: &AuthorizationServer) -> Outcome<ClientCredentials> {
    let source = ClientCredentials::builder(server.token_endpoint(), "id", "secret");
    Ok(source.build()?)
}

/// Ten thousand callers find an expired token.
async fn expired(is_mutex: bool) -> Outcome<Run> {
    let server = AuthorizationServer::start().await?;
    server.set_lifetime(Some(Duration::from_secs(1)));
    let ours = TokenCache::new(source(&server)?);
    let theirs = Arc::new(MutexClient::new(&server, reqwest::Client::new()));
    if is_mutex {
        theirs.token(false).await?;
    } else {
        ours.token().await?;
    }
    tokio::time::sleep(Duration::from_millis(1100)).await;
    server.set_lifetime(Some(Duration::from_secs(3600)));
    server.script((0..CALLERS).map(|_| Scripted::slow(TOKEN)));
    let before = server.token_requests();

    let started = Instant::now();
    let callers = (0..CALLERS).map(|_| {
        let (ours, theirs) = (ours.clone(), Arc::clone(&theirs));
        tokio::spawn(async move {
            if is_mutex {
                theirs.token(false).await.is_ok()
            } else {
                ours.token().await.is_ok()
            }
        })
    });
    let through = join_all(callers.collect::<Vec<_>>()).await;
    let spent = started.elapsed();
    Ok(Run::of(spent, server.token_requests() - before, &through))
}

/// A thousand calls are in flight when their token is revoked.
async fn revoked(is_mutex: bool) -> Outcome<Run> {
    let server = Arc::new(AuthorizationServer::start().await?);
    let issuer = Arc::clone(&server);
    let all = Arc::new(Barrier::new(CALLS));
    let is_storm = Arc::new(AtomicBool::new(false));
    let held = Arc::clone(&is_storm);
    let waiting = Arc::new(AtomicUsize::new(0));
    let api = ResourceServer::start(move |request| {
        let accepts = request
            .authorization()
            .is_some_and(|value| issuer.accepts(value));
        let (all, held, waiting) = (Arc::clone(&all), Arc::clone(&held), Arc::clone(&waiting));
        async move {
            if accepts {
                return Reply::status(200).json("{}");
            }
            // All are refused together, once.
            if held.load(Ordering::SeqCst) && waiting.fetch_add(1, Ordering::SeqCst) < CALLS {
                all.wait().await;
            }
            Reply::status(401)
        }
    })
    .await;
    // One connection for all calls: a thousand are more than some systems let a process have.
    let multiplexed = || reqwest::Client::builder().http2_prior_knowledge().build();
    let options = ClientOptions::new()
        .http_client(multiplexed()?)
        .tokens(TokenCache::new(source(&server)?));
    let ours = ClientCore::new(Connection::new(&API).base_url(api.origin()), options)?;
    let theirs = Arc::new(MutexClient::new(&server, multiplexed()?));
    theirs.token(false).await?;
    Call::new(&ours, &ORDER, decode::nothing).await?;

    server.revoke_all();
    server.script((0..CALLS * 2).map(|_| Scripted::slow(TOKEN)));
    let before = server.token_requests();
    is_storm.store(true, Ordering::SeqCst);
    let url = format!("{}/orders/1", api.origin());
    let started = Instant::now();
    let calls = (0..CALLS).map(|_| {
        let (ours, theirs, url) = (ours.clone(), Arc::clone(&theirs), url.clone());
        tokio::spawn(async move {
            if is_mutex {
                theirs.call(&url).await.unwrap_or(false)
            } else {
                Call::new(&ours, &ORDER, decode::nothing).await.is_ok()
            }
        })
    });
    let through = join_all(calls.collect::<Vec<_>>()).await;
    let spent = started.elapsed();
    Ok(Run::of(spent, server.token_requests() - before, &through))
}
