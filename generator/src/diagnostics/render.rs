//! Diagnostics as text for people.

use std::ops::Range;

use annotate_snippets::{
    AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};
use indexmap::IndexMap;

use super::{Diagnostic, Place, Severity};
use crate::{sources::Sources, tree::Lines};

/// The size of a line up to which the renderer cuts it to the terminal's width; a longer one, such as
/// a large document in one line, is cut before, which is faster.
const LONG_LINE: usize = 4 * 1024 * 1024;
/// The size that such a line is cut to.
const CUT: usize = 120;

/// Renders diagnostics that are ordered by place; those like another are folded into the first.
pub(super) fn render(list: &[Diagnostic], sources: &Sources, colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut lines = IndexMap::new();
    let blocks = folded(list).map(|(diagnostic, more)| {
        let excerpt = diagnostic.place.as_ref().and_then(|place| {
            let text = &sources.0.get(place.file)?.text;
            let lines = lines.entry(place.file).or_insert_with(|| Lines::new(text));
            Some(Excerpt::new(text, lines, place))
        });
        renderer.render(&[group(diagnostic, excerpt.as_ref(), more)])
    });
    blocks.collect::<Vec<_>>().join("\n\n")
}

/// Returns the first of like diagnostics and how many more there are: equal errors, and warnings that
/// differ in what they name.
pub(super) fn folded(list: &[Diagnostic]) -> impl Iterator<Item = (&Diagnostic, usize)> {
    let mut firsts = IndexMap::new();
    for diagnostic in list {
        let said = |text: &str| match diagnostic.severity {
            Severity::Error => text.to_owned(),
            Severity::Warning => without_names(text),
        };
        let key = (
            diagnostic.code,
            diagnostic.severity,
            said(diagnostic.message()),
            diagnostic.hint().map(said),
        );
        firsts.entry(key).or_insert((diagnostic, 0)).1 += 1;
    }
    firsts
        .into_values()
        .map(|(diagnostic, count)| (diagnostic, count - 1))
}

/// Returns a text without what is named in it, in backticks.
fn without_names(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(index, part)| if index % 2 == 0 { part } else { "`" })
        .collect()
}

fn group<'a>(
    diagnostic: &'a Diagnostic,
    excerpt: Option<&'a Excerpt<'a>>,
    more: usize,
) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(normalize_untrusted_str(&diagnostic.message))
        .id(diagnostic.code.as_str())
        .elements(excerpt.into_iter().flat_map(Excerpt::elements));
    let place = diagnostic.place.as_ref();
    if let Some(pointer) = place.and_then(Place::pointer) {
        let pointer = normalize_untrusted_str(&pointer.to_string());
        group = group.element(Level::NOTE.with_name(Some("at")).message(pointer));
    }
    if let Some(hint) = diagnostic.hint() {
        group = group.element(
            Level::HELP
                .with_name(Some("hint"))
                .message(normalize_untrusted_str(hint)),
        );
    }
    if more > 0 {
        let more = format!("… and {more} more like this");
        group = group.element(Level::NOTE.no_name().message(more));
    }
    group
}

/// The line of a place, cut where it is too long.
struct Excerpt<'t> {
    place: &'t Place,
    text: &'t str,
    /// Bytes of `text`.
    span: Range<usize>,
    is_cut: bool,
}

impl<'t> Excerpt<'t> {
    fn new(text: &'t str, lines: &Lines<'_>, place: &'t Place) -> Self {
        let line = lines.line(place.line());
        let start = place.span.start.clamp(line.start, line.end);
        let end = place.span.end.clamp(start, line.end);
        let (mut from, mut to) = (line.start, line.end);
        let is_cut = to - from > LONG_LINE;
        if is_cut {
            from = boundary(text, start.saturating_sub(CUT / 2).max(from));
            to = boundary(text, (from + CUT).min(to));
        }
        Self {
            is_cut,
            place,
            text: &text[from..to],
            span: start - from..end.clamp(start, to.max(start)) - from,
        }
    }

    fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        let path = self.place.path().display().to_string();
        let snippet = Snippet::source(self.text)
            .line_start(self.place.line())
            .annotation(AnnotationKind::Primary.span(self.span.clone()));
        if self.text.trim().is_empty() || self.is_cut {
            let origin = Origin::path(path)
                .line(self.place.line())
                .char_column(self.place.column());
            let snippet = self.is_cut.then(|| snippet.into());
            std::iter::once(origin.into()).chain(snippet)
        } else {
            std::iter::once(snippet.path(path).into()).chain(None)
        }
    }
}

/// Returns the nearest character boundary at or before an offset.
fn boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::{
        diagnostics::{At, Code, Diagnostics, Report},
        origins::Origins,
        pointer::Pointer,
        sources::Source,
    };

    fn report(text: &str, diagnostics: Diagnostics) -> Report {
        let source = Source {
            path: PathBuf::from("api.yaml"),
            text: text.to_owned(),
        };
        Report::new(diagnostics, Sources(vec![source]), Origins::default())
    }

    fn at(pointer: &str) -> At {
        At::Pointer(Pointer::parse(pointer).expect("a pointer"))
    }

    #[test]
    fn a_diagnostic_shows_code_place_line_pointer_and_hint() {
        let text = "paths:\n  /orders:\n    get:\n      $ref: '#/nowhere'\n";
        let mut diagnostics = Diagnostics::new();
        diagnostics
            .error(
                Code::UnresolvedReference,
                at("/paths/~1orders/get/$ref"),
                "the reference leads nowhere",
            )
            .set_hint("correct it");
        insta::assert_snapshot!(report(text, diagnostics), @r"
        error[unresolved-reference]: the reference leads nowhere
         --> api.yaml:4:13
          |
        4 |       $ref: '#/nowhere'
          |             ^^^^^^^^^^^
          |
          = at: #/paths/~1orders/get/$ref
          = hint: correct it
        ");
    }

    #[test]
    fn diagnostics_are_ordered_by_place_and_equal_ones_folded() {
        let mut diagnostics = Diagnostics::new();
        for pointer in ["/c", "/b", "/a", "/b"] {
            diagnostics.warning(Code::Mended, at(pointer), "a mistake");
        }
        diagnostics.error(Code::NotOpenApi, At::Nowhere, "no document");
        insta::assert_snapshot!(report("a: 1\nb: 2\nc: 3\n", diagnostics), @r"
        error[not-openapi]: no document

        warning[mended]: a mistake
         --> api.yaml:1:4
          |
        1 | a: 1
          |    ^
          |
          = at: #/a
          = … and 3 more like this
        ");
    }

    #[test]
    fn warnings_that_differ_in_names_are_folded_and_errors_are_not() {
        let mut diagnostics = Diagnostics::new();
        for (pointer, name) in [("/a", "x"), ("/b", "y"), ("/c", "z")] {
            diagnostics.warning(Code::Mended, at(pointer), format!("`{name}` is odd"));
        }
        for name in ["x", "y"] {
            diagnostics.error(Code::NoPaths, At::Nowhere, format!("no `{name}`"));
        }
        insta::assert_snapshot!(report("a: 1\nb: 2\nc: 3\n", diagnostics), @r"
        error[no-paths]: no `x`

        error[no-paths]: no `y`

        warning[mended]: `x` is odd
         --> api.yaml:1:4
          |
        1 | a: 1
          |    ^
          |
          = at: #/a
          = … and 2 more like this
        ");
    }

    #[test]
    fn a_line_that_is_too_long_is_cut() {
        for length in [3_000, 3_000_000] {
            let text = format!(
                "{{\"a\": \"{}\", \"b\": 7, \"c\": \"{}\"}}",
                "ä".repeat(length),
                "x".repeat(length)
            );
            let mut diagnostics = Diagnostics::new();
            diagnostics.warning(Code::Mended, at("/b"), "a mistake");
            let text = report(&text, diagnostics).to_string();
            assert!(
                text.contains(&format!("--> api.yaml:1:{}", length + 16)),
                "{text}"
            );
            assert!(text.contains("\", \"b\": 7, \"c\": \"xx"), "{text}");
            assert!(text.len() < 2_000, "{text}");
        }
    }

    #[test]
    fn colours_and_control_characters_come_only_when_asked_for() {
        let text = "a: 1\n";
        let mut diagnostics = Diagnostics::new();
        diagnostics.warning(Code::Mended, at("/a"), "a \u{1b}[31mmistake\u{202e}");
        let report = report(text, diagnostics);
        assert!(!report.to_string().contains(['\u{1b}', '\u{202e}']));
        assert!(report.render(true).contains('\u{1b}'));
        let place = report.diagnostics()[0].place().expect("a place");
        assert_eq!((place.line(), place.column()), (1, 4));
    }
}
