//! Where the parts of a document came from.

use std::collections::BTreeMap;

use crate::pointer::Pointer;

/// A map from places of the normalised document to places of its source files, by prefix: what
/// isn't in it stands in the first file, at the same address.
#[derive(Debug, Default)]
pub(crate) struct Origins(BTreeMap<Pointer, (usize, Pointer)>);

impl Origins {
    /// Records that what stands at `place` came from a place of a file.
    pub(crate) fn insert(&mut self, place: Pointer, file: usize, source: Pointer) {
        self.0.insert(place, (file, source));
    }

    /// Returns the file and the address there that a place came from.
    pub(crate) fn find(&self, place: &Pointer) -> (usize, Pointer) {
        if self.0.is_empty() {
            return (0, place.clone());
        }
        let tokens = place.tokens();
        for length in (0..=tokens.len()).rev() {
            let prefix: Pointer = tokens[..length].iter().cloned().collect();
            if let Some((file, source)) = self.0.get(&prefix) {
                let rest = tokens[length..].iter();
                return (*file, source.tokens().iter().chain(rest).cloned().collect());
            }
        }
        (0, place.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer(text: &str) -> Pointer {
        Pointer::parse(text).expect("a pointer")
    }

    #[test]
    fn the_longest_prefix_decides() {
        let mut origins = Origins::default();
        origins.insert(pointer("/components/schemas/A"), 1, pointer("/defs/A"));
        origins.insert(pointer("/components/schemas/A/items"), 2, pointer(""));
        let found = |place: &str| {
            let (file, source) = origins.find(&pointer(place));
            format!("{file}{source}")
        };
        assert_eq!(found("/components/schemas/A/type"), "1#/defs/A/type");
        assert_eq!(found("/components/schemas/A/items/type"), "2#/type");
        assert_eq!(
            found("/components/schemas/B/type"),
            "0#/components/schemas/B/type"
        );
    }
}
