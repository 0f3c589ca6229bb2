//! The files of operations: one for each group, or several for a large one.

use proc_macro2::{TokenStream, TokenTree};
use quote::{TokenStreamExt, quote};

use super::{LONGEST, feature_gate, file, module_text, path};
use crate::{
    emit::{Context, format, operations, responses::FailureEnums, uses::Uses},
    files::Files,
    model::OperationId,
};

/// An operation: its method, and what stands beside it.
struct Member {
    method: TokenStream,
    text: String,
    uses: Uses,
    has_public: bool,
}

/// Adds the module of operations, and those of the groups in it.
pub(super) fn files(context: Context<'_>, files: &mut Files) {
    let mut modules = TokenStream::new();
    let mut exports = TokenStream::new();
    let mut order: Vec<_> = (0..context.api.groups.len()).collect();
    order.sort_by_key(|index| &context.names.group(*index).module);
    for index in order {
        let names = context.names.group(index);
        let module = &names.module;
        let members = context.api.operations();
        let members = members.filter(|(_, operation)| operation.group == index);
        let mut enums = FailureEnums::at(quote!(super::));
        let members: Vec<_> = members
            .map(|(id, _)| member(context, id, &mut enums))
            .collect();
        let gate = feature_gate(names.feature.as_deref());
        modules.append_all(quote!(#gate mod #module;));
        exports.append_all(quote!(#gate pub use self::#module::*;));
        group_files(context, index, &members, files);
    }
    let text = format!(
        "//! The operations, by group.\n\n{}",
        format::items(quote!(#modules #exports))
    );
    files.insert(path(context, "operations"), file(context, &text));
}

/// Writes a group: one file, or several with a part of the operations each.
fn group_files(context: Context<'_>, index: usize, members: &[Member], files: &mut Files) {
    let names = context.names.group(index);
    let (module, group) = (&names.module, &names.group);
    let mut uses = Uses::in_operations();
    let definition = operations::group(context, index, &mut uses);
    let new = operations::constructor(&mut uses);
    let parts = parts(members);
    if let [members] = parts.as_slice() {
        let methods = members.iter().map(|member| &member.method);
        let implementation = implementation(context, index, &quote!(#new #(#methods)*));
        let text = operations_text(context, uses, &[definition, implementation], members);
        files.insert(
            path(context, &format!("operations/{module}")),
            file(context, &text),
        );
        return;
    }
    let mut modules = TokenStream::new();
    let mut exports = TokenStream::new();
    for (number, members) in parts.iter().enumerate() {
        let part = format::part(number + 1);
        let methods: Vec<_> = members.iter().map(|member| &member.method).collect();
        let implementation = implementation(context, index, &quote!(#(#methods)*));
        let import = quote!(use super::#group;);
        let text = operations_text(
            context,
            Uses::in_operations(),
            &[import, implementation],
            members,
        );
        files.insert(
            path(context, &format!("operations/{module}/{part}")),
            file(context, &text),
        );
        modules.append_all(quote!(mod #part;));
        if members.iter().any(|member| member.has_public) {
            exports.append_all(quote!(pub use self::#part::*;));
        }
    }
    let implementation = implementation(context, index, &new);
    let text = module_text(
        &uses,
        &quote!(#modules #exports),
        &[definition, implementation],
    );
    files.insert(
        path(context, &format!("operations/{module}")),
        file(context, &text),
    );
}

fn operations_text(
    context: Context<'_>,
    mut uses: Uses,
    items: &[TokenStream],
    members: &[Member],
) -> String {
    for member in members {
        uses.add(&member.uses);
    }
    let module = context.names.module().map(|module| quote!(#module::));
    let modules = uses.modules(&quote!(crate::#module), &quote!(crate::));
    let mut text = module_text(&uses, &modules, items);
    for member in members {
        text.push('\n');
        text.push_str(&member.text);
    }
    text
}

/// Divides members so that no part makes a file that is too long.
fn parts(members: &[Member]) -> Vec<&[Member]> {
    let mut parts = Vec::new();
    let (mut start, mut lines) = (0, 0);
    for (index, member) in members.iter().enumerate() {
        // A method is about as long as its documentation: attributes are tokens by themselves.
        let length = member.text.lines().count() + attributes(&member.method) + 5;
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
    let is_attribute =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#');
    tokens.clone().into_iter().filter(is_attribute).count()
}

fn member(context: Context<'_>, id: OperationId, enums: &mut FailureEnums) -> Member {
    let mut uses = Uses::in_operations();
    let emitted = operations::operation(context, id, enums, &mut uses);
    Member {
        method: emitted.method,
        text: format::items(emitted.items),
        uses,
        has_public: emitted.has_public,
    }
}

/// Returns the methods of a group, or a part of them.
pub(super) fn implementation(
    context: Context<'_>,
    group: usize,
    methods: &TokenStream,
) -> TokenStream {
    let name = &context.names.group(group).group;
    quote!(impl<'a> #name<'a> { #methods })
}
