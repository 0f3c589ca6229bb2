//! Whether a call is made again after a transient fault.

use std::time::Duration;

use tokio::time::sleep;

use super::{Received, Wire};
use crate::error::Error;
use crate::event::Event;
use crate::retry::{self, RetryPolicy};
use crate::transport::TransportError;

impl Wire<'_> {
    /// Waits for the next attempt, if there is to be one, and otherwise returns what the call ends with.
    pub(super) async fn retried(
        &mut self,
        mut outcome: Result<Box<Received>, TransportError>,
    ) -> Option<Result<Box<Received>, Error>> {
        if let Some(delay) = self.delay(&mut outcome) {
            sleep(delay).await;
            return None;
        }
        if let Ok(received) = &mut outcome
            && !self.operation.is_success(received.answer.status())
        {
            received.finish(self.deadline).await;
        }
        Some(outcome.map_err(Error::unanswered))
    }

    /// Returns how long to wait before the next attempt; `None` if the outcome is the last one.
    fn delay(&mut self, outcome: &mut Result<Box<Received>, TransportError>) -> Option<Duration> {
        self.tried += 1;
        let (is_transient, status) = match outcome {
            Ok(received) => {
                let status = received.answer.status();
                (retry::is_transient(status), Some(status))
            }
            Err(error) => (error.is_transient(), None),
        };
        if !is_transient {
            self.core.budget().earn();
            return None;
        }
        let answer = outcome.as_ref().ok().map(|received| &received.answer);
        let retry_after = answer.and_then(|answer| retry::retry_after(answer.headers()));
        let policy = if self.draft.is_idempotent() && self.draft.is_replayable() {
            self.draft.retry.unwrap_or(self.core.retry())
        } else {
            RetryPolicy::off()
        };
        let delay = policy.delay(self.tried, retry_after, fastrand::f64());
        let delay = delay.filter(|delay| self.deadline.allows(*delay))?;
        let operation = self.operation.id;
        if !self.core.budget().spend() {
            self.core.tell(&Event::RetryDenied { operation, status });
            return None;
        }
        self.core.tell(&Event::Retrying {
            operation,
            attempts: self.tried,
            status,
            delay,
        });
        tracing::debug!(attempt = self.tried, ?delay, "a transient fault is retried");
        if let Ok(received) = outcome {
            // Nobody will read it, and it holds a connection.
            received.rest = None;
        }
        Some(delay)
    }
}
