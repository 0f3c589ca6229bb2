//! Which token an operation is called with: the scopes that its document asks for, and a cache of
//! tokens for each set of them.

mod step_ups;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

pub(crate) use self::step_ups::{Set, StepUps};
use crate::api::{Api, SecurityScheme};
use crate::step_up::Hook;
use crate::token_cache::TokenCache;

/// Which scopes a client asks for if the connection's scope setting has no value. With one, that is
/// what is asked for, by one token for all operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ScopePolicy {
    /// Those of the operation that is called. Each set of scopes has a token of its own, so that none
    /// is worth more than its call needs
    /// ([RFC 9700 §2.3](https://www.rfc-editor.org/rfc/rfc9700#section-2.3)) and a scope that the
    /// client wasn't given fails only the operations that need it.
    #[default]
    PerOperation,
    /// Those of all operations that have been called so far, by one token: for servers that count
    /// tokens or keep only the last one alive. A scope that the client wasn't given fails every call
    /// from then on.
    Union,
    /// None: the server decides
    /// ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
    ServerDefault,
}

/// The schemes of an alternative, with the scopes asked of each.
pub(crate) type Schemes = &'static [(usize, &'static [&'static str])];

/// As many sets of scopes have a token at a time; the one that wasn't needed for longest goes first.
const MOST_SETS: usize = 64;

/// The caches of a client's tokens.
pub(crate) struct ScopedTokens {
    api: &'static Api,
    policy: ScopePolicy,
    /// For operations without scopes, and for all if the scope is set.
    unscoped: TokenCache,
    /// Read without a lock; sets of scopes are few and soon known.
    known: ArcSwap<Known>,
    learning: Mutex<()>,
    /// Tokens of more, where the client has been told how to meet an API's demands.
    step_ups: Option<StepUps>,
}

/// What has been asked for so far.
#[derive(Clone, Default)]
struct Known {
    /// By the requirements as they stand in the document, whatever their order.
    by_schemes: HashMap<Schemes, Arc<Entry>>,
    /// The latest one, which the union grows from.
    latest: Option<Arc<Entry>>,
    /// Counts what was learnt; the clock by which an entry is old.
    epoch: u64,
}

struct Entry {
    scopes: BTreeSet<&'static str>,
    tokens: TokenCache,
    /// The epoch in which this was last needed.
    used: AtomicU64,
}

impl ScopedTokens {
    pub(crate) fn new(api: &'static Api, policy: ScopePolicy, unscoped: TokenCache) -> Self {
        Self {
            api,
            policy,
            unscoped,
            known: ArcSwap::default(),
            learning: Mutex::new(()),
            step_ups: None,
        }
    }

    /// Has demands for more met as a hook says.
    pub(crate) fn stepping_up(mut self, hook: Hook) -> Self {
        let is_shared = self.policy == ScopePolicy::Union;
        self.step_ups = Some(StepUps::new(hook, is_shared));
        self
    }

    pub(crate) fn step_ups(&self) -> Option<&StepUps> {
        self.step_ups.as_ref()
    }

    pub(crate) fn unscoped(&self) -> &TokenCache {
        &self.unscoped
    }

    /// Returns all caches there are; some of them more than once.
    pub(crate) fn caches(&self) -> Vec<TokenCache> {
        let known = self.known.load();
        let scoped = known.by_schemes.values().map(|entry| entry.tokens.clone());
        let step_ups = self.step_ups.iter().flat_map(StepUps::caches);
        scoped
            .chain(step_ups)
            .chain([self.unscoped.clone()])
            .collect()
    }

    /// Returns the cache of the tokens for calls of an operation that meet all of `schemes`.
    pub(crate) fn cache(&self, operation: &'static str, schemes: Schemes) -> TokenCache {
        let tokens = self.scoped(schemes);
        match &self.step_ups {
            Some(step_ups) => step_ups.cache(operation, tokens),
            None => tokens,
        }
    }

    fn scoped(&self, schemes: Schemes) -> TokenCache {
        let names_scopes = schemes.iter().any(|(_, scopes)| !scopes.is_empty());
        if !names_scopes || self.policy == ScopePolicy::ServerDefault {
            return self.unscoped.clone();
        }
        let known = self.known.load();
        if let Some(entry) = known.by_schemes.get(schemes) {
            // Readers share the line of memory as long as nothing is learnt.
            if entry.used.load(Ordering::Relaxed) != known.epoch {
                entry.used.store(known.epoch, Ordering::Relaxed);
            }
            return entry.tokens.clone();
        }
        self.learn(schemes)
    }

    fn learn(&self, schemes: Schemes) -> TokenCache {
        let _guard = self.learning.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = Known::clone(&self.known.load());
        known.epoch += 1;
        let needed = self.scopes(schemes);
        let entry = known.find(self.policy, &needed).unwrap_or_else(|| {
            let entry = Arc::new(self.entry(&known, needed));
            known.add(self.policy, &entry);
            entry
        });
        entry.used.store(known.epoch, Ordering::Relaxed);
        known.by_schemes.insert(schemes, Arc::clone(&entry));
        self.known.store(Arc::new(known));
        entry.tokens.clone()
    }

    fn entry(&self, known: &Known, mut scopes: BTreeSet<&'static str>) -> Entry {
        if let (ScopePolicy::Union, Some(latest)) = (self.policy, &known.latest) {
            scopes.extend(&latest.scopes);
        }
        let text = scopes.iter().copied().collect::<Vec<_>>().join(" ");
        let scoped = (!text.is_empty()).then(|| self.unscoped.scoped(&text));
        Entry {
            scopes,
            // A source with a scope of its own asks for nothing else.
            tokens: scoped.flatten().unwrap_or_else(|| self.unscoped.clone()),
            used: AtomicU64::new(known.epoch),
        }
    }

    /// Returns the scopes that tokens are asked for, of all schemes that take one.
    fn scopes(&self, schemes: Schemes) -> BTreeSet<&'static str> {
        let takes_token = |scheme: usize| {
            let scheme = self.api.schemes.get(scheme);
            scheme.is_some_and(SecurityScheme::is_client_credentials)
        };
        schemes
            .iter()
            .filter(|(scheme, _)| takes_token(*scheme))
            .flat_map(|(_, scopes)| scopes.iter().copied())
            .collect()
    }
}

impl Known {
    fn find(&self, policy: ScopePolicy, needed: &BTreeSet<&str>) -> Option<Arc<Entry>> {
        let found = match policy {
            ScopePolicy::Union => self.latest.as_ref().filter(|e| needed.is_subset(&e.scopes)),
            _ => self.by_schemes.values().find(|e| e.scopes == *needed),
        };
        found.cloned()
    }

    /// Makes room for a set of scopes. A union takes the place of the one that it has grown from.
    fn add(&mut self, policy: ScopePolicy, entry: &Arc<Entry>) {
        self.latest = Some(Arc::clone(entry));
        if policy == ScopePolicy::Union {
            self.by_schemes
                .values_mut()
                .for_each(|known| *known = Arc::clone(entry));
            return;
        }
        while self.sets() >= MOST_SETS {
            let oldest = self
                .by_schemes
                .values()
                .min_by_key(|e| e.used.load(Ordering::Relaxed));
            let Some(oldest) = oldest.cloned() else {
                return;
            };
            self.by_schemes
                .retain(|_, known| !Arc::ptr_eq(known, &oldest));
        }
    }

    fn sets(&self) -> usize {
        let sets: BTreeSet<_> = self.by_schemes.values().map(Arc::as_ptr).collect();
        sets.len()
    }
}

impl fmt::Debug for ScopedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedTokens")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::token::IssuedToken;
    use crate::token_source::{Issue, TokenSource};

    static API: Api = Api::new("orders", "ORDERS", "orders/1").schemes(&[
        SecurityScheme::client_credentials("Oauth2", Some("/token")),
        SecurityScheme::other("Key"),
    ]);

    const READ: Schemes = &[(0, &["read"])];
    const WRITE: Schemes = &[(0, &["write"])];
    const READ_WRITE: Schemes = &[(0, &["read", "write"])];
    const WRITE_READ: Schemes = &[(0, &["write", "read"])];
    const READ_AND_KEY: Schemes = &[(0, &["read"]), (1, &["admin"])];
    const BARE: Schemes = &[(0, &[])];

    /// Grants whatever scope is asked for, and counts how often.
    #[derive(Debug, Clone, Default)]
    struct Generous {
        scope: String,
        requests: Arc<AtomicUsize>,
    }

    impl TokenSource for Generous {
        fn issue(&self) -> Issue<'_> {
            let count = self.requests.fetch_add(1, Ordering::Relaxed);
            let token = IssuedToken::bearer(&format!("token-{count}"));
            Box::pin(std::future::ready(
                token.map(|token| token.scope(&self.scope)),
            ))
        }

        fn scoped(&self, scope: &str) -> Option<Box<dyn TokenSource>> {
            Some(Box::new(Self {
                scope: scope.to_owned(),
                requests: Arc::clone(&self.requests),
            }))
        }
    }

    async fn ask(policy: ScopePolicy, calls: &[Schemes]) -> (Vec<String>, usize) {
        let source = Generous::default();
        let requests = Arc::clone(&source.requests);
        let tokens = ScopedTokens::new(&API, policy, TokenCache::new(source));
        let mut scopes = Vec::new();
        for schemes in calls {
            let token = tokens.cache("any", schemes).token().await.unwrap();
            scopes.push(token.scope().unwrap_or_default().to_owned());
        }
        (scopes, requests.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn each_set_of_scopes_has_a_token_whatever_its_order() {
        let calls = [BARE, READ, READ_WRITE, WRITE_READ, READ_AND_KEY, READ, BARE];
        let (scopes, requests) = ask(ScopePolicy::PerOperation, &calls).await;
        assert_eq!(
            scopes,
            ["", "read", "read write", "read write", "read", "read", ""]
        );
        assert_eq!(requests, 3);
    }

    #[tokio::test]
    async fn a_union_grows_until_it_covers_every_call() {
        let calls = [READ, WRITE, READ, READ_WRITE, WRITE];
        let (scopes, requests) = ask(ScopePolicy::Union, &calls).await;
        assert_eq!(scopes[0], "read");
        assert_eq!(scopes[1..], ["read write"; 4]);
        assert_eq!(requests, 2);
    }

    #[tokio::test]
    async fn a_server_can_be_left_to_decide() {
        let (scopes, requests) = ask(ScopePolicy::ServerDefault, &[READ, WRITE, BARE]).await;
        assert_eq!(scopes, ["", "", ""]);
        assert_eq!(requests, 1);
    }

    #[tokio::test]
    async fn the_set_that_was_not_needed_for_longest_makes_room() {
        let source = Generous::default();
        let requests = Arc::clone(&source.requests);
        let tokens = ScopedTokens::new(&API, ScopePolicy::PerOperation, TokenCache::new(source));
        let set = |index: usize| -> Schemes {
            let scope: &'static str = Box::leak(format!("scope-{index}").into_boxed_str());
            let scopes: &'static [&'static str] = Box::leak(Box::new([scope]));
            Box::leak(Box::new([(0, scopes)]))
        };
        for index in 0..10 * MOST_SETS {
            tokens.cache("any", READ).token().await.unwrap();
            tokens.cache("any", set(index)).token().await.unwrap();
            assert!(tokens.known.load().sets() <= MOST_SETS);
        }
        // The one in constant use has stayed.
        assert_eq!(requests.load(Ordering::Relaxed), 10 * MOST_SETS + 1);
        tokens.cache("any", set(0)).token().await.unwrap();
        assert_eq!(requests.load(Ordering::Relaxed), 10 * MOST_SETS + 2);
    }
}
