//! A value of a schema survives its generated type: random values of random schemas, and each construct
//! by each of its alternatives and by none.

use accredit_runtime::examples::{RoundTrip, failures, round_trip};
use conformance::generated::constructs::types;
use conformance::random;
use serde_json::{Value, json};

include!(concat!(env!("OUT_DIR"), "/random_types.rs"));

/// How many values are made of each schema.
const VALUES: u64 = 200;

#[test]
fn random_values_of_random_schemas_survive() {
    let document = random::document();
    for seed in 0..VALUES {
        let mut values = random::Values::of(&document, seed);
        let lines = random::names().map(|name| {
            let value = values.named(&name);
            json!({"type": name, "at": seed.to_string(), "value": value}).to_string()
        });
        let lines: Vec<_> = lines.collect();
        let failures = failures(&lines.join("\n"), RANDOM);
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}

/// Returns what is said of a value that none of a type's alternatives is.
fn refused<T: serde::de::DeserializeOwned + std::fmt::Debug>(value: &Value) -> String {
    serde_json::from_value::<T>(value.clone())
        .expect_err("refused")
        .to_string()
}

#[test]
fn every_alternative_of_every_construct_survives() {
    let types: &[(&str, RoundTrip)] = &[
        ("Named", round_trip::<types::Named>),
        ("Mixed", round_trip::<types::Mixed>),
        ("Extensible", round_trip::<types::Extensible>),
        ("Animal", round_trip::<types::Animal>),
        ("Nested", round_trip::<types::Nested>),
        ("Overlapping", round_trip::<types::Overlapping>),
        ("Shaped", round_trip::<types::Shaped>),
        ("Wide", round_trip::<types::Wide>),
        ("Sided", round_trip::<types::Sided>),
    ];
    let values = [
        ("Named", json!(1)),
        ("Named", json!(7)),
        ("Mixed", json!("auto")),
        ("Mixed", json!(1)),
        ("Mixed", json!(true)),
        ("Extensible", json!("A")),
        ("Extensible", json!("Z")),
        (
            "Animal",
            json!({"species": "cat", "name": "Tom", "claws": 18}),
        ),
        (
            "Animal",
            json!({"species": "dog", "name": "Rex", "bark": "loud"}),
        ),
        ("Animal", json!({"species": "axolotl", "gills": 6})),
        (
            "Nested",
            json!({"group": "animal", "species": "cat", "name": "Tom"}),
        ),
        ("Nested", json!({"group": "stone", "weight": 1.5})),
        ("Nested", json!({"group": "plant", "leaves": 3})),
        ("Overlapping", json!({"a": "x"})),
        ("Overlapping", json!({"a": "x", "b": 1, "c": true})),
        ("Shaped", json!("text")),
        ("Shaped", json!(1)),
        ("Shaped", json!([1, 2])),
        ("Shaped", json!({"x": 1})),
        ("Shaped", json!({"y": "z"})),
        ("Wide", json!({"signed": i64::MIN, "unsigned": u64::MAX})),
        ("Sided", json!({"id": "1", "name": "n"})),
        ("Sided", json!({"name": "n", "secret": "s"})),
    ];
    let lines = values.map(|(name, value)| json!({"type": name, "value": value}).to_string());
    let failures = failures(&lines.join("\n"), types);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn when_no_alternative_fits_the_error_says_why_for_each() {
    let said = refused::<types::Shaped>(&json!({"w": 1}));
    assert!(said.contains("`x`") && said.contains("`y`"), "{said}");
    let said = refused::<types::Shaped>(&json!(true));
    assert!(said.contains("boolean"), "{said}");
}
