//! A whole call beside one by hand with the same HTTP client, in turns, on loopback:
//! `cargo run --release --package conformance --example overhead`.

use std::error::Error;
use std::io::{self, Write};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use accredit_runtime::{
    Call, ClientOptions, Method, Operation, Parameter, Requirement, Status, Value, decode,
};
use conformance::{Reply, World};
use tokio::runtime::Builder;

static ORDER: Operation = Operation::new("orders.get", Method::GET, "/orders/{id}")
    .success(&[Status::Code(200)])
    .accept("application/json")
    .security(&[Requirement::new(&[(0, &[])])]);

const CALLS: usize = 20_000;
const WARM_UP: usize = 1000;

fn main() -> Result<(), Box<dyn Error>> {
    let http = reqwest::Client::new();
    let world = world(http.clone())?;
    let url = format!("{}/orders/7", world.server.origin());
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    runtime.block_on(async {
        for run in 0..WARM_UP + CALLS {
            let started = Instant::now();
            let call = Call::<Value>::new(&world.client, &ORDER, decode::json);
            call.parameter(Parameter::path("id"), &"7").await?;
            let first = started.elapsed();

            let started = Instant::now();
            let request = http.get(&url).header("accept", "application/json");
            let answer = request.bearer_auth("s3cret-1").send().await?;
            let body = answer.error_for_status()?.bytes().await?;
            serde_json::from_slice::<Value>(&body)?;
            if run >= WARM_UP {
                ours.push(first);
                bare.push(started.elapsed());
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
