//! Tests of the rules by which pages are seen.

use super::super::testing::lower;
use crate::diagnostics::Code;
use crate::model::{Next, Pages};

/// Returns the pages of an operation on `/v1/orders` with these query parameters and this success.
fn pages(parameters: &str, schema: &str) -> Option<Pages> {
    of_operation(&format!(
        "parameters: [{parameters}]\n      responses: {{'200': {{description: '', content: \
         {{application/json: {{schema: {schema}}}}}}}}}"
    ))
    .0
}

fn of_operation(operation: &str) -> (Option<Pages>, Vec<Code>) {
    let mut lowered = lower(&format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /v1/orders:\n    get:\n      \
         {operation}\ncomponents:\n  securitySchemes:\n    a: {{type: oauth2, flows: \
         {{clientCredentials: {{tokenUrl: /token, scopes: {{}}}}}}}}\nsecurity: [{{a: []}}]\n"
    ));
    let told = lowered.told.iter().map(|(code, _)| *code).collect();
    (lowered.api.operations.remove(0).pages, told)
}

fn text(name: &str) -> String {
    format!("{{name: '{name}', in: query, schema: {{type: string}}}}")
}

fn integer(name: &str, more: &str) -> String {
    format!("{{name: '{name}', in: query, schema: {{type: integer{more}}}}}")
}

fn object(properties: &str) -> String {
    format!("{{type: object, properties: {{{properties}}}}}")
}

const LIST: &str = "{type: array, items: {type: object, properties: {id: {type: string}}}}";
const TEXT: &str = "{type: string}";

fn place(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn a_cursor_is_a_parameter_and_a_value_of_the_body() {
    let meta = object(&format!("next_cursor: {TEXT}, has_more: {{type: boolean}}"));
    let found = pages(
        &text("page[cursor]"),
        &object(&format!("data: {LIST}, meta: {meta}")),
    );
    let expected = Pages {
        next: Next::Cursor {
            parameter: "page[cursor]".to_owned(),
            at: place(&["meta", "next_cursor"]),
        },
        items: Some(place(&["data"])),
        more: Some(place(&["meta", "has_more"])),
    };
    assert_eq!(found, Some(expected));
    // Neither is one without the other.
    assert_eq!(
        pages(&text("cursor"), &object(&format!("data: {LIST}"))),
        None
    );
    assert_eq!(
        pages(
            &text("q"),
            &object(&format!("data: {LIST}, next_cursor: {TEXT}"))
        ),
        None
    );
}

#[test]
fn a_cursor_may_stand_two_objects_deep() {
    let paging = object(&format!(
        "next: {}",
        object(&format!("after: {TEXT}, link: {TEXT}"))
    ));
    let found = pages(
        &text("after"),
        &object(&format!("results: {LIST}, paging: {paging}")),
    );
    let next = found.map(|pages| pages.next);
    let at = place(&["paging", "next", "after"]);
    let parameter = "after".to_owned();
    assert_eq!(next, Some(Next::Cursor { parameter, at }));
}

#[test]
fn a_url_is_one_by_its_format_its_name_or_its_place() {
    let next = |properties: &str| {
        let found = pages("", &object(&format!("orders: {LIST}, {properties}")));
        found.map(|pages| pages.next)
    };
    let at = |names: &[&str]| Some(Next::Url { at: place(names) });
    assert_eq!(next("next: {type: string, format: uri}"), at(&["next"]));
    assert_eq!(
        next("next_page_uri: {type: string}"),
        at(&["next_page_uri"])
    );
    assert_eq!(
        next("'@odata.nextLink': {type: string}"),
        at(&["@odata.nextLink"])
    );
    let links = object(&format!("next: {TEXT}"));
    assert_eq!(next(&format!("_links: {links}")), at(&["_links", "next"]));
    let links = object(&format!("next: {}", object(&format!("href: {TEXT}"))));
    assert_eq!(
        next(&format!("_links: {links}")),
        at(&["_links", "next", "href"])
    );
    assert_eq!(next("next: {type: string}"), None);
}

#[test]
fn a_link_header_counts_where_it_is_declared() {
    let operation = |parameter: &str| {
        of_operation(&format!(
            "parameters: [{parameter}]\n      responses: {{'200': {{description: '', headers: \
             {{Link: {{schema: {{type: string}}}}}}, content: {{application/json: {{schema: \
             {LIST}}}}}}}}}"
        ))
        .0
    };
    let found = operation(&integer("per_page", "")).expect("pages");
    assert_eq!((found.next, found.items), (Next::Header, Some(Vec::new())));
    assert_eq!(operation(&text("q")), None);
}

#[test]
fn links_are_those_of_a_list_with_a_parameter_of_pages() {
    let links = format!(
        "{{type: array, items: {}}}",
        object(&format!("rel: {TEXT}, href: {TEXT}"))
    );
    let body = object(&format!("orders: {LIST}, links: {links}"));
    let found = pages(&integer("page_size", ""), &body).expect("pages");
    let at = place(&["links"]);
    assert_eq!(
        (found.next, found.items),
        (Next::Links { at }, Some(place(&["orders"])))
    );
    assert_eq!(pages("", &body), None);
}

#[test]
fn an_offset_needs_a_limit_and_a_list() {
    let offset = |parameters: &str, body: &str| pages(parameters, body).map(|pages| pages.next);
    let both = [integer("offset", ""), integer("limit", "")].join(", ");
    let found = |parameter: &str, first| {
        let parameter = parameter.to_owned();
        Some(Next::Offset { parameter, first })
    };
    assert_eq!(offset(&both, LIST), found("offset", 0));
    assert_eq!(offset(&integer("offset", ""), LIST), None);
    assert_eq!(offset(&both, &object(&format!("id: {TEXT}"))), None);
    let start = [integer("startIndex", ", minimum: 1"), integer("count", "")].join(", ");
    assert_eq!(offset(&start, LIST), found("startIndex", 1));
    let start = [integer("startIndex", ""), integer("count", "")].join(", ");
    assert_eq!(offset(&start, LIST), None);
}

#[test]
fn pages_are_numbered_where_the_document_says_from_what_on() {
    let number = |more: &str| pages(&integer("page", more), LIST).map(|pages| pages.next);
    let parameter = "page".to_owned();
    assert_eq!(
        number(", default: 0"),
        Some(Next::Number {
            parameter: parameter.clone(),
            first: 0
        })
    );
    assert_eq!(
        number(", minimum: 1"),
        Some(Next::Number {
            parameter,
            first: 1
        })
    );
    assert_eq!(number(""), None);
    assert_eq!(number(", default: 7"), None);
}

#[test]
fn of_several_lists_the_one_counts_that_is_named_like_one_or_like_the_path() {
    let items = |properties: &str| {
        let both = [integer("offset", ""), integer("limit", "")].join(", ");
        pages(&both, &object(properties)).and_then(|pages| pages.items)
    };
    assert_eq!(items(&format!("a: {LIST}")), Some(place(&["a"])));
    assert_eq!(
        items(&format!("a: {LIST}, items: {LIST}")),
        Some(place(&["items"]))
    );
    assert_eq!(
        items(&format!("items: {LIST}, orders: {LIST}")),
        Some(place(&["orders"]))
    );
    assert_eq!(items(&format!("a: {LIST}, b: {LIST}")), None);
    let data = object(&format!("a: {LIST}, links: {LIST}"));
    assert_eq!(items(&format!("data: {data}")), Some(place(&["data", "a"])));
}

#[test]
fn what_is_declared_counts_before_what_is_seen() {
    let operation = |extension: &str| {
        of_operation(&format!(
            "x-accredit-pagination: {extension}\n      parameters: [{}, {}]\n      responses: \
             {{'200': {{description: '', content: {{application/json: {{schema: {LIST}}}}}}}}}",
            integer("offset", ""),
            integer("limit", ""),
        ))
    };
    assert_eq!(operation("false"), (None, vec![]));
    let (found, _) = operation("{page: {parameter: limit}}");
    let parameter = "limit".to_owned();
    assert_eq!(
        found.map(|pages| pages.next),
        Some(Next::Number {
            parameter,
            first: 1
        })
    );
    for wrong in [
        "{page: {parameter: other}}",
        "{offset: {parameter: offset}, items: /data}",
    ] {
        assert_eq!(operation(wrong), (None, vec![Code::InvalidPart]), "{wrong}");
    }
    // What can't be read says nothing.
    let (found, told) = operation("{pages: true}");
    assert!(found.is_some());
    assert_eq!(told, [Code::InvalidPart]);
}
