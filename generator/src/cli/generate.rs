//! `accredit generate`: documents become a crate.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde_json::json;

use super::input::Input;
use super::messages::{MessageFormat, Messages, print_json, say, tell};
use super::{progress, runtime};
use crate::config::{Config, Formats, Runtime, crate_name};
use crate::error::Error;
use crate::generate;
use crate::inspect::count;

/// Generates a crate from a document, or from several.
///
/// The crate is whole: manifest, readme and source. Generating again replaces the
/// files that were generated before and leaves yours alone; a directory that holds
/// nothing but files of others is refused. Either everything is written or nothing.
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Examples:
  accredit generate openapi.yaml --output sdk
  accredit generate openapi.json --output sdk --name acme-billing
  accredit generate openapi.yaml --output sdk --runtime ../accredit/runtime
  accredit generate orders.yaml payments.yaml shared/ --output sdk --name acme

The crate's name is the prefix of the environment variables that its client reads:
`acme-billing` reads ACME_BILLING_CLIENT_ID and ACME_BILLING_CLIENT_SECRET."
)]
pub(super) struct Generate {
    /// The OpenAPI documents: JSON or YAML files, or directories of such.
    ///
    /// Several make one crate with a module for each; a schema that they share is generated once.
    #[arg(value_name = "DOCUMENT", required = true)]
    documents: Vec<PathBuf>,

    /// The directory of the crate; made where it is missing.
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,

    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    pub(super) messages: Messages,

    /// The name of the crate; taken from the document's title otherwise.
    #[arg(long, value_name = "CRATE", value_parser = parse_name)]
    name: Option<String>,

    /// Where the crate finds `accredit-runtime`: a version in the registry, or a directory.
    ///
    /// A relative directory is written relative to the crate, so that both can move together.
    #[arg(long, value_name = "PATH or VERSION", value_parser = runtime::parse)]
    runtime: Option<Runtime>,

    /// Which formats of strings become types: `all`, `none`, or a list such as `date-time,uuid`; all
    /// unless something else is said.
    ///
    /// Their types keep the text as it came and read it when asked. What isn't listed is a string.
    #[arg(long, value_name = "FORMATS")]
    formats: Option<Formats>,

    /// Also generates tests: every example of the document survives reading and writing.
    #[arg(long)]
    emit_tests: bool,
}

impl Generate {
    pub(super) fn run(self) -> Result<(), Error> {
        let start = Instant::now();
        let format = self.messages.message_format;
        let config = Config::of(self.documents).strict(self.messages.strict);
        let mut config = self.input.apply(config).tests(self.emit_tests);
        if let Some(name) = self.name {
            config = config.name(name);
        }
        if let Some(runtime) = self.runtime {
            config = config.runtime(runtime::seen_from(&self.output, runtime));
        }
        if let Some(formats) = self.formats {
            config = config.formats(formats);
        }
        let package = progress::shown(|begin| {
            generate::generate_by_stages(&config, &mut |stage| begin(stage))
        })?;
        let written = package.write_to(&self.output)?;
        let report = package.report();
        tell(report, format);
        if format == MessageFormat::Json {
            print_json(
                "generated",
                json!({
                    "output": self.output.display().to_string(),
                    "operations": package.operations(),
                    "types": package.types(),
                    "files": package.files().len(),
                    "warnings": package.warnings().len(),
                }),
            );
        }
        say(&format_args!(
            "generated `{}`: {}, {}, {} ({} written, {} unchanged, {} removed), {}, in {:.2} s",
            self.output.display(),
            count(package.operations(), "operation"),
            count(package.types(), "type"),
            count(package.files().len(), "file"),
            written.written,
            written.unchanged,
            written.removed,
            count(package.warnings().len(), "warning"),
            start.elapsed().as_secs_f64(),
        ));
        Ok(())
    }
}

fn parse_name(name: &str) -> Result<String, String> {
    crate_name::fault(name).map_or_else(|| Ok(name.to_owned()), Err)
}
