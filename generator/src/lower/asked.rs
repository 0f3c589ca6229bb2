//! Names that the document asks for: `x-rust-name` and `x-rust-names`.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::Lowerer;
use super::all_of::Merged;
use super::resolve::{Part, Source};
use crate::diagnostics::{Code, kind};
use crate::extensions::{RUST_NAME, RUST_NAMES};
use crate::model::Asked;
use crate::pointer::Pointer;

impl Lowerer<'_, '_> {
    /// Returns the name that the extensions of what stands at a place ask for.
    pub(super) fn asked(
        &mut self,
        extensions: &IndexMap<String, Value>,
        at: &Pointer,
    ) -> Option<Asked> {
        let asked = extensions.get(RUST_NAME)?;
        self.name(asked, at.child(RUST_NAME))
    }

    /// Returns the name that one of the schemas that hold together asks for.
    pub(super) fn asked_name(&mut self, parts: &[Part<'_>]) -> Option<Asked> {
        parts.iter().find_map(|part| match part.source {
            Source::Schema(schema) | Source::Own { schema, .. } => {
                self.asked(&schema.schema_data.extensions, &part.pointer)
            }
            Source::Component(component) => {
                let schema = component.schema.as_item()?;
                self.asked(&schema.schema_data.extensions, &component.pointer())
            }
            Source::Reference(_) => None,
        })
    }

    /// Returns the names that schemas ask for their members, with those that they are composed of.
    pub(super) fn asked_members(&mut self, merged: &Merged<'_>) -> BTreeMap<String, Asked> {
        let mut asked = BTreeMap::new();
        for atom in &merged.atoms {
            let Some(names) = atom.keywords.data().extensions.get(RUST_NAMES) else {
                continue;
            };
            let at = atom.pointer.child(RUST_NAMES);
            let Value::Object(names) = names else {
                let message = format!("expected an object, found {}", kind(names));
                self.warn(Code::InvalidPart, &at, message);
                continue;
            };
            for (member, name) in names {
                let name = self.name(name, at.child(member.as_str()));
                asked.extend(name.map(|name| (member.clone(), name)));
            }
        }
        asked
    }

    fn name(&mut self, asked: &Value, pointer: Pointer) -> Option<Asked> {
        if let Value::String(name) = asked {
            let name = name.trim().to_owned();
            return Some(Asked { name, pointer });
        }
        let message = format!("expected a name, found {}", kind(asked));
        self.warn(Code::InvalidPart, &pointer, message);
        None
    }
}
