//! Time behind a trait: what the time is, and how to wait.

use std::fmt;
use std::num::NonZeroU64;
use std::pin::Pin;
use std::time::Duration;

/// A wait, made by [`Clock::sleep`].
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source of time.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Returns the present moment.
    fn now(&self) -> Moment;

    /// Waits for a duration.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Returns a number that changes whenever some milliseconds have passed, if that costs less than
    /// [`now`](Self::now).
    fn tick(&self) -> Option<NonZeroU64> {
        None
    }
}

/// A point in time on two clocks at once.
///
/// The monotonic clock stands still while a machine is suspended, the wall clock can be set. A
/// duration between two moments is the longer of what the two clocks say, so that neither a
/// suspension nor a clock set back keeps a dead token in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    // Nanoseconds, which last for five centuries: there are many moments in a cache.
    monotonic: u64,
    wall: u64,
}

impl Moment {
    /// Makes a moment of the time since any fixed origin and the time since the Unix epoch.
    #[must_use]
    pub const fn new(monotonic: Duration, wall: Duration) -> Self {
        Self {
            monotonic: nanoseconds(monotonic),
            wall: nanoseconds(wall),
        }
    }

    /// Returns the time that has passed since an earlier moment; zero if it isn't earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let monotonic = self.monotonic.saturating_sub(earlier.monotonic);
        let wall = self.wall.saturating_sub(earlier.wall);
        Duration::from_nanos(monotonic.max(wall))
    }

    /// Returns the moment until which less than `age` has passed since this one.
    pub(crate) fn after(self, age: Duration) -> Self {
        let age = nanoseconds(age);
        Self {
            monotonic: self.monotonic.saturating_add(age),
            wall: self.wall.saturating_add(age),
        }
    }

    /// Returns whether this moment lies before another by both clocks: whether
    /// `self.since(start) < age` for an `other` that is `start.after(age)`.
    pub(crate) fn is_before(self, other: Self) -> bool {
        self.monotonic < other.monotonic && self.wall < other.wall
    }

    /// Returns the time since the Unix epoch.
    #[must_use]
    pub const fn since_epoch(self) -> Duration {
        Duration::from_nanos(self.wall)
    }
}

const fn nanoseconds(duration: Duration) -> u64 {
    let seconds = duration.as_secs().saturating_mul(1_000_000_000);
    seconds.saturating_add(duration.subsec_nanos() as u64)
}

/// The clocks of the operating system; sleeps by tokio's timer.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        system::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }

    fn tick(&self) -> Option<NonZeroU64> {
        system::tick()
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::num::NonZeroU64;
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    use super::Moment;

    pub(super) fn now() -> Moment {
        Moment::new(read(ClockId::Monotonic), read(ClockId::Realtime))
    }

    /// As the last tick of the kernel has left it, at a quarter of the cost of the time.
    #[inline]
    pub(super) fn tick() -> Option<NonZeroU64> {
        let time = clock_gettime(ClockId::MonotonicCoarse);
        let (seconds, rest) = (time.tv_sec.cast_unsigned(), time.tv_nsec.cast_unsigned());
        NonZeroU64::new(seconds.wrapping_mul(1_000_000_000).wrapping_add(rest))
    }

    fn read(clock: ClockId) -> Duration {
        clock_gettime(clock).try_into().unwrap_or_default()
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::num::NonZeroU64;
    use std::sync::LazyLock;
    use std::time::{Instant, SystemTime, UNIX_EPOCH};

    use super::Moment;

    static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

    pub(super) fn now() -> Moment {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH);
        Moment::new(ORIGIN.elapsed(), wall.unwrap_or_default())
    }

    pub(super) fn tick() -> Option<NonZeroU64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn moment(monotonic: u64, wall: u64) -> Moment {
        Moment::new(Duration::from_secs(monotonic), Duration::from_secs(wall))
    }

    #[test]
    fn a_suspension_counts_by_the_wall_clock() {
        assert_eq!(
            moment(10, 8200).since(moment(10, 1000)),
            Duration::from_secs(7200)
        );
    }

    #[test]
    fn a_wall_clock_set_back_counts_by_the_monotonic_clock() {
        assert_eq!(
            moment(40, 500).since(moment(10, 1000)),
            Duration::from_secs(30)
        );
    }

    #[test]
    fn an_earlier_moment_is_no_time_ago() {
        assert_eq!(moment(1, 1).since(moment(2, 2)), Duration::ZERO);
    }

    #[test]
    fn the_system_clock_does_not_run_backwards() {
        let first = SystemClock.now();
        let second = SystemClock.now();
        assert!(second.monotonic >= first.monotonic);
        assert!(second.since_epoch() > Duration::from_secs(1_700_000_000));
    }

    #[test]
    fn a_tick_is_short() {
        let Some(tick) = SystemClock.tick() else {
            return;
        };
        let start = SystemClock.now();
        while SystemClock.tick() == Some(tick) {
            std::thread::yield_now();
        }
        assert!(SystemClock.now().since(start) < Duration::from_millis(100));
    }
}
