//! `accredit inspect`: what is in documents.

use clap::Args;

use super::input::Input;
use super::progress;
use super::voice::{Voice, print, print_json, terminal_width};
use crate::config_file::Settings;
use crate::error::Error;
use crate::inspect;

/// Prints what is in a document.
///
/// Tables show operations by tag with the schemes and scopes that each needs, schemas, security
/// schemes with their token endpoint and scopes, references to other files, and what `generate`
/// would warn about. Nothing is written.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Inspect {
    #[command(flatten)]
    input: Input,

    /// Prints one JSON object instead of tables.
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub(super) fn run(self, voice: Voice) -> Result<(), Error> {
        for client in self.input.clients(Settings::default())? {
            let inspection = progress::shown(voice, |begin| {
                inspect::inspect(&client.config, &mut |stage| begin(stage))
            })?;
            if self.json {
                print(&format_args!("{:#}\n", inspection.to_json()));
            } else if voice.is_json() {
                voice.tell(inspection.report());
                print_json("inspected", inspection.summary());
            } else {
                print(&inspection.to_text(terminal_width()));
            }
        }
        Ok(())
    }
}
