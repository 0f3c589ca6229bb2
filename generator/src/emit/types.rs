//! Types: one item for each, and how each is written where it is used.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{Context, docs::Doc, enums, scalars, structs, unions, uses::Uses};
use crate::markdown::code;
use crate::model::{Naming, Type, TypeId, TypeKind};

/// Returns the definition of a type with all that belongs to it.
pub(super) fn definition(context: Context<'_>, id: TypeId, uses: &mut Uses) -> TokenStream {
    let def = context.api.ty(id);
    let name = &context.names.ty(id).name;
    match &def.kind {
        TypeKind::Struct(object) => structs::definition(context, id, object, uses),
        TypeKind::Enum(set) => enums::definition(context, id, set),
        TypeKind::Union(union) => unions::definition(context, id, union, uses),
        TypeKind::Alias(target) => {
            let doc = doc(context, id);
            let target = ty(context, target, uses);
            quote!(#doc pub type #name = #target;)
        }
        TypeKind::Foreign(path) => {
            let doc = doc(context, id);
            let segments = path
                .iter()
                .map(|segment| Ident::new(segment, Span::call_site()));
            quote!(#doc pub type #name = #(#segments)::*;)
        }
        TypeKind::Newtype(target) => {
            let doc = doc(context, id);
            let target = ty(context, target, uses);
            quote! {
                #doc
                #[derive(Clone)]
                pub struct #name(
                    #[doc = " The value."]
                    pub #target,
                );
                accredit_runtime::newtype!(#name(#target));
            }
        }
    }
}

/// Returns the documentation of a type.
pub(super) fn doc(context: Context<'_>, id: TypeId) -> Doc {
    let def = context.api.ty(id);
    let fallback = format!("The schema {}.", code(&source(context, id)));
    Doc::of(&def.docs, context.names.ty(id).name.as_str(), &fallback)
}

/// Returns what the document calls a type, or else where it stands.
fn source(context: Context<'_>, id: TypeId) -> String {
    let def = context.api.ty(id);
    let asked = def.asked.own.as_ref().map(|asked| &asked.name);
    match &def.naming {
        Naming::Component(name) if asked != Some(name) => name.clone(),
        _ => def.pointer.to_string(),
    }
}

/// Returns a type where it is used.
pub(super) fn ty(context: Context<'_>, ty: &Type, uses: &mut Uses) -> TokenStream {
    match ty {
        Type::Scalar(scalar) => scalars::ty(*scalar, uses),
        Type::Named(id) => {
            uses.types.insert(*id);
            let name = &context.names.ty(*id).name;
            if uses.is_types {
                quote!(#name)
            } else {
                quote!(types::#name)
            }
        }
        Type::Array(inner) => {
            let inner = self::ty(context, inner, uses);
            quote!(Vec<#inner>)
        }
        Type::Map(inner) => {
            let map = uses.map();
            let inner = self::ty(context, inner, uses);
            quote!(#map<String, #inner>)
        }
        Type::Tuple(elements) => {
            let elements: Vec<_> = elements
                .iter()
                .map(|element| {
                    let ty = self::ty(context, element, uses);
                    // An object in its own tuple would be of no finite size.
                    if is_object(context, element) {
                        quote!(Box<#ty>)
                    } else {
                        ty
                    }
                })
                .collect();
            quote!((#(#elements),*))
        }
        Type::Nullable(inner) => {
            let inner = self::ty(context, inner, uses);
            quote!(Option<#inner>)
        }
        Type::Any => quote!(accredit_runtime::Value),
    }
}

/// Returns whether a type is a struct or a union, or may be one.
fn is_object(context: Context<'_>, ty: &Type) -> bool {
    match resolved(context, ty) {
        Type::Named(id) => !matches!(context.api.ty(*id).kind, TypeKind::Enum(_)),
        Type::Nullable(inner) => is_object(context, inner),
        _ => false,
    }
}

/// Returns whether a value of a type is one of a parameter, or has to go by the shape of its JSON.
pub(super) fn is_parameter(context: Context<'_>, ty: &Type) -> bool {
    match resolved(context, ty) {
        Type::Scalar(_) | Type::Any => true,
        Type::Named(id) => matches!(context.api.ty(*id).kind, TypeKind::Enum(_)),
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => {
            is_parameter(context, inner)
        }
        Type::Tuple(elements) => elements
            .iter()
            .all(|element| is_parameter(context, element)),
    }
}

/// Follows aliases to what a type is.
pub(super) fn resolved<'a>(context: Context<'a>, ty: &'a Type) -> &'a Type {
    context.api.resolved(ty)
}

/// Returns whether clippy finds a type hard to read (`type_complexity`): types in types count the
/// more, the deeper they stand.
pub(super) fn is_complex(ty: &Type, around: u64) -> bool {
    const TOLERATED: u64 = 250;
    fn score(ty: &Type, depth: u64) -> u64 {
        match ty {
            Type::Scalar(_) | Type::Named(_) | Type::Any => 10 * depth,
            Type::Array(inner) | Type::Nullable(inner) => 10 * depth + score(inner, depth + 1),
            Type::Tuple(elements) => {
                let elements = elements.iter().map(|element| score(element, depth + 1));
                10 * depth + elements.sum::<u64>()
            }
            Type::Map(inner) => 10 * depth + 10 * (depth + 1) + score(inner, depth + 1),
        }
    }
    let outer: u64 = (1..=around).map(|depth| 10 * depth).sum();
    outer + score(ty, around + 1) > TOLERATED
}

/// Returns the attribute of an item whose types are hard to read.
pub(super) fn complexity(is_complex: bool) -> Option<TokenStream> {
    is_complex.then(
        || quote!(#[expect(clippy::type_complexity, reason = "the document nests as deeply")]),
    )
}
