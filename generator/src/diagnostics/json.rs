//! Diagnostics for machines.

use serde_json::{Value, json};

use super::{Diagnostic, Place};

impl Diagnostic {
    /// Returns what the text for people says, as JSON. What there is none of is `null`.
    pub(crate) fn to_json(&self) -> Value {
        let place = self.place();
        json!({
            "code": self.code.as_str(),
            "severity": self.severity.to_string(),
            "message": self.message,
            "path": place.map(|place| place.path().display().to_string()),
            "line": place.map(Place::line),
            "column": place.map(Place::column),
            "pointer": place.and_then(Place::pointer).map(ToString::to_string),
            "hint": self.hint,
        })
    }
}
