//! What to generate, and how: options as data.

pub(crate) mod crate_name;
mod formats;
mod metadata;
pub(crate) mod pagination;
mod policies;
pub(crate) mod polling;
#[cfg(feature = "directory")]
mod record;
mod renames;
mod selection;
mod tolerance;

use std::path::{Path, PathBuf};
#[cfg(feature = "config-file")]
use std::sync::Arc;

pub use self::formats::{Format, Formats};
#[cfg(feature = "config-file")]
pub(crate) use self::metadata::Fact;
pub use self::metadata::Metadata;
pub(crate) use self::metadata::is_semantic;
pub use self::pagination::Pagination;
pub use self::policies::{Policies, Scopes, Suspicion, SuspicionProfile, UnsafeReplay};
#[cfg(feature = "config-file")]
pub(crate) use self::polling::FinalState;
pub use self::polling::Polling;
pub(crate) use self::renames::{Rename, Renames, Thing};
pub use self::selection::Selector;
pub(crate) use self::selection::{Candidate, Selection};
pub use self::tolerance::Tolerance;
pub(crate) use self::tolerance::Tolerances;
use crate::diagnostics::{At, Code, Diagnostics};
#[cfg(feature = "config-file")]
use crate::sources::Source;

/// Options of a generation.
///
/// ```
/// let config = accredit::Config::new("vendor/openapi.yaml").name("vendor");
/// assert_eq!(config.document(), std::path::Path::new("vendor/openapi.yaml"));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is an option")]
pub struct Config {
    documents: Vec<PathBuf>,
    name: Option<String>,
    metadata: Metadata,
    runtime: Runtime,
    layout: Layout,
    tests: bool,
    validate: bool,
    tag_features: bool,
    mistakes: Mistakes,
    formats: Formats,
    exact_numbers: bool,
    also_xml: bool,
    tolerances: Tolerances,
    selection: Selection,
    policies: Policies,
    renames: Renames,
    overlays: Vec<PathBuf>,
    roots: Vec<PathBuf>,
    remote: bool,
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

/// What becomes of a document's mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mistakes {
    /// Those with one plausible meaning are mended, with a warning; the others are errors.
    #[default]
    Mended,
    /// All are errors.
    Refused,
    /// What can't be mended is left out, with a warning.
    LeftOut,
}

impl Mistakes {
    /// Returns what holds after one of the exceptions is switched on or off.
    const fn switched(self, exception: Self, on: bool) -> Self {
        match (on, self as u8 == exception as u8) {
            (true, _) => exception,
            (false, true) => Self::Mended,
            (false, false) => self,
        }
    }
}

impl Config {
    /// Generates a whole crate from a document, named after its title. The document is a path, or with
    /// the feature `remote` a URL.
    pub fn new(document: impl Into<PathBuf>) -> Self {
        Self {
            documents: vec![document.into()],
            name: None,
            metadata: Metadata::default(),
            runtime: Runtime::default(),
            layout: Layout::default(),
            tests: false,
            validate: false,
            tag_features: true,
            mistakes: Mistakes::default(),
            formats: Formats::default(),
            exact_numbers: false,
            also_xml: false,
            tolerances: Tolerances::default(),
            selection: Selection::default(),
            policies: Policies::default(),
            renames: Renames::default(),
            overlays: Vec::new(),
            roots: Vec::new(),
            remote: false,
        }
    }

    /// Generates one crate from several documents, with a module for each and every schema once. A
    /// directory stands for the documents in it.
    ///
    /// ```
    /// let config = accredit::Config::of(["orders.yaml", "payments.yaml"]).name("vendor");
    /// assert_eq!(config.documents().len(), 2);
    /// ```
    pub fn of<P: Into<PathBuf>>(documents: impl IntoIterator<Item = P>) -> Self {
        Self {
            documents: documents.into_iter().map(Into::into).collect(),
            ..Self::new("")
        }
    }

    /// Sets the name of the crate; environment variables are prefixed by it too.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets what the crate's manifest says of it.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
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

    /// Checks the constraints of the document (`maximum`, `pattern`, `uniqueItems` and their like) before a
    /// request is sent: for parameters, and for bodies of JSON, forms and XML. What breaks one fails without a
    /// request. The crate around a build script's module turns on the feature `pattern` of
    /// `accredit-runtime`, a generated crate does so by itself.
    #[must_use]
    pub const fn validate(mut self, validate: bool) -> Self {
        self.validate = validate;
        self
    }

    /// Puts the operations of each tag, and the types that only they need, behind a feature of the crate that
    /// is named after the tag; all are on by default. Of several documents, each is behind one. That is so
    /// unless it is switched off here, or there is but one tag, or there are more than crates.io takes
    /// features. A module of a build script's crate has none.
    #[must_use]
    pub const fn tag_features(mut self, tag_features: bool) -> Self {
        self.tag_features = tag_features;
        self
    }

    /// Makes every warning an error: a document that isn't generated as it stands is refused. Takes
    /// the place of [`Self::keep_going`].
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.mistakes = self.mistakes.switched(Mistakes::Refused, strict);
        self
    }

    /// Generates what can be understood although references lead nowhere or one of several documents
    /// can't be read: these errors become warnings. A schema that isn't there is any value; a parameter,
    /// a path or a document is left out. Takes the place of [`Self::strict`].
    #[must_use]
    pub const fn keep_going(mut self, keep_going: bool) -> Self {
        self.mistakes = self.mistakes.switched(Mistakes::LeftOut, keep_going);
        self
    }

    /// Sets which formats of strings are types; the others are strings. All are by default.
    #[must_use]
    pub fn formats(mut self, formats: Formats) -> Self {
        self.formats = formats;
        self
    }

    /// Has a `number` keep all its digits, as an `accredit_runtime::formats::Number`, unless its format is
    /// `float` or `double`. It is an `f64` otherwise, which has about 16. What is declared as `decimal`, and
    /// an `integer` whose bounds no 64 bits hold, keeps its digits anyway. A value of any type has those of
    /// an `f64`.
    #[must_use]
    pub const fn exact_numbers(mut self, exact: bool) -> Self {
        self.exact_numbers = exact;
        self
    }

    /// Has a body that the document declares in JSON and in XML by the same schema go in both: it is sent as
    /// the caller chooses, and read by the `Content-Type` of the answer. It is JSON otherwise.
    #[must_use]
    pub const fn also_xml(mut self, also: bool) -> Self {
        self.also_xml = also;
        self
    }

    /// Lets servers send something in place of what the document says, and reads it. What is sent to them
    /// stays by the document.
    #[must_use]
    pub const fn tolerate(mut self, tolerance: Tolerance) -> Self {
        self.tolerances = self.tolerances.with(tolerance);
        self
    }

    /// Generates only the operations that a selector matches, or another one that is included; what
    /// only other operations need isn't generated either.
    #[must_use]
    pub fn include(mut self, selector: Selector) -> Self {
        self.selection.include(selector);
        self
    }

    /// Leaves out the operations that a selector matches.
    #[must_use]
    pub fn exclude(mut self, selector: Selector) -> Self {
        self.selection.exclude(selector);
        self
    }

    /// Says how the pages of the operations that a selector matches follow each other, in place of what
    /// the document says and of what is seen from it. What is said last counts.
    #[must_use]
    pub fn pagination(mut self, selector: Selector, pagination: Pagination) -> Self {
        self.selection.paginate(selector, pagination);
        self
    }

    /// Says how what the operations that a selector matches start is asked for until it is done, in place of
    /// what the document says and of what is seen from it. What is said last counts.
    #[must_use]
    pub fn polling(mut self, selector: Selector, polling: Polling) -> Self {
        self.selection.poll(selector, polling);
        self
    }

    /// Sets how the calls of the client behave where its caller says nothing else.
    #[must_use]
    pub fn policies(mut self, mut policies: Policies) -> Self {
        let exceptions = std::mem::take(&mut policies.exceptions);
        self.selection.suspect(exceptions);
        self.policies = policies;
        self
    }

    /// Names the type of a schema: exactly so. The schema is known by its name as a component, or by
    /// its JSON pointer, `#/…`. The documents can ask for names too, by `x-rust-name` and, for
    /// properties and values, by `x-rust-names`.
    #[must_use]
    pub fn rename_schema(self, schema: impl Into<String>, name: impl Into<String>) -> Self {
        self.rename(Rename::of(Thing::Schema(schema.into()), name))
    }

    /// Has a type of the caller's own stand for a schema, by its path: `crate::ext::Money`, or
    /// `rust_decimal::Decimal` of a crate that the manifest is given. It must be what serde reads and
    /// writes, and `Clone`, `Debug` and `PartialEq`. A document says the same by `x-rust-type`.
    #[must_use]
    pub fn replace_schema(self, schema: impl Into<String>, path: impl Into<String>) -> Self {
        self.rename(Rename::of(Thing::Replaced(schema.into()), path))
    }

    /// Names the field of a property, or the variant of a value, of a schema.
    #[must_use]
    pub fn rename_member(
        self,
        schema: impl Into<String>,
        member: impl Into<String>,
        name: impl Into<String>,
    ) -> Self {
        let (schema, member) = (schema.into(), member.into());
        self.rename(Rename::of(Thing::Member { schema, member }, name))
    }

    /// Names the method of an operation, which is known by its `operationId` or its JSON pointer.
    #[must_use]
    pub fn rename_operation(self, operation: impl Into<String>, name: impl Into<String>) -> Self {
        self.rename(Rename::of(Thing::Operation(operation.into()), name))
    }

    /// Asks for a name.
    pub(crate) fn rename(mut self, rename: Rename) -> Self {
        self.renames.list.push(rename);
        self
    }

    /// Sets the file in which names are asked for.
    #[cfg(feature = "config-file")]
    pub(crate) fn asked_in(mut self, file: Arc<Source>) -> Self {
        self.renames.file = Some(file);
        self
    }

    /// Mends the documents by an overlay
    /// ([Overlay Specification](https://spec.openapis.org/overlay/latest.html) 1.0 or 1.1), after those
    /// that were added before. One that names a document by `extends` mends only that.
    #[cfg(feature = "overlays")]
    #[must_use]
    pub fn overlay(mut self, overlay: impl Into<PathBuf>) -> Self {
        self.overlays.push(overlay.into());
        self
    }

    /// Lets references lead into a directory, beside those of the documents.
    #[must_use]
    pub fn root(mut self, directory: impl Into<PathBuf>) -> Self {
        self.roots.push(directory.into());
        self
    }

    /// Lets references lead to other hosts: at most 64 files, 32 MiB and 30 seconds in all, each file
    /// fetched once. Whoever writes the document chooses what is fetched from this machine.
    #[cfg(feature = "remote")]
    #[must_use]
    pub const fn allow_remote(mut self, allow: bool) -> Self {
        self.remote = allow;
        self
    }

    /// What [`Config::allow_remote`] sets, whether or not anything can be fetched.
    #[cfg(feature = "config-file")]
    pub(crate) const fn remote(mut self, allow: bool) -> Self {
        self.remote = allow;
        self
    }

    /// Generates a module instead of a crate.
    #[must_use]
    pub(crate) const fn module(mut self) -> Self {
        self.layout = Layout::Module;
        self
    }

    /// Takes the paths of documents as relative to a directory.
    #[must_use]
    pub(crate) fn below(mut self, directory: &Path) -> Self {
        let documents = self.documents.iter_mut().filter(|path| !is_url(path));
        for path in documents.chain(&mut self.overlays).chain(&mut self.roots) {
            *path = directory.join(&*path);
        }
        self
    }

    /// Reports what can't be generated whatever the document holds.
    pub(crate) fn check(&self, diagnostics: &mut Diagnostics) {
        if self.documents.is_empty() {
            diagnostics
                .error(Code::UnreadableFile, At::Nowhere, "no document is named")
                .set_hint("name an OpenAPI document, or a directory of documents");
        }
        #[cfg(not(feature = "directory"))]
        if self.layout == Layout::Crate {
            let message =
                "accredit was built without the feature `directory`, which whole crates need";
            diagnostics
                .error(Code::InvalidConfig, At::Nowhere, message)
                .set_hint("turn the feature on, or ask for a module by `Config::module`");
        }
        for fault in self.metadata.faults() {
            diagnostics.error(Code::InvalidConfig, At::Nowhere, fault);
        }
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

    /// Returns the path of the document, the first of several.
    #[must_use]
    pub fn document(&self) -> &Path {
        self.documents
            .first()
            .map_or(Path::new(""), PathBuf::as_path)
    }

    /// Returns the paths of the documents, and of directories of documents.
    #[must_use]
    pub fn documents(&self) -> &[PathBuf] {
        &self.documents
    }

    pub(crate) fn crate_name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(crate) const fn package_metadata(&self) -> &Metadata {
        &self.metadata
    }

    #[cfg(feature = "directory")]
    pub(crate) const fn runtime_source(&self) -> &Runtime {
        &self.runtime
    }

    /// Returns whether tests are generated: only a whole crate has some.
    pub(crate) fn has_tests(&self) -> bool {
        self.tests && self.layout == Layout::Crate
    }

    pub(crate) const fn validates(&self) -> bool {
        self.validate
    }

    /// Returns whether tags are features: only a whole crate has some.
    pub(crate) fn has_tag_features(&self) -> bool {
        self.tag_features && self.layout == Layout::Crate
    }

    pub(crate) const fn renamed(&self) -> &Renames {
        &self.renames
    }

    #[cfg(feature = "overlays")]
    pub(crate) fn overlays(&self) -> &[PathBuf] {
        &self.overlays
    }

    pub(crate) fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    pub(crate) const fn allows_remote(&self) -> bool {
        self.remote
    }

    pub(crate) const fn selection(&self) -> &Selection {
        &self.selection
    }

    pub(crate) const fn call_policies(&self) -> &Policies {
        &self.policies
    }

    pub(crate) const fn typed_formats(&self) -> &Formats {
        &self.formats
    }

    pub(crate) const fn has_exact_numbers(&self) -> bool {
        self.exact_numbers
    }

    pub(crate) const fn has_also_xml(&self) -> bool {
        self.also_xml
    }

    pub(crate) const fn tolerances(&self) -> Tolerances {
        self.tolerances
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.mistakes == Mistakes::Refused
    }

    pub(crate) fn keeps_going(&self) -> bool {
        self.mistakes == Mistakes::LeftOut
    }

    pub(crate) const fn layout(&self) -> Layout {
        self.layout
    }
}

/// Returns whether the path of a document is a URL.
pub(crate) fn is_url(path: &Path) -> bool {
    let path = path.to_str().unwrap_or_default();
    path.starts_with("https://") || path.starts_with("http://")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_document_there_is_nothing_to_generate() {
        let none: [PathBuf; 0] = [];
        let error = crate::generate(&Config::of(none)).expect_err("no document");
        assert_eq!(error.diagnostics()[0].code(), Code::UnreadableFile);
    }
}
