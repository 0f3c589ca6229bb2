//! The pipeline: a document becomes the files of a crate.

use std::mem;
use std::path::Path;

use serde_json::Value;

use crate::config::Config;
#[cfg(feature = "directory")]
use crate::config::Layout;
use crate::diagnostics::{Diagnostic, Diagnostics, Report};
use crate::error::Error;
use crate::files::Files;
use crate::load::Document;
use crate::model::Api;
use crate::names::{self, Names};
#[cfg(feature = "directory")]
use crate::package;
#[cfg(feature = "directory")]
use crate::surface::{SURFACE, Surface};
#[cfg(feature = "directory")]
use crate::write::{self, Edits, Plan, Written};
use crate::{constraints, emit, examples, load, lower, openapi};

/// Generates a crate from a document. Nothing is written yet.
pub fn generate(config: &Config) -> Result<Package, Error> {
    generate_by_stages(config, &mut |_| {})
}

/// Like [`generate`]; calls `begin` with what each stage does.
pub(crate) fn generate_by_stages(
    config: &Config,
    begin: &mut dyn FnMut(&'static str),
) -> Result<Package, Error> {
    let Understood {
        apis,
        names,
        report,
    } = understand(config, begin)?;

    begin("emitting");
    #[cfg_attr(
        not(feature = "directory"),
        expect(unused_mut, reason = "a module is all")
    )]
    let mut files = emit::emit(&apis, &names, config);
    #[cfg(feature = "directory")]
    if config.layout() == Layout::Crate {
        files.extend(package::package(&apis, &names, config));
        // Not the document as it was named: a URL may hold a secret.
        let source = apis.first().map_or(Path::new(""), |api| &api.source);
        files.insert(SURFACE, Surface::of(&apis, &names).to_text(source));
        files.insert(package::LOCK, package::lock(&files, config, &report));
    }

    Ok(Package {
        files,
        operations: apis.iter().map(|api| api.operations.len()).sum(),
        types: apis.first().map_or(0, |api| api.types.len()),
        report,
    })
}

/// Returns calls of every operation, as the module of a program that makes them, and the document that
/// values for them are seen from, in the shape of OpenAPI 3.0.
#[cfg(feature = "smoke")]
pub fn smoke(config: &Config) -> Result<(String, Value), Error> {
    let understood = understand(config, &mut |_| {})?;
    let calls = emit::smoke(&understood.apis, &understood.names);
    // What can't be loaded ended the run before.
    let document = load::load(config, &mut Diagnostics::default());
    Ok((calls, document.root))
}

/// What the first half of the pipeline comes to: what is emitted.
#[derive(Debug)]
pub(crate) struct Understood {
    pub(crate) apis: Vec<Api>,
    pub(crate) names: Vec<Names>,
    pub(crate) report: Report,
}

/// The first half, where everything is judged: documents become APIs, which share their types, and get their names.
/// Mistakes of a stage are collected, and no stage begins behind one.
pub(crate) fn understand(
    config: &Config,
    begin: &mut dyn FnMut(&'static str),
) -> Result<Understood, Error> {
    let mut run = Run::default();
    config.check(&mut run.diagnostics);
    run.barrier()?;

    begin("loading");
    run.document = load::load(config, &mut run.diagnostics);
    run.barrier()?;

    begin("reading");
    let description = openapi::read(&run.document, &mut run.diagnostics);
    let root = run.document.root.take();
    run.barrier()?;

    begin("lowering");
    let mut apis = lower::lower(&description, config, &mut run.diagnostics);
    judge(&root, &mut apis, config, begin, &mut run.diagnostics);
    drop(root);
    run.barrier()?;

    begin("naming");
    let names = names::assign(&apis, config, &mut run.diagnostics);
    if config.is_strict() {
        run.diagnostics.harden();
    }
    run.barrier()?;
    Ok(Understood {
        apis,
        names,
        report: run.end(),
    })
}

/// Holds against the document itself its examples, and what its values are checked for on request.
fn judge(
    root: &Value,
    apis: &mut [Api],
    config: &Config,
    begin: &mut dyn FnMut(&'static str),
    diagnostics: &mut Diagnostics,
) {
    if let Some(api) = apis.first_mut() {
        begin("judging examples");
        if config.has_tests() {
            api.examples = examples::collect(root, &api.exemplified, diagnostics);
        } else {
            examples::check(root, &api.exemplified, diagnostics);
        }
    }
    if config.validates() {
        begin("collecting constraints");
        for api in apis {
            constraints::collect(root, api, diagnostics);
        }
    }
}

/// What a run has collected so far: what to say, and what it is about.
#[derive(Default)]
struct Run {
    diagnostics: Diagnostics,
    document: Document,
}

impl Run {
    /// Ends the run where there is an error. Stands between two stages.
    fn barrier(&mut self) -> Result<(), Error> {
        if self.diagnostics.has_errors() {
            return Err(mem::take(self).end().into());
        }
        Ok(())
    }

    fn end(self) -> Report {
        Report::new(
            self.diagnostics,
            self.document.sources,
            self.document.origins,
        )
    }
}

/// A generated crate in memory, or a module.
#[derive(Debug)]
pub struct Package {
    files: Files,
    operations: usize,
    types: usize,
    report: Report,
}

impl Package {
    /// Returns the files.
    #[must_use]
    pub const fn files(&self) -> &Files {
        &self.files
    }

    /// Returns what the user should know: where the output lacks something, or the document was
    /// mended.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        self.report.diagnostics()
    }

    /// Returns how many operations the documents have.
    #[must_use]
    pub const fn operations(&self) -> usize {
        self.operations
    }

    /// Returns how many types were made of their schemas.
    #[must_use]
    pub const fn types(&self) -> usize {
        self.types
    }

    /// Returns the paths of all files that were read, the document first.
    pub fn inputs(&self) -> impl Iterator<Item = &Path> {
        self.report.files()
    }

    /// Makes a directory hold the crate.
    ///
    /// Files whose text is the same aren't touched, and those of an earlier generation that this
    /// one doesn't have are removed. Files that weren't generated stay; a directory that holds
    /// only such files is refused, and so is one where they stand in the way. On failure, the
    /// directory is as it was.
    ///
    /// People own the module `src/ext.rs` or `src/ext/`, which the crate declares where it is there, the
    /// changelog once it is written, the readme around its marks, and what they change in the manifest. A
    /// generated file that they edited otherwise is refused.
    #[cfg(feature = "directory")]
    pub fn write_to(&self, directory: impl AsRef<Path>) -> Result<Written, Error> {
        self.plan(directory, Edits::Refuse)?.write()
    }

    /// Finds out what [`Package::write_to`] would do, and does nothing yet.
    #[cfg(feature = "directory")]
    pub fn plan(&self, directory: impl AsRef<Path>, edits: Edits) -> Result<Plan, Error> {
        Ok(write::plan(&self.files, directory.as_ref(), edits)?)
    }

    /// Returns the warnings as a report, which can be shown with their places and in colour.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.report
    }
}
