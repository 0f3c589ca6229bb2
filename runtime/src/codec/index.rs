//! Where a field is found by its name, where it isn't the one that is expected.

use super::object::Field;

/// As many buckets as fields in them; those past that are searched one by one.
const LINKED: usize = 64;

/// Fields by a hash of their names. It is made when a program is compiled that reads the type.
///
/// A place is an index and one, or 0 for none.
#[derive(Debug)]
pub struct Index {
    /// By hash: the first field with it.
    first: [u8; LINKED],
    /// By field: the next one with the same hash.
    next: [u8; LINKED],
    /// The bits of the fields that are required.
    required: u64,
}

impl Index {
    /// Sorts fields into their buckets.
    #[must_use]
    pub const fn of(fields: &[Field]) -> Self {
        let mut index = Self {
            first: [0; LINKED],
            next: [0; LINKED],
            required: 0,
        };
        let mut at = if fields.len() < LINKED {
            fields.len()
        } else {
            LINKED
        };
        // From the last one, so that a bucket begins with its first.
        while at > 0 {
            let bucket = hash(fields[at - 1].name.as_bytes());
            index.next[at - 1] = index.first[bucket];
            #[expect(clippy::cast_possible_truncation, reason = "at most `LINKED`")]
            let place = at as u8;
            index.first[bucket] = place;
            if fields[at - 1].is_required {
                index.required |= 1 << (at - 1);
            }
            at -= 1;
        }
        index
    }

    /// Returns a bit for each required field of the first 64.
    pub(super) const fn required(&self) -> u64 {
        self.required
    }

    /// Returns the place of a field.
    #[inline(never)]
    pub(super) fn find(&self, fields: &[Field], name: &str) -> Option<usize> {
        let mut place = usize::from(self.first[hash(name.as_bytes())]);
        while place > 0 {
            // A bucket has no places past the fields.
            let field = fields.get(place - 1)?;
            if equal(field.name, name) {
                return Some(place - 1);
            }
            place = usize::from(self.next[(place - 1) % LINKED]);
        }
        if fields.len() > LINKED {
            search(fields, name)
        } else {
            None
        }
    }
}

#[inline(never)]
fn search(fields: &[Field], name: &str) -> Option<usize> {
    fields.iter().position(|field| field.name == name)
}

/// Names of one object differ in their length, their ends or their middle.
const fn hash(name: &[u8]) -> usize {
    let length = name.len();
    if length == 0 {
        return 0;
    }
    let hash = length
        + 3 * name[0] as usize
        + 5 * name[length / 2] as usize
        + 7 * name[length - 1] as usize;
    hash % LINKED
}

/// Compares texts without a call, eight bytes at a time.
#[inline]
pub(super) fn equal(name: &str, key: &str) -> bool {
    let (name, key) = (name.as_bytes(), key.as_bytes());
    if name.len() != key.len() {
        return false;
    }
    match name.len() {
        0..4 => name.iter().eq(key),
        4..8 => {
            name.first_chunk::<4>() == key.first_chunk::<4>()
                && name.last_chunk::<4>() == key.last_chunk::<4>()
        }
        8..=16 => {
            name.first_chunk::<8>() == key.first_chunk::<8>()
                && name.last_chunk::<8>() == key.last_chunk::<8>()
        }
        _ => {
            let mut chunks = name.as_chunks::<8>().0.iter().zip(key.as_chunks::<8>().0);
            chunks.all(|(name, key)| name == key) && name.last_chunk::<8>() == key.last_chunk::<8>()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_and_nothing_else() {
        // Leaked, as a table of a program is static.
        let names: Vec<&'static str> = (0..100)
            .map(|number| &*format!("field_{number}").leak())
            .chain([""])
            .collect();
        for count in [0, 1, 63, 64, 65, 101] {
            let fields: Vec<_> = names[..count]
                .iter()
                .map(|&name| Field {
                    name,
                    is_required: false,
                })
                .collect();
            let index = Index::of(&fields);
            for (place, name) in names.iter().enumerate() {
                let expected = (place < count).then_some(place);
                assert_eq!(index.find(&fields, name), expected, "{name} of {count}");
            }
            assert_eq!(index.find(&fields, "field_"), None);
        }
    }
}
