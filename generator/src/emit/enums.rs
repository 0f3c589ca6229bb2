//! Enums: constants, and whatever else a server may send.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{Context, docs::Doc, types};
use crate::{
    markdown::code,
    model::{Enum, EnumValue, TypeId},
};

/// Returns an enum and its table, which are one where the table can document the values.
pub(super) fn definition(context: Context<'_>, id: TypeId, set: &Enum) -> TokenStream {
    let names = context.names.ty(id);
    let (name, rest) = (&names.name, &names.rest);
    let doc = types::doc(context, id);
    let (held, table) = if set.values.iter().all(|value| value.value.is_string()) {
        (quote!(String), quote!(string_enum))
    } else {
        (quote!(i64), quote!(integer_enum))
    };
    let values = set.values.iter().zip(&names.variants);
    if !set.values.iter().any(ends_code) {
        let values = values.map(|(value, name)| {
            let doc = Doc::default().markdown(value.description.as_deref().unwrap_or_default());
            let value = literal(&value.value);
            quote!(#doc #name = #value,)
        });
        return quote! {
            accredit_runtime::#table! {
                #doc
                pub enum #name { #(#values)* _ = #rest, }
            }
        };
    }
    let variants = values.map(|(value, name)| {
        let fallback = format!("The value {}.", code(&value.value.to_string()));
        let doc = Doc::described(value.description.as_deref(), &fallback);
        quote!(#doc #name,)
    });
    let unknown = Doc::line("A value that the document doesn't list.");
    let values = set.values.iter().map(|value| literal(&value.value));
    let constants = &names.variants;
    quote! {
        #doc
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #unknown
            #rest(#held),
        }
        accredit_runtime::#table!(#name { #(#constants = #values,)* _ = #rest, });
    }
}

/// Returns whether a value would end the code that it is shown as.
fn ends_code(value: &EnumValue) -> bool {
    let text = value.value.as_str().unwrap_or_default();
    text.contains(['`', '\n', '\r'])
}

/// Returns a constant: a string, or else an integer.
fn literal(value: &Value) -> TokenStream {
    match value.as_str() {
        Some(text) => quote!(#text),
        None => integer(value.as_i64().unwrap_or_default()),
    }
}

/// Returns an integer as a person writes it, with separators where it is long
/// (clippy's `unreadable_literal`).
pub(super) fn integer(value: i64) -> TokenStream {
    let digits = value.unsigned_abs().to_string();
    let separated: Vec<_> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| String::from_utf8_lossy(group))
        .collect();
    let text = if digits.len() > 5 {
        separated.join("_")
    } else {
        digits
    };
    let literal: Literal = match text.parse() {
        Ok(literal) => literal,
        Err(_) => Literal::u64_unsuffixed(value.unsigned_abs()),
    };
    if value < 0 {
        quote!(-#literal)
    } else {
        quote!(#literal)
    }
}
