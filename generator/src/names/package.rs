//! The name and the version of the generated package.

use std::path::Path;

use super::{case::Words, keyword};
use crate::{
    config::{Config, is_semantic},
    model::Api,
};

/// What a title says about the document and not about the API.
const NOISE: &[&str] = &[
    "api",
    "apis",
    "openapi",
    "reference",
    "rest",
    "spec",
    "specification",
    "swagger",
];

/// Names that Cargo or `rustc` refuse, or that another crate of the client has.
const REFUSED: &[&str] = &[
    "accredit",
    "accredit-runtime",
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "proc-macro",
    "proc_macro",
    "std",
    "test",
];

/// The longest name that crates.io takes.
const LONGEST: usize = 64;

/// The version of a package whose document has none that Cargo takes.
const FIRST: &str = "0.1.0";

/// Returns the name that the configuration sets, or one that is made of the title.
pub(super) fn name(apis: &[Api], config: &Config) -> String {
    let mut name = match config.crate_name() {
        Some(name) => sanitized(name),
        None => match apis {
            [api] => from_title(&api.info.title),
            _ => from_directory(apis),
        },
    };
    name.truncate(LONGEST - "-client".len());
    while name.ends_with(['-', '_']) {
        name.pop();
    }
    if name.is_empty() {
        "api-client".to_owned()
    } else if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("api-{name}")
    } else if REFUSED.contains(&name.as_str()) || keyword::is_keyword(&name) {
        format!("{name}-client")
    } else {
        name
    }
}

/// Several documents are named after the directory that holds them all.
fn from_directory(apis: &[Api]) -> String {
    let mut parents = apis.iter().filter_map(|api| api.source.parent());
    let first = parents.next().unwrap_or(Path::new(""));
    let holds_all = |directory: &&Path| {
        let mut sources = apis.iter().map(|api| &api.source);
        sources.all(|source| source.starts_with(directory))
    };
    let directory = first.ancestors().find(holds_all);
    let name = directory.and_then(Path::file_name).unwrap_or_default();
    Words::of(&name.to_string_lossy()).kebab()
}

/// A brand is one word, whatever its capitals (`PayPal`): only separators split.
fn from_title(title: &str) -> String {
    Words::of(&title.to_lowercase()).without_last(NOISE).kebab()
}

/// Drops what Cargo refuses in the name of a package.
fn sanitized(name: &str) -> String {
    let valid = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let name: String = name
        .chars()
        .map(|letter| if valid(letter) { letter } else { '-' })
        .collect();
    name.trim_matches(['-', '_']).to_owned()
}

/// Returns the version of the crate: the one that the configuration sets, or that of all documents
/// where Cargo takes it.
pub(super) fn version<'a>(apis: &'a [Api], config: &'a Config) -> &'a str {
    if let Some(version) = config.package_metadata().version.as_deref()
        && is_semantic(version)
    {
        return version;
    }
    let mut versions = apis.iter().map(|api| api.info.version.trim());
    match versions.next() {
        Some(version) if is_semantic(version) && versions.all(|other| other == version) => version,
        _ => FIRST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(title: &str, name: Option<&str>) -> String {
        let mut api = Api::default();
        api.info.title = title.to_owned();
        let config = Config::new("openapi.yaml");
        super::name(&[api], &name.into_iter().fold(config, Config::name))
    }

    #[test]
    fn a_package_is_named_after_the_title() {
        for (title, name) in [
            ("PayPal Orders", "paypal-orders"),
            ("Vectara REST API", "vectara"),
            ("Test", "test-client"),
            ("API", "api"),
            ("3D Secure", "api-3d-secure"),
            ("", "api-client"),
            ("\u{0}", "api-client"),
            ("Größen", "grossen"),
        ] {
            assert_eq!(named(title, None), name);
        }
        assert!(named(&"long ".repeat(50), None).len() <= LONGEST);
    }

    #[test]
    fn a_configured_name_is_kept_as_far_as_cargo_takes_it() {
        assert_eq!(named("Title", Some("my_Client")), "my_Client");
        assert_eq!(named("Title", Some("a\"b")), "a-b");
        assert_eq!(named("Title", Some("type")), "type-client");
    }
}
