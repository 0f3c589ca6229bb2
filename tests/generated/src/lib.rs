//! Real vendor documents, generated and compiled: see `tests/`.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the root of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Gives a crate the versions that the workspace is tested with.
///
/// # Panics
///
/// The crate's directory may not be there.
pub fn lock(folder: &Path) {
    let from = root().join("Cargo.lock");
    fs::copy(from, folder.join("Cargo.lock")).expect("the lock file is copied");
}
