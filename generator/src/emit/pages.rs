//! Pages: how they follow each other, for the runtime, and the streams of a call.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Context, responses::Output, types, uses::Uses};
use crate::model::{Field, Next, Operation, Pages, Presence, Type, TypeId};
use crate::names::Identifier;

/// Returns the part of an operation's description that says how its pages follow each other.
pub(super) fn description(pages: &Pages) -> TokenStream {
    let paging = quote!(accredit_runtime::Paging);
    let paging = match &pages.next {
        Next::Cursor { parameter, at } => quote!(#paging::cursor(#parameter, &[#(#at),*])),
        Next::Offset { parameter, first } => {
            let first = Literal::u64_unsuffixed(*first);
            quote!(#paging::offset(#parameter, #first))
        }
        Next::Number { parameter, first } => {
            let first = Literal::u64_unsuffixed(*first);
            quote!(#paging::number(#parameter, #first))
        }
        Next::Header => quote!(#paging::link_header()),
        Next::Url { at } => quote!(#paging::url(&[#(#at),*])),
        Next::Links { at } => quote!(#paging::links(&[#(#at),*])),
    };
    let items = pages.items.iter().filter(|at| !at.is_empty());
    let items = items.map(|at| quote!(.items(&[#(#at),*])));
    let more = pages.more.iter().map(|at| quote!(.more(&[#(#at),*])));
    quote!(.paging(#paging #(#items)* #(#more)*))
}

/// Returns the methods of a call that give its pages and their items.
pub(super) fn streams(
    context: Context<'_>,
    operation: &Operation,
    call: &Identifier,
    output: &Output,
    uses: &mut Uses,
) -> Option<TokenStream> {
    let pages = operation.pages.as_ref()?;
    let page = &output.ty;
    let items = pages.items.as_ref().and_then(|at| {
        let (take, item) = take(context, operation.page()?, at)?;
        let complexity = types::complexity(output.is_complex || types::is_complex(item, 1));
        let item = types::ty(context, item, uses);
        Some(quote! {
            /// Returns the items of these pages.
            #complexity
            #[inline]
            pub fn items(self) -> accredit_runtime::Items<'a, #page, #item> {
                self.pages().items(#take)
            }
        })
    });
    let complexity = types::complexity(output.is_complex);
    Some(quote! {
        impl<'a> #call<'a> {
            /// Returns the pages from this one on, each asked for when it is wanted.
            #complexity
            #[inline]
            pub fn pages(self) -> accredit_runtime::Pages<'a, #page> {
                self.0.pages()
            }
            #items
        }
    })
}

/// Returns a function that takes the items out of a page, and their type.
fn take<'a>(
    context: Context<'a>,
    page: &'a Type,
    at: &[String],
) -> Option<(TokenStream, &'a Type)> {
    let mut value = quote!(page);
    let mut is_optional = false;
    let mut ty = page;
    for name in at {
        let (id, index, field) = field(context, ty, name)?;
        let name = &context.names.ty(id).fields[index];
        let flatten = (field.presence == Presence::OptionalNullable).then(|| quote!(.flatten()));
        value = match (is_optional, field.presence) {
            (false, _) => quote!(#value.#name #flatten),
            (true, Presence::Required) => quote!(#value.map(|outer| outer.#name)),
            (true, _) => quote!(#value.and_then(|outer| outer.#name #flatten)),
        };
        is_optional |= field.presence != Presence::Required;
        ty = &field.ty;
    }
    let Type::Array(item) = types::resolved(context, ty) else {
        return None;
    };
    let or_none = is_optional.then(|| quote!(.unwrap_or_default()));
    Some((quote!(|page| #value #or_none), item))
}

/// Returns a field of an object.
fn field<'a>(context: Context<'a>, ty: &'a Type, name: &str) -> Option<(TypeId, usize, &'a Field)> {
    let Type::Named(id) = types::resolved(context, ty) else {
        return None;
    };
    let mut fields = context.api.fields(ty).iter().enumerate();
    let (index, field) = fields.find(|(_, field)| field.name == name)?;
    Some((*id, index, field))
}
