//! Load: a path becomes one complete document of the shape of OpenAPI 3.0.

mod bundle;
mod documents;
mod dynamic;
mod library;
mod merge;
mod normalise;
#[cfg(feature = "overlays")]
mod overlay;
mod parse;
mod remote;
mod renames;
mod source;
mod structure;

use std::collections::BTreeMap;

use serde_json::Value;

pub(crate) use self::documents::listed;
use crate::{
    config::Config, diagnostics::Diagnostics, origins::Origins, pointer::Pointer, sources::Sources,
};
use library::Library;
use normalise::Version;

/// What was loaded: one complete document, or several that share their components. Every reference
/// in it is `#/components/<section>/<name>`.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// The normalised document; of several, the components and, under `documents`, the rest of each.
    pub(crate) root: Value,
    /// Where each document stands in the root, and its file.
    pub(crate) heads: Vec<(Pointer, usize)>,
    /// What each document says of its version, by its file: `OpenAPI 3.1.0`.
    pub(crate) versions: BTreeMap<usize, String>,
    /// The files it came from.
    pub(crate) sources: Sources,
    /// Where its parts came from.
    pub(crate) origins: Origins,
}

/// Loads documents. Where there are errors, nothing is loaded, but the sources are there to show them.
pub(crate) fn load(config: &Config, diagnostics: &mut Diagnostics) -> Document {
    let paths = config.documents();
    let mut library = Library::new(paths.len() > 1 || paths.iter().any(|path| path.is_dir()));
    for root in config.roots() {
        library.allow(root);
    }
    if config.allows_remote() {
        library.allow_remote();
    }
    let mut unread = Diagnostics::new();
    let files = documents::open(paths, &mut library, &mut unread);
    if config.keeps_going() && !files.is_empty() {
        unread.soften();
    }
    diagnostics.append(unread);
    #[cfg(feature = "overlays")]
    let mut patches = overlay::apply(config.overlays(), &files, &mut library, diagnostics);
    #[cfg(not(feature = "overlays"))]
    let mut patches = crate::origins::Patches::default();
    renames::apply(
        config.renamed(),
        &files,
        &mut library,
        &mut patches,
        diagnostics,
    );
    let versions = files
        .iter()
        .map(|&file| (file, normalise::stated(library.value(file))))
        .collect();
    let mut loaded = Vec::new();
    let mut refused = Diagnostics::new();
    for &file in &files {
        let mut found = Diagnostics::new();
        let document = load_one(file, config.keeps_going(), &mut library, &mut found);
        if found.has_errors() {
            refused.append(found);
        } else {
            loaded.extend(document);
            diagnostics.append(found);
        }
    }
    if config.keeps_going() && !loaded.is_empty() {
        refused.soften();
    }
    diagnostics.append(refused);
    let (root, heads, mut origins) = match loaded.pop() {
        _ if diagnostics.has_errors() => Default::default(),
        Some(only) if loaded.is_empty() => {
            let heads = vec![(Pointer::root(), only.origins.file())];
            (only.root, heads, only.origins)
        }
        Some(last) => {
            loaded.push(last);
            merge::merge(loaded, &library.sources)
        }
        None => Default::default(),
    };
    origins.patch(patches);
    Document {
        root,
        heads,
        versions,
        sources: library.sources,
        origins,
    }
}

/// One normalised document.
struct Loaded {
    root: Value,
    origins: Origins,
    version: Version,
}

fn load_one(
    file: usize,
    keep_going: bool,
    library: &mut Library,
    diagnostics: &mut Diagnostics,
) -> Option<Loaded> {
    let version = normalise::version(library.value(file), file, diagnostics)?;
    normalise::check_paths(library.value(file), file, diagnostics);
    let (mut root, mut origins) = bundle::bundle(file, version, keep_going, library, diagnostics);
    if !diagnostics.has_errors() {
        normalise::normalise(&mut root, version, &mut origins, diagnostics);
    }
    Some(Loaded {
        root,
        origins,
        version,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::diagnostics::Report;

    /// Loads and reads a document, and returns what is said of it.
    fn report(path: &Path) -> Report {
        let mut diagnostics = Diagnostics::new();
        let document = load(&Config::new(path), &mut diagnostics);
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
        for name in [
            "swagger-2.0.yaml",
            "openapi-3.1.yaml",
            "openapi-3.2.yaml",
            "files/api.yaml",
            "everywhere/api.yaml",
        ] {
            let mut diagnostics = Diagnostics::new();
            let path = Path::new("tests/fixtures/load").join(name);
            let document = load(&Config::new(path), &mut diagnostics);
            crate::openapi::read(&document, &mut diagnostics);
            let root = serde_json::to_string_pretty(&document.root).expect("a text");
            let report = Report::new(diagnostics, document.sources, document.origins);
            insta::assert_snapshot!(name.replace('/', "-"), format!("{root}\n\n{report}"));
        }
    }
}
