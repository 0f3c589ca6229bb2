//! Pages: how the parts of a list follow each other.

use super::{Api, Content, ContentKind, Field, Operation, Success, Type, TypeKind};

/// How the pages of an operation follow each other. Places are the names of the properties that lead
/// there from the top of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pages {
    pub(crate) next: Next,
    /// Where the items are.
    pub(crate) items: Option<Vec<String>>,
    /// Where a page says whether there is another.
    pub(crate) more: Option<Vec<String>>,
}

/// What leads from one page to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// A value of the body, as the value of a query parameter.
    Cursor { parameter: String, at: Vec<String> },
    /// A query parameter that counts items.
    Offset { parameter: String, first: u64 },
    /// A query parameter that counts pages.
    Number { parameter: String, first: u64 },
    /// The `Link` header.
    Header,
    /// A URL in the body.
    Url { at: Vec<String> },
    /// A list of links in the body.
    Links { at: Vec<String> },
}

impl Operation {
    /// Returns what a page is, where the successes are alike and of JSON.
    pub(crate) fn page(&self) -> Option<&Type> {
        match self.success() {
            Success::Always(Content {
                kind: ContentKind::Json(ty),
                ..
            }) => Some(ty),
            _ => None,
        }
    }
}

impl Api {
    /// Follows aliases to what a type is.
    pub(crate) fn resolved<'a>(&'a self, mut ty: &'a Type) -> &'a Type {
        // An alias can't lead to itself; the bound is for a model that is wrong.
        for _ in 0..self.types.len() {
            match ty {
                Type::Named(id) => match &self.ty(*id).kind {
                    TypeKind::Alias(target) => ty = target,
                    _ => break,
                },
                _ => break,
            }
        }
        ty
    }

    /// Returns the fields of a type that is an object.
    pub(crate) fn fields<'a>(&'a self, ty: &'a Type) -> &'a [Field] {
        match self.resolved(ty) {
            Type::Named(id) => match &self.ty(*id).kind {
                TypeKind::Struct(object) => &object.fields,
                _ => &[],
            },
            _ => &[],
        }
    }
}
