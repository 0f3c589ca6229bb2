//! A file to start with: every key with what it is for, set where a value is known.

use std::fmt::Write as _;

use toml::Value;

use super::clients;
use super::key::Key;
use super::value::Shape;

/// What is known of the client that the file is to describe.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) document: String,
    /// The name of the crate.
    pub(crate) name: String,
    /// The tags of the operations.
    pub(crate) tags: Vec<String>,
}

impl Start {
    /// Returns the file.
    pub(crate) fn file(&self) -> String {
        let mut file =
            "# What `accredit generate` makes, and how. Paths begin where this file lies.\n\
                        # `accredit config reference` says more of each key.\n"
                .to_owned();
        let (tables, values): (Vec<_>, Vec<_>) = clients::keys()
            .into_iter()
            .partition(|key| matches!((key.shape)(), Shape::Table(_)));
        for key in values {
            self.setting("", key, &mut file);
        }
        for table in tables {
            about(table, &mut file);
            let Shape::Table(keys) = (table.shape)() else {
                continue;
            };
            let path = format!("{}.", table.name);
            let is_set = keys.iter().any(|key| self.value(&path, key).is_some());
            let mark = if is_set { "" } else { "# " };
            // Writing to a string can't fail.
            let _ = writeln!(file, "{mark}[{}]", table.name);
            for key in keys {
                self.setting(&path, key, &mut file);
            }
        }
        file
    }

    /// Writes a key with its value, or else with an example that is commented out.
    fn setting(&self, path: &str, key: &Key, file: &mut String) {
        about(key, file);
        let _ = match self.value(path, key) {
            Some(value) => writeln!(file, "{} = {value}", key.name),
            None => writeln!(file, "# {} = {}", key.name, self.example(path, key)),
        };
    }

    fn value(&self, path: &str, key: &Key) -> Option<Value> {
        match (path, key.name) {
            ("", "documents") => Some(Value::from(vec![self.document.clone()])),
            ("", "output") => Some(Value::from(format!("{}-sdk", self.name))),
            ("package.", "name") => Some(Value::from(self.name.clone())),
            _ => None,
        }
    }

    fn example(&self, path: &str, key: &Key) -> String {
        if (path, key.name) == ("", "include") && !self.tags.is_empty() {
            let selectors = self.tags.iter().map(|tag| format!("tag:{tag}"));
            return Value::from(selectors.collect::<Vec<_>>()).to_string();
        }
        key.example.to_owned()
    }
}

/// Writes what a key is for, in a sentence.
fn about(key: &Key, file: &mut String) {
    let docs = key.description();
    let first = docs.split("\n\n").next().unwrap_or_default();
    file.push('\n');
    for line in first.lines() {
        let _ = writeln!(file, "# {line}");
    }
}
