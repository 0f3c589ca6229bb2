//! How often memory is allocated: not at all for a good token, and hardly more than by a bare client
//! for a whole call. Counted on the thread of the caller; the server has its own.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use accredit_runtime::{
    Call, ClientOptions, Issue, IssuedToken, Method, Operation, Parameter, Requirement, Status,
    TokenCache, TokenSource, decode,
};
use allocation_counter::{AllocationInfo, measure};
use conformance::{Reply, World};
use tokio::runtime::{Builder, Runtime};

static ORDER: Operation = Operation::new("orders.get", Method::GET, "/orders/{id}")
    .success(&[Status::Code(200)])
    .accept("application/json")
    .security(&[Requirement::new(&[(0, &[])])]);

fn runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

/// Starts a world on a thread of its own.
fn world() -> World {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        runtime().block_on(async {
            let reply = Reply::status(200).json("\"a\"");
            let world = World::with_options(ClientOptions::new(), move |_, _| {
                std::future::ready(reply.clone())
            });
            sender.send(world.await).expect("a test");
            std::future::pending::<()>().await;
        });
    });
    receiver.recv().expect("a world")
}

/// Returns the fewest allocations of some runs: the HTTP client's buffers grow now and then.
fn fewest(mut run: impl FnMut()) -> AllocationInfo {
    for _ in 0..10 {
        run();
    }
    let runs = (0..50).map(|_| measure(&mut run));
    runs.min_by_key(|info| info.count_total).expect("a run")
}

#[test]
fn a_good_token_is_taken_without_an_allocation() {
    let world = world();
    let tokens = world.client.tokens().expect("a cache");
    let runtime = runtime();
    runtime.block_on(async {
        tokens.token().await.expect("a token");
    });
    let info = fewest(|| {
        runtime.block_on(async {
            let token = tokens.token().await.expect("a token");
            tokens.succeeded(&token);
            assert!(token.header().is_sensitive());
        });
    });
    assert_eq!(info.count_total, 0);
}

#[test]
fn a_call_allocates_hardly_more_than_one_by_hand() {
    let world = world();
    let runtime = runtime();
    let ours = fewest(|| {
        runtime.block_on(async {
            let call = Call::<String>::new(&world.client, &ORDER, decode::json);
            let call = call.parameter(Parameter::path("id"), &"7");
            call.await.expect("an order");
        });
    });
    let client = reqwest::Client::new();
    let bare = fewest(|| {
        runtime.block_on(async {
            let url = format!("{}/orders/{}", world.server.origin(), 7);
            let request = client.get(url).header("accept", "application/json");
            let answer = request.bearer_auth("s3cret-1").send().await;
            let body = answer.expect("an answer").bytes().await;
            let body = body.expect("a body");
            serde_json::from_slice::<String>(&body).expect("an order");
        });
    });
    let (ours, bare) = (ours.count_total, bare.count_total);
    assert!(ours <= bare + MOST_ADDED, "{ours} against {bare}");
}

/// What a replay would need, the parameters and the call's state, less what a token costs that is a header
/// already.
const MOST_ADDED: u64 = 2;

/// Issues tokens of a length that is usual where they aren't JWTs.
#[derive(Debug)]
struct Opaque;

impl TokenSource for Opaque {
    fn issue(&self) -> Issue<'_> {
        Box::pin(async {
            let token = IssuedToken::bearer(&"t".repeat(64))?;
            Ok(token.lifetime(Duration::from_secs(3600)))
        })
    }
}

#[test]
fn an_idle_cache_with_its_token_takes_less_than_a_kibibyte() {
    const TENANTS: usize = 1000;
    let runtime = runtime();
    let mut caches = Vec::with_capacity(TENANTS);
    let info = measure(|| {
        for _ in 0..TENANTS {
            let cache = TokenCache::new(Opaque);
            runtime.block_on(cache.token()).expect("a token");
            // The task that has fetched it is freed.
            runtime.block_on(tokio::task::yield_now());
            caches.push(cache);
        }
    });
    let each = info.bytes_current / i64::try_from(TENANTS).expect("a small number");
    assert!(each <= 1024, "{each} bytes");
    assert_eq!(runtime.metrics().num_alive_tasks(), 0);
}
