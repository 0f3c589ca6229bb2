//! Schemas.

use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, BooleanType, Discriminator, IntegerType,
    NumberType, ObjectType, ReferenceOr, Schema, SchemaData, SchemaKind, StringType, Type,
};
use serde_json::{Map, Number, Value};

use super::{
    info,
    part::{Part, text},
};
use crate::diagnostics::{Code, Diagnostics, kind};
use crate::extensions::XML;

/// Reads a Schema Object (OpenAPI 3.0 §4.7.24) or a reference to one. What is no schema is replaced
/// by one that accepts any value.
pub(super) fn reference_or_schema(
    part: &Part<'_>,
    diagnostics: &mut Diagnostics,
) -> ReferenceOr<Schema> {
    part.reference()
        .unwrap_or_else(|| ReferenceOr::Item(schema(part, diagnostics)))
}

/// Returns the schema that accepts any value.
pub(super) fn any() -> Schema {
    Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Any(AnySchema::default()),
    }
}

fn boxed(part: &Part<'_>, diagnostics: &mut Diagnostics) -> ReferenceOr<Box<Schema>> {
    part.reference()
        .unwrap_or_else(|| ReferenceOr::boxed_item(schema(part, diagnostics)))
}

fn schema(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Schema {
    let Some(members) = part.value.as_object() else {
        // JSON Schema's boolean schemas, which OpenAPI 3.1 allows: `true` accepts any value.
        if part.value != &Value::Bool(true) {
            let message = if part.value == &Value::Bool(false) {
                "no value is valid here, for which there is no type; any value is accepted"
                    .to_owned()
            } else {
                let found = kind(part.value);
                format!("expected a schema, found {found}; any value is accepted instead")
            };
            diagnostics.warning(Code::InvalidPart, &part.pointer(), message);
        }
        return any();
    };
    let mut data = SchemaData::default();
    let mut any = AnySchema::default();
    // Members are passed once: most schemas have few of the many keywords.
    for (key, value) in members {
        if value.is_null() && key != "default" && key != "example" {
            continue;
        }
        let member = part.with(key, value);
        match key.as_str() {
            "nullable" => data.nullable = member.as_flag(diagnostics).unwrap_or_default(),
            "readOnly" => data.read_only = member.as_flag(diagnostics).unwrap_or_default(),
            "writeOnly" => data.write_only = member.as_flag(diagnostics).unwrap_or_default(),
            "deprecated" => data.deprecated = member.as_flag(diagnostics).unwrap_or_default(),
            "externalDocs" => data.external_docs = info::external_docs(part, diagnostics),
            "example" => data.example = Some(value.clone()),
            "title" => data.title = text(&member, diagnostics),
            "description" => data.description = text(&member, diagnostics),
            "xml" => {
                let xml = xml(&member, diagnostics).map(|xml| (XML.to_owned(), xml));
                data.extensions.extend(xml);
            }
            "discriminator" => data.discriminator = discriminator(&member, diagnostics),
            "default" => data.default = Some(value.clone()),
            "type" => any.typ = text(&member, diagnostics),
            "format" => any.format = text(&member, diagnostics),
            "pattern" => any.pattern = text(&member, diagnostics),
            "multipleOf" => any.multiple_of = number(&member, diagnostics),
            "minimum" => any.minimum = number(&member, diagnostics),
            "maximum" => any.maximum = number(&member, diagnostics),
            "exclusiveMinimum" => any.exclusive_minimum = member.as_flag(diagnostics),
            "exclusiveMaximum" => any.exclusive_maximum = member.as_flag(diagnostics),
            "minLength" => any.min_length = count(&member, diagnostics),
            "maxLength" => any.max_length = count(&member, diagnostics),
            "minItems" => any.min_items = count(&member, diagnostics),
            "maxItems" => any.max_items = count(&member, diagnostics),
            "minProperties" => any.min_properties = count(&member, diagnostics),
            "maxProperties" => any.max_properties = count(&member, diagnostics),
            "uniqueItems" => any.unique_items = member.as_flag(diagnostics),
            "enum" => any.enumeration = enumeration(&member, diagnostics),
            "properties" => {
                any.properties = part.map(key, diagnostics, |part, diagnostics| {
                    Some(boxed(part, diagnostics))
                });
            }
            "required" => {
                any.required = member.as_list(diagnostics, text).unwrap_or_default();
            }
            "additionalProperties" => {
                any.additional_properties = Some(additional_properties(&member, diagnostics));
            }
            "items" => any.items = Some(boxed(&member, diagnostics)),
            "oneOf" => any.one_of = schemas(&member, diagnostics),
            "allOf" => any.all_of = schemas(&member, diagnostics),
            "anyOf" => any.any_of = schemas(&member, diagnostics),
            "not" => any.not = Some(Box::new(reference_or_schema(&member, diagnostics))),
            _ if key.starts_with("x-") => {
                data.extensions.insert(key.clone(), value.clone());
            }
            _ => {}
        }
    }
    Schema {
        schema_data: data,
        schema_kind: classify(any, members, part, diagnostics),
    }
}

fn schemas(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Vec<ReferenceOr<Schema>> {
    part.as_list(diagnostics, |part, diagnostics| {
        Some(reference_or_schema(part, diagnostics))
    })
    .unwrap_or_default()
}

fn additional_properties(part: &Part<'_>, diagnostics: &mut Diagnostics) -> AdditionalProperties {
    match part.value {
        Value::Bool(flag) => AdditionalProperties::Any(*flag),
        _ => AdditionalProperties::Schema(Box::new(reference_or_schema(part, diagnostics))),
    }
}

/// Reads a Discriminator Object (OpenAPI 3.0 §4.7.25).
fn discriminator(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<Discriminator> {
    part.object(diagnostics)?;
    let Some(property_name) = part.text("propertyName", diagnostics) else {
        part.lose("a discriminator without `propertyName`", diagnostics);
        return None;
    };
    if let Some(default) = part.member("defaultMapping") {
        let message =
            "`defaultMapping` isn't generated: a value whose tag isn't listed is kept as it is";
        diagnostics.warning(Code::Unsupported, &default.pointer(), message);
    }
    Some(Discriminator {
        property_name,
        mapping: part.map("mapping", diagnostics, text),
        extensions: part.extensions(),
    })
}

/// Reads an XML Object (OpenAPI 3.0 §4.7.26; `nodeType` is of OpenAPI 3.2).
fn xml(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<Value> {
    let mut xml = Map::new();
    for (key, value) in part.object(diagnostics)? {
        let member = part.with(key, value);
        let value = match key.as_str() {
            "name" | "namespace" | "prefix" => text(&member, diagnostics).map(Value::String),
            "attribute" | "wrapped" => member.as_flag(diagnostics).map(Value::Bool),
            "nodeType" => {
                let known = |value: &&str| NODE_TYPES.contains(value);
                let node_type = value.as_str().filter(known);
                if node_type.is_none() {
                    member.expected("a type of node", diagnostics);
                }
                node_type.map(Value::from)
            }
            _ => None,
        };
        xml.extend(value.map(|value| (key.clone(), value)));
    }
    Some(Value::Object(xml))
}

const NODE_TYPES: &[&str] = &["attribute", "cdata", "element", "none", "text"];

fn enumeration(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Vec<Value> {
    part.as_list(diagnostics, |part, _| Some(part.value.clone()))
        .unwrap_or_default()
}

/// Reads a number, which may be written as a string.
fn number(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<f64> {
    let number = match part.value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite()),
        _ => None,
    };
    if number.is_none() {
        part.expected("a number", diagnostics);
    }
    number
}

fn count(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<usize> {
    let count = match part.value {
        Value::Number(number) => whole(number).and_then(|number| usize::try_from(number).ok()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    if count.is_none() {
        part.expected("a count", diagnostics);
    }
    count
}

/// Returns a number as an integer, if it is one, however it is written: `1e3`, `2.0`.
#[allow(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "the value is compared with what it became"
)]
fn whole(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| exact(number.as_f64()?))
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "the value is compared with what it became"
)]
fn exact(number: f64) -> Option<i64> {
    let integer = number as i64;
    (integer as f64 == number && integer != i64::MAX).then_some(integer)
}

/// Picks the kind of a schema.
///
/// A schema with `type` and without combinators is of that type: keywords for values of other types
/// don't apply to it (JSON Schema Validation §6). Only what no single kind can hold is
/// [`SchemaKind::Any`].
fn classify(
    any: AnySchema,
    members: &Map<String, Value>,
    part: &Part<'_>,
    diagnostics: &mut Diagnostics,
) -> SchemaKind {
    let combinators = usize::from(!any.one_of.is_empty())
        + usize::from(!any.all_of.is_empty())
        + usize::from(!any.any_of.is_empty())
        + usize::from(any.not.is_some());
    let Some(typ) = any.typ.clone() else {
        let constrains = members
            .keys()
            .any(|key| CONSTRAINTS.contains(&key.as_str()));
        return match any {
            _ if combinators != 1 || constrains => SchemaKind::Any(any),
            AnySchema { not: Some(not), .. } => SchemaKind::Not { not },
            AnySchema { one_of, .. } if !one_of.is_empty() => SchemaKind::OneOf { one_of },
            AnySchema { all_of, .. } if !all_of.is_empty() => SchemaKind::AllOf { all_of },
            AnySchema { any_of, .. } => SchemaKind::AnyOf { any_of },
        };
    };
    if combinators > 0 && TYPES.contains(&typ.as_str()) {
        return SchemaKind::Any(any);
    }
    match typ.as_str() {
        "string" => string(any),
        "number" => numeric(any),
        "integer" => integer(any),
        "boolean" => boolean(any),
        "object" if any.enumeration.is_empty() => SchemaKind::Type(Type::Object(ObjectType {
            properties: any.properties,
            required: any.required,
            additional_properties: any.additional_properties,
            min_properties: any.min_properties,
            max_properties: any.max_properties,
        })),
        "array" if any.enumeration.is_empty() => SchemaKind::Type(Type::Array(ArrayType {
            items: any.items,
            min_items: any.min_items,
            max_items: any.max_items,
            unique_items: any.unique_items.unwrap_or_default(),
        })),
        "object" | "array" => SchemaKind::Any(any),
        _ => {
            let part = part.with("type", &members["type"]);
            part.lose(&format!("there is no type `{typ}`"), diagnostics);
            SchemaKind::Any(AnySchema { typ: None, ..any })
        }
    }
}

const TYPES: &[&str] = &["string", "number", "integer", "boolean", "object", "array"];

/// Keywords that constrain a value, combinators apart.
const CONSTRAINTS: &[&str] = &[
    "additionalProperties",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "properties",
    "required",
    "uniqueItems",
];

/// Converts the values of an `enum`, `null` apart; `None` unless all are of the type.
fn values<T>(values: &[Value], convert: impl Fn(&Value) -> Option<T>) -> Option<Vec<Option<T>>> {
    values
        .iter()
        .map(|value| match value {
            Value::Null => Some(None),
            _ => convert(value).map(Some),
        })
        .collect()
}

fn string(any: AnySchema) -> SchemaKind {
    let Some(enumeration) = values(&any.enumeration, |value| value.as_str().map(str::to_owned))
    else {
        return SchemaKind::Any(any);
    };
    SchemaKind::Type(Type::String(StringType {
        format: any.format.into(),
        pattern: any.pattern,
        enumeration,
        min_length: any.min_length,
        max_length: any.max_length,
    }))
}

fn numeric(any: AnySchema) -> SchemaKind {
    let Some(enumeration) = values(&any.enumeration, Value::as_f64) else {
        return SchemaKind::Any(any);
    };
    SchemaKind::Type(Type::Number(NumberType {
        format: any.format.into(),
        multiple_of: any.multiple_of,
        exclusive_minimum: any.exclusive_minimum.unwrap_or_default(),
        exclusive_maximum: any.exclusive_maximum.unwrap_or_default(),
        minimum: any.minimum,
        maximum: any.maximum,
        enumeration,
    }))
}

/// An integer whose bounds or values aren't 64-bit integers is of the kind `Any`.
fn integer(any: AnySchema) -> SchemaKind {
    let bound = |bound: Option<f64>| bound.map_or(Some(None), |bound| exact(bound).map(Some));
    let enumeration = values(&any.enumeration, |value| match value {
        Value::Number(number) => whole(number),
        _ => None,
    });
    let (Some(enumeration), Some(minimum), Some(maximum), Some(multiple_of)) = (
        enumeration,
        bound(any.minimum),
        bound(any.maximum),
        bound(any.multiple_of),
    ) else {
        return SchemaKind::Any(any);
    };
    SchemaKind::Type(Type::Integer(IntegerType {
        format: any.format.into(),
        multiple_of,
        exclusive_minimum: any.exclusive_minimum.unwrap_or_default(),
        exclusive_maximum: any.exclusive_maximum.unwrap_or_default(),
        minimum,
        maximum,
        enumeration,
    }))
}

fn boolean(any: AnySchema) -> SchemaKind {
    match values(&any.enumeration, Value::as_bool) {
        Some(enumeration) => SchemaKind::Type(Type::Boolean(BooleanType { enumeration })),
        None => SchemaKind::Any(any),
    }
}
