//! The manifest of the crate.

use askama::Template;

use super::{escape, license};
use crate::{
    config::{Config, Runtime},
    model::{Api, Rule},
    names::{ALL, Names},
};

/// What every generated crate is about.
const KEYWORDS: &[&str] = &["api", "client", "oauth2", "openapi"];

/// Where the registry lists it.
const CATEGORIES: &[&str] = &["api-bindings", "web-programming::http-client"];

/// The longest keyword that crates.io takes.
const LONGEST_KEYWORD: usize = 20;

#[derive(Template)]
#[template(path = "Cargo.toml.askama", escape = "none")]
struct Manifest {
    name: String,
    version: String,
    authors: String,
    rust_version: String,
    description: String,
    license: Option<String>,
    repository: Option<String>,
    homepage: Option<String>,
    documentation: Option<String>,
    keywords: String,
    categories: String,
    /// What there is a feature for.
    featured: &'static str,
    /// The feature of all the others.
    all: &'static str,
    all_features: String,
    features: Vec<String>,
    runtime: String,
    /// The features of the runtime that it can't do without.
    needed: String,
}

/// Returns the manifest.
pub(super) fn manifest(apis: &[Api], names: &[Names], config: &Config) -> String {
    let set = config.package_metadata();
    let features = names.iter().flat_map(Names::features);
    let mut features: Vec<_> = features.map(|(feature, _)| feature.to_owned()).collect();
    features.sort_unstable();
    let names = &names[0];
    let license = shared(apis, |api| api.info.license.as_ref());
    let license = license.and_then(|(name, url)| license::identifier(name, url.as_deref()));
    let homepage = shared(apis, |api| api.info.documentation.as_deref());
    let homepage = homepage.filter(|url| is_url(url));
    let quoted = |set: &Option<String>, otherwise: Option<&str>| {
        set.as_deref().or(otherwise).map(escape::toml)
    };
    let version = |version| format!("version = {}", escape::toml(version));
    let runtime = match config.runtime_source() {
        Runtime::Version(wanted) => version(wanted),
        // The version is what a registry is told, which knows no paths.
        Runtime::Path(path) => format!(
            "path = {}, {}",
            escape::toml(&path.to_string_lossy()),
            version(env!("CARGO_PKG_VERSION"))
        ),
    };
    let manifest = Manifest {
        name: escape::toml(names.package()),
        version: escape::toml(names.version()),
        authors: list(&set.authors),
        rust_version: escape::toml(
            set.rust_version
                .as_deref()
                .unwrap_or(env!("CARGO_PKG_RUST_VERSION")),
        ),
        description: escape::toml(&set.description.clone().unwrap_or_else(|| match apis {
            [api] => description(api),
            _ => description_of_several(apis, names),
        })),
        license: quoted(&set.license, license),
        repository: quoted(&set.repository, None),
        homepage: quoted(&set.homepage, homepage),
        documentation: quoted(&set.documentation, None),
        keywords: match &set.keywords {
            Some(keywords) => list(keywords),
            None => list(&keywords(names.package())),
        },
        categories: match &set.categories {
            Some(categories) => list(categories),
            None => list(CATEGORIES),
        },
        featured: match apis {
            [_] => "tag",
            _ => "document",
        },
        all: ALL,
        all_features: list(&features),
        features,
        runtime,
        needed: needed(apis),
    };
    super::readme::rendered(&manifest)
}

/// Returns the features of the runtime that what is generated asks for.
fn needed(apis: &[Api]) -> String {
    let xml = apis.iter().any(|api| api.xml_bodies().next().is_some());
    let needed: Vec<_> = checks(apis)
        .into_iter()
        .chain(xml.then_some("xml"))
        .collect();
    list(&needed)
}

/// Returns the feature of the runtime that what is checked asks for.
fn checks(apis: &[Api]) -> Option<&'static str> {
    let mut schemas = apis.iter().flat_map(|api| &api.constraints).peekable();
    schemas.peek()?;
    let is_pattern = |rule: &Rule| matches!(rule, Rule::Pattern(_));
    if schemas.any(|schema| schema.rules.iter().any(|rule| rule.any(&is_pattern))) {
        Some("pattern")
    } else {
        Some("validate")
    }
}

/// Returns what all documents say alike.
fn shared<'a, T: PartialEq>(apis: &'a [Api], what: impl Fn(&'a Api) -> Option<T>) -> Option<T> {
    let mut all = apis.iter().map(what);
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)?
}

/// Returns what a crate of several documents is, in a line.
pub(super) fn description_of_several(apis: &[Api], names: &Names) -> String {
    let package = names.package();
    if apis.iter().any(Api::has_client_credentials) {
        format!("Clients of the APIs of {package}, authorised by OAuth 2.0 client credentials")
    } else {
        format!("Clients of the APIs of {package}")
    }
}

/// Returns what the crate is, in a line.
pub(super) fn description(api: &Api) -> String {
    let title = escape::line(&api.info.title);
    match (title.is_empty(), api.has_client_credentials()) {
        (true, true) => {
            "A client of an API whose calls are authorised by OAuth 2.0 client credentials"
                .to_owned()
        }
        (true, false) => "A client of an API".to_owned(),
        (false, true) => {
            format!("A client of {title}, authorised by OAuth 2.0 client credentials")
        }
        (false, false) => format!("A client of {title}"),
    }
}

/// Returns the elements of a TOML array.
fn list(texts: &[impl AsRef<str>]) -> String {
    let quoted: Vec<_> = texts
        .iter()
        .map(|text| escape::toml(text.as_ref()))
        .collect();
    quoted.join(", ")
}

/// Returns the keywords: the name of the crate, as far as the registry takes it, and the rest.
fn keywords(package: &str) -> Vec<String> {
    let is_keyword = |word: &str| {
        word.len() <= LONGEST_KEYWORD && word.starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    let own = package
        .split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let own = Some(own).filter(|own| is_keyword(own) && !KEYWORDS.contains(&own.as_str()));
    let keywords = KEYWORDS.iter().map(|&word| word.to_owned());
    own.into_iter().chain(keywords).collect()
}

fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::names;

    fn manifest_of(title: &str, runtime: Runtime) -> toml::Table {
        let mut api = Api::default();
        api.info.title = title.to_owned();
        api.info.license = Some(("Apache 2.0".to_owned(), None));
        api.info.documentation = Some("https://example.com/\"docs\"".to_owned());
        let config = Config::new("a.yaml").runtime(runtime);
        let apis = [api];
        let names = names::assign(&apis, &config, &mut Diagnostics::new());
        manifest(&apis, &names, &config)
            .parse()
            .expect("a manifest")
    }

    #[test]
    fn a_manifest_has_what_a_registry_asks_for() {
        let manifest = manifest_of("Pet \"Store\"\n[x]", Runtime::Version("0.1.0".to_owned()));
        let package = manifest["package"].as_table().expect("a table");
        assert_eq!(package["name"].as_str(), Some("pet-store-x"));
        assert_eq!(package["license"].as_str(), Some("Apache-2.0"));
        assert!(
            package["description"]
                .as_str()
                .is_some_and(|text| text.contains("Pet \"Store\" [x]"))
        );
        assert!(
            package["keywords"]
                .as_array()
                .is_some_and(|words| (1..=5).contains(&words.len()))
        );
        let runtime = &manifest["dependencies"]["accredit-runtime"];
        assert_eq!(runtime["version"].as_str(), Some("0.1.0"));
        assert!(
            manifest["workspace"]
                .as_table()
                .is_some_and(toml::Table::is_empty)
        );
    }

    #[test]
    fn a_runtime_on_disk_is_a_path_and_for_a_registry_a_version() {
        let manifest = manifest_of("", Runtime::Path("../run\"time".into()));
        let dependency = &manifest["dependencies"]["accredit-runtime"];
        assert_eq!(dependency["path"].as_str(), Some("../run\"time"));
        assert_eq!(
            dependency["version"].as_str(),
            Some(env!("CARGO_PKG_VERSION"))
        );
    }
}
