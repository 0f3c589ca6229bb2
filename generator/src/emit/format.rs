//! Tokens become text, as a person would lay it out.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;

use crate::names::Identifier;

impl ToTokens for Identifier {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        Ident::new(self.as_str(), Span::call_site()).to_tokens(tokens);
    }
}

/// Returns items as text, an empty line between each two. `use` declarations stand together.
pub(super) fn items(tokens: TokenStream) -> String {
    let file = match syn::parse2::<syn::File>(tokens) {
        Ok(file) => file,
        Err(error) => unreachable!("emitted tokens are items: {error}"),
    };
    let mut text = String::new();
    let mut before = None;
    for item in file.items {
        let kind = std::mem::discriminant(&item);
        let is_declaration = matches!(item, syn::Item::Use(_) | syn::Item::Mod(_));
        if before.is_some_and(|before| before != kind || !is_declaration) {
            text.push('\n');
        }
        before = Some(kind);
        text.push_str(&spaced(&prettyplease::unparse(&syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![item],
        })));
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
    use quote::quote;

    use super::*;

    #[test]
    fn items_and_functions_stand_apart() {
        let text = items(quote! {
            use a::b;
            use c::d;
            #[doc = " A."]
            struct A;
            accredit_runtime::newtype!(A(Vec<Option<A>>));
            impl A { const X: u8 = 1; fn x() { if true {} } #[doc = " Y;"] #[doc = " Z."] fn y() { if true {} } }
        });
        let expected = indoc::indoc! {"
            use a::b;
            use c::d;

            /// A.
            struct A;

            accredit_runtime::newtype!(A(Vec<Option<A>>));

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
        "};
        assert_eq!(text, expected);
    }
}
