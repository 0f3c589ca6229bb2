//! A part of a document: a value that knows where it stands, and what is expected of it.

use indexmap::IndexMap;
use openapiv3::ReferenceOr;
use serde_json::{Map, Value};

use crate::{
    booleans,
    diagnostics::{Code, Diagnostics, kind},
    pointer::{Pointer, Trail},
};

/// A value and the way to it.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) value: &'a Value,
    trail: Trail<'a>,
}

impl<'a> Part<'a> {
    pub(super) const fn root(value: &'a Value) -> Self {
        Self {
            value,
            trail: Trail::Root,
        }
    }

    pub(super) fn pointer(&self) -> Pointer {
        self.trail.pointer()
    }

    /// Returns a member of an object; one that is `null` counts as absent.
    pub(super) fn member<'b>(&'b self, key: &'b str) -> Option<Part<'b>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(self.with(key, value))
    }

    /// Returns the part of a member whose value is known.
    pub(super) const fn with<'b>(&'b self, key: &'b str, value: &'b Value) -> Part<'b> {
        Part {
            value,
            trail: Trail::Member(&self.trail, key),
        }
    }

    const fn element<'b>(&'b self, index: usize, value: &'b Value) -> Part<'b> {
        Part {
            value,
            trail: Trail::Element(&self.trail, index),
        }
    }

    /// Reads what stands at an address from here.
    pub(super) fn at<T>(
        &self,
        tokens: &[String],
        read: &mut dyn FnMut(&Part<'_>) -> T,
    ) -> Option<T> {
        let [token, rest @ ..] = tokens else {
            return Some(read(self));
        };
        match self.value {
            Value::Array(elements) => {
                let index = token.parse().ok()?;
                self.element(index, elements.get(index)?).at(rest, read)
            }
            _ => self.member(token)?.at(rest, read),
        }
    }

    /// Reports that the part can't be read and is left out.
    pub(super) fn lose(&self, message: &str, diagnostics: &mut Diagnostics) {
        diagnostics.warning(
            Code::InvalidPart,
            &self.pointer(),
            format!("{message}; it is left out"),
        );
    }

    /// Reports that something else was expected and that the part is left out.
    pub(super) fn expected(&self, what: &str, diagnostics: &mut Diagnostics) {
        let found = kind(self.value);
        self.lose(&format!("expected {what}, found {found}"), diagnostics);
    }

    pub(super) fn object(&self, diagnostics: &mut Diagnostics) -> Option<&'a Map<String, Value>> {
        let object = self.value.as_object();
        if object.is_none() {
            self.expected("an object", diagnostics);
        }
        object
    }

    /// Returns the target of a reference.
    pub(super) fn reference<T>(&self) -> Option<ReferenceOr<T>> {
        let reference = self.value.get("$ref")?.as_str()?.to_owned();
        Some(ReferenceOr::Reference { reference })
    }

    pub(super) fn text(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<String> {
        text(&self.member(key)?, diagnostics)
    }

    pub(super) fn as_flag(&self, diagnostics: &mut Diagnostics) -> Option<bool> {
        let flag = match self.value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => {
                let meant = booleans::meant(text);
                if let Some(meant) = meant {
                    let message = format!("the text `{text}` is read as `{meant}`");
                    diagnostics.warning(Code::Mended, &self.pointer(), message);
                }
                meant
            }
            _ => None,
        };
        if flag.is_none() {
            self.expected("`true` or `false`", diagnostics);
        }
        flag
    }

    pub(super) fn flag(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<bool> {
        self.member(key)?.as_flag(diagnostics)
    }

    /// Returns the extensions of an object: the members whose name begins with `x-`.
    pub(super) fn extensions(&self) -> IndexMap<String, Value> {
        let members = self.value.as_object().into_iter().flatten();
        members
            .filter(|(key, _)| key.starts_with("x-"))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    /// Passes the members of an object, except extensions.
    pub(super) fn each(
        &self,
        key: &str,
        diagnostics: &mut Diagnostics,
        mut read: impl FnMut(&str, &Part<'_>, &mut Diagnostics),
    ) {
        let Some(part) = self.member(key) else {
            return;
        };
        for (name, value) in part.object(diagnostics).into_iter().flatten() {
            if !name.starts_with("x-") {
                read(name, &part.with(name, value), diagnostics);
            }
        }
    }

    /// Reads the members of an object, except those that can't be read. A name may begin with
    /// `x-`, where it is data.
    pub(super) fn map<T>(
        &self,
        key: &str,
        diagnostics: &mut Diagnostics,
        mut read: impl FnMut(&Part<'_>, &mut Diagnostics) -> Option<T>,
    ) -> IndexMap<String, T> {
        let mut map = IndexMap::new();
        let Some(part) = self.member(key) else {
            return map;
        };
        for (name, value) in part.object(diagnostics).into_iter().flatten() {
            if let Some(value) = read(&part.with(name, value), diagnostics) {
                map.insert(name.clone(), value);
            }
        }
        map
    }

    /// Reads the elements of an array, except those that can't be read.
    pub(super) fn list<T>(
        &self,
        key: &str,
        diagnostics: &mut Diagnostics,
        read: impl FnMut(&Part<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.member(key)?.as_list(diagnostics, read)
    }

    pub(super) fn as_list<T>(
        &self,
        diagnostics: &mut Diagnostics,
        mut read: impl FnMut(&Part<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(elements) = self.value.as_array() else {
            self.expected("an array", diagnostics);
            return None;
        };
        let mut list = Vec::with_capacity(elements.len());
        for (index, value) in elements.iter().enumerate() {
            list.extend(read(&self.element(index, value), diagnostics));
        }
        Some(list)
    }
}

/// Reads a text; numbers and booleans are taken as they would be written.
pub(super) fn text(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    match part.value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => {
            part.expected("a string", diagnostics);
            None
        }
    }
}
