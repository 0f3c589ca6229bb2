//! What follows an answer by which a good token isn't enough.

use std::sync::Arc;

use http::StatusCode;

use super::replay::{Again, Cause, out_of_time};
use super::{Received, Wire};
use crate::challenge::Challenge;
use crate::event::Event;
use crate::response::Replay;
use crate::scopes::Set;
use crate::suspicion::{Evidence, SkipReason, Suspicion, SuspicionProfile};
use crate::token::AccessToken;
use crate::token_cache::{Replacement, TokenCache};
use crate::token_error::TokenError;

/// Tokens of more that an answer demands and the client's hook allows.
pub(super) struct Demand {
    status: StatusCode,
    set: Result<Arc<Set>, TokenError>,
}

/// What comes of a demand.
pub(super) enum Step {
    /// There is a token of what is demanded.
    Taken(Again),
    /// There is none, or the call can't be made again: the answer stands.
    Failed,
    /// Nothing was asked for: the answer is judged as without the demand.
    Skipped,
}

impl Wire<'_> {
    /// Returns what a failure demands, if the client is to ask for it.
    pub(super) fn demand(
        &self,
        tokens: &TokenCache,
        used: &AccessToken,
        received: &Received,
    ) -> Option<Demand> {
        let step_ups = self.core.step_ups()?;
        let status = received.answer.status();
        if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
            || received.is_foreign
            || self.suspicion.profile() == SuspicionProfile::Off
        {
            return None;
        }
        let challenge = Challenge::demanding(received.answer.headers())?;
        let step = step_ups.ask(self.operation.id, &challenge)?;
        let set = step_ups.set(tokens, used, step)?;
        Some(Demand { status, set })
    }

    /// Gets a token of what is demanded.
    pub(super) async fn step_up(
        &mut self,
        Demand { status, set }: Demand,
        used: &AccessToken,
    ) -> Step {
        let Some(step_ups) = self.core.step_ups() else {
            return Step::Skipped;
        };
        let operation = self.operation.id;
        let suspicion = Suspicion {
            operation,
            status,
            evidence: Evidence::InsufficientScope,
        };
        let set = match set {
            Ok(set) => set,
            Err(error) => return self.stands(status, Replay::Failed(error)),
        };
        let further = set
            .tokens()
            .further(used, &suspicion, |now| step_ups.pay(now));
        let replacement = self.deadline.limit(further).await;
        if let Some(Replacement::Skipped(reason)) = replacement {
            self.core.tell(&Event::StepUpSkipped {
                operation,
                status,
                reason,
            });
            return Step::Skipped;
        }
        self.core.tell(&Event::StepUp { operation, status });
        let token = match replacement {
            Some(Replacement::Token(token)) => token,
            Some(Replacement::Same) => return self.stands(status, Replay::SameToken),
            Some(Replacement::Failed(error)) => return self.stands(status, Replay::Failed(error)),
            _ => return self.stands(status, Replay::Failed(out_of_time())),
        };
        if !set.is_granted(&token, used) {
            set.tokens().replayed(&token, &suspicion, status);
            return self.stands(status, Replay::Skipped(SkipReason::NotGranted));
        }
        let obstacle = if self.draft.is_replayable() {
            (!self.replays(status)).then_some(SkipReason::UnsafeMethod)
        } else {
            Some(SkipReason::OneShotBody)
        };
        if let Some(reason) = obstacle {
            // Whether it helps, the next call shows.
            step_ups.adopt(operation, &set);
            return self.stands(status, Replay::Skipped(reason));
        }
        self.conclude(status, Replay::SteppedUp);
        Step::Taken(Again {
            tokens: set.tokens().clone(),
            token,
            cause: Cause::new(suspicion, Some(set)),
        })
    }

    fn stands(&mut self, status: StatusCode, replay: Replay) -> Step {
        self.conclude(status, replay);
        Step::Failed
    }

    /// Has later calls of the operation made with what the call has stepped up to, if the API says so.
    pub(super) fn adopt_if_it_helped(&self, set: &Arc<Set>, status: StatusCode) {
        if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
            && let Some(step_ups) = self.core.step_ups()
        {
            step_ups.adopt(self.operation.id, set);
        }
    }

    /// Goes back from tokens that the client has stepped up to where they are refused; returns those of
    /// before. A client that isn't known has no better ones.
    pub(super) fn step_down(&self, tokens: &TokenCache, error: &TokenError) -> Option<TokenCache> {
        let step_ups = self.core.step_ups()?;
        if !error.is_permanent() || error.code() == Some("invalid_client") {
            return None;
        }
        step_ups.abandon(tokens)
    }
}
