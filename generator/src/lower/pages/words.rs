//! The words by which pages are known. A vendor's own belong into its document, or into the
//! configuration.

/// Parameters that take a cursor.
pub(super) const CURSORS: &[&str] = &[
    "cursor",
    "pagecursor",
    "nextcursor",
    "after",
    "pageafter",
    "startingafter",
    "pagetoken",
    "nextpagetoken",
    "nexttoken",
    "paginationtoken",
    "continuationtoken",
    "continuation",
    "marker",
    "startkey",
    "exclusivestartkey",
    "bookmark",
    "scrollid",
    "skiptoken",
];

/// Values that are the next one; the likeliest first.
pub(super) const NEXT_CURSORS: &[&str] = &[
    "nextcursor",
    "nextpagecursor",
    "nextpagetoken",
    "nexttoken",
    "nextcontinuationtoken",
    "nextmarker",
    "nextkey",
    "nextstartkey",
    "nextbookmark",
    "nextskiptoken",
    "nextscrollid",
    "lastevaluatedkey",
    "endcursor",
    "continuationtoken",
    "continuation",
    "paginationtoken",
    "pagetoken",
    "after",
    "aftercursor",
    "cursor",
    "bookmark",
    "scrollid",
    "skiptoken",
    "nextpage",
    "next",
];

/// Values that are the URL of the next page, if they are one.
pub(super) const NEXT_URLS: &[&str] = &[
    "next",
    "nextpage",
    "nexturl",
    "nexturi",
    "nextlink",
    "nexthref",
    "nextpageurl",
    "nextpageuri",
    "nextpagelink",
    "odatanextlink",
];

/// Parameters that count the items before a page.
pub(super) const OFFSETS: &[&str] = &[
    "offset",
    "pageoffset",
    "skip",
    "start",
    "startindex",
    "startat",
];

/// Parameters that count pages.
pub(super) const NUMBERS: &[&str] = &["page", "pagenumber", "pageno", "pagenum", "pageindex"];

/// Parameters that say how long a page is.
pub(super) const LIMITS: &[&str] = &[
    "limit",
    "pagelimit",
    "size",
    "pagesize",
    "perpage",
    "count",
    "pagecount",
    "top",
    "take",
    "max",
    "maxresults",
    "maxitems",
    "rows",
    "resultsperpage",
    "itemsperpage",
];

/// Values that say whether there is another page.
pub(super) const MORE: &[&str] = &[
    "hasmore",
    "hasnext",
    "hasnextpage",
    "hasmoreitems",
    "moreavailable",
];

/// Objects about pages.
pub(super) const CONTAINERS: &[&str] = &[
    "meta",
    "metadata",
    "pagination",
    "paging",
    "page",
    "pageinfo",
    "pagingmetadata",
    "paginationmetadata",
    "responsemetadata",
    "cursors",
    "links",
    "link",
    "next",
];

/// Objects that hold the list.
pub(super) const ENVELOPES: &[&str] = &[
    "data", "embedded", "result", "results", "response", "payload",
];

/// Lists of these names are the list.
pub(super) const LISTS: &[&str] = &[
    "items",
    "data",
    "results",
    "values",
    "value",
    "records",
    "entries",
    "content",
    "elements",
    "resources",
    "rows",
    "nodes",
    "list",
];

/// Lists of these names stand beside it.
pub(super) const ASIDE: &[&str] = &[
    "links", "link", "errors", "warnings", "messages", "included", "facets",
];

/// Returns the letters and digits of a name, in lower case.
pub(in super::super) fn normal(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}
