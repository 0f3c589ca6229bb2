//! `accredit generate`: documents become a crate.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use super::input::Input;
use super::voice::{Voice, print_json};
use super::{changes, progress, release};
use crate::config::{Fact, Formats, Runtime, Tolerance, crate_name};
use crate::config_file::{Client, CrateName, License, Package, Settings, parse_runtime};
use crate::diagnostics::{Code, Diagnostic};
use crate::error::Error;
use crate::generate::{self, Package as Generated};
use crate::inspect::count;
use crate::write::{Edits, Plan};

/// Generates a crate from a document, or from several, or what `accredit.toml` says.
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
  accredit generate https://api.example/openapi.json --output sdk
  yq .api bundle.yaml | accredit generate - --output sdk
  accredit generate openapi.yaml --output sdk --runtime ../accredit/runtime
  accredit generate orders.yaml payments.yaml shared/ --output sdk --name acme
  accredit generate                          # as accredit.toml says
  accredit generate --client billing         # one of the clients there

The crate's name is the prefix of the environment variables that its client reads:
`acme-billing` reads ACME_BILLING_CLIENT_ID and ACME_BILLING_CLIENT_SECRET."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option")]
pub(super) struct Generate {
    #[command(flatten)]
    input: Input,

    /// The directory of the crate; made where it is missing.
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,

    /// The name of the crate; taken from the document's title otherwise.
    #[arg(long, value_name = "CRATE", value_parser = parse_name)]
    name: Option<String>,

    /// The licence of the crate, as an SPDX expression; the document's otherwise, where it can be told.
    #[arg(long, value_name = "SPDX", value_parser = parse_license)]
    license: Option<String>,

    /// Where the crate finds `accredit-runtime`: a version in the registry, or a directory.
    ///
    /// A relative directory is written relative to the crate, so that both can move together.
    #[arg(long, value_name = "PATH or VERSION", value_parser = parse_runtime)]
    runtime: Option<Runtime>,

    /// Which formats of strings become types: `all`, `none`, or a list such as `date-time,uuid`; all
    /// unless something else is said.
    ///
    /// Their types keep the text as it came and read it when asked. What isn't listed is a string.
    #[arg(long, value_name = "FORMATS")]
    formats: Option<Formats>,

    /// Has a `number` keep all its digits, unless its format is `float` or `double`.
    ///
    /// It is an `f64` otherwise, which has about 16.
    #[arg(long)]
    exact_numbers: bool,

    /// Has a body that the document declares in JSON and in XML by the same schema go in both.
    ///
    /// It is sent as the caller chooses, and read by the `Content-Type` of the answer. It is JSON otherwise.
    #[arg(long)]
    also_xml: bool,

    /// Reads what servers send in place of what the documents say: `quoted-values`, which are numbers,
    /// integers and booleans as strings, and `empty-strings` for values that aren't there.
    #[arg(long, value_name = "TOLERANCES", value_delimiter = ',')]
    tolerate: Vec<Tolerance>,

    /// Also generates tests: every example of the document survives reading and writing.
    #[arg(long)]
    emit_tests: bool,

    /// Checks constraints such as `maximum`, `pattern` and `uniqueItems` before a request is sent.
    #[arg(long)]
    validate: bool,

    #[command(flatten)]
    writing: Writing,
}

/// Whether anything is written.
#[derive(Debug, Clone, Copy, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
struct Writing {
    /// Writes nothing; prints the difference, and fails, where the directory doesn't hold what would be
    /// written.
    #[arg(long, conflicts_with_all = ["dry_run", "force"])]
    check: bool,

    /// Writes nothing; prints what would be written.
    #[arg(long)]
    dry_run: bool,

    /// Overwrites generated files that somebody edited.
    #[arg(long)]
    force: bool,

    /// Raises the crate's version by what changed for its callers, and adds that to its changelog.
    ///
    /// Nothing is raised where nothing changes, and when a crate is generated for the first time.
    #[arg(long, conflicts_with = "check")]
    bump: bool,
}

impl Writing {
    const fn edits(self) -> Edits {
        if self.force || self.check {
            Edits::Overwrite
        } else {
            Edits::Refuse
        }
    }
}

impl Generate {
    pub(super) fn run(self, voice: Voice) -> Result<(), Error> {
        let package = Package {
            name: self.name.map(CrateName),
            license: self.license.map(License),
            ..Package::default()
        };
        let is_named = package.name.is_some() || package.license.is_some();
        let flags = Settings {
            output: self.output,
            tests: self.emit_tests.then_some(true),
            validate: self.validate.then_some(true),
            runtime: self.runtime,
            formats: self.formats,
            exact_numbers: self.exact_numbers.then_some(true),
            also_xml: self.also_xml.then_some(true),
            tolerate: (!self.tolerate.is_empty()).then_some(self.tolerate),
            package: is_named.then_some(package),
            ..Settings::default()
        };
        // Of several, none is written unless all can be.
        let clients = self.input.clients(flags)?.into_iter();
        let generated = clients
            .map(|client| generate(client, voice))
            .collect::<Result<Vec<_>, _>>()?;
        let writing = self.writing;
        let mut done = generated.into_iter().map(|it| it.write(writing, voice));
        if writing.check {
            // Every difference is shown.
            done.fold(Ok(()), Result::and)
        } else {
            done.try_for_each(|it| it)
        }
    }
}

/// A crate that isn't written yet.
struct Done {
    package: Generated,
    output: PathBuf,
    /// What it took so far.
    took: Duration,
}

fn generate(client: Client, voice: Voice) -> Result<Done, Error> {
    let start = Instant::now();
    let Some(output) = client.output else {
        return Err(nowhere(client.name.as_deref()));
    };
    let package = progress::shown(voice, |begin| {
        generate::generate_by_stages(&client.config, &mut |stage| begin(stage))
    })?;
    Ok(Done {
        package,
        output,
        took: start.elapsed(),
    })
}

impl Done {
    fn write(self, writing: Writing, voice: Voice) -> Result<(), Error> {
        let Self {
            package,
            output,
            took,
        } = self;
        let start = Instant::now();
        let mut plan = package.plan(&output, writing.edits())?;
        if writing.bump {
            release::raise(&package, &output, &mut plan, voice)?;
        }
        for input in package.inputs() {
            voice.detail(&format_args!("read `{}`", input.display()));
        }
        voice.tell(package.report());
        if writing.check {
            changes::print_difference(plan.changes(), voice);
            return is_fresh(&output, &plan);
        }
        if writing.dry_run {
            changes::print_list(plan.changes(), voice);
            return Ok(());
        }
        let written = plan.write()?;
        if voice.is_json() {
            print_json(
                "generated",
                json!({
                    "output": output.display().to_string(),
                    "operations": package.operations(),
                    "types": package.types(),
                    "files": package.files().len(),
                    "warnings": package.warnings().len(),
                }),
            );
        }
        voice.say(&format_args!(
            "generated `{}`: {}, {}, {} ({} written, {} unchanged, {} removed), {}, in {:.2} s",
            output.display(),
            count(package.operations(), "operation"),
            count(package.types(), "type"),
            count(package.files().len(), "file"),
            written.written,
            written.unchanged,
            written.removed,
            count(package.warnings().len(), "warning"),
            (took + start.elapsed()).as_secs_f64(),
        ));
        Ok(())
    }
}

/// Fails where an output directory doesn't hold what generation gives.
fn is_fresh(output: &Path, plan: &Plan) -> Result<(), Error> {
    let differing = plan.changes().len();
    if differing == 0 {
        return Ok(());
    }
    let mut fault = Diagnostic::fault(
        Code::StaleOutput,
        format!(
            "`{}` doesn't hold what generation gives: {} would change",
            output.display(),
            count(differing, "file")
        ),
    );
    fault.set_hint("generate it again, without `--check`");
    Err(Box::new(fault).into())
}

/// Returns the error of a client that is to be written nowhere.
fn nowhere(client: Option<&str>) -> Error {
    let message = match client {
        Some(client) => format!("the client `{client}` has no output directory"),
        None => "there is no output directory".to_owned(),
    };
    let mut fault = Diagnostic::fault(Code::InvalidConfig, message);
    fault.set_hint("name one: `--output sdk`, or `output = \"sdk\"` in `accredit.toml`");
    Box::new(fault).into()
}

fn parse_name(name: &str) -> Result<String, String> {
    crate_name::fault(name).map_or_else(|| Ok(name.to_owned()), Err)
}

fn parse_license(text: &str) -> Result<String, String> {
    let fault = Fact::License.fault(text);
    fault.map_or_else(|| Ok(text.to_owned()), Err)
}
