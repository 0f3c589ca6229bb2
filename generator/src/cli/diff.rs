//! `accredit diff`: what changed for callers from one document to another.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress;
use super::voice::{Voice, print, print_json};
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic};
use crate::difference::{Difference, Level};
use crate::error::Error;
use crate::generate;
use crate::surface::{SURFACE, Surface};

/// Says what changed for callers of the generated crate, from one document to another.
///
/// Operations, parameters, types, properties, constants and security that were added,
/// changed or removed, breaking or not, and what follows for the version of the crate.
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Examples:
  accredit diff old.yaml new.yaml
  accredit diff sdk openapi.yaml             # from the crate as it was generated
  accredit diff old.yaml new.yaml --changelog >> CHANGELOG.md

Exit codes:
  0  compared, whatever was found
  1  a document is at fault, or a change is breaking and `--deny-breaking` is given
  2  the command line is, or a document that can't be read"
)]
pub(super) struct Diff {
    /// What was: a document, a directory of documents, or a generated crate.
    old: PathBuf,

    /// What is: the same.
    new: PathBuf,

    /// Prints an entry for a changelog and nothing else.
    #[arg(long, conflicts_with = "json")]
    changelog: bool,

    /// Prints one JSON object instead of text.
    #[arg(long)]
    json: bool,

    /// Exits with 1 where a change is breaking.
    #[arg(long)]
    deny_breaking: bool,
}

impl Diff {
    pub(super) fn run(self, voice: Voice) -> Result<(), Error> {
        let difference =
            Difference::between(&surface(&self.old, voice)?, &surface(&self.new, voice)?);
        if self.json {
            print(&format_args!("{:#}\n", difference.to_json()));
        } else if voice.is_json() {
            print_json("difference", difference.to_json());
        } else if self.changelog {
            print(&difference.entry());
        } else {
            print(&difference);
        }
        if self.deny_breaking && difference.level() == Some(Level::Breaking) {
            let message = "what changed is breaking";
            return Err(Box::new(Diagnostic::fault(Code::BreakingChange, message)).into());
        }
        Ok(())
    }
}

/// Returns what callers see of a crate that was generated, or would be from documents.
fn surface(path: &Path, voice: Voice) -> Result<Surface, Error> {
    let kept = path.join(SURFACE);
    if kept.is_file() {
        return Surface::load(&kept).map_err(Error::from);
    }
    let config = Config::new(path);
    let understood = progress::shown(voice, |begin| {
        generate::understand(&config, &mut |stage| begin(stage))
    })?;
    Ok(Surface::of(&understood.apis, &understood.names))
}
