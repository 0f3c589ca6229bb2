//! Long-running operations: the request for the state, for the runtime, and the poller of a call.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, operations::accepted, responses::Output, types, uses::Uses};
use crate::{
    model::{Operation, Polling, PollingResult, ResultPlace},
    names::OperationNames,
};

/// What is accepted where the document doesn't say what comes.
const ANY: &str = "application/json, */*;q=0.5";

/// Returns the static that describes the request for the state, and the method of a call that gives its
/// poller.
pub(super) fn poller(
    context: Context<'_>,
    operation: &Operation,
    names: &OperationNames,
    output: &Output,
    uses: &mut Uses,
) -> Option<TokenStream> {
    let polling = operation.polling.as_ref()?;
    let (call, state) = (&names.call, &names.state);
    let accept = match &polling.result {
        PollingResult::Json { media_type, .. } => media_type.clone(),
        PollingResult::Own => accepted(operation),
        PollingResult::Nothing | PollingResult::Answer => ANY.to_owned(),
    };
    let description = description(polling, &accept, names, uses);
    let decode = uses.runtime("decode");
    let (ty, decoder, is_complex) = match &polling.result {
        PollingResult::Json { ty, .. } => {
            let is_complex = types::is_complex(ty, 1);
            let ty = types::ty(context, ty, uses);
            (ty, quote!(#decode::json), is_complex)
        }
        PollingResult::Nothing => (quote!(()), quote!(#decode::nothing), false),
        PollingResult::Answer => {
            let answer = uses.runtime("Answer");
            (quote!(#answer), quote!(#decode::answer), false)
        }
        PollingResult::Own => (output.ty.clone(), output.decode.clone(), output.is_complex),
    };
    let complexity = types::complexity(is_complex);
    Some(quote! {
        #description

        impl<'a> #call<'a> {
            /// Returns what makes the call when it is awaited, and asks until what it started is done.
            #complexity
            #[inline]
            pub fn poller(self) -> accredit_runtime::Poller<'a, #ty> {
                self.0.poller(&#state, #decoder)
            }
        }
    })
}

fn description(
    polling: &Polling,
    accept: &str,
    names: &OperationNames,
    uses: &mut Uses,
) -> TokenStream {
    let (description, name) = (&names.description, &names.state);
    let ty = uses.runtime("Operation");
    let way = quote!(accredit_runtime::Polling);
    let headers = &polling.headers;
    let way = match (headers.as_slice(), polling.asks_again) {
        ([], _) => quote!(#way::again()),
        (_, true) => quote!(#way::headers(&[#(#headers),*]).or_again()),
        (_, false) => quote!(#way::headers(&[#(#headers),*])),
    };
    let state = polling.state.iter().map(|at| quote!(.state(&[#(#at),*])));
    let succeeded = Some(&polling.succeeded).filter(|states| !states.is_empty());
    let succeeded = succeeded.map(|states| quote!(.succeeded(&[#(#states),*])));
    let failed = Some(&polling.failed).filter(|states| !states.is_empty());
    let failed = failed.map(|states| quote!(.failed(&[#(#states),*])));
    let place = match polling.place {
        ResultPlace::Answer => None,
        ResultPlace::Location => Some(quote!(.result_at_location())),
        ResultPlace::OriginalUri => Some(quote!(.result_at_original_uri())),
    };
    quote! {
        static #name: #ty = #description.state(#accept, #way #(#state)* #succeeded #failed #place);
    }
}
