//! Where a crate finds its runtime: a version in the registry or a directory.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf, absolute};

use semver::VersionReq;
use toml::Spanned;
use toml::de::DeValue;

use super::key::{Keys as _, keys};
use super::mistake::Reader;
use super::text::text;
use super::value::{Shape, Value};
use crate::config::Runtime;

keys! {
    /// A runtime on disk.
    RuntimeOnDisk {
        /// The directory of the runtime's manifest.
        "path" => path: PathBuf = r#""../accredit/runtime""#,
    }
}

impl Value for Runtime {
    fn shape() -> Shape {
        Shape::Either(Box::new([
            Shape::Text("a version requirement such as `\"0.1\"`"),
            RuntimeOnDisk::shape(),
        ]))
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        if let Some(table) = value.get_ref().as_table() {
            let runtime = RuntimeOnDisk::of(table, reader);
            return runtime.path.map(Self::Path);
        }
        let text = text(value, reader, &Self::shape())?;
        if let Err(error) = VersionReq::parse(text) {
            reader
                .mistake(
                    value.span(),
                    format!("`{text}` isn't a version requirement: {error}"),
                )
                .set_hint(format!(
                    "a runtime on disk is a table: `{{ path = \"{text}\" }}`"
                ));
            return None;
        }
        Some(Self::Version(text.to_owned()))
    }

    fn below(&mut self, directory: &Path) {
        if let Self::Path(path) = self {
            path.below(directory);
        }
    }
}

/// Reads an option: a version requirement or the path of a directory that holds a package.
#[cfg(feature = "cli")]
pub(crate) fn parse(text: &str) -> Result<Runtime, String> {
    if VersionReq::parse(text).is_ok() {
        return Ok(Runtime::Version(text.to_owned()));
    }
    let path = PathBuf::from(text);
    if path.join("Cargo.toml").is_file() {
        Ok(Runtime::Path(path))
    } else {
        Err(
            "neither a version such as `0.1`, nor a directory that holds the manifest of \
             `accredit-runtime`"
                .to_owned(),
        )
    }
}

/// Makes a relative path relative to the output directory, from where the generated manifest
/// means it.
pub(super) fn seen_from(output: &Path, runtime: Runtime) -> Runtime {
    match runtime {
        Runtime::Path(path) if path.is_relative() => {
            let between =
                resolve(output).and_then(|output| Ok(relative(&output, &resolve(&path)?)));
            Runtime::Path(between.ok().flatten().unwrap_or_else(|| {
                // On another drive, or behind a directory that can't be looked at.
                absolute(&path).unwrap_or(path)
            }))
        }
        other => other,
    }
}

/// Returns the absolute path without symbolic links, as far as it exists.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let path = absolute(path)?;
    let existing = path
        .ancestors()
        .find_map(|ancestor| Some((fs::canonicalize(ancestor).ok()?, ancestor)));
    let Some((mut resolved, ancestor)) = existing else {
        return Ok(path);
    };
    for part in path.strip_prefix(ancestor).into_iter().flatten() {
        if part == ".." {
            resolved.pop();
        } else {
            resolved.push(part);
        }
    }
    Ok(resolved)
}

/// Returns the way from one absolute directory to another; `None` where there is none.
fn relative(from: &Path, to: &Path) -> Option<PathBuf> {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(one, other)| one == other)
        .count();
    if shared == 0 {
        return None;
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let down = to.components().skip(shared);
    let mut way = OsString::new();
    for part in up.chain(down) {
        if !way.is_empty() {
            // What cargo reads on every system.
            way.push("/");
        }
        way.push(part);
    }
    Some(way.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "cli")]
    #[test]
    fn a_version_is_told_from_a_directory() {
        for version in ["0.1", "=0.1.2-alpha.1", ">=0.1, <0.3", "*"] {
            assert_eq!(parse(version), Ok(Runtime::Version(version.to_owned())));
        }
        let package = env!("CARGO_MANIFEST_DIR");
        assert_eq!(parse(package), Ok(Runtime::Path(package.into())));
        assert!(parse("no/such/runtime").is_err());
    }

    #[test]
    fn a_relative_directory_is_seen_from_the_output() {
        let root = tempfile::tempdir().expect("a directory");
        let root = root.path();
        assert_eq!(
            relative(&root.join("sdk/new"), &root.join("runtime")),
            Some("../../runtime".into())
        );
        let absolute = Runtime::Path(root.join("runtime"));
        assert_eq!(seen_from(Path::new("sdk"), absolute.clone()), absolute);
    }

    #[test]
    fn a_directory_that_isn_t_there_yet_resolves_by_its_parents() {
        let root = tempfile::tempdir().expect("a directory");
        let resolved = resolve(&root.path().join("new/../other")).expect("resolved");
        let parent = fs::canonicalize(root.path()).expect("a directory");
        assert_eq!(resolved, parent.join("other"));
    }
}
