//! Types, held against each other.

use std::collections::BTreeMap;

use super::{Difference, Kind, Level, matched, unmatched};
use crate::surface::{Field, Type};

pub(super) fn compare(
    old: &BTreeMap<String, Type>,
    new: &BTreeMap<String, Type>,
    difference: &mut Difference,
) {
    for (name, is_new, _) in unmatched(old, new) {
        if is_new {
            difference.add(Level::Compatible, Kind::Added, &subject(name), "is new");
        } else {
            difference.add(Level::Breaking, Kind::Removed, &subject(name), "is gone");
        }
    }
    for (name, old, new) in matched(old, new) {
        compare_one(&subject(name), old, new, difference);
    }
}

fn subject(name: &str) -> String {
    format!("type `{name}`")
}

fn compare_one(subject: &str, old: &Type, new: &Type, difference: &mut Difference) {
    match (old, new) {
        (Type::Struct { fields: old }, Type::Struct { fields: new }) => {
            fields(subject, old, new, difference);
        }
        (Type::Enum { variants: old }, Type::Enum { variants: new }) => {
            values(subject, &by_value(old), &by_value(new), difference);
        }
        (Type::Union { variants: old }, Type::Union { variants: new }) => {
            alternatives(subject, old, new, difference);
        }
        (Type::Alias { target: old }, Type::Alias { target: new })
        | (Type::Newtype { target: old }, Type::Newtype { target: new }) => {
            if old != new {
                let text = format!("is `{new}`; it was `{old}`");
                difference.breaking(subject, text);
            }
        }
        _ => {
            let text = format!("is {}; it was {}", kind(new), kind(old));
            difference.breaking(subject, text);
        }
    }
}

const fn kind(ty: &Type) -> &'static str {
    match ty {
        Type::Struct { .. } => "a struct",
        Type::Enum { .. } => "an enum of constants",
        Type::Union { .. } => "an enum of types",
        Type::Alias { .. } => "an alias",
        Type::Newtype { .. } => "a wrapper",
    }
}

fn fields(subject: &str, old: &[Field], new: &[Field], difference: &mut Difference) {
    let find = |fields: &[Field], name: &str| fields.iter().position(|field| field.name == name);
    for before in old {
        let name = shown(before);
        let Some(after) = find(new, &before.name).map(|index| &new[index]) else {
            let text = format!("no longer has {name}");
            difference.breaking(subject, text);
            continue;
        };
        if before.identifier != after.identifier {
            difference.breaking(
                subject,
                format!(
                    "calls {name} `{}`; it was `{}`",
                    after.identifier, before.identifier
                ),
            );
        }
        if before.ty != after.ty {
            difference.breaking(
                subject,
                format!("has {name} as `{}`; it was `{}`", after.ty, before.ty),
            );
        } else if before.required != after.required {
            let now = if after.required {
                "requires"
            } else {
                "no longer requires"
            };
            difference
                .breaking(subject, format!("{now} {name}"))
                .because("`new` has other arguments");
        }
    }
    for after in new.iter().filter(|field| find(old, &field.name).is_none()) {
        let name = shown(after);
        if after.required {
            difference
                .breaking(subject, format!("requires {name}, which is new"))
                .because("`new` has one more argument");
        } else {
            let text = format!("has {name}, which is new");
            difference.compatible(subject, text);
        }
    }
    if required(old, new) != required(new, old) {
        difference
            .breaking(subject, "has its required properties in another order")
            .because("they are the arguments of `new`");
    }
}

fn shown(field: &Field) -> String {
    if field.name == "*" {
        "further properties".to_owned()
    } else {
        format!("the property `{}`", field.name)
    }
}

/// Returns the required properties that both have, in the order of the first.
fn required<'a>(fields: &'a [Field], others: &[Field]) -> Vec<&'a str> {
    let is_shared = |field: &&Field| {
        let mut others = others.iter().filter(|other| other.required);
        field.required && others.any(|other| other.name == field.name)
    };
    fields
        .iter()
        .filter(is_shared)
        .map(|field| field.name.as_str())
        .collect()
}

fn by_value(variants: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let variants = variants.iter();
    variants
        .map(|(name, value)| (value.clone(), name.clone()))
        .collect()
}

/// Compares enums by the constants of the document.
fn values(
    subject: &str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    difference: &mut Difference,
) {
    for (value, is_new, _) in unmatched(old, new) {
        if is_new {
            difference
                .compatible(subject, format!("has the value `{value}`"))
                .because("it read as `Unknown` before");
        } else {
            let text = format!("no longer has the value `{value}`");
            difference.breaking(subject, text);
        }
    }
    for (value, old, new) in matched(old, new) {
        if old != new {
            let text = format!("calls the value `{value}` `{new}`; it was `{old}`");
            difference.breaking(subject, text);
        }
    }
}

fn alternatives(
    subject: &str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    difference: &mut Difference,
) {
    for (name, is_new, ty) in unmatched(old, new) {
        if is_new {
            let text = format!("can be `{name}`: `{ty}`");
            difference.compatible(subject, text);
        } else {
            let text = format!("can no longer be `{name}`");
            difference.breaking(subject, text);
        }
    }
    for (name, old, new) in matched(old, new) {
        if old != new {
            let text = format!("has `{name}` as `{new}`; it was `{old}`");
            difference.breaking(subject, text);
        }
    }
}
