//! Which operations are generated: selectors by tag, path, `operationId` and method.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::{Pagination, Polling, Suspicion};

/// What a selector is held against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) id: &'a str,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) tags: &'a [String],
}

/// Operations by one of their traits: `tag:orders`, `path:/v2/**`, `id:orders.get`, `method:GET`.
///
/// `*` stands for anything but `/`, `**` for anything, `?` for one character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    subject: Subject,
    pattern: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Tag,
    Path,
    Id,
    Method,
}

/// The selectors of a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    include: Vec<Selector>,
    exclude: Vec<Selector>,
    paginations: Vec<(Selector, Pagination)>,
    pollings: Vec<(Selector, Polling)>,
    suspicions: Vec<(Selector, Suspicion)>,
}

impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (subject, pattern) = text.split_once(':').unwrap_or(("", text));
        let subject = match subject.trim() {
            "tag" => Subject::Tag,
            "path" => Subject::Path,
            "id" => Subject::Id,
            "method" => Subject::Method,
            _ => {
                return Err(
                    "expected `tag:…`, `path:…`, `id:…` or `method:…`, such as `path:/v2/**`"
                        .to_owned(),
                );
            }
        };
        Ok(Self {
            subject,
            pattern: pattern.trim().to_owned(),
        })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = match self.subject {
            Subject::Tag => "tag",
            Subject::Path => "path",
            Subject::Id => "id",
            Subject::Method => "method",
        };
        write!(f, "{subject}:{}", self.pattern)
    }
}

impl Selector {
    fn matches(&self, candidate: Candidate<'_>) -> bool {
        let matches = |text: &str| glob(&self.pattern, text);
        match self.subject {
            Subject::Tag => candidate.tags.iter().any(|tag| matches(tag)),
            Subject::Path => matches(candidate.path),
            Subject::Id => matches(candidate.id),
            Subject::Method => glob(
                &self.pattern.to_uppercase(),
                &candidate.method.to_uppercase(),
            ),
        }
    }
}

impl Selection {
    pub(crate) fn include(&mut self, selector: Selector) {
        self.include.push(selector);
    }

    pub(crate) fn exclude(&mut self, selector: Selector) {
        self.exclude.push(selector);
    }

    /// Returns the selectors with the options that set them.
    #[cfg(feature = "directory")]
    pub(crate) fn selectors(&self) -> impl Iterator<Item = (&'static str, &Selector)> {
        let included = self.include.iter().map(|it| ("include", it));
        included.chain(self.exclude.iter().map(|it| ("exclude", it)))
    }

    /// Returns the selectors of operations of which something is said, with the keys that say it.
    #[cfg(feature = "directory")]
    pub(crate) fn said(&self) -> impl Iterator<Item = (&'static str, &Selector)> {
        let paginated = self.paginations.iter().map(|(it, _)| ("pagination", it));
        let polled = self.pollings.iter().map(|(it, _)| ("polling", it));
        let suspected = self.suspicions.iter();
        paginated
            .chain(polled)
            .chain(suspected.map(|(it, _)| ("policies.operations", it)))
    }

    pub(crate) fn paginate(&mut self, selector: Selector, pagination: Pagination) {
        self.paginations.push((selector, pagination));
    }

    pub(crate) fn poll(&mut self, selector: Selector, polling: Polling) {
        self.pollings.push((selector, polling));
    }

    pub(crate) fn suspect(&mut self, suspicions: Vec<(Selector, Suspicion)>) {
        self.suspicions = suspicions;
    }

    /// Returns what is said of how an operation's pages follow each other, and adds the selector that
    /// matches it to `used`.
    pub(crate) fn pagination(
        &self,
        candidate: Candidate<'_>,
        used: &mut BTreeSet<String>,
    ) -> Option<&Pagination> {
        said(&self.paginations, candidate, used)
    }

    /// Returns what is said of how an operation is polled, and adds the selector that matches it to `used`.
    pub(crate) fn polling(
        &self,
        candidate: Candidate<'_>,
        used: &mut BTreeSet<String>,
    ) -> Option<&Polling> {
        said(&self.pollings, candidate, used)
    }

    /// Returns what is said of how an operation's suspect answers are acted on, and adds the selector
    /// that matches it to `used`.
    pub(crate) fn suspicion(
        &self,
        candidate: Candidate<'_>,
        used: &mut BTreeSet<String>,
    ) -> Option<&Suspicion> {
        said(&self.suspicions, candidate, used)
    }

    /// Returns whether an operation is generated, and adds the selectors that match it to `used`.
    /// Without `include`, all are that aren't excluded.
    pub(crate) fn takes(&self, candidate: Candidate<'_>, used: &mut BTreeSet<String>) -> bool {
        let mut any = |selectors: &[Selector]| {
            let matching = selectors
                .iter()
                .filter(|selector| selector.matches(candidate));
            let mut found = false;
            for selector in matching {
                found = true;
                used.insert(selector.to_string());
            }
            found
        };
        let (included, excluded) = (any(&self.include), any(&self.exclude));
        (self.include.is_empty() || included) && !excluded
    }

    /// Returns the selectors, as they are written.
    pub(crate) fn all(&self) -> impl Iterator<Item = String> {
        let paginated = self.paginations.iter().map(|(selector, _)| selector);
        let polled = self.pollings.iter().map(|(selector, _)| selector);
        let suspected = self.suspicions.iter().map(|(selector, _)| selector);
        let all = self.include.iter().chain(&self.exclude);
        all.chain(paginated)
            .chain(polled)
            .chain(suspected)
            .map(ToString::to_string)
    }
}

/// Returns what is said last of an operation.
fn said<'s, T>(
    list: &'s [(Selector, T)],
    candidate: Candidate<'_>,
    used: &mut BTreeSet<String>,
) -> Option<&'s T> {
    let mut list = list.iter().rev();
    let (selector, said) = list.find(|(selector, _)| selector.matches(candidate))?;
    used.insert(selector.to_string());
    Some(said)
}

/// Returns whether a text is as a pattern says. Takes time by the product of their lengths.
fn glob(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    // Whether the pattern so far matches the text so far, by the text's length.
    let text: Vec<char> = text.chars().collect();
    let mut row = vec![false; text.len() + 1];
    row[0] = true;
    let mut rest = pattern.as_slice();
    while let [first, after @ ..] = rest {
        let mut next = vec![false; text.len() + 1];
        let (is_star, crosses, after) = match (first, after) {
            ('*', ['*', after @ ..]) => (true, true, after),
            ('*', after) => (true, false, after),
            (_, after) => (false, false, after),
        };
        for length in 0..=text.len() {
            next[length] = if is_star {
                let passes = length > 0 && next[length - 1] && (crosses || text[length - 1] != '/');
                row[length] || passes
            } else {
                length > 0
                    && row[length - 1]
                    && (*first == text[length - 1] || *first == '?' && text[length - 1] != '/')
            };
        }
        row = next;
        rest = after;
    }
    row[text.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_in_its_segment_and_two_cross_all() {
        assert!(glob("/v2/**", "/v2/orders/{id}"));
        assert!(glob("/v2/*", "/v2/orders"));
        assert!(!glob("/v2/*", "/v2/orders/{id}"));
        assert!(glob("/*/{id}", "/orders/{id}"));
        assert!(glob("orders.*", "orders.get"));
        assert!(glob("?", "a") && !glob("?", "/") && !glob("", "a") && glob("**", ""));
        assert!(!glob(&"*a".repeat(200), &"a".repeat(190)));
    }

    #[test]
    fn what_is_included_and_not_excluded_is_taken() {
        let selector = |text: &str| text.parse::<Selector>().expect("a selector");
        let mut selection = Selection::default();
        selection.include(selector("tag:orders"));
        selection.include(selector("path:/v3/**"));
        selection.exclude(selector("method:delete"));
        let tags = ["orders".to_owned()];
        let get = Candidate {
            id: "get",
            method: "get",
            path: "/v2/orders",
            tags: &tags,
        };
        let mut used = BTreeSet::new();
        let mut takes = |candidate| selection.takes(candidate, &mut used);
        assert!(takes(get));
        assert!(!takes(Candidate {
            method: "DELETE",
            ..get
        }));
        assert!(!takes(Candidate { tags: &[], ..get }));
        let unused: Vec<_> = selection.all().filter(|one| !used.contains(one)).collect();
        assert_eq!(unused, ["path:/v3/**"]);
        assert!("orders".parse::<Selector>().is_err());
    }
}
