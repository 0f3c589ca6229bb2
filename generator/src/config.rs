//! What to generate, and how: options as data.

pub(crate) mod crate_name;

use std::path::{Path, PathBuf};

use crate::diagnostics::{At, Code, Diagnostics};

/// Options of a generation.
///
/// ```
/// let config = accredit::Config::new("vendor/openapi.yaml").name("vendor");
/// assert_eq!(config.document(), std::path::Path::new("vendor/openapi.yaml"));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    document: PathBuf,
    name: Option<String>,
    runtime: Runtime,
    layout: Layout,
    tests: bool,
}

/// Where a generated crate finds the crate `accredit-runtime`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runtime {
    /// In the registry, by a version requirement.
    Version(String),
    /// On disk: a runtime that isn't published. As the generated manifest says it: absolute, or
    /// relative to the generated crate.
    Path(PathBuf),
}

impl Default for Runtime {
    /// The version of this generator.
    fn default() -> Self {
        Self::Version(env!("CARGO_PKG_VERSION").to_owned())
    }
}

/// What is generated around the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Layout {
    /// A whole crate.
    #[default]
    Crate,
    /// A module without manifest and readme, to be included by a build script's crate.
    Module,
}

impl Config {
    /// Generates a whole crate from a document, named after its title.
    pub fn new(document: impl Into<PathBuf>) -> Self {
        Self {
            document: document.into(),
            name: None,
            runtime: Runtime::default(),
            layout: Layout::default(),
            tests: false,
        }
    }

    /// Sets the name of the crate; environment variables are prefixed by it too.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets where the generated crate finds its runtime.
    #[must_use]
    pub fn runtime(mut self, runtime: Runtime) -> Self {
        self.runtime = runtime;
        self
    }

    /// Also generates tests: every example of the document is read and written back without loss.
    #[must_use]
    pub const fn tests(mut self, tests: bool) -> Self {
        self.tests = tests;
        self
    }

    /// Generates a module instead of a crate.
    #[must_use]
    pub(crate) const fn module(mut self) -> Self {
        self.layout = Layout::Module;
        self
    }

    /// Takes the document's path as relative to a directory.
    #[must_use]
    pub(crate) fn below(mut self, directory: &Path) -> Self {
        self.document = directory.join(self.document);
        self
    }

    /// Reports what can't be generated whatever the document holds.
    pub(crate) fn check(&self, diagnostics: &mut Diagnostics) {
        let Some(name) = &self.name else { return };
        if let Some(fault) = crate_name::fault(name) {
            diagnostics
                .error(
                    Code::InvalidName,
                    At::Nowhere,
                    format!("`{name}` can't be the name of a crate: {fault}"),
                )
                .set_hint("a name is of letters, digits, `-` and `_`, and begins with a letter");
        }
    }

    /// Returns the path of the document.
    #[must_use]
    pub fn document(&self) -> &Path {
        &self.document
    }

    pub(crate) fn crate_name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(crate) const fn runtime_source(&self) -> &Runtime {
        &self.runtime
    }

    /// Returns whether tests are generated: only a whole crate has some.
    pub(crate) fn has_tests(&self) -> bool {
        self.tests && self.layout == Layout::Crate
    }

    pub(crate) const fn layout(&self) -> Layout {
        self.layout
    }
}

impl From<&str> for Config {
    /// [`Config::new`].
    fn from(document: &str) -> Self {
        Self::new(document)
    }
}

impl From<&Path> for Config {
    /// [`Config::new`].
    fn from(document: &Path) -> Self {
        Self::new(document)
    }
}

impl From<PathBuf> for Config {
    /// [`Config::new`].
    fn from(document: PathBuf) -> Self {
        Self::new(document)
    }
}
