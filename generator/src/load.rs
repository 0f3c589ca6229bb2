//! Load: a path becomes one complete document of the shape of OpenAPI 3.0.

mod bundle;
mod normalise;
mod parse;
mod source;
mod structure;

use std::path::Path;

use serde_json::{Map, Value};

use crate::{
    diagnostics::{At, Diagnostics},
    origins::Origins,
    sources::Sources,
};

/// One complete document: every reference in it is `#/components/<section>/<name>`.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// The normalised document.
    pub(crate) root: Value,
    /// The files it came from, the first being the one that was asked for.
    pub(crate) sources: Sources,
    /// Where its parts came from.
    pub(crate) origins: Origins,
}

/// Loads a document. Where there are errors, it is empty, but its sources are there to show them.
pub(crate) fn load(path: &Path, diagnostics: &mut Diagnostics) -> Document {
    let mut sources = Sources::default();
    let loaded = load_into(&mut sources, path, diagnostics);
    let (root, origins) = loaded
        .filter(|_| !diagnostics.has_errors())
        .unwrap_or_else(|| (Value::Object(Map::new()), Origins::default()));
    Document {
        root,
        sources,
        origins,
    }
}

fn load_into(
    sources: &mut Sources,
    path: &Path,
    diagnostics: &mut Diagnostics,
) -> Option<(Value, Origins)> {
    let file = sources.read(path, &At::Nowhere, diagnostics)?;
    let root = parse::parse(&sources.0[file].text, file, diagnostics)?;
    let version = normalise::version(&root, diagnostics)?;
    normalise::check_paths(&root, diagnostics);
    let (mut root, mut origins) = bundle::bundle(root, version, sources, diagnostics);
    if !diagnostics.has_errors() {
        normalise::normalise(&mut root, version, &mut origins, diagnostics);
    }
    Some((root, origins))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Report;

    /// Loads and reads a document, and returns what is said of it.
    fn report(path: &Path) -> Report {
        let mut diagnostics = Diagnostics::new();
        let document = load(path, &mut diagnostics);
        crate::openapi::read(&document, &mut diagnostics);
        Report::new(diagnostics, document.sources, document.origins)
    }

    /// Every file of `tests/fixtures/bad` has one mistake.
    #[test]
    fn each_mistake_is_told_with_its_place_and_a_hint() {
        let directory = Path::new("tests/fixtures/bad");
        let mut paths: Vec<_> = directory
            .read_dir()
            .expect("the fixtures")
            .map(|entry| entry.expect("a file").path())
            .filter(|path| path.is_file())
            .collect();
        paths.push(directory.join("missing.yaml"));
        paths.push(directory.join("parts"));
        let _bound = settings("bad");
        for path in paths {
            let report = report(&path);
            assert!(!report.is_empty(), "{}", path.display());
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .expect("a name");
            insta::assert_snapshot!(name, report);
        }
    }

    fn settings(directory: &str) -> insta::internals::SettingsBindDropGuard {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(format!("../tests/snapshots/{directory}"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind_to_scope()
    }

    /// Every version of OpenAPI, and a document in several files.
    #[test]
    fn documents_become_one_of_the_shape_of_openapi_3_0() {
        let _bound = settings("load");
        for name in ["swagger-2.0.yaml", "openapi-3.1.yaml", "files/api.yaml"] {
            let mut diagnostics = Diagnostics::new();
            let path = Path::new("tests/fixtures/load").join(name);
            let document = load(&path, &mut diagnostics);
            crate::openapi::read(&document, &mut diagnostics);
            let root = serde_json::to_string_pretty(&document.root).expect("a text");
            let report = Report::new(diagnostics, document.sources, document.origins);
            insta::assert_snapshot!(name.replace('/', "-"), format!("{root}\n\n{report}"));
        }
    }
}
