//! Multipart bodies: a struct with a field for each part, and what sends it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, docs::Doc, operations::MOST_ARGUMENTS, types, uses::Uses};
use crate::{
    markdown::code,
    model::{Part, PartKind},
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
    let named: Vec<_> = parts.iter().zip(&names.parts).collect();
    let fields: Vec<_> = named
        .iter()
        .map(|(part, name)| {
            let fallback = format!("The part {}.", code(&part.name));
            let doc = Doc::of(&part.docs, &part.name, &fallback);
            let (ty, is_complex) = field(context, part, uses);
            let complexity = types::complexity(is_complex);
            quote!(#doc #complexity pub #name: #ty,)
        })
        .collect();
    let sent: Vec<_> = named
        .iter()
        .map(|(part, name)| sent(part, name, uses))
        .collect();
    let new = constructor(context, &named, uses);
    let derives = if parts.iter().any(is_argument) {
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

/// Whether a body can't do without the part.
const fn is_argument(part: &Part) -> bool {
    part.required && !part.repeated
}

/// Returns what makes a body of the parts that are required, where they aren't too many.
fn constructor(
    context: Context<'_>,
    parts: &[(&Part, &Identifier)],
    uses: &mut Uses,
) -> Option<TokenStream> {
    let required = parts.iter().filter(|(part, _)| is_argument(part));
    let count = required.clone().count();
    if count == 0 || count > MOST_ARGUMENTS {
        return None;
    }
    let arguments: Vec<_> = required
        .map(|(part, name)| match &part.kind {
            PartKind::File => {
                let upload = uses.runtime("Upload");
                quote!(#name: impl Into<#upload>)
            }
            PartKind::Text(ty) | PartKind::Json(ty) => {
                let ty = types::ty(context, ty, uses);
                quote!(#name: #ty)
            }
        })
        .collect();
    let values = parts.iter().map(|(part, name)| match &part.kind {
        _ if part.repeated => quote!(#name: Vec::new()),
        _ if !part.required => quote!(#name: None),
        PartKind::File => quote!(#name: #name.into()),
        _ => quote!(#name),
    });
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

/// Returns the statement that adds a part.
fn sent(part: &Part, name: &Identifier, uses: &mut Uses) -> TokenStream {
    let description = uses.runtime("Part");
    let key = &part.name;
    let media_type = part.media_type.as_ref();
    let media_type = media_type.map(|media_type| quote!(.media_type(#media_type)));
    let description = quote!(#description::new(#key) #media_type);
    let value = if is_argument(part) {
        quote!([&self.#name])
    } else {
        quote!(&self.#name)
    };
    match &part.kind {
        PartKind::File => {
            let value = if is_argument(part) {
                quote!([self.#name])
            } else {
                quote!(self.#name)
            };
            quote!(form.files(#description, #value);)
        }
        PartKind::Text(_) => quote!(form.texts(#description, #value);),
        PartKind::Json(_) => quote!(form.json(#description, #value);),
    }
}
