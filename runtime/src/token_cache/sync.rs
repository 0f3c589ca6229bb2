//! What the cache synchronises by. Under `--cfg shuttle` the mutex, the atomics and the tasks are those
//! of shuttle, which runs the cache in orders of its own choice; `arc-swap` and tokio's channel run as
//! they are, each use of the former being a place where another thread may come in between.

#[cfg(all(test, shuttle))]
pub(super) use shuttle::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
#[cfg(all(test, shuttle))]
pub(super) use shuttle::sync::{Mutex, MutexGuard};
#[cfg(not(all(test, shuttle)))]
pub(super) use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
#[cfg(not(all(test, shuttle)))]
pub(super) use std::sync::{Mutex, MutexGuard};

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use crate::token::AccessToken;

/// How many copies of the current token there are at most: one for as many threads, so that counting who
/// holds it doesn't have processors wait for each other.
const COPIES: usize = 8;

/// How often a token is taken from afar before it is worth a copy: most caches are asked now and then.
const SELDOM: u32 = if cfg!(all(test, shuttle)) { 1 } else { 64 };

/// The current token, read without a lock.
///
/// The first copy is the token. Any other is made for a thread that doesn't look there and asks often, and
/// is gone with the token; both happen under the lock of the cache's state.
#[derive(Debug)]
pub(super) struct Current {
    copies: [ArcSwapOption<AccessToken>; COPIES],
    from_afar: AtomicU32,
    #[cfg(all(test, shuttle))]
    turn: AtomicU32,
}

impl Current {
    pub(super) fn empty() -> Self {
        Self {
            copies: Default::default(),
            from_afar: AtomicU32::new(0),
            #[cfg(all(test, shuttle))]
            turn: AtomicU32::new(0),
        }
    }

    pub(super) fn load(&self) -> Option<Arc<AccessToken>> {
        self.turn();
        self.copies[0].load_full()
    }

    /// Returns the copy of this thread, if there is one.
    #[inline]
    pub(super) fn near(&self) -> Option<Arc<AccessToken>> {
        self.turn();
        self.copies[place()].load_full()
    }

    /// Returns whether this thread, which has no copy, is to have one.
    pub(super) fn is_worth_a_copy(&self) -> bool {
        self.from_afar.fetch_add(1, Ordering::Relaxed) >= SELDOM
    }

    /// Makes the copy of this thread. The caller holds the lock of the state.
    pub(super) fn bring_near(&self) -> Option<Arc<AccessToken>> {
        let token = self.load()?;
        let place = place();
        if place == 0 {
            return Some(token);
        }
        let copy = Arc::new(token.copy());
        self.copies[place].store(Some(Arc::clone(&copy)));
        Some(copy)
    }

    /// Replaces the token. The caller holds the lock of the state.
    pub(super) fn store(&self, token: Arc<AccessToken>) {
        self.turn();
        self.copies[0].store(Some(token));
        self.from_afar.store(0, Ordering::Relaxed);
        self.forget_copies();
    }

    /// Takes the token away. The caller holds the lock of the state.
    pub(super) fn take(&self) -> Option<Arc<AccessToken>> {
        self.turn();
        let token = self.copies[0].swap(None);
        self.forget_copies();
        token
    }

    fn forget_copies(&self) {
        for copy in &self.copies[1..] {
            self.turn();
            copy.store(None);
        }
    }

    pub(super) fn is(&self, token: &AccessToken) -> bool {
        self.turn();
        let current = self.copies[0].load();
        current.as_ref().map(|current| current.generation()) == Some(token.generation())
    }

    #[cfg(not(all(test, shuttle)))]
    #[inline]
    #[allow(clippy::unused_self)]
    const fn turn(&self) {}

    /// Lets shuttle decide whose turn it is.
    #[cfg(all(test, shuttle))]
    fn turn(&self) {
        self.turn.load(Ordering::SeqCst);
    }
}

/// Returns which copy this thread looks at first.
#[cfg(not(all(test, shuttle)))]
#[inline]
fn place() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static PLACE: usize = THREADS.fetch_add(1, Ordering::Relaxed) % COPIES;
    }
    PLACE.with(|place| *place)
}

/// Any, since shuttle's threads are none of the system's.
#[cfg(all(test, shuttle))]
fn place() -> usize {
    use shuttle::rand::Rng;

    shuttle::rand::thread_rng().gen_range(0..2)
}

/// Returns whether there is a runtime to run a task of its own on.
#[cfg(not(all(test, shuttle)))]
pub(super) fn can_spawn() -> bool {
    tokio::runtime::Handle::try_current().is_ok()
}

#[cfg(all(test, shuttle))]
pub(super) const fn can_spawn() -> bool {
    true
}

/// Runs a future on a task of its own; gives it back where there is no runtime.
#[cfg(not(all(test, shuttle)))]
pub(super) fn spawn<F: Future<Output = ()> + Send + 'static>(future: F) -> Result<(), F> {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => {
            runtime.spawn(future);
            Ok(())
        }
        Err(_) => Err(future),
    }
}

#[cfg(all(test, shuttle))]
#[allow(clippy::unnecessary_wraps)]
pub(super) fn spawn<F: Future<Output = ()> + Send + 'static>(future: F) -> Result<(), F> {
    drop(shuttle::future::spawn(future));
    Ok(())
}
