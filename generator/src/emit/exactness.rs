//! Exactness: which types have numbers in them whose digits count.

use std::collections::BTreeSet;

use crate::model::{Api, Scalar, Type, TypeId, visit_kind};

/// The types that have such numbers in them.
#[derive(Debug, Default)]
pub(super) struct Exact(BTreeSet<TypeId>);

impl Exact {
    pub(super) fn of(api: &Api) -> Self {
        let mut users = vec![Vec::new(); api.types.len()];
        let mut open = Vec::new();
        for (id, def) in api.types() {
            visit_kind(&def.kind, &mut |used| users[used.index()].push(id));
            if def.kind.types().into_iter().any(has_number) {
                open.push(id);
            }
        }
        let mut exact = BTreeSet::new();
        while let Some(id) = open.pop() {
            if exact.insert(id) {
                open.extend(&users[id.index()]);
            }
        }
        Self(exact)
    }

    pub(super) fn has(&self, ty: &Type) -> bool {
        match ty {
            Type::Named(id) => self.0.contains(id),
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => self.has(inner),
            Type::Tuple(elements) => elements.iter().any(|element| self.has(element)),
            Type::Scalar(scalar) => *scalar == Scalar::Number,
            Type::Any => false,
        }
    }
}

/// Returns whether a type says itself that it has such a number in it.
fn has_number(ty: &Type) -> bool {
    Exact::default().has(ty)
}
