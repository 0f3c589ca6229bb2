//! What is in the output directory, and what must change.

use std::fs;
use std::io;
use std::path::{Component, Path};

use super::lock::Lock;
use super::shared::{self, Settled};
use super::transaction::STAGING;
use super::{Change, listed, place, unreadable};
use crate::diagnostics::{Code, Diagnostic};
use crate::files::{Files, MARK};
use crate::package::LOCK;
use crate::write::fault;

/// The places of the module of people's own.
const EXTENSIONS: &[&str] = &["src/ext.rs", "src/ext/mod.rs"];

/// The difference between the product and the output directory.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Files that are missing or hold another text, and generated ones that the product doesn't have.
    pub(super) changes: Vec<Change>,
    pub(super) unchanged: usize,
    /// Of the files that change, those that people edited although they aren't theirs.
    pub(super) edited: Vec<String>,
}

impl Survey {
    /// Compares, and refuses a directory or a file that isn't ours.
    pub(super) fn of(files: &Files, directory: &Path) -> Result<Self, Box<Diagnostic>> {
        match fs::metadata(directory) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => {
                return Err(foreign(format!("`{}` is a file", directory.display())));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(directory, &error)),
        }
        let lock = match look(directory, LOCK)? {
            Found::Text(text) => Lock::read(&text_of(&text)),
            Found::Nothing | Found::Other => Lock::default(),
        };
        let mut extensions = EXTENSIONS.iter().map(|path| place(directory, path));
        let has_extension = extensions.any(|place| place.is_file());

        let mut survey = Self::default();
        let mut ours = false;
        let mut theirs = Vec::new();
        for (path, text) in files.iter() {
            let generated = shared::extended(path, text, has_extension);
            match look(directory, path)? {
                Found::Nothing => survey.change(path, None, Some(generated)),
                Found::Text(present) if is_marked(&present) || shared::is_shared(path) => {
                    ours |= is_marked(&present);
                    let settled = shared::settle(path, &generated, &text_of(&present), &lock);
                    survey.settle(path, text_of(&present), settled, &lock, directory)?;
                }
                Found::Text(_) | Found::Other => theirs.push(path.to_owned()),
            }
        }
        if !ours {
            // Not a file in the way, but the directory is wrong.
            theirs = entries(directory)?;
            theirs.sort_unstable();
        }
        if !theirs.is_empty() {
            return Err(not_ours(directory, &theirs));
        }
        let mut stale = Vec::new();
        for below in ["src", "tests"] {
            find_stale(files, directory, below, &mut stale)?;
        }
        stale.sort_unstable();
        for (path, text) in stale {
            if lock.is_edited(&path, &text) {
                survey.edited.push(path.clone());
            }
            survey.change(&path, Some(text), None);
        }
        Ok(survey)
    }

    fn settle(
        &mut self,
        path: &str,
        present: String,
        settled: Settled,
        lock: &Lock,
        directory: &Path,
    ) -> Result<(), Box<Diagnostic>> {
        match settled {
            Settled::Unreadable(reason) => return Err(damaged(&place(directory, path), &reason)),
            Settled::Text(wanted) if wanted != present => {
                let generated = shared::generated_part(path, &present);
                if generated.is_some_and(|part| lock.is_edited(path, &part)) {
                    self.edited.push(path.to_owned());
                }
                self.change(path, Some(present), Some(wanted));
            }
            Settled::Text(_) | Settled::Theirs => self.unchanged += 1,
        }
        Ok(())
    }

    fn change(&mut self, path: &str, before: Option<String>, after: Option<String>) {
        self.changes.push(Change {
            path: path.to_owned(),
            before,
            after,
        });
    }
}

/// Returns bytes as text: what isn't UTF-8 wasn't generated, and so differs from what was.
fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What stands in the place of a file.
enum Found {
    Nothing,
    Text(Vec<u8>),
    /// Neither a file nor absent, or behind something that isn't a directory of its own: a
    /// symbolic link may lead out of the output directory.
    Other,
}

fn look(directory: &Path, path: &str) -> Result<Found, Box<Diagnostic>> {
    let inside = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !inside {
        return Ok(Found::Other);
    }
    let mut at = directory.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let found = match fs::symlink_metadata(&at) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) => return Err(unreadable(&at, &error)),
        };
        let last = parts.peek().is_none();
        if last && found.is_file() {
            return fs::read(&at)
                .map(Found::Text)
                .map_err(|error| unreadable(&at, &error));
        }
        if last || !found.is_dir() {
            return Ok(Found::Other);
        }
    }
    Ok(Found::Nothing)
}

fn is_marked(text: &[u8]) -> bool {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.windows(MARK.len())
        .any(|window| window == MARK.as_bytes())
}

/// Returns the names in the output directory, without what a crate doesn't consist of: a
/// repository that was only initialised, and the leavings of a run that was killed.
fn entries(directory: &Path) -> Result<Vec<String>, Box<Diagnostic>> {
    let listed = match fs::read_dir(directory) {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(directory, &error)),
    };
    let mut names = Vec::new();
    for entry in listed {
        let entry = entry.map_err(|error| unreadable(directory, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != ".git" && !name.starts_with(STAGING) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Adds the generated files below a directory that the product doesn't have, with their texts. A package
/// inside the package is another's, and so is the module of people's own.
fn find_stale(
    files: &Files,
    directory: &Path,
    below: &str,
    stale: &mut Vec<(String, String)>,
) -> Result<(), Box<Diagnostic>> {
    let at = place(directory, below);
    if !fs::symlink_metadata(&at).is_ok_and(|found| found.is_dir())
        || at.join("Cargo.toml").exists()
    {
        return Ok(());
    }
    let listed = fs::read_dir(&at).map_err(|error| unreadable(&at, &error))?;
    for entry in listed {
        let entry = entry.map_err(|error| unreadable(&at, &error))?;
        let kind = entry
            .file_type()
            .map_err(|error| unreadable(&entry.path(), &error))?;
        // A generated path is ASCII, so a name that isn't Unicode is another's.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = format!("{below}/{name}");
        if kind.is_dir() {
            if path != "src/ext" {
                find_stale(files, directory, &path, stale)?;
            }
        } else if kind.is_file()
            && Path::new(&name)
                .extension()
                .is_some_and(|extension| extension == "rs" || extension == "jsonl")
            && files.get(&path).is_none()
        {
            let text = fs::read(entry.path()).map_err(|error| unreadable(&entry.path(), &error))?;
            if is_marked(&text) {
                stale.push((path, text_of(&text)));
            }
        }
    }
    Ok(())
}

fn not_ours(directory: &Path, theirs: &[String]) -> Box<Diagnostic> {
    foreign(format!(
        "`{}` holds what accredit didn't generate: {}",
        directory.display(),
        listed(theirs)
    ))
}

fn damaged(place: &Path, reason: &str) -> Box<Diagnostic> {
    let mut diagnostic = fault(
        Code::EditedOutput,
        format!("`{}` can't be read: {}", place.display(), reason.trim_end()),
    );
    diagnostic
        .set_hint("what you changed in it is to stay, so it isn't overwritten: mend or remove it");
    diagnostic
}

fn foreign(message: String) -> Box<Diagnostic> {
    let mut diagnostic = fault(Code::ForeignOutput, message);
    diagnostic.set_hint(
        "give an empty directory, a new one, or one that accredit generated before; \
         a generated file says so in its first line",
    );
    diagnostic
}
