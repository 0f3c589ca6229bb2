//! Scalars and enums: `type`, `format` and `enum`.

use std::borrow::Cow;

use openapiv3::SchemaData;
use serde_json::{Map, Value};

use super::Lowerer;
use super::all_of::Merged;
use super::keywords::{Kind, kind_of};
use super::one_of::{Alternative, Form, UnionBody};
use super::schema::Shape;
use crate::config::Format;
use crate::diagnostics::Code;
use crate::model::{Enum, EnumValue, Scalar, Type};

/// 2⁶³
const I64_BOUND: f64 = 9_223_372_036_854_775_808.0;
/// 2⁶⁴
const U64_BOUND: f64 = 18_446_744_073_709_551_616.0;

impl<'a> Lowerer<'a, '_> {
    /// Returns what a scalar comes to: an enum where constants are listed and an enum can hold them.
    pub(super) fn scalar(&mut self, kind: Kind, merged: &Merged<'a>) -> Shape<'a> {
        match kind {
            Kind::String | Kind::Integer => match self.enumeration(kind, merged) {
                Some(values) => Shape::Enum(values),
                None => Shape::Plain(Type::Scalar(self.plain_scalar(kind, merged))),
            },
            Kind::Number | Kind::Boolean => {
                Shape::Plain(Type::Scalar(self.plain_scalar(kind, merged)))
            }
            Kind::Null | Kind::Object | Kind::Array => Shape::Plain(Type::Any),
        }
    }

    /// Returns the enum of the listed constants; `None` where there are none.
    pub(super) fn enumeration(&mut self, kind: Kind, merged: &Merged<'a>) -> Option<Enum> {
        let listed = merged.values()?;
        if listed.is_empty() {
            let message = "no value is in every `enum` that holds here; the `enum` is left out";
            self.warn(Code::Contradiction, &merged.pointer, message);
            return None;
        }
        let mut values: Vec<EnumValue> = Vec::new();
        for value in listed {
            let Some(fitting) = fit(value, kind) else {
                let message = format!("`{value}` isn't of the declared type; left out");
                self.warn(Code::InvalidPart, &merged.pointer.child("enum"), message);
                continue;
            };
            if let Cow::Owned(fitting) = &fitting {
                let message = format!("`{value}` isn't of the declared type; read as `{fitting}`");
                self.warn(Code::Mended, &merged.pointer.child("enum"), message);
            }
            if values.iter().any(|known| known.value == *fitting) {
                continue;
            }
            let (name, description) = describe(value, merged);
            values.push(EnumValue {
                value: fitting.into_owned(),
                name,
                description,
            });
        }
        (!values.is_empty()).then_some(Enum { values })
    }

    /// Returns what schemas without a common kind come to: any value, or constants of several kinds.
    pub(super) fn mixed(&mut self, merged: &Merged<'a>) -> Shape<'a> {
        let Some(values) = merged.values() else {
            return Shape::Plain(Type::Any);
        };
        let mut kinds: Vec<Kind> = Vec::new();
        for kind in values.iter().map(|value| kind_of(value)) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        if kinds
            .iter()
            .any(|kind| matches!(kind, Kind::Object | Kind::Array))
        {
            let message = "an `enum` of objects or arrays isn't checked; any value is taken";
            self.warn(Code::Unsupported, &merged.pointer.child("enum"), message);
            return Shape::Plain(Type::Any);
        }
        let alternatives = kinds.iter().map(|kind| {
            let of_kind: Vec<_> = values
                .iter()
                .filter(|value| kind_of(value) == *kind)
                .map(|value| {
                    let (name, description) = describe(value, merged);
                    EnumValue {
                        value: (*value).clone(),
                        name,
                        description,
                    }
                })
                .collect();
            let form = match kind {
                Kind::String | Kind::Integer => Form::Enum(Enum { values: of_kind }),
                kind => Form::Scalar(self.plain_scalar(*kind, merged)),
            };
            Alternative::unnamed(form)
        });
        Shape::Union(UnionBody {
            alternatives: alternatives.collect(),
            discriminator: None,
            any_of: false,
            pointer: merged.pointer.clone(),
        })
    }

    /// Returns the scalar of a kind and its format.
    pub(super) fn plain_scalar(&self, kind: Kind, merged: &Merged<'_>) -> Scalar {
        let format = merged.atoms.iter().find_map(|atom| atom.keywords.format);
        match (kind, format) {
            (Kind::Boolean, _) => Scalar::Bool,
            (Kind::Integer, format) => integer(format, merged),
            (Kind::Number, Some("float" | "double")) => Scalar::F64,
            (Kind::Number, format) => {
                let is_decimal = format.and_then(|format| self.formats.find(format));
                if self.exact_numbers || is_decimal == Some(Format::Decimal) {
                    Scalar::Number
                } else {
                    Scalar::F64
                }
            }
            (_, Some("password")) => Scalar::Secret,
            (_, Some(format)) => {
                let format = self.formats.find(format);
                format.map_or(Scalar::String, Scalar::Text)
            }
            _ => Scalar::String,
        }
    }
}

/// Returns the constants of a scalar, where nothing else is allowed.
pub(super) fn constants(merged: &Merged<'_>) -> Vec<Value> {
    let values = merged.values().unwrap_or_default();
    let mut constants: Vec<Value> = Vec::new();
    for value in values {
        let complete = value.is_boolean() || value.is_string() || value.is_number();
        if !complete {
            return Vec::new();
        }
        if !constants.contains(value) {
            constants.push(value.clone());
        }
    }
    constants
}

/// Returns the integer that holds what the bounds allow. They are compared as `f64`, to which the
/// largest `i64` and the largest `u64` are the power of two after them.
fn integer(format: Option<&str>, merged: &Merged<'_>) -> Scalar {
    let limits = merged.atoms.iter().map(|atom| &atom.keywords);
    let maximum = limits.clone().filter_map(|keywords| keywords.maximum);
    let minimum = limits.filter_map(|keywords| keywords.minimum);
    let maximum = maximum.fold(f64::NEG_INFINITY, f64::max);
    let minimum = minimum.fold(f64::INFINITY, f64::min);
    let beyond_i64 = maximum >= I64_BOUND;
    let is_unsigned = (0.0..f64::INFINITY).contains(&minimum);
    match format {
        Some("int32" | "int16" | "int8" | "uint16" | "uint8")
            if maximum <= f64::from(i32::MAX) && (minimum >= f64::from(i32::MIN)) =>
        {
            Scalar::I32
        }
        Some("uint32") if maximum <= f64::from(u32::MAX) && minimum >= 0.0 => Scalar::U32,
        _ if maximum > U64_BOUND || minimum < -I64_BOUND => Scalar::Number,
        Some("uint64") => Scalar::U64,
        _ if beyond_i64 && is_unsigned => Scalar::U64,
        _ if maximum > I64_BOUND => Scalar::Number,
        _ => Scalar::I64,
    }
}

/// Returns a constant as the declared type has it; `None` if it can't be.
fn fit(value: &Value, kind: Kind) -> Option<Cow<'_, Value>> {
    match (kind, value) {
        (Kind::String, Value::String(_)) => Some(Cow::Borrowed(value)),
        (Kind::String, Value::Bool(_) | Value::Number(_)) => {
            Some(Cow::Owned(Value::String(value.to_string())))
        }
        (Kind::Integer, Value::Number(number)) if number.is_i64() => Some(Cow::Borrowed(value)),
        (Kind::Integer, Value::Number(number)) => {
            let text = number.as_f64()?.to_string();
            let number: i64 = text.parse().ok()?;
            Some(Cow::Owned(number.into()))
        }
        (Kind::Integer, Value::String(text)) => {
            let number: i64 = text.trim().parse().ok()?;
            Some(Cow::Owned(number.into()))
        }
        _ => None,
    }
}

/// Returns the name and the description that extensions give a constant.
fn describe(value: &Value, merged: &Merged<'_>) -> (Option<String>, Option<String>) {
    for atom in &merged.atoms {
        let mut extensions = atom.keywords.data().extensions.keys();
        if !extensions.any(|name| name.starts_with("x-enum") || name == "x-ms-enum") {
            continue;
        }
        // Extensions count `null`, which `values` leaves out.
        let listed = listed(atom.keywords.schema);
        let Some(index) = listed.iter().position(|listed| listed == value) else {
            continue;
        };
        let data = atom.keywords.data();
        let extension = |names: &[&str]| {
            let mut found = names.iter().filter_map(|name| data.extensions.get(*name));
            found.find_map(|extension| entry(extension, index, value))
        };
        let (name, description) = (
            extension(&["x-enum-varnames", "x-enumNames", "x-enum-names"]),
            extension(&[
                "x-enum-descriptions",
                "x-enumDescriptions",
                "x-enum-description",
            ]),
        );
        let (other_name, other_description) = microsoft(data, value);
        return (name.or(other_name), description.or(other_description));
    }
    (None, None)
}

/// Returns the constants of `enum` with `null`, in the order of the document.
fn listed(schema: &openapiv3::Schema) -> Vec<Value> {
    use openapiv3::{SchemaKind, Type};
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(ty)) => {
            ty.enumeration.iter().cloned().map(Value::from).collect()
        }
        SchemaKind::Type(Type::Integer(ty)) => {
            ty.enumeration.iter().copied().map(Value::from).collect()
        }
        SchemaKind::Any(any) => any.enumeration.clone(),
        _ => Vec::new(),
    }
}

/// Returns the entry of an extension that is a list beside `enum` or a map by its values.
fn entry(extension: &Value, index: usize, value: &Value) -> Option<String> {
    let text = match extension {
        Value::Array(list) => list.get(index)?.as_str()?,
        Value::Object(map) => match value {
            Value::String(key) => map.get(key)?.as_str()?,
            other => map.get(&other.to_string())?.as_str()?,
        },
        _ => return None,
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Returns what `x-ms-enum` says of a constant.
fn microsoft(data: &SchemaData, value: &Value) -> (Option<String>, Option<String>) {
    let values = data
        .extensions
        .get("x-ms-enum")
        .and_then(|extension| extension.get("values"));
    let mut entries = values.and_then(Value::as_array).into_iter().flatten();
    let found = entries
        .find(|entry| entry.get("value") == Some(value))
        .and_then(Value::as_object);
    let text = |key: &str| {
        let entry: &Map<String, Value> = found?;
        entry.get(key)?.as_str().map(str::to_owned)
    };
    (text("name"), text("description"))
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::{lower_schemas, lower_schemas_as};
    use crate::config::{Config, Format, Formats};
    use crate::diagnostics::Code;
    use crate::model::TypeKind;

    #[test]
    fn null_in_an_enum_makes_it_nullable_and_duplicates_are_dropped() {
        let lowered = lower_schemas(indoc! {"
            T:
              required: [a, b]
              properties:
                a: {type: string, enum: [x, null, y, x]}
                b: {type: integer, enum: [1, 2, 2]}
        "});
        assert_eq!(
            lowered.types(),
            indoc! {r#"
                T { a~: T.a, b: T.b }
                T.a enum "x" "y"
                T.b enum 1 2
            "#}
        );
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn extensions_name_and_describe_the_constants() {
        let lowered = lower_schemas(indoc! {"
            T:
              type: integer
              enum: [null, 1, 2]
              x-enum-varnames: [None, Low, High]
              x-enum-descriptions: {'2': the most}
        "});
        let TypeKind::Enum(values) = &lowered.api.types[0].kind else {
            panic!("an enum");
        };
        let names: Vec<_> = values
            .values
            .iter()
            .map(|value| value.name.as_deref())
            .collect();
        assert_eq!(names, [Some("Low"), Some("High")]);
        assert_eq!(values.values[1].description.as_deref(), Some("the most"));
    }

    #[test]
    fn constants_of_several_kinds_are_a_union() {
        let lowered = lower_schemas("T: {enum: [auto, none, 1, true]}");
        assert_eq!(
            lowered.types(),
            "T | T.1 | T.2 | bool\nT.1 enum \"auto\" \"none\"\nT.2 enum 1\n"
        );
    }

    #[test]
    fn constants_that_are_not_of_the_declared_type_are_mended_or_left_out() {
        let lowered = lower_schemas(indoc! {"
            T: {properties: {a: {type: string, enum: [x, true]}, b: {type: integer, enum: ['1', x, 2]}}}
        "});
        assert_eq!(
            lowered.types(),
            indoc! {r#"
                T { a?: T.a, b?: T.b }
                T.a enum "x" "true"
                T.b enum 1 2
            "#}
        );
        let codes: Vec<_> = lowered.told.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, [Code::Mended, Code::Mended, Code::InvalidPart]);
    }

    #[test]
    fn a_format_is_a_type_where_it_has_one_and_nobody_says_otherwise() {
        let schemas = indoc! {"
            T:
              properties:
                a: {type: string, format: date-time}
                b: {type: string, format: base64url}
                c: {type: string, format: email}
                d: {type: integer, format: date-time}
                e: {allOf: [{type: string}, {format: uuid}]}
                f: {anyOf: [{type: string, format: date}, {type: string, format: date-time}]}
                g: {anyOf: [{type: string, format: date}, {type: integer}]}
        "};
        assert_eq!(
            lower_schemas(schemas).types(),
            "T { a?: date-time, b?: byte, c?: String, d?: i64, e?: uuid, f?: String, g?: T.g }\n\
             T.g | date | i64\n"
        );
        let config = Config::new("openapi.yaml").formats(Formats::of([Format::Uuid]));
        assert_eq!(
            lower_schemas_as(schemas, &config).types(),
            "T { a?: String, b?: String, c?: String, d?: i64, e?: uuid, f?: String, g?: T.g }\n\
             T.g | String | i64\n"
        );
    }

    #[test]
    fn a_number_keeps_its_digits_where_that_is_asked_for() {
        let schemas = indoc! {"
            T:
              properties:
                a: {type: number}
                b: {type: number, format: double}
                c: {type: number, format: decimal}
                d: {type: number, format: decimal128}
                e: {anyOf: [{type: number, format: decimal}, {type: integer}]}
        "};
        assert_eq!(
            lower_schemas(schemas).types(),
            "T { a?: f64, b?: f64, c?: number, d?: number, e?: number }\n"
        );
        let config = Config::new("openapi.yaml").exact_numbers(true);
        assert_eq!(
            lower_schemas_as(schemas, &config).types(),
            "T { a?: number, b?: f64, c?: number, d?: number, e?: number }\n"
        );
        let config = Config::new("openapi.yaml").formats(Formats::of([]));
        assert_eq!(
            lower_schemas_as(schemas, &config).types(),
            "T { a?: f64, b?: f64, c?: f64, d?: f64, e?: f64 }\n"
        );
    }

    #[test]
    fn integers_are_as_wide_as_their_format_or_their_bounds() {
        let lowered = lower_schemas(indoc! {"
            T:
              properties:
                a: {type: integer}
                b: {type: integer, format: int32}
                c: {type: integer, format: uint32}
                d: {type: integer, format: uint64}
                e: {type: integer, minimum: 0, maximum: 18446744073709551615}
                f: {type: integer, format: int32, maximum: 4294967295}
                g: {type: number, format: float}
                h: {type: integer, minimum: 0, maximum: 1.2e+38}
                i: {type: integer, minimum: -1.0e+19}
                j: {type: integer, maximum: 18446744073709551615}
                k: {type: integer, minimum: -9223372036854775808, maximum: 9223372036854775807}
        "});
        assert_eq!(
            lowered.types(),
            "T { a?: i64, b?: i32, c?: u32, d?: u64, e?: u64, f?: i64, g?: f64, \
             h?: number, i?: number, j?: number, k?: i64 }\n"
        );
    }
}
