//! The places of values in a text: a second reading that keeps spans, done only when there is
//! something to report.

mod json;
mod lines;
#[cfg(feature = "config-file")]
mod toml;
mod yaml;

pub(crate) use lines::Lines;

use std::{borrow::Cow, ops::Range};

use crate::{pointer::Pointer, sources::Source};

/// The values of a text with their spans, in bytes.
#[derive(Debug, Default)]
pub(crate) struct Tree<'t> {
    /// The root is the first.
    nodes: Vec<Node<'t>>,
}

#[derive(Debug)]
struct Node<'t> {
    span: Range<usize>,
    kind: Kind<'t>,
}

#[derive(Debug)]
enum Kind<'t> {
    Scalar,
    Sequence(Vec<usize>),
    Mapping(Vec<Member<'t>>),
    /// Another node stands here too.
    Alias(usize),
}

#[derive(Debug)]
struct Member<'t> {
    key: Cow<'t, str>,
    span: Range<usize>,
    value: usize,
}

impl<'t> Tree<'t> {
    /// Reads a source file.
    pub(crate) fn of(source: &'t Source) -> Self {
        #[cfg(feature = "config-file")]
        if source
            .path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            return toml::read(&source.text);
        }
        Self::read(&source.text)
    }

    /// Reads a text that is JSON, or else YAML. Where the text is invalid, what stands before is
    /// kept.
    pub(crate) fn read(text: &'t str) -> Self {
        let json = text.trim_start().starts_with(['{', '[']);
        json.then(|| json::read(text))
            .flatten()
            .unwrap_or_else(|| yaml::read(text))
    }

    /// Returns the span of the value at an address, or of the nearest value that encloses it: the
    /// text of a scalar, the key of anything else.
    pub(crate) fn find(&self, pointer: &Pointer) -> Option<Range<usize>> {
        let root = self.nodes.first()?;
        let mut index = 0;
        let mut span = root.span.clone();
        for token in pointer.tokens() {
            let Some((key, value)) = self.step(index, token) else {
                break;
            };
            index = self.target(value);
            span = match (&self.nodes[index].kind, key) {
                (Kind::Sequence(_) | Kind::Mapping(_), Some(key)) => key,
                _ => self.nodes[index].span.clone(),
            };
        }
        Some(span)
    }

    /// Returns the member or element of a node, with the span of the member's key.
    fn step(&self, index: usize, token: &str) -> Option<(Option<Range<usize>>, usize)> {
        match &self.nodes[self.target(index)].kind {
            Kind::Sequence(elements) => {
                let element = elements.get(token.parse::<usize>().ok()?)?;
                Some((None, *element))
            }
            Kind::Mapping(members) => members
                .iter()
                .rfind(|member| member.key == token)
                .map(|member| (Some(member.span.clone()), member.value))
                .or_else(|| self.merged(members, token)),
            Kind::Scalar | Kind::Alias(_) => None,
        }
    }

    /// Looks a key up in the mappings that are merged by `<<` (YAML 1.1 merge key).
    fn merged(&self, members: &[Member<'_>], token: &str) -> Option<(Option<Range<usize>>, usize)> {
        let merge = members.iter().rfind(|member| member.key == "<<")?.value;
        let merge = self.target(merge);
        match &self.nodes[merge].kind {
            Kind::Sequence(elements) => elements
                .iter()
                .find_map(|element| self.step(*element, token)),
            Kind::Mapping(_) => self.step(merge, token),
            Kind::Scalar | Kind::Alias(_) => None,
        }
    }

    /// Follows aliases. An alias stands after its anchor, so that this ends.
    fn target(&self, mut index: usize) -> usize {
        while let Kind::Alias(target) = self.nodes[index].kind {
            index = target;
        }
        index
    }

    fn push(&mut self, span: Range<usize>, kind: Kind<'t>) -> usize {
        self.nodes.push(Node { span, kind });
        self.nodes.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(text: &'t str, pointer: &str) -> &'t str {
        let span = Tree::read(text)
            .find(&Pointer::parse(pointer).expect("a pointer"))
            .expect("a place");
        &text[span]
    }

    #[cfg(feature = "config-file")]
    #[test]
    fn places_in_toml_are_found() {
        let text = "[names.schemas]\n\"a.b\" = 'X'\n[clients]\nc = { names.schemas.d = \"Y\" }\n";
        let source = Source {
            path: "accredit.toml".into(),
            text: text.to_owned(),
        };
        for (pointer, found) in [
            ("/names/schemas/a.b", "'X'"),
            ("/clients/c/names/schemas/d", "\"Y\""),
            ("/clients/c", "c"),
        ] {
            let pointer = Pointer::parse(pointer).expect("a pointer");
            let span = Tree::of(&source).find(&pointer).expect("a place");
            assert_eq!(&text[span], found, "{pointer}");
        }
    }

    #[test]
    fn a_scalar_is_found_by_its_text_and_a_container_by_its_key() {
        let json = r#"{"a": {"b/c": [1, "two", {"d\u00e9": null}]}}"#;
        assert_eq!(found(json, "/a"), "\"a\"");
        assert_eq!(found(json, "/a/b~1c/1"), "\"two\"");
        assert_eq!(found(json, "/a/b~1c/2/dé"), "null");
        let yaml = "a:\n  b/c: [1, 'two']\n  ü: x # c\n  200: y\n";
        assert_eq!(found(yaml, "/a"), "a");
        assert_eq!(found(yaml, "/a/b~1c/1"), "'two'");
        assert_eq!(found(yaml, "/a/ü"), "x");
        assert_eq!(found(yaml, "/a/200"), "y");
    }

    #[test]
    fn a_place_that_isn_t_there_is_the_nearest_one_that_encloses_it() {
        assert_eq!(found("a:\n  b: 1\n", "/a/c/d"), "a");
        assert_eq!(found(r#"{"a": [1]}"#, "/a/7"), "\"a\"");
    }

    #[test]
    fn tabs_keep_nobody_from_his_place() {
        let yaml = "a:\n\t- b: 1\n\t  ü: {c: 2}\n\t- 3\nd:\n    e: 4\n";
        assert_eq!(found(yaml, "/a/0/ü/c"), "2");
        assert_eq!(found(yaml, "/a/1"), "3");
        assert_eq!(found(yaml, "/d/e"), "4");
    }

    #[test]
    fn aliases_and_merge_keys_lead_to_the_anchor() {
        let yaml = "base: &base\n  size: 1\n  deep: {x: 2}\nuse: *base\nmore:\n  <<: *base\n  size: 3\nmost:\n  <<: [*base]\n";
        assert_eq!(found(yaml, "/use/size"), "1");
        assert_eq!(found(yaml, "/use/deep/x"), "2");
        assert_eq!(found(yaml, "/more/size"), "3");
        assert_eq!(found(yaml, "/more/deep/x"), "2");
        assert_eq!(found(yaml, "/most/deep/x"), "2");
    }

    #[test]
    fn of_duplicate_keys_the_last_is_found() {
        assert_eq!(found("a: 1\na: 2\n", "/a"), "2");
        assert_eq!(found(r#"{"a": 1, "a": 2}"#, "/a"), "2");
    }

    #[test]
    fn deep_nesting_and_garbage_are_survived() {
        for text in [
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            "\u{0}{[&*".into(),
        ] {
            Tree::read(&text).find(&Pointer::root());
        }
    }
}
