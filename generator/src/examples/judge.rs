//! A judge of values: does a schema allow one, and which of its properties does it declare?
//!
//! What bears on the type of a value is judged: kinds, constants, required properties, composition.
//! A length or a pattern that an example breaks is no matter of types.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::extensions::PREFIX;
use crate::pointer::Pointer;
use crate::references::followed;

/// Why a value isn't allowed.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    /// The way to the value, from the inside out.
    tokens: Vec<String>,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            tokens: Vec::new(),
        }
    }

    fn inside(mut self, token: impl Into<String>) -> Self {
        self.tokens.push(token.into());
        self
    }

    /// Returns the place of the value at fault in the value that was judged.
    pub(super) fn place(&self) -> Pointer {
        self.tokens.iter().rev().map(String::as_str).collect()
    }
}

/// Which parts of a value the schemas speak of.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    /// Whether some schema says which properties an object has: without one, it has any.
    names_properties: bool,
    /// By property or index.
    parts: BTreeMap<String, Self>,
}

impl Coverage {
    fn add(&mut self, other: Self) {
        self.names_properties |= other.names_properties;
        for (name, part) in other.parts {
            self.parts.entry(name).or_default().add(part);
        }
    }

    /// Adds the places of properties that no schema declares.
    pub(super) fn uncovered(&self, value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
        match value {
            Value::Object(members) if self.names_properties => {
                for (name, member) in members {
                    match self.parts.get(name) {
                        Some(part) => part.uncovered(member, &at.child(name), found),
                        None => found.push(at.child(name)),
                    }
                }
            }
            Value::Object(members) => {
                for (name, part) in &self.parts {
                    if let Some(member) = members.get(name) {
                        part.uncovered(member, &at.child(name), found);
                    }
                }
            }
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    let token = index.to_string();
                    if let Some(part) = self.parts.get(&token) {
                        part.uncovered(element, &at.child(token), found);
                    }
                }
            }
            _ => {}
        }
    }
}

type Verdict = Result<Coverage, Fault>;

/// Schemas nested deeper in one value lead back to themselves.
const DEEPEST: usize = 100;

/// A value that takes more steps passes: alternatives within alternatives multiply.
const STEPS: usize = 200_000;

/// What is left of a document's values after these steps passes.
const STEPS_IN_ALL: usize = 20_000_000;

/// Judges values by the schemas of a document.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    root: &'a Value,
    /// What is left for the value.
    steps: usize,
    /// What is left for all values.
    left: usize,
}

impl<'a> Judge<'a> {
    pub(super) const fn new(root: &'a Value) -> Self {
        Self {
            root,
            steps: 0,
            left: STEPS_IN_ALL,
        }
    }

    /// Judges a value.
    pub(super) fn judge(&mut self, schema: &'a Value, value: &Value) -> Verdict {
        let most = STEPS.min(self.left);
        self.steps = most;
        let verdict = self.schema(schema, value, 0);
        self.left -= most - self.steps;
        verdict
    }

    fn schema(&mut self, schema: &'a Value, value: &Value, depth: usize) -> Verdict {
        if depth > DEEPEST || self.steps == 0 {
            return Ok(Coverage::default());
        }
        self.steps -= 1;
        let keywords = match followed(self.root, schema) {
            Some(Value::Object(keywords)) => keywords,
            Some(Value::Bool(false)) => return Err(Fault::new("no value is allowed")),
            _ => return Ok(Coverage::default()),
        };
        if value.is_null() && is_nullable(keywords) {
            return Ok(Coverage::default());
        }
        kind(keywords, value)?;
        constants(keywords, value)?;
        let mut coverage = match value {
            Value::Object(members) => self.object(keywords, members, depth)?,
            Value::Array(elements) => self.array(keywords, elements, depth)?,
            _ => Coverage::default(),
        };
        for part in list(keywords, "allOf") {
            coverage.add(self.schema(part, value, depth + 1)?);
        }
        for keyword in ["oneOf", "anyOf"] {
            if keywords.contains_key(keyword) {
                coverage.add(self.alternatives(keywords, keyword, value, depth)?);
            }
        }
        Ok(coverage)
    }

    /// One alternative must allow the value, whether or not others do: that of its tag, if the
    /// discriminator names one.
    fn alternatives(
        &mut self,
        keywords: &'a Map<String, Value>,
        keyword: &str,
        value: &Value,
        depth: usize,
    ) -> Verdict {
        if let Some(alternative) = Self::tagged(keywords, keyword, value) {
            return self.schema(alternative, value, depth + 1);
        }
        let mut allowed: Option<Coverage> = None;
        let mut faults = Vec::new();
        for alternative in list(keywords, keyword) {
            match self.schema(alternative, value, depth + 1) {
                Ok(coverage) => allowed.get_or_insert_default().add(coverage),
                Err(fault) => faults.push(fault),
            }
        }
        if let Some(coverage) = allowed {
            return Ok(coverage);
        }
        // The alternative that fits furthest is what the author had in mind.
        let nearest = faults.into_iter().max_by_key(|fault| fault.tokens.len());
        match nearest {
            Some(nearest) => {
                let message = format!("no alternative of `{keyword}` fits: {}", nearest.message);
                Err(Fault { message, ..nearest })
            }
            None => Ok(Coverage::default()),
        }
    }

    /// Returns the alternative that the value's discriminator names.
    fn tagged(keywords: &'a Map<String, Value>, keyword: &str, value: &Value) -> Option<&'a Value> {
        let discriminator = keywords.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?;
        let tag = value.get(property)?.as_str()?;
        let mapped = discriminator.get("mapping").and_then(|map| map.get(tag));
        let implicit = format!("#/components/schemas/{tag}");
        let reference = mapped.and_then(Value::as_str).unwrap_or(&implicit);
        list(keywords, keyword).find(|alternative| {
            let own = alternative.get("$ref").and_then(Value::as_str);
            own.is_some_and(|own| own == reference || own.rsplit('/').next() == Some(reference))
        })
    }

    fn object(
        &mut self,
        keywords: &'a Map<String, Value>,
        members: &Map<String, Value>,
        depth: usize,
    ) -> Verdict {
        let declared = keywords.get("properties").and_then(Value::as_object);
        let declared = declared.filter(|properties| !properties.is_empty());
        let property = |name: &str| declared.and_then(|properties| properties.get(name));
        let required: Vec<&str> = list(keywords, "required")
            .filter_map(Value::as_str)
            .collect();
        for name in &required {
            let one_sided = property(name).is_some_and(|schema| self.is_one_sided(schema));
            if !members.contains_key(*name) && !one_sided {
                return Err(Fault::new(format!(
                    "the required property `{name}` is missing"
                )));
            }
        }
        let mut coverage = Coverage {
            names_properties: declared.is_some(),
            ..Coverage::default()
        };
        let others = keywords.get("additionalProperties");
        for (name, member) in members {
            let Some(schema) = property(name).or(others) else {
                continue;
            };
            if schema == &Value::Bool(false) {
                let message = format!("the property `{name}` isn't allowed");
                return Err(Fault::new(message));
            }
            match self.schema(schema, member, depth + 1) {
                Ok(part) => {
                    coverage.parts.insert(name.clone(), part);
                }
                // `null` reads as absence where a property needn't be there.
                Err(_)
                    if member.is_null()
                        && property(name).is_some()
                        && !required.contains(&&**name) => {}
                Err(fault) => return Err(fault.inside(name)),
            }
        }
        Ok(coverage)
    }

    fn array(
        &mut self,
        keywords: &'a Map<String, Value>,
        elements: &[Value],
        depth: usize,
    ) -> Verdict {
        let prefix = keywords.get(&format!("{PREFIX}prefixItems"));
        let prefix = prefix
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let mut coverage = Coverage::default();
        for (index, element) in elements.iter().enumerate() {
            if let Some(schema) = prefix.get(index).or_else(|| keywords.get("items")) {
                let part = self.schema(schema, element, depth + 1);
                let part = part.map_err(|fault| fault.inside(index.to_string()))?;
                coverage.parts.insert(index.to_string(), part);
            }
        }
        Ok(coverage)
    }

    /// Whether only the server sets a property, or only the client.
    fn is_one_sided(&self, schema: &'a Value) -> bool {
        let says = |schema: &Value| {
            ["readOnly", "writeOnly"]
                .iter()
                .any(|keyword| schema.get(*keyword) == Some(&Value::Bool(true)))
        };
        let behind = |schema: &'a Value| followed(self.root, schema).is_some_and(says);
        let Some(target) = followed(self.root, schema) else {
            return false;
        };
        says(target)
            || target
                .get("allOf")
                .and_then(Value::as_array)
                .is_some_and(|parts| parts.iter().any(behind))
    }
}

fn list<'v>(keywords: &'v Map<String, Value>, keyword: &str) -> impl Iterator<Item = &'v Value> {
    let values = keywords.get(keyword).and_then(Value::as_array);
    values.into_iter().flatten()
}

fn is_nullable(keywords: &Map<String, Value>) -> bool {
    keywords.get("nullable") == Some(&Value::Bool(true))
        || list(keywords, "enum").any(Value::is_null)
}

/// Holds a value against `type`, `format` and the bounds that choose an integer type.
fn kind(keywords: &Map<String, Value>, value: &Value) -> Result<(), Fault> {
    let Some(name) = keywords.get("type").and_then(Value::as_str) else {
        return match value {
            // Properties without a `type` describe an object.
            Value::Null if keywords.contains_key("properties") => {
                Err(Fault::new("expected an object, found null"))
            }
            _ => Ok(()),
        };
    };
    let (is_right, expected) = match name {
        "string" => (value.is_string(), "a string"),
        "boolean" => (value.is_boolean(), "a boolean"),
        "number" => (value.is_number(), "a number"),
        "integer" => (is_integer(value), "an integer"),
        "array" => (value.is_array(), "an array"),
        "object" => (value.is_object(), "an object"),
        _ => return Ok(()),
    };
    if !is_right {
        let found = crate::diagnostics::kind(value);
        return Err(Fault::new(format!("expected {expected}, found {found}")));
    }
    if name == "integer" {
        return integer(keywords, value);
    }
    Ok(())
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

fn integer(keywords: &Map<String, Value>, value: &Value) -> Result<(), Fault> {
    let number = value.as_f64().unwrap_or_default();
    let minimum = keywords.get("minimum").and_then(Value::as_f64);
    if let Some(minimum) = minimum.filter(|minimum| number < *minimum) {
        return Err(Fault::new(format!("expected at least {minimum}")));
    }
    let format = keywords.get("format").and_then(Value::as_str);
    let (low, high) = match format {
        Some("int32") => (f64::from(i32::MIN), f64::from(i32::MAX)),
        Some("uint32") => (0.0, f64::from(u32::MAX)),
        _ => return Ok(()),
    };
    if number < low || number > high {
        let format = format.unwrap_or_default();
        return Err(Fault::new(format!(
            "expected a number of the format `{format}`"
        )));
    }
    Ok(())
}

/// Holds a value against `enum`.
fn constants(keywords: &Map<String, Value>, value: &Value) -> Result<(), Fault> {
    let mut listed = list(keywords, "enum").peekable();
    if listed.peek().is_some() && !listed.any(|constant| is_same(constant, value)) {
        return Err(Fault::new("expected one of the values that `enum` lists"));
    }
    Ok(())
}

/// Numbers are the same however they are written.
fn is_same(one: &Value, other: &Value) -> bool {
    one == other || one.is_number() && other.is_number() && one.as_f64() == other.as_f64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns what is uncovered in a value, or what is wrong with it and where.
    fn judged(schema: &Value, value: &Value) -> Result<Vec<String>, String> {
        let root = json!({"components": {"schemas": {
            "A": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
            "B": {"type": "object", "required": ["b"], "properties": {"b": {"type": "integer"}}},
            "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]}
        }}});
        let coverage = Judge::new(&root)
            .judge(schema, value)
            .map_err(|fault| format!("{} {}", fault.place(), fault.message))?;
        let mut found = Vec::new();
        coverage.uncovered(value, &Pointer::root(), &mut found);
        Ok(found.iter().map(ToString::to_string).collect())
    }

    fn reference(name: &str) -> Value {
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    const NONE: Result<Vec<String>, String> = Ok(Vec::new());

    #[test]
    fn a_value_of_another_kind_is_told_with_its_place() {
        let schema = json!({"type": "array", "items": reference("A")});
        assert_eq!(judged(&schema, &json!([{"a": "x"}])), NONE);
        assert_eq!(
            judged(&schema, &json!([{"a": 1}])),
            Err("#/0/a expected a string, found a number".to_owned())
        );
        assert_eq!(
            judged(&schema, &json!([{}])),
            Err("#/0 the required property `a` is missing".to_owned())
        );
    }

    #[test]
    fn properties_that_no_schema_declares_are_uncovered() {
        let both = json!({"allOf": [reference("A"), reference("B")]});
        assert_eq!(
            judged(&both, &json!({"a": "x", "b": 1, "c": 2})),
            Ok(vec!["#/c".to_owned()])
        );
        assert_eq!(judged(&json!({"type": "object"}), &json!({"c": 2})), NONE);
        let open = json!({"properties": {"a": {}}, "additionalProperties": {"type": "integer"}});
        assert_eq!(judged(&open, &json!({"a": [], "c": 2})), NONE);
        let closed = json!({"properties": {"a": {}}, "additionalProperties": false});
        assert_eq!(
            judged(&closed, &json!({"c": 2})),
            Err("# the property `c` isn't allowed".to_owned())
        );
    }

    #[test]
    fn one_alternative_is_enough_and_a_tag_chooses_it() {
        let mut schema = json!({"oneOf": [reference("A"), reference("B")]});
        assert_eq!(judged(&schema, &json!({"b": 1})), NONE);
        assert_eq!(
            judged(&schema, &json!({"b": "x"})),
            Err(
                "#/b no alternative of `oneOf` fits: expected an integer, found a string"
                    .to_owned()
            )
        );
        schema["discriminator"] = json!({"propertyName": "k"});
        assert_eq!(
            judged(&schema, &json!({"k": "A", "b": 1})),
            Err("# the required property `a` is missing".to_owned())
        );
    }

    #[test]
    fn null_reads_as_absence_where_a_property_is_optional() {
        let schema = json!({"properties": {"a": {"type": "string"}, "b": {"nullable": true, "type": "string"}}});
        assert_eq!(
            judged(&schema, &json!({"a": null, "b": null})),
            Ok(vec!["#/a".to_owned()])
        );
        let schema = json!({"required": ["a"], "properties": {"a": {"type": "string"}}});
        assert!(judged(&schema, &json!({"a": null})).is_err());
        let map = json!({"additionalProperties": {"type": "string"}});
        assert!(judged(&map, &json!({"a": null})).is_err());
    }

    #[test]
    fn numbers_are_what_they_are_worth() {
        assert_eq!(
            judged(&json!({"type": "integer", "enum": [1]}), &json!(1.0)),
            NONE
        );
        assert!(judged(&json!({"type": "integer"}), &json!(1.5)).is_err());
        let small = json!({"type": "integer", "format": "int32"});
        assert!(judged(&small, &json!(3_000_000_000_u32)).is_err());
    }

    #[test]
    fn a_schema_that_leads_back_to_itself_ends() {
        assert_eq!(judged(&reference("Loop"), &json!({"a": 1})), NONE);
    }
}
