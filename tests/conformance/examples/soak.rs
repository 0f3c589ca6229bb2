//! Random faults at full load on loopback; no call may be lost:
//! `cargo run --release --package conformance --example soak -- --seconds 600`.

use std::error::Error;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use accredit_runtime::testing::{AuthorizationServer, Scripted};
use accredit_runtime::{
    Call, ClientCore, ClientOptions, Connection, Event, Method, Operation, Parameter, Requirement,
    RetryPolicy, Status, Value, decode,
};
use conformance::{API, Reply, ResourceServer};
use peak_alloc::PeakAlloc;

/// Counts what is allocated and not freed: unlike what the system has lent to the process, that doesn't
/// grow by holes between what lives.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

static ORDER: Operation = Operation::new("orders.get", Method::GET, "/orders/{id}")
    .success(&[Status::Code(200)])
    .accept("application/json")
    .security(&[Requirement::new(&[(0, &[])])]);

static REPLACE: Operation = Operation::new("orders.replace", Method::PUT, "/orders/{id}")
    .success(&[Status::Code(200)])
    .accept("application/json")
    .security(&[Requirement::new(&[(0, &[])])]);

const CALLERS: usize = 64;

/// Calls pause as often, for memory to be looked at while no call is under way.
const ROUNDS: u32 = 60;

/// Short, so that tokens expire all the time.
const LIFETIME: Duration = Duration::from_secs(5);

/// How far apart revocations are that are answered 403 or 404.
const WEAK_SPACING: Duration = Duration::from_secs(12);

/// As many bytes more may be live late than early: what connections hold differs by as much from one pause
/// to the next, and a byte for every call would be ten times that in ten minutes.
const ALLOWANCE: usize = 512 * 1024;

/// What the authorization server remembers would grow with the run.
const REMEMBERED: usize = 100;

type Failure = Box<dyn Error + Send + Sync>;

/// What was seen.
#[derive(Debug, Default)]
struct Counts {
    calls: AtomicU64,
    lost: AtomicU64,
    tokens: AtomicU64,
    token_failures: AtomicU64,
    suspected: AtomicU64,
    replays: AtomicU64,
    skipped: AtomicU64,
    retries: AtomicU64,
    denied: AtomicU64,
    revoked: AtomicU64,
}

impl Counts {
    fn hear(&self, event: &Event<'_>) {
        let count = match event {
            Event::TokenFetched { .. } => &self.tokens,
            Event::TokenFailed { .. } => &self.token_failures,
            Event::Suspected { .. } => &self.suspected,
            Event::Replayed { .. } => &self.replays,
            Event::ReplaySkipped { .. } | Event::ReplayFailed { .. } => &self.skipped,
            Event::Retrying { .. } => &self.retries,
            Event::RetryDenied { .. } => &self.denied,
            _ => return,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let limit = seconds()?;
    let counts = Arc::new(Counts::default());
    let issuer = Arc::new(AuthorizationServer::start().await?);
    issuer.set_lifetime(Some(LIFETIME));
    issuer.remember(REMEMBERED);
    let refusal = Arc::new(AtomicU16::new(401));
    let api = api(Arc::clone(&issuer), Arc::clone(&refusal)).await;
    let client = client(&api, &issuer, &counts)?;

    let end = Instant::now() + limit;
    let faults = faults(Arc::clone(&issuer), refusal, Arc::clone(&counts), end);
    let faults = tokio::spawn(faults);
    let mut out = io::stdout();
    let mut memory = Vec::new();
    let step = (limit / ROUNDS).max(Duration::from_secs(1));
    while Instant::now() < end {
        round(&client, &counts, step.min(end - Instant::now())).await?;
        let (calls, live) = (
            counts.calls.load(Ordering::Relaxed),
            ALLOCATOR.current_usage(),
        );
        writeln!(out, "{calls} calls, {live} bytes live")?;
        memory.push(live);
    }
    faults.await?;
    writeln!(out, "{counts:?}")?;

    let lost = counts.lost.load(Ordering::Relaxed);
    // The first quarter is for pools and buffers to grow.
    let quarter = memory.len() / 4;
    let early = mean(memory.get(quarter..2 * quarter).unwrap_or_default());
    let late = mean(memory.get(memory.len() - quarter..).unwrap_or_default());
    writeln!(out, "live: {early} bytes early, {late} late, on average")?;
    if late > early + ALLOWANCE {
        return Err("memory has grown".into());
    }
    if lost > 0 {
        return Err(format!("{lost} calls were lost").into());
    }
    Ok(())
}

fn seconds() -> Result<Duration, Failure> {
    let mut arguments = std::env::args().skip(1);
    let seconds = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => 600,
        (Some("--seconds"), Some(seconds)) => seconds.parse()?,
        _ => return Err("expected `--seconds` and a number".into()),
    };
    Ok(Duration::from_secs(seconds))
}

/// Has all callers make calls for a time; returns when the last one is through.
async fn round(client: &ClientCore, counts: &Arc<Counts>, time: Duration) -> Result<(), Failure> {
    let is_over = Arc::new(AtomicBool::new(false));
    let callers = (0..CALLERS).map(|_| {
        let caller = caller(client.clone(), Arc::clone(counts), Arc::clone(&is_over));
        tokio::spawn(caller)
    });
    let callers: Vec<_> = callers.collect();
    tokio::time::sleep(time).await;
    is_over.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await?;
    }
    Ok(())
}

fn client(
    api: &ResourceServer,
    issuer: &AuthorizationServer,
    counts: &Arc<Counts>,
) -> Result<ClientCore, Failure> {
    let connection = Connection::new(&API)
        .base_url(api.origin())
        .token_endpoint(issuer.token_endpoint())
        .client_id("id")
        .client_secret("secret");
    let heard = Arc::clone(counts);
    let retry = RetryPolicy::new()
        .attempts(8)
        .base_delay(Duration::from_millis(5));
    let options = ClientOptions::new()
        .retry(retry)
        .on_event(move |event| heard.hear(event));
    Ok(ClientCore::new(connection, options)?)
}

async fn caller(client: ClientCore, counts: Arc<Counts>, is_over: Arc<AtomicBool>) {
    while !is_over.load(Ordering::Relaxed) {
        let id = Parameter::path("id");
        let outcome = if fastrand::bool() {
            Call::<Value>::new(&client, &ORDER, decode::json)
                .parameter(id, &"7")
                .await
        } else {
            let call = Call::<Value>::new(&client, &REPLACE, decode::json).parameter(id, &"7");
            call.json("application/json", &[1, 2, 3]).await
        };
        counts.calls.fetch_add(1, Ordering::Relaxed);
        if let Err(error) = outcome {
            counts.lost.fetch_add(1, Ordering::Relaxed);
            let _ = writeln!(io::stderr(), "lost: {error} ({:?})", error.replay());
        }
    }
}

/// An API with faults: slow, 5xx, garbage with a 5xx, connections that end without an answer.
async fn api(issuer: Arc<AuthorizationServer>, refusal: Arc<AtomicU16>) -> ResourceServer {
    ResourceServer::forgetful(move |request| {
        let is_good = request
            .authorization()
            .is_some_and(|value| issuer.accepts(value));
        let status = refusal.load(Ordering::Relaxed);
        async move {
            match fastrand::u32(..1000) {
                0..10 => Reply::status(503),
                10..15 => Reply::status(502).json("<html>not JSON"),
                15..20 => Reply::reset(),
                20..25 => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    Reply::status(200).json("{\"id\":7}")
                }
                _ if is_good => Reply::status(200).json("{\"id\":7}"),
                _ => Reply::status(status),
            }
        }
    })
    .await
}

/// Revokes tokens, and has the token endpoint fail now and then: never more often in a row than a token
/// request is repeated.
///
/// Most revocations are answered 401. Those that are answered 403 or 404 are further apart, as far as the
/// budget of weak suspicions goes: beyond it a client leaves such answers to its caller.
async fn faults(
    issuer: Arc<AuthorizationServer>,
    refusal: Arc<AtomicU16>,
    counts: Arc<Counts>,
    end: Instant,
) {
    let mut weak = Instant::now();
    while Instant::now() < end {
        // What hasn't been asked for yet would pile up.
        if issuer.scripted() == 0 {
            issuer.script([
                fault(),
                Scripted::token(),
                Scripted::slow(Duration::from_millis(200)),
                fault(),
                fault(),
                Scripted::token(),
            ]);
        }
        let pause = Duration::from_millis(fastrand::u64(500..4000));
        tokio::time::sleep(pause.min(end.saturating_duration_since(Instant::now()))).await;
        let status = if weak.elapsed() > WEAK_SPACING {
            weak = Instant::now();
            if fastrand::bool() { 403 } else { 404 }
        } else {
            401
        };
        refusal.store(status, Ordering::Relaxed);
        issuer.revoke_all();
        counts.revoked.fetch_add(1, Ordering::Relaxed);
    }
}

fn fault() -> Scripted {
    match fastrand::u32(..4) {
        0 => Scripted::reset(),
        1 => Scripted::body(502, "text/html", "<html>Bad Gateway"),
        2 => Scripted::json(503, "{").header("retry-after", "0"),
        _ => Scripted::slow(Duration::from_millis(100)),
    }
}

fn mean(numbers: &[usize]) -> usize {
    numbers.iter().sum::<usize>() / numbers.len().max(1)
}
