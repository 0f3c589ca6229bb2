//! Scopes: where an identifier stands but once.

use std::{collections::BTreeSet, fmt};

use super::{case::Words, keyword};

/// An identifier of the generated code, unique in its scope. Only a [`Scope`] makes one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Identifier(String);

impl Identifier {
    /// Returns the identifier as it is written.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an identifier names, and therefore how its words are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// `snake_case`: fields, methods, modules.
    Snake,
    /// `PascalCase`: types and variants.
    Pascal,
    /// `SCREAMING_CASE`: statics.
    Screaming,
}

/// What one thing can be called, best first.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) candidates: Vec<Words>,
    /// The word for a thing whose name has no letter, before one that begins with a digit.
    pub(super) fallback: &'static str,
}

/// The identifiers that are taken in one place.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope(BTreeSet<String>);

impl Scope {
    /// Returns a scope in which some identifiers are taken from the start.
    pub(super) fn reserving(taken: &[&str]) -> Self {
        Self(taken.iter().map(|&name| name.to_owned()).collect())
    }

    /// Takes an identifier for one thing.
    pub(super) fn claim(&mut self, case: Case, claim: &Claim, avoided: &[&str]) -> Identifier {
        let taken = self.try_candidates(case, claim, avoided);
        taken.unwrap_or_else(|| self.number(case, claim, avoided))
    }

    /// Takes identifiers for many things. Every first wish is heard before any second one, and
    /// numbers come last, so that a thing keeps its name when another, unlike it, comes or goes.
    pub(super) fn claim_all(
        &mut self,
        case: Case,
        claims: &[Claim],
        avoided: &[&str],
    ) -> Vec<Identifier> {
        let mut taken: Vec<Option<Identifier>> = vec![None; claims.len()];
        let rounds = claims.iter().map(|claim| claim.candidates.len().max(1));
        for round in 0..rounds.max().unwrap_or(0) {
            for (claim, identifier) in claims.iter().zip(&mut taken) {
                if identifier.is_none() {
                    *identifier = self.try_candidate(case, claim, round, avoided);
                }
            }
        }
        let numbered = claims.iter().zip(taken);
        numbered
            .map(|(claim, identifier)| {
                identifier.unwrap_or_else(|| self.number(case, claim, avoided))
            })
            .collect()
    }

    /// Takes an identifier as it is written, if it is free.
    pub(super) fn give(&mut self, name: &str, avoided: &[&str]) -> Option<Identifier> {
        self.take(name.to_owned(), avoided)
    }

    fn try_candidates(
        &mut self,
        case: Case,
        claim: &Claim,
        avoided: &[&str],
    ) -> Option<Identifier> {
        (0..claim.candidates.len().max(1))
            .find_map(|round| self.try_candidate(case, claim, round, avoided))
    }

    fn try_candidate(
        &mut self,
        case: Case,
        claim: &Claim,
        round: usize,
        avoided: &[&str],
    ) -> Option<Identifier> {
        let rounds = claim.candidates.len().max(1);
        let words = claim.candidates.get(round);
        let is_last = round + 1 == rounds;
        if round >= rounds || words.is_some_and(Words::is_empty) && !is_last {
            return None;
        }
        let name = keyword::mangle(write(case, &legal(words, claim.fallback)));
        self.take(name, avoided)
    }

    fn number(&mut self, case: Case, claim: &Claim, avoided: &[&str]) -> Identifier {
        let first = claim.candidates.iter().find(|words| !words.is_empty());
        let words = legal(first, claim.fallback);
        let mut number: u32 = 2;
        loop {
            let numbered = words.then(&Words::fixed(&number.to_string()));
            if let Some(identifier) = self.take(write(case, &numbered), avoided) {
                return identifier;
            }
            number += 1;
        }
    }

    fn take(&mut self, name: String, avoided: &[&str]) -> Option<Identifier> {
        let is_free = !avoided.contains(&name.as_str()) && !self.0.contains(&name);
        is_free.then(|| {
            self.0.insert(name.clone());
            Identifier(name)
        })
    }
}

/// Returns how words are written as an identifier; `None` for those that can't be one.
pub(super) fn written(case: Case, words: &Words) -> Option<String> {
    let name = write(case, words);
    let is_legal = syn::parse_str::<syn::Ident>(&name).is_ok();
    is_legal.then_some(name)
}

/// Returns words with which an identifier can begin.
fn legal(words: Option<&Words>, fallback: &str) -> Words {
    let fallback = Words::fixed(fallback);
    match words {
        Some(words) if words.is_empty() => fallback,
        Some(words) if words.starts_with_digit() => fallback.then(words),
        Some(words) => words.clone(),
        None => fallback,
    }
}

fn write(case: Case, words: &Words) -> String {
    match case {
        Case::Snake => words.snake(),
        Case::Pascal => words.pascal(),
        Case::Screaming => words.screaming(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn claim(text: &str) -> Claim {
        Claim {
            candidates: vec![Words::of(text), Words::spelled(text)],
            fallback: "field",
        }
    }

    fn names(texts: &[&str]) -> Vec<String> {
        let claims: Vec<_> = texts.iter().map(|text| claim(text)).collect();
        let names = Scope::default().claim_all(Case::Snake, &claims, &[]);
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_second_wish_is_heard_before_a_number_is_given() {
        assert_eq!(
            names(&["type", "@type", "Type"]),
            ["ty", "at_type", "type_2"]
        );
        assert_eq!(names(&["id", "_id"]), ["id", "underscore_id"]);
    }

    #[test]
    fn names_without_letters_get_a_word() {
        assert_eq!(
            names(&["", "3ds", "<", "\u{1}"]),
            ["field", "field_3ds", "less_than", "field_2"]
        );
    }

    #[test]
    fn a_number_never_displaces_a_name_that_is_so_spelled() {
        assert_eq!(names(&["foo", "Foo", "foo_2"]), ["foo", "foo_3", "foo_2"]);
    }

    #[test]
    fn avoided_names_are_not_given() {
        let name = Scope::default().claim(Case::Pascal, &claim("Option"), &["Option"]);
        assert_eq!(name.as_str(), "Option2");
    }

    proptest! {
        #[test]
        fn names_are_identifiers_and_unique(texts in prop::collection::vec(any::<String>(), 0..20)) {
            for case in [Case::Snake, Case::Pascal, Case::Screaming] {
                let claims: Vec<_> = texts.iter().map(|text| claim(text)).collect();
                let names = Scope::default().claim_all(case, &claims, &[]);
                let distinct: BTreeSet<_> = names.iter().collect();
                prop_assert_eq!(distinct.len(), texts.len());
                for name in &names {
                    prop_assert!(syn::parse_str::<syn::Ident>(name.as_str()).is_ok(), "{}", name);
                }
            }
        }

        #[test]
        fn a_name_stays_when_an_unrelated_one_comes(
            texts in prop::collection::vec("[a-c_@]{0,3}", 1..8),
            at in any::<prop::sample::Index>(),
        ) {
            let before: Vec<_> = texts.iter().map(String::as_str).collect();
            let mut after = before.clone();
            let at = at.index(before.len());
            after.insert(at, "unrelated");
            let mut names_after = names(&after);
            names_after.remove(at);
            prop_assert_eq!(names(&before), names_after);
        }
    }
}
