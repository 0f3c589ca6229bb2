//! Operations: a method, a description, and a call for each.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::{
    Context, bodies, defaults,
    docs::Doc,
    headers, multipart, pages,
    parameters::{self, Argument},
    polling,
    responses::{self, FailureEnums},
    types, usage,
    uses::Uses,
};
use crate::{
    markdown::code,
    model::{Operation, OperationId, Parameter},
    names::Identifier,
};

/// Clippy refuses functions with more (`too_many_arguments`); `self` counts.
pub(super) const MOST_ARGUMENTS: usize = 7;

/// What is emitted for one operation.
pub(super) struct Emitted {
    /// The method of its group.
    pub(super) method: TokenStream,
    /// What stands beside: the description, the call, the enums.
    pub(super) items: TokenStream,
    /// Whether any of those is public.
    pub(super) has_public: bool,
}

/// Returns the struct of a group. Its methods are those of its operations.
pub(super) fn group(context: Context<'_>, index: usize, uses: &mut Uses) -> TokenStream {
    let group = &context.api.groups[index];
    let name = &context.names.group(index).group;
    let fallback = format!("Operations tagged {}.", code(&group.tag));
    let doc = Doc::described(group.description.as_deref(), &fallback);
    let core = uses.runtime("ClientCore");
    quote! {
        #doc
        #[derive(Debug, Clone, Copy)]
        pub struct #name<'a> {
            core: &'a #core,
        }
    }
}

/// Returns the constructor of a group.
pub(super) fn constructor(uses: &mut Uses) -> TokenStream {
    let core = uses.runtime("ClientCore");
    quote! {
        pub(crate) const fn new(core: &'a #core) -> Self {
            Self { core }
        }
    }
}

/// Returns the parts of an operation.
pub(super) fn operation(
    context: Context<'_>,
    id: OperationId,
    enums: &mut FailureEnums,
    uses: &mut Uses,
) -> Emitted {
    let operation = &context.api.operations[id.index()];
    let names = context.names.operation(id);
    let link = responses::link(context, id);

    let output = responses::output(context, id, operation, uses);
    let doc = Doc::line(&format!("The bodies of the successes of {link}."));
    let successes = responses::successes(context, id, operation, &doc, uses);
    let failures = responses::failures(context, id, operation, enums, uses);
    let doc = Doc::line(&format!(
        "The headers of the successes of {link}; read them with [`Response::headers_as`](accredit_runtime::Response::headers_as)."
    ));
    let (of_successes, of_failures) = (&names.success_headers, &names.failure_headers);
    let success_headers = headers::headers(context, &operation.successes, of_successes, &doc, uses);
    let doc = Doc::line(&format!(
        "The headers of the failures of {link}; read them with [`Error::headers_as`](accredit_runtime::Error::headers_as)."
    ));
    let failure_headers = headers::headers(context, &operation.failures, of_failures, &doc, uses);
    let mut setters = setters(context, id, operation, uses);
    if !setters.is_empty() {
        let parameters = (&operation.parameters, &names.defaults);
        let defaults = defaults::of_parameters(context, parameters.0, parameters.1, uses);
        setters.splice(0..0, defaults);
    }
    setters.extend(responses::stream(context, operation, uses));
    let streams = pages::streams(context, operation, &names.call, &output, uses);
    let poller = polling::poller(context, operation, names, &output, uses);
    let has_call = !setters.is_empty() || streams.is_some() || poller.is_some();

    let form = operation
        .parts()
        .map(|parts| multipart::form(context, names, parts, &link, uses));
    let body = operation.body.as_ref();
    let choice = body.and_then(|body| bodies::choice(context, body, names, &link, uses));
    let method = method(context, id, &output, has_call, failures.is_some(), uses);
    let description = description(context, id, operation, uses);
    let is_stream = operation.stream().is_some();
    let call = has_call.then(|| call(&names.call, &link, &output, (&setters, is_stream), uses));
    let public = quote! {
        #call
        #streams
        #poller
        #choice
        #form
        #successes
        #success_headers
        #failures
        #failure_headers
    };
    Emitted {
        method,
        has_public: !public.is_empty(),
        items: quote!(#description #public),
    }
}

fn method(
    context: Context<'_>,
    id: OperationId,
    output: &responses::Output,
    has_call: bool,
    has_failures: bool,
    uses: &mut Uses,
) -> TokenStream {
    let operation = &context.api.operations[id.index()];
    let names = context.names.operation(id);
    let (method, call, description) = (&names.method, &names.call, &names.description);

    let required = inputs(operation, &names.parameters, true);
    let mut needed = Uses::in_operations();
    let mut arguments: Vec<_> = required
        .iter()
        .map(|(parameter, name)| parameters::parameter(context, parameter, name, &mut needed))
        .collect();
    let body = operation.body.as_ref().filter(|body| body.required);
    arguments.extend(body.map(|body| bodies::argument(context, body, names, &mut needed)));
    uses.add(&needed);

    let runtime = uses.runtime("Call");
    let decode = &output.decode;
    let applications = arguments.iter().map(|argument| &argument.application);
    let value = quote!(#runtime::new(self.core, &#description, #decode) #(#applications)*);
    let ty = &output.ty;
    let (returned, value) = if has_call {
        (quote!(#call<'a>), quote!(#call(#value)))
    } else {
        (quote!(#runtime<'a, #ty>), value)
    };
    let is_complex = arguments.iter().any(|argument| argument.is_complex);
    let complexity = types::complexity(is_complex || output.is_complex && !has_call);
    let count = (arguments.len() + 1 > MOST_ARGUMENTS).then(
        || quote!(#[expect(clippy::too_many_arguments, reason = "the document requires as many")]),
    );
    let deprecated = operation.docs.deprecated.then(|| quote!(#[deprecated]));
    let mut doc = method_doc(operation, names, &required, has_failures);
    if context.has_examples {
        let inputs = required
            .iter()
            .map(|(parameter, name)| (*name, Some(&parameter.ty)));
        let inputs = inputs.chain(body.map(|_| (&names.body, None)));
        let given: Vec<_> = inputs.zip(&arguments).collect();
        doc = doc.example(usage::example(context, id, &given, needed));
    }
    let declarations = arguments.iter().map(|argument| &argument.declaration);
    let generics = arguments
        .iter()
        .find_map(|argument| argument.generics.as_ref());
    quote! {
        #doc
        #deprecated
        #count
        #complexity
        #[inline]
        pub fn #method #generics(self, #(#declarations),*) -> #returned {
            #value
        }
    }
}

fn method_doc(
    operation: &Operation,
    names: &crate::names::OperationNames,
    required: &[(&Parameter, &Identifier)],
    has_failures: bool,
) -> Doc {
    let line = format!("{} {}", operation.method, operation.path);
    let fallback = format!("The operation {}.", code(&operation.id));
    let mut docs = operation.docs.clone();
    docs.deprecated = false;
    let doc = Doc::of(&docs, &operation.id, &fallback).paragraph(&code(&line));
    let arguments = required
        .iter()
        .map(|(parameter, name)| parameters::line(parameter, name));
    let body = operation.body.as_ref().filter(|body| body.required);
    let body = body.and_then(|body| bodies::line(body, &names.body));
    let mut doc = doc.list(arguments.chain(body));
    if has_failures {
        doc = doc.paragraph(&format!("The bodies of failures are [`{}`].", names.error));
    }
    if let Some(pages) = &operation.pages {
        let stream = if pages.items.is_some() {
            "items"
        } else {
            "pages"
        };
        doc = doc.paragraph(&format!(
            "It comes page by page: see [`{}::{stream}`].",
            names.call
        ));
    }
    if operation.polling.is_some() {
        doc = doc.paragraph(&format!(
            "It goes on after its answer: [`{}::poller`] asks until it is done.",
            names.call
        ));
    }
    doc
}

/// Returns the parameters that are required, or those that aren't, with their identifiers.
fn inputs<'a>(
    operation: &'a Operation,
    names: &'a [Identifier],
    required: bool,
) -> Vec<(&'a Parameter, &'a Identifier)> {
    let parameters = operation.parameters.iter().zip(names);
    parameters
        .filter(|(parameter, _)| parameter.required == required)
        .collect()
}

/// Returns the methods of a call that set what isn't required.
fn setters(
    context: Context<'_>,
    id: OperationId,
    operation: &Operation,
    uses: &mut Uses,
) -> Vec<TokenStream> {
    let names = context.names.operation(id);
    let setter =
        |doc: Doc, attribute: Option<TokenStream>, name: &Identifier, argument: Argument| {
            let (declaration, application) = (argument.declaration, argument.application);
            let generics = argument.generics;
            let complexity = types::complexity(argument.is_complex);
            quote! {
                #doc
                #attribute
                #complexity
                pub fn #name #generics(self, #declaration) -> Self {
                    Self(self.0 #application)
                }
            }
        };
    let mut setters = Vec::new();
    for (parameter, name) in inputs(operation, &names.parameters, false) {
        let argument = parameters::parameter(context, parameter, name, uses);
        setters.push(setter(
            parameters::doc(parameter),
            parameter.docs.deprecated.then(|| quote!(#[deprecated])),
            name,
            argument,
        ));
    }
    if let Some(body) = operation.body.as_ref().filter(|body| !body.required) {
        let doc = Doc::described(body.description.as_deref(), "The request body.");
        let argument = bodies::argument(context, body, names, uses);
        // Writing a body takes much code: it is compiled where it is called.
        setters.push(setter(doc, Some(quote!(#[inline])), &names.body, argument));
    }
    setters
}

/// Returns the struct of a call, for what can be set or asked of it.
fn call(
    name: &Identifier,
    link: &str,
    output: &responses::Output,
    (setters, is_stream): (&[TokenStream], bool),
    uses: &mut Uses,
) -> TokenStream {
    let doc = Doc::line(&format!("A call of {link}."));
    let ty = &output.ty;
    let complexity = types::complexity(output.is_complex);
    let call = uses.runtime("Call");
    let (lifetime, argument) = if is_stream {
        (Some(quote!(<'a>)), quote!(<'a>))
    } else {
        (None, quote!(<'_>))
    };
    let setters =
        (!setters.is_empty()).then(|| quote!(impl #lifetime #name #argument { #(#setters)* }));
    quote! {
        #doc
        #[must_use = "a call is made when it is awaited"]
        #[derive(Debug)]
        pub struct #name<'a>(#complexity #call<'a, #ty>);
        accredit_runtime::call!(#name -> #ty);
        #setters
    }
}

/// The methods of which an operation is described by a function of their name.
const CONSTRUCTORS: &[&str] = &["DELETE", "GET", "PATCH", "POST", "PUT"];

/// Further methods that are constants of [`http::Method`].
const CONSTANTS: &[&str] = &["CONNECT", "HEAD", "OPTIONS", "QUERY", "TRACE"];

/// Returns the static that describes an operation to the runtime.
fn description(
    context: Context<'_>,
    id: OperationId,
    operation: &Operation,
    uses: &mut Uses,
) -> TokenStream {
    let name = &context.names.operation(id).description;
    let (id, path) = (&operation.id, &operation.path);
    let ty = uses.runtime("Operation");
    let verb = operation.method.as_str();
    let new = if CONSTRUCTORS.contains(&verb) {
        let constructor = Ident::new(&verb.to_ascii_lowercase(), Span::call_site());
        quote!(#ty::#constructor(#id, #path))
    } else if CONSTANTS.contains(&verb) {
        let method = uses.runtime("Method");
        let constant = Ident::new(verb, Span::call_site());
        quote!(#ty::new(#id, #method::#constant, #path))
    } else {
        quote!(#ty::of_method(#id, #verb, #path))
    };
    let successes: Vec<_> = operation
        .successes
        .iter()
        .map(|success| responses::status(success.status, uses))
        .collect();
    let accepted = accepted(operation);
    let accept = (!accepted.is_empty()).then(|| quote!(.accept(#accepted)));
    let requirements = operation.security.iter().map(|requirement| {
        let schemes = requirement.schemes.iter().map(|(scheme, scopes)| {
            let scheme = Literal::usize_unsuffixed(*scheme);
            quote!((#scheme, &[#(#scopes),*]))
        });
        let requirement = uses.runtime("Requirement");
        quote!(#requirement::new(&[#(#schemes),*]))
    });
    let requirements: Vec<_> = requirements.collect();
    let security = (!requirements.is_empty()).then(|| quote!(.security(&[#(#requirements),*])));
    let servers = operation.servers.map(|list| {
        let list = Literal::usize_unsuffixed(list);
        quote!(.servers(#list))
    });
    let paging = operation.pages.as_ref().map(pages::description);
    quote! {
        static #name: #ty = #new
            .success(&[#(#successes),*])
            #accept
            #security
            #servers
            #paging;
    }
}

/// Returns the media types of the responses, those of successes first; of several that one response
/// can have, the first is preferred (RFC 9110 §12.5.1).
pub(super) fn accepted(operation: &Operation) -> String {
    let responses = operation.successes.iter().chain(&operation.failures);
    let mut media_types: Vec<(&str, bool)> = Vec::new();
    for response in responses {
        let notations = response.whole().enumerate().flat_map(|(rank, content)| {
            let xml = content.also_xml.iter();
            let xml = xml.map(|(media_type, _)| (media_type.as_str(), false));
            [(content.media_type.as_str(), rank == 0)]
                .into_iter()
                .chain(xml)
        });
        for (media_type, is_first) in notations {
            match media_types
                .iter_mut()
                .find(|(known, _)| *known == media_type)
            {
                Some((_, is_preferred)) => *is_preferred |= is_first,
                None => media_types.push((media_type, is_first)),
            }
        }
    }
    let ranked = media_types.into_iter().map(|(media_type, is_preferred)| {
        let weight = if is_preferred { "" } else { ";q=0.9" };
        format!("{media_type}{weight}")
    });
    ranked.collect::<Vec<_>>().join(", ")
}

/// Returns the documentation of a method that leads to a group.
pub(super) fn accessor_doc(tag: &str) -> Doc {
    Doc::line(&format!("Returns the operations tagged {}.", code(tag)))
}
