//! How long to wait before the next attempt.

use std::time::Duration;

/// Exponential delays with full jitter: any time between nothing and a bound that doubles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    base: Duration,
    most: Duration,
}

impl Backoff {
    pub(crate) const fn new(base: Duration, most: Duration) -> Self {
        Self { base, most }
    }

    /// Returns the bound of the delay after a number of failures, the first being 1.
    pub(crate) fn bound(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        self.base.saturating_mul(1 << doublings).min(self.most)
    }

    /// Returns the delay after a number of failures; `random` is in `[0, 1)`.
    pub(crate) fn delay(&self, failures: u32, random: f64) -> Duration {
        self.bound(failures).mul_f64(random.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(2));

    #[test]
    fn the_bound_doubles_up_to_the_most() {
        let bounds: Vec<_> = [1, 2, 3, 5, 6, 7, u32::MAX]
            .map(|failures| BACKOFF.bound(failures).as_millis())
            .into();
        assert_eq!(bounds, [100, 200, 400, 1600, 2000, 2000, 2000]);
    }

    #[test]
    fn the_delay_is_within_the_bound() {
        assert_eq!(BACKOFF.delay(1, 0.0), Duration::ZERO);
        assert_eq!(BACKOFF.delay(3, 0.5), Duration::from_millis(200));
        assert_eq!(BACKOFF.delay(3, 7.0), Duration::from_millis(400));
    }
}
