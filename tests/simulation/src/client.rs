//! Clients: the runtime's cache by three policies, and a naive one to compare.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use accredit_runtime::{Replacement, Suspicion, SuspicionPolicy, TokenCache};
use http::HeaderMap;

use crate::world::{Answer, World};

/// How a client acts on 401, 403 and 404.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Not at all: a token is kept until it expires.
    NoReplay,
    /// Each such answer causes a token request of its own, and a replay.
    Naive,
    /// One token request for all who wait, none if there is a newer token: `appian_unbounded`.
    SingleFlight,
    /// The default: the same within budgets.
    Bounded,
}

impl Policy {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::NoReplay,
        Self::Naive,
        Self::SingleFlight,
        Self::Bounded,
    ];
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NoReplay => "no replay",
            Self::Naive => "naive",
            Self::SingleFlight => "single flight",
            Self::Bounded => "bounded",
        })
    }
}

#[derive(Debug)]
pub(crate) enum Client {
    Naive(Naive),
    Cached(World, TokenCache),
}

impl Client {
    pub(crate) fn new(policy: Policy, world: &World) -> Self {
        let policy = match policy {
            Policy::Naive => return Self::Naive(Naive::new(world.clone())),
            Policy::NoReplay => SuspicionPolicy::off(),
            Policy::SingleFlight => SuspicionPolicy::appian_unbounded(),
            Policy::Bounded => SuspicionPolicy::appian(),
        };
        let cache = TokenCache::with_options(world.clone(), Arc::new(world.clone()), policy);
        Self::Cached(world.clone(), cache)
    }

    /// Makes a call; returns its first and its last answer.
    pub(crate) async fn call(&self, operation: &'static str, is_missing: bool) -> (Answer, Answer) {
        match self {
            Self::Naive(naive) => naive.call(operation, is_missing).await,
            Self::Cached(world, cache) => call(world, cache, operation, is_missing).await,
        }
    }
}

/// Makes a call as the runtime does.
async fn call(
    world: &World,
    cache: &TokenCache,
    operation: &'static str,
    is_missing: bool,
) -> (Answer, Answer) {
    let token = cache.token().await.expect("a token");
    let first = world.answer(World::number(&token), is_missing).await;
    let Some(suspicion) = suspicion(operation, first) else {
        cache.succeeded(&token);
        return (first, first);
    };
    let Replacement::Token(other) = cache.replace(&token, &suspicion).await else {
        return (first, first);
    };
    let second = world.answer(World::number(&other), is_missing).await;
    cache.replayed(&other, &suspicion, second.status);
    if self::suspicion(operation, second).is_none() {
        cache.succeeded(&other);
    }
    (first, second)
}

fn suspicion(operation: &'static str, answer: Answer) -> Option<Suspicion> {
    Suspicion::of(operation, answer.status, &HeaderMap::new())
}

/// A client that takes each suspect answer for itself.
#[derive(Debug)]
pub(crate) struct Naive {
    world: World,
    token: Mutex<Option<usize>>,
}

impl Naive {
    const fn new(world: World) -> Self {
        Self {
            world,
            token: Mutex::new(None),
        }
    }

    async fn fetch(&self) -> usize {
        let number = self.world.issue_number().await;
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(number);
        number
    }

    async fn call(&self, operation: &'static str, is_missing: bool) -> (Answer, Answer) {
        let known = *self.token.lock().unwrap_or_else(PoisonError::into_inner);
        let token = match known {
            Some(token) => token,
            None => self.fetch().await,
        };
        let first = self.world.answer(token, is_missing).await;
        if suspicion(operation, first).is_none() {
            return (first, first);
        }
        let second = self.world.answer(self.fetch().await, is_missing).await;
        (first, second)
    }
}
