//! What Cargo and the registry take as a fact about a crate.

use std::fmt;

use http::Uri;

/// A kind of fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    Version,
    Description,
    License,
    Url,
    Keyword,
    Category,
    Author,
    RustVersion,
}

/// The number of keywords, and of categories, that crates.io takes.
const MOST: usize = 5;

/// The longest keyword that crates.io takes.
const LONGEST_KEYWORD: usize = 20;

/// The version of Rust that every generated crate needs at least.
const RUST_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

impl Fact {
    /// Returns what is wrong with a text; `None` for one that can be taken.
    pub(crate) fn fault(self, text: &str) -> Option<String> {
        if text.trim().is_empty() {
            return Some("it is empty".to_owned());
        }
        match self {
            Self::Version => (!is_semantic(text))
                .then(|| "it isn't of three numbers, such as `1.2.0`".to_owned()),
            Self::Description | Self::Author => odd(text, |letter| !letter.is_control()),
            Self::License => odd(text, |letter| {
                letter.is_ascii_alphanumeric() || " .+-()".contains(letter)
            }),
            Self::Url => url_fault(text),
            Self::Keyword => keyword_fault(text),
            Self::Category => odd(text, |letter| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-:".contains(letter)
            }),
            Self::RustVersion => rust_version_fault(text),
        }
    }

    /// Returns what is wrong with a number of them.
    pub(crate) fn excess(self, number: usize) -> Option<String> {
        let many = match self {
            Self::Keyword => "keywords",
            Self::Category => "categories",
            _ => return None,
        };
        (number > MOST).then(|| format!("there are {number} {many}; the registry takes {MOST}"))
    }
}

impl fmt::Display for Fact {
    /// Writes what it is, with an article.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version => "a version",
            Self::Description => "a description",
            Self::License => "an SPDX licence expression",
            Self::Url => "a URL",
            Self::Keyword => "a keyword",
            Self::Category => "a category",
            Self::Author => "an author",
            Self::RustVersion => "a version of Rust",
        })
    }
}

/// Names the first letter that isn't allowed.
fn odd(text: &str, is_allowed: impl Fn(char) -> bool) -> Option<String> {
    let odd = text.chars().find(|letter| !is_allowed(*letter))?;
    Some(format!("it has a {odd:?}"))
}

fn url_fault(text: &str) -> Option<String> {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return Some("it doesn't begin with `https://`".to_owned());
    }
    text.parse::<Uri>().err().map(|error| error.to_string())
}

fn keyword_fault(text: &str) -> Option<String> {
    if text.len() > LONGEST_KEYWORD {
        return Some(format!("it is longer than {LONGEST_KEYWORD} characters"));
    }
    if !text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return Some("it begins with neither a letter nor a digit".to_owned());
    }
    odd(text, |letter| {
        letter.is_ascii_alphanumeric() || "_-+".contains(letter)
    })
}

fn rust_version_fault(text: &str) -> Option<String> {
    let numbers = |text: &str| {
        let parts = text.split('.').map(|part| part.parse::<u32>().ok());
        let parts: Option<Vec<_>> = parts.collect();
        parts.filter(|parts| (2..=3).contains(&parts.len()))
    };
    match numbers(text) {
        None => Some(format!(
            "it isn't of two or three numbers, such as `{RUST_VERSION}`"
        )),
        older if older < numbers(RUST_VERSION) => {
            Some(format!("the runtime needs {RUST_VERSION} at least"))
        }
        Some(_) => None,
    }
}

/// Returns whether a text is a version of <https://semver.org/>, 2.
pub(crate) fn is_semantic(version: &str) -> bool {
    let (version, build) = version.split_once('+').unwrap_or((version, "build"));
    let (core, pre_release) = match version.split_once('-') {
        Some((core, pre_release)) => (core, Some(pre_release)),
        None => (version, None),
    };
    let is_number = |part: &str| {
        part.parse::<u32>().is_ok()
            && part.bytes().all(|digit| digit.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let is_identifier = |part: &str| {
        !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
    };
    let is_numeric = |part: &str| part.bytes().all(|digit| digit.is_ascii_digit());
    core.split('.').count() == 3
        && core.split('.').all(is_number)
        && build.split('.').all(is_identifier)
        && pre_release.is_none_or(|identifiers| {
            identifiers
                .split('.')
                .all(|part| is_identifier(part) && (!is_numeric(part) || is_number(part)))
        })
        && version.len() + build.len() < 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_semantic() {
        for version in ["1.2.3", "0.0.0", "1.0.0-rc.1", "1.0.0-0a+2024.01"] {
            assert!(is_semantic(version), "{version}");
        }
        for version in [
            "",
            "1",
            "1.2",
            "v1.2.3",
            "01.2.3",
            "1.2.3-",
            "1.2.3-01",
            "1.2.3+",
            "+1.2.3",
            "1.2.3.4",
            "2024-01-01",
            "1.2.99999999999",
        ] {
            assert!(!is_semantic(version), "{version}");
        }
    }

    #[test]
    fn facts_are_as_cargo_and_the_registry_take_them() {
        for (fact, text, taken) in [
            (Fact::License, "MIT OR Apache-2.0 WITH LLVM-exception", true),
            (Fact::License, "see website!", false),
            (Fact::Keyword, "c++", true),
            (Fact::Keyword, "-x", false),
            (Fact::Keyword, "a-keyword-that-is-long", false),
            (Fact::Category, "web-programming::http-client", true),
            (Fact::Category, "Web", false),
            (Fact::Url, "https://example.com/a", true),
            (Fact::Url, "https://[", false),
            (Fact::RustVersion, "1.90", true),
            (Fact::RustVersion, "1.56.1", false),
            (Fact::RustVersion, "stable", false),
            (Fact::Author, "", false),
        ] {
            assert_eq!(fact.fault(text).is_none(), taken, "{fact}: {text}");
        }
    }
}
