//! The second look at unions, when every type is known: discriminator values, evidence, and what
//! becomes of alternatives that nothing tells apart.
//!
//! - Arrays become one array whose elements are a union; maps likewise. Nothing is lost.
//! - Objects become one object with the properties of all. For `anyOf`, that is done already where
//!   only optional properties differ: a value may be of several alternatives at once.
//! - Anything else becomes any value.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::evidence::{Distinction, distinction, evidence};
use super::{Lowerer, Tags, UnionFacts};
use crate::diagnostics::Code;
use crate::model::{
    Docs, Evidence, Field, JsonKind, Naming, Presence, Role, Struct, Type, TypeDef, TypeId,
    TypeKind, Union, Variant,
};

impl Lowerer<'_, '_> {
    /// Settles every union.
    pub(super) fn settle_unions(&mut self) {
        let mut open: VecDeque<TypeId> = self.facts.unions.keys().copied().collect();
        let mut made = BTreeMap::new();
        while let Some(id) = open.pop_front() {
            let TypeKind::Union(union) = &mut self.api.types[id.index()].kind else {
                continue;
            };
            let variants = std::mem::take(&mut union.variants);
            let discriminator = union.discriminator.clone();
            let facts = self.facts.unions.get(&id).cloned().unwrap_or_default();
            let kind = match discriminator {
                Some(property) => self.tagged(id, property, variants, &facts),
                None => self.untagged(id, variants, facts.any_of, &mut made, &mut open),
            };
            self.set(id, kind);
        }
        self.collect_evidence();
    }

    /// Gives every variant its discriminator values: those of the mapping, the constants of the
    /// property, or the name of its component.
    fn tagged(
        &mut self,
        id: TypeId,
        property: String,
        mut variants: Vec<Variant>,
        facts: &UnionFacts,
    ) -> TypeKind {
        let constants: Vec<_> = variants
            .iter()
            .map(|variant| self.constants(&variant.ty, &property))
            .collect();
        let mut taken = BTreeSet::new();
        let mut untold = Vec::new();
        for (index, variant) in variants.iter_mut().enumerate() {
            let tags = facts.variants.get(index).cloned().unwrap_or_default();
            let others = constants
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index);
            let shared = others.flat_map(|(_, constants)| constants);
            let mut tags = choose_tags(tags, &constants[index], &shared.collect::<Vec<_>>());
            let before = tags.len();
            tags.retain(|tag| taken.insert(tag.clone()));
            if tags.is_empty() {
                untold.push((index, before));
            }
            variant.evidence.tags = tags;
        }
        let at = self.api.ty(id).pointer.clone();
        let has_untold = !untold.is_empty();
        for (index, before) in untold {
            let reason = if before == 0 {
                "no value"
            } else {
                "only values of others"
            };
            let message = format!(
                "alternative {} has {reason} of the discriminator `{property}`; the alternatives \
                 are told apart by their shape",
                index + 1
            );
            self.warn(Code::AmbiguousUnion, &at.child("discriminator"), message);
        }
        let discriminator = if has_untold {
            for variant in &mut variants {
                variant.evidence.tags.clear();
            }
            None
        } else {
            Some(property)
        };
        TypeKind::Union(Union {
            variants,
            discriminator,
            base: 0,
        })
    }

    /// Returns the texts that a property of an object can be, where it has few.
    fn constants(&self, ty: &Type, property: &str) -> Vec<String> {
        let evidence = evidence(&self.api, &self.facts, ty);
        let mut constants = evidence.constants.into_iter();
        let found = constants.find(|(name, _)| name == property);
        let values = found.map(|(_, values)| values).unwrap_or_default();
        values
            .iter()
            .map(|value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
            .collect()
    }

    /// Joins variants that nothing tells apart.
    fn untagged(
        &mut self,
        id: TypeId,
        mut variants: Vec<Variant>,
        any_of: bool,
        made: &mut BTreeMap<Vec<Type>, TypeId>,
        open: &mut VecDeque<TypeId>,
    ) -> TypeKind {
        let mut key: Vec<_> = variants.iter().map(|variant| variant.ty.clone()).collect();
        key.sort();
        made.entry(key).or_insert(id);
        let mut first = 0;
        while first < variants.len() {
            let mut second = first + 1;
            while second < variants.len() {
                let one = &variants[first];
                let joined = match self.compare(&one.ty, &variants[second].ty, any_of) {
                    Comparison::Distinct => {
                        second += 1;
                        continue;
                    }
                    Comparison::Same => one.ty.clone(),
                    Comparison::Overlapping(ambiguous) => {
                        let other = variants[second].ty.clone();
                        if ambiguous {
                            let at = self.api.ty(id).pointer.clone();
                            let message = "no value tells some of the alternatives apart; they \
                                           are generated as one type that holds either";
                            self.warn(Code::AmbiguousUnion, &at, message);
                        }
                        let mut joiner = Joiner {
                            parent: id,
                            any_of,
                            made,
                            open,
                        };
                        self.join(&mut joiner, &one.ty, &other, Role::Variant(first + 1))
                    }
                };
                variants[first].ty = joined;
                variants.remove(second);
                second = first + 1;
            }
            first += 1;
        }
        if variants.len() == 1
            && let Some(only) = variants.pop()
        {
            return TypeKind::Alias(only.ty);
        }
        TypeKind::Union(Union {
            variants,
            discriminator: None,
            base: 0,
        })
    }

    fn compare(&self, one: &Type, other: &Type, any_of: bool) -> Comparison {
        let (plain, other_plain) = (self.unaliased(one), self.unaliased(other));
        if plain == other_plain {
            return Comparison::Same;
        }
        let one = evidence(&self.api, &self.facts, plain);
        let other = evidence(&self.api, &self.facts, other_plain);
        let joinable = |ty: &Type| match ty {
            Type::Array(_) | Type::Map(_) => true,
            Type::Named(id) => matches!(self.api.ty(*id).kind, TypeKind::Struct(_)),
            _ => false,
        };
        match distinction(&one, &other) {
            Distinction::None => {
                let harmless = matches!(
                    (plain, other_plain),
                    (Type::Array(_), Type::Array(_)) | (Type::Map(_), Type::Map(_))
                );
                Comparison::Overlapping(!harmless)
            }
            Distinction::Optional if any_of && joinable(plain) && joinable(other_plain) => {
                Comparison::Overlapping(false)
            }
            _ => Comparison::Distinct,
        }
    }

    /// Returns what an alias stands for.
    fn unaliased<'t>(&'t self, mut ty: &'t Type) -> &'t Type {
        for _ in 0..self.api.types.len() {
            match ty {
                Type::Named(id) => match &self.api.ty(*id).kind {
                    TypeKind::Alias(target) => ty = target,
                    _ => break,
                },
                _ => break,
            }
        }
        ty
    }

    /// Returns a type that holds the values of both.
    fn join(&mut self, joiner: &mut Joiner<'_>, one: &Type, other: &Type, role: Role) -> Type {
        let one = self.unaliased(one).clone();
        let other = self.unaliased(other).clone();
        if one == other {
            return one;
        }
        match (one, other) {
            (Type::Array(one), Type::Array(other)) => {
                Type::Array(Box::new(self.either(joiner, *one, *other, role)))
            }
            (Type::Map(one), Type::Map(other)) => {
                Type::Map(Box::new(self.either(joiner, *one, *other, role)))
            }
            (Type::Named(one), Type::Named(other)) => {
                let (one_kind, other_kind) = (&self.api.ty(one).kind, &self.api.ty(other).kind);
                if let (TypeKind::Struct(one_struct), TypeKind::Struct(other_struct)) =
                    (one_kind, other_kind)
                {
                    let pair = (one_struct.clone(), other_struct.clone());
                    return self.join_structs(joiner, (one, pair.0), (other, pair.1), role);
                }
                Type::Any
            }
            _ => Type::Any,
        }
    }

    /// Returns the union of two types.
    fn either(&mut self, joiner: &mut Joiner<'_>, one: Type, other: Type, role: Role) -> Type {
        let (one, null) = without_null(one);
        let (other, other_null) = without_null(other);
        let either = if one == other {
            one
        } else if one == Type::Any || other == Type::Any {
            Type::Any
        } else {
            let mut key = vec![one, other];
            key.sort();
            let id = match joiner.made.get(&key) {
                Some(id) => *id,
                None => self.make_union(joiner, key, role),
            };
            Type::Named(id)
        };
        if (null || other_null) && either != Type::Any {
            return Type::Nullable(Box::new(either));
        }
        either
    }

    fn make_union(&mut self, joiner: &mut Joiner<'_>, key: Vec<Type>, role: Role) -> TypeId {
        let variants = key.iter().map(|ty| Variant {
            ty: ty.clone(),
            boxed: false,
            evidence: Evidence::default(),
            docs: Docs::default(),
        });
        let kind = TypeKind::Union(Union {
            variants: variants.collect(),
            discriminator: None,
            base: 0,
        });
        let id = self.add_inside(joiner.parent, role, kind);
        let facts = UnionFacts {
            any_of: joiner.any_of,
            variants: vec![Tags::default(); key.len()],
        };
        self.facts.unions.insert(id, facts);
        joiner.made.insert(key, id);
        joiner.open.push_back(id);
        id
    }

    /// Returns an object with the properties of both; only what both require is required.
    fn join_structs(
        &mut self,
        joiner: &mut Joiner<'_>,
        (one_id, one): (TypeId, Struct),
        (other_id, other): (TypeId, Struct),
        role: Role,
    ) -> Type {
        let key = vec![
            Type::Named(one_id.min(other_id)),
            Type::Any,
            Type::Named(one_id.max(other_id)),
        ];
        if let Some(id) = joiner.made.get(&key) {
            return Type::Named(*id);
        }
        let id = self.add_inside(joiner.parent, role, TypeKind::Alias(Type::Any));
        joiner.made.insert(key, id);
        let outer = std::mem::replace(&mut joiner.parent, id);
        let mut fields: Vec<Field> = Vec::new();
        let mut others: Vec<_> = other.fields;
        for mut field in one.fields {
            let facts = (one_id, field.name.clone());
            let mut facts = self.facts.fields.get(&facts).cloned().unwrap_or_default();
            match others.iter().position(|other| other.name == field.name) {
                Some(position) => {
                    let other = others.remove(position);
                    let role = Role::Property(field.name.clone());
                    field.ty = self.either(joiner, field.ty, other.ty, role);
                    field.presence = looser(field.presence, other.presence);
                    let known = self.facts.fields.get(&(other_id, field.name.clone()));
                    match known.map(|facts| &facts.constants) {
                        Some(known) if !known.is_empty() && !facts.constants.is_empty() => {
                            facts.constants.extend(known.iter().cloned());
                        }
                        _ => facts.constants.clear(),
                    }
                }
                None => field.presence = looser(field.presence, Presence::Optional),
            }
            self.facts.fields.insert((id, field.name.clone()), facts);
            fields.push(field);
        }
        for mut field in others {
            field.presence = looser(field.presence, Presence::Optional);
            let facts = (other_id, field.name.clone());
            let facts = self.facts.fields.get(&facts).cloned().unwrap_or_default();
            self.facts.fields.insert((id, field.name.clone()), facts);
            fields.push(field);
        }
        let additional = match (one.additional, other.additional) {
            (Some(one), Some(other)) => Some(self.either(joiner, one, other, Role::Value)),
            (one, other) => one.or(other).map(|_| Type::Any),
        };
        joiner.parent = outer;
        self.set(id, TypeKind::Struct(Struct { fields, additional }));
        Type::Named(id)
    }

    fn add_inside(&mut self, parent: TypeId, role: Role, kind: TypeKind) -> TypeId {
        let id = TypeId::new(self.api.types.len());
        self.api.types.push(TypeDef {
            naming: Naming::Inside {
                parent,
                role,
                title: None,
            },
            docs: Docs::default(),
            kind,
            pointer: self.api.ty(parent).pointer.clone(),
        });
        id
    }

    /// Gives every variant its evidence; the discriminator values stay.
    fn collect_evidence(&mut self) {
        let mut found = Vec::new();
        for (id, def) in self.api.types() {
            if let TypeKind::Union(union) = &def.kind {
                for (index, variant) in union.variants.iter().enumerate() {
                    let evidence = evidence(&self.api, &self.facts, &variant.ty);
                    found.push((id, index, evidence));
                }
            }
        }
        for (id, index, evidence) in found {
            if let TypeKind::Union(union) = &mut self.api.types[id.index()].kind {
                let known = &mut union.variants[index].evidence;
                let tags = std::mem::take(&mut known.tags);
                *known = Evidence { tags, ..evidence };
            }
        }
    }
}

/// What joining needs of the union that it happens in.
struct Joiner<'j> {
    parent: TypeId,
    any_of: bool,
    /// By the types they hold, the unions and joined objects that exist.
    made: &'j mut BTreeMap<Vec<Type>, TypeId>,
    /// Unions that are still to be settled.
    open: &'j mut VecDeque<TypeId>,
}

enum Comparison {
    Distinct,
    Same,
    /// A value can be of both; whether the user must be told.
    Overlapping(bool),
}

/// Returns the discriminator values of a variant. `constants` are those of the property in it,
/// `shared` those in the other variants.
fn choose_tags(tags: Tags, constants: &[String], shared: &[&String]) -> Vec<String> {
    if !tags.explicit.is_empty() {
        return tags.explicit;
    }
    let own = constants
        .iter()
        .filter(|constant| !shared.contains(constant));
    let own: Vec<_> = own.cloned().collect();
    if !own.is_empty() && own.len() == constants.len() {
        return own;
    }
    let Some(implicit) = tags.implicit else {
        return own;
    };
    // Constants that all variants share are the values there are: the name is one of them, if only
    // in another case.
    let spelled = constants
        .iter()
        .find(|constant| constant.eq_ignore_ascii_case(&implicit));
    vec![spelled.cloned().unwrap_or(implicit)]
}

/// Returns a presence that allows what either allows.
fn looser(one: Presence, other: Presence) -> Presence {
    let absent = |presence| matches!(presence, Presence::Optional | Presence::OptionalNullable);
    let null = |presence| matches!(presence, Presence::Nullable | Presence::OptionalNullable);
    match (absent(one) || absent(other), null(one) || null(other)) {
        (false, false) => Presence::Required,
        (true, false) => Presence::Optional,
        (false, true) => Presence::Nullable,
        (true, true) => Presence::OptionalNullable,
    }
}

fn without_null(ty: Type) -> (Type, bool) {
    match ty {
        Type::Nullable(inner) => (*inner, true),
        ty => (ty, false),
    }
}
