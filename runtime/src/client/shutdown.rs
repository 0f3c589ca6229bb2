//! The end of a client's tokens.

use futures_util::future::join_all;

use super::ClientCore;
use crate::scopes::ScopedTokens;
use crate::token_cache::TokenCache;
use crate::token_error::TokenError;

impl ClientCore {
    /// Ends the client's tokens: has them revoked ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)), for
    /// when its last call is over, and ends the tasks that [keep them fresh](TokenCache::keep_fresh). This is
    /// never done without being asked for. Tokens that are on their way are waited for; all in all it takes
    /// 2 s at most. Tokens that are shared with other processes, and those of [`ClientOptions::tokens`], are
    /// left to who else uses them. A call after this fetches another token.
    ///
    /// ```no_run
    /// # use accredit_runtime::ClientCore;
    /// # async fn serve(core: &ClientCore) {
    /// // `client.core()` of a generated client.
    /// if let Err(error) = core.shutdown().await {
    ///     eprintln!("the token lives on until it expires: {error}");
    /// }
    /// # }
    /// ```
    ///
    /// [`ClientOptions::tokens`]: crate::ClientOptions::tokens
    ///
    /// # Errors
    ///
    /// A server that can't be reached in time, that refuses, or that has no revocation endpoint is an
    /// error; the token then lives until it expires.
    pub async fn shutdown(&self) -> Result<(), TokenError> {
        let tokens = self.0.tokens.as_ref().filter(|_| !self.0.has_own_tokens);
        let caches = tokens.map(ScopedTokens::caches).unwrap_or_default();
        let outcomes = join_all(caches.iter().map(TokenCache::revoke)).await;
        outcomes.into_iter().collect()
    }
}
