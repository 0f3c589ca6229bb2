//! Model and names become the text around the Rust: manifest, readme, the root of the crate.

mod changelog;
mod credentials;
mod escape;
mod example;
mod license;
mod lock;
mod manifest;
mod readme;
mod several;

pub(crate) use self::lock::{LOCK, lock, sha256};

use crate::{
    config::Config,
    files::{self, Files},
    model::Api,
    names::Names,
};

/// Returns the files of a crate that aren't made of its operations and types.
pub(crate) fn package(apis: &[Api], names: &[Names], config: &Config) -> Files {
    let mut files = Files::default();
    let (Some(api), Some(first)) = (apis.first(), names.first()) else {
        return files;
    };
    let origin = files::origin(&api.source);
    let manifest = manifest::manifest(apis, names, config);
    let mark = format!("# {origin} What you change in it stays.");
    files.insert("Cargo.toml", format!("{mark}\n\n{manifest}"));
    files.insert("CHANGELOG.md", changelog::changelog(apis));
    // Two hyphens would end the comment early.
    let origin = origin.replace("--", "-");
    let mark = format!("<!-- {origin} What you write before and behind it stays. -->");
    let readme = if first.module().is_some() {
        several::readme(apis, names)
    } else {
        readme::readme(api, first)
    };
    files.insert(
        "README.md",
        format!("{mark}\n\n{readme}\n{}\n", files::README_END),
    );
    for (api, names) in apis.iter().zip(names) {
        let path = match names.module() {
            Some(module) => format!("src/{module}.rs"),
            None => "src/lib.rs".to_owned(),
        };
        files.insert(path, readme::root(api, names));
    }
    if first.module().is_some() {
        files.insert("src/lib.rs", several::root(apis, names));
    }
    files
}
