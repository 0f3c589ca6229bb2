//! One token for several processes: one of them fetches it under a lock, the others find it.

mod seal;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use zeroize::Zeroizing;

use self::seal::Seal;
use crate::credential_provider::CredentialProvider;
use crate::credentials::Credential;
use crate::token::IssuedToken;
use crate::token_error::TokenError;
use crate::token_store::{StoreError, Storing, TokenStore};

/// Shares the tokens of a client with other processes, by a [`TokenStore`].
///
/// Whoever needs a token takes the one that is kept, unless that is the one it had before. Otherwise
/// one process fetches, and the others wait for it. Without the store, or with one that doesn't answer
/// in time, each process fetches for itself.
#[derive(Clone)]
pub struct TokenSharing {
    store: Arc<dyn TokenStore>,
    key: Arc<dyn CredentialProvider>,
    patience: Duration,
    lock_lifetime: Duration,
}

/// One token's part in it: what one cache has seen of the store.
pub(crate) struct Share {
    sharing: TokenSharing,
    /// What the token is for: equal ones are for the same.
    identity: Vec<Zeroizing<String>>,
    /// The number of the lock under which the token at hand was kept; what has a higher one is newer.
    seen: AtomicU64,
}

/// How often one looks whether another process has fetched; doubles from the first to the second.
const POLLS: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(200));

/// How long a token without a lifetime is kept. It is renewed that often anyway.
const KEPT_WITHOUT_LIFETIME: Duration = Duration::from_secs(3600);

/// What is left of a token that is worth taking: at least this part of its lifetime, or so long.
const WORTH_TAKING: (u32, Duration) = (10, Duration::from_secs(60));

impl TokenSharing {
    /// Shares by a store. `key` provides a [`Credential::Secret`] of at least 32 bytes that all
    /// processes have: it seals what is kept, and without it the names can't be guessed. It is asked
    /// before each use; under a new one nothing is found of what is kept under the old one.
    pub fn new(store: impl TokenStore, key: impl CredentialProvider) -> Self {
        Self {
            store: Arc::new(store),
            key: Arc::new(key),
            patience: Duration::from_millis(500),
            lock_lifetime: Duration::from_secs(10),
        }
    }

    /// Sets how long an operation of the store may take before it counts as failed, 500 ms by default.
    #[must_use]
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Sets how long the lock of a process lasts that is gone before it has fetched, 10 s by default:
    /// so long others wait for it. It should last longer than token requests take.
    #[must_use]
    pub const fn lock_lifetime(mut self, lifetime: Duration) -> Self {
        self.lock_lifetime = lifetime;
        self
    }

    pub(crate) fn share(self, identity: Vec<Zeroizing<String>>) -> Share {
        Share {
            sharing: self,
            identity,
            seen: AtomicU64::new(0),
        }
    }

    /// Returns the seal of now; `None` if the key can't be had.
    async fn seal(&self) -> Result<Option<Seal>, TokenError> {
        match self.key.credential().await {
            Ok(Credential::Secret(secret)) => Seal::of(&secret).map(Some),
            Ok(_) => Err(TokenError::permanent(
                "the key of the token store is no secret",
            )),
            Err(error) => {
                tracing::warn!(%error, "the key of the token store is missing");
                Ok(None)
            }
        }
    }

    async fn within<T>(&self, operation: Storing<'_, T>) -> Result<T, StoreError> {
        let outcome = timeout(self.patience, operation).await;
        outcome.unwrap_or_else(|_| Err(StoreError::new("the token store doesn't answer in time")))
    }
}

impl Share {
    /// Makes the share of a token that is asked for with other values of some parameters.
    pub(crate) fn with(&self, parameters: &[(String, String)]) -> Self {
        let mut share = self.clone();
        let parameters = parameters.iter();
        let parts = parameters.map(|(name, value)| Zeroizing::new(format!("{name}={value}")));
        share.identity.extend(parts);
        share
    }

    /// Returns a token that another process has fetched, or fetches one for all.
    pub(crate) async fn token<F>(&self, fetch: impl Fn() -> F) -> Result<IssuedToken, TokenError>
    where
        F: Future<Output = Result<IssuedToken, TokenError>>,
    {
        let Some(seal) = self.sharing.seal().await? else {
            return fetch().await;
        };
        let name = seal.name(&self.identity);
        match self.find(&seal, &name).await {
            Ok(Found::Token(token)) => Ok(token),
            Ok(Found::Lock(lock)) => self.fetch_for_all(&seal, &name, lock, fetch).await,
            Ok(Found::Nothing) => fetch().await,
            Err(error) => {
                tracing::warn!(%error, "the token store is left out");
                fetch().await
            }
        }
    }

    /// Waits for a token that is newer than the one at hand, or for the right to fetch it.
    async fn find(&self, seal: &Seal, name: &str) -> Result<Found, StoreError> {
        let sharing = &self.sharing;
        // Whoever fetches may die over it, and whoever comes after, but not one after the other.
        let end = Instant::now() + sharing.lock_lifetime * 2;
        let (mut pause, longest_pause) = POLLS;
        loop {
            if let Some(token) = self.kept(seal, name).await? {
                return Ok(Found::Token(token));
            }
            let lock = sharing.store.lock(name, sharing.lock_lifetime);
            if let Some(lock) = sharing.within(lock).await? {
                // Somebody may have fetched and gone since the first look.
                let Some(token) = self.kept(seal, name).await? else {
                    return Ok(Found::Lock(lock));
                };
                self.unlock(name, lock).await;
                return Ok(Found::Token(token));
            }
            if Instant::now() + pause > end {
                return Ok(Found::Nothing);
            }
            sleep(pause.mul_f64(0.5 + fastrand::f64() / 2.0)).await;
            pause = (pause * 2).min(longest_pause);
        }
    }

    /// Returns the token that is kept, if it is newer than the one at hand and lives long enough.
    async fn kept(&self, seal: &Seal, name: &str) -> Result<Option<IssuedToken>, StoreError> {
        let sharing = &self.sharing;
        let Some(kept) = sharing.within(sharing.store.get(name)).await? else {
            return Ok(None);
        };
        let Some((lock, token)) = seal.open(name, kept.value) else {
            tracing::warn!("the token store holds what can't be opened");
            return Ok(None);
        };
        let (part, long) = WORTH_TAKING;
        let lifetime = token.promised();
        let is_dying = lifetime.is_some_and(|it| kept.remaining < long.min(it / part));
        if lock <= self.seen.load(Ordering::Relaxed) || is_dying {
            return Ok(None);
        }
        self.seen.store(lock, Ordering::Relaxed);
        Ok(Some(match lifetime {
            Some(_) => token.lifetime(kept.remaining),
            None => token,
        }))
    }

    async fn fetch_for_all<F>(
        &self,
        seal: &Seal,
        name: &str,
        lock: u64,
        fetch: impl Fn() -> F,
    ) -> Result<IssuedToken, TokenError>
    where
        F: Future<Output = Result<IssuedToken, TokenError>>,
    {
        let started = Instant::now();
        let fetched = fetch().await;
        let Ok(token) = &fetched else {
            self.unlock(name, lock).await;
            return fetched;
        };
        self.seen.store(lock, Ordering::Relaxed);
        let lifetime = token.promised().unwrap_or(KEPT_WITHOUT_LIFETIME);
        let remaining = lifetime.saturating_sub(started.elapsed());
        match seal.close(name, lock, token) {
            Some(value) if !remaining.is_zero() => {
                let put = self.sharing.store.put(name, lock, value, remaining);
                match self.sharing.within(put).await {
                    Ok(true) => {}
                    Ok(false) => tracing::debug!("the lock ran out before there was a token"),
                    Err(error) => tracing::warn!(%error, "the token isn't shared"),
                }
            }
            _ => self.unlock(name, lock).await,
        }
        fetched
    }

    async fn unlock(&self, name: &str, lock: u64) {
        let unlock = self.sharing.store.unlock(name, lock);
        if let Err(error) = self.sharing.within(unlock).await {
            tracing::debug!(%error, "the lock is left to run out");
        }
    }
}

/// A clone hasn't seen anything yet: it belongs to another cache.
impl Clone for Share {
    fn clone(&self) -> Self {
        self.sharing.clone().share(self.identity.clone())
    }
}

/// What comes of waiting for others.
enum Found {
    Token(IssuedToken),
    /// The right to fetch for all.
    Lock(u64),
    /// Neither, after a long time.
    Nothing,
}

impl fmt::Debug for TokenSharing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSharing")
            .field("store", &self.store)
            .field("patience", &self.patience)
            .field("lock_lifetime", &self.lock_lifetime)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
