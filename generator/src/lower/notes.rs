//! Notes: what a schema demands and a Rust type doesn't express, a line each.

mod json_schema;

use openapiv3::{Schema, SchemaKind, Type};
use serde_json::Value;

use super::keywords::{Keywords, Kind};
use crate::config::{Format, Formats};

pub(super) use json_schema::conditions;

/// Returns the constraints and the format of a schema, as far as it states them itself.
pub(super) fn notes(keywords: &Keywords<'_>, formats: &Formats) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(format) = keywords
        .format
        .filter(|format| !is_expressed(keywords, format, formats))
    {
        notes.push(format!("format `{format}`"));
    }
    constraints(keywords.schema, &mut notes);
    // Constants of which no type consists.
    if keywords
        .values
        .iter()
        .any(|it| it.is_object() || it.is_array())
    {
        notes.push(constants(&keywords.values));
    }
    json_schema::notes(&keywords.data().extensions, &mut notes);
    if keywords.not.is_some() {
        notes.push("a `not` excludes some values".to_owned());
    }
    notes
}

/// Returns the note of a property that only one side sets.
pub(super) fn direction(read_only: bool, write_only: bool) -> Option<&'static str> {
    match (read_only, write_only) {
        (true, false) => Some("read-only: set by the server"),
        (false, true) => Some("write-only: sent, never returned"),
        _ => None,
    }
}

/// Returns the note of a scalar that has few values.
pub(super) fn constants(values: &[Value]) -> String {
    match values {
        [value] => format!("always {}", code(&value.to_string())),
        values => {
            let values: Vec<_> = values
                .iter()
                .map(|value| code(&value.to_string()))
                .collect();
            format!("one of {}", values.join(", "))
        }
    }
}

/// Returns a `CommonMark` code span of one line.
pub(super) fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    if !text.contains('`') {
        return format!("`{text}`");
    }
    let mut fence = "``".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence} {text} {fence}")
}

/// Whether the Rust type says as much as the format.
fn is_expressed(keywords: &Keywords<'_>, format: &str, formats: &Formats) -> bool {
    match keywords.implied_kind() {
        Some(Kind::String) => {
            matches!(format, "password" | "string") || formats.find(format).is_some()
        }
        Some(Kind::Integer) => matches!(format, "int32" | "int64" | "uint32" | "uint64"),
        Some(Kind::Number) => {
            matches!(format, "float" | "double") || formats.find(format) == Some(Format::Decimal)
        }
        _ => false,
    }
}

fn constraints(schema: &Schema, notes: &mut Vec<String>) {
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(ty)) => {
            lengths(ty.min_length, ty.max_length, "character", notes);
            pattern(ty.pattern.as_deref(), notes);
        }
        SchemaKind::Type(Type::Number(ty)) => {
            bounds(
                (ty.minimum, ty.exclusive_minimum),
                (ty.maximum, ty.exclusive_maximum),
                notes,
            );
            multiple(ty.multiple_of, notes);
        }
        SchemaKind::Type(Type::Integer(ty)) => {
            bounds(
                (ty.minimum, ty.exclusive_minimum),
                (ty.maximum, ty.exclusive_maximum),
                notes,
            );
            multiple(ty.multiple_of, notes);
        }
        SchemaKind::Type(Type::Array(ty)) => {
            lengths(ty.min_items, ty.max_items, "element", notes);
            unique(ty.unique_items, notes);
        }
        SchemaKind::Type(Type::Object(ty)) => {
            count(ty.min_properties, ty.max_properties, notes);
        }
        SchemaKind::Any(any) => {
            lengths(any.min_length, any.max_length, "character", notes);
            pattern(any.pattern.as_deref(), notes);
            let minimum = (any.minimum, any.exclusive_minimum.unwrap_or_default());
            let maximum = (any.maximum, any.exclusive_maximum.unwrap_or_default());
            bounds(minimum, maximum, notes);
            multiple(any.multiple_of, notes);
            lengths(any.min_items, any.max_items, "element", notes);
            unique(any.unique_items.unwrap_or_default(), notes);
            count(any.min_properties, any.max_properties, notes);
        }
        _ => {}
    }
}

fn lengths(minimum: Option<usize>, maximum: Option<usize>, unit: &str, notes: &mut Vec<String>) {
    let plural = |count| if count == 1 { "" } else { "s" };
    match (minimum.filter(|&count| count > 0), maximum) {
        (Some(low), Some(high)) if low == high => {
            notes.push(format!("exactly {low} {unit}{}", plural(low)));
        }
        (low, high) => {
            notes.extend(low.map(|low| format!("at least {low} {unit}{}", plural(low))));
            notes.extend(high.map(|high| format!("at most {high} {unit}{}", plural(high))));
        }
    }
}

fn count(minimum: Option<usize>, maximum: Option<usize>, notes: &mut Vec<String>) {
    let unit = |count| if count == 1 { "property" } else { "properties" };
    let minimum = minimum.filter(|&count| count > 0);
    notes.extend(minimum.map(|low| format!("at least {low} {}", unit(low))));
    notes.extend(maximum.map(|high| format!("at most {high} {}", unit(high))));
}

fn pattern(pattern: Option<&str>, notes: &mut Vec<String>) {
    notes.extend(pattern.map(|pattern| format!("matches {}", code(pattern))));
}

fn bounds<T: std::fmt::Display>(
    (minimum, above): (Option<T>, bool),
    (maximum, below): (Option<T>, bool),
    notes: &mut Vec<String>,
) {
    let low = if above { "more than" } else { "at least" };
    let high = if below { "less than" } else { "at most" };
    notes.extend(minimum.map(|minimum| format!("{low} {minimum}")));
    notes.extend(maximum.map(|maximum| format!("{high} {maximum}")));
}

fn multiple<T: std::fmt::Display>(of: Option<T>, notes: &mut Vec<String>) {
    notes.extend(of.map(|of| format!("a multiple of {of}")));
}

fn unique(unique: bool, notes: &mut Vec<String>) {
    if unique {
        notes.push("no element twice".to_owned());
    }
}
