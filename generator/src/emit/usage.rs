//! The example of an operation in its documentation. What isn't easily made up, such as a body, is
//! an argument of the function around it.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{Context, format, parameters::Argument, types, uses::Uses};
use crate::{
    model::{OperationId, PollingResult, Scalar, Success, Type},
    names::Identifier,
};

/// What a method is given: its name, its type where it is a parameter, and the argument.
type Given<'e> = ((&'e Identifier, Option<&'e Type>), &'e Argument);

/// How long a hidden line may be: in the comment of a method that is a hundred columns.
const WIDEST: usize = 92;

/// Returns the lines of an example, those that a reader needn't see marked by `#`. `uses` is what the
/// arguments need.
pub(super) fn example(
    context: Context<'_>,
    id: OperationId,
    given: &[Given<'_>],
    mut uses: Uses,
) -> Vec<String> {
    let operation = &context.api.operations[id.index()];
    let accessor = &context.names.group(operation.group).accessor;
    let method = &context.names.operation(id).method;
    let mut declarations = Vec::new();
    let mut generics = None;
    let arguments = given.iter().map(|((name, ty), argument)| {
        let literal = ty.and_then(|ty| literal(context, name, ty));
        literal.unwrap_or_else(|| {
            declarations.push(&argument.declaration);
            generics = generics.or(argument.generics.as_ref());
            name.to_token_stream()
        })
    });
    let arguments: Vec<_> = arguments.collect();
    let call = quote!(client.#accessor().#method(#(#arguments),*));
    let has_items = operation
        .pages
        .as_ref()
        .is_some_and(|pages| pages.items.is_some());
    let result = operation.polling.as_ref().map(|polling| &polling.result);
    let body = if result == Some(&PollingResult::Nothing) {
        quote!(#call.poller().await?;)
    } else if result.is_some() {
        quote!(let done = #call.poller().await?;)
    } else if has_items {
        quote! {
            let mut items = #call.items();
            while let Some(item) = items.next().await {
                println!("{:?}", item?);
            }
        }
    } else if operation.success() == Success::Nothing {
        quote!(#call.await?;)
    } else {
        quote!(let answer = #call.await?;)
    };
    let function = format::items(quote! {
        async fn example #generics(client: &Client, #(#declarations),*) -> Result<(), Error> {
            #body
            Ok(())
        }
    });
    let (signature, rest) = function.split_once("{\n").unwrap_or_default();
    let (body, _) = rest.rsplit_once("    Ok(())").unwrap_or_default();
    let path = context.names.path();
    let hidden = if declarations.is_empty() {
        format!("use {path}::{{Client, Error}}; {signature}{{")
    } else {
        let library = context.names.library();
        let (listed, apart) = match (function.contains("types::"), path == library) {
            (true, true) => (", types", String::new()),
            (true, false) => ("", format!("use {library}::types;")),
            (false, _) => ("", String::new()),
        };
        uses.retain_named_in(&function);
        let uses = format::items(uses.declarations());
        format!(
            "use {path}::{{Client, Error, operations::*{listed}}}; {apart} {uses} {signature}{{"
        )
    };
    let mut lines = filled(&hidden);
    let shown = body.trim_end().lines();
    let shown: Vec<_> = shown
        .map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned())
        .collect();
    lines.extend(shown);
    lines.push("# Ok(()) }".to_owned());
    lines
}

/// Returns a value that is easily made up.
fn literal(context: Context<'_>, name: &Identifier, ty: &Type) -> Option<TokenStream> {
    match types::resolved(context, ty) {
        Type::Scalar(Scalar::String) => Some(Literal::string(name.as_str()).into_token_stream()),
        Type::Scalar(Scalar::Bool) => Some(quote!(true)),
        Type::Scalar(Scalar::I32 | Scalar::I64 | Scalar::U32 | Scalar::U64) => Some(quote!(1)),
        Type::Scalar(Scalar::F64) => Some(quote!(1.0)),
        Type::Array(_) => Some(quote!(&[])),
        _ => None,
    }
}

/// Returns code in as few hidden lines as it fills: nobody sees them.
fn filled(code: &str) -> Vec<String> {
    let words: Vec<_> = code.split_whitespace().collect();
    let code = words.join(" ").replace("( ", "(").replace(", )", ")");
    let mut lines: Vec<String> = Vec::new();
    for word in code.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < WIDEST => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("# {word}")),
        }
    }
    lines
}
