//! `accredit inspect`: what is in documents.

use clap::Args;

use super::input::Input;
use super::messages::{MessageFormat, Messages, print, print_json, tell};
use super::progress;
use crate::config_file::Settings;
use crate::error::Error;
use crate::inspect;

/// Prints what is in a document.
///
/// That is: operations by tag, schemas, security schemes with their token endpoint
/// and scopes, and what `generate` would warn about. Nothing is written.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Inspect {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    pub(super) messages: Messages,

    /// Prints one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub(super) fn run(self) -> Result<(), Error> {
        let format = self.messages.message_format;
        let flags = Settings {
            strict: self.messages.strict.then_some(true),
            ..Settings::default()
        };
        for client in self.input.clients(flags)? {
            let inspection = progress::shown(|begin| {
                inspect::inspect(&client.config, &mut |stage| begin(stage))
            })?;
            if self.json {
                print(&format_args!("{:#}\n", inspection.to_json()));
            } else if format == MessageFormat::Json {
                tell(inspection.report(), format);
                print_json("inspected", inspection.summary());
            } else {
                print(&inspection);
            }
        }
        Ok(())
    }
}
