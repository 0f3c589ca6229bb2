//! One access token for any number of callers.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use http::StatusCode;

use crate::clock::{Clock, SystemClock};
use crate::suspicion::{SkipReason, Suspicion};
use crate::token::AccessToken;
use crate::token_error::TokenError;
use crate::token_source::TokenSource;

/// Keeps the token of a [`TokenSource`]; cheap to clone.
#[derive(Debug, Clone)]
pub struct TokenCache(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    source: Box<dyn TokenSource>,
    clock: Arc<dyn Clock>,
    current: ArcSwapOption<AccessToken>,
}

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
    /// Makes a cache; nothing is fetched before the first token is asked for.
    pub fn new(source: impl TokenSource) -> Self {
        Self::with_clock(source, Arc::new(SystemClock))
    }

    /// Makes a cache that goes by another clock.
    pub fn with_clock(source: impl TokenSource, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared {
            source: Box::new(source),
            clock,
            current: ArcSwapOption::empty(),
        }))
    }

    /// Returns a token, fetched only if there is no good one.
    pub async fn token(&self) -> Result<Arc<AccessToken>, TokenError> {
        let requested = self.0.clock.now();
        if let Some(token) = self.0.current.load_full() {
            return Ok(token);
        }
        let issued = self.0.source.issue().await?;
        let token = AccessToken::new(issued, 1, requested, self.0.clock.now(), 0.5);
        let token = Arc::new(token);
        self.0.current.store(Some(Arc::clone(&token)));
        Ok(token)
    }

    /// Decides what follows a suspect answer to a call made with the token `used`.
    pub async fn replace(&self, used: &AccessToken, suspicion: &Suspicion) -> Replacement {
        let _ = (used, suspicion);
        self.0.current.store(None);
        match self.token().await {
            Ok(token) => Replacement::Token(token),
            Err(error) => Replacement::Failed(error),
        }
    }

    /// Marks a token as rejected without waiting for another one: for calls that can't be replayed.
    pub fn invalidate(&self, used: &AccessToken) {
        let _ = used;
    }

    /// Notes an answer that isn't suspect.
    pub fn succeeded(&self, used: &AccessToken) {
        let _ = used;
    }

    /// Notes the status of the answer to a replay that `suspicion` caused, made with the token
    /// `used`: whether the new token has changed anything.
    pub fn replayed(&self, used: &AccessToken, suspicion: &Suspicion, status: StatusCode) {
        let _ = (used, suspicion, status);
    }
}
