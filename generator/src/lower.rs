//! Lower: an OpenAPI document becomes a model. The last place where input is judged: after it, no
//! reference dangles, every value is finite, and nothing can fail.

mod all_of;
mod asked;
mod content;
mod defaults;
mod direction;
mod discriminator;
mod documents;
mod enums;
mod evidence;
mod examples;
mod form;
mod header;
mod join;
mod keywords;
mod multipart;
mod nested;
mod notes;
mod object;
mod one_of;
mod operation;
mod pages;
mod parameter;
mod polling;
mod resolve;
mod response;
mod scalars;
mod schema;
mod security;
mod selection;
mod share;
mod stream;
#[cfg(test)]
mod testing;
mod unions;
mod xml;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use openapiv3::{Components, OpenAPI};
use serde_json::Value;

use self::schema::Body;
use crate::config::{Config, Formats, Selection};
use crate::diagnostics::{Code, Diagnostics};
use crate::model::{self, Api, TypeId};
use crate::openapi::{Description, Embedded, FurtherOperation, Head};
use crate::pointer::Pointer;

/// Lowers documents, each to an API; the APIs share their types. What can't be generated faithfully is
/// told, with its place, and the rest comes out.
pub(crate) fn lower(
    description: &Description,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Vec<Api> {
    let Some(first) = description.documents.first() else {
        return Vec::new();
    };
    let mut lowerer = Lowerer::new(first, description, config, diagnostics);
    let mut apis = Vec::new();
    for head in &description.documents {
        apis.push(lowerer.document(head));
    }
    lowerer.judge_selection();
    if lowerer.api.operations.is_empty() && lowerer.left_out.is_empty() {
        lowerer.use_all_components();
    }
    lowerer.define_all();
    lowerer.settle_unions();
    lowerer.judge_parameters();
    lowerer.recognise_pages();
    lowerer.relax_directions();
    lowerer.settle_xml();
    lowerer.reduce_evidence();
    lowerer.share();
    lowerer.recognise_polling();
    let Lowerer {
        mut api,
        mut diagnostics,
        ..
    } = lowerer;
    model::break_cycles(&mut api, &mut |code, at, message| {
        diagnostics.warn(code, at, message, None);
    });
    documents::divide(api, apis)
}

/// The state of the stage.
#[derive(Debug)]
struct Lowerer<'a, 'd> {
    /// The document that is being lowered.
    document: &'a OpenAPI,
    /// By path, its operations of methods that OpenAPI 3.0 doesn't know.
    further: Option<&'a BTreeMap<String, Vec<FurtherOperation>>>,
    /// Where it stands.
    place: Pointer,
    /// Its first operation among those of all.
    first_operation: usize,
    components_of_all: &'a Components,
    embedded: &'a Embedded,
    formats: &'a Formats,
    exact_numbers: bool,
    also_xml: bool,
    selection: &'a Selection,
    /// The operations that aren't selected.
    left_out: Vec<Pointer>,
    /// The selectors that match something.
    used: BTreeSet<String>,
    diagnostics: Told<'d>,
    api: Api,
    /// By name, the components that are in use.
    components: BTreeMap<&'a str, TypeId>,
    /// By the identity of the schemas that hold together for them, the types without a name.
    inline: BTreeMap<Vec<usize>, TypeId>,
    /// Those of which what they are made of is being lowered.
    open: BTreeSet<Vec<usize>>,
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
    pages: pages::Facts,
    polling: polling::Facts,
    fields: BTreeMap<(TypeId, String), FieldFacts>,
    unions: BTreeMap<TypeId, UnionFacts>,
}

#[derive(Debug, Clone, Default)]
struct FieldFacts {
    read_only: bool,
    write_only: bool,
    /// Whether its format is that of a URL.
    is_url: bool,
    /// The constants of `enum`, where nothing else is allowed.
    constants: Vec<Value>,
    xml: xml::XmlFacts,
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
    fn new(
        head: &'a Head,
        description: &'a Description,
        config: &'a Config,
        diagnostics: &'d mut Diagnostics,
    ) -> Self {
        Self {
            document: &head.openapi,
            further: None,
            place: Pointer::root(),
            first_operation: 0,
            components_of_all: &description.components,
            embedded: &description.embedded,
            formats: config.typed_formats(),
            exact_numbers: config.has_exact_numbers(),
            also_xml: config.has_also_xml(),
            selection: config.selection(),
            left_out: Vec::new(),
            used: BTreeSet::new(),
            diagnostics: Told {
                diagnostics,
                told: BTreeSet::new(),
            },
            api: Api::default(),
            components: BTreeMap::new(),
            inline: BTreeMap::new(),
            open: BTreeSet::new(),
            queue: VecDeque::new(),
            descendants: discriminator::descendants(&description.components),
            facts: Facts::default(),
        }
    }

    fn warn(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        self.diagnostics.warn(code, at, message.into(), None);
    }

    fn warn_with_hint(&mut self, code: Code, at: &Pointer, message: impl Into<String>, hint: &str) {
        self.diagnostics.warn(code, at, message.into(), Some(hint));
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
