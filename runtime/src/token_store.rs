//! Where several processes keep their tokens, so that one of them fetches for all.

mod memory;
#[cfg(feature = "redis")]
mod redis;

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

pub use self::memory::MemoryStore;
#[cfg(feature = "redis")]
pub use self::redis::RedisStore;

/// An operation of a [`TokenStore`] under way.
pub type Storing<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Keeps values under names for a time, and locks the names.
///
/// Names are hashes and values are sealed before they get here: whoever reads the store learns nothing
/// from it. It may forget anything at any time. An error, or an answer that takes too long, counts as
/// if there were no store.
pub trait TokenStore: fmt::Debug + Send + Sync + 'static {
    /// Returns the value under a name and how much longer it is kept.
    fn get<'a>(&'a self, name: &'a str) -> Storing<'a, Option<Kept>>;

    /// Takes the lock of a name, which lasts for `lifetime` at most; `None` while somebody else has it.
    /// Its number is higher than those of all earlier locks of the name.
    fn lock<'a>(&'a self, name: &'a str, lifetime: Duration) -> Storing<'a, Option<u64>>;

    /// Keeps a value and gives up the lock; returns whether it did. It does neither if the lock has run
    /// out, so that who was slow doesn't overwrite what is newer.
    fn put<'a>(
        &'a self,
        name: &'a str,
        lock: u64,
        value: Vec<u8>,
        lifetime: Duration,
    ) -> Storing<'a, bool>;

    /// Gives up a lock, if it is still held.
    fn unlock<'a>(&'a self, name: &'a str, lock: u64) -> Storing<'a, ()>;
}

/// A value that a [`TokenStore`] has kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// The value as it was put.
    pub value: Vec<u8>,
    /// How much longer it is kept.
    pub remaining: Duration,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept")
            .field("length", &self.value.len())
            .field("remaining", &self.remaining)
            .finish_non_exhaustive()
    }
}

/// Why a [`TokenStore`] didn't do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(String);

impl StoreError {
    /// Makes an error of a message, which must hold no secret.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for StoreError {}
