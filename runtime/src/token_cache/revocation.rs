//! The end of a token that nobody needs any more.

use std::time::Duration;

use futures_util::future::{Either, select};

use super::TokenCache;
use crate::token::Freshness;
use crate::token_error::TokenError;

/// How long a token's end is worth waiting for.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

impl TokenCache {
    /// Has the current token revoked ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)), for when its
    /// last call is over: this is never done without being asked for. It takes 2 s at most, and isn't
    /// repeated. A token that is shared with other processes is left to them. Whoever asks for a token
    /// after this gets another.
    ///
    /// # Errors
    ///
    /// A server that can't be reached in time, that refuses, or that has no revocation endpoint is an
    /// error; the token then lives until it expires.
    pub async fn revoke(&self) -> Result<(), TokenError> {
        let shared = &self.0;
        let Some(token) = shared.current.load() else {
            return Ok(());
        };
        let is_expired = token.freshness(shared.clock.now()) == Freshness::Expired;
        if is_expired || shared.is_rejected(&token) {
            return Ok(());
        }
        self.invalidate(&token);
        let time = shared.clock.sleep(LONGEST_WAIT);
        match select(shared.source.revoke(&token), time).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => Err(TokenError::timeout("the token wasn't revoked in time")),
        }
    }
}
