//! The types that callers can see.

use std::collections::BTreeMap;

use super::{Field, Type, text};
use crate::model::{Api, Struct, TypeKind};
use crate::names::{Names, TypeNames};

/// Returns the types by their names.
pub(super) fn of(api: &Api, names: &Names) -> BTreeMap<String, Type> {
    let types = api.types().map(|(id, def)| {
        let own = names.ty(id);
        let kind = match &def.kind {
            TypeKind::Struct(object) => Type::Struct {
                fields: fields(api, object, own, names),
            },
            TypeKind::Enum(set) => {
                let values = set.values.iter().zip(&own.variants);
                let variants =
                    values.map(|(value, name)| (name.to_string(), value.value.to_string()));
                Type::Enum {
                    variants: variants.collect(),
                }
            }
            TypeKind::Union(union) => {
                let variants = union.variants.iter().zip(&own.variants);
                let variants = variants
                    .map(|(variant, name)| (name.to_string(), text::ty(names, &variant.ty)));
                Type::Union {
                    variants: variants.collect(),
                }
            }
            TypeKind::Alias(target) => Type::Alias {
                target: text::ty(names, target),
            },
            TypeKind::Foreign(path) => Type::Alias {
                target: path.join("::"),
            },
            TypeKind::Newtype(target) => Type::Newtype {
                target: text::ty(names, target),
            },
        };
        (own.name.to_string(), kind)
    });
    types.collect()
}

fn fields(api: &Api, object: &Struct, own: &TypeNames, names: &Names) -> Vec<Field> {
    let known = object.fields.iter().zip(&own.fields);
    let known = known.map(|(field, identifier)| Field {
        name: field.name.clone(),
        identifier: identifier.to_string(),
        ty: text::present(names, &field.ty, field.presence, field.boxed),
        required: api.is_argument(field),
    });
    let rest = object.additional.iter().map(|ty| Field {
        name: "*".to_owned(),
        identifier: own.rest.to_string(),
        ty: format!("BTreeMap<String, {}>", text::ty(names, ty)),
        required: false,
    });
    known.chain(rest).collect()
}
