//! YAML events with their spans, from `saphyr-parser`.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use saphyr_parser::{Event, Marker, Parser, Span};

use super::{Kind, Lines, Member, Tree};
use crate::tabs;

/// The depth to which a text is read; no document that was parsed is deeper.
const MAX_DEPTH: usize = 512;

/// Reads the first document of a text, up to the first mistake; tabs of the indentation are none.
pub(super) fn read(text: &str) -> Tree<'_> {
    let (tree, is_whole) = read_as(text, text, 1, |key| key);
    if is_whole {
        return tree;
    }
    tabs::expanded(text)
        .find_map(|tabs| {
            let own = |key: Cow<'_, str>| Cow::Owned(key.into_owned());
            let (tree, is_whole) = read_as(text, &tabs.text, tabs.width, own);
            is_whole.then_some(tree)
        })
        .unwrap_or(tree)
}

/// Reads a text as it is spelled with another width of tabs; returns whether it is without mistake.
fn read_as<'t, 's>(
    text: &'t str,
    spelling: &'s str,
    width: usize,
    own: impl Fn(Cow<'s, str>) -> Cow<'t, str>,
) -> (Tree<'t>, bool) {
    let mut reading = Reading {
        lines: Lines::new(text),
        text,
        width,
        tree: Tree::default(),
        open: Vec::new(),
        anchors: BTreeMap::new(),
        cursor: (1, 0, 0),
    };
    for event in Parser::new_from_str(spelling) {
        let Ok((event, span)) = event else {
            return (reading.tree, false);
        };
        if matches!(event, Event::DocumentEnd) || reading.open.len() > MAX_DEPTH {
            break;
        }
        reading.take(event, span, &own);
    }
    (reading.tree, true)
}

struct Reading<'t> {
    text: &'t str,
    lines: Lines<'t>,
    /// How many columns a tab of the indentation has.
    width: usize,
    tree: Tree<'t>,
    open: Vec<Open<'t>>,
    anchors: BTreeMap<usize, usize>,
    /// Line, column and byte offset of the marker that was read last.
    cursor: (usize, usize, usize),
}

/// A container that isn't closed yet, and the key of the member that is being read.
struct Open<'t> {
    node: usize,
    key: Option<(Cow<'t, str>, Range<usize>)>,
}

impl<'t> Reading<'t> {
    fn take<'s>(
        &mut self,
        event: Event<'s>,
        span: Span,
        own: &impl Fn(Cow<'s, str>) -> Cow<'t, str>,
    ) {
        let range = self.range(span);
        match event {
            Event::Scalar(value, _, anchor, _) => self.scalar(own(value), range, anchor),
            Event::Alias(anchor) => self.alias(range, anchor),
            Event::SequenceStart(anchor, _) => {
                self.begin(range, Kind::Sequence(Vec::new()), anchor);
            }
            Event::MappingStart(anchor, _) => {
                self.begin(range, Kind::Mapping(Vec::new()), anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
            }
            _ => {}
        }
    }

    fn scalar(&mut self, value: Cow<'t, str>, range: Range<usize>, anchor: usize) {
        if !self.key(Some(value), &range) {
            let node = self.place(range, Kind::Scalar);
            self.anchors.insert(anchor, node);
        }
    }

    fn alias(&mut self, range: Range<usize>, anchor: usize) {
        if !self.key(None, &range) {
            let kind = match self.anchors.get(&anchor) {
                Some(node) => Kind::Alias(*node),
                None => Kind::Scalar,
            };
            self.place(range, kind);
        }
    }

    fn begin(&mut self, range: Range<usize>, kind: Kind<'t>, anchor: usize) {
        // A key that is a container has no name; its members are passed over with it.
        self.key(None, &range);
        let node = self.place(range, kind);
        self.anchors.insert(anchor, node);
        self.open.push(Open { node, key: None });
    }

    /// Takes a key where a mapping waits for one.
    fn key(&mut self, value: Option<Cow<'t, str>>, range: &Range<usize>) -> bool {
        let Some(parent) = self.open.last_mut() else {
            return false;
        };
        let is_mapping = matches!(self.tree.nodes[parent.node].kind, Kind::Mapping(_));
        if !is_mapping || parent.key.is_some() {
            return false;
        }
        parent.key = Some((value.unwrap_or_default(), range.clone()));
        true
    }

    /// Adds a node where it stands.
    fn place(&mut self, range: Range<usize>, kind: Kind<'t>) -> usize {
        let value = self.tree.push(range, kind);
        if let Some(parent) = self.open.last_mut() {
            match &mut self.tree.nodes[parent.node].kind {
                Kind::Sequence(elements) => elements.push(value),
                Kind::Mapping(members) => {
                    if let Some((key, span)) = parent.key.take() {
                        members.push(Member { key, span, value });
                    }
                }
                Kind::Scalar | Kind::Alias(_) => {}
            }
        }
        value
    }

    fn range(&mut self, span: Span) -> Range<usize> {
        let start = self.offset(span.start);
        let end = self.offset(span.end).max(start);
        let text = self.text[start..end].trim_end();
        start..start + text.len()
    }

    /// Returns the byte offset of a marker, whose column counts characters. A line is walked once,
    /// however many markers it has.
    fn offset(&mut self, marker: Marker) -> usize {
        let Some(start) = self.lines.start(marker.line()) else {
            return self.text.len();
        };
        let (column, from) = match self.cursor {
            (line, column, offset) if line == marker.line() => (column, offset),
            _ => (0, start),
        };
        let reached = if self.width == 1 {
            marker.col()
        } else {
            tabs::column(
                &self.text[self.lines.line(marker.line())],
                self.width,
                marker.col(),
            )
        };
        let offset = if let Some(ahead) = reached.checked_sub(column) {
            self.text[from..]
                .char_indices()
                .nth(ahead)
                .map_or(self.text.len(), |(offset, _)| from + offset)
        } else {
            self.text[..from]
                .char_indices()
                .rev()
                .nth(column - reached - 1)
                .map_or(0, |(offset, _)| offset)
        };
        self.cursor = (marker.line(), reached, offset);
        offset
    }
}
