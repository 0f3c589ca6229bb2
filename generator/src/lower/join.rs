//! Joining: one type that holds the values of two.

use std::collections::{BTreeMap, VecDeque};

use super::{Lowerer, Tags, UnionFacts};
use crate::diagnostics::Code;
use crate::model::{
    AskedNames, Docs, Evidence, Field, Naming, Presence, Role, Struct, Type, TypeDef, TypeId,
    TypeKind, Union, Variant,
};

/// How deep types that are inside of each other are joined: arrays that hold each other would be joined
/// without end.
const MAX_DEPTH: usize = 32;

/// What joining needs of the union that it happens in.
pub(super) struct Joiner<'j> {
    pub(super) parent: TypeId,
    pub(super) any_of: bool,
    /// By the types they hold, the unions and joined objects that exist.
    pub(super) made: &'j mut BTreeMap<Vec<Type>, TypeId>,
    /// Unions that are still to be settled.
    pub(super) open: &'j mut VecDeque<TypeId>,
}

impl Lowerer<'_, '_> {
    /// Returns a type that holds the values of both.
    pub(super) fn join(
        &mut self,
        joiner: &mut Joiner<'_>,
        one: &Type,
        other: &Type,
        role: Role,
    ) -> Type {
        let one = self.api.resolved(one).clone();
        let other = self.api.resolved(other).clone();
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
            let types = [one, other];
            let mut key = types.to_vec();
            key.sort();
            match joiner.made.get(&key) {
                Some(id) => Type::Named(*id),
                None if self.depth(joiner) >= MAX_DEPTH => self.any_too_deep(joiner),
                None => {
                    let id = self.make_union(joiner, &types, role);
                    joiner.made.insert(key, id);
                    Type::Named(id)
                }
            }
        };
        if (null || other_null) && either != Type::Any {
            return Type::Nullable(Box::new(either));
        }
        either
    }

    /// Returns how many types stand around what is being joined, up to one with a name of its own.
    fn depth(&self, joiner: &Joiner<'_>) -> usize {
        let mut depth = 0;
        let mut id = joiner.parent;
        while let Naming::Inside { parent, .. } = self.api.ty(id).naming {
            depth += 1;
            id = parent;
        }
        depth
    }

    /// Returns any value in place of a union, and tells it.
    fn any_too_deep(&mut self, joiner: &Joiner<'_>) -> Type {
        let at = self.api.ty(joiner.parent).pointer.clone();
        let message = "the alternatives hold each other so deep that they aren't told apart; what is \
                       inside is any value";
        let hint = "add a `discriminator`, or make one alternative of them";
        self.warn_with_hint(Code::Unsupported, &at, message, hint);
        Type::Any
    }

    fn make_union(&mut self, joiner: &mut Joiner<'_>, types: &[Type], role: Role) -> TypeId {
        let variants = types.iter().map(|ty| Variant {
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
            variants: vec![Tags::default(); types.len()],
        };
        self.facts.unions.insert(id, facts);
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
                            let new = known.iter().filter(|it| !facts.constants.contains(it));
                            let new: Vec<_> = new.cloned().collect();
                            facts.constants.extend(new);
                        }
                        _ => facts.constants.clear(),
                    }
                    if field.constant != other.constant {
                        field.constant = None;
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
        let pointer = self.api.ty(parent).pointer.clone();
        self.api.types.push(TypeDef {
            naming: Naming::Inside {
                parent,
                role,
                title: None,
            },
            docs: Docs::default(),
            kind,
            pointer,
            asked: AskedNames::default(),
        });
        id
    }
}

/// Returns a presence that allows what either allows.
fn looser(one: Presence, other: Presence) -> Presence {
    let absent = |presence: Presence| !presence.is_always();
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

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower_schemas;
    use crate::diagnostics::Code;

    #[test]
    fn arrays_that_hold_each_other_are_joined_to_an_end_and_it_is_told() {
        let lowered = lower_schemas(indoc! {"
            A:
              type: array
              items: {anyOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/A'}]}
            B: {type: array, items: {$ref: '#/components/schemas/A'}}
        "});
        assert!(
            lowered
                .told
                .iter()
                .any(|(code, _)| *code == Code::Unsupported)
        );
    }
}
