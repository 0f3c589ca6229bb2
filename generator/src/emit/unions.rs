//! Unions: one of several types.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{Context, docs::Doc, enums, tolerances, types, uses::Uses};
use crate::{
    markdown::code,
    model::{Evidence, JsonKind, Type, TypeId, TypeKind, Union, Variant},
    names::Identifier,
};

/// Returns an enum of the variants and its table.
pub(super) fn definition(
    context: Context<'_>,
    id: TypeId,
    union: &Union,
    uses: &mut Uses,
) -> TokenStream {
    let names = context.names.ty(id);
    let name = &names.name;
    let doc = types::doc(context, id);
    let variants: Vec<_> = union.variants.iter().zip(&names.variants).collect();
    let members: Vec<_> = variants
        .iter()
        .map(|(variant, name)| member(context, variant, name, uses))
        .collect();
    // A union of nothing holds anything.
    let rest = (union.discriminator.is_some() || variants.is_empty()).then_some(&names.rest);
    let unknown = rest.map(|rest| {
        let doc = Doc::line("A value of a kind that the document doesn't list.");
        quote!(#doc #rest(accredit_runtime::Value),)
    });
    let codec = uses.runtime("codec");
    let evidence = variants.iter().map(|(variant, name)| {
        let evidence = evidence(context, &variant.evidence, name, &codec);
        let quoted = tolerances::is_quoted(context, &variant.ty);
        let quoted = quoted.then(|| quote!(.quoted()));
        quote!(#evidence #quoted)
    });
    let table = table(context, name, union, &variants, rest, uses);
    quote! {
        #doc
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum #name {
            #(#members)*
            #unknown
        }
        impl #name {
            const EVIDENCE: &'static [#codec::Evidence] = &[#(#evidence),*];
        }
        #table
    }
}

fn member(
    context: Context<'_>,
    variant: &Variant,
    name: &Identifier,
    uses: &mut Uses,
) -> TokenStream {
    let fallback = match variant.evidence.tags.first() {
        Some(tag) => format!("A value tagged {}.", code(tag)),
        None => "One of the types that the value can have.".to_owned(),
    };
    let doc = Doc::of(&variant.docs, name.as_str(), &fallback);
    let ty = types::ty(context, &variant.ty, uses);
    let is_boxed = variant.boxed || context.sizes.is_large(&variant.ty);
    let complexity = types::complexity(types::is_complex(&variant.ty, u64::from(is_boxed)));
    let ty = if is_boxed { quote!(Box<#ty>) } else { ty };
    quote!(#doc #name(#complexity #ty),)
}

/// Returns the table by which the runtime reads and writes the union.
fn table(
    context: Context<'_>,
    name: &Identifier,
    union: &Union,
    variants: &[(&Variant, &Identifier)],
    rest: Option<&Identifier>,
    uses: &mut Uses,
) -> TokenStream {
    let discriminator = union.discriminator.as_ref();
    let by = discriminator.map(|property| quote!(by #property));
    let entries = variants.iter().enumerate().map(|(index, (variant, name))| {
        let index = Literal::usize_unsuffixed(index);
        let is_sole = is_sole(context, &variant.ty, variants);
        let ty = is_sole.then(|| types::ty(context, &variant.ty, uses));
        let ty = ty.map(|ty| quote!((#ty)));
        let tag = discriminator.and_then(|property| {
            let tag = variant.evidence.tags.first()?;
            lacks(context, &variant.ty, property).then(|| quote!(= #tag))
        });
        quote!(#index => #name #ty #tag,)
    });
    let entries: Vec<_> = entries.collect();
    let last = match (rest, variants.get(union.base).or(variants.first())) {
        (Some(rest), _) => quote!(_ => #rest,),
        (None, Some((_, base))) => quote!(_ = #base,),
        (None, None) => quote!(),
    };
    quote!(accredit_runtime::union!(#name #by { #(#entries)* #last });)
}

/// Returns whether a type is one of the document's that no other variant has: it alone says which
/// variant its values are.
fn is_sole(context: Context<'_>, ty: &Type, variants: &[(&Variant, &Identifier)]) -> bool {
    let resolved = types::resolved(context, ty);
    let mut same = variants
        .iter()
        .filter(|(variant, _)| types::resolved(context, &variant.ty) == resolved);
    matches!(resolved, Type::Named(_)) && same.nth(1).is_none()
}

/// Returns whether the type of a variant has no property for the tag.
fn lacks(context: Context<'_>, ty: &Type, discriminator: &str) -> bool {
    let Type::Named(id) = types::resolved(context, ty) else {
        return false;
    };
    match &context.api.ty(*id).kind {
        TypeKind::Struct(object) => object
            .fields
            .iter()
            .all(|field| field.name != discriminator),
        _ => false,
    }
}

fn evidence(
    context: Context<'_>,
    evidence: &Evidence,
    name: &Identifier,
    codec: &TokenStream,
) -> TokenStream {
    let name = name.as_str();
    if evidence.is_told_by_tag {
        let tags = &evidence.tags;
        return quote!(#codec::Evidence::tagged(#name, &[#(#tags),*]));
    }
    let kinds = evidence.kinds.iter().map(|kind| {
        let kind = match kind {
            JsonKind::Null => quote!(Null),
            JsonKind::Bool => quote!(Bool),
            JsonKind::Integer => quote!(Integer),
            JsonKind::Number => quote!(Number),
            JsonKind::String => quote!(String),
            JsonKind::Array => quote!(Array),
            JsonKind::Object => quote!(Object),
        };
        quote!(#codec::Kind::#kind)
    });
    let texts = |method: TokenStream, texts: &[String]| {
        (!texts.is_empty()).then(|| quote!(.#method(&[#(#texts),*])))
    };
    let tags = texts(quote!(tags), &evidence.tags);
    let required = texts(quote!(required), &evidence.required);
    let properties = texts(quote!(properties), &evidence.properties);
    let constants = evidence.constants.iter().filter_map(|(property, values)| {
        let values = constants(values, context.tolerances.quoted_values, codec)?;
        Some(quote!((#property, &[#(#values),*])))
    });
    let constants: Vec<_> = constants.collect();
    let listed = (!constants.is_empty()).then(|| quote!(.constants(&[#(#constants),*])));
    let values = self::constants(&evidence.values, false, codec)
        .filter(|values| !values.is_empty())
        .map(|values| quote!(.values(&[#(#values),*])));
    quote! {
        #codec::Evidence::new(#name, &[#(#kinds),*]) #tags #required #properties #listed #values
    }
}

/// Returns values as constants; `None` where one of them can't be, so that they say nothing.
fn constants(values: &[Value], is_quoted: bool, codec: &TokenStream) -> Option<Vec<TokenStream>> {
    let constant = |value: &Value| match value {
        Value::String(text) => Some(quote!(#codec::Constant::String(#text))),
        Value::Bool(value) if is_quoted => Some(quote!(#codec::Constant::QuotedBool(#value))),
        Value::Bool(value) => Some(quote!(#codec::Constant::Bool(#value))),
        Value::Number(number) => {
            let integer = enums::integer(number.as_i64()?);
            Some(if is_quoted {
                quote!(#codec::Constant::QuotedInteger(#integer))
            } else {
                quote!(#codec::Constant::Integer(#integer))
            })
        }
        _ => None,
    };
    values.iter().map(constant).collect()
}
