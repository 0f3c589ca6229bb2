//! How the pages of an operation follow each other, where that isn't seen from its document.

use serde_json::Value;

use crate::pointer::Pointer;

/// How the pages of a list follow each other, in place of what is seen from the document.
///
/// Places are JSON pointers into the body of an answer. Where the items of a page are is seen from the
/// document unless [`Pagination::items`] says it.
///
/// ```
/// use accredit::{Config, Pagination};
///
/// let orders = "id:orders.list".parse().expect("a selector");
/// let config = Config::new("vendor.yaml")
///     .pagination(orders, Pagination::cursor("after", "/paging/next/after").items("/results"));
/// ```
///
/// A document says the same by an extension of the operation:
///
/// ```yaml
/// x-accredit-pagination:
///   cursor: {parameter: after, next: /paging/next/after}
///   items: /results
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pagination {
    pub(crate) next: Next,
    pub(crate) items: Option<Pointer>,
    pub(crate) more: Option<Pointer>,
}

/// The extension of an operation that says how its pages follow each other.
pub(crate) const EXTENSION: &str = "x-accredit-pagination";

/// What leads from one page to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    None,
    Cursor { parameter: String, at: Pointer },
    Offset { parameter: String, first: u64 },
    Page { parameter: String, first: u64 },
    Header,
    Url { at: Pointer },
    Links { at: Pointer },
}

impl Pagination {
    const fn by(next: Next) -> Self {
        Self {
            next,
            items: None,
            more: None,
        }
    }

    /// There are no pages.
    #[must_use]
    pub const fn off() -> Self {
        Self::by(Next::None)
    }

    /// A query parameter takes the cursor that the page before has at a place.
    #[must_use]
    pub fn cursor(parameter: &str, next: &str) -> Self {
        Self::by(Next::Cursor {
            parameter: parameter.to_owned(),
            at: place(next),
        })
    }

    /// A query parameter counts the items before the page; `first` is its value for the first page.
    #[must_use]
    pub fn offset(parameter: &str, first: u64) -> Self {
        Self::by(Next::Offset {
            parameter: parameter.to_owned(),
            first,
        })
    }

    /// A query parameter is the number of the page; `first` is that of the first one.
    #[must_use]
    pub fn page(parameter: &str, first: u64) -> Self {
        Self::by(Next::Page {
            parameter: parameter.to_owned(),
            first,
        })
    }

    /// The `Link` header has the URL of the next page (RFC 8288).
    #[must_use]
    pub const fn link_header() -> Self {
        Self::by(Next::Header)
    }

    /// The body has the URL of the next page at a place.
    #[must_use]
    pub fn next_url(at: &str) -> Self {
        Self::by(Next::Url { at: place(at) })
    }

    /// The body has a list of links at a place, of which one has the `rel` `next` and the URL as its
    /// `href`.
    #[must_use]
    pub fn links(at: &str) -> Self {
        Self::by(Next::Links { at: place(at) })
    }

    /// Sets where a page has its items.
    #[must_use]
    pub fn items(mut self, at: &str) -> Self {
        self.items = Some(place(at));
        self
    }

    /// Sets where a page says whether there is another one.
    #[must_use]
    pub fn more(mut self, at: &str) -> Self {
        self.more = Some(place(at));
        self
    }

    /// Reads the extension of an operation; `None` if it isn't one.
    pub(crate) fn read(extension: &Value) -> Option<Self> {
        let members = match extension {
            Value::Bool(false) => return Some(Self::off()),
            extension => extension.as_object()?,
        };
        let text = |value: &'_ Value| value.as_str().map(str::to_owned);
        let mut pagination = None;
        let (mut items, mut more) = (None, None);
        for (name, value) in members {
            let parameter = value.get("parameter").and_then(Value::as_str);
            let first = |default| value.get("first").map_or(Some(default), Value::as_u64);
            let next = match name.as_str() {
                "items" => {
                    items = Some(text(value)?);
                    continue;
                }
                "more" => {
                    more = Some(text(value)?);
                    continue;
                }
                "cursor" => Self::cursor(parameter?, value.get("next")?.as_str()?),
                "offset" => Self::offset(parameter?, first(0)?),
                "page" => Self::page(parameter?, first(1)?),
                "link-header" if *value == Value::Bool(true) => Self::link_header(),
                "next-url" => Self::next_url(value.as_str()?),
                "links" => Self::links(value.as_str()?),
                _ => return None,
            };
            if pagination.replace(next).is_some() {
                return None;
            }
        }
        let pagination = pagination?;
        Some(Self {
            items: items.as_deref().map(place),
            more: more.as_deref().map(place),
            ..pagination
        })
    }
}

/// Returns a pointer, whether it is written with its leading slash or without.
pub(super) fn place(text: &str) -> Pointer {
    let text = text.trim_start_matches('#').trim_start_matches('/');
    let tokens = text.split('/').filter(|token| !token.is_empty());
    tokens
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_extension_says_what_the_setters_do() {
        let read = |extension: Value| Pagination::read(&extension);
        assert_eq!(
            read(json!({"cursor": {"parameter": "after", "next": "/a/b~1c"}, "items": "/d"})),
            Some(Pagination::cursor("after", "a/b~1c").items("d"))
        );
        assert_eq!(
            read(json!({"page": {"parameter": "p", "first": 0}, "more": "/m"})),
            Some(Pagination::page("p", 0).more("/m"))
        );
        assert_eq!(
            read(json!({"offset": {"parameter": "o"}})),
            Some(Pagination::offset("o", 0))
        );
        assert_eq!(
            read(json!({"link-header": true})),
            Some(Pagination::link_header())
        );
        assert_eq!(
            read(json!({"next-url": "/next"})),
            Some(Pagination::next_url("/next"))
        );
        assert_eq!(
            read(json!({"links": "/links"})),
            Some(Pagination::links("/links"))
        );
        assert_eq!(read(json!(false)), Some(Pagination::off()));
    }

    #[test]
    fn an_extension_that_says_less_or_something_else_is_none() {
        for extension in [
            json!(true),
            json!({}),
            json!({"items": "/d"}),
            json!({"cursor": {"parameter": "after"}}),
            json!({"link-header": true, "links": "/links"}),
            json!({"page": {"parameter": "p", "first": -1}}),
            json!({"other": 1}),
        ] {
            assert_eq!(Pagination::read(&extension), None, "{extension}");
        }
    }
}
