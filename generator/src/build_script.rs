//! The door for build scripts: a client that is generated whenever its crate is built.
//!
//! ```no_run
//! // build.rs
//! fn main() {
//!     accredit::build_script::generate("openapi.yaml");
//! }
//! ```
//!
//! The crate includes what was generated, named after the document, as a module:
//!
//! ```ignore
//! mod petstore {
//!     include!(concat!(env!("OUT_DIR"), "/openapi.rs"));
//! }
//! ```
//!
//! It depends on `accredit-runtime`, and on `accredit` with `default-features = false` among its
//! build dependencies, so that the command line isn't built.

#![expect(
    clippy::needless_doctest_main,
    reason = "a build script is shown whole"
)]

use std::env;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::diagnostics::{At, Code, Diagnostic, Report, Severity};
use crate::error::Error;
use crate::write;

/// Generates a module from a document into `OUT_DIR`, in a file that has the document's name and
/// the extension `rs`.
///
/// The document is a path, relative to the crate's manifest, or a [`Config`] with options. Cargo is
/// told of every file that was read, so that the client is generated anew when one changes, and of
/// every warning.
///
/// Ends the build script with an error that points into the document when nothing can be generated.
pub fn generate(document: impl Into<Config>) {
    let done = Surroundings::from_cargo()
        .and_then(|surroundings| surroundings.generate(document.into(), &mut io::stdout()));
    if let Err(error) = done {
        writeln!(io::stderr(), "{error}").ok();
        #[expect(clippy::exit, reason = "a build script fails by its exit code")]
        std::process::exit(1);
    }
}

/// What cargo tells a build script.
#[derive(Debug)]
struct Surroundings {
    /// Where the crate's manifest is.
    manifest: PathBuf,
    output: PathBuf,
}

impl Surroundings {
    fn from_cargo() -> Result<Self, Error> {
        Ok(Self {
            manifest: variable("CARGO_MANIFEST_DIR")?,
            output: variable("OUT_DIR")?,
        })
    }

    /// Generates, and writes what cargo is to know to `cargo`.
    fn generate(&self, config: Config, cargo: &mut dyn Write) -> Result<(), Error> {
        let config = config.module().below(&self.manifest);
        let document = config.document();
        // Said first: a document that is missing or wrong is to be looked at again, too.
        instruct(cargo, "rerun-if-changed", &document.display().to_string());
        let package = crate::generate(&config).inspect_err(|error| {
            rerun_if_changed(error.report(), document, cargo);
        })?;
        rerun_if_changed(package.report(), document, cargo);
        for warning in package.report().digest() {
            instruct(cargo, "warning", &warning);
        }
        let name = document
            .with_extension("rs")
            .file_name()
            .unwrap_or_else(|| OsStr::new("client.rs"))
            .to_owned();
        let mut texts = package.files().iter().map(|(_, text)| text);
        let text = texts.next().unwrap_or_default();
        write::write_file(&self.output.join(name), text)?;
        Ok(())
    }
}

fn variable(name: &str) -> Result<PathBuf, Error> {
    env::var_os(name).map(PathBuf::from).ok_or_else(|| {
        let mut diagnostic = Diagnostic {
            code: Code::UnwritableFile,
            severity: Severity::Error,
            message: format!("the environment variable `{name}` isn't set"),
            at: At::Nowhere,
            hint: None,
            place: None,
        };
        diagnostic.set_hint(
            "this function is for build scripts that cargo runs; elsewhere, call `accredit::generate`",
        );
        diagnostic.into()
    })
}

/// Tells cargo of the files that were read beside the document.
fn rerun_if_changed(report: &Report, document: &Path, cargo: &mut dyn Write) {
    for input in report.files().filter(|input| *input != document) {
        instruct(cargo, "rerun-if-changed", &input.display().to_string());
    }
}

/// Writes an instruction; it ends with its line. A closed pipe is cargo's end, not a fault of the
/// document.
fn instruct(cargo: &mut dyn Write, key: &str, value: &str) {
    writeln!(cargo, "cargo::{key}={}", value.replace(['\n', '\r'], " ")).ok();
}
