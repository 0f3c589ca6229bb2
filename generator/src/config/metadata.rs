//! What a manifest says of a generated crate, beside its name.

mod fact;

pub(crate) use self::fact::{Fact, is_semantic};

/// Metadata of a generated crate, as its manifest has them
/// ([the Cargo book](https://doc.rust-lang.org/cargo/reference/manifest.html)). What isn't set is
/// taken from the document, or left out.
///
/// ```
/// use accredit::{Config, Metadata};
///
/// let metadata = Metadata::new().version("2.1.0").license("MIT").authors(["Ada <ada@example.com>"]);
/// let config = Config::new("openapi.yaml").metadata(metadata);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    pub(crate) version: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) homepage: Option<String>,
    pub(crate) documentation: Option<String>,
    pub(crate) keywords: Option<Vec<String>>,
    pub(crate) categories: Option<Vec<String>>,
    pub(crate) authors: Vec<String>,
    pub(crate) rust_version: Option<String>,
}

impl Metadata {
    /// Makes metadata of which nothing is set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the version: the document's by default, if it is one that Cargo takes.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Sets the description: what the document's title makes by default.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets the licence of the crate, as an SPDX expression: the document's by default, if it can be told.
    #[must_use]
    pub fn license(mut self, license: impl Into<String>) -> Self {
        self.license = Some(license.into());
        self
    }

    /// Sets the URL of the source.
    #[must_use]
    pub fn repository(mut self, url: impl Into<String>) -> Self {
        self.repository = Some(url.into());
        self
    }

    /// Sets the URL of the home page: the document's external documentation by default.
    #[must_use]
    pub fn homepage(mut self, url: impl Into<String>) -> Self {
        self.homepage = Some(url.into());
        self
    }

    /// Sets the URL of the crate's documentation: docs.rs by default.
    #[must_use]
    pub fn documentation(mut self, url: impl Into<String>) -> Self {
        self.documentation = Some(url.into());
        self
    }

    /// Sets the keywords, at most five.
    #[must_use]
    pub fn keywords<T: Into<String>>(mut self, keywords: impl IntoIterator<Item = T>) -> Self {
        self.keywords = Some(keywords.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the categories, at most five of <https://crates.io/category_slugs>.
    #[must_use]
    pub fn categories<T: Into<String>>(mut self, categories: impl IntoIterator<Item = T>) -> Self {
        self.categories = Some(categories.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the authors.
    #[must_use]
    pub fn authors<T: Into<String>>(mut self, authors: impl IntoIterator<Item = T>) -> Self {
        self.authors = authors.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the oldest version of Rust that the crate is for: that of its runtime by default.
    #[must_use]
    pub fn rust_version(mut self, version: impl Into<String>) -> Self {
        self.rust_version = Some(version.into());
        self
    }

    /// Returns what Cargo or the registry refuse, each in a line.
    pub(super) fn faults(&self) -> Vec<String> {
        let texts = [
            (Fact::Version, &self.version),
            (Fact::Description, &self.description),
            (Fact::License, &self.license),
            (Fact::Url, &self.repository),
            (Fact::Url, &self.homepage),
            (Fact::Url, &self.documentation),
            (Fact::RustVersion, &self.rust_version),
        ];
        let texts = texts
            .into_iter()
            .flat_map(|(fact, text)| text.iter().map(move |it| (fact, it)));
        let lists = [
            (Fact::Keyword, self.keywords.as_deref()),
            (Fact::Category, self.categories.as_deref()),
            (Fact::Author, Some(self.authors.as_slice())),
        ];
        let lists = lists.map(|(fact, list)| (fact, list.unwrap_or_default()));
        let elements = lists
            .into_iter()
            .flat_map(|(fact, list)| list.iter().map(move |it| (fact, it)));
        let faults = texts.chain(elements).filter_map(|(fact, text)| {
            let fault = fact.fault(text)?;
            Some(format!("{text:?} can't be {fact}: {fault}"))
        });
        let excesses = lists
            .iter()
            .filter_map(|(fact, list)| fact.excess(list.len()));
        faults.chain(excesses).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, Config};

    #[test]
    fn all_that_cargo_refuses_is_told_before_anything_is_read() {
        let metadata = Metadata::new()
            .version("1.0")
            .repository("example.com")
            .keywords(["a", "b", "c", "d", "e", "f f"]);
        let config = Config::new("no-such-file.yaml").module().metadata(metadata);
        let error = crate::generate(&config).expect_err("invalid");
        let told = error
            .diagnostics()
            .iter()
            .map(|one| (one.code(), one.message()));
        let expected = [
            "\"1.0\" can't be a version: it isn't of three numbers, such as `1.2.0`",
            "\"example.com\" can't be a URL: it doesn't begin with `https://`",
            "\"f f\" can't be a keyword: it has a ' '",
            "there are 6 keywords; the registry takes 5",
        ];
        assert_eq!(
            told.collect::<Vec<_>>(),
            expected.map(|text| (Code::InvalidConfig, text))
        );
    }
}
