//! What changed for callers from one generation to the next, and what that means for the version.
//!
//! The rules, with their reasons, are in `guide/src/explanation/semver.md`.

mod inputs;
mod json;
mod operations;
mod types;
mod version;

use std::collections::BTreeMap;
use std::fmt;

use crate::surface::{Scheme, Surface};

pub(crate) use self::version::next;

/// What a change means for those who call the crate, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Code goes on compiling and can do more, or does what it did elsewhere.
    Compatible,
    /// Code may no longer compile, or calls no longer succeed.
    Breaking,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Added,
    Changed,
    Removed,
}

/// Something that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) level: Level,
    pub(crate) kind: Kind,
    /// What it is about: ``operation `orders.get` ``.
    pub(crate) subject: String,
    /// What became of it.
    pub(crate) text: String,
    /// Why that is breaking, or isn't, where it isn't plain.
    pub(crate) reason: Option<&'static str>,
}

/// All that changed, the breaking first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) changes: Vec<Change>,
}

impl Difference {
    /// Compares what callers saw with what they see.
    pub(crate) fn between(old: &Surface, new: &Surface) -> Self {
        let mut difference = Self::default();
        operations::compare(&old.operations, &new.operations, &mut difference);
        types::compare(&old.types, &new.types, &mut difference);
        schemes(&old.schemes, &new.schemes, &mut difference);
        features(&old.features, &new.features, &mut difference);
        servers(&old.servers, &new.servers, &mut difference);
        // What is breaking comes first; otherwise the order stays.
        difference.changes.sort_by_key(|change| {
            let is_compatible = change.level == Level::Compatible;
            (is_compatible, change.kind == Kind::Changed)
        });
        difference
    }

    /// Returns the greatest level of all changes; `None` where callers see none.
    pub(crate) fn level(&self) -> Option<Level> {
        self.changes.iter().map(|change| change.level).max()
    }

    /// Returns an entry of a changelog: lists by what happened, breaking changes marked.
    pub(crate) fn entry(&self) -> String {
        let mut sections = Vec::new();
        for (kind, title) in [
            (Kind::Added, "Added"),
            (Kind::Changed, "Changed"),
            (Kind::Removed, "Removed"),
        ] {
            let lines = self.changes.iter().filter(|change| change.kind == kind);
            let lines: Vec<_> = lines
                .map(|change| {
                    let mark = match change.level {
                        Level::Breaking => "**Breaking:** ",
                        Level::Compatible => "",
                    };
                    format!("- {mark}{change}\n")
                })
                .collect();
            if !lines.is_empty() {
                sections.push(format!("### {title}\n\n{}", lines.concat()));
            }
        }
        sections.join("\n")
    }

    /// Adds a change after which code may no longer compile.
    fn breaking(&mut self, subject: &str, text: impl Into<String>) -> &mut Change {
        self.add(Level::Breaking, Kind::Changed, subject, text)
    }

    /// Adds a change after which code goes on compiling.
    fn compatible(&mut self, subject: &str, text: impl Into<String>) -> &mut Change {
        self.add(Level::Compatible, Kind::Changed, subject, text)
    }

    fn add(
        &mut self,
        level: Level,
        kind: Kind,
        subject: &str,
        text: impl Into<String>,
    ) -> &mut Change {
        let change = Change {
            level,
            kind,
            subject: subject.to_owned(),
            text: text.into(),
            reason: None,
        };
        let index = self.changes.len();
        self.changes.push(change);
        &mut self.changes[index]
    }
}

impl Change {
    /// Adds why it is breaking, or isn't.
    const fn because(&mut self, reason: &'static str) {
        self.reason = Some(reason);
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, text, .. } = self;
        write!(f, "{subject}")?;
        if !text.is_empty() {
            write!(f, " {text}")?;
        }
        match self.reason {
            Some(reason) => write!(f, " ({reason})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (level, title) in [
            (Level::Breaking, "breaking"),
            (Level::Compatible, "compatible"),
        ] {
            let changes = self.changes.iter().filter(|change| change.level == level);
            let changes: Vec<_> = changes.collect();
            if changes.is_empty() {
                continue;
            }
            writeln!(f, "{title}: {}", changes.len())?;
            for change in changes {
                writeln!(f, "  {change}")?;
            }
            writeln!(f)?;
        }
        let verdict = match self.level() {
            None => "none: callers see no difference",
            Some(Level::Compatible) => "minor: code that calls the crate goes on compiling",
            Some(Level::Breaking) => "major: code that calls the crate may have to change",
        };
        writeln!(f, "semver: {verdict}")
    }
}

fn schemes(
    old: &BTreeMap<String, Scheme>,
    new: &BTreeMap<String, Scheme>,
    difference: &mut Difference,
) {
    for (name, is_new, scheme) in unmatched(old, new) {
        let subject = format!("security scheme `{name}`");
        let text = format!(
            "is {}: {}",
            if is_new { "new" } else { "gone" },
            scheme.what
        );
        if is_new {
            difference.add(Level::Compatible, Kind::Added, &subject, text);
        } else {
            difference
                .add(Level::Breaking, Kind::Removed, &subject, text)
                .because("what sets its credential is gone");
        }
    }
    for (name, old, new) in matched(old, new) {
        let subject = format!("security scheme `{name}`");
        if old.what != new.what {
            let text = format!("is {}; it was {}", new.what, old.what);
            difference.breaking(&subject, text);
        } else if old.setting != new.setting {
            let text = format!("is set by `{}`; it was `{}`", new.setting, old.setting);
            difference
                .breaking(&subject, text)
                .because("environments and files name it");
        }
        if old.token_url != new.token_url {
            let url = |url: &Option<String>| match url {
                Some(url) => format!("`{url}`"),
                None => "the user's token endpoint".to_owned(),
            };
            let text = format!(
                "asks {} for tokens; it was {}",
                url(&new.token_url),
                url(&old.token_url)
            );
            let level = if new.token_url.is_some() {
                Level::Compatible
            } else {
                Level::Breaking
            };
            difference.add(level, Kind::Changed, &subject, text);
        }
    }
}

fn features(
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    difference: &mut Difference,
) {
    for (name, is_new, way) in unmatched(old, new) {
        let subject = format!("feature `{name}`");
        if !is_new {
            difference
                .add(Level::Breaking, Kind::Removed, &subject, "is gone")
                .because("manifests name it");
        } else if old.is_empty() {
            let text = format!("is new: `{way}` stands behind it");
            difference
                .add(Level::Breaking, Kind::Added, &subject, text)
                .because("it is on by default, but not for those who turn that off");
        } else {
            difference.add(Level::Compatible, Kind::Added, &subject, "is new");
        }
    }
}

fn servers(
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    difference: &mut Difference,
) {
    for (module, old, new) in matched(old, new) {
        if old != new {
            let subject = match module {
                "" => "the first server".to_owned(),
                module => format!("the first server of `{module}`"),
            };
            let text = format!("is `{new}`; it was `{old}`");
            difference
                .compatible(&subject, text)
                .because("code stays the same; calls go there unless a base URL is set");
        }
    }
}

/// Returns what only one of two has: the key, whether it is the second that has it, and the thing.
fn unmatched<'a, T>(
    old: &'a BTreeMap<String, T>,
    new: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a str, bool, &'a T)> {
    let gone = old.iter().filter(|(key, _)| !new.contains_key(*key));
    let added = new.iter().filter(|(key, _)| !old.contains_key(*key));
    let gone = gone.map(|(key, thing)| (key.as_str(), false, thing));
    gone.chain(added.map(|(key, thing)| (key.as_str(), true, thing)))
}

/// Returns what both have.
fn matched<'a, T>(
    old: &'a BTreeMap<String, T>,
    new: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a str, &'a T, &'a T)> {
    old.iter()
        .filter_map(|(key, old)| Some((key.as_str(), old, new.get(key)?)))
}
