//! Generated types in the derives of their users.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::enums::Status;
use crate::round_trip;
use crate::unions::{Circle, Shape};

#[derive(Debug, Serialize, Deserialize)]
struct Stamped {
    stamp: u64,
    status: Status,
    #[serde(flatten)]
    circle: Circle,
}

#[derive(Debug, Serialize, Deserialize)]
struct Drawn {
    color: String,
    #[serde(flatten)]
    shape: Shape,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Event {
    Drawn(Circle),
    Erased { shape: Shape },
}

#[test]
fn an_object_may_be_flattened() {
    let value = json!({"stamp": 1, "status": "NEW", "kind": "circle", "radius": 2.0});
    assert_eq!(round_trip::<Stamped>(&value), value);
}

#[test]
fn a_union_may_be_flattened() {
    let value = json!({"color": "red", "kind": "square", "side": 2});
    let read: Drawn = serde_json::from_value(value.clone()).expect("is drawn");
    assert!(matches!(read.shape, Shape::Square(_)));
    let encoded = serde_json::to_value(&read).expect("encodes");
    assert_eq!(encoded, value);
}

#[test]
fn generated_types_may_stand_in_a_tagged_enum() {
    for value in [
        json!({"type": "Drawn", "kind": "circle", "radius": 2.0}),
        json!({"type": "Erased", "shape": {"kind": "square", "side": 1}}),
    ] {
        assert_eq!(round_trip::<Event>(&value), value);
    }
}

#[test]
fn a_missing_property_is_named_below_flatten_too() {
    let error = serde_json::from_str::<Stamped>(r#"{"stamp": 1, "status": "NEW"}"#);
    assert_eq!(
        error.expect_err("lacks properties").to_string(),
        "missing property `kind` of `Circle` at line 1 column 29"
    );
}
