//! Objects: presence, null, unknown and repeated properties, recursion, size.

use std::collections::BTreeMap;

use accredit_runtime::codec::{Blank, Entry, Field, Object, Properties, Writer};
use accredit_runtime::{AsJson, ParameterValue, Secret, ToParameter, Value};
use proptest::prelude::*;
use serde_json::json;

use crate::enums::Status;
use crate::{failure, round_trip};

/// Every presence of a property, and a type that contains itself through `Box`, `Vec` and a map.
#[derive(Clone)]
struct Order {
    id: String,
    amount: f64,
    status: Option<Status>,
    note: Option<Option<String>>,
    parent: Option<String>,
    replaces: Option<Box<Order>>,
    parts: Option<Vec<Order>>,
    related: Option<BTreeMap<String, Order>>,
}

accredit_runtime::object!(Order {
    0 => id: required("id"),
    1 => amount: required("amount"),
    2 => status: optional("status"),
    3 => note: optional_nullable("note"),
    4 => parent: nullable("parent"),
    5 => replaces: optional("replaces"),
    6 => parts: optional("parts"),
    7 => related: optional("related"),
});

/// An object that keeps its unknown properties.
#[derive(Clone)]
struct Labels {
    name: Option<String>,
    additional_properties: BTreeMap<String, i64>,
}

accredit_runtime::object!(Labels {
    0 => name: optional("name"),
    _ => additional_properties,
});

#[derive(Clone)]
struct Empty {}

accredit_runtime::object!(Empty {});

#[derive(Clone)]
struct Tree(Vec<Tree>);
accredit_runtime::newtype!(Tree(Vec<Tree>));

macro_rules! ten {
    ($tens:literal) => {
        ten!(@ $tens 0 1 2 3 4 5 6 7 8 9)
    };
    (@ $tens:literal $($unit:literal)*) => {
        [$(Field { name: concat!("property", $tens, $unit), is_required: true },)*]
    };
}

/// An object of many properties, all of them required.
#[derive(Debug)]
struct Wide<const N: usize>(Vec<i64>);

const WIDE: &[[Field; 10]] = &[
    ten!(0),
    ten!(1),
    ten!(2),
    ten!(3),
    ten!(4),
    ten!(5),
    ten!(6),
    ten!(7),
    ten!(8),
    ten!(9),
    ten!(10),
    ten!(11),
    ten!(12),
    ten!(13),
    ten!(14),
    ten!(15),
    ten!(16),
    ten!(17),
    ten!(18),
    ten!(19),
    ten!(20),
    ten!(21),
    ten!(22),
    ten!(23),
    ten!(24),
    ten!(25),
    ten!(26),
    ten!(27),
    ten!(28),
    ten!(29),
];

impl<const N: usize> Object for Wide<N> {
    const FIELDS: &'static [Field] = WIDE.as_flattened().split_at(N).0;

    fn read<E: Entry>(&mut self, field: usize, entry: E) -> Result<(), E::Error> {
        match self.0.get_mut(field) {
            Some(slot) => entry.required(slot),
            None => entry.ignore(),
        }
    }
}

impl<const N: usize> Blank for Wide<N> {
    fn blank() -> Self {
        Self(vec![-1; N])
    }
}

impl<const N: usize> Properties for Wide<N> {
    fn write_properties<W: Writer>(&self, writer: &mut W) {
        for (field, value) in Self::FIELDS.iter().zip(&self.0) {
            writer.required(field.name, value);
        }
    }
}

type Wide70 = Wide<70>;
type Wide300 = Wide<300>;
macro_rules! wide {
    ($($ty:ident)*) => {
        $(accredit_runtime::object!($ty);)*
    };
}
wide!(Wide70 Wide300);

fn order(text: &str) -> Order {
    serde_json::from_str(text).expect("is an order")
}

#[test]
fn absent_properties_are_left_out_and_null_is_kept_where_it_differs_from_absence() {
    let least = json!({"id": "1", "amount": 2.5, "parent": null});
    assert_eq!(round_trip::<Order>(&least), least);
    let null = json!({"id": "1", "amount": 2.5, "note": null, "parent": "0"});
    assert_eq!(round_trip::<Order>(&null), null);
    let value = json!({"id": "1", "amount": 2.5, "status": "SAVED", "note": "n", "parent": null});
    assert_eq!(round_trip::<Order>(&value), value);
}

#[test]
fn null_reads_as_absence_where_a_property_is_optional() {
    let value = json!({"id": "1", "amount": 1.0, "parent": null, "status": null, "parts": null});
    let least = json!({"id": "1", "amount": 1.0, "parent": null});
    assert_eq!(round_trip::<Order>(&value), least);
}

#[test]
fn a_missing_required_property_is_named_with_its_type() {
    assert_eq!(
        failure::<Order>(r#"{"id": "1", "parent": null}"#),
        "missing property `amount` of `Order` at line 1 column 27"
    );
    assert_eq!(
        failure::<Order>(r#"{"id": "1", "amount": 1}"#),
        "missing property `parent` of `Order` at line 1 column 24"
    );
}

/// A property of any value.
struct Event {
    detail: Option<Value>,
}

accredit_runtime::object!(Event {
    0 => detail: optional_any("detail"),
});

#[test]
fn null_is_kept_where_any_value_is_allowed() {
    for json in [json!({}), json!({"detail": null}), json!({"detail": [1]})] {
        assert_eq!(round_trip::<Event>(&json), json);
    }
}

#[test]
fn null_for_a_required_property_is_an_error() {
    assert_eq!(
        failure::<Order>(r#"{"id": null}"#),
        "invalid type: null, expected a string at line 1 column 11"
    );
}

#[test]
fn another_kind_of_value_is_an_error_that_names_the_type() {
    assert_eq!(
        failure::<Order>("[1]"),
        "invalid type: sequence, expected object `Order` at line 1 column 0"
    );
}

#[test]
fn a_value_without_lines_is_told_its_place_by_property_and_type() {
    let value = json!({"id": "1", "parts": [{"id": "2", "amount": "much"}]});
    let error = serde_json::from_value::<Order>(value).expect_err("isn't an order");
    assert_eq!(
        error.to_string(),
        "invalid type: string \"much\", expected f64 in `amount` of `Order` in `parts` of `Order`"
    );
}

#[test]
fn a_truncated_text_stays_an_error_of_its_own_kind() {
    let error = serde_json::from_str::<Order>(r#"{"id": "1", "parts": [{"id""#);
    assert!(error.expect_err("is truncated").is_eof());
}

#[test]
fn unknown_properties_are_ignored() {
    let read = order(r#"{"x": {"y": [1]}, "id": "1", "amount": 1, "parent": "p", "z": null}"#);
    assert_eq!(read.id, "1");
    assert_eq!(read.parent.as_deref(), Some("p"));
}

#[test]
fn unknown_properties_are_kept_where_the_document_speaks_of_them() {
    let value = json!({"name": "n", "a": 1, "b\"\u{e9}": 2});
    assert_eq!(round_trip::<Labels>(&value), value);
    let reader = serde_json::from_reader::<_, Labels>(value.to_string().as_bytes());
    let read = reader.expect("is an object of labels");
    assert_eq!(read.additional_properties["b\"\u{e9}"], 2);
    assert_eq!(
        failure::<Labels>(r#"{"name": "n", "a": "text"}"#),
        "invalid type: string \"text\", expected i64 at line 1 column 25"
    );
}

#[test]
fn the_last_of_equal_properties_counts() {
    let read = order(
        r#"{"id": "1", "amount": 1, "parent": "p", "id": "2", "status": "SAVED", "status": null}"#,
    );
    assert_eq!(read.id, "2");
    assert!(read.status.is_none());
    let read: Labels = serde_json::from_str(r#"{"a": 1, "a": 2}"#).expect("is an object");
    assert_eq!(
        read.additional_properties,
        BTreeMap::from([("a".to_owned(), 2)])
    );
}

#[test]
fn keys_are_found_in_any_order_and_with_escapes() {
    let read = order(r#"{"parent": "p", "\u0061mount": 1, "id": "1"}"#);
    assert_eq!(
        (read.id.as_str(), read.amount.to_bits()),
        ("1", 1f64.to_bits())
    );
}

#[test]
fn a_type_may_contain_itself_through_box_array_and_map() {
    let leaf = json!({"id": "l", "amount": 0.0, "parent": null});
    let value = json!({
        "id": "1", "amount": 1.0, "parent": null,
        "replaces": leaf, "parts": [leaf, leaf], "related": {"a": leaf},
    });
    assert_eq!(round_trip::<Order>(&value), value);
    let tree = json!([[], [[]]]);
    assert_eq!(round_trip::<Tree>(&tree), tree);
    assert_eq!(Vec::from(Tree::from(vec![Tree(vec![])])), [Tree(vec![])]);
}

#[test]
fn an_object_without_properties_takes_any_object() {
    assert_eq!(round_trip::<Empty>(&json!({"a": 1})), json!({}));
}

#[test]
fn objects_of_70_and_of_300_properties_are_read_whole() {
    fn properties(names: &[Field]) -> serde_json::Map<String, Value> {
        let values = names.iter().enumerate();
        values
            .map(|(at, field)| (field.name.to_owned(), json!(at)))
            .collect()
    }
    let of_70 = Value::Object(properties(Wide70::FIELDS));
    assert_eq!(round_trip::<Wide70>(&of_70), of_70);
    let mut of_300 = properties(Wide300::FIELDS);
    let value = Value::Object(of_300.clone());
    assert_eq!(round_trip::<Wide300>(&value), value);

    let backwards: serde_json::Map<_, _> = of_300.clone().into_iter().rev().collect();
    assert_eq!(round_trip::<Wide300>(&Value::Object(backwards)), value);

    of_300.shift_remove("property287");
    let text = Value::Object(of_300).to_string();
    assert_eq!(
        failure::<Wide300>(&text),
        format!(
            "missing property `property287` of `Wide` at line 1 column {}",
            text.len()
        )
    );
}

#[test]
fn an_object_is_a_parameter_of_its_properties() {
    let labels: Labels = serde_json::from_str(r#"{"name": "n", "a": 1}"#).expect("is an object");
    let text = |text: &str| ParameterValue::Primitive(text.to_owned());
    assert_eq!(
        AsJson(&labels).to_parameter(),
        ParameterValue::Object(vec![
            ("name".to_owned(), text("n")),
            ("a".to_owned(), text("1"))
        ])
    );
}

#[derive(Clone)]
struct Login {
    user: String,
    password: Secret,
    hint: Option<String>,
    previous: Option<Option<Secret>>,
    further: BTreeMap<String, Value>,
}

accredit_runtime::object!(Login {
    0 => user: required("userName"),
    1 => password: required("password"),
    2 => hint: optional("hint"),
    3 => previous: optional_nullable("previous"),
    _ => further,
});

#[test]
fn debug_shows_what_is_there_by_the_names_of_the_document_and_masks_secrets() {
    let login = r#"{"userName": "ann", "password": "hunter2", "previous": "hunter1", "age": 3}"#;
    let login: Login = serde_json::from_str(login).expect("is an object");
    let shown = format!("{login:?}");
    assert!(!shown.contains("hunter"), "{shown}");
    assert_eq!(
        shown,
        format!(
            r#"Login {{ userName: "ann", password: {:?}, previous: Some({:?}), age: Number(3) }}"#,
            login.password, login.password,
        )
    );
}

#[test]
fn objects_are_equal_if_all_of_their_properties_are() {
    let read = |json: &str| serde_json::from_str::<Login>(json).expect(json);
    let login = read(r#"{"userName": "ann", "password": "p"}"#);
    assert_eq!(login, login.clone());
    for other in [
        r#"{"userName": "bob", "password": "p"}"#,
        r#"{"userName": "ann", "password": "q"}"#,
        r#"{"userName": "ann", "password": "p", "hint": ""}"#,
        r#"{"userName": "ann", "password": "p", "previous": null}"#,
        r#"{"userName": "ann", "password": "p", "age": 3}"#,
    ] {
        assert_ne!(login, read(other), "{other}");
    }
}

#[test]
fn a_secret_is_a_text_that_debug_does_not_show() {
    let secret: Secret = serde_json::from_str(r#""hunter2""#).expect("is a secret");
    assert_eq!(secret.expose(), "hunter2");
    assert_eq!(
        serde_json::to_value(&secret).expect("encodes"),
        json!("hunter2")
    );
}

prop_compose! {
    fn leaf()(
        id in ".*",
        quarters in any::<i32>(),
        status in prop::option::of("[A-Z]{0,3}|SAVED|CREATED"),
        note in prop::option::of(prop::option::of(".*")),
        parent in prop::option::of(".*"),
    ) -> Order {
        Order {
            id, note, parent,
            amount: f64::from(quarters) / 4.0,
            status: status.map(Status::from),
            replaces: None, parts: None, related: None,
        }
    }
}

fn any_order() -> impl Strategy<Value = Order> {
    leaf().prop_recursive(3, 12, 3, |inner| {
        let replaces = prop::option::of(inner.clone().prop_map(Box::new));
        let parts = prop::option::of(prop::collection::vec(inner.clone(), 0..3));
        let related = prop::option::of(prop::collection::btree_map(".*", inner, 0..3));
        (leaf(), replaces, parts, related).prop_map(|(order, replaces, parts, related)| Order {
            replaces,
            parts,
            related,
            ..order
        })
    })
}

proptest! {
    #[test]
    fn any_order_survives_text_and_value(order in any_order()) {
        let value = serde_json::to_value(&order).expect("encodes");
        prop_assert_eq!(round_trip::<Order>(&value), value);
    }

    #[test]
    fn no_text_makes_decoding_panic(text in r#"[\[\]{}":,a-e0-9\\u ]{0,40}"#) {
        let _ = serde_json::from_str::<Order>(&text);
        let _ = serde_json::from_str::<Labels>(&text);
    }
}
