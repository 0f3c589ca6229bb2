//! Time that passes when it is told to.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::clock::{Clock, Moment, Sleep};

/// A clock that stands still until it is advanced; clones show the same time.
#[derive(Clone)]
pub struct ManualClock(Arc<Mutex<State>>);

struct State {
    monotonic: Duration,
    wall: Duration,
    sleepers: Vec<Sleeper>,
    next: u64,
    /// Those who wait for others to sleep.
    watchers: Vec<Waker>,
}

struct Sleeper {
    id: u64,
    until: Duration,
    waker: Waker,
}

/// The wall clock of a new [`ManualClock`]: some day in 2024.
const START: Duration = Duration::from_secs(1_720_000_000);

impl ManualClock {
    /// Makes a clock that stands still.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            monotonic: Duration::ZERO,
            wall: START,
            sleepers: Vec::new(),
            next: 0,
            watchers: Vec::new(),
        })))
    }

    /// Lets time pass; whoever has slept long enough wakes.
    pub fn advance(&self, duration: Duration) {
        let woken: Vec<Waker> = {
            let mut state = self.state();
            state.monotonic += duration;
            state.wall += duration;
            let now = state.monotonic;
            let woken = state
                .sleepers
                .extract_if(.., |sleeper| sleeper.until <= now);
            woken.map(|sleeper| sleeper.waker).collect()
        };
        woken.into_iter().for_each(Waker::wake);
    }

    /// Sets the wall clock forward, as a machine sees it that was suspended.
    pub fn set_wall_forward(&self, duration: Duration) {
        self.state().wall += duration;
    }

    /// Sets the wall clock back.
    pub fn set_wall_back(&self, duration: Duration) {
        let mut state = self.state();
        state.wall = state.wall.saturating_sub(duration);
    }

    /// Returns how many sleep.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        self.state().sleepers.len()
    }

    /// Waits until at least so many sleep.
    pub async fn wait_for_sleepers(&self, count: usize) {
        std::future::poll_fn(|context| {
            let mut state = self.state();
            if state.sleepers.len() >= count {
                return Poll::Ready(());
            }
            state.watchers.push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        let state = self.state();
        Moment::new(state.monotonic, state.wall)
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let mut state = self.state();
        state.next += 1;
        Box::pin(ManualSleep {
            clock: self.clone(),
            id: state.next,
            until: state.monotonic.saturating_add(duration),
        })
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("ManualClock")
            .field("monotonic", &state.monotonic)
            .field("wall", &state.wall)
            .field("sleepers", &state.sleepers.len())
            .finish()
    }
}

struct ManualSleep {
    clock: ManualClock,
    id: u64,
    until: Duration,
}

impl Future for ManualSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let watchers = {
            let mut state = self.clock.state();
            state.sleepers.retain(|sleeper| sleeper.id != self.id);
            if state.monotonic >= self.until {
                return Poll::Ready(());
            }
            state.sleepers.push(Sleeper {
                id: self.id,
                until: self.until,
                waker: context.waker().clone(),
            });
            std::mem::take(&mut state.watchers)
        };
        watchers.into_iter().for_each(Waker::wake);
        Poll::Pending
    }
}

impl Drop for ManualSleep {
    fn drop(&mut self) {
        let mut state = self.clock.state();
        state.sleepers.retain(|sleeper| sleeper.id != self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleep_ends_when_the_clock_is_advanced() {
        let clock = ManualClock::new();
        let sleeper = tokio::spawn(clock.sleep(Duration::from_secs(10)));
        clock.wait_for_sleepers(1).await;
        clock.advance(Duration::from_secs(9));
        assert_eq!(clock.sleepers(), 1);
        clock.advance(Duration::from_secs(1));
        sleeper.await.unwrap();
        assert_eq!(clock.sleepers(), 0);
    }

    #[tokio::test]
    async fn a_dropped_sleep_is_forgotten() {
        let clock = ManualClock::new();
        let sleeper = tokio::spawn(clock.sleep(Duration::from_secs(10)));
        clock.wait_for_sleepers(1).await;
        sleeper.abort();
        assert!(sleeper.await.is_err());
        assert_eq!(clock.sleepers(), 0);
    }
}
