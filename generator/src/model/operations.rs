//! Operations: what a client can ask for.

use std::fmt;

use http::Method;

use super::{Docs, Requirement, Type};

/// The identity of an [`Operation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OperationId(u32);

impl OperationId {
    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("fewer than four billion operations"))
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// An operation (OpenAPI 3.0 §4.7.10).
#[derive(Debug)]
pub(crate) struct Operation {
    /// The `operationId`; derived from method and path where the document has none.
    pub(crate) id: String,
    pub(crate) method: Method,
    /// The path template as the document writes it.
    pub(crate) path: String,
    /// The index of its group in [`super::Api::groups`].
    pub(crate) group: usize,
    pub(crate) docs: Docs,
    /// Required ones first, each part in document order.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    /// Responses that mean success, in document order; an operation has at least one.
    pub(crate) successes: Vec<Response>,
    /// Responses that mean failure, in document order.
    pub(crate) failures: Vec<Response>,
    /// Alternatives, in document order; none means no authorisation.
    pub(crate) security: Vec<Requirement>,
}

/// A parameter (OpenAPI 3.0 §4.7.12).
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) required: bool,
    pub(crate) ty: Type,
    pub(crate) content: ParameterContent,
    pub(crate) docs: Docs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// How a parameter's value becomes text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterContent {
    Styled {
        style: Style,
        explode: bool,
        allow_reserved: bool,
    },
    /// JSON text: a parameter with `content`.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

/// A request body (OpenAPI 3.0 §4.7.13).
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) content: Content,
    pub(crate) description: Option<String>,
}

/// A media type and what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    /// The media type as the document writes it, without parameters.
    pub(crate) media_type: String,
    pub(crate) kind: ContentKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ContentKind {
    Json(Type),
    /// `application/x-www-form-urlencoded`, from an object.
    Form(Type),
    Text,
    Bytes,
}

/// A response (OpenAPI 3.0 §4.7.17).
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusPattern,
    /// Its body; `None` where the document promises none.
    pub(crate) content: Option<Content>,
    pub(crate) description: String,
}

/// The key of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum StatusPattern {
    Code(u16),
    /// `4XX` is 4.
    Range(u16),
    Default,
}

impl fmt::Display for StatusPattern {
    /// Writes the key as the document has it: `200`, `4XX`, `default`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}
