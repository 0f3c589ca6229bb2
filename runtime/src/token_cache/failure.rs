//! A failure that is remembered, so that callers who can't be helped don't ask again and again.

use std::time::Duration;

use crate::backoff::Backoff;
use crate::clock::Moment;
use crate::token_error::TokenError;

/// How long an error that a human must mend is remembered.
const PERMANENT: Backoff = Backoff::new(Duration::from_secs(30), Duration::from_secs(300));

/// How long any other error is remembered.
const PASSING: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));

/// The failure of a token request.
#[derive(Debug)]
pub(super) struct Failure {
    error: TokenError,
    version: u64,
    since: Moment,
    hold: Duration,
    count: u32,
}

impl Failure {
    /// Remembers an error for longer than the one before it, if the credentials are the same.
    pub(super) fn after(
        previous: Option<Self>,
        error: TokenError,
        version: u64,
        now: Moment,
    ) -> Self {
        let count = match previous {
            Some(previous) if previous.version == version => previous.count.saturating_add(1),
            _ => 1,
        };
        let backoff = if error.is_permanent() {
            PERMANENT
        } else {
            PASSING
        };
        let asked = error.retry_after().unwrap_or_default();
        Self {
            hold: backoff.bound(count).max(asked),
            error,
            version,
            since: now,
            count,
        }
    }

    /// Returns the error if it is recent and of the same credentials.
    pub(super) fn holds(&self, version: u64, now: Moment) -> Option<TokenError> {
        let holds = self.version == version && now.since(self.since) < self.hold;
        holds.then(|| self.error.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Moment {
        Moment::new(Duration::from_secs(seconds), Duration::ZERO)
    }

    #[test]
    fn a_permanent_error_is_remembered_longer_each_time() {
        let error = || TokenError::refused("invalid_client", None);
        let first = Failure::after(None, error(), 1, at(0));
        assert!(first.holds(1, at(29)).is_some());
        assert!(first.holds(1, at(30)).is_none());
        let second = Failure::after(Some(first), error(), 1, at(30));
        assert!(second.holds(1, at(89)).is_some());
        assert!(second.holds(1, at(90)).is_none());
    }

    #[test]
    fn new_credentials_are_not_held_responsible() {
        let error = || TokenError::refused("invalid_client", None);
        let first = Failure::after(None, error(), 1, at(0));
        assert!(first.holds(2, at(1)).is_none());
        let other = Failure::after(Some(first), error(), 2, at(1));
        assert!(other.holds(2, at(32)).is_none());
    }

    #[test]
    fn retry_after_is_respected() {
        let error = TokenError::transient("busy").answered(
            http::StatusCode::TOO_MANY_REQUESTS,
            Some(Duration::from_secs(120)),
        );
        let failure = Failure::after(None, error, 1, at(0));
        assert!(failure.holds(1, at(119)).is_some());
        assert!(failure.holds(1, at(120)).is_none());
    }
}
