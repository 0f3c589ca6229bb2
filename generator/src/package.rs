//! Model and names become the text around the Rust: manifest, readme, the root of the crate.

mod escape;
mod example;
mod license;
mod manifest;
mod readme;

use crate::{
    config::{Config, Layout},
    files::Files,
    model::Api,
    names::Names,
};

/// Returns the files of a crate that aren't made of its operations and types; none for a module,
/// which is a part of another crate.
pub(crate) fn package(api: &Api, names: &Names, config: &Config) -> Files {
    let mut files = Files::default();
    if config.layout() == Layout::Crate {
        files.insert("Cargo.toml", manifest::manifest(api, names, config));
        files.insert("README.md", readme::readme(api, names));
        files.insert("src/lib.rs", readme::root(api, names, config));
    }
    files
}
