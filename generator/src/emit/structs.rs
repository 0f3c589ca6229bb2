//! Structs: objects with known properties.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Context, defaults, docs::Doc, enums, tolerances, types, uses::Uses};
use crate::{
    markdown::code,
    model::{Constant, Field, Presence, Struct, Type, TypeId},
    names::Identifier,
};

/// A constructor has no more arguments: nobody could tell them apart, and clippy refuses more
/// (`too_many_arguments`).
const MOST_ARGUMENTS: usize = 7;

/// Returns a struct, its constructor and its table.
pub(super) fn definition(
    context: Context<'_>,
    id: TypeId,
    object: &Struct,
    uses: &mut Uses,
) -> TokenStream {
    let names = context.names.ty(id);
    let (name, rest) = (&names.name, &names.rest);
    let doc = types::doc(context, id);
    let fields: Vec<_> = object.fields.iter().zip(&names.fields).collect();

    let members = fields
        .iter()
        .map(|(field, name)| member(context, field, name, uses));
    let members: Vec<_> = members.collect();
    let additional = object.additional.as_ref().map(|ty| {
        let complexity = types::complexity(types::is_complex(&Type::Map(Box::new(ty.clone())), 0));
        let map = uses.map();
        let ty = types::ty(context, ty, uses);
        let doc = Doc::line("Properties that the document doesn't name.");
        quote!(#doc #complexity pub #rest: #map<String, #ty>,)
    });
    let body = quote!(#(#members)* #additional);
    let constants = defaults::constants(context, id, object, uses);
    let constructor = constructor(context, object, &fields, uses);
    let (mut entry, mut inherent) = (None, None);
    match constructor {
        Some(Constructor::Entry(constructor)) => entry = Some(constructor),
        Some(Constructor::New(function)) => inherent = Some(function),
        None => {}
    }
    let inherent = (inherent.is_some() || !constants.is_empty())
        .then(|| quote!(impl #name { #(#constants)* #inherent }));
    let default = is_default(object).then(|| quote!(, Default));
    let table = table(context, (name, rest), object, &fields, entry.as_ref());
    quote! {
        #doc
        #[derive(Clone #default)]
        pub struct #name { #body }
        #inherent
        #table
    }
}

fn member(context: Context<'_>, field: &Field, name: &Identifier, uses: &mut Uses) -> TokenStream {
    let mut doc = Doc::of(
        &field.docs,
        &field.name,
        &format!("The {} property.", code(&field.name)),
    );
    if let Some(default) = &field.default {
        doc = doc.paragraph(&format!("The default is {}.", code(&default.to_string())));
    }
    let around = match field.presence {
        Presence::Required => 0,
        Presence::Optional | Presence::Nullable => 1,
        Presence::OptionalNullable => 2,
    };
    let complexity = types::complexity(types::is_complex(
        &field.ty,
        around + u64::from(field.boxed),
    ));
    let ty = slot(context, field, uses);
    let ty = if field.presence == Presence::OptionalNullable {
        quote!(Option<#ty>)
    } else {
        ty
    };
    quote!(#doc #complexity pub #name: #ty,)
}

/// Returns the type of a property that is there.
fn slot(context: Context<'_>, field: &Field, uses: &mut Uses) -> TokenStream {
    let ty = types::ty(context, &field.ty, uses);
    let ty = if field.boxed { quote!(Box<#ty>) } else { ty };
    if field.presence == Presence::Required {
        ty
    } else {
        quote!(Option<#ty>)
    }
}

/// Returns whether nothing need be told of a value: all properties may be absent.
fn is_default(object: &Struct) -> bool {
    !object.fields.iter().any(|field| field.presence.is_always())
}

/// Returns the only value that the document knows of a property.
fn constant(context: Context<'_>, field: &Field) -> Option<TokenStream> {
    Some(match context.api.constant(field)? {
        Constant::Text(text) => quote!(#text.to_owned()),
        Constant::Formatted(text) => quote!(#text.into()),
        Constant::Bool(value) => quote!(#value),
        Constant::Integer(value) => enums::integer(value),
        Constant::Float(value) => defaults::float(value),
        Constant::Number(_) => return None,
        Constant::Value { set, named, index } => {
            let variant = &context.names.ty(set).variants[index];
            let name = &context.names.ty(named).name;
            quote!(#name::#variant)
        }
    })
}

/// How an object is made.
enum Constructor {
    /// An entry of the table: a function `new` that takes what must be told and leaves the rest out, or a
    /// `Default` that knows the constants of the document.
    Entry(TokenStream),
    /// A function `new` that does more.
    New(TokenStream),
}

/// Returns the constructor of an object of which not all may be absent.
fn constructor(
    context: Context<'_>,
    object: &Struct,
    fields: &[(&Field, &Identifier)],
    uses: &mut Uses,
) -> Option<Constructor> {
    let required: Vec<_> = fields
        .iter()
        .filter(|(field, _)| context.api.is_argument(field))
        .collect();
    if required.len() > MOST_ARGUMENTS || is_default(object) {
        return None;
    }
    let arguments = required.iter().map(|(field, name)| {
        let ty = types::ty(context, &field.ty, uses);
        let ty = if field.presence == Presence::Nullable {
            quote!(Option<#ty>)
        } else {
            ty
        };
        quote!(#name: #ty)
    });
    let arguments: Vec<_> = arguments.collect();
    let is_complex = |field: &Field| {
        types::is_complex(&field.ty, u64::from(field.presence == Presence::Nullable))
    };
    let complexity = types::complexity(required.iter().any(|(field, _)| is_complex(field)));
    let told = fields
        .iter()
        .filter(|(field, _)| field.presence.is_always());
    let values = told.map(|(field, name)| match constant(context, field) {
        Some(constant) => quote!(#name: #constant),
        None => match (field.presence, field.boxed) {
            (Presence::Nullable, true) => quote!(#name: #name.map(Box::new)),
            (_, true) => quote!(#name: Box::new(#name)),
            _ => quote!(#name),
        },
    });
    let is_all =
        object.additional.is_none() && fields.iter().all(|(field, _)| field.presence.is_always());
    let is_plain = |field: &Field| !field.boxed && constant(context, field).is_none();
    let mut always = fields
        .iter()
        .filter(|(field, _)| field.presence.is_always());
    if !required.is_empty()
        && !is_all
        && complexity.is_none()
        && always.all(|(field, _)| is_plain(field))
    {
        return Some(Constructor::Entry(quote!(new(#(#arguments),*),)));
    }
    if required.is_empty() {
        return Some(Constructor::Entry(quote!(default { #(#values),* },)));
    }
    let absent = (!is_all).then(|| {
        let codec = uses.runtime("codec");
        quote!(..#codec::Blank::blank())
    });
    let values: Vec<_> = values.chain(absent).collect();
    Some(Constructor::New(quote! {
        #[doc = " Creates an object of what is required."]
        #complexity
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    }))
}

/// Returns the table by which the runtime reads and writes the struct.
fn table(
    context: Context<'_>,
    (name, rest): (&Identifier, &Identifier),
    object: &Struct,
    fields: &[(&Field, &Identifier)],
    constructor: Option<&TokenStream>,
) -> TokenStream {
    let entries = fields.iter().enumerate().map(|(index, (field, name))| {
        let index = Literal::usize_unsuffixed(index);
        let is_any = matches!(types::resolved(context, &field.ty), Type::Any);
        let presence = match field.presence {
            Presence::Required => quote!(required),
            Presence::Optional if is_any => quote!(optional_any),
            Presence::Optional => quote!(optional),
            Presence::Nullable => quote!(nullable),
            Presence::OptionalNullable => quote!(optional_nullable),
        };
        let property = &field.name;
        let tolerance = tolerances::of_field(context, field);
        quote!(#index => #name: #presence(#property) #tolerance,)
    });
    let rest = object.additional.as_ref().map(|ty| {
        let tolerance = tolerances::of_additional(context, ty);
        quote!(_ => #rest #tolerance,)
    });
    quote!(accredit_runtime::object!(#name { #constructor #(#entries)* #rest });)
}
