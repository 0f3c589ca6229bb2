//! Defaults: what a property or a parameter that is absent stands for, as constants.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{Context, docs::Doc, enums, scalars, types, uses::Uses};
use crate::{
    markdown::code,
    model::{Constant, DefaultValue, Parameter, Scalar, Struct, Type, TypeId, TypeKind},
    names::Identifier,
};

/// Returns a constant for each default of properties that Rust can write as one.
pub(super) fn constants(
    context: Context<'_>,
    id: TypeId,
    object: &Struct,
    uses: &mut Uses,
) -> Vec<TokenStream> {
    let fields = object.fields.iter().zip(&context.names.ty(id).defaults);
    let constants = fields.filter_map(|(field, name)| {
        let default = field.default.as_ref()?;
        constant(context, (&field.name, name), &field.ty, default, uses)
    });
    constants.collect()
}

/// Returns the same for the parameters that a call can be without.
pub(super) fn of_parameters(
    context: Context<'_>,
    parameters: &[Parameter],
    names: &[Identifier],
    uses: &mut Uses,
) -> Vec<TokenStream> {
    let parameters = parameters.iter().zip(names);
    let constants = parameters.filter_map(|(parameter, name)| {
        let default = parameter.default.as_ref().filter(|_| !parameter.required)?;
        constant(
            context,
            (&parameter.name, name),
            &parameter.ty,
            default,
            uses,
        )
    });
    constants.collect()
}

fn constant(
    context: Context<'_>,
    (source, name): (&str, &Identifier),
    ty: &Type,
    default: &Value,
    uses: &mut Uses,
) -> Option<TokenStream> {
    let default = context.api.default_of(ty, default)?;
    let ty = constant_type(context, ty, uses)?;
    let doc = Doc::line(&format!("The default of {}.", code(source)));
    let attribute = is_like_a_constant(&default)
        .then(|| quote!(#[allow(clippy::approx_constant, reason = "the document has it so")]));
    let value = value(context, &default, uses);
    Some(quote!(#doc #attribute pub const #name: #ty = #value;))
}

/// Returns the type of a constant, which holds texts and arrays by reference.
fn constant_type(context: Context<'_>, ty: &Type, uses: &mut Uses) -> Option<TokenStream> {
    match types::resolved(context, ty) {
        Type::Scalar(Scalar::String | Scalar::Text(_) | Scalar::Number) => {
            Some(quote!(&'static str))
        }
        Type::Scalar(scalar) => Some(scalars::ty(*scalar, uses)),
        Type::Named(id) if matches!(context.api.ty(*id).kind, TypeKind::Enum(_)) => {
            Some(types::ty(context, ty, uses))
        }
        Type::Array(item) => {
            let item = constant_type(context, item, uses)?;
            Some(quote!(&'static [#item]))
        }
        _ => None,
    }
}

fn value(context: Context<'_>, default: &DefaultValue<'_>, uses: &mut Uses) -> TokenStream {
    match default {
        DefaultValue::Array(values) => {
            let values: Vec<_> = values.iter().map(|it| value(context, it, uses)).collect();
            quote!(&[#(#values),*])
        }
        DefaultValue::Constant(constant) => match *constant {
            Constant::Text(text) | Constant::Formatted(text) => quote!(#text),
            Constant::Bool(value) => quote!(#value),
            Constant::Integer(value) => enums::integer(value),
            Constant::Float(value) => float(value),
            Constant::Number(number) => {
                let text = number.to_string();
                quote!(#text)
            }
            Constant::Value { set, named, index } => {
                let variant = &context.names.ty(set).variants[index];
                let name = types::ty(context, &Type::Named(named), uses);
                quote!(#name::#variant)
            }
        },
    }
}

/// Returns whether a number has so many digits behind the point that it may be one of `std`'s.
fn is_like_a_constant(default: &DefaultValue<'_>) -> bool {
    match default {
        DefaultValue::Array(values) => values.iter().any(is_like_a_constant),
        DefaultValue::Constant(Constant::Float(value)) => value
            .to_string()
            .split_once('.')
            .is_some_and(|(_, digits)| digits.len() > 1),
        DefaultValue::Constant(_) => false,
    }
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
