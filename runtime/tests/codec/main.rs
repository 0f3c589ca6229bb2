//! Types in the shape of generated code, to JSON and back.

#![expect(
    clippy::option_option,
    clippy::use_self,
    reason = "the types are written as the generator writes them"
)]

mod enums;
mod flatten;
mod numbers;
mod objects;
mod unions;

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Decodes from text and from a buffered value, which must agree, and encodes.
fn round_trip<T: Serialize + DeserializeOwned + Debug>(value: &Value) -> Value {
    let from_text: T = serde_json::from_str(&value.to_string()).expect("decodes from text");
    let from_value: T = serde_json::from_value(value.clone()).expect("decodes from a value");
    let from_text = serde_json::to_value(&from_text).expect("encodes");
    let from_value = serde_json::to_value(&from_value).expect("encodes");
    assert_eq!(from_text, from_value);
    from_text
}

/// Returns the message of the failure to decode a text.
fn failure<T: DeserializeOwned + Debug>(text: &str) -> String {
    serde_json::from_str::<T>(text)
        .expect_err("is no value of the type")
        .to_string()
}
