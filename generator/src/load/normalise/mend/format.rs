//! Formats that no registry knows: the value is read by its type alone.

use serde_json::Value;

use super::{Members, mended};
use crate::{diagnostics::Diagnostics, pointer::Trail};

/// The formats of JSON Schema 2020-12 (§7.3 of its validation) and of the format registry of OpenAPI
/// (<https://spec.openapis.org/registry/format/>), in alphabetical order.
const KNOWN: &[&str] = &[
    "base64url",
    "binary",
    "byte",
    "char",
    "commonmark",
    "date",
    "date-time",
    "date-time-local",
    "decimal",
    "decimal128",
    "double",
    "double-int",
    "duration",
    "email",
    "float",
    "hostname",
    "html",
    "http-date",
    "idn-email",
    "idn-hostname",
    "int16",
    "int32",
    "int64",
    "int8",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "media-range",
    "password",
    "regex",
    "relative-json-pointer",
    "sf-binary",
    "sf-boolean",
    "sf-decimal",
    "sf-integer",
    "sf-string",
    "sf-token",
    "time",
    "time-local",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "unixtime",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// Tells of a format that isn't known.
pub(super) fn tell(members: &Members, trail: &Trail<'_>, diagnostics: &mut Diagnostics) {
    if let Some(Value::String(format)) = members.get("format")
        && KNOWN.binary_search(&format.as_str()).is_err()
    {
        let message = format!("the format `{format}` isn't known; the value is read by its type");
        mended(trail, "format", message, diagnostics);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formats_are_in_order() {
        assert!(KNOWN.is_sorted());
    }
}
