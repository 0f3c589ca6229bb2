//! What a client tells of its work, for those who use neither `tracing` nor its subscribers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::suspicion::{Evidence, SkipReason};
use crate::token_error::TokenError;

/// Something that has happened to a token or to a call. It holds no secret.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A token was fetched.
    TokenFetched {
        /// Which token it is: each one that a cache gets has a higher generation.
        generation: u64,
        /// How long the server promises that it is good.
        lifetime: Option<Duration>,
        /// How old the token was that it takes the place of.
        previous_age: Option<Duration>,
        /// What it was asked for.
        reason: FetchReason,
        /// How many callers have waited for it.
        waiters: usize,
        /// How long it took, with attempts that failed.
        took: Duration,
    },
    /// No token could be fetched; all who waited have the error.
    TokenFailed {
        /// Why.
        error: &'a TokenError,
        /// What it was asked for.
        reason: FetchReason,
        /// How many callers have waited for it.
        waiters: usize,
        /// How long it took, with all attempts.
        took: Duration,
    },
    /// An answer has put the token under suspicion.
    Suspected {
        /// The `operationId` of the call.
        operation: &'static str,
        /// The status of the answer.
        status: StatusCode,
        /// What the answer says about the token.
        evidence: Evidence,
    },
    /// A call was made once more with another token, and has its second answer.
    Replayed {
        /// The `operationId` of the call.
        operation: &'static str,
        /// The status of the first answer.
        suspected: StatusCode,
        /// The status of the second answer.
        status: StatusCode,
    },
    /// A suspect answer stands, because no token was asked for. With [`SkipReason::BudgetSpent`] and
    /// [`SkipReason::Fruitless`] the budget has denied one.
    ReplaySkipped {
        /// The `operationId` of the call.
        operation: &'static str,
        /// The status of the answer.
        status: StatusCode,
        /// Why.
        reason: SkipReason,
    },
    /// A suspect answer stands, because there is no other token.
    ReplayFailed {
        /// The `operationId` of the call.
        operation: &'static str,
        /// The status of the answer.
        status: StatusCode,
        /// Why; `None` if the server has issued the same token again.
        error: Option<&'a TokenError>,
    },
    /// An answer demands more of the token than it has, and what
    /// [`ClientOptions::step_up`](crate::ClientOptions::step_up) says is asked for. What comes of it is
    /// told as of any other replay.
    StepUp {
        /// The `operationId` of the call.
        operation: &'static str,
        /// The status of the answer.
        status: StatusCode,
    },
    /// What an answer demands isn't asked for: the budget of such requests is spent, or such tokens haven't
    /// changed the answer. It is judged as without the demand.
    StepUpSkipped {
        /// The `operationId` of the call.
        operation: &'static str,
        /// The status of the answer.
        status: StatusCode,
        /// Why.
        reason: SkipReason,
    },
    /// A call is to be made again after a transient fault.
    Retrying {
        /// The `operationId` of the call.
        operation: &'static str,
        /// How many attempts have been made.
        attempts: u32,
        /// The status of the answer; `None` if there was none.
        status: Option<StatusCode>,
        /// How long is waited before.
        delay: Duration,
    },
    /// A transient fault stands, because the client's budget of retries is spent.
    RetryDenied {
        /// The `operationId` of the call.
        operation: &'static str,
        /// The status of the answer; `None` if there was none.
        status: Option<StatusCode>,
    },
}

/// Why a token is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchReason {
    /// There is none.
    First,
    /// The one at hand has expired or is about to.
    Expired,
    /// The one at hand is to be renewed while it serves.
    Renewal,
    /// An answer has put the one at hand under suspicion.
    Suspected,
    /// The one at hand was rejected, and couldn't be replaced then.
    Rejected,
    /// An API demands more than the one at hand has.
    StepUp,
}

/// Tells the one who listens, and counts.
pub(crate) fn tell(listener: Option<&Listener>, event: &Event<'_>) {
    #[cfg(feature = "metrics")]
    crate::metrics::count(event);
    if let Some(listener) = listener {
        listener.tell(event);
    }
}

/// Who is told of events.
#[derive(Clone)]
pub(crate) struct Listener(Arc<dyn Fn(&Event<'_>) + Send + Sync>);

impl Listener {
    pub(crate) fn new(listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(listener))
    }

    fn tell(&self, event: &Event<'_>) {
        (self.0)(event);
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").finish_non_exhaustive()
    }
}
