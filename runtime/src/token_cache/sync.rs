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

/// The current token, read without a lock.
#[derive(Debug)]
pub(super) struct Current {
    token: ArcSwapOption<AccessToken>,
    #[cfg(all(test, shuttle))]
    turn: AtomicU32,
}

impl Current {
    pub(super) fn empty() -> Self {
        Self {
            token: ArcSwapOption::empty(),
            #[cfg(all(test, shuttle))]
            turn: AtomicU32::new(0),
        }
    }

    #[inline]
    pub(super) fn load(&self) -> Option<Arc<AccessToken>> {
        self.turn();
        self.token.load_full()
    }

    pub(super) fn store(&self, token: Arc<AccessToken>) {
        self.turn();
        self.token.store(Some(token));
    }

    pub(super) fn take(&self) -> Option<Arc<AccessToken>> {
        self.turn();
        self.token.swap(None)
    }

    pub(super) fn is(&self, token: &AccessToken) -> bool {
        self.turn();
        let current = self.token.load();
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
