//! References: `#/components/<section>/<name>` to what stands there.

use indexmap::IndexMap;
use openapiv3::{Components, ReferenceOr, Response, Schema};

use super::Lowerer;
use crate::diagnostics::Code;
use crate::pointer::Pointer;

/// Something that stood in place or behind a reference.
#[derive(Debug)]
pub(super) struct Resolved<'a, T> {
    pub(super) value: &'a T,
    pub(super) pointer: Pointer,
    /// Its key in `components`, where it was referred to.
    pub(super) key: Option<&'a str>,
}

/// A schema, in place or by reference.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    Reference(&'a str),
    Component(Component<'a>),
    Schema(&'a Schema),
    /// What a schema says itself, without what it composes.
    Own {
        schema: &'a Schema,
        /// Whether its `required` is left out of account.
        relaxed: bool,
    },
}

impl<'a> From<&'a ReferenceOr<Schema>> for Source<'a> {
    fn from(schema: &'a ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema),
        }
    }
}

impl<'a> From<&'a ReferenceOr<Box<Schema>>> for Source<'a> {
    fn from(schema: &'a ReferenceOr<Box<Schema>>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema),
        }
    }
}

/// A schema and its place: one of those that hold together for a value.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    pub(super) source: Source<'a>,
    pub(super) pointer: Pointer,
}

impl<'a> Part<'a> {
    pub(super) fn new(source: impl Into<Source<'a>>, pointer: Pointer) -> Self {
        Self {
            source: source.into(),
            pointer,
        }
    }

    /// Returns the elements of a composing keyword of the schema at `at`.
    pub(super) fn list(
        schemas: &'a [ReferenceOr<Schema>],
        at: &Pointer,
        keyword: &str,
    ) -> impl DoubleEndedIterator<Item = Self> {
        let at = at.child(keyword);
        schemas
            .iter()
            .enumerate()
            .map(move |(index, schema)| Self::new(schema, at.child(index.to_string())))
    }
}

/// A component that is a schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component<'a> {
    pub(super) name: &'a str,
    pub(super) schema: &'a ReferenceOr<Schema>,
}

impl<'a> Component<'a> {
    /// Returns what the component is, as opposed to a reference to it.
    pub(super) fn part(self) -> Part<'a> {
        Part::new(self.schema, self.pointer())
    }

    pub(super) fn pointer(self) -> Pointer {
        Pointer::from_iter(["components", "schemas", self.name])
    }
}

impl<'a> Lowerer<'a, '_> {
    /// Returns the component that a reference names; `None` if there is none.
    pub(super) fn find(&self, reference: &str) -> Option<Component<'a>> {
        self.component(&key(reference, "schemas")?)
    }

    /// Returns the component of a name.
    pub(super) fn component(&self, name: &str) -> Option<Component<'a>> {
        let schemas = &self.components_of_all.schemas;
        let (name, schema) = schemas.get_key_value(name)?;
        Some(Component { name, schema })
    }

    /// Returns the component that a reference names; tells the user if there is none.
    pub(super) fn follow(&mut self, reference: &str, at: &Pointer) -> Option<Component<'a>> {
        let found = self.find(reference);
        if found.is_none() {
            self.unresolved(reference, at);
        }
        found
    }

    /// Returns a response in place or behind a reference; `None`, without a word, if there is none.
    pub(super) fn response_behind<'r>(
        &self,
        response: &'r ReferenceOr<Response>,
    ) -> Option<&'r Response>
    where
        'a: 'r,
    {
        match response {
            ReferenceOr::Item(response) => Some(response),
            ReferenceOr::Reference { reference } => {
                let components = self.components_of("responses")?;
                let known = components.responses.get(&key(reference, "responses")?)?;
                known.as_item()
            }
        }
    }

    /// Returns what stands in place or behind a chain of references.
    pub(super) fn resolve<T>(
        &mut self,
        section: &str,
        map: fn(&'a Components) -> &'a IndexMap<String, ReferenceOr<T>>,
        item: &'a ReferenceOr<T>,
        at: Pointer,
    ) -> Option<Resolved<'a, T>> {
        let mut resolved = (item, at, None);
        let mut steps = 0_usize;
        loop {
            let (item, pointer, key_before) = resolved;
            let reference = match item {
                ReferenceOr::Item(value) => {
                    return Some(Resolved {
                        value,
                        pointer,
                        key: key_before,
                    });
                }
                ReferenceOr::Reference { reference } => reference,
            };
            let components = self.components_of(section);
            let found = components.map(map).and_then(|entries| {
                let name = key(reference, section)?;
                Some((entries.get_key_value(&name)?, entries.len()))
            });
            let Some(((name, target), len)) = found else {
                self.unresolved(reference, &pointer);
                return None;
            };
            steps += 1;
            if steps > len {
                let message = format!("`{reference}` leads back to itself");
                self.warn(Code::ReferenceCycle, &pointer, message);
                return None;
            }
            let place = self.components_at(section).child(name);
            resolved = (target, place, Some(name));
        }
    }

    pub(super) fn unresolved(&mut self, reference: &str, at: &Pointer) {
        // What `load` has told of is empty.
        if reference.is_empty() {
            return;
        }
        let message = format!("nothing stands at `{reference}`");
        self.warn(Code::UnresolvedReference, at, message);
    }
}

/// Returns the key in `components.<section>` that a reference names.
pub(super) fn key(reference: &str, section: &str) -> Option<String> {
    let pointer = Pointer::parse(reference.strip_prefix('#')?)?;
    match pointer.tokens() {
        [components, place, name] if components == "components" && place == section => {
            Some(name.clone())
        }
        _ => None,
    }
}
