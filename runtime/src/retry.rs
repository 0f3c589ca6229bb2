//! Retries: the same request again after a transient fault.
//!
//! Retry is not replay: it has nothing to do with the token, has its own count, and is for
//! idempotent requests only.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};

use crate::backoff::Backoff;

/// How transient faults are retried.
///
/// Transient are a connection that fails, and the statuses 408, 429, 500, 502, 503 and 504. A request
/// is retried only if its method is idempotent
/// ([RFC 9110 §9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2)) or it has an idempotency
/// key. The delay doubles with full jitter; `Retry-After`
/// ([RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)) has precedence, and ends
/// the retries if it asks for more than the longest delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    base_delay: Duration,
    longest_delay: Duration,
}

impl RetryPolicy {
    /// Makes the default policy: three attempts, 200 ms, at most 20 s apart.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            attempts: 3,
            base_delay: Duration::from_millis(200),
            longest_delay: Duration::from_secs(20),
        }
    }

    /// Makes a policy that never retries.
    #[must_use]
    pub const fn off() -> Self {
        Self::new().attempts(1)
    }

    /// Sets how many times a request is sent at most, the first time included.
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the bound of the first delay.
    #[must_use]
    pub const fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the bound of any delay.
    #[must_use]
    pub const fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// Returns how long to wait before the next attempt, or `None` if there is none. `attempts` have
    /// been made; `random` is in `[0, 1)`.
    pub(crate) fn delay(
        &self,
        attempts: u32,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        if attempts >= self.attempts {
            return None;
        }
        let backoff = Backoff::new(self.base_delay, self.longest_delay);
        match retry_after {
            Some(delay) if delay > self.longest_delay => None,
            Some(delay) => Some(delay),
            None => Some(backoff.delay(attempts, random)),
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns whether a status may change with no human action.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

/// Returns how long the server asks to wait, given as seconds or as a date. A date counts from the
/// server's own clock where it tells its time.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits that don't fit mean longer than anyone waits.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let now = headers
        .get(DATE)
        .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok())
        .unwrap_or_else(SystemTime::now);
    Some(date.duration_since(now).unwrap_or_default())
}

/// How much a client may add to the load of a server in trouble: each retry costs, each answer that
/// is no fault pays back. It keeps an outage from tripling the traffic.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

/// 100 retries in a row, then one per ten good answers.
const FULL: u32 = 1000;
const COST: u32 = 10;

impl RetryBudget {
    pub(crate) const fn new() -> Self {
        Self(AtomicU32::new(FULL))
    }

    /// Takes the cost of a retry; returns whether it could be paid.
    pub(crate) fn spend(&self) -> bool {
        self.change(|balance| balance.checked_sub(COST))
    }

    /// Notes an answer that is no fault.
    pub(crate) fn earn(&self) {
        self.change(|balance| (balance < FULL).then_some(balance + 1));
    }

    fn change(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, change)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn after(headers: &[(http::HeaderName, &'static str)]) -> Option<Duration> {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect();
        retry_after(&headers)
    }

    #[test]
    fn delays_double_within_the_longest() {
        let policy = RetryPolicy::new()
            .attempts(10)
            .longest_delay(Duration::from_secs(1));
        let delays: Vec<_> = (1..6)
            .filter_map(|attempts| policy.delay(attempts, None, 1.0))
            .map(|delay| delay.as_millis())
            .collect();
        assert_eq!(delays, [200, 400, 800, 1000, 1000]);
        assert_eq!(policy.delay(3, None, 0.0), Some(Duration::ZERO));
    }

    #[test]
    fn attempts_are_counted_with_the_first() {
        let policy = RetryPolicy::new();
        assert!(policy.delay(2, None, 0.5).is_some());
        assert_eq!(policy.delay(3, None, 0.5), None);
        assert_eq!(RetryPolicy::off().delay(1, None, 0.5), None);
    }

    #[test]
    fn the_server_says_how_long_to_wait_but_not_too_long() {
        let policy = RetryPolicy::new();
        let wait = Duration::from_secs(7);
        assert_eq!(policy.delay(1, Some(wait), 0.5), Some(wait));
        assert_eq!(policy.delay(1, Some(Duration::from_secs(3600)), 0.5), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(after(&[]), None);
        assert_eq!(
            after(&[(RETRY_AFTER, "120")]),
            Some(Duration::from_secs(120))
        );
        assert_eq!(
            after(&[
                (RETRY_AFTER, "Fri, 31 Dec 1999 23:59:59 GMT"),
                (DATE, "Fri, 31 Dec 1999 23:59:29 GMT"),
            ]),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            after(&[(RETRY_AFTER, "Fri, 31 Dec 1999 23:59:59 GMT")]),
            Some(Duration::ZERO)
        );
        for nonsense in ["", "-1", "1.5", "soon", "99 days"] {
            assert_eq!(after(&[(RETRY_AFTER, nonsense)]), None, "{nonsense}");
        }
        assert_eq!(
            after(&[(RETRY_AFTER, "99999999999999999999999")]),
            Some(Duration::from_secs(u64::MAX))
        );
    }

    #[test]
    fn a_budget_that_is_spent_fills_with_good_answers() {
        let budget = RetryBudget::new();
        assert_eq!((0..200).filter(|_| budget.spend()).count(), 100);
        (0..9).for_each(|_| budget.earn());
        assert!(!budget.spend());
        budget.earn();
        assert!(budget.spend());
    }
}
