//! Which properties of an object were there.

/// A set of small numbers; it allocates only past 256.
#[derive(Debug, Default)]
pub(super) struct Presence {
    first: [u64; 4],
    rest: Vec<u64>,
}

impl Presence {
    #[inline]
    pub(super) fn insert(&mut self, index: usize) {
        let word = index / 64;
        let bit = 1 << (index % 64);
        if let Some(first) = self.first.get_mut(word) {
            *first |= bit;
            return;
        }
        let word = word - self.first.len();
        if word >= self.rest.len() {
            self.rest.resize(word + 1, 0);
        }
        self.rest[word] |= bit;
    }

    #[inline]
    pub(super) fn contains(&self, index: usize) -> bool {
        let word = index / 64;
        let words = self.first.get(word);
        words
            .or_else(|| self.rest.get(word - self.first.len()))
            .is_some_and(|word| word & (1 << (index % 64)) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_on_both_sides_of_the_border_are_kept_apart() {
        let mut presence = Presence::default();
        let inserted = [0, 63, 64, 255, 256, 300, 1000];
        for index in inserted {
            presence.insert(index);
        }
        for index in 0..1100 {
            assert_eq!(
                presence.contains(index),
                inserted.contains(&index),
                "{index}"
            );
        }
    }
}
