//! Request bodies: as an argument or a setter, and as an enum where the caller has a choice.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Lifetime;

use super::{
    Context,
    constraints::constrained,
    docs::Doc,
    parameters::{self, Argument, Passed, passed},
    types,
    uses::Uses,
    xml,
};
use crate::{
    markdown::{code, inline},
    model::{
        Body, Content, ContentKind, FormProperty, Framing, Location, ParameterContent, Type, TypeId,
    },
    names::{Identifier, OperationNames},
};

/// Returns the argument of a body.
pub(super) fn argument(
    context: Context<'_>,
    body: &Body,
    names: &OperationNames,
    uses: &mut Uses,
) -> Argument {
    let name = &names.body;
    if let [content] = body.contents.as_slice() {
        let passed = held(context, content, names, None, uses);
        let value = quote!(#name);
        let application = application(context, content, &value, &passed, uses);
        let constrained = checked(content, &value, &passed, uses);
        let is_made = constrained.is_some()
            || match &content.kind {
                ContentKind::Form(_, properties) => !properties.is_empty(),
                ContentKind::Xml(..) => true,
                ContentKind::Multipart(_) => !is_form_data(content),
                _ => content.is_stream(),
            };
        let application = if is_made {
            let runtime = uses.runtime("Content");
            quote!(.content(#runtime::#application #constrained))
        } else {
            quote!(.#application)
        };
        let ty = match content.kind {
            ContentKind::Bytes | ContentKind::Items(..) => {
                let ty = &passed.ty;
                quote!(impl Into<#ty>)
            }
            _ => passed.ty,
        };
        return Argument {
            generics: None,
            declaration: quote!(#name: #ty),
            application,
            is_complex: passed.is_complex,
        };
    }
    let choice = &names.choice;
    let lifetime = lifetime(context, body);
    Argument {
        declaration: quote!(#name: impl Into<#choice #lifetime>),
        generics: lifetime,
        application: quote!(.content(#choice::content(#name.into()))),
        is_complex: false,
    }
}

/// Returns what the document says of a body, in a line.
pub(super) fn line(body: &Body, name: &Identifier) -> Option<String> {
    let description = inline(body.description.as_deref()?);
    (!description.is_empty()).then(|| format!("{}: {description}", code(name.as_str())))
}

/// Returns the enum of what a body can be, where it can be several things.
pub(super) fn choice(
    context: Context<'_>,
    body: &Body,
    names: &OperationNames,
    link: &str,
    uses: &mut Uses,
) -> Option<TokenStream> {
    if body.contents.len() < 2 {
        return None;
    }
    let choice = &names.choice;
    let doc = Doc::line(&format!("What the body of {link} can be."));
    let lifetime = lifetime(context, body);
    let anonymous = lifetime.as_ref().map(|_| quote!(<'_>));
    let short = Lifetime::new("'b", Span::call_site());
    let mut variants = Vec::new();
    let mut arms = Vec::new();
    let mut conversions = Vec::new();
    let mut known = BTreeSet::new();
    for (index, (content, name)) in body.contents.iter().zip(&names.contents).enumerate() {
        let held = held(context, content, names, Some(&short), uses);
        let doc = Doc::line(&format!(
            "A body of the type {}.",
            code(&content.media_type)
        ));
        let complexity = types::complexity(held.is_complex);
        let ty = &held.ty;
        let is_form = matches!(content.kind, ContentKind::Multipart(_));
        // As large as the form has parts.
        variants.push(if is_form {
            quote!(#doc #name(Box<#ty>),)
        } else {
            quote!(#doc #name(#complexity #ty),)
        });
        let value = if is_form { quote!(*body) } else { quote!(body) };
        let application = application(context, content, &value, &held, uses);
        let constrained = checked(content, &value, &held, uses);
        let runtime = uses.runtime("Content");
        arms.push(quote!(Self::#name(body) => #runtime::#application #constrained,));
        let is_unmistakable = match source(context, content) {
            Source::Own => true,
            Source::Named(id) => known.insert(id),
            Source::Other => false,
        };
        if index == 0 || is_unmistakable {
            let value = if is_form {
                quote!(Box::new(body))
            } else {
                quote!(body)
            };
            let (generics, lifetime) = if borrows(context, content) {
                (lifetime.as_ref(), lifetime.as_ref())
            } else {
                (None, anonymous.as_ref())
            };
            conversions.push(quote! {
                impl #generics From<#ty> for #choice #lifetime {
                    fn from(body: #ty) -> Self {
                        Self::#name(#value)
                    }
                }
            });
        }
    }
    let content = uses.runtime("Content");
    Some(quote! {
        #doc
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum #choice #lifetime {
            #(#variants)*
        }

        impl #choice #anonymous {
            fn content(self) -> #content {
                match self {
                    #(#arms)*
                }
            }
        }

        #(#conversions)*
    })
}

/// What the value of a content is to the types around it.
enum Source {
    /// It has a type that no other content has.
    Own,
    Named(TypeId),
    /// Other contents can be the same, by another name.
    Other,
}

fn source(context: Context<'_>, content: &Content) -> Source {
    match &content.kind {
        ContentKind::Bytes | ContentKind::Multipart(_) => Source::Own,
        ContentKind::Json(ty) | ContentKind::Form(ty, _) | ContentKind::Xml(ty, _) => {
            match types::resolved(context, ty) {
                Type::Named(id) => Source::Named(*id),
                _ => Source::Other,
            }
        }
        ContentKind::Text | ContentKind::Items(..) => Source::Other,
    }
}

/// Returns the lifetime of a choice that borrows.
fn lifetime(context: Context<'_>, body: &Body) -> Option<TokenStream> {
    let is_borrowed = body
        .contents
        .iter()
        .any(|content| borrows(context, content));
    is_borrowed.then(|| quote!(<'b>))
}

fn borrows(context: Context<'_>, content: &Content) -> bool {
    match &content.kind {
        ContentKind::Json(ty) | ContentKind::Form(ty, _) | ContentKind::Xml(ty, _) => {
            passed(context, ty, None, &mut Uses::in_operations()).is_reference
        }
        ContentKind::Text => true,
        ContentKind::Bytes | ContentKind::Multipart(_) | ContentKind::Items(..) => false,
    }
}

/// Returns how the value of a content is held.
fn held(
    context: Context<'_>,
    content: &Content,
    names: &OperationNames,
    lifetime: Option<&Lifetime>,
    uses: &mut Uses,
) -> Passed {
    match &content.kind {
        ContentKind::Json(ty) | ContentKind::Form(ty, _) | ContentKind::Xml(ty, _) => {
            passed(context, ty, lifetime, uses)
        }
        ContentKind::Multipart(_) => {
            let form = &names.form;
            Passed::reference(quote!(#form))
        }
        ContentKind::Text => Passed::reference(quote!(& #lifetime str)),
        ContentKind::Bytes => Passed::reference(uses.runtime("Upload")),
        ContentKind::Items(_, ty) => {
            let item = types::ty(context, ty, uses);
            let items = uses.runtime("JsonItems");
            Passed {
                is_complex: types::is_complex(ty, 1),
                ..Passed::reference(quote!(#items<#item>))
            }
        }
    }
}

/// Returns the call of the function that takes a value, of a call or of a content.
fn application(
    context: Context<'_>,
    content: &Content,
    value: &TokenStream,
    held: &Passed,
    uses: &mut Uses,
) -> TokenStream {
    let media_type = &content.media_type;
    let reference = (!held.is_reference).then(|| quote!(&));
    match &content.kind {
        ContentKind::Json(_) => quote!(json(#media_type, #reference #value)),
        ContentKind::Xml(..) => {
            let document = xml::described(context, content, uses);
            quote!(xml(#media_type, #reference #value, #document))
        }
        ContentKind::Form(_, properties) if properties.is_empty() => {
            quote!(form(#reference #value))
        }
        ContentKind::Form(_, properties) => {
            let properties = properties.iter().map(|it| property(it, uses));
            let properties: Vec<_> = properties.collect();
            quote!(form_encoded(#reference #value, &[#(#properties),*]))
        }
        ContentKind::Multipart(_) if is_form_data(content) => quote!(multipart(#value)),
        ContentKind::Multipart(_) => quote!(multipart_of(#media_type, #value)),
        ContentKind::Text => quote!(text(#media_type, #value)),
        ContentKind::Bytes => quote!(upload(#media_type, #value)),
        ContentKind::Items(Framing::Sequence, _) => quote!(sequence(#media_type, #value)),
        ContentKind::Items(..) => quote!(lines(#media_type, #value)),
    }
}

/// Returns the call that has the value of a content checked, where the document demands something of it.
fn checked(
    content: &Content,
    value: &TokenStream,
    held: &Passed,
    uses: &mut Uses,
) -> Option<TokenStream> {
    let reference = (!held.is_reference).then(|| quote!(&));
    constrained(content.constraints, Some(&quote!(#reference #value)), uses)
}

fn is_form_data(content: &Content) -> bool {
    content.media_type == "multipart/form-data"
}

/// Returns the description of a property with an encoding of its own.
pub(super) fn property(property: &FormProperty, uses: &mut Uses) -> TokenStream {
    let name = &property.name;
    let description = uses.runtime("FormProperty");
    if property.content == ParameterContent::Json {
        return quote!(#description::json(#name));
    }
    if property.content == ParameterContent::DEEP_OBJECT {
        return quote!(#description::deep_object(#name));
    }
    let styled = parameters::described(name, Location::Query, &property.content, uses);
    quote!(#description::styled(#styled))
}
