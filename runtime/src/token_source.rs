//! Where access tokens come from.

use std::fmt;
use std::pin::Pin;

use crate::step_up::StepUp;
use crate::token::{AccessToken, IssuedToken};
use crate::token_error::TokenError;

/// One attempt to get a token, made by [`TokenSource::issue`].
pub type Issue<'a> = Pin<Box<dyn Future<Output = Result<IssuedToken, TokenError>> + Send + 'a>>;

/// One attempt to have a token revoked, made by [`TokenSource::revoke`].
pub type Revoke<'a> = Pin<Box<dyn Future<Output = Result<(), TokenError>> + Send + 'a>>;

/// A source of access tokens. It is asked once per attempt; a [`TokenCache`](crate::TokenCache)
/// shares, keeps and renews what it gives, and repeats attempts that failed for a while.
pub trait TokenSource: fmt::Debug + Send + Sync + 'static {
    /// Asks for a new token.
    fn issue(&self) -> Issue<'_>;

    /// Returns a number that changes when the credentials do, so that a failure of the old ones
    /// isn't held against the new ones.
    fn version(&self) -> u64 {
        0
    }

    /// Returns a source of tokens with this scope, delimited by spaces, that shares all else with this
    /// one; `None` if what to ask for is settled.
    fn scoped(&self, scope: &str) -> Option<Box<dyn TokenSource>> {
        let _ = scope;
        None
    }

    /// Returns a source of tokens with more than `refused` has, a token of this one, that shares all else
    /// with this one; `None` if what to ask for is settled, as it is by default. The scopes of the step are
    /// asked for beside those of this source, and its parameters in place of those of the same name.
    fn stepped_up(&self, refused: &AccessToken, step: &StepUp) -> Option<Box<dyn TokenSource>> {
        let _ = (refused, step);
        None
    }

    /// Asks for the end of a token that it has issued; by default it can't.
    fn revoke<'a>(&'a self, token: &'a AccessToken) -> Revoke<'a> {
        let _ = token;
        let error = TokenError::permanent("the source of the token can't revoke it");
        Box::pin(std::future::ready(Err(error)))
    }
}
