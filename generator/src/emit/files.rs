//! The module tree: which item stands in which file.

mod module;
mod operations;
mod types;

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use self::module::of_module;
use super::{Context, client, constraints, examples, format, uses::Uses, xml};
use crate::{
    config::Layout,
    files::{Files, header},
    names::Identifier,
};

/// A file of more lines is divided.
const LONGEST: usize = 3000;

/// Returns the modules of a crate.
pub(super) fn of_crate(contexts: &[Context<'_>]) -> Files {
    let mut files = Files::default();
    for &context in contexts {
        client_file(context, &mut files);
        operations::files(context, &mut files);
        if let Some(items) = constraints::items(context) {
            let text = format!(
                "//! What the document demands of values, by schema and by operation.\n\n{}",
                format::items(items)
            );
            files.insert(path(context, "constraints"), file(context, &text));
        }
        if let Some(items) = xml::items(context) {
            let text = format!(
                "//! What bodies of XML are made of: documents, and the objects in them.\n\n{}",
                format::items(items)
            );
            files.insert(path(context, "xml"), file(context, &text));
        }
    }
    types::files(contexts, &mut files);
    // The first document stands for the examples of all.
    files.extend(
        contexts
            .first()
            .copied()
            .map(examples::files)
            .unwrap_or_default(),
    );
    files
}

/// Returns the path of a file of a document's own modules.
fn path(context: Context<'_>, file: &str) -> String {
    match context.names.module() {
        Some(module) => format!("src/{module}/{file}.rs"),
        None => format!("src/{file}.rs"),
    }
}

fn module_text(uses: &Uses, imports: &TokenStream, items: &[TokenStream]) -> String {
    let declarations = uses.declarations();
    format::items(quote!(#declarations #imports #(#items)*))
}

fn file(context: Context<'_>, text: &str) -> String {
    format!("{}\n{text}", header(&context.api.source))
}

fn client_file(context: Context<'_>, files: &mut Files) {
    let mut uses = Uses::in_operations();
    let items = client::items(context, Layout::Crate, &mut uses);
    let module = context.names.module().map(|module| quote!(#module::));
    let imports = group_imports(context, &quote!(crate::#module operations));
    let text = module_text(&uses, &imports, &[items]);
    files.insert(path(context, "client"), file(context, &text));
}

fn group_imports(context: Context<'_>, path: &TokenStream) -> TokenStream {
    let groups = (0..context.api.groups.len()).map(|index| context.names.group(index));
    // One that may not be there is named by its path where it is.
    let groups = groups.filter(|names| names.feature.is_none());
    let groups: Vec<_> = groups.map(|names| &names.group).collect();
    declaration(&quote!(use #path), &groups)
}

/// Returns the attribute of what stands behind a feature.
pub(super) fn feature_gate(feature: Option<&str>) -> Option<TokenStream> {
    feature.map(|feature| quote!(#[cfg(feature = #feature)]))
}

/// Returns a declaration of a few names; none where there is none.
fn declaration(path: &TokenStream, names: &[&Identifier]) -> TokenStream {
    let mut names = names.to_vec();
    names.sort_unstable();
    match names.as_slice() {
        [] => TokenStream::new(),
        [name] => quote!(#path::#name;),
        names => quote!(#path::{#(#names),*};),
    }
}
