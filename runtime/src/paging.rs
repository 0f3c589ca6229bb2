//! How the pages of an operation follow each other, as constants of the generated code.

/// How the pages of an operation follow each other: where an answer says which page comes next, and
/// how that page is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    pub(crate) next: Next,
    /// The property that says whether there is another page.
    pub(crate) more: Option<Place>,
    /// Where the items of a page are; none means that the page is an array itself.
    pub(crate) items: Place,
}

/// The names of the properties that lead from the top of a body to a value.
pub(crate) type Place = &'static [&'static str];

/// What leads from one page to the next.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Next {
    /// A value of the body, as the value of a query parameter.
    Cursor { parameter: &'static str, at: Place },
    /// A query parameter that counts items.
    Offset { parameter: &'static str, first: u64 },
    /// A query parameter that counts pages.
    Number { parameter: &'static str, first: u64 },
    /// The `Link` header ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)).
    Header,
    /// A URL in the body.
    Url { at: Place },
    /// A URL in the body, in a list of links with `rel` and `href`.
    Links { at: Place },
}

impl Paging {
    const fn by(next: Next) -> Self {
        Self {
            next,
            more: None,
            items: &[],
        }
    }

    /// Describes pages of which each has a cursor that a query parameter takes for the next one.
    #[must_use]
    pub const fn cursor(parameter: &'static str, at: &'static [&'static str]) -> Self {
        Self::by(Next::Cursor { parameter, at })
    }

    /// Describes pages that begin after a number of items. `first` is where the first page begins if
    /// the call doesn't say so.
    #[must_use]
    pub const fn offset(parameter: &'static str, first: u64) -> Self {
        Self::by(Next::Offset { parameter, first })
    }

    /// Describes pages that are numbered from `first` on.
    #[must_use]
    pub const fn number(parameter: &'static str, first: u64) -> Self {
        Self::by(Next::Number { parameter, first })
    }

    /// Describes pages whose `Link` header has the URL of the next one.
    #[must_use]
    pub const fn link_header() -> Self {
        Self::by(Next::Header)
    }

    /// Describes pages whose body has the URL of the next one.
    #[must_use]
    pub const fn url(at: &'static [&'static str]) -> Self {
        Self::by(Next::Url { at })
    }

    /// Describes pages whose body has a list of links, one of which has the relation `next`.
    #[must_use]
    pub const fn links(at: &'static [&'static str]) -> Self {
        Self::by(Next::Links { at })
    }

    /// Sets where a page has its items.
    #[must_use]
    pub const fn items(mut self, at: &'static [&'static str]) -> Self {
        self.items = at;
        self
    }

    /// Sets where a page says whether there is another one.
    #[must_use]
    pub const fn more(mut self, at: &'static [&'static str]) -> Self {
        self.more = Some(at);
        self
    }
}
