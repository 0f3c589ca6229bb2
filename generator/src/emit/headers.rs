//! The headers of responses: a struct with a field for each, and what reads it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, docs::Doc, parameters, tolerances, types, uses::Uses};
use crate::{
    markdown::code,
    model::{Header, Operation, Parameter, ParameterContent, Response},
    names::HeaderNames,
};

/// Returns the struct of the headers of responses, where they have any.
pub(super) fn headers(
    context: Context<'_>,
    responses: &[Response],
    names: &HeaderNames,
    doc: &Doc,
    uses: &mut Uses,
) -> Option<TokenStream> {
    let headers = Operation::headers(responses);
    if headers.is_empty() {
        return None;
    }
    let name = &names.ty;
    let named: Vec<_> = headers.iter().zip(&names.fields).collect();
    let fields = named.iter().map(|(header, name)| {
        let parameter = header.parameter;
        let fallback = format!("The header {}.", code(&parameter.name));
        let doc = Doc::of(&parameter.docs, &parameter.name, &fallback);
        let ty = header
            .ty()
            .map_or_else(|| quote!(String), |ty| types::ty(context, ty, uses));
        let is_complex = header.ty().is_some_and(|ty| types::is_complex(ty, 1));
        let complexity = types::complexity(is_complex);
        let ty = if header.required {
            ty
        } else {
            quote!(Option<#ty>)
        };
        quote!(#doc #complexity pub #name: #ty,)
    });
    let fields: Vec<_> = fields.collect();
    let values = named.iter().map(|(header, name)| {
        let value = value(context, header, uses);
        quote!(#name: #value)
    });
    let values: Vec<_> = values.collect();
    let [reads, reader, error] =
        ["ResponseHeaders", "HeaderReader", "DecodeError"].map(|name| uses.runtime(name));
    Some(quote! {
        #doc
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }

        impl #reads for #name {
            fn read(headers: &#reader<'_>) -> Result<Self, #error> {
                Ok(Self { #(#values),* })
            }
        }
    })
}

/// Returns the expression that reads a header.
fn value(context: Context<'_>, header: &Header<'_>, uses: &mut Uses) -> TokenStream {
    let parameter = header.parameter;
    if let Some(ty) = header.ty().filter(|_| is_json(parameter)) {
        let name = &parameter.name;
        let is_quoted = tolerances::is_quoted(context, ty);
        return match (header.required, is_quoted) {
            (true, false) => quote!(headers.required_json(#name)?),
            (true, true) => quote!(headers.required_quoted_json(#name)?),
            (false, false) => quote!(headers.optional_json(#name)?),
            (false, true) => quote!(headers.optional_quoted_json(#name)?),
        };
    }
    let description = parameters::description(parameter, uses);
    let may_be_empty = || {
        header
            .ty()
            .is_some_and(|ty| tolerances::may_be_empty(context, ty))
    };
    if header.required {
        quote!(headers.required(#description)?)
    } else if may_be_empty() {
        quote!(headers.optional_or_empty(#description)?)
    } else {
        quote!(headers.optional(#description)?)
    }
}

fn is_json(parameter: &Parameter) -> bool {
    parameter.content == ParameterContent::Json
}
