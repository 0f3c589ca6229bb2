//! Waiting for no longer than there is time.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::task::coop::{Unconstrained, unconstrained};
use tokio::time::{Instant, Sleep, sleep_until};

/// Waits for a future up to a moment, which is asked for once it isn't ready at once; `None` if it comes
/// first.
///
/// Most waits have no end or need none: beside a `tokio::time::timeout`, this one reads no clock for
/// them, and has no room for a timer.
pub(crate) fn until<F: Future>(
    mut future: Pin<&mut F>,
    end: impl Fn() -> Option<Instant>,
) -> impl Future<Output = Option<F::Output>> {
    let mut timer = Timer::default();
    poll_fn(move |context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => timer.poll(context, &end).map(|()| None),
    })
}

/// A timer that is set once it is asked.
#[derive(Default)]
pub(crate) struct Timer(Option<Pin<Box<Unconstrained<Sleep>>>>);

impl Timer {
    /// Returns whether the moment has come for which the timer is set; never, if there is none.
    #[inline]
    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
        end: impl FnOnce() -> Option<Instant>,
    ) -> Poll<()> {
        if self.0.is_none() {
            // What uses up all that its task may do at a time can't keep the end from being seen.
            self.0 = end().map(|end| Box::pin(unconstrained(sleep_until(end))));
        }
        match &mut self.0 {
            Some(sleep) => sleep.as_mut().poll(context),
            None => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::pin::pin;
    use std::time::Duration;

    use tokio::sync::mpsc;

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(10)
    }

    #[tokio::test]
    async fn what_is_ready_is_not_late() {
        let past = || Some(Instant::now());
        assert_eq!(until(pin!(ready(1)), past).await, Some(1));
    }

    #[tokio::test]
    async fn what_never_comes_ends() {
        assert_eq!(until(pin!(pending::<()>()), || Some(soon())).await, None);
    }

    #[tokio::test]
    async fn what_never_rests_ends() {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let busy = async {
            loop {
                sender.send(()).expect("a receiver");
                receiver.recv().await;
            }
        };
        assert_eq!(until(pin!(busy), || Some(soon())).await, None::<()>);
    }
}
