//! The product becomes files: a crate in a directory, or the one file of a build script.

#[cfg(feature = "directory")]
mod directory;

use std::fs;
use std::io;
#[cfg(feature = "cli")]
use std::io::Write as _;
use std::path::Path;

#[cfg(feature = "directory")]
pub(crate) use self::directory::plan;
#[cfg(feature = "directory")]
pub use self::directory::{Change, Edits, Plan, Written};
use crate::diagnostics::{Code, Diagnostic};

/// Makes one file hold a text, unless it does already: a build script's output. The directory is
/// cargo's, so nothing else in it matters.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<(), Box<Diagnostic>> {
    if fs::read(path).is_ok_and(|present| present == text.as_bytes()) {
        return Ok(());
    }
    fs::write(path, text).map_err(|error| unwritable(path, &error))
}

/// Writes a file that isn't there yet.
#[cfg(feature = "cli")]
pub(crate) fn write_new(path: &Path, text: &str) -> Result<(), Box<Diagnostic>> {
    let written = fs::File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        if error.kind() != io::ErrorKind::AlreadyExists {
            return unwritable(path, &error);
        }
        let message = format!("`{}` is there already", path.display());
        let mut fault = fault(Code::ForeignOutput, message);
        fault.set_hint("it was left as it is; move it away to have another written");
        fault
    })
}

fn unwritable(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    fault(
        Code::UnwritableFile,
        format!("can't write `{}`: {error}", path.display()),
    )
}

fn fault(code: Code, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::fault(code, message))
}
