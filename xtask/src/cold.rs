//! What a client costs the first build of a service: crates, and the time to compile them, beside progenitor's build
//! script and macro.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::measure::{Usage, measure, median};
use crate::root;

/// A document that both generators take.
const DOCUMENT: &str = "tests/documents/xero-app-store.yaml";

const PROGENITOR: &str = "=0.15.1";

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How often each service is built from nothing; the median is shown.
    #[arg(long, default_value_t = 3)]
    runs: usize,
}

/// A service that calls an API by a client that is generated as it is built.
struct Service {
    name: &'static str,
    /// The crate that generates, with nothing that a client runs on.
    generator: &'static str,
    /// The sections of its manifest behind the first.
    dependencies: String,
    /// What its build script does, if it has one.
    build: Option<&'static str>,
    client: &'static str,
}

/// Builds services that differ in the door through which their client comes, from nothing, in turns.
pub(crate) fn run(options: &Options) -> Result<()> {
    ensure!(options.runs > 0, "`--runs` must be at least 1");
    let folder = tempfile::tempdir()?;
    let places = services()
        .iter()
        .map(|service| service.write(folder.path()))
        .collect::<Result<Vec<_>>>()?;
    for place in &places {
        eprintln!("fetching for {}", place.display());
        let mut fetch = cargo(place);
        ensure!(fetch.arg("fetch").status()?.success(), "nothing is fetched");
    }
    let mut taken = vec![Vec::new(); places.len()];
    for _ in 0..options.runs {
        for (place, taken) in places.iter().zip(&mut taken) {
            eprintln!("building {}", place.display());
            taken.push(build(place)?);
        }
    }
    println!("| door | crates of the generator | crates in all | CPU s | wall s |");
    println!("|--|--:|--:|--:|--:|");
    for ((service, place), taken) in services().iter().zip(&places).zip(taken) {
        let seconds = |of: fn(&Usage) -> f64| median(taken.iter().map(of).collect());
        println!(
            "| {} | {} | {} | {:.1} | {:.1} |",
            service.name,
            crates(place, service.generator)?,
            crates(place, "service")?,
            seconds(|usage| usage.cpu.as_secs_f64()),
            seconds(|usage| usage.wall.as_secs_f64()),
        );
    }
    Ok(())
}

fn services() -> [Service; 3] {
    let ours = |package: &str| root().join(package).display().to_string();
    [
        Service {
            name: "accredit, build script",
            generator: "accredit",
            dependencies: format!(
                "[dependencies]\naccredit-runtime = {{ path = {:?} }}\n\n[build-dependencies]\n\
                 accredit = {{ path = {:?}, default-features = false }}\n",
                ours("runtime"),
                ours("generator")
            ),
            build: Some("accredit::build_script::generate(\"openapi.yaml\");"),
            client: "mod client {\n    include!(concat!(env!(\"OUT_DIR\"), \"/openapi.rs\"));\n}\n",
        },
        Service {
            name: "progenitor, build script",
            generator: "progenitor-impl",
            dependencies: format!(
                "{}\n[build-dependencies]\nprogenitor = \"{PROGENITOR}\"\nopenapiv3 = \"2\"\n\
                 prettyplease = \"0.2\"\nserde_yaml = \"0.9\"\nsyn = \"2\"\n",
                progenitor_client()
            ),
            build: Some(
                "let text = std::fs::read_to_string(\"openapi.yaml\").unwrap();\n    \
                 let document = serde_yaml::from_str(&text).unwrap();\n    \
                 let tokens = progenitor::Generator::default().generate_tokens(&document).unwrap();\n    \
                 let text = prettyplease::unparse(&syn::parse2(tokens).unwrap());\n    \
                 let path = format!(\"{}/openapi.rs\", std::env::var(\"OUT_DIR\").unwrap());\n    \
                 std::fs::write(path, text).unwrap();",
            ),
            client: "include!(concat!(env!(\"OUT_DIR\"), \"/openapi.rs\"));\n",
        },
        Service {
            name: "progenitor, macro",
            generator: "progenitor-impl",
            dependencies: format!("{}progenitor = \"{PROGENITOR}\"\n", progenitor_client()),
            build: None,
            client: "progenitor::generate_api!(\"openapi.yaml\");\n",
        },
    ]
}

/// What progenitor's generated code stands on.
fn progenitor_client() -> String {
    format!(
        "[dependencies]\nprogenitor-client = \"{PROGENITOR}\"\nbytes = \"1\"\n\
         chrono = {{ version = \"0.4\", features = [\"serde\"] }}\nfutures-core = \"0.3\"\n\
         reqwest = {{ version = \"0.13\", features = [\"json\", \"query\", \"stream\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\nserde_urlencoded = \"0.7\"\n\
         regress = \"0.10\"\nuuid = {{ version = \"1\", features = [\"serde\", \"v4\"] }}\n"
    )
}

impl Service {
    fn write(&self, folder: &Path) -> Result<PathBuf> {
        let place = folder.join(self.name.replace([',', ' '], "-"));
        fs::create_dir_all(place.join("src"))?;
        let manifest = format!(
            "[package]\nname = \"service\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{}\n[workspace]\n",
            self.dependencies
        );
        fs::write(place.join("Cargo.toml"), manifest)?;
        if let Some(build) = self.build {
            fs::write(
                place.join("build.rs"),
                format!("fn main() {{\n    {build}\n}}\n"),
            )?;
        }
        fs::write(place.join("src/lib.rs"), self.client)?;
        fs::copy(root().join(DOCUMENT), place.join("openapi.yaml"))?;
        Ok(place)
    }
}

/// Builds a service, all that it needs included.
fn build(place: &Path) -> Result<Usage> {
    let target = place.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let mut build = cargo(place);
    build.args(["build", "--quiet", "--offline", "--target-dir"]);
    let usage = measure(build.arg(&target))?;
    ensure!(usage.status.success(), "{} doesn't build", place.display());
    Ok(usage)
}

/// Counts a crate and those that it needs to be built.
fn crates(place: &Path, package: &str) -> Result<usize> {
    let mut tree = cargo(place);
    tree.args(["tree", "--package", package, "--edges", "normal,build"]);
    tree.args(["--prefix", "none", "--format", "{p}", "--no-dedupe"]);
    let output = tree.stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "no tree of {package}");
    let text = String::from_utf8(output.stdout).context("names of crates")?;
    let names = text
        .lines()
        .map(|line| line.trim_end_matches(" (proc-macro)"));
    Ok(names.collect::<BTreeSet<_>>().len())
}

fn cargo(place: &Path) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(place).env_remove("CARGO_TARGET_DIR");
    cargo
}
