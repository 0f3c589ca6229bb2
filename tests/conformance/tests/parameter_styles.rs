//! Styles of parameters by kinds of values, as they go over the wire: the tables of
//! [OpenAPI 3.1 §4.8.12.4](https://spec.openapis.org/oas/v3.1.1#style-examples), and texts that are
//! empty, reserved or beyond ASCII. A page of the guide shows them.

use std::fmt::Write as _;

use accredit_runtime::{Call, Method, Operation, Parameter, Style, decode};
use conformance::{Reply, Request, World};
use serde_json::{Value, json};

static PATH: Operation = Operation::new("path", Method::GET, "/x{color}/y");
static OTHER: Operation = Operation::new("other", Method::GET, "/x");

/// What a value becomes by a style and `explode`: as an empty text, a text, reserved characters, letters
/// beyond ASCII, an array and an object.
type Row = (Style, bool, [&'static str; 6]);

const UNDEFINED: &str = "n/a";

fn values() -> [Value; 6] {
    [
        json!(""),
        json!("blue"),
        json!("a/b?c&d=e;f,g#h%"),
        json!("blå 青"),
        json!(["blue", "black", "brown"]),
        json!({"R": 100, "G": 200, "B": 150}),
    ]
}

const RESERVED: &str = "a%2Fb%3Fc%26d%3De%3Bf%2Cg%23h%25";
const LETTERS: &str = "bl%C3%A5%20%E9%9D%92";

#[rustfmt::skip]
const IN_PATHS: &[Row] = &[
    (Style::Simple, false, ["", "blue", "{reserved}", "{letters}", "blue,black,brown", "R,100,G,200,B,150"]),
    (Style::Simple, true, ["", "blue", "{reserved}", "{letters}", "blue,black,brown", "R=100,G=200,B=150"]),
    (Style::Label, false, [".", ".blue", ".{reserved}", ".{letters}", ".blue,black,brown", ".R,100,G,200,B,150"]),
    (Style::Label, true, [".", ".blue", ".{reserved}", ".{letters}", ".blue.black.brown", ".R=100.G=200.B=150"]),
    (Style::Matrix, false, [";color", ";color=blue", ";color={reserved}", ";color={letters}", ";color=blue,black,brown", ";color=R,100,G,200,B,150"]),
    (Style::Matrix, true, [";color", ";color=blue", ";color={reserved}", ";color={letters}", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"]),
];

#[rustfmt::skip]
const IN_QUERIES: &[Row] = &[
    (Style::Form, true, ["color=", "color=blue", "color={reserved}", "color={letters}", "color=blue&color=black&color=brown", "R=100&G=200&B=150"]),
    (Style::Form, false, ["color=", "color=blue", "color={reserved}", "color={letters}", "color=blue,black,brown", "color=R,100,G,200,B,150"]),
    (Style::SpaceDelimited, false, [UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"]),
    (Style::PipeDelimited, false, [UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"]),
    (Style::DeepObject, true, [UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"]),
];

#[rustfmt::skip]
const IN_HEADERS: &[Row] = &[
    (Style::Simple, false, ["", "blue", "a/b?c&d=e;f,g#h%", "blå 青", "blue,black,brown", "R,100,G,200,B,150"]),
    (Style::Simple, true, ["", "blue", "a/b?c&d=e;f,g#h%", "blå 青", "blue,black,brown", "R=100,G=200,B=150"]),
];

#[rustfmt::skip]
const IN_COOKIES: &[Row] = &[
    (Style::Form, true, ["color=", "color=blue", "color={reserved}", "color={letters}", "color=blue; color=black; color=brown", "R=100; G=200; B=150"]),
    (Style::Form, false, ["color=", "color=blue", "color={reserved}", "color={letters}", "color=blue,black,brown", "color=R,100,G,200,B,150"]),
    (Style::Cookie, true, ["color=", "color=blue", UNDEFINED, UNDEFINED, "color=blue; color=black; color=brown", "R=100; G=200; B=150"]),
];

/// What the document calls a style.
const WORDS: [(Style, &str); 8] = [
    (Style::Simple, "simple"),
    (Style::Label, "label"),
    (Style::Matrix, "matrix"),
    (Style::Form, "form"),
    (Style::SpaceDelimited, "spaceDelimited"),
    (Style::PipeDelimited, "pipeDelimited"),
    (Style::DeepObject, "deepObject"),
    (Style::Cookie, "cookie"),
];

/// Returns a text with the marks for reserved characters and letters put in.
fn written(text: &str) -> String {
    let text = text.replace("{reserved}", RESERVED);
    text.replace("{letters}", LETTERS)
}

async fn sent(operation: &'static Operation, parameter: Parameter, value: &Value) -> Request {
    let world = World::start(|_, _| std::future::ready(Reply::status(200))).await;
    Call::new(&world.client, operation, decode::nothing)
        .parameter(parameter, value)
        .await
        .expect("an answer");
    world.server.requests().remove(0)
}

/// Holds each row.
async fn hold(
    operation: &'static Operation,
    parameter: Parameter,
    rows: &[Row],
    found: impl Fn(&Request) -> String,
) {
    for (style, explode, texts) in rows {
        let parameter = parameter.style(*style).explode(*explode);
        for (value, text) in values().iter().zip(texts) {
            if *text != UNDEFINED {
                let request = sent(operation, parameter, value).await;
                assert_eq!(found(&request), written(text), "{parameter:?} {value}");
            }
        }
    }
}

#[tokio::test]
async fn paths() {
    hold(&PATH, Parameter::path("color"), IN_PATHS, |request| {
        let path = request.uri.path().strip_prefix("/x");
        let path = path.and_then(|path| path.strip_suffix("/y"));
        path.expect("the path around it").to_owned()
    })
    .await;
}

#[tokio::test]
async fn queries() {
    hold(&OTHER, Parameter::query("color"), IN_QUERIES, |request| {
        request.uri.query().unwrap_or_default().to_owned()
    })
    .await;
}

#[tokio::test]
async fn headers_and_cookies() {
    hold(&OTHER, Parameter::header("color"), IN_HEADERS, |request| {
        let value = request.headers["color"].as_bytes().to_vec();
        String::from_utf8(value).expect("UTF-8")
    })
    .await;
    hold(&OTHER, Parameter::cookie("color"), IN_COOKIES, |request| {
        let value = request.headers["cookie"].to_str();
        value.expect("ASCII").to_owned()
    })
    .await;
}

/// What stands before the tables in the guide.
const PREFACE: &str = "\
# Parameters

How a parameter `color` goes over the wire, by its place, its `style` and `explode`: as an empty text, as `blue`, as the
reserved characters `a/b?c&d=e;f,g#h%`, as the letters `blå 青`, as the array of `blue`, `black` and `brown`, and as the object of
`R` 100, `G` 200 and `B` 150. The first row of a place is its default. What the specification leaves undefined is left out. Every
cell is sent by the tests, and this page is held to them.
";

/// Returns the page of the guide.
fn page() -> String {
    let mut page = PREFACE.to_owned();
    let mut write = |text: std::fmt::Arguments<'_>| {
        page.write_fmt(text).expect("a String takes everything");
    };
    for (place, rows) in [
        ("path", IN_PATHS),
        ("query", IN_QUERIES),
        ("header", IN_HEADERS),
        ("cookie", IN_COOKIES),
    ] {
        write(format_args!("\n## In `{place}`\n\n"));
        write(format_args!(
            "| style | explode | empty | text | reserved | letters | array | object |\n\
             |--|--|--|--|--|--|--|--|\n"
        ));
        for (style, explode, texts) in rows {
            let word = WORDS.iter().find(|(known, _)| known == style);
            let (_, word) = word.expect("a word for every style");
            let cells = texts.map(|text| match text {
                UNDEFINED => String::new(),
                "" => "nothing".to_owned(),
                text => format!("`{}`", written(text)),
            });
            let cells = cells.join(" | ");
            write(format_args!("| `{word}` | {explode} | {cells} |\n"));
        }
    }
    page
}

#[test]
fn the_guide_shows_what_is_sent() {
    let place = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../guide/src/reference/parameters.md"
    );
    let shown = std::fs::read_to_string(place).unwrap_or_default();
    assert_eq!(shown, page(), "{place} has other tables");
}
