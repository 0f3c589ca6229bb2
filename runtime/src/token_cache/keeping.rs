//! A token that is good although nobody calls.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::watch;

use super::TokenCache;

/// Between two looks at the token: so often that a renewal is seen soon and a failure costs nothing, the
/// cache being the one that knows when to ask again.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// Timers stand still while a machine is suspended.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

impl TokenCache {
    /// Keeps a good token at hand, for those who would rather pay for tokens that nobody uses than have
    /// a call wait for one: the first, or the first after a pause. It is to be spawned, and ends with the
    /// last clone of the cache, or when the token is [revoked](TokenCache::revoke).
    ///
    /// ```no_run
    /// # async fn keep(cache: accredit_runtime::TokenCache) {
    /// tokio::spawn(cache.keep_fresh());
    /// # }
    /// ```
    pub fn keep_fresh(&self) -> impl Future<Output = ()> + Send + use<> {
        let end = self.0.end.get_or_init(|| watch::channel(()).0);
        let mut end = end.subscribe();
        let shared = Arc::downgrade(&self.0);
        async move {
            while let (Ok(false), Some(shared)) = (end.has_changed(), shared.upgrade()) {
                let cache = Self(shared);
                // Who calls learns of a failure, and those who listen have.
                let token = cache.token().await.ok();
                let now = cache.0.clock.now();
                let pause = token.map_or(SHORTEST_PAUSE, |token| token.until_stale(now));
                let pause = pause.clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
                let pause = cache.0.clock.sleep(pause);
                drop(cache);
                // The end comes by a word, or by the cache being gone.
                if let Either::Right(_) = select(pause, pin!(end.changed())).await {
                    return;
                }
            }
        }
    }
}
