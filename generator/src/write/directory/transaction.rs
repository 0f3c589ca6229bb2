//! Moves that happen together or are undone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Change, place};
use crate::diagnostics::Diagnostic;
use crate::write::unwritable;

/// What the name of a staging directory begins with.
pub(super) const STAGING: &str = ".accredit-staging-";

/// Moves between a staging directory and the output directory around it.
#[derive(Debug)]
pub(super) struct Transaction {
    directory: PathBuf,
    staging: TempDir,
    /// Steps that lead back, the first of them last.
    back: Vec<Step>,
    /// How many files were moved out of the way.
    kept: usize,
}

#[derive(Debug)]
enum Step {
    Move { from: PathBuf, to: PathBuf },
    RemoveFile(PathBuf),
    RemoveDirectory(PathBuf),
}

impl Transaction {
    /// Makes the output directory where it is missing, and a staging directory inside it.
    pub(super) fn begin(directory: &Path) -> Result<Self, Box<Diagnostic>> {
        let mut back = Vec::new();
        let staging = make_directories(directory, &mut back).and_then(|()| {
            remove_leavings(directory);
            tempfile::Builder::new()
                .prefix(STAGING)
                .tempdir_in(directory)
        });
        match staging {
            Ok(staging) => Ok(Self {
                directory: directory.to_owned(),
                staging,
                back,
                kept: 0,
            }),
            Err(error) => {
                // Directories that were just made are empty; what can't be removed does no harm.
                while let Some(step) = back.pop() {
                    step.take().ok();
                }
                Err(unwritable(directory, &error))
            }
        }
    }

    /// Stages what changes, then moves files that are to go out and staged ones in.
    pub(super) fn run(&mut self, changes: &[Change]) -> Result<(), Box<Diagnostic>> {
        let mut staged = Vec::new();
        let mut gone = Vec::new();
        for (index, change) in changes.iter().enumerate() {
            let place = place(&self.directory, &change.path);
            let Some(text) = &change.after else {
                gone.push(place);
                continue;
            };
            let file = self.staging.path().join(format!("new-{index}"));
            fs::write(&file, text).map_err(|error| unwritable(&file, &error))?;
            staged.push((file, place));
        }
        for place in &gone {
            self.set_aside(place)
                .map_err(|error| unwritable(place, &error))?;
        }
        for (file, place) in &staged {
            self.move_in(file, place)
                .map_err(|error| unwritable(place, &error))?;
        }
        for place in &gone {
            self.remove_emptied(place);
        }
        Ok(())
    }

    /// Ends it: what was moved out of the way is dropped with the staging directory.
    pub(super) fn commit(self) {
        // A staging directory that can't be removed is a leaving; the next run takes it away.
        self.staging.close().ok();
    }

    /// Takes the steps back; returns the fault that made it necessary. Where a step fails as well,
    /// the earlier files stay in the staging directory and the fault says so.
    pub(super) fn undo(self, mut fault: Box<Diagnostic>) -> Box<Diagnostic> {
        let Self { staging, back, .. } = self;
        let (directories, moves): (Vec<_>, Vec<_>) = back
            .into_iter()
            .rev()
            .partition(|step| matches!(step, Step::RemoveDirectory(_)));
        // Every step is taken, also behind one that fails.
        let failures = moves.into_iter().filter_map(|step| step.take().err());
        if failures.count() == 0 {
            staging.close().ok();
        } else {
            fault.set_hint(format!(
                "not everything could be put back: the earlier files are in `{}`",
                staging.keep().display()
            ));
        }
        for step in directories {
            step.take().ok();
        }
        fault
    }

    fn set_aside(&mut self, place: &Path) -> io::Result<()> {
        let aside = self.staging.path().join(format!("old-{}", self.kept));
        self.kept += 1;
        fs::rename(place, &aside)?;
        self.back.push(Step::Move {
            from: aside,
            to: place.to_owned(),
        });
        Ok(())
    }

    fn move_in(&mut self, staged: &Path, place: &Path) -> io::Result<()> {
        if let Some(parent) = place.parent() {
            make_directories(parent, &mut self.back)?;
        }
        match fs::symlink_metadata(place) {
            Ok(found) if found.is_file() => self.set_aside(place)?,
            Ok(_) => return Err(io::ErrorKind::AlreadyExists.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        fs::rename(staged, place)?;
        self.back.push(Step::RemoveFile(place.to_owned()));
        Ok(())
    }

    /// Removes the directories that the removal of a file left empty, up to the output directory.
    fn remove_emptied(&self, place: &Path) {
        let parents = place.ancestors().skip(1);
        for parent in parents.take_while(|parent| *parent != self.directory) {
            if fs::remove_dir(parent).is_err() {
                break;
            }
        }
    }
}

impl Step {
    fn take(self) -> io::Result<()> {
        match self {
            Self::Move { from, to } => fs::rename(from, to),
            Self::RemoveFile(place) => fs::remove_file(place),
            Self::RemoveDirectory(place) => fs::remove_dir(place),
        }
    }
}

/// Makes a directory and the parents that are missing, and notes how to remove them.
fn make_directories(directory: &Path, back: &mut Vec<Step>) -> io::Result<()> {
    let missing: Vec<_> = directory
        .ancestors()
        .take_while(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.is_dir())
        .collect();
    for ancestor in missing.into_iter().rev() {
        match fs::create_dir(ancestor) {
            Ok(()) => back.push(Step::RemoveDirectory(ancestor.to_owned())),
            // `new/..` is there as soon as `new` is.
            Err(_) if ancestor.is_dir() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Removes the staging directories of runs that were killed.
fn remove_leavings(directory: &Path) {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(STAGING) {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}
