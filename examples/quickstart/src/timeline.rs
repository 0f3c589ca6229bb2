//! What happened, in order, as it is printed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// A printer of events that servers and client share.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    start: Instant,
    /// How many token requests the timeline shows already.
    token_requests: Arc<AtomicUsize>,
    /// What the promises were that weren't kept.
    broken: Arc<Mutex<Vec<String>>>,
}

impl Timeline {
    /// Starts the clock.
    pub(crate) fn start() -> Self {
        Self {
            start: Instant::now(),
            token_requests: Arc::default(),
            broken: Arc::default(),
        }
    }

    /// Prints an event: who says it, and what.
    pub(crate) fn event(&self, who: &str, what: &str) {
        println!(
            "  {:7.3} s  {who:<8} {what}",
            self.start.elapsed().as_secs_f64()
        );
    }

    /// Prints the token requests that have come since the last time, of `count` in all.
    pub(crate) fn token_requests(&self, count: usize) {
        for number in self.token_requests.swap(count, Ordering::Relaxed)..count {
            self.event("token", &format!("request {} → a new token", number + 1));
        }
    }

    /// Prints whether something is as promised, and remembers if it isn't.
    pub(crate) fn promise(&self, kept: bool, what: &str) {
        self.event(if kept { "✓" } else { "✗" }, what);
        if !kept {
            self.lock().push(what.to_owned());
        }
    }

    /// Returns the promises that weren't kept.
    pub(crate) fn broken(&self) -> Vec<String> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.broken
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Prints the title of a chapter.
pub(crate) fn chapter(title: &str) {
    println!("\n{title}");
}
