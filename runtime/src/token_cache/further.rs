//! A token of more than the one that an API has refused.

use std::sync::Arc;

use super::{Boarded, FLIGHTS_PER_CALL, Replacement, Shared, TokenCache, interrupted};
use crate::clock::Moment;
use crate::event::FetchReason;
use crate::step_up::StepUp;
use crate::suspicion::{SkipReason, Suspicion};
use crate::token::{AccessToken, Freshness};

impl TokenCache {
    /// Makes a cache for tokens of more than `refused` has, a token of this one, with a budget of its
    /// own; `None` if the source can't ask for more.
    pub(crate) fn stepped_up(&self, refused: &AccessToken, step: &StepUp) -> Option<Self> {
        let source = self.0.source.stepped_up(refused, step)?;
        Some(self.beside(source))
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Returns a token of this cache for a call that was refused with one of another: the one at hand,
    /// or one that is fetched if `pay` is for it. It is left at that where such tokens are known not to
    /// help.
    pub(crate) async fn further(
        &self,
        refused: &AccessToken,
        suspicion: &Suspicion,
        pay: impl Fn(Moment) -> bool,
    ) -> Replacement {
        let shared = &self.0;
        for _ in 0..FLIGHTS_PER_CALL {
            let boarded = match shared.further(refused, suspicion, &pay) {
                Ok(boarded) => boarded,
                Err(replacement) => return replacement,
            };
            match shared.outcome(boarded).await {
                Some(Ok(token)) => return shared.replacement(refused, suspicion, token),
                Some(Err(error)) => return Replacement::Failed(error),
                None => {}
            }
        }
        Replacement::Failed(interrupted())
    }
}

impl Shared {
    fn further(
        &self,
        refused: &AccessToken,
        suspicion: &Suspicion,
        pay: impl Fn(Moment) -> bool,
    ) -> Result<Boarded, Replacement> {
        let now = self.clock.now();
        let version = self.source.version();
        let mut state = self.state();
        let current = self.current.load().filter(|token| {
            let freshness = self.freshness(token, now);
            matches!(freshness, Freshness::Fresh | Freshness::Stale)
        });
        let generation = current.as_ref().map(|token| token.generation());
        if state.budget.is_fruitless(suspicion, generation, now) {
            return Err(Replacement::Skipped(SkipReason::Fruitless));
        }
        if let Some(token) = current {
            drop(state);
            return Err(self.replacement(refused, suspicion, token));
        }
        if let Some(flight) = state.join() {
            return Ok((flight, None));
        }
        if let Some(error) = state.remembers(version, now) {
            return Err(Replacement::Failed(error));
        }
        if !pay(now) {
            return Err(Replacement::Skipped(SkipReason::BudgetSpent));
        }
        Ok(state.open(FetchReason::StepUp, now))
    }
}
