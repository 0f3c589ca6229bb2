//! Identifiers of types and of what is in them.

use super::{
    asked,
    case::Words,
    keyword::{CONSTRUCTED, PRELUDE},
    members,
    scope::{Case, Claim, Identifier, Scope},
    variants,
};
use crate::diagnostics::Diagnostics;
use crate::model::{Api, Naming, Operation, Role, StatusPattern, TypeDef, TypeId, TypeKind};

/// Titles that say nothing of what they stand above.
const VAGUE: &[&str] = &[
    "array",
    "body",
    "data",
    "definition",
    "enum",
    "item",
    "items",
    "list",
    "model",
    "object",
    "payload",
    "properties",
    "request",
    "response",
    "result",
    "root",
    "schema",
    "string",
    "type",
    "value",
    "values",
];

/// The identifiers of a type.
#[derive(Debug)]
pub(crate) struct TypeNames {
    pub(crate) name: Identifier,
    /// By field of a struct.
    pub(crate) fields: Vec<Identifier>,
    /// By field of a struct: the constant of its default.
    pub(crate) defaults: Vec<Identifier>,
    /// By value of an enum, by variant of a union.
    pub(crate) variants: Vec<Identifier>,
    /// The field of further properties; the variant of a value that the document doesn't list.
    pub(crate) rest: Identifier,
}

/// An operation in which a type can stand, among those of all documents.
pub(super) struct Outer<'a> {
    pub(super) operation: &'a Operation,
    pub(super) call: &'a Identifier,
    /// The module of its document, where there are several.
    pub(super) module: Option<&'a Identifier>,
}

/// Names the types that the document names, before anything else takes an identifier.
pub(super) fn components(
    api: &Api,
    items: &mut Scope,
    diagnostics: &mut Diagnostics,
) -> Vec<Option<Identifier>> {
    let component = |def: &TypeDef| match &def.naming {
        Naming::Component(name) => Some(component_claim(name)),
        Naming::Inside { .. } | Naming::Of { .. } => None,
    };
    let claims = api.types.iter().filter_map(|def| {
        let claim = component(def)?;
        Some((claim, def.asked.own.as_ref()))
    });
    let claims: Vec<_> = claims.collect();
    let avoided = [PRELUDE, &[CONSTRUCTED]].concat();
    let names = asked::claim_all(items, Case::Pascal, &claims, &avoided, diagnostics);
    let mut names = names.into_iter();
    let mut of = |def: &TypeDef| {
        matches!(def.naming, Naming::Component(_))
            .then(|| names.next())
            .flatten()
    };
    api.types.iter().map(&mut of).collect()
}

fn component_claim(name: &str) -> Claim {
    let words = Words::of(name);
    let mut candidates = vec![words.clone(), Words::spelled(name)];
    let pascal = words.pascal();
    if PRELUDE.contains(&pascal.as_str()) || pascal == CONSTRUCTED {
        candidates.push(words.then(&Words::fixed("type")));
    }
    Claim {
        candidates,
        fallback: "type",
    }
}

/// Names the types that the document doesn't name, after those that they stand in, and whatever is
/// in a type.
pub(super) fn types(
    api: &Api,
    mut names: Vec<Option<Identifier>>,
    operations: &[Outer<'_>],
    items: &mut Scope,
    diagnostics: &mut Diagnostics,
) -> Vec<TypeNames> {
    for (id, _) in api.types() {
        for id in outermost_first(api, id, &names) {
            let claim = inline_claim(api, id, &names, operations);
            names[id.index()] = Some(items.claim(Case::Pascal, &claim, PRELUDE));
        }
    }
    let names: Vec<_> = names.into_iter().flatten().collect();
    let members = api.types.iter().zip(&names);
    members
        .map(|(def, name)| members::of(def, name.clone(), &names, diagnostics))
        .collect()
}

/// Returns a type without a name, and before it those around it that have none either.
fn outermost_first(api: &Api, id: TypeId, names: &[Option<Identifier>]) -> Vec<TypeId> {
    let mut chain = Vec::new();
    let mut next = Some(id);
    while let Some(id) = next
        && names[id.index()].is_none()
        && !chain.contains(&id)
    {
        chain.push(id);
        next = match api.ty(id).naming {
            Naming::Inside { parent, .. } => Some(parent),
            Naming::Component(_) | Naming::Of { .. } => None,
        };
    }
    chain.reverse();
    chain
}

fn inline_claim(
    api: &Api,
    id: TypeId,
    names: &[Option<Identifier>],
    operations: &[Outer<'_>],
) -> Claim {
    let (outer, role, title, responses) = match &api.ty(id).naming {
        Naming::Component(name) => return component_claim(name),
        Naming::Inside {
            parent,
            role,
            title,
        } => {
            let outer = names[parent.index()].as_ref();
            let mark = match (&api.ty(*parent).kind, role) {
                (TypeKind::Union(union), Role::Variant(_)) => variants::mark(union, id),
                _ => None,
            };
            let words = outer.map_or_else(Words::default, |name| Words::of_pascal(name.as_str()));
            let mut claim = placed(&words, role, None);
            claim
                .candidates
                .splice(0..0, mark.map(|mark| words.then(&mark)));
            claim.candidates.splice(0..0, sane(title.as_deref(), role));
            return claim;
        }
        Naming::Of {
            operation,
            role,
            title,
        } => {
            let outer = &operations[operation.index()];
            (outer, role, title, &outer.operation.successes)
        }
    };
    let main = responses.first().map(|response| response.status);
    let words = Words::of_pascal(outer.call.as_str());
    let mut claim = placed(&words, role, main);
    claim.candidates.splice(0..0, sane(title.as_deref(), role));
    if let Some(module) = outer.module {
        // Another document may have an operation of the same name.
        let words = Words::of(module.as_str()).then(&words);
        let further = placed(&words, role, main);
        claim.candidates.extend(further.candidates);
    }
    claim
}

/// Returns what a type is called that stands in another thing, which is called `outer`. The body
/// of the `main` response needs no status.
fn placed(outer: &Words, role: &Role, main: Option<StatusPattern>) -> Claim {
    let fixed = |words: &str| outer.then(&Words::fixed(words));
    let candidates = match role {
        Role::Property(name) | Role::Parameter(name) => {
            vec![
                outer.then(&Words::of(name)),
                outer.then(&Words::spelled(name)),
            ]
        }
        Role::Item => vec![fixed("item")],
        Role::Value => vec![fixed("value")],
        Role::Variant(number) => vec![fixed(&format!("variant{number}"))],
        Role::RequestBody => vec![fixed("request"), fixed("request body")],
        Role::Response(pattern) => {
            let status = variants::status(*pattern);
            let long = outer.then(&status).then(&Words::fixed("response"));
            let short = (main == Some(*pattern)).then(|| fixed("response"));
            short.into_iter().chain([long]).collect()
        }
    };
    Claim {
        candidates,
        fallback: "type",
    }
}

/// Returns a title as a name, where it is one: short, no sentence, and more than the name of the
/// property it stands at.
fn sane(title: Option<&str>, role: &Role) -> Option<Words> {
    let title = title?.trim();
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    let words = Words::of(title);
    let repeats = match role {
        Role::Property(name) | Role::Parameter(name) => Words::of(name) == words,
        _ => false,
    };
    let is_name = title.chars().all(is_plain)
        && title.len() <= 40
        && (1..=4).contains(&words.len())
        && !words.starts_with_digit()
        && !VAGUE.contains(&words.snake().as_str());
    (is_name && !repeats).then_some(words)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        config::{Config, Format},
        model::{
            Docs, Enum, EnumValue, Evidence, Field, Presence, Scalar, Struct, Type, Union, Variant,
        },
        names,
        pointer::Pointer,
    };

    fn def(naming: Naming, kind: TypeKind) -> TypeDef {
        TypeDef {
            naming,
            docs: Docs::default(),
            kind,
            pointer: Pointer::root(),
            asked: crate::model::AskedNames::default(),
        }
    }

    fn component(name: &str) -> TypeDef {
        def(
            Naming::Component(name.to_owned()),
            TypeKind::Struct(Struct::default()),
        )
    }

    fn inside(parent: usize, role: Role, title: Option<&str>) -> TypeDef {
        let naming = Naming::Inside {
            parent: TypeId::new(parent),
            role,
            title: title.map(str::to_owned),
        };
        def(naming, TypeKind::Struct(Struct::default()))
    }

    fn property(name: &str) -> Role {
        Role::Property(name.to_owned())
    }

    fn assigned(types: Vec<TypeDef>) -> (Api, names::Names) {
        let mut api = Api::default();
        api.types.extend(types);
        let names = names::assign(
            std::slice::from_ref(&api),
            &Config::new("openapi.yaml"),
            &mut Diagnostics::new(),
        );
        (api, names.into_iter().next().expect("one API"))
    }

    fn type_names(types: Vec<TypeDef>) -> Vec<String> {
        let (api, names) = assigned(types);
        api.types()
            .map(|(id, _)| names.ty(id).name.to_string())
            .collect()
    }

    fn variants(values: &[Value]) -> Vec<String> {
        let values = values.iter().map(|value| EnumValue {
            value: value.clone(),
            name: None,
            description: None,
        });
        let kind = TypeKind::Enum(Enum {
            values: values.collect(),
        });
        let (_, names) = assigned(vec![def(Naming::Component("e".to_owned()), kind)]);
        let names = names.ty(TypeId::new(0));
        names
            .variants
            .iter()
            .chain([&names.rest])
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_type_inside_another_is_called_after_both() {
        let types = vec![
            inside(1, property("lines"), None),
            inside(2, property("ship-to"), None),
            component("order"),
            inside(2, property("status"), Some("Status")),
            inside(2, property("payer"), Some("Payment source")),
            inside(2, property("note"), Some("A note, which is a sentence.")),
            inside(2, Role::Item, Some("Object")),
        ];
        let expected = [
            "OrderShipToLines",
            "OrderShipTo",
            "Order",
            "OrderStatus",
            "PaymentSource",
            "OrderNote",
            "OrderItem",
        ];
        assert_eq!(type_names(types), expected);
    }

    #[test]
    fn a_title_that_is_taken_gives_way_to_the_place() {
        let types = vec![
            component("Address"),
            inside(0, property("former"), Some("Address")),
            component("address"),
        ];
        assert_eq!(type_names(types), ["Address", "AddressFormer", "Address2"]);
    }

    #[test]
    fn types_around_which_nothing_is_named_get_a_name_all_the_same() {
        let types = vec![inside(1, Role::Item, None), inside(0, Role::Value, None)];
        let names = type_names(types);
        assert!(
            names[0] != names[1]
                && names
                    .iter()
                    .all(|name| syn::parse_str::<syn::Ident>(name).is_ok())
        );
    }

    #[test]
    fn what_every_module_sees_is_no_type() {
        let names = type_names(vec![
            component("Option"),
            component("self"),
            component("Value"),
        ]);
        assert_eq!(names, ["OptionType", "Itself", "Value"]);
    }

    #[test]
    fn values_that_differ_in_a_sign_or_in_case_have_readable_names() {
        let values = [
            "+1", "-1", "", "<", "asc", "ASC", "unknown", "-created", "created",
        ]
        .map(|value| json!(value));
        let expected = [
            "Plus1",
            "Minus1",
            "Empty",
            "LessThan",
            "Asc",
            "AscUppercase",
            "Unknown",
            "MinusCreated",
            "Created",
            "Unlisted",
        ];
        assert_eq!(variants(&values), expected);
        assert_eq!(
            variants(&[json!(-1), json!(0)]),
            ["Minus1", "Value0", "Unknown"]
        );
    }

    #[test]
    fn the_rest_of_an_object_yields_to_a_property_of_its_name() {
        let field = |name: &str| Field {
            name: name.to_owned(),
            ty: Type::Any,
            presence: Presence::Optional,
            boxed: false,
            docs: Docs::default(),
            default: None,
            constant: None,
            xml: None,
        };
        let object = Struct {
            fields: vec![
                field("additional_properties"),
                field("type"),
                field("@type"),
            ],
            additional: Some(Type::Any),
        };
        let naming = Naming::Component("a".to_owned());
        let (_, names) = assigned(vec![def(naming, TypeKind::Struct(object))]);
        let names = names.ty(TypeId::new(0));
        let fields: Vec<_> = names.fields.iter().map(Identifier::as_str).collect();
        assert_eq!(fields, ["additional_properties", "ty", "at_type"]);
        assert_eq!(names.rest.as_str(), "further_properties");
    }

    #[test]
    fn a_variant_is_called_after_its_type_without_the_words_of_the_union() {
        let variant = |ty: Type| Variant {
            ty,
            boxed: false,
            evidence: Evidence::default(),
            docs: Docs::default(),
        };
        let texts = Type::Array(Box::new(Type::Scalar(Scalar::String)));
        let union = Union {
            variants: vec![
                variant(Type::Named(TypeId::new(1))),
                variant(texts),
                variant(Type::Scalar(Scalar::Text(Format::DateTime))),
                variant(Type::Named(TypeId::new(2))),
            ],
            discriminator: None,
            base: 0,
        };
        let source = def(
            Naming::Component("source".to_owned()),
            TypeKind::Union(union),
        );
        let (_, names) = assigned(vec![source, component("source_card"), component("card")]);
        let variants = names.ty(TypeId::new(0)).variants.iter();
        let variants: Vec<_> = variants.map(Identifier::as_str).collect();
        assert_eq!(variants, ["SourceCard", "StringArray", "DateTime", "Card"]);
    }
}
