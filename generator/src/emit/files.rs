//! The module tree: which item stands in which file.

mod module;
mod operations;
mod types;

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use self::module::of_module;
use super::{Context, client, examples, format, uses::Uses};
use crate::{
    files::{Files, header},
    names::Identifier,
};

/// A file of more lines is divided.
const LONGEST: usize = 3000;

/// Returns the modules of a crate.
pub(super) fn of_crate(context: Context<'_>) -> Files {
    let mut files = Files::default();
    client_file(context, &mut files);
    operations::files(context, &mut files);
    types::files(context, &mut files);
    files.extend(examples::files(context));
    files
}

fn module_text(uses: &Uses, imports: &TokenStream, items: &[TokenStream]) -> String {
    let declarations = uses.declarations();
    format::items(quote!(#declarations #imports #(#items)*))
}

fn file(context: Context<'_>, text: &str) -> String {
    format!("{}\n{text}", header(context.config.document()))
}

fn client_file(context: Context<'_>, files: &mut Files) {
    let mut uses = Uses::in_operations();
    let items = client::items(context, &mut uses);
    let imports = group_imports(context, &quote!(crate::operations));
    let text = module_text(&uses, &imports, &[items]);
    files.insert("src/client.rs", file(context, &text));
}

fn group_imports(context: Context<'_>, path: &TokenStream) -> TokenStream {
    let groups: Vec<_> = (0..context.api.groups.len())
        .map(|index| &context.names.group(index).group)
        .collect();
    declaration(&quote!(use #path), &groups)
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
