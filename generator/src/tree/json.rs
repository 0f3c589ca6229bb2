//! A scanner of JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)) that keeps spans.
//!
//! It is run over texts that a parser has read before, and only finds its way.

use std::borrow::Cow;

use super::{Kind, Member, Tree};

/// Reads a text; `None` where it is no JSON.
pub(super) fn read(text: &str) -> Option<Tree<'_>> {
    let mut scanner = Scanner { text, at: 0 };
    let mut tree = Tree::default();
    let mut open: Vec<Open<'_>> = Vec::new();
    loop {
        scanner.skip_blanks();
        let start = scanner.at;
        let mut done = match scanner.peek()? {
            bracket @ (b'{' | b'[') => {
                scanner.at += 1;
                let kind = if bracket == b'{' {
                    Kind::Mapping(Vec::new())
                } else {
                    Kind::Sequence(Vec::new())
                };
                let node = tree.push(start..scanner.at, kind);
                scanner.skip_blanks();
                if scanner.peek()? == closing(bracket) {
                    scanner.at += 1;
                    Some(node)
                } else {
                    let key = if bracket == b'{' {
                        Some(scanner.key()?)
                    } else {
                        None
                    };
                    open.push(Open { node, key });
                    None
                }
            }
            b'"' => {
                scanner.string()?;
                Some(tree.push(start..scanner.at, Kind::Scalar))
            }
            _ => {
                scanner.word();
                if scanner.at == start {
                    return None;
                }
                Some(tree.push(start..scanner.at, Kind::Scalar))
            }
        };
        while let Some(value) = done {
            let Some(parent) = open.last_mut() else {
                scanner.skip_blanks();
                return scanner.peek().is_none().then_some(tree);
            };
            let is_mapping = match (&mut tree.nodes[parent.node].kind, parent.key.take()) {
                (Kind::Mapping(members), Some((key, span))) => {
                    members.push(Member { key, span, value });
                    true
                }
                (Kind::Sequence(elements), _) => {
                    elements.push(value);
                    false
                }
                _ => return None,
            };
            scanner.skip_blanks();
            let next = scanner.peek()?;
            scanner.at += 1;
            done = match next {
                b',' => {
                    if is_mapping {
                        scanner.skip_blanks();
                        parent.key = Some(scanner.key()?);
                    }
                    None
                }
                b'}' | b']' => open.pop().map(|parent| parent.node),
                _ => return None,
            };
        }
    }
}

/// A container that isn't closed yet, and the key of the member that is being read.
struct Open<'t> {
    node: usize,
    key: Option<(Cow<'t, str>, std::ops::Range<usize>)>,
}

const fn closing(bracket: u8) -> u8 {
    if bracket == b'{' { b'}' } else { b']' }
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    /// Passes a number or a literal.
    fn word(&mut self) {
        while let Some(b'+' | b'-' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') = self.peek() {
            self.at += 1;
        }
    }

    /// Passes a string; returns whether it has escapes.
    fn string(&mut self) -> Option<bool> {
        if self.peek()? != b'"' {
            return None;
        }
        self.at += 1;
        let mut escaped = false;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(escaped)
    }

    /// Passes a key and its colon.
    fn key(&mut self) -> Option<(Cow<'t, str>, std::ops::Range<usize>)> {
        let start = self.at;
        let escaped = self.string()?;
        let span = start..self.at;
        let quoted = self.text.get(span.clone())?;
        let key = if escaped {
            Cow::Owned(serde_json::from_str(quoted).ok()?)
        } else {
            Cow::Borrowed(&quoted[1..quoted.len() - 1])
        };
        self.skip_blanks();
        if self.peek()? != b':' {
            return None;
        }
        self.at += 1;
        Some((key, span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_left_to_others() {
        for text in [
            "",
            "{",
            "{a: 1}",
            "{\"a\": 1,}",
            "[1] x",
            "\"",
            "{\"a\" 1}",
            "[,]",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
        assert!(read(" {\"a\": [1, -2.5e3, {}, [], \"\\\"\"]} \n").is_some());
    }
}
