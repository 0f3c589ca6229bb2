//! A call of every operation with values that are read when it runs: what `cargo xtask prism` makes
//! calls by. No part of a user's crate.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, format, scalars, types, uses::Uses};
use crate::{
    model::{
        Content, ContentKind, Operation, OperationId, Parameter, Part, PartKind, Scalar, Type,
    },
    names::{Identifier, OperationNames},
};

/// Returns the table of calls, one for each operation and media type of its body.
pub(super) fn calls(context: Context<'_>) -> String {
    let mut uses = Uses::in_operations();
    let mut entries = Vec::new();
    for (id, operation) in context.api.operations() {
        let contents = operation.body.iter().flat_map(|body| &body.contents);
        let contents: Vec<_> = contents.enumerate().collect();
        let is_optional = operation.body.as_ref().is_none_or(|body| !body.required);
        if is_optional {
            entries.push(entry(context, id, operation, None, &mut uses));
        }
        for content in contents {
            entries.push(entry(context, id, operation, Some(content), &mut uses));
        }
    }
    let declarations = uses.declarations();
    let path: syn::Path = match syn::parse_str(&context.names.path()) {
        Ok(path) => path,
        Err(error) => unreachable!("the name of a crate is a path: {error}"),
    };
    format::items(quote! {
        #declarations
        #[allow(unused_imports)]
        use #path::{operations::*, types};
        use super::Smoke;
        pub(crate) static OPERATIONS: &[Smoke] = &[#(#entries),*];
    })
}

fn entry(
    context: Context<'_>,
    id: OperationId,
    operation: &Operation,
    content: Option<(usize, &Content)>,
    uses: &mut Uses,
) -> TokenStream {
    let names = context.names.operation(id);
    let accessor = &context.names.group(operation.group).accessor;
    let (method, path) = (operation.method.as_str(), &operation.path);
    let media_type = content.map_or("", |(_, content)| content.media_type.as_str());
    let mut reads = Vec::new();
    let mut arguments = Vec::new();
    let mut setters = Vec::new();
    for (parameter, name) in operation.parameters.iter().zip(&names.parameters) {
        let ty = types::ty(context, &parameter.ty, uses);
        let (location, key) = (parameter.location.to_string(), &parameter.name);
        let passed = passed(context, parameter, name);
        if parameter.required {
            reads.push(quote!(let #name: #ty = given.required(#location, #key)?;));
            arguments.push(passed);
        } else {
            reads.push(quote!(let #name: Option<#ty> = given.optional(#location, #key)?;));
            setters.push(quote!(let call = match #name {
                Some(#name) => call.#name(#passed),
                None => call,
            };));
        }
    }
    if let Some((index, content)) = content {
        let (given, value) = body(context, content, names, uses);
        reads.push(quote!(let given_body = #given;));
        let several = operation
            .body
            .as_ref()
            .is_some_and(|body| body.contents.len() > 1);
        let value = if several {
            let (choice, variant) = (&names.choice, &names.contents[index]);
            quote!(#choice::#variant(#value))
        } else {
            value
        };
        if operation.body.as_ref().is_some_and(|body| body.required) {
            arguments.push(value);
        } else {
            let body = &names.body;
            setters.push(quote!(let call = call.#body(#value);));
        }
    }
    let call = &names.method;
    quote!(Smoke {
        method: #method, path: #path, media_type: #media_type,
        run: |client, given| Box::pin(async move {
            #(#reads)*
            let call = client.#accessor().#call(#(#arguments),*);
            #(#setters)*
            call.await?;
            Ok(())
        }),
    })
}

fn passed(context: Context<'_>, parameter: &Parameter, name: &Identifier) -> TokenStream {
    match types::resolved(context, &parameter.ty) {
        Type::Scalar(scalar) if *scalar != Scalar::String && scalars::is_copy(*scalar) => {
            quote!(#name)
        }
        _ => quote!(&#name),
    }
}

/// Returns what reads the value of a body, and how it is passed on.
fn body(
    context: Context<'_>,
    content: &Content,
    names: &OperationNames,
    uses: &mut Uses,
) -> (TokenStream, TokenStream) {
    match &content.kind {
        ContentKind::Json(ty) | ContentKind::Form(ty, _) | ContentKind::Xml(ty, _) => {
            let value = match types::resolved(context, ty) {
                Type::Scalar(scalar) if scalars::is_copy(*scalar) => quote!(given_body),
                _ => quote!(&given_body),
            };
            let ty = types::ty(context, ty, uses);
            (quote!(given.json::<#ty>()?), value)
        }
        ContentKind::Text => (quote!(given.text()?), quote!(&given_body)),
        ContentKind::Bytes => (quote!(given.bytes()?), quote!(given_body.into())),
        ContentKind::Items(_, ty) => {
            let ty = types::ty(context, ty, uses);
            (quote!(given.items::<#ty>()?), quote!(given_body))
        }
        ContentKind::Multipart(parts) => {
            let form = &names.form;
            let values = parts.iter().zip(&names.parts).map(|(part, name)| {
                let value = part_value(context, part, uses);
                quote!(#name: #value)
            });
            let values: Vec<_> = values.collect();
            let headers = parts
                .iter()
                .zip(&names.part_headers)
                .flat_map(|(part, names)| {
                    part.headers.iter().zip(names).map(|(header, name)| {
                        let read = if part.is_header_argument(header) {
                            quote!(header)
                        } else {
                            quote!(no_header)
                        };
                        quote!(#name: given.#read()?)
                    })
                });
            let form = quote!(#form { #(#values,)* #(#headers),* });
            let is_choice = names.contents.len() > 1;
            let value = if is_choice {
                quote!(given_body.into())
            } else {
                quote!(given_body)
            };
            (form, value)
        }
    }
}

/// Returns what reads the value of a part.
fn part_value(context: Context<'_>, part: &Part, uses: &mut Uses) -> TokenStream {
    let key = &part.name;
    let ty = match &part.kind {
        PartKind::File => quote!(super::File),
        PartKind::Text(ty) | PartKind::Json(ty) => types::ty(context, ty, uses),
    };
    let (read, adapted) = match (part.repeated, part.required) {
        (true, _) => (
            quote!(parts),
            quote!(.into_iter().map(Into::into).collect()),
        ),
        (false, true) => (quote!(part), quote!(.into())),
        (false, false) => (quote!(optional_part), quote!(.map(Into::into))),
    };
    // A file is read as text, and becomes an upload.
    let adapted = matches!(part.kind, PartKind::File).then_some(adapted);
    quote!(given.#read::<#ty>(#key)? #adapted)
}
