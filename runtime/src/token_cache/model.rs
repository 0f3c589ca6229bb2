//! The cache in orders of shuttle's choice: each lock, each atomic and each read or write of the current
//! token is a place where another thread may come in between.
//!
//! `RUSTFLAGS="--cfg shuttle" cargo test -p accredit-runtime --lib model`
//!
//! What runs is the cache itself. Not explored are what `arc-swap` and tokio's channel do inside, and
//! orders of memory weaker than sequential consistency. That they don't matter here: the generation of
//! the rejected token and the number of good answers are relaxed, and both are advice. One that is seen
//! late costs a call with the old token, or a success that the budget learns of later.

use std::task::Poll;

use http::StatusCode;
use shuttle::future::{block_on, spawn};
use shuttle::{check_pct, check_random, thread};

use super::sync::AtomicUsize;
use super::*;
use crate::clock::Sleep;
use crate::suspicion::{Evidence, Suspicion};
use crate::token_source::Issue;

const ORDERS: usize = 5000;

/// As many points of preemption are put where they hurt.
const DEPTH: usize = 3;

fn explore(play: impl Fn() + Send + Sync + Clone + 'static) {
    let play = move || {
        // The spread of renewals is no part of an order.
        fastrand::seed(7);
        play();
    };
    check_random(play.clone(), ORDERS);
    check_pct(play, ORDERS, DEPTH);
}

/// Time that stands still unless a thread sets it; nobody sleeps to the end.
#[derive(Debug, Clone)]
struct Still(Arc<AtomicU64>);

impl Still {
    fn set(&self, seconds: u64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}

impl Clock for Still {
    fn now(&self) -> Moment {
        let time = Duration::from_secs(self.0.load(Ordering::SeqCst));
        Moment::new(time, Duration::from_secs(1_000_000) + time)
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::pending())
    }
}

/// Issues numbered tokens of an hour, each after a turn of others; or refuses them.
#[derive(Debug, Clone)]
struct Numbered {
    requests: Arc<AtomicUsize>,
    refuses: bool,
}

impl TokenSource for Numbered {
    fn issue(&self) -> Issue<'_> {
        Box::pin(async move {
            let number = self.requests.fetch_add(1, Ordering::SeqCst) + 1;
            turn().await;
            if self.refuses {
                return Err(TokenError::refused("invalid_client", None));
            }
            Ok(IssuedToken::bearer(&number.to_string())?.lifetime(Duration::from_secs(3600)))
        })
    }
}

/// Gives way to other tasks once.
async fn turn() {
    let mut is_through = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut is_through, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

struct World {
    cache: TokenCache,
    clock: Still,
    requests: Arc<AtomicUsize>,
}

impl World {
    fn new(refuses: bool) -> Self {
        let clock = Still(Arc::new(AtomicU64::new(0)));
        let requests = Arc::new(AtomicUsize::new(0));
        let source = Numbered {
            requests: Arc::clone(&requests),
            refuses,
        };
        let policy = SuspicionPolicy::appian();
        let cache = TokenCache::with_options(source, Arc::new(clock.clone()), policy);
        Self {
            cache,
            clock,
            requests,
        }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn token(&self) -> Arc<AccessToken> {
        block_on(self.cache.token()).unwrap()
    }

    /// Runs a function for each of some callers on a thread of its own.
    fn each<T: Send + 'static>(
        &self,
        callers: usize,
        call: impl Fn(TokenCache) -> T + Clone + Send + 'static,
    ) -> Vec<T> {
        let threads: Vec<_> = (0..callers)
            .map(|_| {
                let (cache, call) = (self.cache.clone(), call.clone());
                thread::spawn(move || call(cache))
            })
            .collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    }
}

fn unauthorized() -> Suspicion {
    Suspicion {
        operation: "orders.get",
        status: StatusCode::UNAUTHORIZED,
        evidence: Evidence::Strong,
    }
}

#[test]
fn one_fetch_serves_all_callers() {
    explore(|| {
        let world = World::new(false);
        let tokens = world.each(3, |cache| block_on(cache.token()).unwrap().generation());
        assert_eq!(tokens, [1, 1, 1]);
        assert_eq!(world.requests(), 1);
    });
}

#[test]
fn one_failure_serves_all_callers() {
    explore(|| {
        let world = World::new(true);
        let codes = world.each(3, |cache| {
            block_on(cache.token()).unwrap_err().code().is_some()
        });
        assert_eq!(codes, [true, true, true]);
        assert_eq!(world.requests(), 1);
    });
}

#[test]
fn callers_who_go_away_take_nobody_with_them() {
    explore(|| {
        let world = World::new(false);
        let leaving = world.cache.clone();
        let leaving = spawn(async move { leaving.token().await.map(drop) });
        let staying = {
            let cache = world.cache.clone();
            thread::spawn(move || block_on(cache.token()).unwrap().generation())
        };
        thread::yield_now();
        leaving.abort();
        assert_eq!(staying.join().unwrap(), 1);
        assert_eq!(world.requests(), 1);
    });
}

#[test]
fn a_rejected_token_is_replaced_once_and_no_newer_one_is_lost() {
    explore(|| {
        let world = World::new(false);
        let old = world.token();
        let used = Arc::clone(&old);
        let replacing = world.cache.clone();
        // One comes late: perhaps when the new token is there already.
        let late = thread::spawn(move || {
            let replaced = block_on(replacing.replace(&used, &unauthorized()));
            matches!(replaced, Replacement::Token(token) if token.generation() == 2)
        });
        let replaced = world.each(2, move |cache| {
            let replaced = block_on(cache.replace(&old, &unauthorized()));
            let is_new = matches!(replaced, Replacement::Token(token) if token.generation() == 2);
            is_new && block_on(cache.token()).unwrap().generation() == 2
        });
        assert_eq!((late.join().unwrap(), replaced), (true, vec![true, true]));
        assert_eq!(world.requests(), 2);
    });
}

#[test]
fn to_invalidate_an_old_token_harms_no_new_one() {
    explore(|| {
        let world = World::new(false);
        let old = world.token();
        world.each(2, move |cache| {
            cache.invalidate(&old);
            assert_eq!(block_on(cache.token()).unwrap().generation(), 2);
            cache.succeeded(&old);
        });
        assert_eq!(world.token().generation(), 2);
        assert_eq!(world.requests(), 2);
    });
}

#[test]
fn a_token_is_renewed_once_and_none_is_used_beyond_its_end() {
    explore(|| {
        let world = World::new(false);
        world.token();
        // Within the window of renewal, and then past the end of the first token.
        world.clock.set(3200);
        let clock = world.clock.clone();
        let time = thread::spawn(move || clock.set(3601));
        let clock = world.clock.clone();
        world.each(2, move |cache| {
            let before = clock.now();
            let token = block_on(cache.token()).unwrap();
            let is_alive = token.age(before) < Duration::from_secs(3600);
            assert!(is_alive, "generation {}", token.generation());
        });
        time.join().unwrap();
        assert_eq!(world.token().generation(), 2);
        assert_eq!(world.requests(), 2);
    });
}
