//! What lines of Markdown stand in: lists, their items, quotes.

/// Lists and quotes that nest deeper are written as if they didn't.
const DEEPEST: usize = 10;

/// The containers around a line, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Containers {
    open: Vec<Container>,
    /// Containers that were too deep to be written.
    omitted: usize,
}

#[derive(Debug)]
struct Container {
    first: String,
    rest: String,
    is_begun: bool,
    kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A list, with the number of the next item if it is ordered.
    List(Option<u64>),
    Item,
    Quote,
}

impl Containers {
    /// Returns whether the next line is the first of an item.
    pub(super) fn begins_item(&self) -> bool {
        let mut open = self.open.iter();
        open.any(|container| container.kind == Kind::Item && !container.is_begun)
    }

    /// Returns what an empty line between two blocks begins with.
    pub(super) fn prefix(&self) -> String {
        let begun = self.open.iter().filter(|container| container.is_begun);
        begun.map(|container| container.rest.as_str()).collect()
    }

    /// Returns what the next line begins with, and those after it.
    pub(super) fn prefixes(&mut self) -> (String, String) {
        let mut first = String::new();
        let mut rest = String::new();
        for container in &mut self.open {
            first.push_str(if container.is_begun {
                &container.rest
            } else {
                &container.first
            });
            rest.push_str(&container.rest);
            container.is_begun = true;
        }
        (first, rest)
    }

    /// Enters an item of the innermost list.
    pub(super) fn item(&mut self) {
        let number = self
            .open
            .iter_mut()
            .rev()
            .find_map(|container| match &mut container.kind {
                Kind::List(Some(number)) => {
                    *number = number.saturating_add(1);
                    Some(Some(number.saturating_sub(1)))
                }
                Kind::List(None) => Some(None),
                Kind::Item | Kind::Quote => None,
            });
        let marker = match number.flatten() {
            Some(number) => format!("{}. ", number.min(999)),
            None => "- ".to_owned(),
        };
        let rest = " ".repeat(marker.len());
        self.enter(marker, rest, Kind::Item);
    }

    /// Enters a container, whose first line begins with `first` and every other with `rest`.
    pub(super) fn enter(&mut self, first: String, rest: String, kind: Kind) {
        if self.open.len() >= DEEPEST {
            self.omitted += 1;
            return;
        }
        self.open.push(Container {
            first,
            rest,
            is_begun: false,
            kind,
        });
    }

    /// Leaves the innermost container.
    pub(super) fn leave(&mut self) {
        if self.omitted > 0 {
            self.omitted -= 1;
        } else {
            self.open.pop();
        }
    }
}
