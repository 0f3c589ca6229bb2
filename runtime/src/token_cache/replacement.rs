//! What follows answers that put the token under suspicion.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use http::StatusCode;

use super::sync::Ordering;
use super::{Boarded, FLIGHTS_PER_CALL, Outcome, Shared, TokenCache, interrupted};
use crate::event::FetchReason;
use crate::suspicion::{Circumstances, Evidence, SkipReason, Suspicion, SuspicionProfile};
use crate::token::{AccessToken, Freshness};
use crate::token_error::TokenError;

/// What to do after a suspect answer, as [`TokenCache::replace`] decides.
#[derive(Debug, Clone)]
pub enum Replacement {
    /// There is another token: replay the call with it, once.
    Token(Arc<AccessToken>),
    /// The server issued the same token again: the answer stands.
    Same,
    /// There is no new token: the answer stands.
    Failed(TokenError),
    /// No token was asked for: the answer stands.
    Skipped(SkipReason),
}

impl TokenCache {
    /// Decides what follows a suspect answer to a call made with the token `used`, and fetches
    /// another token if need be.
    pub async fn replace(&self, used: &AccessToken, suspicion: &Suspicion) -> Replacement {
        self.replace_by(self.0.policy.profile(), used, suspicion)
            .await
    }

    /// Does what [`TokenCache::replace`] does, by the profile of a call.
    pub(crate) async fn replace_by(
        &self,
        profile: SuspicionProfile,
        used: &AccessToken,
        suspicion: &Suspicion,
    ) -> Replacement {
        if !profile.acts_on(suspicion.evidence) {
            return Replacement::Skipped(SkipReason::Policy);
        }
        let shared = &self.0;
        shared.suspected(used);
        for _ in 0..FLIGHTS_PER_CALL {
            let boarded = match shared.suspect(profile, used, suspicion) {
                Ok(boarded) => boarded,
                Err(replacement) => return replacement,
            };
            let outcome = if suspicion.evidence == Evidence::Strong {
                shared.outcome(boarded).await
            } else {
                shared.outcome_in_time(boarded).await
            };
            match outcome {
                Some(Ok(token)) => return shared.replacement(used, suspicion, token),
                Some(Err(error)) => return Replacement::Failed(error),
                None => {}
            }
        }
        Replacement::Failed(interrupted())
    }

    /// Has the token replaced for the next caller after a suspect answer to a call that isn't to be
    /// replayed, if the evidence is strong and the budget allows it.
    pub(crate) fn doubt(
        &self,
        profile: SuspicionProfile,
        used: &AccessToken,
        suspicion: &Suspicion,
    ) {
        let shared = &self.0;
        shared.suspected(used);
        if suspicion.evidence != Evidence::Strong
            || !shared.is_current(used)
            || shared.is_rejected(used)
        {
            return;
        }
        let circumstances = Circumstances::of(used, shared.clock.now());
        let spent = shared
            .state()
            .budget
            .spend(profile, suspicion, circumstances);
        if spent.is_ok() {
            self.invalidate(used);
        }
    }

    /// Marks a token as rejected without waiting for another: for calls that can't be replayed. The
    /// next caller fetches.
    pub fn invalidate(&self, used: &AccessToken) {
        self.0
            .rejected
            .fetch_max(used.generation(), Ordering::Relaxed);
    }

    /// Notes that the resource server has accepted a token.
    pub fn succeeded(&self, used: &AccessToken) {
        if self.0.is_current(used) {
            self.0.successes.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Notes the status of the answer to a replay that `suspicion` caused, made with the token
    /// `used`: whether a new token has changed anything.
    pub fn replayed(&self, used: &AccessToken, suspicion: &Suspicion, status: StatusCode) {
        let now = self.0.clock.now();
        let budget = &mut self.0.state().budget;
        if status == suspicion.status {
            budget.fruitless(suspicion, used.generation(), now);
        } else {
            budget.useful(suspicion, used.generation(), now);
        }
    }
}

/// As long as one attempt at a token takes, an answer that is most likely what it seems waits for another
/// token: a token endpoint that hangs must not hold up each 404. The next call has what comes later.
const PATIENCE: Duration = Duration::from_secs(10);

impl Shared {
    /// Waits for the outcome of a flight that hasn't been under way for too long.
    async fn outcome_in_time(self: &Arc<Self>, boarded: Boarded) -> Option<Outcome> {
        let (flight, _) = &boarded;
        let under_way = self.clock.now().since(flight.opened);
        let patience = self.clock.sleep(PATIENCE.saturating_sub(under_way));
        match select(pin!(self.outcome(boarded)), patience).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => Some(Err(TokenError::timeout("another token is long in coming"))),
        }
    }

    /// Joins or opens a flight to replace a suspect token, or says why not.
    fn suspect(
        &self,
        profile: SuspicionProfile,
        used: &AccessToken,
        suspicion: &Suspicion,
    ) -> Result<Boarded, Replacement> {
        let now = self.clock.now();
        let version = self.source.version();
        let mut state = self.state();
        let reason = match self.current.load() {
            None => FetchReason::First,
            Some(current) if current.freshness(now) == Freshness::Expired => FetchReason::Expired,
            Some(current) if current.generation() > used.generation() => {
                drop(state);
                return Err(self.replacement(used, suspicion, current));
            }
            Some(_) => FetchReason::Suspected,
        };
        if let Some(flight) = state.join() {
            return Ok((flight, None));
        }
        if let Some(error) = state.remembers(version, now) {
            return Err(Replacement::Failed(error));
        }
        if reason != FetchReason::Suspected {
            // Whoever comes next would fetch, so that this isn't a cost of suspicion.
            return Ok(state.open(reason, now));
        }
        let circumstances = Circumstances::of(used, now);
        if let Err(reason) = state.budget.spend(profile, suspicion, circumstances) {
            tracing::debug!(
                operation = suspicion.operation,
                status = suspicion.status.as_u16(),
                %reason,
                "suspect answer left alone"
            );
            return Err(Replacement::Skipped(reason));
        }
        if suspicion.evidence == Evidence::Strong {
            self.rejected
                .fetch_max(used.generation(), Ordering::Relaxed);
        }
        Ok(state.open(reason, now))
    }

    /// Tells the budget of a suspect answer, and of the good ones before it.
    fn suspected(&self, used: &AccessToken) {
        let mut state = self.state();
        if self.is_current(used) {
            let successes = self.successes.swap(0, Ordering::Relaxed);
            state.budget.succeeded(successes);
            state.budget.suspected();
        }
    }

    pub(super) fn replacement(
        &self,
        used: &AccessToken,
        suspicion: &Suspicion,
        token: Arc<AccessToken>,
    ) -> Replacement {
        if !token.is_same_text(used) {
            return Replacement::Token(token);
        }
        let now = self.clock.now();
        let budget = &mut self.state().budget;
        budget.fruitless(suspicion, token.generation(), now);
        Replacement::Same
    }
}
