//! Examples: the values that the document gives of its types, each held against its own schema.
//!
//! A value that contradicts its schema is told and left aside; every other must survive a round trip
//! through the generated type, which is what generated tests check, if there are to be some.

mod judge;

use std::borrow::Cow;

use serde_json::Value;

use self::judge::{Coverage, Fault, Judge};
use crate::diagnostics::{Code, Diagnostics};
use crate::extensions::PREFIX;
use crate::model::{Example, Exemplified};
use crate::pointer::Pointer;
use crate::references::{at, followed};

/// Reports the examples at the places that may hold some which contradict their schema.
pub(crate) fn check(root: &Value, places: &[Exemplified], diagnostics: &mut Diagnostics) {
    let mut judge = Judge::new(root);
    each(root, places, |_, schema, value, pointer| {
        if let Err(fault) = judged(&mut judge, schema, value) {
            contradiction(&fault, &pointer, diagnostics);
        }
    });
}

/// Returns the examples at the places that may hold some, without those that contradict their
/// schema.
pub(crate) fn collect(
    root: &Value,
    places: &[Exemplified],
    diagnostics: &mut Diagnostics,
) -> Vec<Example> {
    let mut found = Vec::new();
    let mut judge = Judge::new(root);
    each(root, places, |place, schema, value, pointer| {
        match judged(&mut judge, schema, value) {
            Ok((value, coverage)) => found.push(Example {
                left_out: left_out(&coverage, &value, &pointer, diagnostics),
                ty: place.ty.clone(),
                value: value.into_owned(),
                pointer,
            }),
            Err(fault) => contradiction(&fault, &pointer, diagnostics),
        }
    });
    found
}

/// Visits the examples at the places that may hold some, with the schema of each.
fn each<'a>(
    root: &'a Value,
    places: &'a [Exemplified],
    mut visit: impl FnMut(&'a Exemplified, &'a Value, &'a Value, Pointer),
) {
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
            visit(place, schema, value, pointer);
        }
    }
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
        // OpenAPI 3.2 tells the value apart from how it is serialized.
        for keyword in ["value", "dataValue"] {
            let pointer = || at.child("examples").child(name).child(keyword);
            values.extend(example.get(keyword).map(|value| (pointer(), value)));
        }
    }
    values
}

/// Returns a value that its schema allows, with what its schemas speak of.
fn judged<'a>(
    judge: &mut Judge<'a>,
    schema: &'a Value,
    value: &'a Value,
) -> Result<(Cow<'a, Value>, Coverage), Fault> {
    let fault = match judge.judge(schema, value) {
        Ok(coverage) => return Ok((Cow::Borrowed(value), coverage)),
        Err(fault) => fault,
    };
    // JSON text in a string is an old way to write an example.
    let inner = value.as_str().map(serde_json::from_str::<Value>);
    match inner {
        Some(Ok(inner)) if inner.is_object() || inner.is_array() => {
            let coverage = judge.judge(schema, &inner);
            let coverage = coverage.map_err(|_| fault)?;
            Ok((Cow::Owned(inner), coverage))
        }
        _ => Err(fault),
    }
}

fn contradiction(fault: &Fault, at: &Pointer, diagnostics: &mut Diagnostics) {
    let message = match path(&fault.place()) {
        place if place.is_empty() => fault.message.clone(),
        place => format!("{} at `{place}`", fault.message),
    };
    diagnostics.warning(Code::ExampleContradictsSchema, at, message);
}

fn path(place: &Pointer) -> String {
    place.to_string().trim_start_matches('#').to_owned()
}

/// Returns the places in a value that a type doesn't keep.
fn left_out(
    coverage: &Coverage,
    value: &Value,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Vec<Pointer> {
    let mut places = Vec::new();
    coverage.uncovered(value, &Pointer::root(), &mut places);
    if !places.is_empty() {
        let names: Vec<_> = places
            .iter()
            .map(|place| format!("`{}`", path(place)))
            .collect();
        let message = format!("the schema doesn't declare {}", names.join(", "));
        diagnostics.warning(Code::UndeclaredProperty, at, message);
    }
    places
}
