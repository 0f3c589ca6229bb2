//! Types that contain themselves: where an alias must be a type, which values are finite, and where
//! a pointer is needed.

use super::{Api, Presence, Type, TypeId, TypeKind, visit_type};
use crate::diagnostics::Code;
use crate::pointer::Pointer;

/// Makes every type one that Rust can have and that has a value. Tells what had to change for it.
pub(crate) fn break_cycles(api: &mut Api, tell: &mut impl FnMut(Code, &Pointer, String)) {
    break_empty_aliases(api, tell);
    wrap_aliases(api);
    make_finite(api, tell);
    place_boxes(api);
}

/// Aliases that lead to nothing but themselves mean any value.
fn break_empty_aliases(api: &mut Api, tell: &mut impl FnMut(Code, &Pointer, String)) {
    for index in 0..api.types.len() {
        let start = TypeId::new(index);
        let mut current = start;
        for _ in 0..api.types.len() {
            let TypeKind::Alias(ty) = &api.ty(current).kind else {
                break;
            };
            let Some(next) = held(ty) else {
                break;
            };
            if next == start {
                let message =
                    "a schema that refers only to itself says nothing; any value is taken";
                let pointer = api.ty(start).pointer.clone();
                tell(Code::ReferenceCycle, &pointer, message.to_owned());
                api.types[index].kind = TypeKind::Alias(Type::Any);
                break;
            }
            current = next;
        }
    }
}

/// Turns one alias of every cycle of aliases into a type of its own.
fn wrap_aliases(api: &mut Api) {
    let edges = |kind: &TypeKind| {
        let mut targets = Vec::new();
        if let TypeKind::Alias(ty) = kind {
            visit_type(ty, &mut |id| targets.push(Some(id)));
        }
        targets
    };
    let edges: Vec<_> = api.types.iter().map(|def| edges(&def.kind)).collect();
    back_edges(&edges, |_, _, target| {
        let kind = &mut api.types[target.index()].kind;
        if let TypeKind::Alias(ty) = kind {
            *kind = TypeKind::Newtype(std::mem::replace(ty, Type::Any));
        }
    });
}

/// Finds the types that have a finite value, and makes optional what keeps the others from it.
fn make_finite(api: &mut Api, tell: &mut impl FnMut(Code, &Pointer, String)) {
    let mut finite = vec![false; api.types.len()];
    loop {
        spread(api, &mut finite);
        let Some(index) = first_infinite(api, &finite) else {
            return;
        };
        let pointer = api.types[index].pointer.clone();
        match &mut api.types[index].kind {
            TypeKind::Struct(object) => {
                let mut fields = object.fields.iter_mut();
                let endless = fields.find(|field| {
                    field.presence == Presence::Required && !is_finite(&field.ty, &finite)
                });
                let Some(field) = endless else {
                    finite[index] = true;
                    continue;
                };
                field.presence = Presence::Optional;
                let message = format!(
                    "a value would contain itself without end by way of `{}`; it becomes optional",
                    field.name
                );
                tell(
                    Code::InfiniteType,
                    &pointer.child("properties").child(&field.name),
                    message,
                );
            }
            kind => {
                let message = "every alternative contains the value itself; any value is taken";
                tell(Code::InfiniteType, &pointer, message.to_owned());
                *kind = TypeKind::Alias(Type::Any);
            }
        }
    }
}

/// Returns an infinite type to mend, an object if there is one: the least is changed there.
fn first_infinite(api: &Api, finite: &[bool]) -> Option<usize> {
    let infinite = || (0..finite.len()).filter(|index| !finite[*index]);
    let is_struct = |index: &usize| matches!(api.types[*index].kind, TypeKind::Struct(_));
    let is_union = |index: &usize| matches!(api.types[*index].kind, TypeKind::Union(_));
    infinite()
        .find(is_struct)
        .or_else(|| infinite().find(is_union))
        .or_else(|| infinite().next())
}

/// Marks every type that has a finite value; a union's base is the variant that was so first.
fn spread(api: &mut Api, finite: &mut [bool]) {
    let mut changed = true;
    while changed {
        changed = false;
        for index in (0..finite.len()).rev() {
            if finite[index] {
                continue;
            }
            finite[index] = match &mut api.types[index].kind {
                TypeKind::Enum(_) | TypeKind::Foreign(_) => true,
                TypeKind::Alias(ty) | TypeKind::Newtype(ty) => is_finite(ty, finite),
                TypeKind::Struct(object) => object.fields.iter().all(|field| {
                    field.presence != Presence::Required || is_finite(&field.ty, finite)
                }),
                TypeKind::Union(union) => {
                    let mut variants = union.variants.iter();
                    let base = variants.position(|variant| is_finite(&variant.ty, finite));
                    union.base = base.unwrap_or(0);
                    base.is_some() || union.discriminator.is_some()
                }
            };
            changed |= finite[index];
        }
    }
}

fn is_finite(ty: &Type, finite: &[bool]) -> bool {
    match ty {
        Type::Named(id) => finite[id.index()],
        Type::Tuple(elements) => elements.iter().all(|element| is_finite(element, finite)),
        Type::Scalar(_) | Type::Array(_) | Type::Map(_) | Type::Nullable(_) | Type::Any => true,
    }
}

/// Puts a field or a variant behind a pointer wherever a type would otherwise contain itself.
fn place_boxes(api: &mut Api) {
    let edges: Vec<Vec<Option<TypeId>>> = api
        .types
        .iter()
        .map(|def| {
            let held: Vec<_> = match &def.kind {
                TypeKind::Struct(object) => {
                    object.fields.iter().map(|field| held(&field.ty)).collect()
                }
                TypeKind::Union(union) => union
                    .variants
                    .iter()
                    .map(|variant| held(&variant.ty))
                    .collect(),
                // An alias holds what its target holds; `resolve` sees through it.
                TypeKind::Enum(_)
                | TypeKind::Alias(_)
                | TypeKind::Newtype(_)
                | TypeKind::Foreign(_) => Vec::new(),
            };
            // A slot for each field, so that an edge tells its field.
            held.into_iter().map(|id| resolve(api, id?)).collect()
        })
        .collect();
    back_edges(&edges, |source, slot, _| {
        match &mut api.types[source.index()].kind {
            TypeKind::Struct(object) => object.fields[slot].boxed = true,
            TypeKind::Union(union) => union.variants[slot].boxed = true,
            TypeKind::Enum(_)
            | TypeKind::Alias(_)
            | TypeKind::Newtype(_)
            | TypeKind::Foreign(_) => {}
        }
    });
}

/// Returns the type that a use holds without a pointer in between.
fn held(ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Named(id) => Some(*id),
        Type::Nullable(inner) => held(inner),
        // A tuple holds objects behind pointers in any case.
        Type::Scalar(_) | Type::Array(_) | Type::Map(_) | Type::Tuple(_) | Type::Any => None,
    }
}

/// Returns the struct or the union that a type holds, seen through aliases.
fn resolve(api: &Api, mut id: TypeId) -> Option<TypeId> {
    for _ in 0..api.types.len() {
        match &api.ty(id).kind {
            TypeKind::Alias(ty) | TypeKind::Newtype(ty) => id = held(ty)?,
            TypeKind::Struct(_) | TypeKind::Union(_) | TypeKind::Enum(_) | TypeKind::Foreign(_) => {
                return Some(id);
            }
        }
    }
    None
}

/// Walks depth first and reports, as source, slot and target, every edge that closes a cycle.
fn back_edges(edges: &[Vec<Option<TypeId>>], mut found: impl FnMut(TypeId, usize, TypeId)) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; edges.len()];
    for root in 0..edges.len() {
        if states[root] != State::New {
            continue;
        }
        states[root] = State::Open;
        let mut path = vec![(root, 0)];
        while let Some((node, slot)) = path.last_mut() {
            let Some(target) = edges[*node].get(*slot) else {
                states[*node] = State::Done;
                path.pop();
                continue;
            };
            let (source, used) = (*node, *slot);
            *slot += 1;
            let Some(target) = *target else {
                continue;
            };
            match states[target.index()] {
                State::New => {
                    states[target.index()] = State::Open;
                    path.push((target.index(), 0));
                }
                State::Open => found(TypeId::new(source), used, target),
                State::Done => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Docs, Evidence, Field, Naming, Struct, TypeDef, Union, Variant};

    fn named(index: usize) -> Type {
        Type::Named(TypeId::new(index))
    }

    fn field(ty: Type, presence: Presence) -> Field {
        Field {
            name: "f".to_owned(),
            ty,
            presence,
            boxed: false,
            docs: Docs::default(),
            default: None,
            constant: None,
            xml: None,
        }
    }

    fn object(fields: Vec<Field>) -> TypeKind {
        TypeKind::Struct(Struct {
            fields,
            additional: None,
        })
    }

    fn union(types: Vec<Type>) -> TypeKind {
        let variants = types.into_iter().map(|ty| Variant {
            ty,
            boxed: false,
            evidence: Evidence::default(),
            docs: Docs::default(),
        });
        TypeKind::Union(Union {
            variants: variants.collect(),
            discriminator: None,
            base: 0,
        })
    }

    /// Returns the kinds afterwards, and the codes of what was told.
    fn broken(kinds: Vec<TypeKind>) -> (Vec<TypeKind>, Vec<Code>) {
        let mut api = Api::default();
        api.types.extend(kinds.into_iter().map(|kind| TypeDef {
            naming: Naming::Component("T".to_owned()),
            docs: Docs::default(),
            kind,
            pointer: Pointer::root(),
            asked: crate::model::AskedNames::default(),
        }));
        let mut told = Vec::new();
        break_cycles(&mut api, &mut |code, _, _| told.push(code));
        let types = std::mem::take(&mut *api.types);
        (types.into_iter().map(|def| def.kind).collect(), told)
    }

    fn boxed(kind: &TypeKind) -> Vec<bool> {
        match kind {
            TypeKind::Struct(object) => object.fields.iter().map(|field| field.boxed).collect(),
            TypeKind::Union(union) => union.variants.iter().map(|variant| variant.boxed).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn only_one_edge_of_a_cycle_is_boxed_and_none_through_an_array() {
        let (kinds, told) = broken(vec![
            object(vec![
                field(named(1), Presence::Optional),
                field(Type::Array(Box::new(named(0))), Presence::Required),
            ]),
            object(vec![
                field(named(0), Presence::Nullable),
                field(named(2), Presence::Required),
            ]),
            TypeKind::Alias(Type::Scalar(crate::model::Scalar::Bool)),
        ]);
        assert_eq!(boxed(&kinds[0]), [false, false]);
        assert_eq!(boxed(&kinds[1]), [true, false]);
        assert_eq!(told, []);
    }

    #[test]
    fn a_cycle_through_an_alias_is_boxed() {
        let (kinds, _) = broken(vec![
            object(vec![field(named(1), Presence::Optional)]),
            TypeKind::Alias(named(0)),
        ]);
        assert_eq!(boxed(&kinds[0]), [true]);
    }

    #[test]
    fn an_alias_that_contains_itself_becomes_a_type() {
        let (kinds, told) = broken(vec![TypeKind::Alias(Type::Array(Box::new(named(0))))]);
        assert!(matches!(&kinds[0], TypeKind::Newtype(Type::Array(_))));
        assert_eq!(told, []);
    }

    #[test]
    fn aliases_of_nothing_but_each_other_are_told() {
        let (kinds, told) = broken(vec![
            TypeKind::Alias(named(1)),
            TypeKind::Alias(Type::Nullable(Box::new(named(0)))),
        ]);
        assert!(matches!(&kinds[0], TypeKind::Alias(Type::Any)));
        assert_eq!(told, [Code::ReferenceCycle]);
    }

    #[test]
    fn an_object_that_requires_itself_is_told_and_becomes_finite() {
        let (kinds, told) = broken(vec![
            object(vec![field(named(1), Presence::Required)]),
            object(vec![field(named(0), Presence::Required)]),
        ]);
        let TypeKind::Struct(first) = &kinds[0] else {
            panic!("a struct");
        };
        assert_eq!(first.fields[0].presence, Presence::Optional);
        assert_eq!(told, [Code::InfiniteType]);
    }

    #[test]
    fn the_base_of_a_union_is_a_variant_that_ends() {
        let (kinds, told) = broken(vec![
            union(vec![named(1), named(2), Type::Any]),
            object(vec![field(named(0), Presence::Required)]),
            object(vec![field(named(0), Presence::Optional)]),
        ]);
        let TypeKind::Union(union) = &kinds[0] else {
            panic!("a union");
        };
        assert_eq!(union.base, 1);
        assert_eq!(told, []);
    }

    #[test]
    fn a_union_of_only_itself_is_any_value() {
        let (kinds, told) = broken(vec![
            union(vec![named(0), named(1)]),
            union(vec![named(0), named(1)]),
        ]);
        assert!(matches!(&kinds[0], TypeKind::Alias(Type::Any)));
        assert_eq!(told, [Code::InfiniteType]);
    }
}
