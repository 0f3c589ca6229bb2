use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::json::Json;

impl Document {
    fn value(&self, text: &str) -> Result<Value, Fault> {
        let json = self.read(text)?;
        Ok(serde_json::to_value(json).expect("JSON"))
    }

    fn text(&self, value: &Value) -> Result<String, serde_json::Error> {
        let bytes = self.write(&Json::of(value)?)?;
        Ok(String::from_utf8(bytes).expect("UTF-8"))
    }
}

const NOTE: &[Property] = &[
    Property::new("id", Node::Attribute(Name::new("id")), Shape::Number),
    Property::new("title", Node::Element(Name::new("title")), Shape::Text),
    Property::new("parts", Node::Elements(Name::new("part")), Shape::Object(0))
        .when_absent(Absent::Empty),
    Property::new("due", Node::Element(Name::new("due")), Shape::Text).when_absent(Absent::Null),
    Property::new("done", Node::Element(Name::new("done")), Shape::Boolean),
];

const OPEN: &[Property] = &[
    Property::new(
        "mark",
        Node::Attribute(Name::new("mark").prefix("m").namespace("urn:m")),
        Shape::Text,
    ),
    Property::new("", Node::Others, Shape::Number),
];

const OBJECTS: &[Object] = &[Object("Note", NOTE), Object("Open", OPEN)];

const DOCUMENT: Document = Document::new(OBJECTS, Shape::Object(0)).root(Name::new("note"));

fn read(text: &str) -> Value {
    match DOCUMENT.value(text) {
        Ok(value) => value,
        Err(fault) => panic!("{fault:?}"),
    }
}

fn message(text: &str) -> String {
    let fault = DOCUMENT.read(text).expect_err("no document");
    format!("{} at {}", fault.message, fault.path)
}

const ORDER: &[Property] = &[
    Property::new(
        "sum",
        Node::Element(Name::new("sum").namespace("urn:a")),
        Shape::Number,
    ),
    Property::new(
        "other",
        Node::Element(Name::new("sum").prefix("b").namespace("urn:b")),
        Shape::Number,
    ),
    Property::new("note", Node::Element(Name::new("note")), Shape::Text),
    Property::new(
        "mark",
        Node::Attribute(Name::new("mark").prefix("b").namespace("urn:b")),
        Shape::Text,
    ),
];

const ORDERS: Document = Document::new(&[Object("Order", ORDER)], Shape::Object(0))
    .root(Name::new("order").namespace("urn:a"));

#[test]
fn a_name_in_a_namespace_is_told_from_the_same_in_another() {
    for text in [
        "<order xmlns='urn:a' xmlns:x='urn:b' x:mark='m'><sum>1</sum><x:sum>2</x:sum><note>n</note></order>",
        "<y:order xmlns:y='urn:a' xmlns='urn:b' y:mark='-' xmlns:x='urn:b' x:mark='m'><sum>2</sum>\
         <y:sum>1</y:sum><z:note xmlns:z='urn:z'>n</z:note><z:sum xmlns:z='urn:z'>3</z:sum></y:order>",
    ] {
        let value = ORDERS.value(text).expect("the document");
        let expected = json!({"sum": 1, "other": 2, "note": "n", "mark": "m"});
        assert_eq!(value, expected, "{text}");
    }
}

#[test]
fn a_name_that_is_in_no_namespace_is_taken_for_the_first_that_fits() {
    let value = ORDERS.value("<order mark='m'><sum>1</sum><note>n</note></order>");
    let expected = json!({"sum": 1, "note": "n", "mark": "m"});
    assert_eq!(value.expect("the document"), expected);
}

#[test]
fn a_root_element_of_another_namespace_is_told() {
    let fault = ORDERS
        .read("<order xmlns='urn:b'/>")
        .expect_err("another document");
    assert_eq!(
        fault.message,
        "expected `order` of the namespace `urn:a`, found that of another"
    );
}

#[test]
fn what_is_absent_is_what_the_table_says() {
    assert_eq!(read("<note/>"), json!({"parts": [], "due": null}));
}

#[test]
fn a_number_is_one_of_xml_schema_and_an_empty_one_is_null() {
    for (text, value) in [
        ("7", json!(7)),
        (" +007 ", json!(7)),
        ("18446744073709551615", json!(u64::MAX)),
        (".5", json!(0.5)),
        ("1e3", json!(1000.0)),
        ("", Value::Null),
    ] {
        let note = read(&format!("<note id='{text}'/>"));
        assert_eq!(note["id"], value, "{text}");
    }
    for text in ["INF", "NaN", "1,5", "0x1", "--1"] {
        assert_eq!(
            message(&format!("<note id='{text}'/>")),
            "expected a number, found other text at /note/@id"
        );
    }
}

#[test]
fn a_number_keeps_its_digits_there_and_back() {
    let open = Document::new(OBJECTS, Shape::Object(1)).root(Name::new("open"));
    for number in [
        "1.10",
        "18446744073709551616",
        "-0.1000000000000000000001",
        "1e999",
    ] {
        let json = open.read(&format!("<open><a>{number}</a></open>"));
        let json = json.expect("a document");
        assert_eq!(json.to_string(), format!(r#"{{"a":{number}}}"#));
        let xml = open.write(&json).expect("written");
        let xml = String::from_utf8(xml).expect("UTF-8");
        assert!(
            xml.ends_with(&format!("<open><a>{number}</a></open>")),
            "{xml}"
        );
    }
}

#[test]
fn nil_is_null_by_its_namespace_and_what_it_holds_is_passed_over() {
    let xsi = "xmlns:s='http://www.w3.org/2001/XMLSchema-instance'";
    let note = read(&format!(
        "<note {xsi}><title s:nil='true'><a/>b</title></note>"
    ));
    assert_eq!(note["title"], Value::Null);
    let other = "xmlns:s='urn:other'";
    let note = read(&format!(
        "<note {other}><title s:nil='true'>b</title></note>"
    ));
    assert_eq!(note["title"], "b");
}

#[test]
fn the_white_space_of_a_text_stays_and_line_ends_become_one() {
    let note = read("<note><title> a\r\nb\t</title></note>");
    assert_eq!(note["title"], " a\nb\t");
    // In an attribute it becomes spaces (XML 1.0 §3.3.3), unless it is written as characters.
    let open = Document::new(OBJECTS, Shape::Object(1));
    let value = open.value("<o mark='a\r\nb&#10;c'/>").expect("a document");
    assert_eq!(value, json!({"mark": "a b\nc"}));
}

#[test]
fn elements_that_are_no_other_property_are_under_their_own_names() {
    let open = Document::new(OBJECTS, Shape::Object(1)).root(Name::new("open"));
    let value = json!({"a": 1, "mark": "x\ty", "ö.b-2": 2.5});
    let text = open.text(&value).expect("written");
    assert_eq!(
        text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <open xmlns:m=\"urn:m\" m:mark=\"x&#9;y\"><a>1</a><ö.b-2>2.5</ö.b-2></open>"
    );
    assert_eq!(open.value(&text).expect("a document"), value);
}

#[test]
fn what_has_no_place_in_the_document_is_not_written() {
    let fault = |value: &Value| DOCUMENT.text(value).expect_err("no document").to_string();
    assert_eq!(fault(&json!({"other": 1})), "a property has no element");
    assert_eq!(fault(&json!({"title": []})), "expected a text");
    assert_eq!(fault(&json!({"parts": 1})), "expected an array");
    assert_eq!(fault(&json!("note")), "expected an object");
    assert_eq!(
        fault(&json!({"title": "\u{1}"})),
        "a text has a character that XML can't hold"
    );
    let open = Document::new(OBJECTS, Shape::Object(1)).root(Name::new("open"));
    for name in ["", "a b", "1", "a:b", "<"] {
        assert!(open.text(&json!({name: 1})).is_err(), "{name}");
    }
}

#[test]
fn what_is_no_document_is_told() {
    for (text, expected) in [
        ("", "expected an element, found none at "),
        ("<note/><note/>", "expected one root element, found two at "),
        ("<note/>x", "expected an element, found text at "),
        (
            "<note><title>",
            "expected the end of the element, found that of the text at /note/title",
        ),
        ("<note></other>", "expected XML, found other text at /note"),
        (
            "<note><title>a & b</title></note>",
            "expected XML, found other text at /note/title",
        ),
        (
            "<note><title>&#x0;</title></note>",
            "an entity that isn't one of XML's own isn't read at /note/title",
        ),
        (
            "<note id='&e;'/>",
            "expected the value of an attribute at /note/@id",
        ),
        (
            "<note id='1' id='2'/>",
            "expected it once, found it twice at /note/@id",
        ),
        (
            "<note><title/><title/></note>",
            "expected it once, found it twice at /note/title",
        ),
        (
            "<note><title>a<b/></title></note>",
            "expected text, found an element `b` at /note/title",
        ),
        (
            "<note><part/><part><done>yes</done></part></note>",
            "expected `true` or `false`, found other text at /note/part[2]/done",
        ),
        (
            "<!DOCTYPE note SYSTEM 'file:///etc/passwd'><note/>",
            "a document type declaration isn't read at ",
        ),
    ] {
        assert_eq!(message(text), expected, "{text}");
    }
}

#[test]
fn a_document_that_is_made_to_exhaust_is_refused_or_read_in_time() {
    let begun = Instant::now();
    let deep = "<part>".repeat(100_000);
    assert!(message(&format!("<note>{deep}")).starts_with("the elements nest too deep"));
    // What isn't named is passed over, however deep.
    let deep = format!("<x>{}{}</x>", "<y>".repeat(50_000), "</y>".repeat(50_000));
    assert_eq!(read(&format!("<note>{deep}</note>"))["parts"], json!([]));
    let attributes: Vec<_> = (0..50_000).map(|index| format!(" a{index}='1'")).collect();
    let attributes = attributes.concat();
    assert_eq!(read(&format!("<note{attributes} id='2'/>"))["id"], 2);
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_place_in_a_value_is_one_in_the_document() {
    for (pointer, place) in [
        ("", "/note"),
        ("/id", "/note/@id"),
        ("/parts/1/title", "/note/part[2]/title"),
        ("/unknown/x", "/note"),
    ] {
        assert_eq!(DOCUMENT.place(pointer), place);
    }
}

proptest! {
    #[test]
    fn any_text_is_a_document_or_an_error(text in "(<|>|/|note|part|id=|'|&|;|#|\\[|!|\\?|-|[[:print:]]){0,40}") {
        let _ = DOCUMENT.read(&text);
        let _ = DOCUMENT.read(&format!("<note>{text}</note>"));
    }

    #[test]
    fn every_text_that_xml_can_hold_comes_back(title: String, mark: String) {
        let value = json!({"title": title, "parts": [], "due": null});
        if let Ok(text) = DOCUMENT.text(&value) {
            prop_assert_eq!(DOCUMENT.value(&text).expect("a document"), value);
        }
        let open = Document::new(OBJECTS, Shape::Object(1)).root(Name::new("open"));
        let value = json!({"mark": mark});
        if let Ok(text) = open.text(&value) {
            prop_assert_eq!(open.value(&text).expect("a document"), value);
        }
    }
}
