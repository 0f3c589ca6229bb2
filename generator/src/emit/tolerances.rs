//! Tolerances: what else is read for a property.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, types};
use crate::model::{Field, Presence, Scalar, Type, TypeId, TypeKind};

/// Returns how the runtime calls what else it is to read for a property.
pub(super) fn of_field(context: Context<'_>, field: &Field) -> Option<TokenStream> {
    let is_quoted = is_quoted(context, &field.ty);
    let is_empty = field.presence != Presence::Required && may_be_empty(context, &field.ty);
    match (is_quoted, is_empty) {
        (false, false) => None,
        (true, false) => Some(quote!(quoted)),
        (false, true) => Some(quote!(or_empty)),
        (true, true) => Some(quote!(quoted_or_empty)),
    }
}

/// Returns the same for the properties that have no name.
pub(super) fn of_additional(context: Context<'_>, ty: &Type) -> Option<TokenStream> {
    is_quoted(context, ty).then(|| quote!(quoted))
}

/// Returns whether a value that is no property by itself, such as a body or a variant of a union, is read
/// from numbers and booleans in quotes too.
pub(super) fn is_quoted(context: Context<'_>, ty: &Type) -> bool {
    context.tolerances.quoted_values && consists_of_numbers(context, ty)
}

/// Returns whether all that a value consists of are numbers, integers and booleans.
fn consists_of_numbers(context: Context<'_>, ty: &Type) -> bool {
    all_numbers(context, ty, &mut Vec::new())
}

/// Does the same where types are open that this one is in: they may be aliases that hold themselves.
fn all_numbers(context: Context<'_>, ty: &Type, open: &mut Vec<TypeId>) -> bool {
    match types::resolved(context, ty) {
        Type::Scalar(scalar) => {
            !matches!(scalar, Scalar::String | Scalar::Secret | Scalar::Text(_))
        }
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => {
            all_numbers(context, inner, open)
        }
        Type::Tuple(elements) => elements.iter().all(|it| all_numbers(context, it, open)),
        Type::Named(id) => match &context.api.ty(*id).kind {
            TypeKind::Enum(set) => !set.values.iter().any(|value| value.value.is_string()),
            TypeKind::Newtype(inner) if !open.contains(id) => {
                open.push(*id);
                all_numbers(context, inner, open)
            }
            TypeKind::Newtype(_) => true,
            _ => false,
        },
        Type::Any => false,
    }
}

/// Returns whether an empty string stands for a value that isn't there.
pub(super) fn may_be_empty(context: Context<'_>, ty: &Type) -> bool {
    context.tolerances.empty_strings && !has_empty_string(context, ty)
}

/// Returns whether an empty string is like any other value of a type.
fn has_empty_string(context: Context<'_>, ty: &Type) -> bool {
    matches!(
        types::resolved(context, ty),
        Type::Scalar(Scalar::String | Scalar::Secret) | Type::Any
    )
}
