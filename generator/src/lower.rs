//! Lower: an OpenAPI document becomes a model. The last place where input is judged: after it, no
//! reference dangles, every value is finite, and nothing can fail.

mod all_of;
mod content;
mod direction;
mod discriminator;
mod enums;
mod evidence;
mod examples;
mod join;
mod keywords;
mod multipart;
mod notes;
mod object;
mod one_of;
mod operation;
mod parameter;
mod resolve;
mod response;
mod scalars;
mod schema;
mod security;
mod share;
#[cfg(test)]
mod testing;
mod unions;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use openapiv3::OpenAPI;
use serde_json::Value;

use self::schema::Body;
use crate::diagnostics::{Code, Diagnostics};
use crate::model::{self, Api, Info, Server, ServerVariable, TypeId};
use crate::pointer::Pointer;

/// Lowers a document. What can't be generated faithfully is told, with its place, and the rest comes
/// out.
pub(crate) fn lower(document: &OpenAPI, diagnostics: &mut Diagnostics) -> Api {
    let mut lowerer = Lowerer::new(document, diagnostics);
    lowerer.api.info = info(document);
    lowerer.api.servers = lowerer.servers(&document.servers, &Pointer::from_iter(["servers"]));
    lowerer.lower_schemes();
    lowerer.lower_operations();
    lowerer.assume_requirements();
    lowerer.define_all();
    lowerer.settle_unions();
    lowerer.relax_directions();
    lowerer.share();
    let Lowerer {
        mut api,
        mut diagnostics,
        ..
    } = lowerer;
    model::break_cycles(&mut api, &mut |code, at, message| {
        diagnostics.warn(code, at, message, None);
    });
    api
}

/// The state of the stage.
#[derive(Debug)]
struct Lowerer<'a, 'd> {
    document: &'a OpenAPI,
    diagnostics: Told<'d>,
    api: Api,
    /// By name, the components that are in use.
    components: BTreeMap<&'a str, TypeId>,
    /// By the identity of the schemas that hold together for them, the types without a name.
    inline: BTreeMap<Vec<usize>, TypeId>,
    /// Types whose definition is still to come. Definitions wait here instead of being made on the
    /// spot, so that no document nests deeper than the stack.
    queue: VecDeque<(TypeId, Body<'a>)>,
    /// By base, the components that extend it by `allOf`.
    descendants: BTreeMap<&'a str, Vec<&'a str>>,
    facts: Facts,
}

/// What later passes need to know of types and the model doesn't say.
#[derive(Debug, Default)]
struct Facts {
    fields: BTreeMap<(TypeId, String), FieldFacts>,
    unions: BTreeMap<TypeId, UnionFacts>,
}

#[derive(Debug, Clone, Default)]
struct FieldFacts {
    read_only: bool,
    write_only: bool,
    /// The constants of `enum`, where nothing else is allowed.
    constants: Vec<Value>,
}

#[derive(Debug, Clone, Default)]
struct UnionFacts {
    any_of: bool,
    /// By variant: its discriminator values.
    variants: Vec<Tags>,
}

/// The discriminator values of a variant (OpenAPI 3.0 §4.7.25).
#[derive(Debug, Clone, Default)]
struct Tags {
    /// Given by `mapping`.
    explicit: Vec<String>,
    /// The name of the component.
    implicit: Option<String>,
}

impl<'a, 'd> Lowerer<'a, 'd> {
    fn new(document: &'a OpenAPI, diagnostics: &'d mut Diagnostics) -> Self {
        Self {
            document,
            diagnostics: Told {
                diagnostics,
                told: BTreeSet::new(),
            },
            api: Api::default(),
            components: BTreeMap::new(),
            inline: BTreeMap::new(),
            queue: VecDeque::new(),
            descendants: discriminator::descendants(document),
            facts: Facts::default(),
        }
    }

    fn warn(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        self.diagnostics.warn(code, at, message.into(), None);
    }

    fn warn_with_hint(&mut self, code: Code, at: &Pointer, message: impl Into<String>, hint: &str) {
        self.diagnostics.warn(code, at, message.into(), Some(hint));
    }

    fn servers(&mut self, declared: &[openapiv3::Server], at: &Pointer) -> Vec<Server> {
        declared
            .iter()
            .enumerate()
            .map(|(index, server)| self.server(server, &at.child(index.to_string())))
            .collect()
    }

    fn server(&mut self, server: &openapiv3::Server, at: &Pointer) -> Server {
        let declared = server.variables.iter().flatten();
        let mut variables: Vec<_> = declared
            .map(|(name, variable)| ServerVariable {
                name: name.clone(),
                default: variable.default.clone(),
                values: variable.enumeration.clone(),
            })
            .collect();
        for segment in operation::segments(&server.url) {
            if let operation::Segment::Variable(name) = segment
                && !variables.iter().any(|variable| variable.name == name)
            {
                let message = format!("the URL has a variable `{name}` that isn't declared");
                self.warn(Code::InvalidPart, &at.child("url"), message);
                variables.push(ServerVariable {
                    name,
                    default: String::new(),
                    values: Vec::new(),
                });
            }
        }
        Server {
            url: server.url.trim().to_owned(),
            description: server.description.clone(),
            variables,
        }
    }
}

/// Diagnostics that are told once, however often a part of the document is used.
#[derive(Debug)]
struct Told<'d> {
    diagnostics: &'d mut Diagnostics,
    told: BTreeSet<(Code, Pointer, String)>,
}

impl Told<'_> {
    fn warn(&mut self, code: Code, at: &Pointer, message: String, hint: Option<&str>) {
        if self.told.insert((code, at.clone(), message.clone())) {
            let diagnostic = self.diagnostics.warning(code, at, message);
            if let Some(hint) = hint {
                diagnostic.set_hint(hint);
            }
        }
    }
}

fn info(document: &OpenAPI) -> Info {
    let info = &document.info;
    Info {
        title: info.title.clone(),
        version: info.version.clone(),
        description: info.description.clone(),
        license: info
            .license
            .as_ref()
            .map(|license| (license.name.clone(), license.url.clone())),
        documentation: document.external_docs.as_ref().map(|docs| docs.url.clone()),
    }
}
