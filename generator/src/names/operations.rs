//! Identifiers of operations and of their groups.

use super::{
    asked,
    beside::{around, choices, fields_of, forms, headers, part_headers_of, parts_of, responses},
    case::Words,
    keyword::{CONSTRUCTED, PRELUDE},
    members::defaults,
    scope::{Case, Claim, Identifier, Scope},
    variants::{media_types, statuses},
};
use crate::diagnostics::Diagnostics;
use crate::model::{Api, Location, Operation, Parameter};

/// What the modules of operations and of the client import.
const IMPORTED: &[&str] = &[
    "Answer",
    "Api",
    "Call",
    "Client",
    "ClientCore",
    "ClientOptions",
    "Connection",
    "Content",
    "DecodeError",
    "Error",
    "ErrorBody",
    "EventStream",
    "Form",
    "FormProperty",
    "HeaderReader",
    "ItemStream",
    "JsonItems",
    "Method",
    "Opening",
    "Operation",
    "Parameter",
    "Part",
    "Parts",
    "Requirement",
    "Response",
    "ResponseHeaders",
    "SecurityScheme",
    "Server",
    "ServerSentEvent",
    "ServerVariable",
    "Status",
    "Style",
    "Upload",
];

/// Methods of the client that don't lead to a group.
const CLIENT_METHODS: &[&str] = &[
    "clone",
    "connection",
    "core",
    "default",
    "from_env",
    "new",
    "with_options",
];

/// Methods that every call has from the runtime.
const CALL_METHODS: &[&str] = &[
    "base_url",
    "header",
    "idempotency_key",
    "into_future",
    "query",
    "replay",
    "retry",
    "send",
    "send_stream",
    "stream",
    "suspicion",
    "timeout",
];

/// Methods of a call that gives pages.
const PAGE_METHODS: &[&str] = &["items", "pages"];

/// Methods of a call that is polled.
const POLLING_METHODS: &[&str] = &["poller"];

/// Methods of the standard operators and conversions: one of the same shape that isn't the trait's
/// misleads (clippy's `should_implement_trait`).
const TRAIT_METHODS: &[&str] = &[
    "add",
    "as_mut",
    "as_ref",
    "bitand",
    "bitor",
    "bitxor",
    "borrow",
    "borrow_mut",
    "clone",
    "cmp",
    "default",
    "deref",
    "deref_mut",
    "div",
    "drop",
    "eq",
    "from_iter",
    "from_str",
    "hash",
    "index",
    "index_mut",
    "into_iter",
    "mul",
    "neg",
    "next",
    "not",
    "rem",
    "shl",
    "shr",
    "sub",
];

/// Modules that the generated code has itself, and names that Windows keeps for devices.
pub(super) const MODULES: &[&str] = &[
    "accredit_runtime",
    "aux",
    "client",
    "com1",
    "com2",
    "com3",
    "com4",
    "con",
    "core",
    "decode",
    "ext",
    "lpt1",
    "lpt2",
    "lpt3",
    "mock",
    "nul",
    "operations",
    "prn",
    "shared",
    "std",
    "types",
];

/// The identifiers of a group.
#[derive(Debug)]
pub(crate) struct GroupNames {
    /// The module, and the file, of its operations and of the types that only they use.
    pub(crate) module: Identifier,
    /// The struct whose methods are its operations.
    pub(crate) group: Identifier,
    /// The client's method that leads to it.
    pub(crate) accessor: Identifier,
    /// The feature that all these stand behind, where there is one.
    pub(crate) feature: Option<String>,
}

/// The identifiers of an operation.
#[derive(Debug)]
pub(crate) struct OperationNames {
    pub(crate) method: Identifier,
    /// The struct of a call, where there is one.
    pub(crate) call: Identifier,
    /// The enum of its failures' bodies.
    pub(crate) error: Identifier,
    /// The enum of its successes' bodies.
    pub(crate) response: Identifier,
    /// The static that describes it.
    pub(crate) description: Identifier,
    /// The static that describes the request for the state of what it starts.
    pub(crate) state: Identifier,
    /// The function that decodes its successes.
    pub(crate) decoder: Identifier,
    /// By parameter: the argument of a required one, the setter of an optional one.
    pub(crate) parameters: Vec<Identifier>,
    /// By parameter: the constant of its default.
    pub(crate) defaults: Vec<Identifier>,
    /// The argument or the setter of the body.
    pub(crate) body: Identifier,
    /// The enum of what the body can be, where it can be several things.
    pub(crate) choice: Identifier,
    /// By content of the body: the variant of `choice`.
    pub(crate) contents: Vec<Identifier>,
    /// The struct of the body's parts, where it has any.
    pub(crate) form: Identifier,
    /// By part: the field of `form`.
    pub(crate) parts: Vec<Identifier>,
    /// By part and header: the field of `form`.
    pub(crate) part_headers: Vec<Vec<Identifier>>,
    /// By success and what it can be: the variant of `response`.
    pub(crate) successes: Vec<Identifier>,
    /// By failure and what it can be: the variant of `error`.
    pub(crate) failures: Vec<Identifier>,
    /// What holds the headers of its successes, where they have any.
    pub(crate) success_headers: HeaderNames,
    /// What holds the headers of its failures, where they have any.
    pub(crate) failure_headers: HeaderNames,
}

/// The identifiers of a struct of headers.
#[derive(Debug)]
pub(crate) struct HeaderNames {
    pub(crate) ty: Identifier,
    /// By header.
    pub(crate) fields: Vec<Identifier>,
}

/// Names the groups.
pub(super) fn groups(api: &Api, items: &mut Scope) -> Vec<GroupNames> {
    let claims = |suffix: &'static str| -> Vec<Claim> {
        let tags = api.groups.iter().map(|group| group.tag.as_str());
        let claim = |tag: &str| {
            let (words, spelled) = (Words::of(tag), Words::spelled(tag));
            let suffixed = words.then(&Words::fixed(suffix));
            Claim {
                candidates: vec![words, suffixed, spelled],
                fallback: "group",
            }
        };
        tags.map(claim).collect()
    };
    let avoided = [IMPORTED, PRELUDE, &[CONSTRUCTED]].concat();
    let modules = Scope::reserving(MODULES).claim_all(Case::Snake, &claims("group"), &[]);
    let structs = items.claim_all(Case::Pascal, &claims("operations"), &avoided);
    let accessors =
        Scope::reserving(CLIENT_METHODS).claim_all(Case::Snake, &claims("operations"), &[]);
    let names = modules.into_iter().zip(structs).zip(accessors);
    names
        .map(|((module, group), accessor)| GroupNames {
            module,
            group,
            accessor,
            feature: None,
        })
        .collect()
}

/// Names the operations.
pub(super) fn operations(
    api: &Api,
    items: &mut Scope,
    diagnostics: &mut Diagnostics,
) -> Vec<OperationNames> {
    let claims: Vec<_> = api
        .operations
        .iter()
        .map(|operation| call_claim(api, operation))
        .collect();
    let avoided = [IMPORTED, PRELUDE].concat();
    let calls = items.claim_all(Case::Pascal, &claims, &avoided);
    // A static can't have the name of a call, whose struct is a function too: `A` of an operation `a`.
    let mut statics = items.clone();
    let descriptions = statics.claim_all(Case::Screaming, &claims, &["API"]);
    let states: Vec<_> = claims.iter().map(state_claim).collect();
    let states = statics.claim_all(Case::Screaming, &states, &[]);
    let decoders: Vec<_> = claims.iter().map(decoder_claim).collect();
    let decoders = Scope::default().claim_all(Case::Snake, &decoders, &[]);
    let errors = around(&calls, ["error", "failure", "error body"], items);
    let responses = responses(api, &calls, items);
    let forms = forms(api, &calls, items);
    let choices = choices(api, &calls, items);
    let suffixes = ["headers", "response headers", "header fields"];
    let success_headers = headers(api, &calls, suffixes, |it| &it.successes, items);
    let suffixes = ["error headers", "failure headers", "error header fields"];
    let failure_headers = headers(api, &calls, suffixes, |it| &it.failures, items);
    let methods = methods(api, diagnostics);

    let named = api.operations.iter().enumerate().map(|(index, operation)| {
        let (parameters, body) = inputs(operation);
        let contents = operation.body.iter().flat_map(|body| &body.contents);
        OperationNames {
            method: methods[index].clone(),
            call: calls[index].clone(),
            error: errors[index].clone(),
            response: responses[index].clone(),
            description: descriptions[index].clone(),
            state: states[index].clone(),
            decoder: decoders[index].clone(),
            defaults: defaults(&parameters),
            parameters,
            body,
            choice: choices[index].clone(),
            contents: media_types(contents),
            form: forms[index].clone(),
            parts: parts_of(operation),
            part_headers: part_headers_of(operation),
            successes: statuses(&operation.successes),
            failures: statuses(&operation.failures),
            success_headers: HeaderNames {
                ty: success_headers[index].clone(),
                fields: fields_of(&operation.successes),
            },
            failure_headers: HeaderNames {
                ty: failure_headers[index].clone(),
                fields: fields_of(&operation.failures),
            },
        }
    });
    named.collect()
}

/// Words of an operation, else those of its group before them.
fn call_claim(api: &Api, operation: &Operation) -> Claim {
    let tag = Words::of(&api.groups[operation.group].tag);
    let call = Words::fixed("call");
    if let Some(asked) = &operation.asked {
        let full = tag.then(&Words::of(&asked.name));
        return Claim {
            candidates: vec![full.clone(), full.then(&call)],
            fallback: "operation",
        };
    }
    let words = Words::of(&operation.id);
    let full = tag.then(&words);
    Claim {
        candidates: vec![
            words.clone(),
            words.then(&call),
            full.clone(),
            full.then(&call),
        ],
        fallback: "operation",
    }
}

fn state_claim(call: &Claim) -> Claim {
    let state = Words::fixed("state");
    let candidates = call.candidates.iter();
    Claim {
        candidates: candidates.map(|words| words.then(&state)).collect(),
        fallback: "state",
    }
}

fn decoder_claim(call: &Claim) -> Claim {
    let decode = Words::fixed("decode");
    Claim {
        candidates: call
            .candidates
            .iter()
            .map(|words| decode.then(words))
            .collect(),
        fallback: "decode",
    }
}

/// Names the methods, group by group: the words of the group needn't be said again.
fn methods(api: &Api, diagnostics: &mut Diagnostics) -> Vec<Identifier> {
    let mut methods: Vec<Option<Identifier>> = vec![None; api.operations.len()];
    let reserved = [&["new"], TRAIT_METHODS].concat();
    for (index, group) in api.groups.iter().enumerate() {
        let tag = Words::of(&group.tag);
        let members = api
            .operations()
            .filter(|(_, operation)| operation.group == index);
        let (ids, claims): (Vec<_>, Vec<_>) = members
            .map(|(id, operation)| {
                let claim = method_claim(&tag, &operation.id);
                (id, (claim, operation.asked.as_ref()))
            })
            .unzip();
        let mut scope = Scope::reserving(&reserved);
        let names = asked::claim_all(&mut scope, Case::Snake, &claims, &[], diagnostics);
        for (id, name) in ids.into_iter().zip(names) {
            methods[id.index()] = Some(name);
        }
    }
    methods.into_iter().flatten().collect()
}

fn method_claim(tag: &Words, operation_id: &str) -> Claim {
    let words = Words::of(operation_id);
    let short = words.without_prefix(tag).unwrap_or_else(|| words.clone());
    let long = words.then(tag);
    Claim {
        candidates: vec![short, words, long],
        fallback: "operation",
    }
}

/// Names arguments and setters: those of the parameters and that of the body.
fn inputs(operation: &Operation) -> (Vec<Identifier>, Identifier) {
    let body = Claim {
        candidates: vec![Words::fixed("body"), Words::fixed("request body")],
        fallback: "body",
    };
    let claims = |required: bool| -> Vec<Claim> {
        let parameters = operation.parameters.iter();
        parameters
            .filter(|parameter| parameter.required == required)
            .map(parameter_claim)
            .collect()
    };
    let has_body = |required: bool| {
        let body = operation.body.as_ref();
        body.is_some_and(|body| body.required == required)
    };

    let mut arguments = Scope::default();
    let pages = operation.pages.as_ref().map_or(&[][..], |_| PAGE_METHODS);
    let polling = operation.polling.as_ref();
    let polling = polling.map_or(&[][..], |_| POLLING_METHODS);
    let mut setters = Scope::reserving(&[CALL_METHODS, pages, polling, TRAIT_METHODS].concat());
    let body = match (has_body(true), has_body(false)) {
        (true, _) => arguments.claim(Case::Snake, &body, &[]),
        (_, true) => setters.claim(Case::Snake, &body, &[]),
        _ => Scope::default().claim(Case::Snake, &body, &[]),
    };
    let mut arguments = arguments
        .claim_all(Case::Snake, &claims(true), &[])
        .into_iter();
    let mut setters = setters
        .claim_all(Case::Snake, &claims(false), &[])
        .into_iter();
    let parameters = operation.parameters.iter();
    let names = parameters
        .filter_map(|parameter| {
            if parameter.required {
                arguments.next()
            } else {
                setters.next()
            }
        })
        .collect();
    (names, body)
}

fn parameter_claim(parameter: &Parameter) -> Claim {
    let (words, spelled) = (Words::of(&parameter.name), Words::spelled(&parameter.name));
    let location = Words::fixed(match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::QueryString => "query string",
        Location::Header => "header",
        Location::Cookie => "cookie",
    });
    let named = words.then(&Words::fixed("parameter"));
    let located = words.then(&location);
    Claim {
        candidates: vec![words, named, located, spelled],
        fallback: "parameter",
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::{
        config::Config,
        model::{Docs, Group, OperationId, ParameterContent, Style, Type},
        names,
        pointer::Pointer,
    };

    fn operation(id: &str, group: usize, parameters: &[(&str, bool)]) -> Operation {
        let parameter = |&(name, required): &(&str, bool)| Parameter {
            name: name.to_owned(),
            location: Location::Query,
            required,
            ty: Type::Any,
            pointer: Pointer::root(),
            constraints: None,
            content: ParameterContent::Styled {
                style: Style::Form,
                explode: true,
                allow_reserved: false,
            },
            docs: Docs::default(),
            default: None,
        };
        Operation {
            id: id.to_owned(),
            method: Method::GET,
            path: "/".to_owned(),
            group,
            docs: Docs::default(),
            parameters: parameters.iter().map(parameter).collect(),
            body: None,
            successes: Vec::new(),
            failures: Vec::new(),
            security: Vec::new(),
            servers: None,
            pages: None,
            polling: None,
            suspicion: None,
            asked: None,
        }
    }

    fn assigned(tags: &[&str], operations: Vec<Operation>) -> names::Names {
        let group = |tag: &&str| Group {
            tag: (*tag).to_owned(),
            description: None,
        };
        let api = Api {
            groups: tags.iter().map(group).collect(),
            operations,
            ..Api::default()
        };
        let mut diagnostics = Diagnostics::new();
        names::assign(&[api], &Config::new("openapi.yaml"), &mut diagnostics).remove(0)
    }

    #[test]
    fn a_method_does_not_repeat_its_group() {
        let operations = [
            "orders.get",
            "getOrder",
            "orders.new",
            "orders",
            "orders.type",
            "orders_add",
        ];
        let operations: Vec<_> = operations.map(|id| operation(id, 0, &[])).into();
        let names = assigned(&["Orders"], operations);
        let methods: Vec<_> = (0..6)
            .map(|id| names.operation(OperationId::new(id)).method.as_str())
            .collect();
        assert_eq!(
            methods,
            [
                "get",
                "get_order",
                "orders_new",
                "orders",
                "ty",
                "orders_add"
            ]
        );
        assert_eq!(
            names.operation(OperationId::new(0)).call.as_str(),
            "OrdersGet"
        );
        assert_eq!(
            names.operation(OperationId::new(0)).error.as_str(),
            "OrdersGetError"
        );
    }

    #[test]
    fn nothing_takes_the_name_of_what_the_modules_import() {
        let operations = vec![operation("call", 0, &[]), operation("error", 0, &[])];
        let names = assigned(&["Client"], operations);
        assert_eq!(names.group(0).group.as_str(), "ClientOperations");
        assert_eq!(names.group(0).module.as_str(), "client_group");
        assert_eq!(
            names.operation(OperationId::new(0)).call.as_str(),
            "CallCall"
        );
        assert_eq!(
            names.operation(OperationId::new(1)).call.as_str(),
            "ErrorCall"
        );
    }

    #[test]
    fn a_setter_leaves_the_settings_of_every_call_alone() {
        let parameters = [
            ("timeout", false),
            ("timeout", true),
            ("add", false),
            ("", false),
        ];
        let names = assigned(&["a"], vec![operation("get", 0, &parameters)]);
        let names = &names.operation(OperationId::new(0)).parameters;
        let names: Vec<_> = names.iter().map(Identifier::as_str).collect();
        assert_eq!(
            names,
            ["timeout_parameter", "timeout", "add_parameter", "parameter"]
        );
    }
}
