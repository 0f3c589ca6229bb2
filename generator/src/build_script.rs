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
//! A configuration file does the same for all clients that it describes, with the feature `config-file`:
//! `accredit::build_script::generate_from("accredit.toml")`.
//!
//! It depends on `accredit-runtime`, and on `accredit` with `default-features = false` among its
//! build dependencies, so that the command line isn't built.

#![expect(
    clippy::needless_doctest_main,
    reason = "a build script is shown whole"
)]

mod stamp;

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Report};
use crate::error::Error;
use crate::generate::Package;
use crate::write;

/// Generates a module from a document into `OUT_DIR`, in a file that has the document's name and
/// the extension `rs`.
///
/// The document is a path, relative to the crate's manifest, or a [`Config`] with options. Several
/// documents, by [`Config::of`], become one file with a module for each; it is named after the
/// [`Config::name`], or else after the first document. Cargo is
/// told of every file that was read, so that the client is generated anew when one changes, and of
/// every warning.
///
/// Where no file, no option and not the generator itself has changed since, nothing is done. Nothing is
/// written outside of `OUT_DIR`, and no other host is asked unless the configuration allows it.
///
/// Ends the build script with an error that points into the document when nothing can be generated.
pub fn generate(document: impl Into<Config>) {
    let config = document.into();
    run(|surroundings| surroundings.generate(config, None, &mut io::stdout()));
}

/// Generates what a configuration file describes ([`config_file`](crate::config_file)), as
/// [`generate`] does: several clients become a file each, named after their keys.
///
/// The path of the file is relative to the crate's manifest, and those in it to the file. The manifest
/// and the directory that the file speaks of are the build script's own.
#[cfg(feature = "config-file")]
pub fn generate_from(file: impl AsRef<Path>) {
    run(|surroundings| surroundings.generate_from(file.as_ref(), &mut io::stdout()));
}

fn run(generate: impl FnOnce(Surroundings) -> Result<(), Error>) {
    if let Err(error) = Surroundings::from_cargo().and_then(generate) {
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

    #[cfg(feature = "config-file")]
    fn generate_from(&self, file: &Path, cargo: &mut dyn Write) -> Result<(), Error> {
        let file = self.manifest.join(file);
        instruct(cargo, "rerun-if-changed", &file.display().to_string());
        let clients = crate::config_file::read(file)?.into_iter();
        let mut generated = clients.map(|client| {
            let name = client.name.as_deref();
            self.generate(client.config, name, cargo)
        });
        generated.try_for_each(|done| done)
    }

    /// Generates, unless nothing has changed, and writes what cargo is to know to `cargo`. The file is
    /// named after the client, if that has a name.
    fn generate(
        &self,
        config: Config,
        client: Option<&str>,
        cargo: &mut dyn Write,
    ) -> Result<(), Error> {
        let config = config.module().below(&self.manifest);
        let output = self.output.join(file_name(&config, client));
        let stamp = output.with_extension("stamp");
        let key = stamp::key(&config);
        if let Some(said) = stamp::fresh(&stamp, &output, &key) {
            cargo.write_all(&said).ok();
            return Ok(());
        }
        let began = SystemTime::now();
        let mut said = Vec::new();
        let generated = generate_anew(&config, &mut said);
        cargo.write_all(&said).ok();
        let package = generated?;
        let mut texts = package.files().iter().map(|(_, text)| text);
        let text = texts.next().unwrap_or_default();
        write::write_file(&output, text)?;
        stamp::write(&stamp, text, &key, &said, package.report(), began);
        Ok(())
    }
}

fn generate_anew(config: &Config, cargo: &mut dyn Write) -> Result<Package, Error> {
    let documents = config.documents();
    // A document that is missing or wrong is to be looked at again, too.
    for document in documents {
        instruct(cargo, "rerun-if-changed", &document.display().to_string());
    }
    let package = crate::generate(config).inspect_err(|error| {
        rerun_if_changed(error.report(), documents, cargo);
    })?;
    rerun_if_changed(package.report(), documents, cargo);
    for warning in package.report().digest() {
        instruct(cargo, "warning", &warning);
    }
    Ok(package)
}

fn file_name(config: &Config, client: Option<&str>) -> OsString {
    let are_several = config.documents().len() > 1 || config.document().is_dir();
    let first = match (client, config.crate_name()) {
        (Some(name), _) => Path::new(name),
        (None, Some(name)) if are_several => Path::new(name),
        _ => config.document(),
    };
    let name = first.with_extension("rs");
    name.file_name()
        .unwrap_or_else(|| OsStr::new("client.rs"))
        .to_owned()
}

fn variable(name: &str) -> Result<PathBuf, Error> {
    env::var_os(name).map(PathBuf::from).ok_or_else(|| {
        let mut diagnostic = Box::new(Diagnostic::fault(
            Code::NoBuildScript,
            format!("the environment variable `{name}` isn't set"),
        ));
        diagnostic.set_hint(
            "this function is for build scripts that cargo runs; elsewhere, call `accredit::generate`",
        );
        diagnostic.into()
    })
}

/// Tells cargo of the files that were read beside the documents.
fn rerun_if_changed(report: &Report, documents: &[PathBuf], cargo: &mut dyn Write) {
    for input in report.files() {
        if documents.iter().any(|document| document == input) {
            continue;
        }
        instruct(cargo, "rerun-if-changed", &input.display().to_string());
    }
}

/// Writes an instruction; it ends with its line. A closed pipe is cargo's end, not a fault of the
/// document.
fn instruct(cargo: &mut dyn Write, key: &str, value: &str) {
    writeln!(cargo, "cargo::{key}={}", value.replace(['\n', '\r'], " ")).ok();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::time::Duration;

    use tempfile::TempDir;

    use super::*;

    const DOCUMENT: &str = include_str!("../tests/fixtures/enums/openapi.yaml");

    fn surroundings() -> (TempDir, Surroundings) {
        let root = tempfile::tempdir().expect("a directory");
        let surroundings = Surroundings {
            manifest: root.path().join("package"),
            output: root.path().join("out"),
        };
        fs::create_dir_all(surroundings.manifest.join("api")).expect("created");
        fs::create_dir(&surroundings.output).expect("created");
        (root, surroundings)
    }

    fn run(surroundings: &Surroundings, config: Config) -> (Result<(), Error>, Vec<String>) {
        let mut said = Vec::new();
        let done = surroundings.generate(config, None, &mut said);
        let said = String::from_utf8(said).expect("UTF-8");
        (done, said.lines().map(str::to_owned).collect())
    }

    #[test]
    fn a_module_is_generated_into_the_directory_that_cargo_gives() {
        let (_root, surroundings) = surroundings();
        let document = surroundings.manifest.join("api/jobs.yaml");
        fs::write(&document, DOCUMENT).expect("written");
        let (done, said) = run(&surroundings, Config::new("api/jobs.yaml"));
        done.expect("generated");
        let rerun = format!("cargo::rerun-if-changed={}", document.display());
        assert_eq!(said, [rerun]);
        let listed: Vec<_> = fs::read_dir(&surroundings.output)
            .expect("a directory")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        let listed = BTreeSet::from_iter(listed);
        assert_eq!(
            listed,
            BTreeSet::from(["jobs.rs", "jobs.stamp"].map(OsString::from))
        );
        let text = fs::read_to_string(surroundings.output.join("jobs.rs")).expect("a file");
        syn::parse_file(&text).expect("Rust");
    }

    #[test]
    fn a_warning_is_one_line_for_cargo() {
        let (_root, surroundings) = surroundings();
        let document = surroundings.manifest.join("jobs.yaml");
        let text = DOCUMENT.replace("tokenUrl:", "tokenUrl: TBD #");
        fs::write(&document, text).expect("written");
        let (done, said) = run(&surroundings, Config::new("jobs.yaml"));
        done.expect("generated");
        assert!(said.len() > 1, "{said:?}");
        assert!(
            said.iter()
                .skip(1)
                .all(|line| line.starts_with("cargo::warning=")),
            "{said:?}"
        );
    }

    #[test]
    fn an_error_points_into_the_document_and_writes_nothing() {
        let (_root, surroundings) = surroundings();
        let document = surroundings.manifest.join("jobs.yaml");
        fs::write(&document, "openapi: 3.0.3\npaths: [\n").expect("written");
        let (done, said) = run(&surroundings, Config::new("jobs.yaml"));
        let error = done.expect_err("invalid");
        let place = error.diagnostics()[0].place().expect("a place");
        assert_eq!(place.path(), document);
        let rerun = format!("cargo::rerun-if-changed={}", document.display());
        assert_eq!(said, [rerun]);
        let left = fs::read_dir(&surroundings.output).expect("a directory");
        assert_eq!(left.count(), 0);
    }

    #[cfg(feature = "config-file")]
    #[test]
    fn each_client_of_a_configuration_is_a_file_and_all_inputs_are_watched() {
        let (_root, surroundings) = surroundings();
        let write = |name: &str, text: &str| {
            fs::write(surroundings.manifest.join("api").join(name), text).expect("written");
        };
        write("jobs.yaml", DOCUMENT);
        write(
            "accredit.toml",
            "documents = [\"jobs.yaml\"]\n[clients.first]\n[clients.second]\noutput = \"unused\"\n",
        );
        let mut said = Vec::new();
        surroundings
            .generate_from(Path::new("api/accredit.toml"), &mut said)
            .expect("generated");
        let said = String::from_utf8(said).expect("UTF-8");
        let watched = said.lines().map(|line| {
            Path::new(
                line.strip_prefix("cargo::rerun-if-changed=")
                    .expect("a file"),
            )
        });
        let watched: Vec<_> = watched.filter_map(Path::file_name).collect();
        assert_eq!(watched, ["accredit.toml", "jobs.yaml", "jobs.yaml"]);
        for name in ["first.rs", "second.rs"] {
            let text = fs::read_to_string(surroundings.output.join(name)).expect("a file");
            syn::parse_file(&text).expect("Rust");
        }
        assert!(!surroundings.manifest.join("api/unused").exists());
    }

    /// Makes an output that only a generation would replace.
    fn spoil(output: &Path) -> String {
        let length = fs::metadata(output).expect("an output").len();
        let text = "/".repeat(usize::try_from(length).expect("a length"));
        fs::write(output, &text).expect("written");
        text
    }

    #[test]
    fn nothing_is_done_until_something_changes() {
        let (_root, surroundings) = surroundings();
        let document = surroundings.manifest.join("jobs.yaml");
        fs::write(&document, DOCUMENT).expect("written");
        let output = surroundings.output.join("jobs.rs");
        let generate = |config| run(&surroundings, config);
        let (done, first) = generate(Config::new("jobs.yaml"));
        done.expect("generated");
        let text = fs::read_to_string(&output).expect("an output");

        let spoilt = spoil(&output);
        let (done, again) = generate(Config::new("jobs.yaml"));
        done.expect("fresh");
        assert_eq!(again, first, "cargo is told the same");
        assert_eq!(fs::read_to_string(&output).expect("an output"), spoilt);

        generate(Config::new("jobs.yaml").name("other"))
            .0
            .expect("generated");
        assert_ne!(fs::read_to_string(&output).expect("an output"), spoilt);

        generate(Config::new("jobs.yaml")).0.expect("generated");
        spoil(&output);
        fs::write(&document, format!("{DOCUMENT}\n# A word.\n")).expect("written");
        generate(Config::new("jobs.yaml")).0.expect("generated");
        assert_eq!(fs::read_to_string(&output).expect("an output"), text);

        fs::remove_file(&output).expect("removed");
        generate(Config::new("jobs.yaml")).0.expect("generated");
        assert_eq!(fs::read_to_string(&output).expect("an output"), text);
    }

    #[test]
    fn a_document_of_the_same_time_and_length_isn_t_read() {
        let (_root, surroundings) = surroundings();
        let path = surroundings.manifest.join("jobs.yaml");
        let an_hour_ago = SystemTime::now() - Duration::from_secs(3600);
        let write = |text: &str, modified| {
            fs::write(&path, text).expect("written");
            let document = fs::File::options().append(true).open(&path);
            let document = document.expect("a document");
            document.set_modified(modified).expect("set");
        };
        let output = surroundings.output.join("jobs.rs");
        let generate = || run(&surroundings, Config::new("jobs.yaml")).0;
        write(DOCUMENT, an_hour_ago);
        generate().expect("generated");
        let spoilt = spoil(&output);
        let is_spoilt = || fs::read_to_string(&output).expect("an output") == spoilt;
        write(&"?".repeat(DOCUMENT.len()), an_hour_ago);
        generate().expect("fresh");
        assert!(is_spoilt());
        write(DOCUMENT, SystemTime::now());
        generate().expect("fresh: it was read, and is the same");
        assert!(is_spoilt());
        write(&"?".repeat(DOCUMENT.len()), SystemTime::now());
        generate().expect_err("read");
    }

    #[test]
    fn a_file_that_a_document_refers_to_and_one_that_joins_its_directory_count() {
        let (_root, surroundings) = surroundings();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/several");
        let api = surroundings.manifest.join("api");
        fs::create_dir(api.join("shared")).expect("created");
        for name in ["orders.yaml", "shared/common.yaml"] {
            fs::copy(fixtures.join(name), api.join(name)).expect("copied");
        }
        let output = surroundings.output.join("api.rs");
        let generate = || run(&surroundings, Config::new("api")).0.expect("generated");
        generate();
        spoil(&output);

        let common = api.join("shared/common.yaml");
        let text = fs::read_to_string(&common).expect("a file");
        fs::write(&common, format!("{text}\n# A word.\n")).expect("written");
        generate();
        syn::parse_file(&fs::read_to_string(&output).expect("an output")).expect("Rust");
        let spoilt = spoil(&output);
        generate();
        assert_eq!(fs::read_to_string(&output).expect("an output"), spoilt);

        fs::copy(fixtures.join("payments.yaml"), api.join("payments.yaml")).expect("copied");
        generate();
        assert_ne!(fs::read_to_string(&output).expect("an output"), spoilt);
    }

    #[test]
    fn several_documents_are_one_file_with_a_module_for_each() {
        let (_root, surroundings) = surroundings();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/several");
        let config = Config::of(["orders.yaml", "payments.yaml"].map(|name| fixtures.join(name)));
        let (done, said) = run(&surroundings, config.name("shop"));
        done.expect("generated");
        let text = fs::read_to_string(surroundings.output.join("shop.rs")).expect("a file");
        let file = syn::parse_file(&text).expect("Rust");
        let modules = file.items.iter().filter_map(|item| match item {
            syn::Item::Mod(module) => Some(module.ident.to_string()),
            _ => None,
        });
        assert_eq!(modules.collect::<Vec<_>>(), ["orders", "payments", "types"]);
        let read: Vec<_> = said
            .iter()
            .filter_map(|line| {
                Path::new(line.strip_prefix("cargo::rerun-if-changed=")?).file_name()
            })
            .collect();
        assert_eq!(read, ["orders.yaml", "payments.yaml", "common.yaml"]);
    }
}
