//! Defaults: what a property that is absent stands for, as constants.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Context, docs::Doc, enums, scalars, types, uses::Uses};
use crate::{
    markdown::code,
    model::{Constant, Struct, Type, TypeId},
};

/// Returns a constant for each default that Rust can write as one.
pub(super) fn constants(
    context: Context<'_>,
    id: TypeId,
    object: &Struct,
    uses: &mut Uses,
) -> Vec<TokenStream> {
    let fields = object.fields.iter().zip(&context.names.ty(id).defaults);
    let constants = fields.filter_map(|(field, constant)| {
        let default = context.api.default_of(field)?;
        let doc = Doc::line(&format!("The default of {}.", code(&field.name)));
        let mut attribute = None;
        let (ty, value) = match default {
            Constant::Text(text) | Constant::Formatted(text) => {
                (quote!(&'static str), quote!(#text))
            }
            Constant::Bool(value) => (quote!(bool), quote!(#value)),
            Constant::Integer(value) => (scalar(context, &field.ty, uses)?, enums::integer(value)),
            Constant::Float(value) => {
                attribute = is_like_a_constant(value).then(
                    || quote!(#[allow(clippy::approx_constant, reason = "the document has it so")]),
                );
                (quote!(f64), float(value))
            }
            Constant::Value { set, named, index } => {
                let variant = &context.names.ty(set).variants[index];
                let name = &context.names.ty(named).name;
                (quote!(#name), quote!(#name::#variant))
            }
        };
        Some(quote!(#doc #attribute pub const #constant: #ty = #value;))
    });
    constants.collect()
}

fn scalar(context: Context<'_>, ty: &Type, uses: &mut Uses) -> Option<TokenStream> {
    match types::resolved(context, ty) {
        Type::Scalar(scalar) => Some(scalars::ty(*scalar, uses)),
        _ => None,
    }
}

/// Returns whether a number has so many digits behind the point that it may be one of `std`'s.
fn is_like_a_constant(value: f64) -> bool {
    value
        .to_string()
        .split_once('.')
        .is_some_and(|(_, digits)| digits.len() > 1)
}

/// Returns a number as a person writes it.
pub(super) fn float(value: f64) -> TokenStream {
    let literal = Literal::f64_unsuffixed(value.abs());
    if value.is_sign_negative() {
        quote!(-#literal)
    } else {
        quote!(#literal)
    }
}
