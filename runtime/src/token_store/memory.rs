//! A store for the clients of one process.

use std::collections::HashMap;
use std::fmt;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Kept, Storing, TokenStore};
use crate::clock::{Clock, Moment, SystemClock};

/// Keeps tokens in memory, for several clients of one process with the same credentials. Clones share
/// what they keep.
#[derive(Clone)]
pub struct MemoryStore(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    values: HashMap<String, Timed<Vec<u8>>>,
    locks: HashMap<String, Timed<u64>>,
    last: u64,
}

/// Something that is there for a time.
struct Timed<T> {
    content: T,
    since: Moment,
    lifetime: Duration,
}

impl<T> Timed<T> {
    fn remaining(&self, now: Moment) -> Option<Duration> {
        let remaining = self.lifetime.saturating_sub(now.since(self.since));
        (!remaining.is_zero()).then_some(remaining)
    }
}

impl MemoryStore {
    /// Makes an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(Arc::new(SystemClock))
    }

    /// Makes an empty store that goes by another clock.
    #[must_use]
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared {
            clock,
            state: Mutex::default(),
        }))
    }

    /// Returns the state, without what has expired, and the time.
    fn state(&self) -> (MutexGuard<'_, State>, Moment) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.0.clock.now();
        state.values.retain(|_, held| held.remaining(now).is_some());
        state.locks.retain(|_, held| held.remaining(now).is_some());
        (state, now)
    }
}

impl State {
    fn release(&mut self, name: &str, lock: u64) -> bool {
        let holds = self
            .locks
            .get(name)
            .is_some_and(|held| held.content == lock);
        if holds {
            self.locks.remove(name);
        }
        holds
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl TokenStore for MemoryStore {
    fn get<'a>(&'a self, name: &'a str) -> Storing<'a, Option<Kept>> {
        let (state, now) = self.state();
        let kept = state.values.get(name).and_then(|held| {
            Some(Kept {
                value: held.content.clone(),
                remaining: held.remaining(now)?,
            })
        });
        Box::pin(ready(Ok(kept)))
    }

    fn lock<'a>(&'a self, name: &'a str, lifetime: Duration) -> Storing<'a, Option<u64>> {
        let (mut state, since) = self.state();
        if state.locks.contains_key(name) {
            return Box::pin(ready(Ok(None)));
        }
        state.last += 1;
        let content = state.last;
        let lock = Timed {
            content,
            since,
            lifetime,
        };
        state.locks.insert(name.to_owned(), lock);
        Box::pin(ready(Ok(Some(content))))
    }

    fn put<'a>(
        &'a self,
        name: &'a str,
        lock: u64,
        value: Vec<u8>,
        lifetime: Duration,
    ) -> Storing<'a, bool> {
        let (mut state, since) = self.state();
        // A lock that has run out is as good as lost: another may have been taken and given up since.
        let holds = state.release(name, lock);
        if holds {
            let value = Timed {
                content: value,
                since,
                lifetime,
            };
            state.values.insert(name.to_owned(), value);
        }
        Box::pin(ready(Ok(holds)))
    }

    fn unlock<'a>(&'a self, name: &'a str, lock: u64) -> Storing<'a, ()> {
        self.state().0.release(name, lock);
        Box::pin(ready(Ok(())))
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("values", &self.state().0.values.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ManualClock;

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_value_is_kept_for_its_lifetime() {
        let clock = ManualClock::new();
        let store = MemoryStore::with_clock(Arc::new(clock.clone()));
        let lock = store.lock("a", MINUTE).await.unwrap().unwrap();
        assert!(store.put("a", lock, vec![1], MINUTE).await.unwrap());
        clock.advance(Duration::from_secs(20));
        let kept = store.get("a").await.unwrap().unwrap();
        assert_eq!((kept.value, kept.remaining.as_secs()), (vec![1], 40));
        assert_eq!(store.get("b").await.unwrap(), None);
        clock.advance(Duration::from_secs(40));
        assert_eq!(store.get("a").await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_lock_has_one_holder_until_it_runs_out() {
        let clock = ManualClock::new();
        let store = MemoryStore::with_clock(Arc::new(clock.clone()));
        let first = store.lock("a", MINUTE).await.unwrap().unwrap();
        assert_eq!(store.lock("a", MINUTE).await.unwrap(), None);
        assert!(store.lock("b", MINUTE).await.unwrap().is_some());
        clock.advance(MINUTE);
        let second = store.lock("a", MINUTE).await.unwrap().unwrap();
        assert!(second > first);
        // Who was too slow neither puts nor unlocks.
        assert!(!store.put("a", first, vec![1], MINUTE).await.unwrap());
        store.unlock("a", first).await.unwrap();
        assert_eq!(store.lock("a", MINUTE).await.unwrap(), None);
        store.unlock("a", second).await.unwrap();
        assert!(store.lock("a", MINUTE).await.unwrap().is_some());
    }
}
