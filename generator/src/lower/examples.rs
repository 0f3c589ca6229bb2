//! Examples: which places of the document hold some, and of which type they are.

use openapiv3::ReferenceOr;

use super::Lowerer;
use super::resolve::{Part, Source};
use crate::model::{Exemplified, Type};
use crate::pointer::Pointer;

impl<'a> Lowerer<'a, '_> {
    /// Notes of which type the examples of a media type or a parameter are.
    pub(super) fn exemplify(&mut self, at: &Pointer, ty: &Type) {
        self.api.exemplified.push(Exemplified {
            pointer: at.clone(),
            is_schema: false,
            ty: ty.clone(),
        });
    }

    /// Notes of which type the examples of schemas are that hold together.
    pub(super) fn exemplify_parts(&mut self, parts: &[Part<'a>], ty: &Type) {
        for part in parts {
            let schema = match part.source {
                Source::Schema(schema) => schema,
                Source::Component(component) => match component.schema {
                    ReferenceOr::Item(schema) => schema,
                    ReferenceOr::Reference { .. } => continue,
                },
                Source::Reference(_) | Source::Own { .. } => continue,
            };
            let data = &schema.schema_data;
            if data.example.is_some() || data.default.is_some() {
                let ty = self.with_null(ty.clone(), parts);
                self.api.exemplified.push(Exemplified {
                    pointer: part.pointer.clone(),
                    is_schema: true,
                    ty,
                });
            }
        }
    }
}
