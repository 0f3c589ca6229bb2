//! What the document asks for: names and types, by `x-rust-name`, `x-rust-names` and `x-rust-type`, and how
//! operations are used.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::Lowerer;
use super::all_of::Merged;
use super::resolve::{Part, Source};
use crate::diagnostics::{Code, kind};
use crate::extensions::{RUST_NAME, RUST_NAMES, RUST_TYPE};
use crate::model::Asked;
use crate::pointer::Pointer;

impl Lowerer<'_, '_> {
    /// Returns what the configuration says of an operation at a place, or else an extension of it, and where
    /// that is said. `what` is what the extension is for.
    pub(super) fn declared<T>(
        &mut self,
        configured: Option<T>,
        (name, extension): (&str, Option<&Value>),
        read: fn(&Value) -> Option<T>,
        what: &str,
        at: &Pointer,
    ) -> Option<(T, Pointer)> {
        if let Some(configured) = configured {
            return Some((configured, at.clone()));
        }
        let at = at.child(name);
        let declared = read(extension?);
        if declared.is_none() {
            let message = format!("this doesn't say {what}; it is passed over");
            self.warn(Code::InvalidPart, &at, message);
        }
        Some((declared?, at))
    }

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
        asked_of(parts, RUST_NAME).find_map(|(name, at)| self.name(name, at))
    }

    /// Returns the path of the type of the caller's own that one of the schemas that hold together
    /// asks for.
    pub(super) fn asked_type(&mut self, parts: &[Part<'_>]) -> Option<Vec<String>> {
        let (path, at) = asked_of(parts, RUST_TYPE).next()?;
        let segments = path.as_str().and_then(segments);
        if segments.is_none() {
            let found = path.as_str().map(|text| format!("`{text}`"));
            let found = found.unwrap_or_else(|| kind(path).to_owned());
            let message = format!("expected the path of a type, found {found}");
            let hint = "write it as seen from the crate: `crate::ext::Money`";
            self.warn_with_hint(Code::InvalidPart, &at, message, hint);
        }
        segments
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

/// Returns what schemas that hold together say by an extension, and where.
fn asked_of<'a>(parts: &[Part<'a>], extension: &str) -> impl Iterator<Item = (&'a Value, Pointer)> {
    parts.iter().filter_map(move |part| {
        let schema = match part.source {
            Source::Schema(schema) | Source::Own { schema, .. } => schema,
            Source::Component(component) => component.schema.as_item()?,
            Source::Reference(_) => return None,
        };
        let asked = schema.schema_data.extensions.get(extension)?;
        let at = match part.source {
            Source::Component(component) => component.pointer(),
            _ => part.pointer.clone(),
        };
        Some((asked, at.child(extension)))
    })
}

/// Returns the segments of a path such as `crate::ext::Money`.
fn segments(path: &str) -> Option<Vec<String>> {
    let path: syn::Path = syn::parse_str(path).ok()?;
    let is_plain = path.leading_colon.is_none() && path.segments.len() > 1;
    let mut segments = path.segments.iter();
    (is_plain && segments.all(|segment| segment.arguments.is_none())).then(|| {
        path.segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect()
    })
}
