//! Evidence: what values of a type look like, seen from outside.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Facts, Lowerer};
use crate::model::{
    Api, Evidence, JsonKind, Presence, Scalar, Struct, Type, TypeId, TypeKind, Union,
};

const ALL_KINDS: [JsonKind; 7] = [
    JsonKind::Null,
    JsonKind::Bool,
    JsonKind::Integer,
    JsonKind::Number,
    JsonKind::String,
    JsonKind::Array,
    JsonKind::Object,
];

/// What is known already, by type.
type Known = BTreeMap<TypeId, Evidence>;

/// Returns what values of a type look like; discriminator values apart.
pub(super) fn evidence(api: &Api, facts: &Facts, ty: &Type) -> Evidence {
    look(api, facts, ty, &mut BTreeMap::new())
}

fn look(api: &Api, facts: &Facts, ty: &Type, seen: &mut Known) -> Evidence {
    match ty {
        Type::Scalar(scalar) => of_kinds(scalar_kinds(*scalar)),
        Type::Array(_) | Type::Tuple(_) => of_kinds(&[JsonKind::Array]),
        Type::Map(_) => of_kinds(&[JsonKind::Object]),
        Type::Any => of_kinds(&ALL_KINDS),
        Type::Nullable(inner) => {
            let mut evidence = look(api, facts, inner, seen);
            if !evidence.kinds.contains(&JsonKind::Null) {
                evidence.kinds.push(JsonKind::Null);
            }
            evidence
        }
        Type::Named(id) => {
            if let Some(known) = seen.get(id) {
                return known.clone();
            }
            // Of what leads back to itself, nothing is known on the way.
            seen.insert(*id, Evidence::default());
            let evidence = match &api.ty(*id).kind {
                TypeKind::Struct(object) => of_struct(facts, *id, object),
                TypeKind::Enum(values) => {
                    let values: Vec<_> = values.values.iter().map(|v| v.value.clone()).collect();
                    let text = values.first().is_none_or(Value::is_string);
                    Evidence {
                        kinds: vec![if text {
                            JsonKind::String
                        } else {
                            JsonKind::Integer
                        }],
                        values,
                        ..Evidence::default()
                    }
                }
                TypeKind::Union(union) => of_union(api, facts, union, seen),
                TypeKind::Alias(ty) | TypeKind::Newtype(ty) => look(api, facts, ty, seen),
                TypeKind::Foreign(_) => of_kinds(&ALL_KINDS),
            };
            seen.insert(*id, evidence.clone());
            evidence
        }
    }
}

fn of_kinds(kinds: &[JsonKind]) -> Evidence {
    Evidence {
        kinds: kinds.to_vec(),
        ..Evidence::default()
    }
}

const fn scalar_kinds(scalar: Scalar) -> &'static [JsonKind] {
    match scalar {
        Scalar::Bool => &[JsonKind::Bool],
        Scalar::I32 | Scalar::I64 | Scalar::U32 | Scalar::U64 => &[JsonKind::Integer],
        Scalar::F64 | Scalar::Number => &[JsonKind::Integer, JsonKind::Number],
        Scalar::String | Scalar::Secret | Scalar::Text(_) => &[JsonKind::String],
    }
}

fn of_struct(facts: &Facts, id: TypeId, object: &Struct) -> Evidence {
    let facts = |name: &str| facts.fields.get(&(id, name.to_owned()));
    let fields = object.fields.iter();
    // What is only sent is no evidence for what comes back.
    let required = fields.clone().filter(|field| {
        field.presence.is_always() && !facts(&field.name).is_some_and(|facts| facts.write_only)
    });
    let constants = fields.clone().filter_map(|field| {
        let constants = &facts(&field.name)?.constants;
        (!constants.is_empty()).then(|| (field.name.clone(), constants.clone()))
    });
    Evidence {
        kinds: vec![JsonKind::Object],
        required: required.map(|field| field.name.clone()).collect(),
        properties: fields.clone().map(|field| field.name.clone()).collect(),
        constants: constants.collect(),
        ..Evidence::default()
    }
}

/// Whatever every variant has: a union in a union is known by what its variants share.
fn of_union(api: &Api, facts: &Facts, union: &Union, seen: &mut Known) -> Evidence {
    let mut variants = union
        .variants
        .iter()
        .map(|variant| look(api, facts, &variant.ty, seen));
    let mut shared = variants.next().unwrap_or_default();
    for variant in variants {
        for kind in variant.kinds {
            if !shared.kinds.contains(&kind) {
                shared.kinds.push(kind);
            }
        }
        shared
            .required
            .retain(|name| variant.required.contains(name));
        for name in variant.properties {
            if !shared.properties.contains(&name) {
                shared.properties.push(name);
            }
        }
        shared.constants.retain_mut(|(name, constants)| {
            let other = variant.constants.iter().find(|(other, _)| other == name);
            if let Some((_, other)) = other {
                let new: Vec<_> = other
                    .iter()
                    .filter(|value| !constants.contains(value))
                    .collect();
                let new: Vec<_> = new.into_iter().cloned().collect();
                constants.extend(new);
            }
            other.is_some()
        });
        if shared.values.is_empty() || variant.values.is_empty() {
            shared.values.clear();
        } else {
            shared.values.extend(variant.values);
        }
    }
    shared
}

impl Lowerer<'_, '_> {
    /// Leaves to tags what they alone decide: of a variant that has tags of its own, nothing else is
    /// looked at where no value goes without a tag.
    pub(super) fn reduce_evidence(&mut self) {
        let mut decided = Vec::new();
        for (id, def) in self.api.types() {
            if let TypeKind::Union(union) = &def.kind
                && self.is_always_tagged(union)
            {
                let own = (0..union.variants.len()).filter(|index| has_own_tags(union, *index));
                decided.extend(own.map(|index| (id, index)));
            }
        }
        for (id, index) in decided {
            if let TypeKind::Union(union) = &mut self.api.types[id.index()].kind {
                let evidence = &mut union.variants[index].evidence;
                *evidence = Evidence {
                    kinds: vec![JsonKind::Object],
                    tags: std::mem::take(&mut evidence.tags),
                    is_told_by_tag: true,
                    ..Evidence::default()
                };
            }
        }
    }

    /// Whether every variant is an object that requires the discriminator.
    fn is_always_tagged(&self, union: &Union) -> bool {
        let Some(discriminator) = &union.discriminator else {
            return false;
        };
        union.variants.iter().all(|variant| {
            let Type::Named(id) = self.api.resolved(&variant.ty) else {
                return false;
            };
            let TypeKind::Struct(object) = &self.api.ty(*id).kind else {
                return false;
            };
            let mut fields = object.fields.iter();
            fields.any(|it| it.name == *discriminator && it.presence == Presence::Required)
        })
    }
}

/// Whether no other variant has a tag of this one.
fn has_own_tags(union: &Union, index: usize) -> bool {
    let tags = &union.variants[index].evidence.tags;
    let mut others = union.variants.iter().enumerate();
    others.all(|(other, variant)| {
        other == index || !variant.evidence.tags.iter().any(|tag| tags.contains(tag))
    })
}

/// How well two variants can be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Distinction {
    /// No value tells them apart.
    None,
    /// Only properties that may be absent do.
    Optional,
    /// What must be there does, for some values at least.
    Certain,
}

/// Returns how well two variants can be told apart by their evidence.
pub(super) fn distinction(one: &Evidence, other: &Evidence) -> Distinction {
    let same_kinds = one.kinds.len() == other.kinds.len()
        && one.kinds.iter().all(|kind| other.kinds.contains(kind));
    if !same_kinds {
        return Distinction::Certain;
    }
    let same = |one: &[String], other: &[String]| {
        one.len() == other.len() && one.iter().all(|name| other.contains(name))
    };
    let disjoint = one.constants.iter().any(|(name, constants)| {
        let other = other.constants.iter().find(|(other, _)| other == name);
        other.is_some_and(|(_, other)| !constants.iter().any(|value| other.contains(value)))
    });
    if disjoint || !same(&one.required, &other.required) || one.values != other.values {
        return Distinction::Certain;
    }
    if !same(&one.properties, &other.properties) {
        return Distinction::Optional;
    }
    Distinction::None
}
