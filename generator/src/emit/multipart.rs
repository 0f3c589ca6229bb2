//! Multipart bodies: a struct with a field for each part, and what sends it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, docs::Doc, operations::MOST_ARGUMENTS, parameters, types, uses::Uses};
use crate::{
    markdown::code,
    model::{Parameter, ParameterContent, Part, PartKind},
    names::{Identifier, OperationNames},
};

/// Returns the struct of a body's parts.
pub(super) fn form(
    context: Context<'_>,
    names: &OperationNames,
    parts: &[Part],
    link: &str,
    uses: &mut Uses,
) -> TokenStream {
    let form = &names.form;
    let doc = Doc::line(&format!("The parts of the body of {link}."));
    let named: Vec<_> = parts
        .iter()
        .zip(&names.parts)
        .zip(&names.part_headers)
        .map(|((part, name), headers)| Named {
            part,
            name,
            headers: part.headers.iter().zip(headers).collect(),
        })
        .collect();
    let fields: Vec<_> = named
        .iter()
        .map(|named| fields(context, named, uses))
        .collect();
    let sent: Vec<_> = named
        .iter()
        .map(|named| sent(context, named, uses))
        .collect();
    let new = constructor(context, &named, uses);
    let derives = if parts.iter().any(Part::is_argument) {
        quote!(Debug, Clone)
    } else {
        quote!(Debug, Clone, Default)
    };
    let constructor = new.map(|new| quote!(impl #form { #new }));
    let [parts, runtime] = ["Parts", "Form"].map(|name| uses.runtime(name));
    quote! {
        #doc
        #[derive(#derives)]
        pub struct #form {
            #(#fields)*
        }

        #constructor

        impl #parts for #form {
            fn parts(self, form: &mut #runtime) {
                #(#sent)*
            }
        }
    }
}

/// A part with the names of its fields.
struct Named<'a> {
    part: &'a Part,
    name: &'a Identifier,
    headers: Vec<(&'a Parameter, &'a Identifier)>,
}

/// Returns the fields of a part and of its headers.
fn fields(context: Context<'_>, named: &Named<'_>, uses: &mut Uses) -> TokenStream {
    let Named { part, name, .. } = named;
    let key = code(&part.name);
    let doc = Doc::of(&part.docs, &part.name, &format!("The part {key}."));
    let (ty, is_complex) = field(context, part, uses);
    let complexity = types::complexity(is_complex);
    let headers = named.headers.iter().map(|(header, name)| {
        let fallback = format!("The header {} of the part {key}.", code(&header.name));
        let doc = Doc::of(&header.docs, &header.name, &fallback);
        let ty = types::ty(context, &header.ty, uses);
        let complexity = types::complexity(types::is_complex(&header.ty, 1));
        let ty = if part.is_header_argument(header) {
            ty
        } else {
            quote!(Option<#ty>)
        };
        quote!(#doc #complexity pub #name: #ty,)
    });
    let headers: Vec<_> = headers.collect();
    quote!(#doc #complexity pub #name: #ty, #(#headers)*)
}

/// Returns what makes a body of the parts that are required, where they aren't too many.
fn constructor(context: Context<'_>, parts: &[Named<'_>], uses: &mut Uses) -> Option<TokenStream> {
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    for Named {
        part,
        name,
        headers,
    } in parts
    {
        values.push(match &part.kind {
            _ if part.repeated => quote!(#name: Vec::new()),
            _ if !part.required => quote!(#name: None),
            PartKind::File => quote!(#name: #name.into()),
            _ => quote!(#name),
        });
        if part.is_argument() {
            let ty = match &part.kind {
                PartKind::File => {
                    let upload = uses.runtime("Upload");
                    quote!(impl Into<#upload>)
                }
                PartKind::Text(ty) | PartKind::Json(ty) => types::ty(context, ty, uses),
            };
            arguments.push(quote!(#name: #ty));
        }
        for (header, name) in headers {
            if part.is_header_argument(header) {
                let ty = types::ty(context, &header.ty, uses);
                arguments.push(quote!(#name: #ty));
                values.push(quote!(#name));
            } else {
                values.push(quote!(#name: None));
            }
        }
    }
    if arguments.is_empty() || arguments.len() > MOST_ARGUMENTS {
        return None;
    }
    Some(quote! {
        /// Creates a body without optional parts.
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    })
}

fn field(context: Context<'_>, part: &Part, uses: &mut Uses) -> (TokenStream, bool) {
    let (ty, is_complex) = match &part.kind {
        PartKind::File => (uses.runtime("Upload"), false),
        PartKind::Text(ty) | PartKind::Json(ty) => {
            (types::ty(context, ty, uses), types::is_complex(ty, 1))
        }
    };
    let ty = match (part.repeated, part.required) {
        (true, _) => quote!(Vec<#ty>),
        (false, true) => ty,
        (false, false) => quote!(Option<#ty>),
    };
    (ty, is_complex)
}

/// Returns the statements that add a part with its headers.
fn sent(context: Context<'_>, named: &Named<'_>, uses: &mut Uses) -> TokenStream {
    let Named { part, name, .. } = named;
    let headers = named.headers.iter().map(|(header, name)| {
        if header.content == ParameterContent::Json {
            let key = &header.name;
            return if part.is_header_argument(header) {
                quote!(form.json_header(#key, &self.#name);)
            } else {
                quote!(if let Some(value) = &self.#name {
                    form.json_header(#key, value);
                })
            };
        }
        let description = parameters::description(header, uses);
        if types::is_parameter(context, &header.ty) {
            return quote!(form.header(#description, &self.#name););
        }
        let json = uses.runtime("AsJson");
        quote!(form.header(#description, &#json(&self.#name));)
    });
    let headers: Vec<_> = headers.collect();
    let description = uses.runtime("Part");
    let key = &part.name;
    let media_type = part.media_type.as_ref();
    let media_type = media_type.map(|media_type| quote!(.media_type(#media_type)));
    let description = quote!(#description::new(#key) #media_type);
    let value = if part.is_argument() {
        quote!([&self.#name])
    } else {
        quote!(&self.#name)
    };
    let added = match &part.kind {
        PartKind::File => {
            let value = if part.is_argument() {
                quote!([self.#name])
            } else {
                quote!(self.#name)
            };
            quote!(form.files(#description, #value);)
        }
        PartKind::Text(ty) if types::is_parameter(context, ty) => {
            quote!(form.texts(#description, #value);)
        }
        PartKind::Text(_) => {
            let json = uses.runtime("AsJson");
            let value = if part.is_argument() {
                quote!([#json(&self.#name)])
            } else {
                quote!(self.#name.iter().map(#json))
            };
            quote!(form.texts(#description, #value);)
        }
        PartKind::Json(_) => quote!(form.json(#description, #value);),
    };
    quote!(#(#headers)* #added)
}
