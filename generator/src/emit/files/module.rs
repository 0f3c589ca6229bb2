//! All of a client in one file, for a build script's crate.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;

use super::{group_imports, module_text, operations::implementation};
use crate::{
    config::Layout,
    emit::{
        Context, client, constraints, docs::Doc, format, operations, responses::FailureEnums,
        types, uses::Uses, xml,
    },
    files::{Files, header},
};

/// The crate around has its own lints, which a document can't know.
const ALLOWED: &str = "\
#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    reason = \"generated; the crate around uses a part of it\"
)]
";

/// Returns one file with inline modules. It has no inner attribute and no inner documentation,
/// which `include!` doesn't take.
pub(in crate::emit) fn of_module(contexts: &[Context<'_>]) -> Files {
    let mut files = Files::default();
    let Some(&first) = contexts.first() else {
        return files;
    };
    let mut text = header(&first.api.source);
    for &context in contexts {
        match context.names.module() {
            None => text.push_str(&document(context)),
            Some(module) => {
                let doc = Doc::line(&client::summary(context));
                let doc = format::items(quote!(#doc mod document {}));
                let doc = doc.lines().take_while(|line| line.starts_with("///"));
                text.push('\n');
                text.extend(doc.flat_map(|line| [line, "\n"]));
                let module = format!("pub mod {module}");
                add(&mut text, &module, document(context).trim_start());
            }
        }
    }
    text.push_str("\n/// The types of parameters and of bodies.\n");
    add(&mut text, "pub mod types", &types_text(first));
    files.insert("client.rs", text);
    files
}

/// Returns the modules of a document.
fn document(context: Context<'_>) -> String {
    let mut text = String::new();
    for export in [
        "accredit_runtime::{Connection, Error}",
        "self::client::Client",
    ] {
        // Writing to a string can't fail.
        let _ = write!(
            text,
            "\n#[allow(unused_imports, unreachable_pub)]\npub use {export};\n"
        );
    }
    text.push('\n');
    add(&mut text, "mod client", &client_text(context));
    if let Some(items) = constraints::items(context) {
        text.push('\n');
        add(&mut text, "mod constraints", &format::items(items));
    }
    if let Some(items) = xml::items(context) {
        text.push('\n');
        add(&mut text, "mod xml", &format::items(items));
    }
    text.push_str("\n/// The operations, by group.\n");
    add(&mut text, "pub mod operations", &operations_text(context));
    text
}

fn add(text: &mut String, module: &str, items: &str) {
    let parts = [ALLOWED, module, " {\n", &format::indented(items), "}\n"];
    text.extend(parts);
}

fn client_text(context: Context<'_>) -> String {
    let mut uses = Uses::in_operations();
    let items = client::items(context, Layout::Module, &mut uses);
    let groups = group_imports(context, &quote!(super::operations));
    module_text(&uses, &groups, &[items])
}

fn operations_text(context: Context<'_>) -> String {
    let mut uses = Uses::in_operations();
    let mut enums = FailureEnums::at(TokenStream::new());
    let mut items = Vec::new();
    for index in 0..context.api.groups.len() {
        items.push(operations::group(context, index, &mut uses));
        let new = operations::constructor(&mut uses);
        let members = context.api.operations();
        let members = members.filter(|(_, operation)| operation.group == index);
        let members: Vec<_> = members
            .map(|(id, _)| operations::operation(context, id, &mut enums, &mut uses))
            .collect();
        let methods = members.iter().map(|member| &member.method);
        items.push(implementation(context, index, &quote!(#new #(#methods)*)));
        items.extend(members.into_iter().map(|member| member.items));
    }
    let up = context.names.module().map(|_| quote!(super::));
    let modules = uses.modules(&quote!(super::), &quote!(super::#up));
    module_text(&uses, &modules, &items)
}

fn types_text(context: Context<'_>) -> String {
    let mut uses = Uses::in_types();
    let types = context.api.types();
    let items: Vec<_> = types
        .map(|(id, _)| types::definition(context, id, &mut uses))
        .collect();
    module_text(&uses, &TokenStream::new(), &items)
}
