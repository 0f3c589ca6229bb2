//! Features of the crate: one for each tag, or for each of several documents.

use std::collections::BTreeSet;

use super::scope::Identifier;

/// What every crate has, and the feature of all others together.
const TAKEN: &[&str] = &[
    "blocking",
    "default",
    ALL,
    "jwt",
    "mock",
    "partial-eq",
    "rustls",
];

/// The feature of everything that the others bring.
pub(crate) const ALL: &str = "full";

/// How many features crates.io takes.
const MOST: usize = 300;

/// Returns a feature for each of several modules, named alike; none where the registry wouldn't take
/// so many, and none for a single module, which is what the crate is for.
pub(super) fn of_modules(modules: &[&Identifier]) -> Vec<Option<String>> {
    if modules.len() < 2 || modules.len() + TAKEN.len() > MOST {
        return vec![None; modules.len()];
    }
    // An identifier has no hyphen, so that only what is added below can collide.
    let names = modules
        .iter()
        .map(|module| module.as_str().replace('_', "-"));
    let names: Vec<_> = names.collect();
    let mut taken: BTreeSet<String> = TAKEN.iter().map(|&name| name.to_owned()).collect();
    taken.extend(names.iter().cloned());
    let features = names.into_iter().map(|mut name| {
        if TAKEN.contains(&name.as_str()) {
            while !taken.insert(name.clone()) {
                name.push_str("-operations");
            }
        }
        Some(name)
    });
    features.collect()
}

#[cfg(test)]
mod tests {
    use super::super::{
        case::Words,
        scope::{Case, Claim, Scope},
    };
    use super::*;

    fn features(names: &[String]) -> Vec<Option<String>> {
        let claims = names.iter().map(|name| Claim {
            candidates: vec![Words::of(name)],
            fallback: "group",
        });
        let claims: Vec<_> = claims.collect();
        let modules = Scope::default().claim_all(Case::Snake, &claims, &[]);
        of_modules(&modules.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_tag_that_is_called_as_a_feature_of_every_crate_steps_aside() {
        let names = ["Default", "default operations", "codeScanning"].map(str::to_owned);
        let names = features(&names);
        let names: Vec<_> = names.iter().flatten().collect();
        assert_eq!(
            names,
            [
                "default-operations-operations",
                "default-operations",
                "code-scanning"
            ]
        );
    }

    #[test]
    fn there_are_no_more_features_than_the_registry_takes() {
        let tags = |count: usize| -> Vec<_> { (0..count).map(|it| format!("tag {it}")).collect() };
        let most = features(&tags(293));
        assert!(most.iter().all(Option::is_some));
        assert!(features(&tags(294)).iter().all(Option::is_none));
        assert_eq!(features(&tags(1)), [None]);
    }
}
