//! Styles of parameters by kinds of values, as they go over the wire: the tables of
//! [OpenAPI 3.1 §4.8.12.4](https://spec.openapis.org/oas/v3.1.1#style-examples), and texts that are
//! empty, reserved or beyond ASCII.

use accredit_runtime::{Call, Method, Operation, Parameter, Style, decode};
use conformance::{Reply, Request, World};
use serde_json::{Value, json};

static PATH: Operation = Operation::new("path", Method::GET, "/x{color}/y");
static OTHER: Operation = Operation::new("other", Method::GET, "/x");

/// What a value becomes: as an empty text, a text, reserved characters, letters beyond ASCII, an array
/// and an object.
type Row = (Parameter, [&'static str; 6]);

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

async fn sent(operation: &'static Operation, parameter: Parameter, value: &Value) -> Request {
    let world = World::start(|_, _| std::future::ready(Reply::status(200))).await;
    Call::new(&world.client, operation, decode::nothing)
        .parameter(parameter, value)
        .await
        .expect("an answer");
    world.server.requests().remove(0)
}

/// Holds each row, with the marks for reserved characters and letters put in.
async fn hold(operation: &'static Operation, rows: &[Row], found: impl Fn(&Request) -> String) {
    for (parameter, texts) in rows {
        for (value, text) in values().iter().zip(texts) {
            if *text != UNDEFINED {
                let request = sent(operation, *parameter, value).await;
                let text = text
                    .replace("{reserved}", RESERVED)
                    .replace("{letters}", LETTERS);
                assert_eq!(found(&request), text, "{parameter:?} {value}");
            }
        }
    }
}

#[tokio::test]
#[rustfmt::skip]
async fn paths() {
    let of = |style| Parameter::path("color").style(style);
    hold(&PATH, &[
        (of(Style::Simple), ["", "blue", "{reserved}", "{letters}", "blue,black,brown", "R,100,G,200,B,150"]),
        (of(Style::Simple).explode(true), ["", "blue", "{reserved}", "{letters}", "blue,black,brown", "R=100,G=200,B=150"]),
        (of(Style::Label), [".", ".blue", ".{reserved}", ".{letters}", ".blue,black,brown", ".R,100,G,200,B,150"]),
        (of(Style::Label).explode(true), [".", ".blue", ".{reserved}", ".{letters}", ".blue.black.brown", ".R=100.G=200.B=150"]),
        (of(Style::Matrix), [";color", ";color=blue", ";color={reserved}", ";color={letters}", ";color=blue,black,brown", ";color=R,100,G,200,B,150"]),
        (of(Style::Matrix).explode(true), [";color", ";color=blue", ";color={reserved}", ";color={letters}", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"]),
    ], |request| {
        let path = request.uri.path();
        let path = path.strip_prefix("/x").and_then(|path| path.strip_suffix("/y"));
        path.expect("the path around it").to_owned()
    }).await;
}

#[tokio::test]
#[rustfmt::skip]
async fn queries() {
    let of = |style| Parameter::query("color").style(style);
    hold(&OTHER, &[
        (of(Style::Form), ["color=", "color=blue", "color={reserved}", "color={letters}", "color=blue&color=black&color=brown", "R=100&G=200&B=150"]),
        (of(Style::Form).explode(false), ["color=", "color=blue", "color={reserved}", "color={letters}", "color=blue,black,brown", "color=R,100,G,200,B,150"]),
        (of(Style::SpaceDelimited), [UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"]),
        (of(Style::PipeDelimited), [UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"]),
        (of(Style::DeepObject).explode(true), [UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"]),
    ], |request| request.uri.query().unwrap_or_default().to_owned()).await;
}

#[tokio::test]
#[rustfmt::skip]
async fn headers_and_cookies() {
    let header = Parameter::header("color");
    hold(&OTHER, &[
        (header, ["", "blue", "a/b?c&d=e;f,g#h%", "blå 青", "blue,black,brown", "R,100,G,200,B,150"]),
        (header.explode(true), ["", "blue", "a/b?c&d=e;f,g#h%", "blå 青", "blue,black,brown", "R=100,G=200,B=150"]),
    ], |request| {
        let value = request.headers["color"].as_bytes().to_vec();
        String::from_utf8(value).expect("UTF-8")
    }).await;
    let cookie = Parameter::cookie("color");
    hold(&OTHER, &[
        (cookie, ["color=", "color=blue", "color={reserved}", "color={letters}", "color=blue; color=black; color=brown", "R=100; G=200; B=150"]),
        (cookie.explode(false), ["color=", "color=blue", "color={reserved}", "color={letters}", "color=blue,black,brown", "color=R,100,G,200,B,150"]),
    ], |request| request.headers["cookie"].to_str().expect("ASCII").to_owned()).await;
}
