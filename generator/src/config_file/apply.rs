//! What the keys do.

#[cfg(feature = "cli")]
use super::key::Keys as _;
use super::names::{Names, replaced};
use super::runtime::seen_from;
use super::settings::{Package, Settings};
use super::{Client, Described};
use crate::config::{Config, Metadata};

impl Described {
    /// Puts settings before those of the file.
    #[cfg(feature = "cli")]
    pub(crate) fn under(mut self, settings: Settings) -> Self {
        self.settings = settings.over(self.settings);
        self
    }

    /// Returns the client that is described.
    pub(crate) fn into_client(self) -> Client {
        let Self {
            name,
            settings,
            file,
        } = self;
        let output = settings.output.clone();
        let mut config = settings.into_config(name.as_deref());
        if let Some(file) = file {
            config = config.asked_in(file);
        }
        Client {
            name,
            config,
            output,
        }
    }
}

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

    /// Returns what they say; a client's key names its crate where nothing else does.
    fn into_config(self, client: Option<&str>) -> Config {
        let documents = self.documents.into_iter().flatten();
        let mut config = Config::of(documents.map(|document| document.0))
            .strict(self.strict.unwrap_or_default())
            .keep_going(self.keep_going.unwrap_or_default())
            .exact_numbers(self.exact_numbers.unwrap_or_default())
            .also_xml(self.also_xml.unwrap_or_default())
            .tests(self.tests.unwrap_or_default())
            .validate(self.validate.unwrap_or_default())
            .tag_features(self.tag_features.unwrap_or(true))
            .remote(self.allow_remote.unwrap_or_default());
        config = each(self.overlays, config, Config::overlay);
        config = each(self.roots, config, Config::root);
        config = each(self.include, config, Config::include);
        config = each(self.exclude, config, Config::exclude);
        config = each(self.tolerate, config, Config::tolerate);
        config = self.formats.into_iter().fold(config, Config::formats);
        if let Some(runtime) = self.runtime {
            config = config.runtime(match &self.output {
                Some(output) => seen_from(output, runtime),
                None => runtime,
            });
        }
        let names = self.names.map(Names::into_list);
        config = each(names, config, Config::rename);
        config = each(self.types.map(replaced), config, Config::rename);
        for paged in self.pagination.into_iter().flatten() {
            for selector in paged.select {
                config = config.pagination(selector, paged.pagination.clone());
            }
        }
        for polled in self.polling.into_iter().flatten() {
            for selector in polled.select {
                config = config.polling(selector, polled.polling.clone());
            }
        }
        if let Some(policies) = self.policies {
            config = config.policies(policies.into_config());
        }
        let mut package = self.package.unwrap_or_default();
        let own = package.name.take().map(|own| own.0);
        config = own
            .or_else(|| client.map(str::to_owned))
            .into_iter()
            .fold(config, Config::name);
        config.metadata(package.into_metadata())
    }
}

/// Applies an option to each element of a list.
fn each<T>(list: Option<Vec<T>>, config: Config, option: fn(Config, T) -> Config) -> Config {
    list.into_iter().flatten().fold(config, option)
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
