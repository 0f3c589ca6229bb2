//! Random values of the schemas of a random document.

mod document;

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Returns the document.
#[must_use]
pub fn document() -> Value {
    document::document()
}

/// Returns what its schemas are called.
pub fn names() -> impl Iterator<Item = String> {
    document::names()
}

/// Values that are nested deeper have no optional part.
const DEEPEST: usize = 6;

/// Makes values by the schemas of a document.
#[derive(Debug)]
pub struct Values<'a> {
    document: &'a Value,
    rng: Rng,
}

impl<'a> Values<'a> {
    /// Returns a source of values, the same for a seed.
    #[must_use]
    pub fn of(document: &'a Value, seed: u64) -> Self {
        Self {
            document,
            rng: Rng::with_seed(seed),
        }
    }

    /// Returns a value of a schema that the document has under a name. It isn't `null`: whether a
    /// schema allows that is said where its type is used.
    pub fn named(&mut self, name: &str) -> Value {
        let schema = &self.document["components"]["schemas"][name];
        loop {
            let value = self.value(schema, 0);
            if !value.is_null() {
                return value;
            }
        }
    }

    fn value(&mut self, schema: &'a Value, depth: usize) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = self.document.pointer(&reference[1..]).expect("a schema");
            return self.value(target, depth);
        }
        if schema["nullable"] == true && self.rng.usize(..4) == 0 {
            return Value::Null;
        }
        if let Some(alternatives) = schema["oneOf"].as_array() {
            let chosen = self.rng.usize(..alternatives.len());
            return self.value(&alternatives[chosen], depth);
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let parts: Vec<_> = parts.iter().map(|part| self.value(part, depth)).collect();
            let members = parts.into_iter().filter_map(|part| match part {
                Value::Object(members) => Some(members),
                _ => None,
            });
            return Value::Object(members.flatten().collect());
        }
        match schema["type"].as_str() {
            Some("object") => self.object(schema, depth),
            Some("array") => {
                let length = if depth > DEEPEST {
                    0
                } else {
                    self.rng.usize(..4)
                };
                (0..length)
                    .map(|_| self.value(&schema["items"], depth + 1))
                    .collect()
            }
            Some(kind) => self.scalar(kind, schema),
            None => json!([self.text(), {"any": self.rng.i64(..)}]),
        }
    }

    fn object(&mut self, schema: &'a Value, depth: usize) -> Value {
        let mut members = Map::new();
        let required = schema["required"].as_array();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = required.is_some_and(|it| it.contains(&json!(name)));
            if is_required || depth < DEEPEST && self.rng.bool() {
                members.insert(name.clone(), self.value(property, depth + 1));
            }
        }
        if schema["additionalProperties"].is_object() && depth < DEEPEST {
            for number in 0..self.rng.usize(..3) {
                let value = self.value(&schema["additionalProperties"], depth + 1);
                members.insert(format!("further \"{number}"), value);
            }
        }
        Value::Object(members)
    }

    fn scalar(&mut self, kind: &str, schema: &Value) -> Value {
        if let Some(constants) = schema["enum"].as_array() {
            // A vendor adds constants; what tells alternatives apart stays.
            return match constants.as_slice() {
                [only] => only.clone(),
                [Value::Number(_), ..] if self.rng.usize(..6) == 0 => json!(self.rng.i64(..)),
                [Value::String(_), ..] if self.rng.usize(..6) == 0 => json!(self.text()),
                several => several[self.rng.usize(..several.len())].clone(),
            };
        }
        match (kind, schema["format"].as_str()) {
            ("integer", Some("int32")) => json!(self.rng.i32(..)),
            ("integer", _) => json!(self.rng.i64(..)),
            ("number", _) => {
                let number = f64::from_bits(self.rng.u64(..));
                json!(if number.is_finite() { number } else { 0.1 })
            }
            ("boolean", _) => json!(self.rng.bool()),
            (_, Some(_)) if self.rng.bool() => json!("2026-01-02T03:04:05.678+09:00"),
            _ => json!(self.text()),
        }
    }

    fn text(&mut self) -> String {
        let length = self.rng.usize(..6);
        (0..length).map(|_| self.rng.char(..)).collect()
    }
}
