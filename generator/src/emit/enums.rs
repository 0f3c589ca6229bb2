//! Enums: constants, and whatever else a server may send.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{Context, docs::Doc, types, uses::Uses};
use crate::{
    markdown::code,
    model::{Enum, TypeId},
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
    let codec = uses.runtime("codec");
    let text = name.as_str();
    let unknown = Doc::line("A value that the document doesn't list.");
    let Kind {
        held,
        interface,
        value,
        getter,
        shown,
        kept,
        implementation,
    } = Kind::of(set);
    let values: Vec<_> = set.values.iter().map(|it| literal(&it.value)).collect();
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

        impl #codec::#interface for #name {
            const NAME: &'static str = #text;
            const VALUES: &'static [(#value, Self)] = &[#((#values, Self::#constants)),*];

            fn unknown(value: #held) -> Self {
                Self::#rest(value)
            }

            fn #getter(&self) -> #shown {
                match self {
                    #(Self::#constants => #values,)*
                    Self::#rest(value) => #kept,
                }
            }
        }
        accredit_runtime::#implementation!(#name);
    }
}

/// What the enums of one kind of constant have in common.
struct Kind {
    /// The type of a value that isn't listed.
    held: TokenStream,
    interface: TokenStream,
    /// The type of a listed value.
    value: TokenStream,
    getter: TokenStream,
    shown: TokenStream,
    /// The unlisted `value` as the getter returns it.
    kept: TokenStream,
    implementation: TokenStream,
}

impl Kind {
    fn of(set: &Enum) -> Self {
        if set.values.iter().all(|value| value.value.is_string()) {
            Self {
                held: quote!(String),
                interface: quote!(StringEnum),
                value: quote!(&'static str),
                getter: quote!(as_str),
                shown: quote!(&str),
                kept: quote!(value),
                implementation: quote!(string_enum),
            }
        } else {
            Self {
                held: quote!(i64),
                interface: quote!(IntegerEnum),
                value: quote!(i64),
                getter: quote!(as_i64),
                shown: quote!(i64),
                kept: quote!(*value),
                implementation: quote!(integer_enum),
            }
        }
    }
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
