//! What the keys do.

use super::Client;
#[cfg(feature = "cli")]
use super::key::Keys as _;
use super::runtime::seen_from;
use super::settings::{Package, Settings};
use crate::config::{Config, Metadata};

impl Settings {
    /// Takes what isn't set from others.
    #[cfg(feature = "cli")]
    pub(crate) fn or(self, mut others: Self) -> Self {
        // One of the two excludes the other, which was said with less right.
        if self.strict == Some(true) {
            others.keep_going = None;
        }
        self.over(others)
    }

    /// Returns the client that they describe.
    pub(crate) fn into_client(self, name: Option<String>) -> Client {
        let documents = self.documents.into_iter().flatten();
        let mut config = Config::of(documents.map(|document| document.0))
            .strict(self.strict.unwrap_or_default())
            .keep_going(self.keep_going.unwrap_or_default())
            .tests(self.tests.unwrap_or_default())
            .remote(self.allow_remote.unwrap_or_default());
        config = self
            .overlays
            .into_iter()
            .flatten()
            .fold(config, Config::overlay);
        config = self.roots.into_iter().flatten().fold(config, Config::root);
        config = self
            .include
            .into_iter()
            .flatten()
            .fold(config, Config::include);
        config = self
            .exclude
            .into_iter()
            .flatten()
            .fold(config, Config::exclude);
        if let Some(runtime) = self.runtime {
            config = config.runtime(match &self.output {
                Some(output) => seen_from(output, runtime),
                None => runtime,
            });
        }
        config = self.formats.into_iter().fold(config, Config::formats);
        let mut package = self.package.unwrap_or_default();
        let own = package.name.take().map(|own| own.0);
        config = own
            .or_else(|| name.clone())
            .into_iter()
            .fold(config, Config::name);
        Client {
            name,
            config: config.metadata(package.into_metadata()),
            output: self.output,
        }
    }
}

impl Package {
    fn into_metadata(self) -> Metadata {
        Metadata {
            version: self.version.map(|it| it.0),
            description: self.description.map(|it| it.0),
            license: self.license.map(|it| it.0),
            repository: self.repository.map(|it| it.0),
            homepage: self.homepage.map(|it| it.0),
            documentation: self.documentation.map(|it| it.0),
            keywords: self
                .keywords
                .map(|list| list.0.into_iter().map(|it| it.0).collect()),
            categories: self
                .categories
                .map(|list| list.0.into_iter().map(|it| it.0).collect()),
            authors: self.authors.into_iter().flatten().map(|it| it.0).collect(),
            rust_version: self.rust_version.map(|it| it.0),
        }
    }
}
