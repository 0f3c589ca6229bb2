//! Keywords of JSON Schema 2020-12 that OpenAPI 3.0 lacks: they ride along as extensions.

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// What the name of such a keyword is prefixed with.
pub(crate) const PREFIX: &str = "x-json-schema-";

/// The name that a type, or the method of an operation, is to have in the code.
pub(crate) const RUST_NAME: &str = "x-rust-name";

/// The names that the properties or the values of a schema are to have in the code.
pub(crate) const RUST_NAMES: &str = "x-rust-names";

/// The type of the caller's own that stands for a schema.
pub(crate) const RUST_TYPE: &str = "x-rust-type";

/// Returns the value of a keyword among the extensions of a schema: `prefixItems`,
/// `patternProperties`, `if`, `dependentRequired`, `contentEncoding` and their like.
pub(crate) fn keyword<'e>(
    extensions: &'e IndexMap<String, Value>,
    name: &str,
) -> Option<&'e Value> {
    extensions.get(&format!("{PREFIX}{name}"))
}

/// What the elements of an array of fixed length are, by their index: the index of an alternative of
/// `items`.
pub(crate) const TUPLE: &str = "x-json-schema-tuple";

/// Returns the alternatives of `items` that the elements of an array of fixed length are, in order.
pub(crate) fn tuple(extensions: &IndexMap<String, Value>) -> Option<Vec<usize>> {
    let indexes = extensions.get(TUPLE)?.as_array()?.iter();
    indexes
        .map(|index| usize::try_from(index.as_u64()?).ok())
        .collect()
}

/// Returns the media type of the content of a string (JSON Schema Validation §8.4).
pub(crate) fn content_media_type(extensions: &IndexMap<String, Value>) -> Option<&str> {
    keyword(extensions, "contentMediaType")?.as_str()
}

/// Returns the properties that must be there if another is (JSON Schema Validation §6.5.4).
pub(crate) fn dependent_required(
    extensions: &IndexMap<String, Value>,
) -> impl Iterator<Item = (&str, Vec<&str>)> {
    let members = keyword(extensions, "dependentRequired").and_then(Value::as_object);
    members.into_iter().flatten().map(|(name, others)| {
        let others = others.as_array().into_iter().flatten();
        (name.as_str(), others.filter_map(Value::as_str).collect())
    })
}

/// The `explode` of a header or of an encoding, where the document says it: [`openapiv3::Header`] has
/// no place for it, and [`openapiv3::Encoding`] none for its absence.
pub(crate) const EXPLODE: &str = "x-accredit-explode";

/// Returns the `explode` of a header or of an encoding, where the document says it.
pub(crate) fn is_exploded(extensions: &IndexMap<String, Value>) -> Option<bool> {
    extensions.get(EXPLODE).and_then(Value::as_bool)
}

/// Whether a query parameter is the query as a whole: `querystring` of OpenAPI 3.2, for which
/// [`openapiv3::Parameter`] has no place.
pub(crate) const QUERY_STRING: &str = "x-accredit-querystring";

/// Returns whether a query parameter is the query as a whole.
pub(crate) fn is_query_string(extensions: &IndexMap<String, Value>) -> bool {
    extensions.contains_key(QUERY_STRING)
}

/// What sort of tag a tag is: `kind` of OpenAPI 3.2, for which [`openapiv3::Tag`] has no place.
pub(crate) const TAG_KIND: &str = "x-accredit-tag-kind";

/// Returns whether a tag is one by which operations are grouped: others mark some of them for readers
/// of the documentation, as `badge` and `audience` do.
pub(crate) fn groups(extensions: &IndexMap<String, Value>) -> bool {
    extensions
        .get(TAG_KIND)
        .and_then(Value::as_str)
        .is_none_or(|kind| kind == "nav")
}

/// Whether a cookie has the style `cookie` of OpenAPI 3.2, for which [`openapiv3::CookieStyle`] has no
/// place.
pub(crate) const COOKIE_STYLE: &str = "x-accredit-cookie-style";

/// Returns whether a cookie has the style `cookie`.
pub(crate) fn is_of_cookie_style(extensions: &IndexMap<String, Value>) -> bool {
    extensions.contains_key(COOKIE_STYLE)
}

/// Whether the schema of a media type is that of its items: `itemSchema` of OpenAPI 3.2, for which
/// [`openapiv3::MediaType`] has no place.
pub(crate) const ITEMS: &str = "x-accredit-items";

/// Returns whether the schema of a media type is that of its items.
pub(crate) fn is_of_items(extensions: &IndexMap<String, Value>) -> bool {
    extensions.contains_key(ITEMS)
}

/// What an XML Object says (OpenAPI 3.0 §4.7.26), for which [`openapiv3::Schema`] has no place.
pub(crate) const XML: &str = "x-accredit-xml";

/// Returns what the XML Object of a schema says.
pub(crate) fn xml(extensions: &IndexMap<String, Value>) -> Option<&Map<String, Value>> {
    extensions.get(XML).and_then(Value::as_object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keywords_are_found_under_their_own_names() {
        let extensions = IndexMap::from([
            (
                "x-json-schema-contentMediaType".to_owned(),
                json!("image/png"),
            ),
            (
                "x-json-schema-dependentRequired".to_owned(),
                json!({"a": ["b", 1], "c": 2}),
            ),
        ]);
        assert_eq!(content_media_type(&extensions), Some("image/png"));
        let dependent: Vec<_> = dependent_required(&extensions).collect();
        assert_eq!(dependent, [("a", vec!["b"]), ("c", vec![])]);
        assert_eq!(keyword(&extensions, "if"), None);
    }
}
