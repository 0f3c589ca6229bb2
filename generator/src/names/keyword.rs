//! Words that Rust keeps for itself.
//!
//! A keyword gets the spelling that rust-analyzer's style guide gives it, because that reads like a
//! name (`ty`, `krate`); one without such a spelling gets a trailing underscore (`in_`). Raw
//! identifiers (`r#type`) aren't used: `self`, `super`, `crate` and `Self` can't be one.

/// Keywords, strict, reserved and weak, of all editions to 2024
/// (<https://doc.rust-lang.org/reference/keywords.html>), with their other spelling.
const KEYWORDS: &[(&str, &str)] = &[
    ("abstract", "abstract_"),
    ("as", "as_"),
    ("async", "async_"),
    ("await", "await_"),
    ("become", "become_"),
    ("box", "boxed"),
    ("break", "break_"),
    ("const", "const_"),
    ("continue", "continue_"),
    ("crate", "krate"),
    ("do", "do_"),
    ("dyn", "dyn_"),
    ("else", "else_"),
    ("enum", "enum_"),
    ("extern", "extern_"),
    ("false", "false_"),
    ("final", "final_"),
    ("fn", "func"),
    ("for", "for_"),
    ("gen", "gen_"),
    ("if", "if_"),
    ("impl", "imp"),
    ("in", "in_"),
    ("let", "let_"),
    ("loop", "loop_"),
    ("macro", "mac"),
    ("match", "match_"),
    ("mod", "module"),
    ("move", "move_"),
    ("mut", "mut_"),
    ("override", "override_"),
    ("priv", "priv_"),
    ("pub", "pub_"),
    ("ref", "ref_"),
    ("return", "return_"),
    ("self", "self_"),
    ("static", "static_"),
    ("struct", "strukt"),
    ("super", "super_"),
    ("trait", "trait_"),
    ("true", "true_"),
    ("try", "try_"),
    ("type", "ty"),
    ("typeof", "typeof_"),
    ("unsafe", "unsafe_"),
    ("unsized", "unsized_"),
    ("use", "use_"),
    ("virtual", "virtual_"),
    ("where", "where_"),
    ("while", "while_"),
    ("yield", "yield_"),
    ("Self", "Itself"),
];

/// The name of a type whose constructor `new` would be called as it is (clippy's
/// `self_named_constructors`).
pub(super) const CONSTRUCTED: &str = "New";

/// Types, variants, traits and macros that every module sees, or that generated code names without
/// a path: a type of the same name would shadow them.
pub(super) const PRELUDE: &[&str] = &[
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// Returns an identifier that is no keyword.
pub(super) fn mangle(identifier: String) -> String {
    match spelling(&identifier) {
        Some(spelling) => spelling.to_owned(),
        None => identifier,
    }
}

/// Returns whether Rust keeps a word for itself.
pub(super) fn is_keyword(word: &str) -> bool {
    spelling(word).is_some()
}

fn spelling(word: &str) -> Option<&'static str> {
    let entry = KEYWORDS.iter().find(|(keyword, _)| *keyword == word);
    entry.map(|(_, spelling)| *spelling)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mangled_keyword_is_an_identifier() {
        for (keyword, spelling) in KEYWORDS {
            assert!(syn::parse_str::<syn::Ident>(spelling).is_ok(), "{spelling}");
            assert_eq!(mangle((*keyword).to_owned()), *spelling);
            assert!(!is_keyword(spelling), "{spelling}");
        }
    }

    #[test]
    fn every_word_that_syn_refuses_is_known() {
        for word in ["type", "crate", "yield", "abstract", "Self", "try", "async"] {
            assert!(syn::parse_str::<syn::Ident>(word).is_err());
            assert!(is_keyword(word));
        }
        assert_eq!(mangle("kind".to_owned()), "kind");
    }
}
