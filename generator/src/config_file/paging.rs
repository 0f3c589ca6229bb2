//! How pages follow each other, where the document doesn't show it.

use toml::Spanned;
use toml::de::DeValue;

use super::key::{Keys as _, keys};
use super::mistake::{Reader, listed};
use super::number::First;
use super::text::Text;
use super::value::{Shape, Value};
use crate::config::{Pagination, Selector};

keys! {
    /// What is said of the pages of some operations; one of the ways in which they follow each other.
    Paging {
        /// The operations.
        "select" => select: Vec<Selector> = r#"["id:orders.list"]"#,

        /// A query parameter takes the cursor that the page before has at a place of its body, a JSON
        /// pointer.
        "cursor" => cursor: Cursor = r#"{ parameter = "after", next = "/paging/next/after" }"#,

        /// A query parameter counts the items before the page.
        "offset" => offset: Count = r#"{ parameter = "offset", first = 0 }"#,

        /// A query parameter is the number of the page.
        "page" => page: Count = r#"{ parameter = "page", first = 1 }"#,

        /// The `Link` header has the URL of the next page (RFC 8288).
        "link-header" => link_header: bool = "true",

        /// The body has the URL of the next page at a place.
        "next-url" => next_url: Text = r#""/links/next""#,

        /// The body has a list of links at a place, of which one has the `rel` `next` and the URL as its
        /// `href`.
        "links" => links: Text = r#""/links""#,

        /// There are no pages.
        "off" => off: bool = "true",

        /// Where a page has its items; seen from the document otherwise.
        "items" => items: Text = r#""/results""#,

        /// Where a page says whether there is another one.
        "more" => more: Text = r#""/has_more""#,
    }
}

keys! {
    /// A cursor that leads from one page to the next.
    Cursor {
        /// The query parameter.
        "parameter" => parameter: Text = r#""after""#,

        /// Where the page before has its value.
        "next" => next: Text = r#""/paging/next/after""#,
    }
}

keys! {
    /// A query parameter that counts.
    Count {
        /// The query parameter.
        "parameter" => parameter: Text = r#""page""#,

        /// Its value for the first page; 0 of an offset and 1 of a page otherwise.
        "first" => first: First = "0",
    }
}

/// What is said of the pages of some operations.
#[derive(Debug, Clone)]
pub(crate) struct Paged {
    pub(crate) select: Vec<Selector>,
    pub(crate) pagination: Pagination,
}

impl Value for Paged {
    fn shape() -> Shape {
        Paging::shape()
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let paging: Paging = Value::read(value, reader)?;
        let select = reader.required(value, "select", paging.select.clone());
        let ways = paging.ways(value, reader);
        let mut pagination = match ways.as_slice() {
            [(_, pagination)] => pagination.clone()?,
            ways => {
                let found = ways.iter().map(|(name, _)| *name).collect::<Vec<_>>();
                let found = match found.as_slice() {
                    [] => "none".to_owned(),
                    found => listed(found, "and"),
                };
                let known = Paging::KEYS.iter().map(|key| key.name);
                let known: Vec<_> = known
                    .filter(|name| !["select", "items", "more"].contains(name))
                    .collect();
                let message = format!("expected one of {}, found {found}", listed(&known, "and"));
                reader.mistake(value.span(), message);
                return None;
            }
        };
        if let Some(at) = paging.items {
            pagination = pagination.items(&at.0);
        }
        if let Some(at) = paging.more {
            pagination = pagination.more(&at.0);
        }
        Some(Self {
            select: select?,
            pagination,
        })
    }
}

/// A way in which pages follow each other, by its key; `None` is a mistake, which was told.
type Way = (&'static str, Option<Pagination>);

impl Paging {
    /// Returns the ways that are said.
    fn ways(&self, value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Vec<Way> {
        let mut ways: Vec<Way> = Vec::new();
        if let Some(Cursor { parameter, next }) = &self.cursor {
            let parameter = reader.required(value, "cursor.parameter", parameter.as_ref());
            let next = reader.required(value, "cursor.next", next.as_ref());
            let both = parameter.zip(next);
            ways.push((
                "cursor",
                both.map(|(parameter, next)| Pagination::cursor(&parameter.0, &next.0)),
            ));
        }
        if let Some(Count { parameter, first }) = &self.offset {
            let parameter = reader.required(value, "offset.parameter", parameter.as_ref());
            let first = first.map_or(0, |first| first.0.into());
            ways.push((
                "offset",
                parameter.map(|it| Pagination::offset(&it.0, first)),
            ));
        }
        if let Some(Count { parameter, first }) = &self.page {
            let parameter = reader.required(value, "page.parameter", parameter.as_ref());
            let first = first.map_or(1, |first| first.0.into());
            ways.push(("page", parameter.map(|it| Pagination::page(&it.0, first))));
        }
        if self.link_header == Some(true) {
            ways.push(("link-header", Some(Pagination::link_header())));
        }
        if let Some(at) = &self.next_url {
            ways.push(("next-url", Some(Pagination::next_url(&at.0))));
        }
        if let Some(at) = &self.links {
            ways.push(("links", Some(Pagination::links(&at.0))));
        }
        if self.off == Some(true) {
            ways.push(("off", Some(Pagination::off())));
        }
        ways
    }
}
