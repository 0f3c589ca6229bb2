//! The tokens that a client has stepped up to: a cache for each set of scopes and parameters, and
//! which operations have need of which.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::challenge::Challenge;
use crate::client_credentials::AUTHENTICATION_PARAMETERS;
use crate::clock::Moment;
use crate::step_up::{Hook, StepUp};
use crate::suspicion::Bucket;
use crate::token::AccessToken;
use crate::token_cache::TokenCache;
use crate::token_error::TokenError;

/// As many sets have a token at a time; the oldest that no operation has need of goes first.
const MOST_SETS: usize = 64;

/// Token requests that challenges cause, for the whole client: whatever an API demands, it is no more than
/// these at once, and then one in each period.
const MOST_REQUESTS: u32 = 20;
const PERIOD: Duration = Duration::from_secs(30);

/// What a client has stepped up to.
pub(crate) struct StepUps {
    hook: Hook,
    /// Whether all operations are called by one token.
    is_shared: bool,
    /// Read without a lock.
    known: ArcSwap<Known>,
    learning: Mutex<()>,
    /// Filled when the first challenge is met, by the clock of its token.
    budget: Mutex<Option<Bucket>>,
}

#[derive(Clone, Default)]
struct Known {
    sets: Vec<Arc<Set>>,
    /// By the operations that only succeed with one.
    adopted: HashMap<&'static str, Arc<Set>>,
}

/// Tokens that are asked for with more than those of another cache.
pub(crate) struct Set {
    base: TokenCache,
    step: StepUp,
    tokens: TokenCache,
}

impl Set {
    pub(crate) fn tokens(&self) -> &TokenCache {
        &self.tokens
    }

    /// Returns whether a token has anything of this set that another one lacks, as far as the server says
    /// what it has granted.
    pub(crate) fn is_granted(&self, token: &AccessToken, refused: &AccessToken) -> bool {
        let Some(granted) = token.scope() else {
            return true;
        };
        let had = refused.scope().unwrap_or_default();
        let mut granted = granted.split_whitespace();
        let is_new = |scope: &str| !had.split_whitespace().any(|it| it == scope);
        self.step.parameters().next().is_some() || granted.any(is_new)
    }
}

impl StepUps {
    pub(crate) fn new(hook: Hook, is_shared: bool) -> Self {
        Self {
            hook,
            is_shared,
            known: ArcSwap::default(),
            learning: Mutex::new(()),
            budget: Mutex::new(None),
        }
    }

    /// Returns the cache of the tokens that an operation needs, in place of `base`.
    pub(crate) fn cache(&self, operation: &'static str, base: TokenCache) -> TokenCache {
        let known = self.known.load();
        let adopted = known.adopted.get(self.whose(operation));
        let adopted = adopted.filter(|set| set.base.is(&base));
        adopted.map_or(base, |set| set.tokens.clone())
    }

    pub(crate) fn caches(&self) -> Vec<TokenCache> {
        let known = self.known.load();
        known.sets.iter().map(|set| set.tokens.clone()).collect()
    }

    /// Asks the caller's hook what a challenge to a call is worth.
    pub(crate) fn ask(&self, operation: &str, challenge: &Challenge) -> Option<StepUp> {
        self.hook.ask(operation, challenge)
    }

    /// Returns the set of what was refused, a token of a cache, with a further step; `None` if that is
    /// nothing more, or if the source of the tokens asks for nothing else.
    pub(crate) fn set(
        &self,
        tokens: &TokenCache,
        refused: &AccessToken,
        step: StepUp,
    ) -> Option<Result<Arc<Set>, TokenError>> {
        let is_authentication = |(name, _)| AUTHENTICATION_PARAMETERS.contains(&name);
        if step.parameters().any(is_authentication) {
            // A token request must not have two ways of it.
            let message = "client authentication is nothing to step up by";
            return Some(Err(TokenError::permanent(message)));
        }
        let _guard = self.learning.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.known.load();
        let present = known.sets.iter().find(|set| set.tokens.is(tokens));
        let (base, step) = match present {
            Some(set) => (&set.base, set.step.and(step, refused)?),
            None => (tokens, StepUp::new().and(step, refused)?),
        };
        let mut sets = known.sets.iter();
        if let Some(set) = sets.find(|set| set.base.is(base) && set.step == step) {
            return Some(Ok(Arc::clone(set)));
        }
        let set = Arc::new(Set {
            tokens: base.stepped_up(refused, &step)?,
            base: base.clone(),
            step,
        });
        let mut known = Known::clone(&known);
        known.add(Arc::clone(&set));
        self.known.store(Arc::new(known));
        Some(Ok(set))
    }

    /// Takes the price of a token request; returns whether it could be paid.
    pub(crate) fn pay(&self, now: Moment) -> bool {
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = budget.get_or_insert_with(|| Bucket::new(MOST_REQUESTS, PERIOD, now));
        bucket.take(now).is_some()
    }

    /// Has an operation called with the tokens of a set from now on.
    pub(crate) fn adopt(&self, operation: &'static str, set: &Arc<Set>) {
        let whose = self.whose(operation);
        let _guard = self.learning.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.known.load();
        let adopted = known.adopted.get(whose);
        if adopted.is_some_and(|adopted| Arc::ptr_eq(adopted, set)) {
            return;
        }
        let mut known = Known::clone(&known);
        known.adopted.insert(whose, Arc::clone(set));
        if !known.sets.iter().any(|it| Arc::ptr_eq(it, set)) {
            known.add(Arc::clone(set));
        }
        self.known.store(Arc::new(known));
    }

    /// Has no operation called with the tokens of a cache any more; returns the cache that they stood in
    /// for.
    pub(crate) fn abandon(&self, tokens: &TokenCache) -> Option<TokenCache> {
        let _guard = self.learning.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = Known::clone(&self.known.load());
        let set = known.sets.iter().find(|set| set.tokens.is(tokens))?;
        let base = set.base.clone();
        known.adopted.retain(|_, set| !set.tokens.is(tokens));
        self.known.store(Arc::new(known));
        Some(base)
    }

    fn whose(&self, operation: &'static str) -> &'static str {
        if self.is_shared { "" } else { operation }
    }
}

impl Known {
    fn add(&mut self, set: Arc<Set>) {
        if self.sets.len() >= MOST_SETS {
            let is_idle = |set: &Arc<Set>| {
                let mut adopted = self.adopted.values();
                !adopted.any(|adopted| Arc::ptr_eq(adopted, set))
            };
            let oldest = self.sets.iter().position(is_idle).unwrap_or_default();
            let oldest = self.sets.remove(oldest);
            self.adopted.retain(|_, set| !Arc::ptr_eq(set, &oldest));
        }
        self.sets.push(set);
    }
}

impl fmt::Debug for StepUps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StepUps").finish_non_exhaustive()
    }
}
