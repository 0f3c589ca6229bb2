//! The files of a run: each is read and parsed once, however many documents refer to it.

use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use super::{
    Sources, dynamic, parse,
    remote::{self, Remote},
};
use crate::config::is_url;
use crate::diagnostics::{At, Code, Diagnostics};
use crate::sources::Source;

/// The number of files of a run.
const MAX_FILES: usize = 4096;

/// What a user writes for standard input.
const STANDARD_INPUT: &str = "-";

/// The files that were opened, in the order of the sources.
pub(super) struct Library {
    pub(super) sources: Sources,
    files: Vec<File>,
    /// The directories that references may not leave.
    roots: Vec<PathBuf>,
    /// Whether several documents may ask for the same file.
    is_shared: bool,
    /// What fetches files from other hosts.
    remote: Remote,
    /// Whether references may lead there.
    allows_remote: bool,
    /// What stands where nothing was opened.
    nothing: Value,
}

struct File {
    value: Option<Value>,
    /// The path without links and detours, so that a file is the same however it is spelled.
    identity: Option<PathBuf>,
}

/// Why a file isn't opened.
pub(super) enum Refusal {
    /// It couldn't be read, which was reported.
    Unread,
    /// It is on another host.
    Remote,
    /// It is outside the directories that references may lead to.
    Outside,
}

impl Library {
    pub(super) fn new(is_shared: bool) -> Self {
        Self {
            sources: Sources::default(),
            files: Vec::new(),
            roots: Vec::new(),
            is_shared,
            remote: Remote::new(),
            allows_remote: false,
            nothing: Value::Null,
        }
    }

    /// Lets references lead into a directory.
    pub(super) fn allow(&mut self, directory: &Path) {
        // The directory of a bare file name is the working directory.
        let directory = if directory.as_os_str().is_empty() {
            Path::new(".")
        } else {
            directory
        };
        self.roots.extend(directory.canonicalize());
    }

    /// Lets references lead to other hosts.
    pub(super) fn allow_remote(&mut self) {
        self.allows_remote = true;
    }

    /// Opens a file that the user names, by its path or its URL; `-` is standard input.
    pub(super) fn open(&mut self, path: &Path, diagnostics: &mut Diagnostics) -> Option<usize> {
        if let Some(url) = path.to_str().filter(|_| is_url(path)) {
            return self.fetch(url, &At::Nowhere, diagnostics);
        }
        if path == Path::new(STANDARD_INPUT) {
            // It can be read but once.
            if let Some(known) = self.known(Some(path)) {
                return self.parsed(known);
            }
            let file = self.sources.read_standard_input(diagnostics);
            return self.add(file, Some(path.to_owned()), diagnostics);
        }
        let identity = path.canonicalize().ok();
        match self.known(identity.as_deref()) {
            Some(known) => self.parsed(known),
            None => self.read(path, identity, &At::Nowhere, diagnostics),
        }
    }

    /// Opens the file that a relative reference of another file names.
    pub(super) fn follow(
        &mut self,
        from: usize,
        reference: &str,
        at: &At,
        diagnostics: &mut Diagnostics,
    ) -> Result<usize, Refusal> {
        let of = self.sources.0[from].path.to_str().unwrap_or_default();
        if let Some(url) = remote::url(of, reference) {
            if !self.allows_remote {
                return Err(Refusal::Remote);
            }
            let fetched = self.fetch(&url, at, diagnostics);
            return fetched.ok_or(Refusal::Unread);
        }
        let base = self.sources.0[from].path.parent();
        let relative = percent_decoded(reference);
        let path = tidy(&base.unwrap_or(Path::new("")).join(&relative));
        let Ok(identity) = path.canonicalize() else {
            // A path that leaves the directories isn't even asked whether it exists.
            if !self.is_inside(&resolved(&path)) {
                return Err(Refusal::Outside);
            }
            self.sources.read(&path, at, diagnostics);
            return Err(Refusal::Unread);
        };
        if let Some(known) = self.known(Some(&identity)) {
            return self.parsed(known).ok_or(Refusal::Unread);
        }
        if !self.is_inside(&identity) || self.files.len() >= MAX_FILES {
            return Err(Refusal::Outside);
        }
        self.read(&path, Some(identity), at, diagnostics)
            .ok_or(Refusal::Unread)
    }

    /// Keeps a file that isn't one of the documents', so that it can be shown.
    pub(super) fn keep(&mut self, source: Source) -> usize {
        self.sources.0.push(source);
        self.files.push(File {
            value: None,
            identity: None,
        });
        self.files.len() - 1
    }

    /// Opens what a URL names.
    fn fetch(&mut self, url: &str, at: &At, diagnostics: &mut Diagnostics) -> Option<usize> {
        let identity = Path::new(url);
        if let Some(known) = self.known(Some(identity)) {
            return self.parsed(known);
        }
        let shown = remote::shown(url);
        let bytes = match self.remote.fetch(url) {
            Ok(bytes) => bytes,
            Err(message) => {
                let hint = match at {
                    At::Nowhere => "check the address, or save the document and name its path",
                    _ => "save the file next to the document, and refer to it by its path",
                };
                diagnostics
                    .error(
                        Code::UnreadableFile,
                        at.clone(),
                        format!("`{shown}` can't be fetched: {message}"),
                    )
                    .set_hint(hint);
                return None;
            }
        };
        let file = self.sources.keep(Path::new(&shown), bytes, diagnostics);
        self.add(file, Some(identity.to_owned()), diagnostics)
    }

    /// Returns what a file holds. Unless files are shared, it is asked for once.
    pub(super) fn take(&mut self, file: usize) -> Value {
        let value = self.files.get_mut(file).and_then(|file| {
            if self.is_shared {
                file.value.clone()
            } else {
                file.value.replace(Value::Null)
            }
        });
        value.unwrap_or_default()
    }

    /// Returns what a file holds, which isn't taken yet.
    pub(super) fn value(&self, file: usize) -> &Value {
        let file = self.files.get(file);
        file.and_then(|file| file.value.as_ref())
            .unwrap_or(&self.nothing)
    }

    pub(super) fn value_mut(&mut self, file: usize) -> &mut Value {
        let file = self.files.get_mut(file);
        file.map_or(&mut self.nothing, |file| file.value.get_or_insert_default())
    }

    /// Returns whether a file is the one at a path without links and detours.
    #[cfg(feature = "overlays")]
    pub(super) fn is(&self, file: usize, identity: &Path) -> bool {
        let file = self.files.get(file);
        file.is_some_and(|file| file.identity.as_deref() == Some(identity))
    }

    fn known(&self, identity: Option<&Path>) -> Option<usize> {
        let identity = identity?;
        self.files
            .iter()
            .position(|file| file.identity.as_deref() == Some(identity))
    }

    fn parsed(&self, file: usize) -> Option<usize> {
        self.files[file].value.is_some().then_some(file)
    }

    fn is_inside(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
    }

    /// Reads and parses a file. One that can't be parsed is kept, so that it is reported once.
    fn read(
        &mut self,
        path: &Path,
        identity: Option<PathBuf>,
        at: &At,
        diagnostics: &mut Diagnostics,
    ) -> Option<usize> {
        let file = self.sources.read(path, at, diagnostics);
        self.add(file, identity, diagnostics)
    }

    /// Parses a source and keeps it, even if it can't be parsed.
    fn add(
        &mut self,
        file: Option<usize>,
        identity: Option<PathBuf>,
        diagnostics: &mut Diagnostics,
    ) -> Option<usize> {
        let value =
            file.and_then(|file| parse::parse(&self.sources.0[file].text, file, diagnostics));
        let value = value.map(|mut value| {
            if let Some(file) = file
                && self.sources.0[file].text.contains("$dynamicRef")
            {
                dynamic::settle(&mut value, file, diagnostics);
            }
            value
        });
        let parsed = value.as_ref().and(file);
        // What isn't text is a source all the same, to be shown.
        if self.files.len() < self.sources.0.len() {
            self.files.push(File { value, identity });
        }
        parsed
    }
}

/// Takes `.` and what `..` undoes out of a path.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(tidy.components().next_back(), Some(Component::Normal(_))) =>
            {
                tidy.pop();
            }
            other => tidy.push(other),
        }
    }
    tidy
}

/// Returns an absolute path, without links as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut missing = Vec::new();
    for ancestor in path.ancestors() {
        if let Ok(existing) = ancestor.canonicalize() {
            let found = missing
                .iter()
                .rev()
                .fold(existing, |path, part| path.join(part));
            return tidy(&found);
        }
        missing.extend(ancestor.components().next_back());
    }
    path
}

/// Undoes the percent-encoding of a path (RFC 3986 §2.1).
fn percent_decoded(path: &str) -> String {
    crate::pointer::percent_decode(path).unwrap_or_else(|| path.to_owned())
}
