//! JSON Pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)): the address of a place in a
//! document.

use std::fmt;

/// The address of a value in a document: the tokens that lead to it from the root, unescaped.
///
/// Displays as a URI fragment, `#/paths/~1orders/get`, with `~` and `/` escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// Returns the address of the whole document.
    #[must_use]
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// Parses a URI fragment identifier (RFC 6901 §6) without its `#`; `None` unless it is empty
    /// or begins with `/`, or when its percent-encoding isn't UTF-8.
    #[must_use]
    pub fn parse(fragment: &str) -> Option<Self> {
        let decoded = percent_decode(fragment)?;
        if decoded.is_empty() {
            return Some(Self::root());
        }
        let tokens = decoded.strip_prefix('/')?.split('/');
        Some(Self(
            tokens
                .map(|token| token.replace("~1", "/").replace("~0", "~"))
                .collect(),
        ))
    }

    /// Returns the address of a member or an element of the value at this address.
    #[must_use]
    pub fn child(&self, token: impl Into<String>) -> Self {
        let mut tokens = self.0.clone();
        tokens.push(token.into());
        Self(tokens)
    }

    /// Returns the address of what stands at another address in the value at this one.
    pub(crate) fn join(&self, rest: &Self) -> Self {
        Self(self.0.iter().chain(&rest.0).cloned().collect())
    }

    /// Returns the tokens from the root, unescaped.
    #[must_use]
    pub fn tokens(&self) -> &[String] {
        &self.0
    }
}

impl<T: Into<String>> FromIterator<T> for Pointer {
    fn from_iter<I: IntoIterator<Item = T>>(tokens: I) -> Self {
        Self(tokens.into_iter().map(Into::into).collect())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("#")?;
        self.0
            .iter()
            .try_for_each(|token| write!(f, "/{}", token.replace('~', "~0").replace('/', "~1")))
    }
}

/// The way from the root to a value, as a list from the inside out: kept on the stack of a walk, it
/// costs nothing until the address is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trail<'a> {
    Root,
    /// The root of a walk that doesn't begin at the document's.
    At(&'a Pointer),
    Member(&'a Self, &'a str),
    Element(&'a Self, usize),
}

impl Trail<'_> {
    pub(crate) fn pointer(&self) -> Pointer {
        let mut tokens = Vec::new();
        let mut trail = self;
        loop {
            trail = match trail {
                Trail::Root => break,
                Trail::At(pointer) => {
                    tokens.extend(pointer.0.iter().rev().cloned());
                    break;
                }
                Trail::Member(parent, key) => {
                    tokens.push((*key).to_owned());
                    parent
                }
                Trail::Element(parent, index) => {
                    tokens.push(index.to_string());
                    parent
                }
            };
        }
        tokens.reverse();
        Pointer(tokens)
    }
}

pub(crate) fn percent_decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |digit: &u8| char::from(*digit).to_digit(16);
        rest = match (first, tail) {
            (b'%', [high, low, after @ ..]) if hex(high).is_some() && hex(low).is_some() => {
                let value = hex(high)? * 16 + hex(low)?;
                bytes.push(u8::try_from(value).ok()?);
                after
            }
            _ => {
                bytes.push(*first);
                tail
            }
        };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_in_the_order_of_rfc_6901() {
        let pointer = Pointer::parse("/paths/~1orders~1%7Bid%7D/~01").expect("a pointer");
        assert_eq!(pointer.tokens(), ["paths", "/orders/{id}", "~1"]);
        assert_eq!(pointer.to_string(), "#/paths/~1orders~1{id}/~01");
    }

    #[test]
    fn a_trail_leads_from_the_root() {
        let pointer = Pointer::root().child("paths");
        let start = Trail::At(&pointer);
        let member = Trail::Member(&start, "/a");
        let trail = Trail::Element(&member, 3);
        assert_eq!(trail.pointer().to_string(), "#/paths/~1a/3");
    }

    #[test]
    fn a_fragment_is_empty_or_begins_with_a_slash() {
        assert_eq!(Pointer::parse(""), Some(Pointer::root()));
        assert_eq!(Pointer::parse("components"), None);
        assert_eq!(Pointer::parse("/%ff"), None);
    }
}
