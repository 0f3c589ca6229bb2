//! What a call gives: the body of a success, the bodies of failures.

use std::collections::{BTreeMap, HashMap};

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::{Context, docs::Doc, tolerances, types, uses::Uses, xml};
use crate::{
    markdown::code,
    model::{
        Content, ContentKind, Framing, Operation, OperationId, Response, StatusPattern, Success,
    },
    names::Identifier,
};

/// What a success decodes to: the type, and the function that does it.
pub(super) struct Output {
    pub(super) ty: TokenStream,
    pub(super) decode: TokenStream,
    pub(super) is_complex: bool,
}

/// Returns what the successes of an operation decode to.
pub(super) fn output(
    context: Context<'_>,
    id: OperationId,
    operation: &Operation,
    uses: &mut Uses,
) -> Output {
    let simple = |ty: TokenStream, decode: TokenStream| Output {
        ty,
        decode,
        is_complex: false,
    };
    match operation.success() {
        Success::Nothing => {
            let decode = uses.runtime("decode");
            simple(quote!(()), quote!(#decode::nothing))
        }
        Success::Always(body) => Output {
            ty: body_type(context, body, uses),
            decode: decoder(context, body, uses),
            is_complex: is_complex(body, 1),
        },
        Success::Sometimes(body) => {
            let ty = body_type(context, body, uses);
            let decode = uses.runtime("decode");
            let document = body.xml().map(|_| xml::described(context, body, uses));
            let decode = document.map_or_else(
                || match &body.kind {
                    ContentKind::Json(ty) if tolerances::is_quoted(context, ty) => {
                        quote!(#decode::optional_quoted_json)
                    }
                    _ => quote!(#decode::optional_json),
                },
                |document| quote!(|answer| #decode::optional_json_or_xml(answer, #document)),
            );
            Output {
                ty: quote!(Option<#ty>),
                decode,
                is_complex: is_complex(body, 2),
            }
        }
        Success::OneOf => {
            let names = context.names.operation(id);
            let (response, decoder) = (&names.response, &names.decoder);
            simple(quote!(#response), quote!(#decoder))
        }
    }
}

/// Returns the enum of the successes and the function that decodes it, where they differ.
pub(super) fn successes(
    context: Context<'_>,
    id: OperationId,
    operation: &Operation,
    doc: &Doc,
    uses: &mut Uses,
) -> Option<TokenStream> {
    if operation.success() != Success::OneOf {
        return None;
    }
    let names = context.names.operation(id);
    let (response, decoder) = (&names.response, &names.decoder);
    let named = variants(&operation.successes, &names.successes);
    let variants: Vec<_> = named
        .map(|(response, content, name)| variant(context, response, content, name, uses))
        .collect();
    let mut arms = arms(
        context,
        &operation.successes,
        &names.successes,
        &quote!(#response),
        &|name| quote!(Ok(#response::#name)),
        uses,
    );
    // Every other status is a failure, so what stands for all of them doesn't matter.
    let other = arms
        .remove(&StatusPattern::Default)
        .or_else(|| arms.pop_last().map(|(_, arm)| arm));
    let decode = by_status(&arms, &quote!(#other));
    let (answer, error) = (uses.runtime("Answer"), uses.runtime("DecodeError"));
    Some(quote! {
        #doc
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum #response {
            #(#variants)*
        }

        #[inline]
        fn #decoder(answer: &#answer) -> Result<#response, #error> {
            #decode
        }
    })
}

/// Returns responses with what each can be, and what that is called.
fn variants<'a>(
    responses: &'a [Response],
    names: &'a [Identifier],
) -> impl Iterator<Item = (&'a Response, Option<&'a Content>, &'a Identifier)> {
    let variants = responses.iter().flat_map(|response| {
        let variants = response.variants();
        variants.map(move |content| (response, content))
    });
    variants
        .zip(names)
        .map(|((response, content), name)| (response, content, name))
}

/// Returns how the answer of each status is decoded to a variant of an enum.
fn arms(
    context: Context<'_>,
    responses: &[Response],
    names: &[Identifier],
    ty: &TokenStream,
    nothing: &dyn Fn(&Identifier) -> TokenStream,
    uses: &mut Uses,
) -> BTreeMap<StatusPattern, TokenStream> {
    let mut names = names.iter();
    let mut arms = BTreeMap::new();
    for response in responses {
        let named: Vec<_> = response.variants().zip(names.by_ref()).collect();
        let mut decoded = named.iter().map(|(content, name)| match content {
            Some(content) => {
                let decoded = decoded(context, content, uses);
                quote!(#decoded.map(#ty::#name))
            }
            None => nothing(name),
        });
        let first = decoded.next();
        let others: Vec<_> = decoded.collect();
        let arm = if others.is_empty() {
            quote!(#first)
        } else {
            let decode = uses.runtime("decode");
            let media_types = response.whole().map(|content| &content.media_type);
            let indexes = (1..=others.len()).map(Literal::usize_unsuffixed);
            quote! {
                match #decode::media_type(answer, &[#(#media_types),*]) {
                    #(#indexes => #others,)*
                    _ => #first,
                }
            }
        };
        arms.insert(response.status, arm);
    }
    arms
}

/// Returns what each status of an answer is decoded to, and every other.
fn by_status(arms: &BTreeMap<StatusPattern, TokenStream>, other: &TokenStream) -> TokenStream {
    if arms.is_empty() {
        return other.clone();
    }
    let arms = arms.iter().map(|(status, decode)| {
        let status = pattern(*status);
        quote!(#status => #decode,)
    });
    quote! {
        match answer.status().as_u16() {
            #(#arms)*
            _ => #other,
        }
    }
}

/// The enums of failures so far, by what they hold, of operations that are compiled together.
pub(super) struct FailureEnums {
    /// Where they are, seen from an operation.
    path: TokenStream,
    known: HashMap<String, OperationId>,
}

impl FailureEnums {
    pub(super) fn at(path: TokenStream) -> Self {
        Self {
            path,
            known: HashMap::new(),
        }
    }
}

/// Returns the enum of the failures that have a body, where any has one. An operation that fails as one
/// before it has that one's.
pub(super) fn failures(
    context: Context<'_>,
    id: OperationId,
    operation: &Operation,
    enums: &mut FailureEnums,
    uses: &mut Uses,
) -> Option<TokenStream> {
    let names = context.names.operation(id);
    let error = &names.error;
    let mut own = Uses::in_operations();
    let named = variants(&operation.failures, &names.failures);
    let variants: Vec<_> = named
        .filter(|(_, content, _)| content.is_some())
        .map(|(response, content, name)| variant(context, response, content, name, &mut own))
        .collect();
    if variants.is_empty() {
        return None;
    }
    let variants = quote!(#(#variants)*);
    let rows = rows(context, &operation.failures, &names.failures);
    let read = match &rows {
        Some(rows) => quote!(#(#rows)*),
        None => failure_by_status(context, operation, &names.failures, &mut own),
    };
    let known = enums.known.entry(format!("{variants} {read}"));
    let first = *known.or_insert(id);
    if first != id {
        let doc = Doc::line(&format!(
            "The same bodies as those of {}.",
            link(context, first)
        ));
        let (path, first) = (&enums.path, &context.names.operation(first).error);
        return Some(quote!(#doc pub type #error = #path #first;));
    }
    let doc = Doc::line(&format!(
        "Bodies of failures of {}, for [`Error::body`](accredit_runtime::Error::body).",
        link(context, id)
    ));
    let implementation = if rows.is_some() {
        quote!(accredit_runtime::failures!(#error { #read });)
    } else {
        let (answer, failed) = (own.runtime("Answer"), own.runtime("DecodeError"));
        let body = own.runtime("ErrorBody");
        quote! {
            impl #body for #error {
                fn decode(answer: &#answer) -> Option<Result<Self, #failed>> {
                    Some(#read)
                }
            }
        }
    };
    uses.add(&own);
    Some(quote! {
        #doc
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum #error {
            #variants
        }
        #implementation
    })
}

/// Returns the expression that reads a failure.
fn failure_by_status(
    context: Context<'_>,
    operation: &Operation,
    names: &[Identifier],
    uses: &mut Uses,
) -> TokenStream {
    let none = quote!(return None);
    let own = quote!(Self);
    let mut arms = arms(
        context,
        &operation.failures,
        names,
        &own,
        &|_| none.clone(),
        uses,
    );
    let other = arms.remove(&StatusPattern::Default).unwrap_or(none);
    by_status(&arms, &other)
}

/// Returns a link to the method of an operation.
pub(super) fn link(context: Context<'_>, id: OperationId) -> String {
    let group = context.api.operations[id.index()].group;
    let (group, method) = (
        &context.names.group(group).group,
        &context.names.operation(id).method,
    );
    format!("[`{group}::{method}`]")
}

/// Returns the table by which failures are read, where each has one body at most, and none needs more than a
/// function to be read.
fn rows(
    context: Context<'_>,
    responses: &[Response],
    names: &[Identifier],
) -> Option<Vec<TokenStream>> {
    let is_exact = |response: &Response| matches!(response.status, StatusPattern::Code(_));
    let mut rows = BTreeMap::new();
    let mut names = names.iter();
    for response in responses {
        let mut contents = response.variants();
        match (contents.next(), contents.next()) {
            (Some(Some(content)), None) if content.xml().is_none() => {
                let (status, function) =
                    (pattern(response.status), function_name(context, content));
                let name = names.next()?;
                rows.insert(response.status, quote!(#status => #name: #function,));
            }
            // What has no body is like what isn't there, unless a range or the default has it.
            (Some(None), None) if responses.iter().all(is_exact) => drop(names.next()),
            _ => return None,
        }
    }
    Some(rows.into_values().collect())
}

fn variant(
    context: Context<'_>,
    response: &Response,
    content: Option<&Content>,
    name: &Identifier,
    uses: &mut Uses,
) -> TokenStream {
    let fallback = match response.status {
        StatusPattern::Code(code) => format!("The status {code}."),
        StatusPattern::Range(class) => format!("A status from {class}00 to {class}99."),
        StatusPattern::Default => "Any other status.".to_owned(),
    };
    let mut doc = Doc::described(Some(&response.description), &fallback);
    if let Some(content) = content.filter(|_| response.is_choice()) {
        doc = doc.paragraph(&format!("As {}.", code(&content.media_type)));
    }
    let held = content.map(|content| {
        let ty = body_type(context, content, uses);
        let is_boxed = match &content.kind {
            ContentKind::Json(ty) | ContentKind::Xml(ty, _) => context.sizes.is_large(ty),
            _ => false,
        };
        let complexity = types::complexity(is_complex(content, u64::from(is_boxed)));
        if is_boxed {
            quote!((#complexity Box<#ty>))
        } else {
            quote!((#complexity #ty))
        }
    });
    quote!(#doc #name #held,)
}

fn body_type(context: Context<'_>, body: &Content, uses: &mut Uses) -> TokenStream {
    match &body.kind {
        ContentKind::Json(ty) | ContentKind::Xml(ty, _) => types::ty(context, ty, uses),
        ContentKind::Text | ContentKind::Form(..) => quote!(String),
        ContentKind::Items(framing, ty) => {
            let item = types::ty(context, ty, uses);
            if is_event(*framing) {
                let event = uses.runtime("ServerSentEvent");
                quote!(Vec<#event<#item>>)
            } else {
                quote!(Vec<#item>)
            }
        }
        ContentKind::Bytes | ContentKind::Multipart(_) => quote!(accredit_runtime::Bytes),
    }
}

/// Returns what decodes an answer.
fn decoder(context: Context<'_>, content: &Content, uses: &mut Uses) -> TokenStream {
    if content.xml().is_some() {
        let decoded = decoded(context, content, uses);
        return quote!(|answer| #decoded);
    }
    function(context, content, uses)
}

/// Returns what `answer` is decoded to.
fn decoded(context: Context<'_>, content: &Content, uses: &mut Uses) -> TokenStream {
    let function = function(context, content, uses);
    let document = content
        .xml()
        .map(|_| xml::described(context, content, uses));
    let document = document.map(|document| quote!(, #document));
    quote!(#function(answer #document))
}

fn function(context: Context<'_>, content: &Content, uses: &mut Uses) -> TokenStream {
    let decode = uses.runtime("decode");
    let name = function_name(context, content);
    quote!(#decode::#name)
}

fn function_name(context: Context<'_>, content: &Content) -> Ident {
    let name = match &content.kind {
        ContentKind::Json(_) if content.also_xml.is_some() => "json_or_xml",
        ContentKind::Json(ty) if tolerances::is_quoted(context, ty) => "quoted_json",
        ContentKind::Json(_) => "json",
        ContentKind::Xml(..) => "xml",
        ContentKind::Text | ContentKind::Form(..) => "text",
        ContentKind::Items(framing, _) => return stream_function(*framing),
        ContentKind::Bytes | ContentKind::Multipart(_) => "bytes",
    };
    Ident::new(name, Span::call_site())
}

fn is_complex(content: &Content, around: u64) -> bool {
    match &content.kind {
        ContentKind::Json(ty) | ContentKind::Xml(ty, _) => types::is_complex(ty, around),
        ContentKind::Items(_, ty) => types::is_complex(ty, around + 2),
        _ => false,
    }
}

const fn is_event(framing: Framing) -> bool {
    matches!(framing, Framing::JsonEvents | Framing::TextEvents)
}

/// Returns the name of the function that decodes a stream, and of the method that opens it.
fn stream_function(framing: Framing) -> Ident {
    let name = match framing {
        Framing::Lines => "lines",
        Framing::Sequence => "sequence",
        Framing::JsonEvents => "json_events",
        Framing::TextEvents => "text_events",
    };
    Ident::new(name, Span::call_site())
}

/// Returns the method of a call that gives the answer as it comes, where it is a stream.
pub(super) fn stream(
    context: Context<'_>,
    operation: &Operation,
    uses: &mut Uses,
) -> Option<TokenStream> {
    let (content, framing, item) = operation.stream()?;
    let complexity = types::complexity(types::is_complex(item, 2));
    let item = types::ty(context, item, uses);
    let (opening, function) = (uses.runtime("Opening"), stream_function(framing));
    let (what, stream, arguments) = if is_event(framing) {
        ("events", uses.runtime("EventStream"), None)
    } else {
        (
            "values",
            uses.runtime("ItemStream"),
            Some(&content.media_type),
        )
    };
    let doc = Doc::line(&format!(
        "Makes the call, and gives the {what} of the answer as they come."
    ));
    Some(quote! {
        #doc
        #complexity
        #[inline]
        pub fn stream(self) -> #opening<'a, #stream<#item>> {
            self.0.#function(#arguments)
        }
    })
}

/// Returns a status as a pattern over its number.
fn pattern(status: StatusPattern) -> TokenStream {
    match status {
        StatusPattern::Code(code) => {
            let code = Literal::u16_unsuffixed(code);
            quote!(#code)
        }
        StatusPattern::Range(class) => {
            let first = Literal::u16_unsuffixed(class.saturating_mul(100));
            let last = Literal::u16_unsuffixed(class.saturating_mul(100).saturating_add(99));
            quote!(#first..=#last)
        }
        StatusPattern::Default => quote!(_),
    }
}

/// Returns the key of a success as the description of an operation has it.
pub(super) fn status(pattern: StatusPattern, uses: &mut Uses) -> TokenStream {
    let status = uses.runtime("Status");
    match pattern {
        StatusPattern::Code(code) => {
            let code = Literal::u16_unsuffixed(code);
            quote!(#status::Code(#code))
        }
        StatusPattern::Range(class) => {
            let class = Literal::u16_unsuffixed(class);
            quote!(#status::Range(#class))
        }
        StatusPattern::Default => quote!(#status::Default),
    }
}
