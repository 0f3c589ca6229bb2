//! Examples: the values that the document gives of its types, each held against its own schema.
//!
//! A value that contradicts its schema is told and left aside; every other must survive a round trip
//! through the generated type, which is what the generated tests check.

mod judge;

use serde_json::Value;

use self::judge::{Coverage, Fault, Judge};
use crate::diagnostics::{Code, Diagnostics};
use crate::extensions::PREFIX;
use crate::model::{Example, Exemplified};
use crate::pointer::Pointer;
use crate::references::{at, followed};

/// Returns the examples at the places that may hold some, without those that contradict their
/// schema.
pub(crate) fn collect(
    root: &Value,
    places: &[Exemplified],
    diagnostics: &mut Diagnostics,
) -> Vec<Example> {
    let mut found = Vec::new();
    for place in places {
        let Some(holder) = at(root, place.pointer.tokens()) else {
            continue;
        };
        let (schema, values) = if place.is_schema {
            (holder, of_schema(holder, &place.pointer))
        } else {
            (schema_of(holder), of_holder(root, holder, &place.pointer))
        };
        for (pointer, value) in values {
            if let Some((value, left_out)) = judged(root, schema, value, &pointer, diagnostics) {
                found.push(Example {
                    pointer,
                    ty: place.ty.clone(),
                    value,
                    left_out,
                });
            }
        }
    }
    found
}

/// Returns the schema of a media type or of a parameter.
fn schema_of(holder: &Value) -> &Value {
    let content = || {
        holder
            .get("content")?
            .as_object()?
            .values()
            .next()?
            .get("schema")
    };
    holder
        .get("schema")
        .or_else(content)
        .unwrap_or(&Value::Bool(true))
}

/// Returns the examples of a schema, and its default.
fn of_schema<'a>(schema: &'a Value, at: &Pointer) -> Vec<(Pointer, &'a Value)> {
    let mut values = Vec::new();
    for keyword in ["example", "default"] {
        values.extend(schema.get(keyword).map(|value| (at.child(keyword), value)));
    }
    let keyword = format!("{PREFIX}examples");
    let others = schema.get(&keyword).and_then(Value::as_array);
    for (index, value) in others.into_iter().flatten().enumerate() {
        let pointer = at.child(&*keyword).child(index.to_string());
        values.push((pointer, value));
    }
    values
}

/// Returns the examples of a media type or of a parameter (OpenAPI 3.0 §4.7.14, §4.7.19).
fn of_holder<'a>(root: &'a Value, holder: &'a Value, at: &Pointer) -> Vec<(Pointer, &'a Value)> {
    let mut values = Vec::new();
    values.extend(
        holder
            .get("example")
            .map(|value| (at.child("example"), value)),
    );
    let examples = holder.get("examples").and_then(Value::as_object);
    for (name, example) in examples.into_iter().flatten() {
        let Some(example) = followed(root, example) else {
            continue;
        };
        if let Some(value) = example.get("value") {
            let pointer = at.child("examples").child(name).child("value");
            values.push((pointer, value));
        }
    }
    values
}

/// Returns a value that its schema allows, with the places in it that a type doesn't keep.
fn judged(
    root: &Value,
    schema: &Value,
    value: &Value,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<(Value, Vec<Pointer>)> {
    let mut value = value.clone();
    let mut verdict = Judge::new(root).judge(schema, &value);
    // JSON text in a string is an old way to write an example.
    if let (Err(_), Value::String(text)) = (&verdict, &value)
        && let Ok(inner) = serde_json::from_str::<Value>(text)
        && (inner.is_object() || inner.is_array())
        && let Ok(coverage) = Judge::new(root).judge(schema, &inner)
    {
        value = inner;
        verdict = Ok(coverage);
    }
    let coverage = match verdict {
        Ok(coverage) => coverage,
        Err(fault) => {
            let message = contradiction(&fault);
            diagnostics.warning(Code::ExampleContradictsSchema, at, message);
            return None;
        }
    };
    let left_out = left_out(&coverage, &value);
    if !left_out.is_empty() {
        let names: Vec<_> = left_out
            .iter()
            .map(|place| format!("`{}`", path(place)))
            .collect();
        let message = format!("the schema doesn't declare {}", names.join(", "));
        diagnostics.warning(Code::UndeclaredProperty, at, message);
    }
    Some((value, left_out))
}

fn contradiction(fault: &Fault) -> String {
    match path(&fault.place()) {
        place if place.is_empty() => fault.message.clone(),
        place => format!("{} at `{place}`", fault.message),
    }
}

fn path(place: &Pointer) -> String {
    place.to_string().trim_start_matches('#').to_owned()
}

fn left_out(coverage: &Coverage, value: &Value) -> Vec<Pointer> {
    let mut places = Vec::new();
    coverage.uncovered(value, &Pointer::root(), &mut places);
    places
}
