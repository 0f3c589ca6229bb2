//! The files that accredit shares with people: which part of them is whose.

mod manifest;
mod readme;
mod root;

use super::lock::Lock;

/// What is to become of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Settled {
    Text(String),
    /// It belongs to people by now.
    Theirs,
    /// It can't be read, for a reason.
    Unreadable(String),
}

/// Returns whether people may have made a file what it is, so that it needs no mark of ours.
pub(super) fn is_shared(path: &str) -> bool {
    matches!(path, "Cargo.toml" | "CHANGELOG.md" | "README.md")
}

/// Returns what a file is to hold where something stands in its place already.
pub(super) fn settle(path: &str, generated: &str, present: &str, lock: &Lock) -> Settled {
    match path {
        "CHANGELOG.md" => Settled::Theirs,
        "README.md" => readme::settle(generated, present),
        "Cargo.toml" => manifest::settle(generated, present, lock.manifest()),
        _ => Settled::Text(generated.to_owned()),
    }
}

/// Returns what a file is to hold in a crate that has, or hasn't, a module of people's own.
pub(super) fn extended(path: &str, generated: &str, has_extension: bool) -> String {
    if path == "src/lib.rs" && has_extension {
        root::declare(generated)
    } else {
        generated.to_owned()
    }
}

/// Returns the part of a file that was generated, and that nobody is to edit; `None` where people may
/// edit all of it.
pub(super) fn generated_part(path: &str, present: &str) -> Option<String> {
    match path {
        "Cargo.toml" | "CHANGELOG.md" => None,
        "README.md" => readme::generated_part(present),
        "src/lib.rs" => Some(root::undeclare(present)),
        _ => Some(present.to_owned()),
    }
}
