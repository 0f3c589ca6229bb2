//! Names that somebody asks for: they are given first, as they are written, or refused.

use super::{
    case::Words,
    scope::{Case, Claim, Identifier, Scope, written},
};
use crate::diagnostics::{Code, Diagnostics};
use crate::model::Asked;

/// Takes identifiers for many things, like [`Scope::claim_all`]; those that are asked for come first.
pub(super) fn claim_all(
    scope: &mut Scope,
    case: Case,
    claims: &[(Claim, Option<&Asked>)],
    avoided: &[&str],
    diagnostics: &mut Diagnostics,
) -> Vec<Identifier> {
    let asked = claims.iter().map(|(_, asked)| *asked);
    let given = give_all(scope, case, asked, avoided, diagnostics);
    let others = claims.iter().zip(&given);
    let others: Vec<_> = others
        .filter(|(_, given)| given.is_none())
        .map(|((claim, _), _)| claim.clone())
        .collect();
    let mut others = scope.claim_all(case, &others, avoided).into_iter();
    let all = given
        .into_iter()
        .map(|given| given.or_else(|| others.next()));
    all.flatten().collect()
}

/// Gives the names that are asked for, each to one thing.
pub(super) fn give_all<'a>(
    scope: &mut Scope,
    case: Case,
    asked: impl Iterator<Item = Option<&'a Asked>>,
    avoided: &[&str],
    diagnostics: &mut Diagnostics,
) -> Vec<Option<Identifier>> {
    asked
        .map(|asked| {
            let asked = asked?;
            let name = &asked.name;
            if !is_written(case, name) {
                let what = match case {
                    Case::Snake => "a name of a field or a method",
                    Case::Pascal => "a name of a type or a variant",
                    Case::Screaming => "a name of a constant",
                };
                let refused = diagnostics.error(
                    Code::UnusableName,
                    &asked.pointer,
                    format!("`{name}` isn't {what}"),
                );
                let meant = written(case, &Words::of(name));
                refused.set_hint(match meant {
                    Some(meant) => format!("write `{meant}`"),
                    None => "choose a word that Rust doesn't keep for itself".to_owned(),
                });
                return None;
            }
            let given = scope.give(name, avoided);
            if given.is_none() {
                diagnostics
                    .error(
                        Code::UnusableName,
                        &asked.pointer,
                        format!("`{name}` is the name of something else already"),
                    )
                    .set_hint("ask for another name");
            }
            given
        })
        .collect()
}

/// Returns whether a text is an identifier in its case.
fn is_written(case: Case, text: &str) -> bool {
    if syn::parse_str::<syn::Ident>(text).is_err() {
        return false;
    }
    let mut letters = text.chars();
    let begins = |is: fn(&char) -> bool| text.chars().next().as_ref().is_some_and(is);
    let word = |letter: char, is_of_case: bool| is_of_case || letter.is_ascii_digit();
    match case {
        Case::Pascal => {
            begins(char::is_ascii_uppercase)
                && letters.all(|letter| word(letter, letter.is_ascii_alphabetic()))
        }
        Case::Snake | Case::Screaming => {
            let is_of_case = |letter: char| match case {
                Case::Screaming => letter.is_ascii_uppercase(),
                _ => letter.is_ascii_lowercase(),
            };
            begins(char::is_ascii_alphabetic)
                && !text.contains("__")
                && letters.all(|letter| letter == '_' || word(letter, is_of_case(letter)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pointer::Pointer;

    fn claim(name: &str) -> Claim {
        Claim {
            candidates: vec![Words::of(name)],
            fallback: "field",
        }
    }

    fn named(things: &[(&str, Option<&str>)]) -> (Vec<String>, Vec<String>) {
        let asked: Vec<_> = things
            .iter()
            .map(|(_, name)| {
                name.map(|name| Asked {
                    name: name.to_owned(),
                    pointer: Pointer::root(),
                })
            })
            .collect();
        let claims: Vec<_> = things
            .iter()
            .zip(&asked)
            .map(|((name, _), asked)| (claim(name), asked.as_ref()))
            .collect();
        let mut diagnostics = Diagnostics::new();
        let mut scope = Scope::default();
        let names = claim_all(
            &mut scope,
            Case::Snake,
            &claims,
            &["taken"],
            &mut diagnostics,
        );
        let told = diagnostics.into_list();
        (
            names.iter().map(ToString::to_string).collect(),
            told.iter().map(|one| one.message().to_owned()).collect(),
        )
    }

    #[test]
    fn what_is_asked_for_is_given_and_the_rest_steps_aside() {
        let (names, told) = named(&[("links", None), ("_links", Some("links")), ("a", None)]);
        assert_eq!(names, ["links_2", "links", "a"]);
        assert_eq!(told, <[&str; 0]>::default());
    }

    #[test]
    fn a_name_is_given_once_and_as_rust_writes_it() {
        let (names, told) = named(&[
            ("a", Some("same")),
            ("b", Some("same")),
            ("c", Some("type")),
            ("d", Some("linkList")),
            ("e", Some("taken")),
        ]);
        assert_eq!(names, ["same", "b", "c", "d", "e"]);
        let expected = [
            "`same` is the name of something else already",
            "`type` isn't a name of a field or a method",
            "`linkList` isn't a name of a field or a method",
            "`taken` is the name of something else already",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn each_case_has_its_letters() {
        for (case, text, expected) in [
            (Case::Pascal, "H2O", true),
            (Case::Pascal, "Self", false),
            (Case::Pascal, "order", false),
            (Case::Pascal, "Order_2", false),
            (Case::Snake, "order_2", true),
            (Case::Snake, "order__2", false),
            (Case::Snake, "größe", false),
            (Case::Snake, "_x", false),
            (Case::Snake, "", false),
        ] {
            assert_eq!(is_written(case, text), expected, "{text}");
        }
    }
}
