//! Many interleavings of the same few callers, each by a seed that a failure names.
//!
//! The whole of it on tokio, one thread, where every task gives way a random number of times at each of
//! its steps and some are dropped at any of them. What threads add to that is in `model.rs`.

use std::sync::atomic::AtomicUsize;

use http::StatusCode;
use tokio::task::yield_now;

use super::*;
use crate::suspicion::{Evidence, Suspicion};
use crate::testing::ManualClock;
use crate::token_source::Issue;

const SEEDS: u64 = 3000;

/// Issues numbered tokens, each after some turns of others; only the last one is good.
#[derive(Debug, Clone, Default)]
struct Numbered {
    requests: Arc<AtomicUsize>,
    /// Tokens up to this one are revoked.
    revoked: Arc<AtomicUsize>,
}

async fn turns() {
    for _ in 0..fastrand::u32(..6) {
        yield_now().await;
    }
}

impl TokenSource for Numbered {
    fn issue(&self) -> Issue<'_> {
        Box::pin(async move {
            turns().await;
            let number = self.requests.fetch_add(1, Ordering::SeqCst) + 1;
            turns().await;
            Ok(IssuedToken::bearer(&number.to_string())?.lifetime(Duration::from_secs(3600)))
        })
    }
}

impl Numbered {
    fn accepts(&self, token: &AccessToken) -> bool {
        let header = token.header();
        let number = header.to_str().unwrap().trim_start_matches("Bearer ");
        number.parse::<usize>().unwrap() > self.revoked.load(Ordering::SeqCst)
    }
}

fn unauthorized() -> Suspicion {
    Suspicion {
        operation: "orders.get",
        status: StatusCode::UNAUTHORIZED,
        evidence: Evidence::Strong,
    }
}

/// One call, as the runtime makes it; returns whether it was accepted in the end.
async fn call(cache: TokenCache, source: Numbered) -> bool {
    turns().await;
    let token = cache.token().await.unwrap();
    turns().await;
    let is_accepted = source.accepts(&token);
    turns().await;
    if is_accepted {
        cache.succeeded(&token);
        return true;
    }
    let Replacement::Token(other) = cache.replace(&token, &unauthorized()).await else {
        return false;
    };
    assert!(other.generation() > token.generation(), "a step back");
    turns().await;
    let is_accepted = source.accepts(&other);
    let status = if is_accepted { 200 } else { 401 };
    cache.replayed(
        &other,
        &unauthorized(),
        StatusCode::from_u16(status).unwrap(),
    );
    is_accepted
}

/// Plays callers of whom some go away, and a revocation in the middle.
async fn play(seed: u64) {
    fastrand::seed(seed);
    let source = Numbered::default();
    let clock = Arc::new(ManualClock::new());
    let cache = TokenCache::with_options(source.clone(), clock, SuspicionPolicy::appian());
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let (cache, source) = (cache.clone(), source.clone());
            let caller = tokio::spawn(call(cache, source));
            let aborted = fastrand::u32(..4) == 0;
            (caller, aborted)
        })
        .collect();
    turns().await;
    turns().await;
    let issued = source.requests.load(Ordering::SeqCst);
    let is_revoked = fastrand::bool();
    if is_revoked {
        source.revoked.store(issued, Ordering::SeqCst);
    }
    for (caller, aborted) in callers {
        if aborted {
            turns().await;
            caller.abort();
            // It may have been through already.
            let _ = caller.await;
        } else {
            assert!(caller.await.unwrap(), "a call was refused");
        }
    }
    // A request each for the first token and for the one that was revoked, no more.
    let requests = source.requests.load(Ordering::SeqCst);
    assert!(
        requests <= 1 + usize::from(is_revoked && issued > 0),
        "{requests} requests"
    );
    while cache.0.state().flight.is_some() {
        yield_now().await;
    }
    let last = cache.token().await.unwrap();
    let requests = source.requests.load(Ordering::SeqCst);
    assert_eq!(
        last.generation(),
        u64::try_from(requests).unwrap(),
        "not the newest token"
    );
}

#[test]
fn whatever_the_order_one_token_request_serves_all_and_no_newer_token_is_lost() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
    };
    let failed = (0..SEEDS).find(|seed| {
        let played = std::panic::catch_unwind(|| runtime().block_on(play(*seed)));
        played.is_err()
    });
    assert_eq!(failed, None, "the seed of an order that fails");
}
