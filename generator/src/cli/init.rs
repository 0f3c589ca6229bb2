//! `accredit init`: a configuration to start with.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress;
use super::voice::Voice;
use crate::config::Config;
use crate::config_file::{self, Start};
use crate::error::Error;
use crate::inspect;
use crate::write;

/// Writes an `accredit.toml` to start with: every key, with what it is for.
///
/// What the document says is filled in; all the rest is commented out. A file that is
/// there already is left alone.
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Examples:
  accredit init openapi.yaml
  accredit generate"
)]
pub(super) struct Init {
    /// The OpenAPI document.
    #[arg(value_name = "DOCUMENT")]
    document: PathBuf,
}

impl Init {
    pub(super) fn run(self, voice: Voice) -> Result<(), Error> {
        let config = Config::new(&self.document);
        let inspection = progress::shown(voice, |begin| {
            inspect::inspect(&config, &mut |stage| begin(stage))
        })?;
        let start = Start {
            document: self.document.display().to_string(),
            name: inspection.package_name().to_owned(),
            tags: inspection.tags(),
        };
        write::write_new(Path::new(config_file::NAME), &start.file())?;
        voice.say(&format_args!(
            "wrote `{}`; `accredit generate` reads it",
            config_file::NAME
        ));
        Ok(())
    }
}
