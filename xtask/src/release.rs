//! A release, short of the upload: version, changelog, compatibility, packages, documentation.
//!
//! With `--dry-run`, all of it happens in a work tree of its own that holds the last commit, and is
//! thrown away with it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};
use toml_edit::{DocumentMut, value};

use crate::{root, succeed, target};

/// The crates that are published, a dependency before those that need it.
const PUBLISHED: &[&str] = &["accredit-runtime", "accredit"];

/// A generated crate that is checked in: code of an earlier version doesn't fit the next runtime.
const EXAMPLE: &str = "examples/published-sdk";

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Which number of the version is raised.
    #[arg(value_enum)]
    level: Level,

    /// Changes nothing: takes the last commit to a work tree of its own.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Level {
    Major,
    Minor,
    Patch,
}

/// Prepares a release. What is left is to commit, to tag and to push: the tag's workflow publishes.
pub(crate) fn run(options: &Options) -> Result<()> {
    if !options.dry_run {
        return prepare(&root(), options.level);
    }
    let folder = tempfile::tempdir()?;
    let place = folder.path().join("release");
    git(
        &root(),
        &["worktree", "add", "--quiet", "--detach"],
        Some(&place),
    )?;
    let done = prepare(&place, options.level);
    git(&root(), &["worktree", "remove", "--force"], Some(&place))?;
    done
}

fn prepare(place: &Path, level: Level) -> Result<()> {
    let (old, new) = raise(place, level)?;
    println!("version {new} follows {old}");
    cargo(place, &["update", "--workspace", "--quiet", "--offline"])?;

    println!("regenerating `{EXAMPLE}`");
    let configuration = format!("{EXAMPLE}/accredit.toml");
    let arguments = [
        "run",
        "--quiet",
        "--package",
        "accredit",
        "--features",
        "cli",
        "--",
    ];
    let generate = ["generate", "--quiet", "--force", "--config", &configuration];
    cargo(place, &[&arguments[..], &generate].concat())?;

    compatibility(place, &old)?;

    println!("packaging");
    let mut package = vec!["package", "--allow-dirty", "--quiet"];
    for published in PUBLISHED {
        package.extend(["--package", published]);
    }
    cargo(place, &package)?;

    println!("documenting");
    let document = ["doc", "--no-deps", "--all-features", "--quiet"];
    let mut command = command(place, &document);
    for published in PUBLISHED {
        command.args(["--package", published]);
    }
    succeed(command.env("RUSTDOCFLAGS", "-D warnings"))?;
    println!("ready: commit, tag `v{new}`, and push the tag");
    Ok(())
}

/// Raises the version of the workspace and closes the changelog's open section. Returns the versions.
fn raise(place: &Path, level: Level) -> Result<(String, String)> {
    let path = place.join("Cargo.toml");
    let mut manifest: DocumentMut = fs::read_to_string(&path)?.parse()?;
    let version = &mut manifest["workspace"]["package"]["version"];
    let old = version
        .as_str()
        .context("the workspace has no version")?
        .to_owned();
    let new = next(&old, level)?;
    *version = value(&new);
    for published in PUBLISHED {
        manifest["workspace"]["dependencies"][published]["version"] = value(&new);
    }
    fs::write(&path, manifest.to_string())?;

    let path = place.join(EXAMPLE).join("Cargo.toml");
    let mut manifest: DocumentMut = fs::read_to_string(&path)?.parse()?;
    manifest["dependencies"]["accredit-runtime"]["version"] = value(&new);
    fs::write(&path, manifest.to_string())?;

    let path = place.join("CHANGELOG.md");
    let changelog = fs::read_to_string(&path)?;
    fs::write(&path, closed(&changelog, &new)?)?;
    Ok((old, new))
}

fn next(version: &str, level: Level) -> Result<String> {
    let numbers: Vec<u64> = version
        .split('.')
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let &[major, minor, patch] = numbers.as_slice() else {
        bail!("`{version}` isn't of three numbers");
    };
    let (major, minor, patch) = match level {
        Level::Major => (major + 1, 0, 0),
        Level::Minor => (major, minor + 1, 0),
        Level::Patch => (major, minor, patch + 1),
    };
    Ok(format!("{major}.{minor}.{patch}"))
}

/// Returns a changelog whose open section has become that of a version.
fn closed(changelog: &str, version: &str) -> Result<String> {
    const OPEN: &str = "## Unreleased\n";
    let (before, open) = changelog
        .split_once(OPEN)
        .context("no section `Unreleased`")?;
    let section = open.split("\n## ").next().unwrap_or_default();
    ensure!(
        section.contains("\n- "),
        "the section `Unreleased` is empty"
    );
    Ok(format!("{before}{OPEN}\n## {version}\n{open}"))
}

/// Holds what is published against the release before it.
fn compatibility(place: &Path, old: &str) -> Result<()> {
    let tag = format!("v{old}");
    let known = git(place, &["rev-parse", "--quiet", "--verify", &tag], None);
    if known.is_err() {
        println!("no tag `{tag}`: there is no release to be compatible with");
        return Ok(());
    }
    let is_installed = |place| cargo(place, &["semver-checks", "--version"]).is_ok();
    if !is_installed(place) {
        println!("installing cargo-semver-checks");
        cargo(place, &["install", "--locked", "cargo-semver-checks"]).ok();
    }
    if !is_installed(place) {
        println!("cargo-semver-checks can't be installed here: compatibility isn't checked");
        return Ok(());
    }
    println!("holding against `{tag}`");
    for published in PUBLISHED {
        cargo(
            place,
            &[
                "semver-checks",
                "--package",
                published,
                "--baseline-rev",
                &tag,
            ],
        )?;
    }
    Ok(())
}

fn cargo(place: &Path, arguments: &[&str]) -> Result<()> {
    succeed(&mut command(place, arguments))
}

fn command(place: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(place);
    command.env("CARGO_TARGET_DIR", target());
    command
}

fn git(place: &Path, arguments: &[&str], path: Option<&Path>) -> Result<()> {
    let mut command = Command::new("git");
    command.args(arguments).args(path).current_dir(place);
    succeed(command.stdout(Stdio::null()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_section_becomes_that_of_the_version() {
        let changelog = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A.\n\n## 0.1.0\n\n- B.\n";
        assert_eq!(
            closed(changelog, "0.2.0").expect("closed"),
            "# Changelog\n\n## Unreleased\n\n## 0.2.0\n\n### Added\n\n- A.\n\n## 0.1.0\n\n- B.\n"
        );
        assert!(closed("## Unreleased\n\n## 0.1.0\n\n- B.\n", "0.2.0").is_err());
    }

    #[test]
    fn a_level_raises_a_number_and_zeroes_the_ones_behind_it() {
        for (level, expected) in [
            (Level::Major, "1.0.0"),
            (Level::Minor, "0.4.0"),
            (Level::Patch, "0.3.8"),
        ] {
            assert_eq!(next("0.3.7", level).expect("a version"), expected);
        }
    }
}
