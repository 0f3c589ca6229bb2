//! Patterns, each compiled once.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use regress::Regex;

/// By pattern; `None` is one that can't be compiled.
type Compiled = BTreeMap<&'static str, Option<Arc<Regex>>>;

static COMPILED: LazyLock<RwLock<Compiled>> = LazyLock::new(RwLock::default);

/// Returns whether a text has a match. A pattern that can't be compiled excludes none; the generator
/// has told of it.
pub(super) fn matches(pattern: &'static str, text: &str) -> bool {
    compiled(pattern).is_none_or(|regex| regex.find(text).is_some())
}

fn compiled(pattern: &'static str) -> Option<Arc<Regex>> {
    let known = COMPILED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = known.get(pattern) {
        return regex.clone();
    }
    drop(known);
    // Patterns are written with Unicode in mind, and escape more than the flag for it allows.
    let regex = Regex::with_flags(pattern, "u").or_else(|_| Regex::new(pattern));
    let regex = regex.ok().map(Arc::new);
    let mut known = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    known.insert(pattern, regex.clone());
    regex
}
