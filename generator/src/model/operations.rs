//! Operations: what a client can ask for.

use std::fmt;

use http::Method;
use serde_json::Value;

use super::{Asked, Docs, Pages, Polling, Requirement, Type, XmlRoot};
use crate::config::Suspicion;
use crate::pointer::Pointer;

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
    /// The index of its own servers in [`super::Api::operation_servers`].
    pub(crate) servers: Option<usize>,
    /// How its pages follow each other, where it has several.
    pub(crate) pages: Option<Pages>,
    /// How what it starts is asked for, where it goes on after the answer.
    pub(crate) polling: Option<Polling>,
    /// How its suspect answers are acted on, where that is said.
    pub(crate) suspicion: Option<Suspicion>,
    /// The name that is asked for.
    pub(crate) asked: Option<Asked>,
}

/// A parameter (OpenAPI 3.0 §4.7.12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) required: bool,
    pub(crate) ty: Type,
    pub(crate) content: ParameterContent,
    pub(crate) docs: Docs,
    /// What its absence stands for.
    pub(crate) default: Option<Value>,
    /// Where it stands.
    pub(crate) pointer: Pointer,
    /// The index of what its values are checked for in [`super::Api::constraints`].
    pub(crate) constraints: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Location {
    Path,
    Query,
    /// The query as a whole (OpenAPI 3.2 §4.12.1).
    QueryString,
    Header,
    Cookie,
}

impl fmt::Display for Location {
    /// Writes the location as the document has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::QueryString => "querystring",
            Self::Header => "header",
            Self::Cookie => "cookie",
        })
    }
}

/// How a parameter's value becomes text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ParameterContent {
    Styled {
        style: Style,
        explode: bool,
        allow_reserved: bool,
    },
    /// JSON text: a parameter with `content`.
    Json,
    /// A form, with the properties that have an encoding of their own: a query as a whole.
    Form(Vec<FormProperty>),
    /// Text: a query as a whole.
    Text,
}

impl ParameterContent {
    /// An object as OpenAPI shows the style `deepObject`.
    pub(crate) const DEEP_OBJECT: Self = Self::Styled {
        style: Style::DeepObject,
        explode: true,
        allow_reserved: false,
    };
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
    /// `cookie` (OpenAPI 3.2 §4.12.3).
    Cookie,
}

impl Operation {
    /// Returns the content of a success that can be taken as it comes, value by value.
    pub(crate) fn stream(&self) -> Option<(&Content, Framing, &Type)> {
        let mut contents = self.successes.iter().flat_map(|success| &success.contents);
        contents.find_map(|content| match &content.kind {
            ContentKind::Items(framing, ty) => Some((content, *framing, ty)),
            _ => None,
        })
    }

    /// Returns the parts of its body, where that is made of any.
    pub(crate) fn parts(&self) -> Option<&[Part]> {
        let mut contents = self.body.iter().flat_map(|body| &body.contents);
        contents.find_map(|content| match &content.kind {
            ContentKind::Multipart(parts) => Some(parts.as_slice()),
            _ => None,
        })
    }
}

/// A request body (OpenAPI 3.0 §4.7.13).
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) required: bool,
    /// What it can be, the preferred one first; there is at least one.
    pub(crate) contents: Vec<Content>,
    pub(crate) description: Option<String>,
}

/// A media type and what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    /// The media type as the document writes it, without parameters.
    pub(crate) media_type: String,
    pub(crate) kind: ContentKind,
    /// The media type and the root element of the same in XML, where JSON is answered in either.
    pub(crate) also_xml: Option<(String, XmlRoot)>,
    /// Where it stands.
    pub(crate) pointer: Pointer,
    /// The index of what its values are checked for in [`super::Api::constraints`].
    pub(crate) constraints: Option<usize>,
}

impl Content {
    /// Returns what it is in XML, where it can be that.
    pub(crate) const fn xml(&self) -> Option<(&Type, &XmlRoot)> {
        match (&self.kind, &self.also_xml) {
            (ContentKind::Xml(ty, root), _) | (ContentKind::Json(ty), Some((_, root))) => {
                Some((ty, root))
            }
            _ => None,
        }
    }

    pub(crate) const fn is_stream(&self) -> bool {
        matches!(self.kind, ContentKind::Items(..))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ContentKind {
    Json(Type),
    /// `application/x-www-form-urlencoded`, from an object; with the properties that have an encoding
    /// of their own.
    Form(Type, Vec<FormProperty>),
    /// XML, with its root element.
    Xml(Type, XmlRoot),
    /// `multipart/form-data` or another multipart type, from parts.
    Multipart(Vec<Part>),
    /// Values one after the other (OpenAPI 3.2 §4.14.3), of this type.
    Items(Framing, Type),
    Text,
    Bytes,
}

/// How one value of several is told from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// JSON, each on a line.
    Lines,
    /// JSON, each after a record separator (RFC 7464).
    Sequence,
    /// Events whose data are JSON.
    JsonEvents,
    /// Events whose data are text.
    TextEvents,
}

impl ContentKind {
    /// Returns the types that it holds.
    pub(crate) fn types(&self) -> Vec<&Type> {
        match self {
            Self::Json(ty) | Self::Form(ty, _) | Self::Xml(ty, _) | Self::Items(_, ty) => {
                vec![ty]
            }
            Self::Multipart(parts) => parts.iter().flat_map(Part::types).collect(),
            Self::Text | Self::Bytes => Vec::new(),
        }
    }

    /// Returns the types that it holds, to be changed.
    pub(crate) fn types_mut(&mut self) -> Vec<&mut Type> {
        match self {
            Self::Json(ty) | Self::Form(ty, _) | Self::Xml(ty, _) | Self::Items(_, ty) => {
                vec![ty]
            }
            Self::Multipart(parts) => {
                let types = parts.iter_mut().map(|part| {
                    let headers = part.headers.iter_mut().map(|header| &mut header.ty);
                    part.kind.ty_mut().into_iter().chain(headers)
                });
                types.flatten().collect()
            }
            Self::Text | Self::Bytes => Vec::new(),
        }
    }
}

/// A property of a form with an encoding of its own (OpenAPI 3.0 §4.7.15).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormProperty {
    pub(crate) name: String,
    pub(crate) content: ParameterContent,
}

/// A part of a multipart body: a property of its schema (OpenAPI 3.0 §4.7.14.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) required: bool,
    /// Whether there can be several of the name.
    pub(crate) repeated: bool,
    pub(crate) kind: PartKind,
    /// The media type, where the document names a single one.
    pub(crate) media_type: Option<String>,
    /// Its headers (OpenAPI 3.0 §4.7.15), in document order.
    pub(crate) headers: Vec<Parameter>,
    pub(crate) docs: Docs,
}

impl Part {
    /// Whether a body can't do without the part.
    pub(crate) const fn is_argument(&self) -> bool {
        self.required && !self.repeated
    }

    /// Whether a body can't do without a header of the part.
    pub(crate) const fn is_header_argument(&self, header: &Parameter) -> bool {
        self.is_argument() && header.required
    }

    fn types(&self) -> impl Iterator<Item = &Type> {
        let headers = self.headers.iter().map(|header| &header.ty);
        self.kind.ty().into_iter().chain(headers)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PartKind {
    /// Bytes, with a file name and a media type.
    File,
    /// The text of a value, or of each.
    Text(Type),
    Json(Type),
}

impl PartKind {
    pub(crate) const fn ty(&self) -> Option<&Type> {
        match self {
            Self::Text(ty) | Self::Json(ty) => Some(ty),
            Self::File => None,
        }
    }

    const fn ty_mut(&mut self) -> Option<&mut Type> {
        match self {
            Self::Text(ty) | Self::Json(ty) => Some(ty),
            Self::File => None,
        }
    }
}

/// A response (OpenAPI 3.0 §4.7.17).
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusPattern,
    /// What its body can be, the preferred one first; none where the document promises no body.
    pub(crate) contents: Vec<Content>,
    /// Its headers (OpenAPI 3.0 §4.7.21), in document order.
    pub(crate) headers: Vec<Parameter>,
    pub(crate) description: String,
}

impl Response {
    /// Returns what an answer that is read whole can be: each of its contents, or that it has none. A
    /// stream isn't among several: it is asked for by itself.
    pub(crate) fn variants(&self) -> impl Iterator<Item = Option<&Content>> {
        let nothing = self.contents.is_empty().then_some(None);
        self.whole().map(Some).chain(nothing)
    }

    /// Returns the contents of an answer that is read whole.
    pub(crate) fn whole(&self) -> impl Iterator<Item = &Content> {
        let is_stream = self.contents.iter().all(Content::is_stream);
        let contents = self.contents.iter();
        contents.filter(move |content| is_stream || !content.is_stream())
    }

    /// Returns whether there are several contents that it can be read as.
    pub(crate) fn is_choice(&self) -> bool {
        self.whole().count() > 1
    }
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
