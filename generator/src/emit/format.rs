//! Tokens become text, as a person would lay it out.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::names::Identifier;

impl ToTokens for Identifier {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        Ident::new(self.as_str(), Span::call_site()).to_tokens(tokens);
    }
}

/// Returns items as text, an empty line between each two. `use` declarations stand together, and so do a type
/// and its table.
pub(super) fn items(tokens: TokenStream) -> String {
    let file = match syn::parse2::<syn::File>(tokens) {
        Ok(file) => file,
        Err(error) => unreachable!("emitted tokens are items: {error}"),
    };
    let mut text = String::new();
    let mut before = None;
    for item in file.items {
        let kind = Kind::of(&item);
        if before.is_some_and(|before| !kind.is_joined_to(before)) {
            text.push('\n');
        }
        before = Some(kind);
        if let Some(table) = table(&item) {
            text.push_str(&table);
            continue;
        }
        text.push_str(&spaced(&joined(unparsed(item))));
    }
    text
}

/// What an item is to its layout.
#[derive(Clone, Copy)]
enum Kind {
    Use,
    Mod,
    Type,
    Table,
    Other,
}

impl Kind {
    fn of(item: &syn::Item) -> Self {
        match item {
            syn::Item::Use(_) => Self::Use,
            syn::Item::Mod(_) => Self::Mod,
            syn::Item::Enum(_) | syn::Item::Struct(_) => Self::Type,
            syn::Item::Macro(item) if !is_declaration(item) => Self::Table,
            _ => Self::Other,
        }
    }

    const fn is_joined_to(self, before: Self) -> bool {
        matches!(
            (before, self),
            (Self::Use, Self::Use) | (Self::Mod, Self::Mod) | (Self::Type, Self::Table)
        )
    }
}

/// Returns whether a macro is around a type, rather than told of one.
const fn is_declaration(item: &syn::ItemMacro) -> bool {
    matches!(item.mac.delimiter, syn::MacroDelimiter::Brace(_))
}

fn unparsed(item: syn::Item) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    })
}

/// The longest line that rustfmt leaves as it is.
const WIDTH: usize = 100;

/// Has the arguments of the first call of a `static`'s chain on one line where they fit, as rustfmt has them.
fn joined(text: String) -> String {
    let Some((first, rest)) = text
        .split_once("(\n        ")
        .filter(|(first, _)| first.starts_with("static ") && !first.contains('\n'))
    else {
        return text;
    };
    let Some((arguments, rest)) = rest.split_once(",\n    )\n") else {
        return text;
    };
    let line = format!("{first}({})", arguments.replace(",\n        ", ", "));
    if line.contains('\n') {
        return text;
    }
    if line.len() <= WIDTH {
        return format!("{line}\n{rest}");
    }
    match line.split_once(" = ") {
        Some((name, call)) if call.len() + 4 <= WIDTH => {
            format!("{name} =\n    {call}\n{}", indented(rest))
        }
        _ => text,
    }
}

/// Returns a table of ours, `name!(Type … { … });`, with an entry on each line; `None` for any other item.
fn table(item: &syn::Item) -> Option<String> {
    let syn::Item::Macro(item) = item else {
        return None;
    };
    if is_declaration(item) {
        return declaration(item);
    }
    let mut subject: Vec<_> = item.mac.tokens.clone().into_iter().collect();
    let Some(TokenTree::Group(entries)) = subject.pop() else {
        return None;
    };
    if entries.delimiter() != Delimiter::Brace {
        return None;
    }
    let name = &item.mac.path.segments.last()?.ident;
    let subject = spelled(subject.into_iter().collect());
    let mut text = format!("accredit_runtime::{name}!({subject} {{\n");
    let mut entry = TokenStream::new();
    for token in entries.stream() {
        let is_end = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
        if is_end {
            let entry = std::mem::take(&mut entry);
            let laid_out = constructor(&entry).or_else(|| default(&entry));
            let entry = laid_out.unwrap_or_else(|| spelled(entry));
            text.push_str(&indented(&format!("{entry},")));
        } else {
            entry.extend([token]);
        }
    }
    text.push_str("});\n");
    Some(text)
}

/// Returns an entry `new(name: Type, …)`, as a signature is written; `None` for any other entry.
fn constructor(entry: &TokenStream) -> Option<String> {
    let mut tokens = entry.clone().into_iter();
    let (Some(TokenTree::Ident(_)), Some(TokenTree::Group(_))) = (tokens.next(), tokens.next())
    else {
        return None;
    };
    let text = unparsed(syn::parse2(quote!(fn #entry {})).ok()?);
    let signature = text.trim_end().strip_prefix("fn ")?;
    Some(signature.strip_suffix(" {}")?.to_owned())
}

/// Returns an entry `default { name: value, … }`, as a value of a struct is written; `None` for any other
/// entry.
fn default(entry: &TokenStream) -> Option<String> {
    let mut tokens = entry.clone().into_iter();
    match (tokens.next()?, tokens.next()?) {
        (TokenTree::Ident(_), TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
        }
        _ => return None,
    }
    let text = unparsed(syn::parse2(quote!(const X: X = #entry;)).ok()?);
    let value = text.trim_end().strip_prefix("const X: X =")?;
    Some(value.strip_suffix(';')?.trim().to_owned())
}

/// Returns an enum that is a table of ours, `name! { enum Type { … _ = Rest, } }`, as enums are written.
fn declaration(item: &syn::ItemMacro) -> Option<String> {
    let mut head: Vec<_> = item.mac.tokens.clone().into_iter().collect();
    let Some(TokenTree::Group(body)) = head.pop() else {
        return None;
    };
    let mut values: Vec<_> = body.stream().into_iter().collect();
    // What is no variant to others: an underscore, a sign, a name and a comma.
    let rest = values.split_off(values.len().checked_sub(4)?);
    let (head, values) = (TokenStream::from_iter(head), TokenStream::from_iter(values));
    let item_enum = syn::parse2(quote!(#head { #values })).ok()?;
    let text = unparsed(syn::Item::Enum(item_enum));
    let name = &item.mac.path.segments.last()?.ident;
    let open = indented(text.trim_end().strip_suffix('}')?);
    let rest = spelled(rest.into_iter().take(3).collect());
    Some(format!(
        "accredit_runtime::{name}! {{\n{open}        {rest},\n    }}\n}}\n"
    ))
}

/// Returns the tokens of an entry as text.
fn spelled(tokens: TokenStream) -> String {
    let mut text = String::new();
    let mut is_glued = true;
    for token in tokens {
        let is_range = text.ends_with('.');
        let sign = match &token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        let glues = matches!(token, TokenTree::Group(_)) || matches!(sign, ':' | '>' | '.');
        if !is_glued && !glues {
            text.push(' ');
        }
        is_glued = matches!(sign, '-' | '.') || is_range && sign == '=';
        match token {
            TokenTree::Group(group) => {
                text.push('(');
                text.push_str(&spelled(group.stream()));
                text.push(')');
            }
            token => text.push_str(&token.to_string()),
        }
    }
    text
}

/// Separates the functions of an `impl` block by empty lines, and writes types in macros as types.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut is_after_function = false;
    let mut is_after_constant = false;
    for line in text.lines() {
        let member = line
            .strip_prefix("    ")
            .filter(|member| !member.starts_with(' '));
        let starts = member.is_some_and(|member| !member.starts_with([']', '}']));
        let is_constant = member.is_some_and(|member| member.starts_with("const "));
        if starts && (is_after_function || is_after_constant && !is_constant) {
            spaced.push('\n');
        }
        is_after_function = line == "    }";
        is_after_constant =
            member.is_some_and(|member| member.ends_with(';') && !member.starts_with("//"));
        if line.starts_with("accredit_runtime::") {
            // A macro of ours takes types, in which nothing is compared.
            spaced.push_str(&line.replace(" < ", "<").replace(" >", ">"));
        } else {
            spaced.push_str(line);
        }
        spaced.push('\n');
    }
    spaced
}

/// Returns a text as the content of a block.
pub(super) fn indented(text: &str) -> String {
    let mut indented = String::with_capacity(text.len());
    for line in text.lines() {
        if !line.is_empty() {
            indented.push_str("    ");
        }
        indented.push_str(line);
        indented.push('\n');
    }
    indented
}

/// Returns the name of a module by an identifier's text.
pub(super) fn module(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// Returns the name of a module with a part of a group's operations.
pub(super) fn part(number: usize) -> Ident {
    Ident::new(&format!("part_{number}"), Span::call_site())
}

/// Returns the name of a module with the types of a letter, or of a part of them.
pub(super) fn lettered(letter: char, number: Option<usize>) -> Ident {
    let number = number.map_or_else(String::new, |number| format!("_{number}"));
    Ident::new(&format!("{letter}{number}"), Span::call_site())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_functions_and_entries_of_tables_stand_apart() {
        let text = items(quote! {
            use a::b;
            use c::d;
            #[doc = " A."]
            struct A;
            static B: C = C::new("b", "/b/{id}").of(&[1, 2, 3, 4, 5, 6, 7, 8, 9]).in_one_line_they_would_not_fit(true);
            static D: C = C::new("the name of an operation of some length", "/the/path/of/an/operation/of/some/length").of(&[]);
            accredit_runtime::newtype!(A(Vec<Option<A>>));
            accredit_runtime::integer_enum!(A by "b" { X(A) = -1, 0 => x: y("z, (1"), 1..=2 => x: y, });
            struct C;
            accredit_runtime::object!(C { new(a: Vec<A>, b: &'a str), 0 => a: required("a"), });
            accredit_runtime::object!(D { default { a: "a, b".to_owned(), c: E::F }, 0 => a: required("a"), });
            accredit_runtime::string_enum! { #[doc = " B."] pub enum B { X = "x", #[doc = " Y."] Y = "y", _ = Z, } }
            impl A { const X: u8 = 1; fn x() { if true {} } #[doc = " Y;"] #[doc = " Z."] fn y() { if true {} } }
        });
        let expected = indoc::indoc! {r#"
            use a::b;
            use c::d;

            /// A.
            struct A;

            static B: C = C::new("b", "/b/{id}")
                .of(&[1, 2, 3, 4, 5, 6, 7, 8, 9])
                .in_one_line_they_would_not_fit(true);

            static D: C =
                C::new("the name of an operation of some length", "/the/path/of/an/operation/of/some/length")
                    .of(&[]);

            accredit_runtime::newtype!(A(Vec<Option<A>>));

            accredit_runtime::integer_enum!(A by "b" {
                X(A) = -1,
                0 => x: y("z, (1"),
                1..=2 => x: y,
            });

            struct C;
            accredit_runtime::object!(C {
                new(a: Vec<A>, b: &'a str),
                0 => a: required("a"),
            });

            accredit_runtime::object!(D {
                default {
                    a: "a, b".to_owned(),
                    c: E::F,
                },
                0 => a: required("a"),
            });

            accredit_runtime::string_enum! {
                /// B.
                pub enum B {
                    X = "x",
                    /// Y.
                    Y = "y",
                    _ = Z,
                }
            }

            impl A {
                const X: u8 = 1;

                fn x() {
                    if true {}
                }

                /// Y;
                /// Z.
                fn y() {
                    if true {}
                }
            }
        "#};
        assert_eq!(text, expected);
    }
}
