//! How types refer to one another: who is used by which operation.

use std::collections::BTreeSet;

use super::{Api, Operation, PollingResult, Type, TypeId, TypeKind};

/// The references between the types of an API.
#[derive(Debug)]
pub(crate) struct Graph {
    /// By type: the groups whose operations reach it.
    groups: Vec<BTreeSet<usize>>,
}

impl Graph {
    /// Follows every reference from every operation.
    pub(crate) fn of(api: &Api) -> Self {
        let mut groups = vec![BTreeSet::new(); api.types.len()];
        for operation in &api.operations {
            let mut open = operation_types(operation);
            while let Some(id) = open.pop() {
                if groups[id.index()].insert(operation.group) {
                    visit_kind(&api.ty(id).kind, &mut |id| open.push(id));
                }
            }
        }
        Self { groups }
    }

    /// Returns whether an operation reaches the type.
    pub(crate) fn is_used(&self, id: TypeId) -> bool {
        !self.groups[id.index()].is_empty()
    }

    /// Returns the only group that reaches the type; `None` where several do, or none.
    pub(crate) fn only_group(&self, id: TypeId) -> Option<usize> {
        let groups = &self.groups[id.index()];
        groups.first().copied().filter(|_| groups.len() == 1)
    }
}

/// Returns the types that an operation names itself.
fn operation_types(operation: &Operation) -> Vec<TypeId> {
    let mut found = Vec::new();
    let mut visit = |ty: &Type| visit_type(ty, &mut |id| found.push(id));
    for parameter in &operation.parameters {
        visit(&parameter.ty);
    }
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let responses = operation.successes.iter().chain(&operation.failures);
    for header in responses.clone().flat_map(|response| &response.headers) {
        visit(&header.ty);
    }
    for content in contents.chain(responses.flat_map(|response| &response.contents)) {
        content.kind.types().into_iter().for_each(&mut visit);
    }
    let result = operation.polling.as_ref().map(|polling| &polling.result);
    result
        .and_then(PollingResult::ty)
        .into_iter()
        .for_each(&mut visit);
    found
}

/// Calls `found` for every type that a type names itself.
pub(crate) fn visit_kind(kind: &TypeKind, found: &mut impl FnMut(TypeId)) {
    for ty in kind.types() {
        visit_type(ty, found);
    }
}

/// Calls `found` for every type that a use of a type names.
pub(crate) fn visit_type(ty: &Type, found: &mut impl FnMut(TypeId)) {
    match ty {
        Type::Named(id) => found(*id),
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => visit_type(inner, found),
        Type::Tuple(elements) => elements.iter().for_each(|it| visit_type(it, found)),
        Type::Scalar(_) | Type::Any => {}
    }
}
