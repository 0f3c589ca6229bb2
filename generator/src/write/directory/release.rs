//! A crate that is released: its manifest gets a version, its changelog an entry.

use std::fs;

use semver::Version;
use toml_edit::{DocumentMut, value};

use super::{Change, Plan, place};
use crate::diagnostics::{Code, Diagnostic};
use crate::write::fault;

const MANIFEST: &str = "Cargo.toml";
const CHANGELOG: &str = "CHANGELOG.md";

impl Plan {
    /// Returns the version that the crate will have.
    pub(crate) fn version(&self) -> Result<Version, Box<Diagnostic>> {
        let manifest = self
            .text(MANIFEST)
            .parse::<DocumentMut>()
            .unwrap_or_default();
        let version = manifest.get("package").and_then(|it| it.get("version"));
        let version = version.and_then(|it| it.as_str()?.parse().ok());
        version.ok_or_else(|| {
            let mut fault = fault(
                Code::EditedOutput,
                "the manifest has no version that could be raised".to_owned(),
            );
            fault.set_hint("generate without `--bump`, and set the version where it stands");
            fault
        })
    }

    /// Sets the version, and adds an entry to the changelog.
    pub(crate) fn release(&mut self, version: &Version, entry: &str) {
        let mut manifest = self
            .text(MANIFEST)
            .parse::<DocumentMut>()
            .unwrap_or_default();
        manifest["package"]["version"] = value(version.to_string());
        self.set(MANIFEST, manifest.to_string());
        let changelog = with_entry(&self.text(CHANGELOG), version, entry);
        self.set(CHANGELOG, changelog);
    }

    /// Returns what a file will hold.
    fn text(&self, path: &str) -> String {
        let planned = self.changes.iter().find(|change| change.path == path);
        match planned {
            Some(change) => change.after.clone().unwrap_or_default(),
            None => fs::read_to_string(place(&self.directory, path)).unwrap_or_default(),
        }
    }

    fn set(&mut self, path: &str, text: String) {
        if let Some(change) = self.changes.iter_mut().find(|change| change.path == path) {
            change.after = Some(text);
            return;
        }
        let before = fs::read_to_string(place(&self.directory, path)).ok();
        self.unchanged -= 1;
        self.changes.push(Change {
            path: path.to_owned(),
            before,
            after: Some(text),
        });
        self.changes.sort_by(|one, other| {
            (one.after.is_none(), &one.path).cmp(&(other.after.is_none(), &other.path))
        });
    }
}

/// Puts an entry before that of the last release.
fn with_entry(changelog: &str, version: &Version, entry: &str) -> String {
    let is_release =
        |line: &str| line.starts_with("## ") && !line.to_lowercase().contains("unreleased");
    let mut at = 0;
    for line in changelog.split_inclusive('\n') {
        if is_release(line) {
            break;
        }
        at += line.len();
    }
    let (before, behind) = changelog.split_at(at);
    let before = before.trim_end();
    let behind = if behind.is_empty() {
        String::new()
    } else {
        format!("\n{behind}")
    };
    format!("{before}\n\n## {version}\n\n{}\n{behind}", entry.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_stands_behind_what_is_unreleased_and_before_the_last_release() {
        let version = Version::new(0, 2, 0);
        let first = with_entry("# Changelog\n\n## Unreleased\n\n- A.\n", &version, "- B.\n");
        assert_eq!(
            first,
            "# Changelog\n\n## Unreleased\n\n- A.\n\n## 0.2.0\n\n- B.\n"
        );
        let second = with_entry(&first, &Version::new(0, 3, 0), "- C.\n");
        assert_eq!(
            second,
            "# Changelog\n\n## Unreleased\n\n- A.\n\n## 0.3.0\n\n- C.\n\n## 0.2.0\n\n- B.\n"
        );
    }
}
