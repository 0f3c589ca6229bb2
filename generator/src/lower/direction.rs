//! Directions: what only the server sets can't be demanded of a request, what is only sent can't be
//! demanded of an answer.

use std::collections::BTreeSet;

use super::{FieldFacts, Lowerer};
use crate::model::{Api, Content, Presence, TypeId, TypeKind, visit_kind, visit_type};

impl Lowerer<'_, '_> {
    /// Makes required properties optional in the types that are used in the other direction.
    pub(super) fn relax_directions(&mut self) {
        let (sent, received) = reach(&self.api);
        self.relax(&sent, |facts| facts.read_only);
        self.relax(&received, |facts| facts.write_only);
    }

    fn relax(&mut self, types: &BTreeSet<TypeId>, concerns: fn(&FieldFacts) -> bool) {
        for id in types {
            let TypeKind::Struct(object) = &mut self.api.types[id.index()].kind else {
                continue;
            };
            for field in &mut object.fields {
                let facts = self.facts.fields.get(&(*id, field.name.clone()));
                if facts.is_some_and(concerns) {
                    field.presence = match field.presence {
                        Presence::Required => Presence::Optional,
                        Presence::Nullable => Presence::OptionalNullable,
                        presence => presence,
                    };
                }
            }
        }
    }
}

/// Returns the types that requests hold, and those that responses hold.
fn reach(api: &Api) -> (BTreeSet<TypeId>, BTreeSet<TypeId>) {
    let (mut sent, mut received) = (Vec::new(), Vec::new());
    for operation in &api.operations {
        for parameter in &operation.parameters {
            visit_type(&parameter.ty, &mut |id| sent.push(id));
        }
        for content in operation.body.iter().flat_map(|body| &body.contents) {
            visit_content(content, &mut sent);
        }
        for response in operation.successes.iter().chain(&operation.failures) {
            for content in &response.contents {
                visit_content(content, &mut received);
            }
            for header in &response.headers {
                visit_type(&header.ty, &mut |id| received.push(id));
            }
        }
    }
    (closure(api, sent), closure(api, received))
}

fn visit_content(content: &Content, found: &mut Vec<TypeId>) {
    for ty in content.kind.types() {
        visit_type(ty, &mut |id| found.push(id));
    }
}

/// Returns the types and all that they name.
fn closure(api: &Api, mut open: Vec<TypeId>) -> BTreeSet<TypeId> {
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            visit_kind(&api.ty(id).kind, &mut |id| open.push(id));
        }
    }
    seen
}
