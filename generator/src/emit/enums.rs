//! Enums: constants, and whatever else a server may send.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Context, docs::Doc, types, uses::Uses};
use crate::{
    markdown::code,
    model::{Enum, TypeId},
    names::Identifier,
};

/// Returns an enum and its table.
pub(super) fn definition(
    context: Context<'_>,
    id: TypeId,
    set: &Enum,
    uses: &mut Uses,
) -> TokenStream {
    let names = context.names.ty(id);
    let (name, rest) = (&names.name, &names.rest);
    let doc = types::doc(context, id);
    let variants = set.values.iter().zip(&names.variants).map(|(value, name)| {
        let fallback = format!("The value {}.", code(&value.value.to_string()));
        let doc = Doc::described(value.description.as_deref(), &fallback);
        quote!(#doc #name,)
    });
    let is_string = set.values.iter().all(|value| value.value.is_string());
    let unknown = Doc::line("A value that the document doesn't list.");
    let (held, table) = if is_string {
        (
            quote!(String),
            strings(name, rest, &names.variants, set, uses),
        )
    } else {
        (
            quote!(i64),
            integers(name, rest, &names.variants, set, uses),
        )
    };
    quote! {
        #doc
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #unknown
            #rest(#held),
        }
        #table
    }
}

fn strings(
    name: &Identifier,
    rest: &Identifier,
    variants: &[Identifier],
    set: &Enum,
    uses: &mut Uses,
) -> TokenStream {
    let codec = uses.runtime("codec");
    let text = name.as_str();
    let values = set
        .values
        .iter()
        .map(|value| value.value.as_str().unwrap_or_default());
    let values: Vec<_> = values.collect();
    quote! {
        impl #codec::StringEnum for #name {
            const NAME: &'static str = #text;
            const VALUES: &'static [(&'static str, Self)] = &[#((#values, Self::#variants)),*];

            fn unknown(value: String) -> Self {
                Self::#rest(value)
            }

            fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#rest(value) => value,
                }
            }
        }
        accredit_runtime::string_enum!(#name);
    }
}

fn integers(
    name: &Identifier,
    rest: &Identifier,
    variants: &[Identifier],
    set: &Enum,
    uses: &mut Uses,
) -> TokenStream {
    let codec = uses.runtime("codec");
    let text = name.as_str();
    let values = set
        .values
        .iter()
        .map(|value| integer(value.value.as_i64().unwrap_or_default()));
    let values: Vec<_> = values.collect();
    quote! {
        impl #codec::IntegerEnum for #name {
            const NAME: &'static str = #text;
            const VALUES: &'static [(i64, Self)] = &[#((#values, Self::#variants)),*];

            fn unknown(value: i64) -> Self {
                Self::#rest(value)
            }

            fn as_i64(&self) -> i64 {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#rest(value) => *value,
                }
            }
        }
        accredit_runtime::integer_enum!(#name);
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
