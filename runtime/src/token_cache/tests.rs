mod keeping;
mod replacement;

use std::collections::VecDeque;
use std::sync::atomic::AtomicUsize;

use http::StatusCode;
use tokio::sync::Notify;

use super::*;
use crate::suspicion::{Evidence, Suspicion};
use crate::testing::ManualClock;
use crate::token_source::Issue;

/// A source that answers by a script; with none left it issues numbered tokens of an hour.
#[derive(Debug, Clone, Default)]
struct Scripted(Arc<Script>);

#[derive(Debug, Default)]
struct Script {
    requests: AtomicUsize,
    version: AtomicU64,
    answers: Mutex<VecDeque<Step>>,
    gate: Notify,
}

#[derive(Debug)]
enum Step {
    Token(&'static str, Duration),
    Error(TokenError),
    /// Waits for [`Scripted::release`], then takes the next step.
    Hold,
    Panic,
}

impl Scripted {
    fn then(self, step: Step) -> Self {
        self.0.answers.lock().unwrap().push_back(step);
        self
    }

    fn requests(&self) -> usize {
        self.0.requests.load(Ordering::SeqCst)
    }

    fn release(&self) {
        self.0.gate.notify_one();
    }

    fn step(&self) -> Option<Step> {
        self.0.answers.lock().unwrap().pop_front()
    }
}

impl TokenSource for Scripted {
    fn issue(&self) -> Issue<'_> {
        let number = self.0.requests.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move {
            loop {
                return match self.step() {
                    None => {
                        let token = IssuedToken::bearer(&format!("token-{number}"))?;
                        Ok(token.lifetime(Duration::from_secs(3600)))
                    }
                    Some(Step::Token(text, lifetime)) => {
                        Ok(IssuedToken::bearer(text)?.lifetime(lifetime))
                    }
                    Some(Step::Error(error)) => Err(error),
                    Some(Step::Panic) => panic!("scripted"),
                    Some(Step::Hold) => {
                        self.0.gate.notified().await;
                        continue;
                    }
                };
            }
        })
    }

    fn version(&self) -> u64 {
        self.0.version.load(Ordering::SeqCst)
    }
}

fn cache(source: &Scripted) -> (TokenCache, ManualClock) {
    let clock = ManualClock::new();
    let cache = TokenCache::with_options(
        source.clone(),
        Arc::new(clock.clone()),
        SuspicionPolicy::appian(),
    );
    (cache, clock)
}

fn suspicion(status: StatusCode) -> Suspicion {
    Suspicion {
        operation: "orders.get",
        status,
        evidence: if status == StatusCode::UNAUTHORIZED {
            Evidence::Strong
        } else {
            Evidence::Weak
        },
    }
}

fn unauthorized() -> Suspicion {
    suspicion(StatusCode::UNAUTHORIZED)
}

fn text(token: &AccessToken) -> String {
    token.header().to_str().unwrap().to_owned()
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn ten_thousand_callers_share_one_fetch() {
    let source = Scripted::default().then(Step::Hold);
    let (cache, _) = cache(&source);
    let callers: Vec<_> = (0..10_000)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.token().await })
        })
        .collect();
    until(|| source.requests() == 1).await;
    source.release();
    for caller in callers {
        let token = caller.await.unwrap().unwrap();
        assert_eq!(text(&token), "Bearer token-1");
    }
    assert_eq!(source.requests(), 1);
}

#[tokio::test]
async fn ten_thousand_callers_share_one_failure() {
    let source = Scripted::default()
        .then(Step::Hold)
        .then(Step::Error(TokenError::refused("invalid_client", None)));
    let (cache, _) = cache(&source);
    let callers: Vec<_> = (0..10_000)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.token().await })
        })
        .collect();
    until(|| source.requests() == 1).await;
    source.release();
    for caller in callers {
        let error = caller.await.unwrap().unwrap_err();
        assert_eq!(error.code(), Some("invalid_client"));
    }
    assert_eq!(source.requests(), 1);
}

#[tokio::test]
async fn the_fetching_caller_can_go_away() {
    let source = Scripted::default().then(Step::Hold);
    let (cache, _) = cache(&source);
    let leader = tokio::spawn({
        let cache = cache.clone();
        async move { cache.token().await.map(drop) }
    });
    until(|| source.requests() == 1).await;
    let follower = tokio::spawn({
        let cache = cache.clone();
        async move { cache.token().await }
    });
    tokio::task::yield_now().await;
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    source.release();
    assert!(follower.await.unwrap().is_ok());
    assert_eq!(source.requests(), 1);
}

#[tokio::test]
async fn an_expired_token_is_fetched_anew() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    cache.token().await.unwrap();
    clock.advance(Duration::from_secs(2000));
    cache.token().await.unwrap();
    assert_eq!(source.requests(), 1);
    clock.advance(Duration::from_secs(1600));
    assert_eq!(cache.token().await.unwrap().generation(), 2);
    assert_eq!(source.requests(), 2);
}

#[tokio::test]
async fn a_stale_token_is_served_while_one_caller_renews() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    cache.token().await.unwrap();
    let source = source.then(Step::Hold);
    clock.advance(Duration::from_secs(3200));
    for _ in 0..100 {
        assert_eq!(cache.token().await.unwrap().generation(), 1);
    }
    until(|| source.requests() == 2).await;
    source.release();
    until(|| cache.0.state().generation == 2).await;
    assert_eq!(cache.token().await.unwrap().generation(), 2);
    assert_eq!(source.requests(), 2);
}

#[tokio::test]
async fn an_hour_of_calls_waits_for_the_first_token_only() {
    let mut source = Scripted::default();
    for _ in 0..100 {
        source = source.then(Step::Token("t", Duration::from_secs(300)));
    }
    let (cache, clock) = cache(&source);
    let mut waits = 0;
    for _ in 0..3600 {
        let call = cache.token();
        let mut call = pin!(call);
        if let Either::Right(_) = select(&mut call, std::future::ready(())).await {
            waits += 1;
            call.await.unwrap();
        }
        until(|| cache.0.state().flight.is_none()).await;
        clock.advance(Duration::from_secs(1));
    }
    assert_eq!(waits, 1);
    // One for each four fifths of a lifetime, give or take a twentieth.
    let requests = source.requests();
    assert!((14..=17).contains(&requests), "{requests} requests");
}

#[tokio::test]
async fn a_failed_renewal_does_not_displace_a_good_token() {
    let mut source = Scripted::default();
    let (cache, clock) = cache(&source);
    cache.token().await.unwrap();
    for _ in 0..1000 {
        source = source.then(Step::Error(TokenError::transient("down")));
    }
    clock.advance(Duration::from_secs(3100));
    // Nearly until the token's very end, 499 seconds later.
    for _ in 0..499 {
        let token = {
            let call = cache.token();
            let mut call = pin!(call);
            loop {
                // Retries sleep on the manual clock; a caller inside of the leeway waits for them.
                match select(&mut call, pin!(tokio::task::yield_now())).await {
                    Either::Left((token, _)) => break token,
                    Either::Right(_) => clock.advance(Duration::from_millis(1)),
                }
            }
        };
        assert_eq!(token.unwrap().generation(), 1);
        until(|| cache.0.state().flight.is_none()).await;
        clock.advance(Duration::from_millis(990));
    }
    assert!(source.requests() <= 70, "{} requests", source.requests());
    clock.advance(Duration::from_secs(60));
    source.0.answers.lock().unwrap().clear();
    assert_eq!(cache.token().await.unwrap().generation(), 2);
}

#[tokio::test]
async fn an_expired_token_is_never_used() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    cache.token().await.unwrap();
    let source = source.then(Step::Error(TokenError::refused("invalid_client", None)));
    clock.advance(Duration::from_secs(3601));
    assert!(cache.token().await.is_err());
    assert_eq!(source.requests(), 2);
}

#[tokio::test]
async fn nobody_waits_for_a_new_token_until_the_old_one_is_dead() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    cache.token().await.unwrap();
    let source = source.then(Step::Hold);
    clock.advance(Duration::from_secs(3560));
    let caller = tokio::spawn({
        let cache = cache.clone();
        async move { cache.token().await }
    });
    // The caller's patience and the flight's deadline.
    clock.wait_for_sleepers(2).await;
    clock.advance(Duration::from_secs(20));
    assert_eq!(caller.await.unwrap().unwrap().generation(), 1);
    source.release();
}

#[tokio::test]
async fn a_permanent_error_is_remembered() {
    let source = Scripted::default().then(Step::Error(TokenError::refused("invalid_client", None)));
    let (cache, clock) = cache(&source);
    for _ in 0..1000 {
        assert!(cache.token().await.is_err());
        clock.advance(Duration::from_millis(29));
    }
    assert_eq!(source.requests(), 1);
    source.0.version.store(1, Ordering::SeqCst);
    assert!(cache.token().await.is_ok());
    assert_eq!(source.requests(), 2);
}

#[tokio::test]
async fn a_transient_error_is_retried_with_backoff() {
    let source = Scripted::default()
        .then(Step::Error(TokenError::transient("down")))
        .then(Step::Error(TokenError::transient("down")));
    let (cache, clock) = cache(&source);
    let caller = tokio::spawn(async move { cache.token().await });
    until(|| {
        clock.advance(Duration::from_millis(10));
        source.requests() == 3
    })
    .await;
    assert!(caller.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_server_that_is_down_is_asked_ever_less_often() {
    let mut source = Scripted::default();
    for _ in 0..1000 {
        source = source.then(Step::Error(TokenError::unusable("garbage")));
    }
    let (cache, clock) = cache(&source);
    for _ in 0..600 {
        assert!(cache.token().await.is_err());
        clock.advance(Duration::from_secs(1));
    }
    assert!(source.requests() <= 40, "{} requests", source.requests());
}

#[tokio::test]
async fn a_hanging_source_ends_by_the_deadline() {
    let source = Scripted::default().then(Step::Hold);
    let (cache, clock) = cache(&source);
    let caller = tokio::spawn(async move { cache.token().await });
    clock.wait_for_sleepers(1).await;
    clock.advance(Duration::from_secs(30));
    assert!(caller.await.unwrap().unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_panicking_source_hangs_nobody() {
    let source = Scripted::default().then(Step::Panic);
    let (cache, _) = cache(&source);
    assert!(cache.token().await.is_ok());
    assert_eq!(source.requests(), 2);
}

#[test]
fn a_dropped_runtime_takes_no_caller_with_it() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let source = Scripted::default().then(Step::Hold);
    let (cache, _) = cache(&source);
    let first = runtime();
    first.block_on(async {
        let caller = tokio::spawn({
            let cache = cache.clone();
            async move { cache.token().await.map(drop) }
        });
        until(|| source.requests() == 1).await;
        caller.abort();
    });
    drop(first);
    assert!(cache.0.state().flight.is_none());
    assert!(runtime().block_on(cache.token()).is_ok());
    assert!(runtime().block_on(cache.token()).is_ok());
    assert_eq!(source.requests(), 2);
}

#[test]
fn a_flight_on_a_runtime_that_stands_still_is_given_up() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
    };
    let source = Scripted::default().then(Step::Hold);
    let (cache, clock) = cache(&source);
    let still = runtime();
    still.block_on(async {
        let caller = tokio::spawn({
            let cache = cache.clone();
            async move { cache.token().await.map(drop) }
        });
        until(|| source.requests() == 1).await;
        caller.abort();
        assert!(caller.await.is_err());
    });
    let other = runtime();
    let token = other.block_on(async {
        let caller = tokio::spawn(async move { cache.token().await });
        clock.wait_for_sleepers(2).await;
        clock.advance(Duration::from_secs(35));
        caller.await.unwrap()
    });
    assert!(token.is_ok());
    assert_eq!(source.requests(), 2);
}

#[test]
fn a_token_is_fetched_without_a_runtime() {
    let source = Scripted::default();
    let (cache, _) = cache(&source);
    let token = futures_util::FutureExt::now_or_never(cache.token());
    assert!(token.is_some_and(|token| token.is_ok()));
}

#[tokio::test]
async fn short_lifetimes_do_not_cost_one_request_per_call() {
    for lifetime in [0, 1, 5, 30, 60, 300] {
        let source = Scripted::default();
        let mut scripted = source.clone();
        for number in 0..1000 {
            let text: &'static str = if number % 2 == 0 { "even" } else { "odd" };
            scripted = scripted.then(Step::Token(text, Duration::from_secs(lifetime)));
        }
        let (cache, clock) = cache(&source);
        let seconds: usize = 300;
        for _ in 0..seconds * 20 {
            cache.token().await.unwrap();
            until(|| cache.0.state().flight.is_none()).await;
            clock.advance(Duration::from_millis(50));
        }
        let lives = seconds * 4 / (usize::try_from(lifetime).unwrap().max(1) * 3) + 2;
        let requests = source.requests();
        assert!(requests <= lives, "{lifetime} s: {requests} > {lives}");
    }
}

#[tokio::test]
async fn a_suspension_and_clock_jumps_leave_no_dead_token_in_use() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    cache.token().await.unwrap();
    clock.set_wall_forward(Duration::from_secs(7200));
    assert_eq!(cache.token().await.unwrap().generation(), 2);
    clock.set_wall_back(Duration::from_secs(86_400));
    assert_eq!(cache.token().await.unwrap().generation(), 2);
    clock.advance(Duration::from_secs(3600));
    assert_eq!(cache.token().await.unwrap().generation(), 3);
    clock.set_wall_forward(Duration::from_secs(86_400));
    assert_eq!(cache.token().await.unwrap().generation(), 4);
    assert_eq!(source.requests(), 4);
}
