//! What an API is to a client: types, operations, security. No `$ref`, no JSON, no Rust
//! identifier; everything that a later stage needs is already decided.

mod constants;
mod constraints;
mod cycles;
mod examples;
mod graph;
mod headers;
mod operations;
mod pages;
mod polling;
mod security;
mod shared;
mod success;
mod types;
mod xml;

pub(crate) use constants::{Constant, DefaultValue};
pub(crate) use constraints::{Alternative, ConstrainedSchema, CountKeyword, NumberKeyword, Rule};
pub(crate) use cycles::break_cycles;
pub(crate) use examples::{Example, Exemplified};
pub(crate) use graph::{Graph, visit_kind, visit_type};
pub(crate) use headers::Header;
pub(crate) use operations::{
    Body, Content, ContentKind, FormProperty, Framing, Location, Operation, OperationId, Parameter,
    ParameterContent, Part, PartKind, Response, StatusPattern, Style,
};
pub(crate) use pages::{Next, Pages};
pub(crate) use polling::{Polling, PollingResult, ResultPlace};
pub(crate) use security::{Requirement, SchemeKind, SecurityScheme};
pub(crate) use shared::Types;
pub(crate) use success::Success;
pub(crate) use types::{
    Asked, AskedNames, Docs, Enum, EnumValue, Evidence, Field, JsonKind, Naming, Presence, Role,
    Scalar, Struct, Type, TypeDef, TypeId, TypeKind, Union, Variant,
};
pub(crate) use xml::{XmlAbsent, XmlName, XmlNode, XmlObject, XmlProperty, XmlRoot, XmlShape};

use std::path::PathBuf;

/// One API. Several that are generated together share their types.
#[derive(Debug, Default)]
pub(crate) struct Api {
    /// The path of its document.
    pub(crate) source: PathBuf,
    /// The version of its specification, such as `OpenAPI 3.1.0`.
    #[cfg_attr(
        not(feature = "cli"),
        expect(dead_code, reason = "only `accredit inspect` shows it")
    )]
    pub(crate) specification: String,
    pub(crate) info: Info,
    /// In document order; the first is the default.
    pub(crate) servers: Vec<Server>,
    /// The servers of operations that have their own; these refer to them by index.
    pub(crate) operation_servers: Vec<Vec<Server>>,
    /// In document order; requirements refer to them by index.
    pub(crate) schemes: Vec<SecurityScheme>,
    /// In the order of their first operation; operations refer to them by index.
    pub(crate) groups: Vec<Group>,
    /// In document order; an [`OperationId`] is an index.
    pub(crate) operations: Vec<Operation>,
    /// In the order of their discovery; a [`TypeId`] is an index.
    pub(crate) types: Types,
    /// What values of its parameters and bodies are checked for; these refer to it by index. Empty unless
    /// that is asked for.
    pub(crate) constraints: Vec<ConstrainedSchema>,
    /// Sorted, each once; of several documents, the first has those of all.
    pub(crate) exemplified: Vec<Exemplified>,
    /// In the order of `exemplified`; none unless tests are generated.
    pub(crate) examples: Vec<Example>,
}

/// What the document says of itself (OpenAPI 3.0 §4.7.2).
#[cfg_attr(
    not(feature = "directory"),
    expect(dead_code, reason = "the manifest and the readme of a crate say it")
)]
#[derive(Debug, Default)]
pub(crate) struct Info {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    /// The licence of the API: its name and its URL.
    pub(crate) license: Option<(String, Option<String>)>,
    /// The URL of the external documentation.
    pub(crate) documentation: Option<String>,
}

/// A server: a URL template and its variables (OpenAPI 3.0 §4.7.5).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) description: Option<String>,
    pub(crate) variables: Vec<ServerVariable>,
}

/// A variable of a server's URL (OpenAPI 3.0 §4.7.6).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ServerVariable {
    pub(crate) name: String,
    pub(crate) default: String,
    pub(crate) values: Vec<String>,
}

/// Operations that stand together: those of one tag.
#[derive(Debug)]
pub(crate) struct Group {
    /// The tag as the document spells it.
    pub(crate) tag: String,
    pub(crate) description: Option<String>,
}

impl Api {
    /// Returns the type of an id.
    pub(crate) fn ty(&self, id: TypeId) -> &TypeDef {
        &self.types[id.index()]
    }

    /// Returns whether a scheme has the client credentials flow.
    pub(crate) fn has_client_credentials(&self) -> bool {
        let mut schemes = self.schemes.iter();
        schemes.any(|scheme| matches!(scheme.kind, SchemeKind::ClientCredentials { .. }))
    }

    /// Returns the operations with their ids, in document order.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (OperationId, &Operation)> {
        self.operations
            .iter()
            .enumerate()
            .map(|(index, operation)| (OperationId::new(index), operation))
    }

    /// Returns the types with their ids, in the order of their discovery.
    pub(crate) fn types(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.types
            .iter()
            .enumerate()
            .map(|(index, def)| (TypeId::new(index), def))
    }
}
