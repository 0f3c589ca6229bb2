//! Where the parts of a document came from.

use std::collections::BTreeMap;

use crate::pointer::Pointer;

/// A map from places of the normalised document to places of its source files, by prefix: what
/// isn't in it stands in the document's own file, at the same address.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    file: usize,
    places: BTreeMap<Pointer, (usize, Pointer)>,
    patches: Patches,
}

/// A map from places of a patched file to where their values came from, by prefix.
#[derive(Debug, Default)]
pub(crate) struct Patches(BTreeMap<(usize, Pointer), (usize, Pointer)>);

impl Origins {
    /// Returns the origins of a document that is a file, as long as nothing is moved.
    pub(crate) const fn of(file: usize) -> Self {
        Self {
            file,
            places: BTreeMap::new(),
            patches: Patches(BTreeMap::new()),
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

impl Origins {
    /// Records what was patched in the files.
    pub(crate) fn patch(&mut self, patches: Patches) {
        self.patches = patches;
    }

    /// Returns where the value at an address of a file is written: there, or in what patched it.
    pub(crate) fn written(&self, file: usize, pointer: &Pointer) -> (usize, Pointer) {
        self.patches.find(file, pointer)
    }
}

impl Patches {
    /// Records that a value of a file came from elsewhere, with all that is in it.
    pub(crate) fn insert(&mut self, file: usize, place: Pointer, from: (usize, Pointer)) {
        let inner: Vec<_> = self.below(file, &place).collect();
        for pointer in inner {
            self.0.remove(&(file, pointer));
        }
        self.0.insert((file, place), from);
    }

    /// Records that the element at an index of an array was removed, and that `left` are left.
    #[cfg(feature = "overlays")]
    pub(crate) fn close(&mut self, file: usize, array: &Pointer, index: usize, left: usize) {
        for index in index..left {
            let (here, next) = (
                array.child(index.to_string()),
                array.child((index + 1).to_string()),
            );
            let from = self.find(file, &next);
            let inner: Vec<_> = self
                .below(file, &next)
                .filter(|place| *place != next)
                .filter_map(|place| Some((place.clone(), self.0.get(&(file, place))?.clone())))
                .collect();
            self.insert(file, here.clone(), from);
            for (place, from) in inner {
                let rest = place.tokens()[next.tokens().len()..].iter().cloned();
                self.0.insert((file, here.join(&rest.collect())), from);
            }
        }
    }

    /// Returns the file and the address there that a value came from.
    pub(crate) fn find(&self, file: usize, place: &Pointer) -> (usize, Pointer) {
        if self.0.is_empty() {
            return (file, place.clone());
        }
        let tokens = place.tokens();
        for length in (0..=tokens.len()).rev() {
            let prefix: Pointer = tokens[..length].iter().cloned().collect();
            if let Some((file, source)) = self.0.get(&(file, prefix)) {
                let rest = tokens[length..].iter().cloned();
                return (*file, source.join(&rest.collect()));
            }
        }
        (file, place.clone())
    }

    /// Returns the recorded places at an address and below.
    fn below(&self, file: usize, place: &Pointer) -> impl Iterator<Item = Pointer> {
        let (start, length) = (place.clone(), place.tokens().len());
        self.0
            .range((file, place.clone())..)
            .map(|((of, place), _)| (*of, place.clone()))
            .take_while(move |(of, place)| {
                *of == file && place.tokens().get(..length) == Some(start.tokens())
            })
            .map(|(_, place)| place)
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
