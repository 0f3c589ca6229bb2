//! Which answers are suspect, what may be spent on them, and which calls are made again.

use http::StatusCode;

use super::Evidence;

/// How suspect answers are acted on; for a client, for one of its operations, or for one call.
///
/// ```
/// use accredit_runtime::{ClientOptions, SuspicionPolicy, UnsafeReplay};
///
/// // An API whose gateway says 400 for an expired token, and a search that says 404 for "none".
/// let options = ClientOptions::new()
///     .suspicion(SuspicionPolicy::appian().statuses(&[400, 401]))
///     .operation_suspicion("orders.search", SuspicionPolicy::rfc6750())
///     .operation_suspicion(
///         "orders.create",
///         SuspicionPolicy::appian().unsafe_replay(UnsafeReplay::Only401),
///     );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuspicionPolicy {
    profile: SuspicionProfile,
    statuses: &'static [u16],
    unsafe_replay: UnsafeReplay,
    reauth_failure: ReauthFailure,
}

/// What may be spent on suspicion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SuspicionProfile {
    /// Any suspect answer is acted on, within budgets that keep the cost of legitimate ones small.
    #[default]
    Appian,
    /// Any suspect answer is acted on, whatever it costs.
    AppianUnbounded,
    /// What [RFC 6750 §3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1) speaks of only: 401
    /// and `error="invalid_token"`.
    Rfc6750,
    /// Nothing is acted on.
    Off,
}

impl SuspicionProfile {
    /// Returns whether answers of such evidence are acted on at all.
    pub(crate) fn acts_on(self, evidence: Evidence) -> bool {
        match self {
            Self::Appian | Self::AppianUnbounded => true,
            Self::Rfc6750 => evidence == Evidence::Strong,
            Self::Off => false,
        }
    }
}

/// Whether a call is replayed if sending it twice isn't like sending it once
/// ([RFC 9110 §9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2)) and it has no idempotency
/// key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UnsafeReplay {
    /// Like any other call. A server looks at the token before it acts.
    #[default]
    Always,
    /// After a 401 only: a 403 or a 404 may come from behind what the call has changed already.
    Only401,
    /// Never. The token is replaced for the next call.
    Never,
}

/// What the caller gets if an answer has put the token under suspicion and there is no other token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ReauthFailure {
    /// The answer as the server gave it, with the token error beside it ([`crate::Replay::Failed`]): a
    /// 404 stays a 404.
    #[default]
    Answer,
    /// The token error: for callers to whom a revoked client is another matter than a missing order.
    TokenError,
}

/// The statuses by which a server may say that a token has expired or been revoked.
const STATUSES: &[u16] = &[401, 403, 404];

impl SuspicionPolicy {
    /// Makes a policy of a profile, for 401, 403 and 404 and calls of all methods.
    #[must_use]
    pub const fn new(profile: SuspicionProfile) -> Self {
        Self {
            profile,
            statuses: STATUSES,
            unsafe_replay: UnsafeReplay::Always,
            reauth_failure: ReauthFailure::Answer,
        }
    }

    /// Makes the default policy.
    #[must_use]
    pub const fn appian() -> Self {
        Self::new(SuspicionProfile::Appian)
    }

    /// Makes a policy without budgets.
    #[must_use]
    pub const fn appian_unbounded() -> Self {
        Self::new(SuspicionProfile::AppianUnbounded)
    }

    /// Makes a policy that keeps to RFC 6750.
    #[must_use]
    pub const fn rfc6750() -> Self {
        Self::new(SuspicionProfile::Rfc6750)
    }

    /// Makes a policy that acts on nothing.
    #[must_use]
    pub const fn off() -> Self {
        Self::new(SuspicionProfile::Off)
    }

    /// Sets which statuses are suspect, instead of 401, 403 and 404.
    #[must_use]
    pub const fn statuses(mut self, statuses: &'static [u16]) -> Self {
        self.statuses = statuses;
        self
    }

    /// Sets whether calls of methods that aren't idempotent are replayed.
    #[must_use]
    pub const fn unsafe_replay(mut self, replay: UnsafeReplay) -> Self {
        self.unsafe_replay = replay;
        self
    }

    /// Sets what the caller gets if there is no other token.
    #[must_use]
    pub const fn on_reauth_failure(mut self, failure: ReauthFailure) -> Self {
        self.reauth_failure = failure;
        self
    }

    pub(crate) const fn reauth_failure(&self) -> ReauthFailure {
        self.reauth_failure
    }

    pub(crate) const fn profile(&self) -> SuspicionProfile {
        self.profile
    }

    pub(crate) fn suspects(&self, status: StatusCode) -> bool {
        self.statuses.contains(&status.as_u16())
    }

    /// Returns whether a call that isn't idempotent may be made again after an answer.
    pub(crate) fn replays_unsafe(&self, status: StatusCode) -> bool {
        match self.unsafe_replay {
            UnsafeReplay::Always => true,
            UnsafeReplay::Only401 => status == StatusCode::UNAUTHORIZED,
            UnsafeReplay::Never => false,
        }
    }
}

impl Default for SuspicionPolicy {
    fn default() -> Self {
        Self::appian()
    }
}
