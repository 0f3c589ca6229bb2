//! Which properties of an object were there.

use super::index::Index;
use super::object::Field;

/// The indices of the properties that were there; it allocates only past 64.
#[derive(Debug)]
pub(super) struct Presence {
    first: u64,
    rest: Vec<u64>,
}

impl Presence {
    pub(super) const fn new() -> Self {
        Self {
            first: 0,
            rest: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn insert(&mut self, index: usize) {
        if index < 64 {
            self.first |= 1 << index;
        } else {
            self.insert_past(index - 64);
        }
    }

    #[inline(never)]
    fn insert_past(&mut self, index: usize) {
        let word = index / 64;
        if word >= self.rest.len() {
            self.rest.resize(word + 1, 0);
        }
        self.rest[word] |= 1 << (index % 64);
    }

    fn contains(&self, index: usize) -> bool {
        let (word, bit) = (index / 64, 1 << (index % 64));
        match word.checked_sub(1) {
            None => self.first & bit != 0,
            Some(word) => self.rest.get(word).is_some_and(|word| word & bit != 0),
        }
    }

    /// Returns the first required field that isn't there.
    #[inline]
    pub(super) fn missing(
        &self,
        fields: &'static [Field],
        index: &Index,
    ) -> Option<&'static Field> {
        if index.required() & !self.first == 0 && fields.len() <= 64 {
            return None;
        }
        self.search(fields)
    }

    #[inline(never)]
    fn search(&self, fields: &'static [Field]) -> Option<&'static Field> {
        let mut fields = fields.iter().enumerate();
        let missing = fields.find(|(index, field)| field.is_required && !self.contains(*index));
        missing.map(|(_, field)| field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_required_field_that_is_not_there_is_missing_on_both_sides_of_the_border() {
        for count in [1, 64, 65, 128, 129, 300] {
            let optional = Field {
                name: "optional",
                is_required: false,
            };
            for required in [0, count / 2, count - 1] {
                let mut fields = vec![optional; count];
                fields[required] = Field {
                    name: "required",
                    is_required: true,
                };
                // Leaked, as a table of a program is static.
                let fields: &'static [Field] = fields.leak();
                let index = Index::of(fields);
                let mut presence = Presence::new();
                for other in (0..count).filter(|other| *other != required) {
                    presence.insert(other);
                }
                let missing = presence.missing(fields, &index);
                assert_eq!(missing.map(|field| field.name), Some("required"));
                presence.insert(required);
                assert!(presence.missing(fields, &index).is_none());
            }
        }
    }
}
