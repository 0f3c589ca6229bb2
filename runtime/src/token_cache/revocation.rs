//! The end of a token that nobody needs any more.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};

use super::{Shared, TokenCache};
use crate::token::{AccessToken, Freshness};
use crate::token_error::TokenError;

/// How long a token's end is worth waiting for.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

impl TokenCache {
    /// Ends the current token: has it revoked ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)), for
    /// when its last call is over, and ends the tasks that [keep it fresh](TokenCache::keep_fresh). This
    /// is never done without being asked for. A token that is on its way is waited for, since it would
    /// live on; all in all it takes 2 s at most, and isn't repeated. A token that is shared with other
    /// processes is left to them. Whoever asks for a token after this gets another.
    ///
    /// # Errors
    ///
    /// A server that can't be reached in time, that refuses, or that has no revocation endpoint is an
    /// error; the token then lives until it expires.
    pub async fn revoke(&self) -> Result<(), TokenError> {
        let shared = &self.0;
        if let Some(end) = shared.end.get() {
            end.send_replace(());
        }
        let time = shared.clock.sleep(LONGEST_WAIT);
        match select(pin!(self.revoke_when_landed()), time).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => Err(TokenError::timeout("the token wasn't revoked in time")),
        }
    }

    async fn revoke_when_landed(&self) -> Result<(), TokenError> {
        let shared = &self.0;
        let flight = shared.state().join();
        if let Some(flight) = flight {
            flight.outcome(&*shared.clock).await;
        }
        let Some(token) = shared.give_up() else {
            return Ok(());
        };
        let is_expired = token.freshness(shared.clock.now()) == Freshness::Expired;
        if is_expired || shared.is_rejected(&token) {
            return Ok(());
        }
        shared.source.revoke(&token).await
    }
}

impl Shared {
    /// Takes the current token away, so that nobody gets it for want of a better one.
    fn give_up(&self) -> Option<Arc<AccessToken>> {
        // Under the lock, since a flight that lands has it too.
        let _state = self.state();
        self.current.take()
    }
}
