//! The same for machines.

use serde_json::{Value, json};

use super::{Difference, Kind, Level};

impl Difference {
    /// Returns the changes, the verdict and the entry of a changelog.
    pub(crate) fn to_json(&self) -> Value {
        let changes = self.changes.iter().map(|change| {
            json!({
                "breaking": change.level == Level::Breaking,
                "kind": match change.kind {
                    Kind::Added => "added",
                    Kind::Changed => "changed",
                    Kind::Removed => "removed",
                },
                "subject": change.subject,
                "text": change.text,
                "why": change.reason,
            })
        });
        json!({
            "changes": changes.collect::<Vec<_>>(),
            "semver": match self.level() {
                None => "none",
                Some(Level::Compatible) => "minor",
                Some(Level::Breaking) => "major",
            },
            "changelog": self.entry(),
        })
    }
}
