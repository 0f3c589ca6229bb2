//! Values that a schema allows: as little as it demands, or all that it names.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::scalar::{number, preset, text};

/// How deep values are filled in beyond what is required.
const DEEPEST: usize = 6;

/// Makes values for the schemas of a document.
pub(super) struct Sampler<'d> {
    document: &'d Value,
    /// Whether properties that aren't required have values too.
    pub(super) fills: bool,
    /// Whether values are answers.
    answers: bool,
    /// The names of properties that were required and not described.
    undescribed: RefCell<BTreeSet<String>>,
}

impl<'d> Sampler<'d> {
    pub(super) const fn new(document: &'d Value, fills: bool) -> Self {
        Self {
            document,
            fills,
            answers: false,
            undescribed: RefCell::new(BTreeSet::new()),
        }
    }

    /// Makes values of the same document with as little as it demands.
    pub(super) const fn least(&self) -> Self {
        Self::new(self.document, false)
    }

    /// Makes answers: with what only the server sets, and without what is only sent.
    pub(super) fn answering(mut self) -> Self {
        self.answers = true;
        self
    }

    /// Returns the names of properties that were required and not described in what was asked for.
    pub(super) fn undescribed(&self) -> Vec<String> {
        self.undescribed.borrow().iter().cloned().collect()
    }

    /// Follows references.
    pub(super) fn resolved<'v>(&self, mut value: &'v Value) -> &'v Value
    where
        'd: 'v,
    {
        for _ in 0..32 {
            let reference = value.get("$ref").and_then(Value::as_str);
            let target = reference.and_then(|reference| {
                let pointer = reference.strip_prefix('#')?;
                self.document
                    .pointer(&pointer.replace("%7B", "{").replace("%7D", "}"))
            });
            match target {
                Some(target) => value = target,
                None => break,
            }
        }
        value
    }

    /// Returns a value that a schema allows.
    pub(super) fn value(&self, schema: &Value) -> Value {
        self.at(schema, 0)
    }

    fn at(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.flat(schema, 0);
        if let Some(constant) = schema.get("enum").and_then(|all| {
            let mut all = all.as_array()?.iter();
            all.find(|value| !value.is_null())
        }) {
            return constant.clone();
        }
        let is_object =
            schema.contains_key("properties") || schema.contains_key("additionalProperties");
        let is_array = schema.contains_key("items");
        let kind = schema.get("type").and_then(Value::as_str);
        match kind {
            Some("object") => self.object(&schema, depth),
            Some("array") => self.array(&schema, depth),
            None if is_object => self.object(&schema, depth),
            None if is_array => self.array(&schema, depth),
            Some("boolean") => preset(&schema, Value::is_boolean).unwrap_or(json!(true)),
            Some("integer") => number(&schema, true),
            Some("number") => number(&schema, false),
            Some("string") => text(&schema),
            _ => preset(&schema, |_| true).unwrap_or_else(|| json!("text")),
        }
    }

    /// Returns a schema with what it composes in it: all of `allOf`, the first of `oneOf` and `anyOf`.
    pub(super) fn flat(&self, schema: &Value, depth: usize) -> Map<String, Value> {
        let schema = self.resolved(schema);
        let mut flat = schema.as_object().cloned().unwrap_or_default();
        if depth > 16 {
            return flat;
        }
        let composed = |name: &str| {
            schema
                .get(name)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
        };
        let is_something = |part: &&Value| {
            let part = self.resolved(part);
            part.get("type").and_then(Value::as_str) != Some("null")
                && part.get("enum") != Some(&json!([null]))
        };
        let mut parts: Vec<&Value> = composed("allOf").collect();
        for name in ["oneOf", "anyOf"] {
            flat.remove(name);
            let mut alternatives: Vec<&Value> = composed(name).filter(is_something).collect();
            if name == "oneOf" {
                let alone = self.alone(&alternatives, depth);
                alternatives.rotate_left(alone);
            }
            if let Some(chosen) = alternatives.first().copied() {
                parts.push(chosen);
                if let Some(tag) = tag(schema, chosen) {
                    let (name, value) = tag;
                    let tag =
                        json!({"properties": {&name: {"enum": [value]}}, "required": [&name]});
                    join(&mut flat, tag.as_object().cloned().unwrap_or_default());
                }
            }
        }
        // A parent that says by a property which of its children a value is.
        let child = if parts.is_empty() && depth == 0 {
            child(schema)
        } else {
            None
        };
        if let Some((name, value, reference)) = &child {
            let tag = json!({"properties": {name: {"enum": [value]}}, "required": [name]});
            flat = tag.as_object().cloned().unwrap_or_default();
            parts.push(reference);
        }
        flat.remove("allOf");
        for part in parts {
            let part = self.flat(part, depth + 1);
            join(&mut flat, part);
        }
        refuse(&mut flat, composed("oneOf"));
        flat
    }

    /// Returns the first of alternatives whose values aren't those of another too, as far as names and
    /// constants tell; the first of all where each is.
    fn alone(&self, alternatives: &[&Value], depth: usize) -> usize {
        let flat: Vec<_> = alternatives
            .iter()
            .map(|schema| self.flat(schema, depth + 1))
            .collect();
        let is_alone = |index: &usize| {
            let mut others = flat.iter().enumerate().filter(|(other, _)| other != index);
            !others.any(|(_, other)| self.is_also(&flat[*index], other))
        };
        (0..flat.len()).find(is_alone).unwrap_or_default()
    }

    /// Whether a value that is made for a schema is one of another.
    fn is_also(&self, schema: &Map<String, Value>, other: &Map<String, Value>) -> bool {
        let names = |schema: &Map<String, Value>| -> Vec<String> {
            let required = schema.get("required").and_then(Value::as_array);
            let required = required.into_iter().flatten().filter_map(Value::as_str);
            required.map(str::to_owned).collect()
        };
        let properties = |schema: &Map<String, Value>| {
            let properties = schema.get("properties").and_then(Value::as_object);
            properties.cloned().unwrap_or_default()
        };
        let (own, others) = (properties(schema), properties(other));
        if own.is_empty() || schema.get("type") != other.get("type") {
            return false;
        }
        let mut made = names(schema);
        if self.fills {
            made.extend(own.keys().cloned());
        }
        let is_closed = other.get("additionalProperties") == Some(&Value::Bool(false));
        let constant = |schema: &Map<String, Value>, name: &str| {
            let property = self.flat(schema.get(name)?, 1);
            property.get("enum").and_then(Value::as_array).cloned()
        };
        let agrees = |name: &String| match (constant(&own, name), constant(&others, name)) {
            (Some(own), Some(others)) => own.first().is_some_and(|value| others.contains(value)),
            (None, Some(_)) => false,
            _ => true,
        };
        names(other).iter().all(|name| made.contains(name))
            && made
                .iter()
                .all(|name| !is_closed || others.contains_key(name))
            && made.iter().all(agrees)
    }

    fn object(&self, schema: &Map<String, Value>, depth: usize) -> Value {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut object = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        for name in &required {
            if properties.is_none_or(|properties| !properties.contains_key(*name)) {
                self.undescribed.borrow_mut().insert((*name).to_owned());
            }
        }
        for (name, property) in properties.into_iter().flatten() {
            // Nothing is allowed there.
            if property == &Value::Bool(false) {
                continue;
            }
            let is_required = required.contains(&name.as_str());
            let set = self.flat(property, 0);
            // What only the server sets isn't sent.
            let other = if self.answers {
                "writeOnly"
            } else {
                "readOnly"
            };
            let is_of_others = set.get(other) == Some(&Value::Bool(true));
            if depth < 2 * DEEPEST
                && !is_of_others
                && (is_required || self.fills && depth < DEEPEST)
            {
                object.insert(name.clone(), self.at(property, depth + 1));
            }
        }
        let least = schema
            .get("minProperties")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        let others = schema
            .get("additionalProperties")
            .filter(|others| others.is_object());
        if let Some(others) = others
            && (object.len() as u64) < least
        {
            object.insert("key".to_owned(), self.at(others, depth + 1));
        }
        for (name, property) in properties.into_iter().flatten() {
            if (object.len() as u64) < least && !object.contains_key(name) {
                object.insert(name.clone(), self.at(property, depth + 1));
            }
        }
        let most = schema.get("maxProperties").and_then(Value::as_u64);
        while most.is_some_and(|most| object.len() as u64 > most) {
            let mut spare = object.keys().rev();
            let spare = spare.find(|name| !required.contains(&name.as_str()));
            let Some(spare) = spare.cloned() else {
                break;
            };
            object.shift_remove(&spare);
        }
        if let Some(refused) = schema.get("not") {
            self.avoid(refused, &required, &mut object);
        }
        Value::Object(object)
    }

    /// Takes out a property where those that are there mustn't stand together.
    fn avoid(&self, refused: &Value, required: &[&str], object: &mut Map<String, Value>) {
        let refused = self.flat(refused, 0);
        let together = refused.get("required").and_then(Value::as_array);
        let together: Vec<_> = together
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let are_there = together.iter().all(|name| object.contains_key(*name));
        let mut spare = together
            .iter()
            .rev()
            .filter(|name| !required.contains(name));
        if let Some(spare) = spare.next().filter(|_| are_there) {
            object.remove(*spare);
        }
    }

    fn array(&self, schema: &Map<String, Value>, depth: usize) -> Value {
        let least = schema
            .get("minItems")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        let most = schema
            .get("maxItems")
            .and_then(Value::as_u64)
            .unwrap_or(u64::MAX);
        // A parameter of no element isn't sent at all.
        let wanted = least
            .max(u64::from(depth == 0 || self.fills && depth < DEEPEST))
            .min(most)
            .min(64);
        let items = schema.get("items");
        let item = |_| items.map_or(json!("text"), |items| self.at(items, depth + 1));
        let mut array: Vec<Value> = (0..wanted).map(item).collect();
        if schema.get("uniqueItems") == Some(&json!(true)) {
            let all = items.and_then(|items| self.flat(items, 0).remove("enum"));
            distinguish(&mut array, all.as_ref().and_then(Value::as_array));
        }
        Value::Array(array)
    }
}

/// Takes out the properties by which a value would be of further alternatives that say nothing but what they
/// require.
fn refuse<'v>(schema: &mut Map<String, Value>, alternatives: impl Iterator<Item = &'v Value>) {
    let required = |schema: &Map<String, Value>| {
        let required = schema.get("required").and_then(Value::as_array);
        required.cloned().unwrap_or_default()
    };
    let own = required(schema);
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    let alternatives = alternatives.filter_map(Value::as_object);
    for alternative in alternatives.filter(|it| it.keys().eq(["required"])) {
        let others = required(alternative);
        if let Some(name) = others.iter().find(|name| !own.contains(name)) {
            properties.shift_remove(name.as_str().unwrap_or_default());
        }
    }
}

/// Makes elements that are the same different ones; constants are those of a list.
fn distinguish(array: &mut [Value], constants: Option<&Vec<Value>>) {
    for (index, value) in array.iter_mut().enumerate().skip(1) {
        let other = match (constants, &*value) {
            (Some(constants), _) => constants.get(index).cloned(),
            (None, Value::String(text)) => Some(json!(format!("{text}{index}"))),
            (None, Value::Number(number)) => {
                let number = number.as_u64();
                number.map(|number| json!(number + index as u64))
            }
            _ => None,
        };
        *value = other.unwrap_or_else(|| value.take());
    }
}

/// Returns the discriminator of a schema and its value for an alternative.
fn tag(schema: &Value, chosen: &Value) -> Option<(String, String)> {
    let discriminator = schema.get("discriminator")?;
    let name = discriminator.get("propertyName")?.as_str()?;
    let reference = chosen.get("$ref")?.as_str()?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mapped = mapping
        .into_iter()
        .flatten()
        .find(|(_, target)| target.as_str() == Some(reference));
    let value = mapped
        .map(|(value, _)| value.as_str())
        .or(reference.rsplit('/').next())?;
    Some((name.to_owned(), value.to_owned()))
}

/// Returns a child of a schema with a discriminator and without alternatives: the property that names it,
/// the name, and a reference to it.
fn child(schema: &Value) -> Option<(String, String, Value)> {
    let discriminator = schema.get("discriminator")?;
    let name = discriminator.get("propertyName")?.as_str()?;
    let (value, target) = discriminator.get("mapping")?.as_object()?.iter().next()?;
    let reference = json!({"$ref": target.as_str().filter(|it| it.starts_with('#'))?});
    Some((name.to_owned(), value.clone(), reference))
}

/// Adds a schema to another that holds too.
fn join(schema: &mut Map<String, Value>, other: Map<String, Value>) {
    for (name, value) in other {
        match (schema.get_mut(&name), value) {
            (Some(Value::Object(known)), Value::Object(more)) if name == "properties" => {
                for (property, value) in more {
                    known.entry(property).or_insert(value);
                }
            }
            (Some(Value::Array(known)), Value::Array(more)) if name == "required" => {
                known.extend(more);
            }
            (Some(_), _) => {}
            (None, value) => {
                schema.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_of(schema: &Value) -> Value {
        Sampler::new(&Value::Null, true).value(schema)
    }

    #[test]
    fn a_value_is_of_one_alternative_where_they_only_differ_in_what_they_require() {
        let text = json!({"type": "string"});
        let schema = json!({
            "type": "object",
            "properties": {"a": text, "b": text, "c": text},
            "required": ["c"],
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        });
        assert_eq!(all_of(&schema), json!({"a": "text", "c": "text"}));
    }

    #[test]
    fn elements_differ_where_they_must() {
        let array = |items: Value| {
            all_of(&json!({"type": "array", "items": items, "minItems": 2, "uniqueItems": true}))
        };
        assert_eq!(array(json!({"enum": ["a", "b"]})), json!(["a", "b"]));
        assert_eq!(array(json!({"type": "string"})), json!(["text", "text1"]));
        assert_eq!(array(json!({"type": "integer"})), json!([1, 2]));
    }
}
