//! One access token for any number of callers.

mod failure;
mod flight;
mod further;
mod keeping;
mod replacement;
mod revocation;
mod sync;

use std::pin::pin;
use std::sync::{Arc, OnceLock, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::watch;

use self::failure::Failure;
use self::flight::{Flight, Landing, Outcome};
pub use self::replacement::Replacement;
use self::sync::{AtomicU32, AtomicU64, Current, Mutex, MutexGuard, Ordering};
use crate::clock::{Clock, Moment, SystemClock};
use crate::event::{self, Event, FetchReason, Listener};
use crate::suspicion::{Budget, SuspicionPolicy};
use crate::token::{AccessToken, Freshness, IssuedToken};
use crate::token_error::TokenError;
use crate::token_source::TokenSource;

/// Keeps the token of a [`TokenSource`]; cheap to clone, and clones share the token.
///
/// A good token is read without a lock. However many callers need one that isn't there, the source
/// is asked once and all get its answer, be it a token or an error; a caller that goes away takes
/// nothing with it. A token is renewed before it expires while it goes on serving, and is kept until
/// there is a better one. Nothing runs while nobody calls.
#[derive(Debug, Clone)]
pub struct TokenCache(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    source: Box<dyn TokenSource>,
    clock: Arc<dyn Clock>,
    policy: SuspicionPolicy,
    listener: OnceLock<Listener>,
    current: Current,
    /// The generation that a resource server has rejected; 0 for none.
    rejected: AtomicU64,
    /// Good answers to calls made with the current token, not yet told to the budget.
    successes: AtomicU32,
    /// Tells those who keep the token fresh that it has ended; there only where somebody does.
    end: OnceLock<watch::Sender<()>>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    flight: Option<Flight>,
    flights: u64,
    generation: u64,
    /// Boxed, since most caches have none and there may be many caches.
    failure: Option<Box<Failure>>,
    /// When a token was last renewed in vain while it served.
    renewal: Option<Moment>,
    budget: Budget,
}

/// A token is renewed at most this often while it serves.
const RENEWAL_SPACING: Duration = Duration::from_secs(10);

/// How often a caller starts over after a flight that ended without an outcome, because its runtime
/// was dropped or its source panicked.
const FLIGHTS_PER_CALL: u32 = 4;

impl TokenCache {
    /// Makes a cache; nothing is fetched before the first token is asked for.
    pub fn new(source: impl TokenSource) -> Self {
        Self::with_options(source, Arc::new(SystemClock), SuspicionPolicy::default())
    }

    /// Makes a cache that goes by another clock, or by another policy on suspect answers.
    pub fn with_options(
        source: impl TokenSource,
        clock: Arc<dyn Clock>,
        policy: SuspicionPolicy,
    ) -> Self {
        Self::of(Box::new(source), clock, policy)
    }

    fn of(source: Box<dyn TokenSource>, clock: Arc<dyn Clock>, policy: SuspicionPolicy) -> Self {
        let budget = Budget::new(clock.now());
        Self(Arc::new(Shared {
            source,
            clock,
            policy,
            listener: OnceLock::new(),
            current: Current::empty(),
            rejected: AtomicU64::new(0),
            successes: AtomicU32::new(0),
            end: OnceLock::new(),
            state: Mutex::new(State {
                flight: None,
                flights: 0,
                generation: 0,
                failure: None,
                renewal: None,
                budget,
            }),
        }))
    }

    /// Makes a cache for tokens of another scope, with a budget of its own; `None` if the source has
    /// a scope that it always asks for.
    #[must_use]
    pub fn scoped(&self, scope: &str) -> Option<Self> {
        let source = self.0.source.scoped(scope)?;
        Some(self.beside(source))
    }

    /// Makes a cache of another source that is like this one in all else.
    fn beside(&self, source: Box<dyn TokenSource>) -> Self {
        let shared = &self.0;
        let cache = Self::of(source, Arc::clone(&shared.clock), shared.policy);
        match shared.listener.get() {
            Some(listener) => cache.listen(listener.clone()),
            None => cache,
        }
    }

    /// Tells of each token request; the first to be set is the one that is told.
    #[must_use]
    pub fn on_event(self, listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.listen(Listener::new(listener))
    }

    pub(crate) fn listen(self, listener: Listener) -> Self {
        self.0.listener.get_or_init(|| listener);
        self
    }

    /// Returns the policy of calls that have none of their own.
    pub(crate) fn policy(&self) -> SuspicionPolicy {
        self.0.policy
    }

    /// Returns a token, fetched only if there is no good one.
    pub async fn token(&self) -> Result<Arc<AccessToken>, TokenError> {
        if let Some(token) = self.fresh() {
            return Ok(token);
        }
        let shared = &self.0;
        if let Some(token) = shared.at_hand() {
            let now = shared.clock.now();
            if shared.freshness(&token, now) == Freshness::Stale {
                shared.renew(&token, now);
                return Ok(token);
            }
        }
        // Boxed, so that those who need not wait carry no room for it.
        Box::pin(shared.fetch(Outlook::Short)).await
    }

    /// Returns the token at hand, if it is good and needn't be renewed yet.
    #[inline]
    pub(crate) fn fresh(&self) -> Option<Arc<AccessToken>> {
        let shared = &self.0;
        let is_fresh = |token: &Arc<AccessToken>| {
            token.is_fresh_by(&*shared.clock) && !shared.is_rejected(token)
        };
        shared.at_hand().filter(is_fresh)
    }

    /// Returns a token that is good for a while yet, or the one at hand if there is none: for a call
    /// that takes long and can't be made again.
    pub(crate) async fn lasting_token(&self) -> Result<Arc<AccessToken>, TokenError> {
        let token = self.token().await?;
        if token.is_lasting(self.0.clock.now()) {
            return Ok(token);
        }
        Box::pin(self.0.fetch(Outlook::Long)).await
    }
}

/// How long a token is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outlook {
    Short,
    Long,
}

/// A flight to wait for, and its landing if the caller has to see it off.
type Boarded = (Flight, Option<Landing>);

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the current token, without a lock but for once in the life of a token and a thread.
    #[inline]
    fn at_hand(&self) -> Option<Arc<AccessToken>> {
        self.current.near().or_else(|| self.far())
    }

    #[cold]
    fn far(&self) -> Option<Arc<AccessToken>> {
        if !self.current.is_worth_a_copy() {
            return self.current.load();
        }
        let _state = self.state();
        self.current.bring_near()
    }

    fn is_current(&self, token: &AccessToken) -> bool {
        self.current.is(token)
    }

    fn is_rejected(&self, token: &AccessToken) -> bool {
        self.rejected.load(Ordering::Relaxed) == token.generation()
    }

    /// A rejected token is as good as one within its leeway: used if there is no other.
    fn freshness(&self, token: &AccessToken, now: Moment) -> Freshness {
        match token.freshness(now) {
            Freshness::Fresh | Freshness::Stale if self.is_rejected(token) => Freshness::Expiring,
            freshness => freshness,
        }
    }

    /// Waits for a token with everybody else who does.
    async fn fetch(self: &Arc<Self>, outlook: Outlook) -> Outcome {
        for _ in 0..FLIGHTS_PER_CALL {
            let boarded = match self.board(outlook) {
                Ok(boarded) => boarded,
                Err(outcome) => return outcome,
            };
            let landed = pin!(self.outcome(boarded));
            let outcome = match self.spare() {
                None => landed.await,
                // Nobody waits so long for a new token that the one at hand dies meanwhile.
                Some((token, patience)) => match select(landed, self.clock.sleep(patience)).await {
                    Either::Left((outcome, _)) => outcome,
                    Either::Right(_) => return Ok(token),
                },
            };
            match outcome {
                Some(Ok(token)) => return Ok(token),
                Some(Err(error)) => return self.otherwise(error),
                None => {}
            }
        }
        self.otherwise(interrupted())
    }

    /// Joins the flight that is under way or opens one. Otherwise returns what there is: a good token
    /// that has landed in the meantime, or an error that is still remembered.
    fn board(&self, outlook: Outlook) -> Result<Boarded, Outcome> {
        let now = self.clock.now();
        let version = self.source.version();
        let mut state = self.state();
        let reason = match self.current.load() {
            None => FetchReason::First,
            Some(token) => match self.freshness(&token, now) {
                Freshness::Fresh | Freshness::Stale
                    if outlook == Outlook::Short || token.is_lasting(now) =>
                {
                    return Err(Ok(token));
                }
                Freshness::Fresh | Freshness::Stale => FetchReason::Renewal,
                Freshness::Expiring if self.is_rejected(&token) => FetchReason::Rejected,
                Freshness::Expiring | Freshness::Expired => FetchReason::Expired,
            },
        };
        if let Some(flight) = state.join() {
            return Ok((flight, None));
        }
        if let Some(error) = state.remembers(version, now) {
            drop(state);
            return Err(self.otherwise(error));
        }
        Ok(state.open(reason, now))
    }

    /// Sees a flight off if need be and waits for its outcome; `None` if it ends without one.
    async fn outcome(self: &Arc<Self>, (flight, landing): Boarded) -> Option<Outcome> {
        let id = flight.id;
        flight.awaited();
        if let Some(landing) = landing {
            // Detached, so that a caller that goes away takes nothing with it.
            if let Err(flying) = sync::spawn(Arc::clone(self).fly(id, landing)) {
                // Boxed, so that the thousands who wait carry no room for it.
                Box::pin(flying).await;
            }
        }
        let outcome = flight.outcome(&*self.clock).await;
        if outcome.is_none() {
            self.state().close(id);
        }
        outcome
    }

    /// Starts to renew a token that still serves.
    fn renew(self: &Arc<Self>, token: &AccessToken, now: Moment) {
        if !sync::can_spawn() {
            return;
        }
        let Ok(mut state) = self.state.try_lock() else {
            return;
        };
        let recent = |renewal| now.since(renewal) < RENEWAL_SPACING;
        // It may have been renewed since it was read.
        if !self.is_current(token)
            || state.flight.is_some()
            || state.renewal.is_some_and(recent)
            || state.remembers(self.source.version(), now).is_some()
        {
            return;
        }
        state.renewal = Some(now);
        let (flight, landing) = state.open(FetchReason::Renewal, now);
        drop(state);
        if let Some(landing) = landing {
            // What is given back for want of a runtime is dropped: who waits for it starts over.
            drop(sync::spawn(Arc::clone(self).fly(flight.id, landing)));
        }
    }

    async fn fly(self: Arc<Self>, id: u64, landing: Landing) {
        let pilot = Pilot { shared: &self, id };
        let version = self.source.version();
        let started = self.clock.now();
        let fetched = landing.fetch(&*self.source, &*self.clock).await;
        let previous = self.current.load();
        let outcome = self.install(id, version, fetched, landing.waiters() > 0);
        self.tell(&landing, &outcome, previous.as_deref(), started);
        landing.land(outcome);
        drop(pilot);
    }

    /// Tells of a token request before those who wait have its outcome.
    fn tell(
        &self,
        landing: &Landing,
        outcome: &Outcome,
        previous: Option<&AccessToken>,
        started: Moment,
    ) {
        let now = self.clock.now();
        let (reason, waiters, took) = (landing.reason, landing.waiters(), now.since(started));
        let event = match outcome {
            Ok(token) => Event::TokenFetched {
                generation: token.generation(),
                lifetime: token.lifetime(),
                previous_age: previous.map(|previous| previous.age(now)),
                reason,
                waiters,
                took,
            },
            Err(error) => Event::TokenFailed {
                error,
                reason,
                waiters,
                took,
            },
        };
        event::tell(self.listener.get(), &event);
    }

    /// Makes a fetched token the current one, or remembers the error.
    fn install(
        &self,
        id: u64,
        version: u64,
        fetched: Result<(IssuedToken, Moment), TokenError>,
        is_awaited: bool,
    ) -> Outcome {
        let now = self.clock.now();
        let mut state = self.state();
        if !state.close(id) {
            // It was given up as lost, and others may have fetched a newer token since.
            return Err(interrupted());
        }
        match fetched {
            Ok((issued, requested)) => {
                state.generation += 1;
                state.failure = None;
                state.renewal = None;
                state.budget.renewed();
                self.successes.store(0, Ordering::Relaxed);
                let generation = state.generation;
                let token = AccessToken::new(issued, generation, requested, now, fastrand::f64());
                let token = Arc::new(token);
                self.current.store(Arc::clone(&token));
                tracing::debug!(generation, lifetime = ?token.lifetime(), "access token fetched");
                Ok(token)
            }
            Err(error) => {
                tracing::warn!(error = %error, "no access token");
                // A renewal that nobody waits for isn't repeated. That it failed once must not keep
                // those from asking who find the token revoked meanwhile.
                let asks = error.retry_after().is_some_and(|delay| !delay.is_zero());
                if is_awaited || asks || error.is_permanent() {
                    let previous = state.failure.take().map(|previous| *previous);
                    let failure = Failure::after(previous, error.clone(), version, now);
                    state.failure = Some(Box::new(failure));
                }
                Err(error)
            }
        }
    }

    /// Returns the token at hand, if it may be used for want of a better one, and how long to wait for
    /// that.
    fn spare(&self) -> Option<(Arc<AccessToken>, Duration)> {
        let token = self.current.load()?;
        let patience = token.remaining(self.clock.now()) / 2;
        let usable = !patience.is_zero() && !self.is_rejected(&token);
        usable.then_some((token, patience))
    }

    /// Returns the token at hand in place of an error, unless it has expired.
    fn otherwise(&self, error: TokenError) -> Outcome {
        let now = self.clock.now();
        match self.current.load() {
            Some(token) if token.freshness(now) != Freshness::Expired => Ok(token),
            _ => Err(error),
        }
    }
}

impl State {
    fn join(&self) -> Option<Flight> {
        self.flight.clone()
    }

    fn open(&mut self, reason: FetchReason, now: Moment) -> Boarded {
        self.flights += 1;
        let (flight, landing) = Flight::open(self.flights, reason, now);
        self.flight = Some(flight.clone());
        (flight, Some(landing))
    }

    /// Forgets a flight; returns whether it was the one under way.
    fn close(&mut self, id: u64) -> bool {
        self.flight.take_if(|flight| flight.id == id).is_some()
    }

    fn remembers(&self, version: u64, now: Moment) -> Option<TokenError> {
        let failure = self.failure.as_ref()?;
        failure.holds(version, now)
    }
}

/// Forgets a flight that is dropped or panics, before those who wait learn of it.
struct Pilot<'a> {
    shared: &'a Shared,
    id: u64,
}

impl Drop for Pilot<'_> {
    fn drop(&mut self) {
        self.shared.state().close(self.id);
    }
}

fn interrupted() -> TokenError {
    TokenError::transient("the token request was interrupted")
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod interleavings;
#[cfg(test)]
#[cfg(shuttle)]
mod model;
#[cfg(test)]
#[cfg(not(shuttle))]
mod tests;
