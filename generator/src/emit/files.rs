//! The module tree: which item stands in which file.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{TokenStreamExt, quote};

use super::{Context, client, format, operations, types, uses::Uses};
use crate::{
    files::{Files, header},
    model::{Graph, OperationId, TypeId},
    names::Identifier,
};

/// A file of more lines is divided.
const LONGEST: usize = 3000;

/// An item, or a few that belong together.
struct Piece {
    tokens: TokenStream,
    text: String,
    uses: Uses,
    exports: Vec<Identifier>,
    types: Vec<TypeId>,
}

/// Returns the modules of a crate.
pub(super) fn of_crate(context: Context<'_>) -> Files {
    let mut files = Files::default();
    client_file(context, &mut files);
    operation_files(context, &mut files);
    type_files(context, &mut files);
    files
}

/// Returns one file with inline modules. It has no inner attribute and no inner documentation,
/// which `include!` doesn't take.
pub(super) fn of_module(context: Context<'_>) -> Files {
    let mut uses = Uses::in_operations();
    let items = client::items(context, &mut uses);
    let groups = group_imports(context, &quote!(super::operations));
    let client = module_text(&uses, &groups, &[items]);

    let mut uses = Uses::in_operations();
    let mut items = Vec::new();
    for index in 0..context.api.groups.len() {
        let emitted = members(context, index);
        items.push(operations::group(context, index, &mut uses));
        let new = operations::constructor(&mut uses);
        let methods: Vec<_> = emitted.iter().map(|(method, _)| method).collect();
        items.push(implementation(context, index, &quote!(#new #(#methods)*)));
        for (_, piece) in emitted {
            uses.add(&piece.uses);
            items.push(piece.tokens);
        }
    }
    let imported = (!uses.types.is_empty()).then(|| {
        quote!(
            use super::types;
        )
    });
    let operations = module_text(&uses, &imported.unwrap_or_default(), &items);

    let mut uses = Uses::in_types();
    let mut items = Vec::new();
    for (id, _) in context.api.types() {
        items.push(types::definition(context, id, &mut uses));
    }
    let types = module_text(&uses, &TokenStream::new(), &items);

    // The crate around has its own lints, which a document can't know.
    let allow = "#[allow(\n    dead_code,\n    missing_docs,\n    unreachable_pub,\n    clippy::all,\n    clippy::pedantic,\n    clippy::nursery,\n    reason = \"generated; the crate around uses a part of it\"\n)]\n";
    let module = |visibility: &str, name: &str, text: &str| {
        format!(
            "\n{allow}{visibility}mod {name} {{\n{}}}\n",
            format::indented(text)
        )
    };
    let mut text = header(context.config.document());
    for export in [
        "accredit_runtime::{Connection, Error}",
        "self::client::Client",
    ] {
        text.push_str(&format!(
            "\n#[allow(unused_imports, unreachable_pub)]\npub use {export};\n"
        ));
    }
    text.push_str(&module("", "client", &client));
    text.push_str(&format!(
        "\n/// The operations, by group.{}",
        module("pub ", "operations", &operations)
    ));
    text.push_str(&format!(
        "\n/// The types of parameters and of bodies.{}",
        module("pub ", "types", &types)
    ));
    let mut files = Files::default();
    files.insert("client.rs", text);
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

/// Returns the method of every operation of a group, and what stands beside it.
fn members(context: Context<'_>, group: usize) -> Vec<(TokenStream, Piece)> {
    let members = context
        .api
        .operations()
        .filter(|(_, operation)| operation.group == group);
    members.map(|(id, _)| member(context, id)).collect()
}

fn member(context: Context<'_>, id: OperationId) -> (TokenStream, Piece) {
    let mut uses = Uses::in_operations();
    let emitted = operations::operation(context, id, &mut uses);
    let text = format::items(emitted.items.clone());
    let piece = Piece {
        tokens: emitted.items,
        text,
        uses,
        exports: emitted.exports,
        types: Vec::new(),
    };
    (emitted.method, piece)
}

fn implementation(context: Context<'_>, group: usize, methods: &TokenStream) -> TokenStream {
    let name = &context.names.group(group).group;
    quote!(impl<'a> #name<'a> { #methods })
}

fn operation_files(context: Context<'_>, files: &mut Files) {
    let mut modules = TokenStream::new();
    let mut exports = TokenStream::new();
    let mut order: Vec<_> = (0..context.api.groups.len()).collect();
    order.sort_by_key(|index| &context.names.group(*index).module);
    for index in order {
        let names = context.names.group(index);
        let module = &names.module;
        let members = members(context, index);
        let exported = members.iter().flat_map(|(_, piece)| &piece.exports);
        let exported: Vec<_> = exported.chain([&names.group]).collect();
        modules.append_all(quote!(mod #module;));
        exports.append_all(declaration(&quote!(pub use self::#module), &exported));
        group_files(context, index, &members, files);
    }
    let text = format!(
        "//! The operations, by group.\n\n{}",
        format::items(quote!(#modules #exports))
    );
    files.insert("src/operations.rs", file(context, &text));
}

/// Writes a group: one file, or several with a part of the operations each.
fn group_files(
    context: Context<'_>,
    index: usize,
    members: &[(TokenStream, Piece)],
    files: &mut Files,
) {
    let names = context.names.group(index);
    let (module, group) = (&names.module, &names.group);
    let mut uses = Uses::in_operations();
    let definition = operations::group(context, index, &mut uses);
    let new = operations::constructor(&mut uses);
    let parts = parts(members);
    if let [members] = parts.as_slice() {
        let methods = members.iter().map(|(method, _)| method);
        let implementation = implementation(context, index, &quote!(#new #(#methods)*));
        let text = operations_text(uses, &[definition, implementation], members);
        files.insert(format!("src/operations/{module}.rs"), file(context, &text));
        return;
    }
    let mut modules = TokenStream::new();
    let mut exports = TokenStream::new();
    for (number, members) in parts.iter().enumerate() {
        let part = format::part(number + 1);
        let methods: Vec<_> = members.iter().map(|(method, _)| method).collect();
        let implementation = implementation(context, index, &quote!(#(#methods)*));
        let import = quote!(use super::#group;);
        let text = operations_text(Uses::in_operations(), &[import, implementation], members);
        files.insert(
            format!("src/operations/{module}/{part}.rs"),
            file(context, &text),
        );
        modules.append_all(quote!(mod #part;));
        let exported: Vec<_> = members
            .iter()
            .flat_map(|(_, piece)| &piece.exports)
            .collect();
        exports.append_all(declaration(&quote!(pub use self::#part), &exported));
    }
    let implementation = implementation(context, index, &new);
    let text = module_text(
        &uses,
        &quote!(#modules #exports),
        &[definition, implementation],
    );
    files.insert(format!("src/operations/{module}.rs"), file(context, &text));
}

fn operations_text(
    mut uses: Uses,
    items: &[TokenStream],
    members: &[(TokenStream, Piece)],
) -> String {
    for (_, piece) in members {
        uses.add(&piece.uses);
    }
    let imports = (!uses.types.is_empty()).then(|| {
        quote!(
            use crate::types;
        )
    });
    let mut text = module_text(&uses, &imports.unwrap_or_default(), items);
    for (_, piece) in members {
        text.push('\n');
        text.push_str(&piece.text);
    }
    text
}

/// Divides members so that no part makes a file that is too long.
fn parts(members: &[(TokenStream, Piece)]) -> Vec<&[(TokenStream, Piece)]> {
    let mut parts = Vec::new();
    let (mut start, mut lines) = (0, 0);
    for (index, (method, piece)) in members.iter().enumerate() {
        // A method is about as long as its documentation: attributes are tokens by themselves.
        let length = piece.text.lines().count() + attributes(method) + 5;
        if lines + length > LONGEST && index > start {
            parts.push(&members[start..index]);
            (start, lines) = (index, 0);
        }
        lines += length;
    }
    parts.push(&members[start..]);
    parts
}

fn attributes(tokens: &TokenStream) -> usize {
    let is_attribute = |token: &proc_macro2::TokenTree| matches!(token, proc_macro2::TokenTree::Punct(punct) if punct.as_char() == '#');
    tokens.clone().into_iter().filter(is_attribute).count()
}

fn type_files(context: Context<'_>, files: &mut Files) {
    let graph = Graph::of(context.api);
    let mut by_group: BTreeMap<Option<usize>, Vec<Piece>> = BTreeMap::new();
    for (id, _) in context.api.types() {
        by_group
            .entry(graph.only_group(id))
            .or_default()
            .push(definition(context, id));
    }
    let mut modules: Vec<_> = by_group
        .into_iter()
        .map(|(group, pieces)| {
            let module = group.map_or_else(
                || quote!(shared),
                |group| {
                    let module = &context.names.group(group).module;
                    quote!(#module)
                },
            );
            (module.to_string(), module, pieces)
        })
        .collect();
    modules.sort_by(|(one, ..), (other, ..)| one.cmp(other));

    let mut declarations = TokenStream::new();
    let mut exports = TokenStream::new();
    for (name, module, pieces) in modules {
        let exported: Vec<_> = pieces.iter().flat_map(|piece| &piece.exports).collect();
        declarations.append_all(quote!(mod #module;));
        exports.append_all(declaration(&quote!(pub use self::#module), &exported));
        module_files(context, &name, &pieces, files);
    }
    let text = format!(
        "//! The types of parameters and of bodies.\n\n{}",
        format::items(quote!(#declarations #exports))
    );
    files.insert("src/types.rs", file(context, &text));
}

fn definition(context: Context<'_>, id: TypeId) -> Piece {
    let mut uses = Uses::in_types();
    let tokens = types::definition(context, id, &mut uses);
    let text = format::items(tokens.clone());
    Piece {
        tokens,
        text,
        uses,
        exports: vec![context.names.ty(id).name.clone()],
        types: vec![id],
    }
}

/// Writes types: one file, or several by the first letter, so that a type that comes or goes moves
/// few others.
fn module_files(context: Context<'_>, module: &str, pieces: &[Piece], files: &mut Files) {
    let all: Vec<_> = pieces.iter().collect();
    if lines(&all) <= LONGEST {
        let text = types_text(context, &all);
        files.insert(format!("src/types/{module}.rs"), file(context, &text));
        return;
    }
    let mut letters: BTreeMap<char, Vec<&Piece>> = BTreeMap::new();
    for piece in all {
        let first = piece
            .exports
            .first()
            .and_then(|name| name.as_str().chars().next());
        let letter = first.unwrap_or('t').to_ascii_lowercase();
        letters.entry(letter).or_default().push(piece);
    }
    let mut declarations = TokenStream::new();
    let mut exports = TokenStream::new();
    for (letter, pieces) in letters {
        let chunks = chunks(&pieces);
        for (number, chunk) in chunks.iter().enumerate() {
            let part = format::lettered(letter, (chunks.len() > 1).then_some(number + 1));
            let text = types_text(context, chunk);
            files.insert(
                format!("src/types/{module}/{part}.rs"),
                file(context, &text),
            );
            declarations.append_all(quote!(mod #part;));
            let exported: Vec<_> = chunk.iter().flat_map(|piece| &piece.exports).collect();
            exports.append_all(declaration(&quote!(pub use self::#part), &exported));
        }
    }
    let text = format::items(quote!(#declarations #exports));
    files.insert(format!("src/types/{module}.rs"), file(context, &text));
}

fn chunks<'a, 'b>(pieces: &'b [&'a Piece]) -> Vec<&'b [&'a Piece]> {
    let mut chunks = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (index, piece) in pieces.iter().enumerate() {
        let lines = piece.text.lines().count() + 1;
        if length + lines > LONGEST && index > start {
            chunks.push(&pieces[start..index]);
            (start, length) = (index, 0);
        }
        length += lines;
    }
    chunks.push(&pieces[start..]);
    chunks
}

fn lines(pieces: &[&Piece]) -> usize {
    pieces
        .iter()
        .map(|piece| piece.text.lines().count() + 1)
        .sum()
}

fn types_text(context: Context<'_>, pieces: &[&Piece]) -> String {
    let mut uses = Uses::in_types();
    for piece in pieces {
        uses.add(&piece.uses);
    }
    for id in pieces.iter().flat_map(|piece| &piece.types) {
        uses.types.remove(id);
    }
    let imported: Vec<_> = uses
        .types
        .iter()
        .map(|id| &context.names.ty(*id).name)
        .collect();
    let imports = declaration(&quote!(use crate::types), &imported);
    let mut text = module_text(&uses, &imports, &[]);
    for piece in pieces {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&piece.text);
    }
    text
}
