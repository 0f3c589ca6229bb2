//! Identifiers of what is in a type: fields, values, variants.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    asked,
    case::Words,
    scope::{Case, Claim, Identifier, Scope},
    types::TypeNames,
};
use crate::diagnostics::{Code, Diagnostics};
use crate::model::{Asked, Enum, EnumValue, Scalar, Struct, Type, TypeDef, TypeKind, Union};

/// Names what is in a type.
pub(super) fn of(
    def: &TypeDef,
    name: Identifier,
    names: &[Identifier],
    diagnostics: &mut Diagnostics,
) -> TypeNames {
    let asked = &def.asked.members;
    let (fields, variants, rest) = match &def.kind {
        TypeKind::Struct(object) => {
            let (fields, rest) = fields(object, asked, diagnostics);
            (fields, Vec::new(), rest)
        }
        TypeKind::Enum(set) => {
            let (variants, rest) = values(set, asked, diagnostics);
            (Vec::new(), variants, rest)
        }
        TypeKind::Union(union) => {
            let (variants, rest) = union_variants(union, &name, names);
            (Vec::new(), variants, rest)
        }
        TypeKind::Alias(_) | TypeKind::Newtype(_) | TypeKind::Foreign(_) => (
            Vec::new(),
            Vec::new(),
            rest(&mut Scope::default(), Case::Snake),
        ),
    };
    check_members(def, diagnostics);
    TypeNames {
        name,
        defaults: defaults(&fields),
        fields,
        variants,
        rest,
    }
}

/// Reports names that are asked for what there isn't.
fn check_members(def: &TypeDef, diagnostics: &mut Diagnostics) {
    for (member, asked) in &def.asked.members {
        let is_there = match &def.kind {
            TypeKind::Struct(object) => object.fields.iter().any(|field| field.name == *member),
            TypeKind::Enum(set) => set.values.iter().any(|value| text(&value.value) == *member),
            TypeKind::Union(_)
            | TypeKind::Alias(_)
            | TypeKind::Newtype(_)
            | TypeKind::Foreign(_) => false,
        };
        if !is_there {
            let message = format!("the schema has neither a property nor a value `{member}`");
            diagnostics
                .warning(Code::UnmatchedSelector, &asked.pointer, message)
                .set_hint("the document may have changed; correct the key or drop it");
        }
    }
}

fn fields(
    object: &Struct,
    asked: &BTreeMap<String, Asked>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Identifier>, Identifier) {
    let claims = object.fields.iter().map(|field| {
        let name = &field.name;
        let claim = Claim {
            candidates: vec![Words::of(name), Words::spelled(name)],
            fallback: "field",
        };
        (claim, asked.get(name))
    });
    let claims: Vec<_> = claims.collect();
    let mut scope = Scope::default();
    let fields = asked::claim_all(&mut scope, Case::Snake, &claims, &[], diagnostics);
    (fields, rest(&mut scope, Case::Snake))
}

/// Names the constants of defaults after the fields, or after the parameters.
pub(super) fn defaults(fields: &[Identifier]) -> Vec<Identifier> {
    let mut scope = Scope::default();
    let claims = fields.iter().map(|field| Claim {
        candidates: vec![Words::fixed("default").then(&Words::of(field.as_str()))],
        fallback: "default",
    });
    let claims: Vec<_> = claims.collect();
    scope.claim_all(Case::Screaming, &claims, &[])
}

fn values(
    set: &Enum,
    asked: &BTreeMap<String, Asked>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Identifier>, Identifier) {
    let claims = set.values.iter().map(|value| {
        let asked = asked.get(&text(&value.value));
        (value_claim(value), asked)
    });
    let claims: Vec<_> = claims.collect();
    let mut scope = Scope::default();
    let variants = asked::claim_all(&mut scope, Case::Pascal, &claims, &[], diagnostics);
    (variants, rest(&mut scope, Case::Pascal))
}

/// Returns a value as the document writes it, without quotes.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn value_claim(value: &EnumValue) -> Claim {
    let text = text(&value.value);
    let words = if text.is_empty() {
        Words::fixed("empty")
    } else {
        Words::of(&text)
    };
    let cased = words.then(&Words::fixed(spelling(&text)));
    let given = value
        .name
        .as_deref()
        .map(Words::of)
        .filter(|words| !words.is_empty());
    let candidates = given
        .into_iter()
        .chain([words, Words::spelled(&text), cased]);
    Claim {
        candidates: candidates.collect(),
        fallback: "value",
    }
}

/// Returns how a text uses capitals: what tells `asc` and `ASC` apart.
fn spelling(text: &str) -> &'static str {
    let has = |class: fn(&char) -> bool| text.chars().any(|letter| class(&letter));
    match (has(char::is_ascii_uppercase), has(char::is_ascii_lowercase)) {
        (true, false) => "uppercase",
        (false, true) => "lowercase",
        _ => "mixed case",
    }
}

fn union_variants(
    union: &Union,
    name: &Identifier,
    names: &[Identifier],
) -> (Vec<Identifier>, Identifier) {
    let outer = Words::of_pascal(name.as_str());
    let variants = union.variants.iter();
    let words: Vec<_> = variants
        .map(|variant| type_words(&variant.ty, names))
        .collect();
    let claim = |own: &Words| {
        let short = own.without_prefix(&outer);
        let is_taken = |short: &Words| words.contains(short);
        let short = short.filter(|short| !is_taken(short));
        Claim {
            candidates: short.into_iter().chain([own.clone()]).collect(),
            fallback: "variant",
        }
    };
    let claims: Vec<_> = words.iter().map(claim).collect();
    let mut scope = Scope::default();
    let variants = scope.claim_all(Case::Pascal, &claims, &[]);
    (variants, rest(&mut scope, Case::Pascal))
}

/// Returns how a type reads.
fn type_words(ty: &Type, names: &[Identifier]) -> Words {
    match ty {
        Type::Named(id) => Words::of_pascal(names[id.index()].as_str()),
        Type::Array(inner) => type_words(inner, names).then(&Words::fixed("array")),
        Type::Map(inner) => type_words(inner, names).then(&Words::fixed("map")),
        Type::Tuple(_) => Words::fixed("tuple"),
        Type::Nullable(inner) => type_words(inner, names),
        Type::Any => Words::fixed("value"),
        Type::Scalar(scalar) => Words::of(match scalar {
            Scalar::Bool => "boolean",
            Scalar::I32 | Scalar::I64 | Scalar::U32 | Scalar::U64 => "integer",
            Scalar::F64 | Scalar::Number => "number",
            Scalar::String => "string",
            Scalar::Secret => "secret",
            Scalar::Text(format) => format.name(),
        }),
    }
}

/// Names what holds all that the document doesn't list, after what it lists.
fn rest(scope: &mut Scope, case: Case) -> Identifier {
    let candidates = match case {
        Case::Snake => [
            "additional properties",
            "further properties",
            "other properties",
        ],
        Case::Pascal | Case::Screaming => ["unknown", "unlisted", "unrecognized"],
    };
    let claim = Claim {
        candidates: candidates.map(Words::fixed).to_vec(),
        fallback: "rest",
    };
    scope.claim(case, &claim, &[])
}
