//! Calls from code that isn't async.

use std::future::IntoFuture;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle};

/// Waits for a call, or for anything else that can be awaited, on the thread that asks.
///
/// ```no_run
/// use accredit_runtime::{Call, Error, Value, Wait};
///
/// fn order(call: Call<'_, Value>) -> Result<Value, Error> {
///     call.wait()
/// }
/// ```
///
/// Connections and timers are served by a thread of their own, which starts with the first wait. So it
/// works on any thread; one of an async runtime does nothing else meanwhile.
pub trait Wait: IntoFuture<Output: Send, IntoFuture: Send> + Sized {
    /// Waits for the outcome.
    ///
    /// # Panics
    ///
    /// Panics where the system gives no thread.
    fn wait(self) -> Self::Output {
        let future = self.into_future();
        if Handle::try_current().is_err() {
            return block_on(future);
        }
        // A future that yields to the runtime of this thread is woken by it, and it stands still.
        thread::scope(|scope| {
            let waiting = scope.spawn(|| block_on(future));
            waiting.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }
}

impl<F: IntoFuture<Output: Send, IntoFuture: Send>> Wait for F {}

/// Returns the runtime that serves connections and timers.
fn connections() -> &'static Handle {
    static CONNECTIONS: OnceLock<Handle> = OnceLock::new();
    CONNECTIONS.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("the system gives what a runtime needs");
        let handle = runtime.handle().clone();
        thread::Builder::new()
            .name("accredit".to_owned())
            .spawn(move || runtime.block_on(std::future::pending::<()>()))
            .expect("the system gives a thread");
        handle
    })
}

/// Wakes the thread that waits.
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Polls a future on this thread until it is done.
fn block_on<F: Future>(future: F) -> F::Output {
    let _entered = connections().enter();
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Parked(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::sleep;

    use super::*;

    async fn slept() -> u32 {
        for _ in 0..200 {
            // More polls than a task has in one go.
            tokio::task::yield_now().await;
        }
        sleep(Duration::from_millis(1)).await;
        7
    }

    #[test]
    fn a_plain_thread_waits() {
        assert_eq!(slept().wait(), 7);
    }

    #[tokio::test]
    async fn a_thread_of_a_runtime_waits() {
        assert_eq!(slept().wait(), 7);
        assert_eq!(slept().await, 7);
    }

    #[test]
    fn many_threads_wait_at_once() {
        thread::scope(|scope| {
            let waiting: Vec<_> = (0..8).map(|_| scope.spawn(|| slept().wait())).collect();
            for thread in waiting {
                assert_eq!(thread.join().expect("no panic"), 7);
            }
        });
    }
}
