//! Tests: every example of the document is read and written back without loss.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Value, json};

use super::{Context, format, types, uses::Uses};
use crate::files::{Files, header, mark};
use crate::names::ALL;

const DOC: &str = "\
//! The examples of the document: each is read as its type and written back without loss.
//!
//! They stand in `examples.jsonl`, a line each: the type, the place in the document, the value, and
//! the places in the value that the type doesn't keep.
";

/// Returns the test of a crate and its data; none where the document has no example.
pub(super) fn files(context: Context<'_>) -> Files {
    let mut files = Files::default();
    if context.api.examples.is_empty() {
        return files;
    }
    let mut uses = Uses::in_operations();
    // By its text, a type that has examples.
    let mut tested: BTreeMap<String, TokenStream> = BTreeMap::new();
    let document = &context.api.source;
    let mut data = format!("{}\n", json!({ "mark": mark(document) }));
    for example in &context.api.examples {
        let ty = types::ty(context, &example.ty, &mut uses);
        let name = spelled(&ty);
        let mut line = json!({
            "type": name,
            "at": example.pointer.to_string(),
            "value": example.value,
        });
        if !example.left_out.is_empty() {
            let places = example.left_out.iter().map(ToString::to_string);
            line["left_out"] = places.map(Value::from).collect();
        }
        data.push_str(&line.to_string());
        data.push('\n');
        tested.insert(name, ty);
    }
    let types = tested
        .iter()
        .map(|(name, ty)| quote!((#name, round_trip::<#ty>),));
    let types: Vec<_> = types.collect();
    let library = proc_macro2::Ident::new(&context.names.library(), proc_macro2::Span::call_site());
    let import = (!uses.types.is_empty()).then(|| quote!(use #library::types;));
    let declarations = uses.declarations();
    let has_features = context.names.features().next().is_some();
    let gate = has_features.then(|| format!("#![cfg(feature = \"{ALL}\")]\n\n"));
    let text = format::items(quote! {
        #declarations
        use accredit_runtime::examples::{RoundTrip, failures, round_trip};
        #import

        const TYPES: &[(&str, RoundTrip)] = &[#(#types)*];

        #[test]
        fn every_example_survives_a_round_trip() {
            let failures = failures(include_str!("examples.jsonl"), TYPES);
            assert!(failures.is_empty(), "{}", failures.join("\n"));
        }
    });
    files.insert(
        "tests/examples.rs",
        format!(
            "{}\n{DOC}\n{}{text}",
            header(document),
            gate.unwrap_or_default()
        ),
    );
    files.insert("tests/examples.jsonl", data);
    files
}

/// Returns a type as a person writes it.
fn spelled(ty: &TokenStream) -> String {
    ty.to_string().replace(' ', "").replace(',', ", ")
}
