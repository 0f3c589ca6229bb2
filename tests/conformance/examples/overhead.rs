//! A whole call beside one by hand with the same HTTP client, in turns, on loopback:
//! `cargo run --release --package conformance --example overhead`.
//!
//! By hand the same request is sent, and no more is done for it than a careful client does: the URL is
//! put together, the token is taken from a cache that knows when it expires, the body is decoded.

use std::error::Error;
use std::io::{self, Write};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use accredit_runtime::{
    Call, ClientOptions, Method, Operation, Parameter, Requirement, Status, Value, decode,
};
use conformance::{Reply, World};
use reqwest::header::{ACCEPT, USER_AGENT};
use tokio::runtime::Builder;
use tokio::sync::Mutex;

static ORDER: Operation = Operation::new("orders.get", Method::GET, "/orders/{id}")
    .success(&[Status::Code(200)])
    .accept("application/json")
    .security(&[Requirement::new(&[(0, &[])])]);

const CALLS: usize = 20_000;
const TOKEN_LIFE: Duration = Duration::from_secs(3600);
const WARM_UP: usize = 1000;

fn main() -> Result<(), Box<dyn Error>> {
    let http = reqwest::Client::new();
    let world = world(http.clone())?;
    let by_hand = ByHand {
        http,
        base_url: world.server.origin().to_owned(),
        token: Mutex::new(("s3cret-1".to_owned(), Instant::now() + TOKEN_LIFE)),
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    runtime.block_on(async {
        for run in 0..WARM_UP + CALLS {
            // Neither is always the first, because the second finds the caches of the first.
            for is_ours in [run % 2 == 0, run % 2 != 0] {
                let started = Instant::now();
                if is_ours {
                    let call = Call::<Value>::new(&world.client, &ORDER, decode::json);
                    call.parameter(Parameter::path("id"), &"7").await?;
                } else {
                    by_hand.order("7").await?;
                }
                let times = if is_ours { &mut ours } else { &mut bare };
                if run >= WARM_UP {
                    times.push(started.elapsed());
                }
            }
        }
        Ok::<_, Box<dyn Error>>(())
    })?;
    ours.sort();
    bare.sort();
    let mut out = io::stdout().lock();
    for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
        let (ours, bare) = (percentile(&ours, share), percentile(&bare, share));
        let ratio = ours.div_duration_f64(bare);
        writeln!(out, "{name}: {ours:?} against {bare:?}, {ratio:.3} times")?;
    }
    Ok(())
}

/// The client that somebody writes who has no generator.
struct ByHand {
    http: reqwest::Client,
    base_url: String,
    token: Mutex<(String, Instant)>,
}

impl ByHand {
    async fn order(&self, id: &str) -> Result<Value, Box<dyn Error>> {
        let token = self.token().await?;
        let request = self
            .http
            .get(format!("{}/orders/{id}", self.base_url))
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, "orders/1.0.0")
            .bearer_auth(token);
        let answer = request.send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }

    async fn token(&self) -> Result<String, Box<dyn Error>> {
        let (token, expires) = &*self.token.lock().await;
        if *expires < Instant::now() {
            return Err("the token has expired".into());
        }
        Ok(token.clone())
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank within a list in memory"
)]
fn percentile(sorted: &[Duration], share: f64) -> Duration {
    let rank = (sorted.len() as f64 * share) as usize;
    sorted.get(rank).copied().unwrap_or_default()
}

/// Starts a world on a thread of its own, whose answers are 1 KiB.
fn world(http: reqwest::Client) -> Result<World, Box<dyn Error>> {
    let (sender, receiver) = mpsc::channel();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    thread::spawn(move || {
        runtime.block_on(async {
            let reply = Reply::status(200).json(&format!("{{\"note\":\"{}\"}}", "x".repeat(1000)));
            let options = ClientOptions::new().http_client(http);
            let world = World::with_options(options, move |_, _| std::future::ready(reply.clone()));
            if sender.send(world.await).is_ok() {
                std::future::pending::<()>().await;
            }
        });
    });
    Ok(receiver.recv()?)
}
