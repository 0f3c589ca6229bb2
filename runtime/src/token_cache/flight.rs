//! One token request, with its retries and its deadline, on behalf of any number of callers.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::runtime::{Handle, Id};
use tokio::sync::watch;

use super::sync::{AtomicUsize, Ordering};
use crate::backoff::Backoff;
use crate::clock::{Clock, Moment};
use crate::event::FetchReason;
use crate::token::{AccessToken, IssuedToken};
use crate::token_error::TokenError;
use crate::token_source::TokenSource;

/// What a flight ends with; shared by all who wait.
pub(super) type Outcome = Result<Arc<AccessToken>, TokenError>;

/// The end of a flight's own time.
const DEADLINE: Duration = Duration::from_secs(30);

/// A flight that hasn't landed by then is lost: the runtime that drives it stands still.
const LOST: Duration = Duration::from_secs(35);

const ATTEMPTS: u32 = 3;

const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(2));

/// A token request that is under way.
#[derive(Debug, Clone)]
pub(super) struct Flight {
    pub(super) id: u64,
    pub(super) opened: Moment,
    /// The runtime that drives it.
    runtime: Option<Id>,
    outcome: watch::Receiver<Option<Outcome>>,
    waiters: Arc<AtomicUsize>,
}

/// The end of a flight that its pilot holds.
#[derive(Debug)]
pub(super) struct Landing {
    pub(super) reason: FetchReason,
    outcome: watch::Sender<Option<Outcome>>,
    waiters: Arc<AtomicUsize>,
}

impl Flight {
    pub(super) fn open(id: u64, reason: FetchReason, now: Moment) -> (Self, Landing) {
        let (sender, receiver) = watch::channel(None);
        let waiters = Arc::new(AtomicUsize::new(0));
        let flight = Self {
            id,
            opened: now,
            runtime: here(),
            outcome: receiver,
            waiters: Arc::clone(&waiters),
        };
        let landing = Landing {
            reason,
            outcome: sender,
            waiters,
        };
        (flight, landing)
    }

    /// Says that a caller depends on the flight, so that it is worth retries.
    pub(super) fn awaited(&self) {
        self.waiters.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits for the outcome; `None` if the flight ends without one.
    pub(super) async fn outcome(mut self, clock: &dyn Clock) -> Option<Outcome> {
        let is_driven_here = self.runtime.is_some() && self.runtime == here();
        let landed = pin!(self.outcome.wait_for(Option::is_some));
        if is_driven_here {
            // Where that stands still, so does a timer: thousands of them would be for nothing.
            return landed.await.ok().and_then(|outcome| outcome.clone());
        }
        match select(landed, clock.sleep(LOST)).await {
            Either::Left((landed, _)) => landed.ok().and_then(|outcome| outcome.clone()),
            Either::Right(_) => None,
        }
    }
}

/// Returns which runtime this is.
fn here() -> Option<Id> {
    Handle::try_current().ok().map(|runtime| runtime.id())
}

impl Landing {
    pub(super) fn land(&self, outcome: Outcome) {
        self.outcome.send_replace(Some(outcome));
    }

    /// Asks a source for a token, again if that may help; returns it with the time of the request.
    pub(super) async fn fetch(
        &self,
        source: &dyn TokenSource,
        clock: &dyn Clock,
    ) -> Result<(IssuedToken, Moment), TokenError> {
        let mut deadline = clock.sleep(DEADLINE);
        let started = clock.now();
        let mut failures = 0;
        loop {
            let requested = clock.now();
            let error = match select(source.issue(), &mut deadline).await {
                Either::Left((Ok(issued), _)) => return Ok((issued, requested)),
                Either::Left((Err(error), _)) => error,
                Either::Right(_) => {
                    return Err(TokenError::timeout(
                        "the token endpoint gave no token in time",
                    ));
                }
            };
            failures += 1;
            tracing::debug!(attempt = failures, error = %error, "token request failed");
            if !error.is_transient() || failures >= ATTEMPTS || self.waiters() == 0 {
                return Err(error);
            }
            let asked = error.retry_after().unwrap_or_default();
            let delay = BACKOFF.delay(failures, fastrand::f64()).max(asked);
            if clock.now().since(started).saturating_add(delay) >= DEADLINE {
                return Err(error);
            }
            clock.sleep(delay).await;
        }
    }

    /// Returns how many callers have waited so far.
    pub(super) fn waiters(&self) -> usize {
        self.waiters.load(Ordering::Relaxed)
    }
}
