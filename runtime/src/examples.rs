//! What the tests of generated crates are made of: values that the document gives as examples must
//! survive a round trip through their types.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a value as a type and writes it back.
pub type RoundTrip = fn(&str) -> Result<Value, serde_json::Error>;

/// [`RoundTrip`] through the type `T`.
pub fn round_trip<T: DeserializeOwned + Serialize>(json: &str) -> Result<Value, serde_json::Error> {
    let value: T = serde_json::from_str(json)?;
    serde_json::to_value(&value)
}

/// Returns, a line each, the examples that don't survive a round trip.
///
/// `data` has an object on each line: `type`, a key of `types`; `at`, the place in the document;
/// `value`; and `left_out`, the places in the value that the type may lose. A line without a type
/// is a comment.
#[must_use]
pub fn failures(data: &str, types: &[(&str, RoundTrip)]) -> Vec<String> {
    data.lines()
        .filter_map(|line| {
            let example: Value = match serde_json::from_str(line) {
                Ok(example) => example,
                Err(error) => return Some(format!("not an example: {error}")),
            };
            let name = example.get("type")?.as_str()?;
            let round_trip = types.iter().find(|(known, _)| *known == name);
            let outcome = match round_trip {
                Some((_, round_trip)) => survive(&example, *round_trip),
                None => Err("the type isn't tested".to_owned()),
            };
            let at = example
                .get("at")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let message = outcome.err()?;
            Some(format!("{at} as {name}: {message}"))
        })
        .collect()
}

fn survive(example: &Value, round_trip: RoundTrip) -> Result<(), String> {
    let mut before = example.get("value").cloned().unwrap_or_default();
    let mut after = round_trip(&before.to_string()).map_err(|error| error.to_string())?;
    let left_out = example.get("left_out").and_then(Value::as_array);
    for place in left_out.into_iter().flatten().filter_map(Value::as_str) {
        remove(&mut before, place);
        remove(&mut after, place);
    }
    match difference(&before, &after) {
        None => Ok(()),
        Some(place) => Err(format!("came back different at `{place}`")),
    }
}

/// Removes what stands at a place, a JSON pointer with a `#` before it.
fn remove(value: &mut Value, place: &str) {
    let Some((parent, name)) = place.trim_start_matches('#').rsplit_once('/') else {
        return;
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    if let Some(Value::Object(members)) = value.pointer_mut(parent) {
        members.remove(&name);
    }
}

/// Returns a place where two values differ; numbers are what they are worth.
fn difference(one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let lost = one.keys().find(|name| !other.contains_key(*name));
            let added = other.keys().find(|name| !one.contains_key(*name));
            if let Some(name) = lost.or(added) {
                return Some(format!("/{name}"));
            }
            one.iter().find_map(|(name, member)| {
                let place = difference(member, &other[name])?;
                Some(format!("/{name}{place}"))
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(index, (one, other))| {
                let place = difference(one, other)?;
                Some(format!("/{index}{place}"))
            })
        }
        (Value::Number(one), Value::Number(other)) => {
            (one != other && one.as_f64() != other.as_f64()).then(String::new)
        }
        _ => (one != other).then(String::new),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const TYPES: &[(&str, RoundTrip)] = &[
        ("f64", round_trip::<f64>),
        ("map", round_trip::<BTreeMap<String, Option<bool>>>),
    ];

    #[test]
    fn what_comes_back_different_is_named_with_its_place() {
        fn forget(_: &str) -> Result<Value, serde_json::Error> {
            serde_json::from_str(r#"{"a": {"b": [1, {}]}}"#)
        }
        let line = |value: &str, more: &str| {
            format!(r##"{{"type": "T", "at": "#/x", "value": {value}{more}}}"##)
        };
        let failures = |line: String| failures(&line, &[("T", forget)]);
        let same: [String; 0] = [];
        assert_eq!(failures(line(r#"{"a": {"b": [1.0, {}]}}"#, "")), same);
        let different = line(r#"{"a": {"b": [1, {"c/d": 2}]}}"#, "");
        assert_eq!(
            failures(different),
            ["#/x as T: came back different at `/a/b/1/c/d`"]
        );
        let told = line(
            r#"{"a": {"b": [1, {"c/d": 2}]}}"#,
            r##", "left_out": ["#/a/b/1/c~1d"]"##,
        );
        assert_eq!(failures(told), same);
    }

    #[test]
    fn every_line_is_held_against_its_type() {
        let data = r##"{"mark": "a comment"}
{"type": "f64", "at": "#/a", "value": 1}
{"type": "map", "at": "#/b", "value": {"x": null}}
{"type": "f64", "at": "#/c", "value": "1"}
{"type": "T", "at": "#/d", "value": 1}"##;
        assert_eq!(
            failures(data, TYPES),
            [
                "#/c as f64: invalid type: string \"1\", expected f64 at line 1 column 3",
                "#/d as T: the type isn't tested"
            ]
        );
    }
}
