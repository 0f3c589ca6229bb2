//! The files of types: one for each group, or several for a large one.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{TokenStreamExt, quote};

use super::{LONGEST, declaration, feature_gate, file, module_text};
use crate::{
    emit::{Context, format, types, uses::Uses},
    files::Files,
    model::{Graph, TypeId, visit_kind},
    names::Identifier,
};

/// A type.
struct Piece {
    id: TypeId,
    text: String,
    uses: Uses,
}

impl Piece {
    fn name<'a>(&self, context: Context<'a>) -> &'a Identifier {
        &context.names.ty(self.id).name
    }
}

/// Adds the module of types, and those in it: one for each group, or each of several documents, that
/// alone uses some, and one for the rest.
pub(super) fn files(contexts: &[Context<'_>], files: &mut Files) {
    let Some(&context) = contexts.first() else {
        return;
    };
    let mut modules: BTreeMap<String, (Option<&str>, Vec<Piece>)> = BTreeMap::new();
    for ((id, _), user) in context.api.types().zip(users(contexts)) {
        let (module, feature) = user.map_or(("shared", None), |user| (user.module, user.feature));
        let (_, pieces) = modules
            .entry(module.to_owned())
            .or_insert((feature, Vec::new()));
        pieces.push(piece(context, id));
    }

    let mut declarations = TokenStream::new();
    let mut exports = TokenStream::new();
    for (name, (feature, pieces)) in modules {
        let module = format::module(&name);
        let gate = feature_gate(feature);
        declarations.append_all(quote!(#gate mod #module;));
        exports.append_all(quote!(#gate pub use self::#module::*;));
        module_files(context, &name, &pieces, files);
    }
    let text = format!(
        "//! The types of parameters and of bodies.\n\n{}",
        format::items(quote!(#declarations #exports))
    );
    files.insert("src/types.rs", file(context, &text));
}

/// The group, or one of several documents, that alone uses a type.
struct User<'a> {
    module: &'a str,
    feature: Option<&'a str>,
}

/// Returns the only user of each type. A type that has none, or several, leads to no type that has one:
/// it stands outside of every feature, and so must what it is made of.
fn users<'a>(contexts: &[Context<'a>]) -> Vec<Option<User<'a>>> {
    let graphs: Vec<_> = contexts
        .iter()
        .map(|context| (*context, Graph::of(context.api)))
        .collect();
    let Some((first, _)) = graphs.first() else {
        return Vec::new();
    };
    let users = first.api.types().map(|(id, _)| user(&graphs, id));
    let mut users: Vec<_> = users.collect();
    let shared = first.api.types().zip(&users);
    let mut open: Vec<_> = shared
        .filter(|(_, user)| user.is_none())
        .map(|((id, _), _)| id)
        .collect();
    while let Some(id) = open.pop() {
        visit_kind(&first.api.ty(id).kind, &mut |used| {
            if users[used.index()].take().is_some() {
                open.push(used);
            }
        });
    }
    users
}

fn user<'a>(graphs: &[(Context<'a>, Graph)], id: TypeId) -> Option<User<'a>> {
    let mut using = graphs.iter().filter(|(_, graph)| graph.is_used(id));
    let (context, graph) = using.next().filter(|_| using.next().is_none())?;
    if let Some(module) = context.names.module() {
        return Some(User {
            module: module.as_str(),
            feature: context.names.feature(),
        });
    }
    let group = context.names.group(graph.only_group(id)?);
    Some(User {
        module: group.module.as_str(),
        feature: group.feature.as_deref(),
    })
}

fn piece(context: Context<'_>, id: TypeId) -> Piece {
    let mut uses = Uses::in_types();
    let tokens = types::definition(context, id, &mut uses);
    Piece {
        id,
        text: format::items(tokens),
        uses,
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
        let first = piece.name(context).as_str().chars().next();
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
            exports.append_all(quote!(pub use self::#part::*;));
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
    for piece in pieces {
        uses.types.remove(&piece.id);
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
