//! Model and names become the text around the Rust: manifest, readme, the root of the crate.

mod credentials;
mod escape;
mod example;
mod license;
mod manifest;
mod readme;

use crate::{
    config::{Config, Layout},
    files::{self, Files},
    model::Api,
    names::Names,
};

/// Returns the files of a crate that aren't made of its operations and types; none for a module,
/// which is a part of another crate.
pub(crate) fn package(api: &Api, names: &Names, config: &Config) -> Files {
    let mut files = Files::default();
    if config.layout() == Layout::Crate {
        let mark = files::mark(config.document());
        let manifest = manifest::manifest(api, names, config);
        files.insert("Cargo.toml", format!("# {mark}\n\n{manifest}"));
        // Two hyphens would end the comment early.
        let mark = mark.replace("--", "-");
        let readme = readme::readme(api, names);
        files.insert("README.md", format!("<!-- {mark} -->\n\n{readme}"));
        files.insert("src/lib.rs", readme::root(api, names, config));
    }
    files
}
