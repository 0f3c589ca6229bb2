//! Numbers in unions: with all their digits, and in quotes.

use std::collections::BTreeMap;

use accredit_runtime::Value;
use accredit_runtime::codec::{Constant, Evidence, Kind};
use accredit_runtime::formats::Number;

#[derive(Clone)]
struct Price {
    amount: Number,
    parts: Vec<Sum>,
}

accredit_runtime::object!(Price {
    0 => amount: required("amount"),
    1 => parts: required("parts"),
});

/// A union in which digits count, and which leads back to itself.
#[derive(Clone)]
enum Sum {
    Number(Number),
    Price(Price),
    Rates(BTreeMap<String, Number>),
}

impl Sum {
    const EVIDENCE: &'static [Evidence] = &[
        Evidence::new("Number", &[Kind::Integer, Kind::Number]),
        Evidence::new("Price", &[Kind::Object])
            .required(&["amount"])
            .properties(&["amount", "parts"]),
        Evidence::new("Rates", &[Kind::Object]),
    ];
}

accredit_runtime::union!(Sum {
    0 => Number,
    1 => Price(Price),
    2 => Rates,
    _ = Number,
});

fn sum(json: &str) -> Sum {
    serde_json::from_str(json).expect(json)
}

#[test]
fn digits_in_a_union_go_back_as_they_came() {
    for json in [
        "18446744073709551616",
        "0.10",
        "-1E+400",
        r#"{"EUR":1.0850000000000000000001}"#,
        r#"{"amount":1.50,"parts":[2.50,{"amount":0.10,"parts":[]},{"a":1e2}]}"#,
    ] {
        assert_eq!(serde_json::to_string(&sum(json)).expect(json), json);
        let list = format!("[{json} , {json}]");
        let list: Vec<Sum> = serde_json::from_slice(list.as_bytes()).expect(json);
        assert_eq!(list, [sum(json), sum(json)]);
    }
}

#[test]
fn what_knows_no_text_has_the_digits_that_it_has() {
    let value: Value = serde_json::from_str(r#"{"amount": 1.5, "parts": [2]}"#).expect("JSON");
    let read: Sum = serde_json::from_value(value).expect("a price");
    assert_eq!(read, sum(r#"{"amount": 1.5, "parts": [2]}"#));
}

#[test]
fn a_variant_that_is_at_fault_is_told_with_the_place_and_without_the_value() {
    let error = serde_json::from_str::<Sum>(r#"{"amount": 1, "parts": [1, {"amount": "s3cret"}]}"#);
    assert_eq!(
        error.expect_err("no sum").to_string(),
        "variant `Price` of `Sum`: variant `Price` of `Sum`: expected a number in `amount` of `Price`, \
         found string at `/parts`"
    );
}

#[test]
fn a_union_that_nests_without_end_is_refused() {
    let deep = r#"{"amount":1,"parts":["#.repeat(100_000);
    assert!(serde_json::from_str::<Sum>(&deep).is_err());
    let closed = format!("{deep}{}", "]}".repeat(100_000));
    let error = serde_json::from_str::<Sum>(&closed).expect_err("too deep");
    assert!(error.to_string().contains("recursion limit"), "{error}");
}

/// A union whose numbers may be strings.
#[derive(Clone)]
enum Limit {
    Number(f64),
    Flag(bool),
    List(Vec<i64>),
    Word(String),
}

impl Limit {
    const EVIDENCE: &'static [Evidence] = &[
        Evidence::new("Number", &[Kind::Integer, Kind::Number]).quoted(),
        Evidence::new("Flag", &[Kind::Bool]).quoted(),
        Evidence::new("List", &[Kind::Array]).quoted(),
        Evidence::new("Word", &[Kind::String])
            .values(&[Constant::String("none"), Constant::String("all")]),
    ];
}

accredit_runtime::union!(Limit {
    0 => Number,
    1 => Flag,
    2 => List,
    3 => Word,
    _ = Word,
});

#[test]
fn a_string_is_a_number_or_a_boolean_where_no_variant_has_it() {
    for (json, expected) in [
        (r#""7.50""#, Limit::Number(7.5)),
        ("7.5", Limit::Number(7.5)),
        (r#""True""#, Limit::Flag(true)),
        (r#"["1", 2]"#, Limit::List(vec![1, 2])),
        (r#""all""#, Limit::Word("all".to_owned())),
        (r#""some""#, Limit::Word("some".to_owned())),
    ] {
        let read: Limit = serde_json::from_str(json).expect(json);
        assert_eq!(read, expected, "{json}");
        let value: Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(
            serde_json::from_value::<Limit>(value).expect(json),
            expected
        );
    }
    let error = serde_json::from_str::<Limit>(r#"["1", "s3cret"]"#).expect_err("no list");
    assert!(!error.to_string().contains("s3cret"), "{error}");
}
