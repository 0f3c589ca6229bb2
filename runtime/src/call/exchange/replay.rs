//! Whether a call is made again with another token, because its answer speaks of the one it had.

use std::sync::Arc;

use http::StatusCode;

use super::step_up::Step;
use super::{Received, Wire};
use crate::error::Error;
use crate::event::Event;
use crate::response::Replay;
use crate::scopes::Set;
use crate::suspicion::{ReauthFailure, SkipReason, Suspicion};
use crate::token::AccessToken;
use crate::token_cache::{Replacement, TokenCache};
use crate::token_error::TokenError;
use crate::transport::TransportError;

/// What a call with a token has come to.
pub(super) struct Course {
    pub(super) tokens: TokenCache,
    /// The token of the next attempt, where it isn't that at hand.
    pub(super) next: Option<Arc<AccessToken>>,
    /// What led to the replay under way.
    replaying: Option<Box<Cause>>,
    /// Whether the attempt before was refused for want of a nonce.
    is_renonced: bool,
}

impl Course {
    pub(super) const fn new(tokens: TokenCache) -> Self {
        Self {
            tokens,
            next: None,
            replaying: None,
            is_renonced: false,
        }
    }

    /// Returns whether an answer is one to a call that wasn't replayed, and isn't to be for want of a nonce.
    pub(super) const fn is_straight(&self, received: &Received) -> bool {
        self.replaying.is_none() && !received.wants_nonce
    }
}

/// What a call is made again with.
pub(super) struct Again {
    pub(super) tokens: TokenCache,
    pub(super) token: Arc<AccessToken>,
    pub(super) cause: Cause,
}

/// What led to a replay.
pub(super) struct Cause {
    pub(super) suspicion: Suspicion,
    /// Whether the replay has been answered.
    is_answered: bool,
    /// The set that the call stepped up to, until an answer shows whether that helps.
    pub(super) trial: Option<Arc<Set>>,
}

impl Cause {
    pub(super) const fn new(suspicion: Suspicion, trial: Option<Arc<Set>>) -> Self {
        Self {
            suspicion,
            is_answered: false,
            trial,
        }
    }
}

impl Wire<'_> {
    /// Decides what comes of an attempt that may not be the last: waits for what the next one takes, or
    /// returns what the call ends with.
    pub(super) async fn otherwise(
        &mut self,
        course: &mut Course,
        token: Arc<AccessToken>,
        outcome: Result<Box<Received>, TransportError>,
    ) -> Option<Result<Box<Received>, Error>> {
        if let Ok(received) = &outcome {
            // Neither replay nor retry: the token is good, and the request wasn't looked at.
            let is_first = !std::mem::replace(&mut course.is_renonced, received.wants_nonce);
            if received.wants_nonce && is_first && self.draft.is_replayable() {
                course.next = Some(token);
                return None;
            }
            let status = received.answer.status();
            if let Some(cause) = &mut course.replaying {
                self.replayed(&course.tokens, &token, cause, status);
            }
            let suspicion = self.suspect(received);
            if suspicion.is_none() && says_something_of_the_token(status) {
                course.tokens.succeeded(&token);
            }
            // The second answer is final, whatever it is.
            if !self.operation.is_success(status) && matches!(self.effort.replay, Replay::NotNeeded)
            {
                let again = self.again(&course.tokens, &token, received, suspicion);
                if let Some(again) = again.await {
                    course.tokens = again.tokens;
                    course.next = Some(again.token);
                    course.replaying = Some(Box::new(again.cause));
                    return None;
                }
                if let Replay::Failed(error) = &self.effort.replay
                    && self.suspicion.reauth_failure() == ReauthFailure::TokenError
                {
                    return Some(Err(Error::without_token(error.clone())));
                }
            }
        }
        self.retried(outcome).await
    }

    /// Returns what the call is to be made again with after a failure, and notes why there is nothing.
    async fn again(
        &mut self,
        tokens: &TokenCache,
        used: &AccessToken,
        received: &Received,
        suspicion: Option<Suspicion>,
    ) -> Option<Again> {
        if let Some(demand) = self.demand(tokens, used, received) {
            match self.step_up(demand, used).await {
                Step::Taken(again) => return Some(again),
                Step::Failed => return None,
                Step::Skipped => {}
            }
        }
        let suspicion = suspicion?;
        let token = self.replace(tokens, used, &suspicion).await;
        if let Replay::Failed(error) = &self.effort.replay {
            // The next call needn't wait for the end of a token that is refused anew.
            self.step_down(tokens, error);
        }
        let token = token?;
        Some(Again {
            tokens: tokens.clone(),
            token,
            cause: Cause::new(suspicion, None),
        })
    }

    /// Notes the answer to a replay, and to its retries what they say of a step.
    fn replayed(
        &self,
        tokens: &TokenCache,
        token: &AccessToken,
        cause: &mut Cause,
        status: StatusCode,
    ) {
        if !std::mem::replace(&mut cause.is_answered, true) {
            tokens.replayed(token, &cause.suspicion, status);
            self.core.tell(&Event::Replayed {
                operation: self.operation.id,
                suspected: cause.suspicion.status,
                status,
            });
        }
        if says_something_of_the_token(status)
            && let Some(set) = cause.trial.take()
        {
            self.adopt_if_it_helped(&set, status);
        }
    }

    /// Returns whether an answer puts the token under suspicion. One that came from another origin
    /// can't: the token didn't go there.
    fn suspect(&self, received: &Received) -> Option<Suspicion> {
        let status = received.answer.status();
        if self.operation.is_success(status) || received.is_foreign {
            return None;
        }
        let headers = received.answer.headers();
        Suspicion::by(&self.suspicion, self.operation.id, status, headers)
    }

    /// Returns the token to replay the call with, and notes why there is none.
    async fn replace(
        &mut self,
        tokens: &TokenCache,
        used: &AccessToken,
        suspicion: &Suspicion,
    ) -> Option<Arc<AccessToken>> {
        let Suspicion {
            operation,
            status,
            evidence,
        } = *suspicion;
        self.core.tell(&Event::Suspected {
            operation,
            status,
            evidence,
        });
        let profile = self.suspicion.profile();
        let replacement = if self.replays(status) {
            let replacement = tokens.replace_by(profile, used, suspicion);
            self.deadline.limit(replacement).await
        } else {
            tokens.doubt(profile, used, suspicion);
            Some(Replacement::Skipped(SkipReason::UnsafeMethod))
        };
        let (replay, token) = match replacement {
            // The next call has the new token.
            Some(Replacement::Token(_)) if !self.draft.is_replayable() => {
                (Replay::Skipped(SkipReason::OneShotBody), None)
            }
            Some(Replacement::Token(token)) => (Replay::Done, Some(token)),
            Some(Replacement::Same) => (Replay::SameToken, None),
            Some(Replacement::Failed(error)) => (Replay::Failed(error), None),
            Some(Replacement::Skipped(reason)) => (Replay::Skipped(reason), None),
            None => (Replay::Failed(out_of_time()), None),
        };
        self.conclude(status, replay);
        token
    }

    /// Returns whether the policy has a call of this method made again after an answer.
    pub(super) fn replays(&self, status: StatusCode) -> bool {
        self.draft.is_idempotent() || self.suspicion.replays_unsafe(status)
    }

    /// Notes and tells what comes of an answer that speaks of the token.
    pub(super) fn conclude(&mut self, status: StatusCode, replay: Replay) {
        tracing::debug!(
            status = status.as_u16(),
            replay = replay.as_str(),
            "an answer put the token under suspicion"
        );
        let operation = self.operation.id;
        match &replay {
            Replay::Skipped(reason) => self.core.tell(&Event::ReplaySkipped {
                operation,
                status,
                reason: *reason,
            }),
            Replay::SameToken | Replay::Failed(_) => self.core.tell(&Event::ReplayFailed {
                operation,
                status,
                error: replay.token_error(),
            }),
            Replay::Done | Replay::SteppedUp | Replay::NotNeeded => {}
        }
        self.effort.suspected = Some(status);
        self.effort.replay = replay;
    }
}

/// The error of a call that has had no time to wait for a token.
pub(super) fn out_of_time() -> TokenError {
    TokenError::timeout("the call's time ran out before there was a token")
}

/// Faults of the server and throttling may come from before the token was looked at.
fn says_something_of_the_token(status: StatusCode) -> bool {
    !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS
}
