//! Where the parts of a document came from.

use std::collections::BTreeMap;

use crate::pointer::Pointer;

/// A map from places of the normalised document to places of its source files, by prefix: what
/// isn't in it stands in the document's own file, at the same address.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    file: usize,
    places: BTreeMap<Pointer, (usize, Pointer)>,
}

impl Origins {
    /// Returns the origins of a document that is a file, as long as nothing is moved.
    pub(crate) const fn of(file: usize) -> Self {
        Self {
            file,
            places: BTreeMap::new(),
        }
    }

    /// Returns the document's own file.
    pub(crate) const fn file(&self) -> usize {
        self.file
    }

    /// Returns what was recorded: places with the files and the addresses they came from.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Pointer, &(usize, Pointer))> {
        self.places.iter()
    }

    /// Returns what was recorded of places below one.
    pub(crate) fn below(
        &self,
        place: &Pointer,
    ) -> impl Iterator<Item = (&Pointer, &(usize, Pointer))> {
        let start = place.clone();
        let length = start.tokens().len();
        let begins = move |other: &Pointer| other.tokens().get(..length) == Some(start.tokens());
        self.places
            .range(place.clone()..)
            .take_while(move |(other, _)| begins(other))
            .filter(move |(other, _)| other.tokens().len() > length)
    }

    /// Records that what stands at `place` came from a place of a file.
    pub(crate) fn insert(&mut self, place: Pointer, file: usize, source: Pointer) {
        self.places.insert(place, (file, source));
    }

    /// Returns the file and the address there that a place came from.
    pub(crate) fn find(&self, place: &Pointer) -> (usize, Pointer) {
        if self.places.is_empty() {
            return (self.file, place.clone());
        }
        let tokens = place.tokens();
        for length in (0..=tokens.len()).rev() {
            let prefix: Pointer = tokens[..length].iter().cloned().collect();
            if let Some((file, source)) = self.places.get(&prefix) {
                let rest = tokens[length..].iter();
                return (*file, source.tokens().iter().chain(rest).cloned().collect());
            }
        }
        (self.file, place.clone())
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
