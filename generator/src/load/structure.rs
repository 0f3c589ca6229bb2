//! The structure of a description: what stands where, in all versions of OpenAPI.

use serde_json::{Map, Value};

use crate::{
    extensions::PREFIX,
    pointer::{Pointer, Trail},
};

/// What an object of a description is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Root,
    Components,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    MediaType,
    Encoding,
    Schema,
    Discriminator,
    SecurityScheme,
    Link,
    Example,
    Callback,
}

/// What a member of an object holds. Where one object is expected, an array of them is walked too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    One(Kind),
    Map(Kind),
}

/// Returns whether a file states a version of OpenAPI, as documents do.
pub(super) fn states_version(root: &Value) -> bool {
    root.get("openapi").is_some() || root.get("swagger").is_some()
}

impl Kind {
    /// Returns what a whole file is: a document, or else a schema.
    pub(super) fn of_file(root: &Value) -> Self {
        if states_version(root) {
            Self::Root
        } else {
            Self::Schema
        }
    }

    /// Returns the section of `components` for objects of the kind.
    pub(super) const fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Schema => "schemas",
            Self::Response => "responses",
            Self::Parameter => "parameters",
            Self::Example => "examples",
            Self::RequestBody => "requestBodies",
            Self::Header => "headers",
            Self::SecurityScheme => "securitySchemes",
            Self::Link => "links",
            Self::Callback => "callbacks",
            Self::PathItem => "pathItems",
            Self::MediaType => "mediaTypes",
            Self::Root
            | Self::Components
            | Self::Operation
            | Self::Encoding
            | Self::Discriminator => return None,
        })
    }

    /// Returns what a member of an object of the kind holds.
    pub(super) fn member(self, key: &str) -> Option<Holds> {
        use Holds::{Map, One};
        Some(match (self, key) {
            (Self::Root, "paths" | "webhooks") | (Self::Components, "pathItems") => {
                Map(Self::PathItem)
            }
            (Self::Root, "components") => One(Self::Components),
            // `definitions` of a document is Swagger 2.0's, as are other sections at the root.
            (Self::Root, "definitions")
            | (Self::Components, "schemas")
            | (
                Self::Schema,
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
                | "dependencies",
            ) => Map(Self::Schema),
            (Self::Root | Self::Components, "parameters") => Map(Self::Parameter),
            (Self::Root | Self::Components | Self::Operation, "responses") => Map(Self::Response),
            (Self::Root, "securityDefinitions") | (Self::Components, "securitySchemes") => {
                Map(Self::SecurityScheme)
            }
            (Self::Components | Self::Parameter | Self::Header | Self::MediaType, "examples") => {
                Map(Self::Example)
            }
            (Self::Components, "requestBodies") => Map(Self::RequestBody),
            (Self::Components, "mediaTypes") => Map(Self::MediaType),
            (Self::Components | Self::Response | Self::Encoding, "headers") => Map(Self::Header),
            (Self::Components | Self::Response, "links") => Map(Self::Link),
            (Self::Components | Self::Operation, "callbacks") => Map(Self::Callback),
            (
                Self::PathItem,
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace"
                | "query",
            ) => One(Self::Operation),
            (Self::PathItem, "additionalOperations") => Map(Self::Operation),
            (Self::PathItem | Self::Operation, "parameters") => One(Self::Parameter),
            (Self::Operation, "requestBody") => One(Self::RequestBody),
            (Self::Parameter | Self::Header | Self::RequestBody | Self::Response, "content") => {
                Map(Self::MediaType)
            }
            (Self::MediaType, "encoding") => Map(Self::Encoding),
            (Self::MediaType, "prefixEncoding" | "itemEncoding") => One(Self::Encoding),
            (
                Self::Parameter | Self::Header | Self::MediaType | Self::Response,
                "schema" | "itemSchema",
            )
            | (
                Self::Schema,
                "items"
                | "prefixItems"
                | "additionalItems"
                | "unevaluatedItems"
                | "contains"
                | "additionalProperties"
                | "unevaluatedProperties"
                | "propertyNames"
                | "allOf"
                | "anyOf"
                | "oneOf"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contentSchema",
            ) => One(Self::Schema),
            (Self::Schema, "discriminator") => One(Self::Discriminator),
            (Self::Schema, _) if key.starts_with(PREFIX) => {
                return self.member(&key[PREFIX.len()..]);
            }
            (Self::Callback, _) if key != "$ref" && !key.starts_with("x-") => One(Self::PathItem),
            _ => return None,
        })
    }

    /// Returns the kind of what stands at an address, from an object of this kind.
    pub(super) fn at(self, tokens: &[String]) -> Option<Self> {
        let mut kind = self;
        let mut rest = tokens;
        while let [key, tail @ ..] = rest {
            (kind, rest) = match (kind.member(key)?, tail) {
                (Holds::Map(_), []) => return None,
                (Holds::Map(kind), [_, tail @ ..]) => (kind, tail),
                (Holds::One(kind), tail) => {
                    // An index of an array, since no keyword is a number.
                    let index = tail.first().and_then(|token| token.parse::<usize>().ok());
                    (kind, &tail[usize::from(index.is_some())..])
                }
            };
        }
        Some(kind)
    }
}

/// Visits the objects of a value of a kind, each before those in it.
pub(super) fn walk<'v>(
    kind: Kind,
    value: &'v Value,
    trail: &Trail<'_>,
    visit: &mut impl FnMut(Kind, &'v Map<String, Value>, &Trail<'_>),
) {
    let Value::Object(object) = value else {
        return;
    };
    visit(kind, object, trail);
    for (key, value) in object {
        let Some(holds) = kind.member(key) else {
            continue;
        };
        let trail = Trail::Member(trail, key);
        match (holds, value) {
            (Holds::One(kind), Value::Array(elements)) => {
                for (index, element) in elements.iter().enumerate() {
                    walk(kind, element, &Trail::Element(&trail, index), visit);
                }
            }
            (Holds::One(kind), value) => walk(kind, value, &trail, visit),
            (Holds::Map(kind), Value::Object(members)) => {
                for (name, value) in members {
                    walk(kind, value, &Trail::Member(&trail, name), visit);
                }
            }
            (Holds::Map(_), _) => {}
        }
    }
}

/// Visits the values of a kind, each after those in it, to change them. A value that should be an
/// object is visited, whatever it is.
pub(super) fn walk_mut(
    kind: Kind,
    value: &mut Value,
    trail: &Trail<'_>,
    visit: &mut impl FnMut(Kind, &mut Value, &Trail<'_>),
) {
    if let Value::Object(object) = value {
        for (key, value) in object {
            let Some(holds) = kind.member(key) else {
                continue;
            };
            let trail = Trail::Member(trail, key);
            match (holds, value) {
                (Holds::One(kind), Value::Array(elements)) => {
                    for (index, element) in elements.iter_mut().enumerate() {
                        walk_mut(kind, element, &Trail::Element(&trail, index), visit);
                    }
                }
                (Holds::One(kind), value) => walk_mut(kind, value, &trail, visit),
                (Holds::Map(kind), Value::Object(members)) => {
                    for (name, value) in members {
                        walk_mut(kind, value, &Trail::Member(&trail, name), visit);
                    }
                }
                (Holds::Map(_), _) => {}
            }
        }
    }
    visit(kind, value, trail);
}

/// Returns the text of a reference to a component, of which the parts are escaped.
pub(super) fn reference(section: &str, name: &str) -> String {
    let name = name.replace('~', "~0").replace('/', "~1");
    format!("#/components/{section}/{}", name.replace('%', "%25"))
}

/// Returns the value at an address.
pub(super) fn get<'v>(value: &'v Value, pointer: &Pointer) -> Option<&'v Value> {
    pointer.tokens().iter().try_fold(value, step)
}

/// Returns a member or an element.
pub(super) fn step<'v>(value: &'v Value, token: &String) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(token),
        Value::Array(elements) => elements.get(token.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Returns the value at an address, to change it.
pub(super) fn get_mut<'v>(value: &'v mut Value, pointer: &Pointer) -> Option<&'v mut Value> {
    pointer
        .tokens()
        .iter()
        .try_fold(value, |value, token| match value {
            Value::Object(members) => members.get_mut(token),
            Value::Array(elements) => elements.get_mut(token.parse::<usize>().ok()?),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_references_are_references_and_data_isn_t() {
        let document = json!({
            "paths": {"/a": {"get": {
                "parameters": [{"$ref": "1"}],
                "responses": {"200": {"content": {"x": {"schema": {"$ref": "2"}, "example": {"$ref": "no"}}}}}
            }}},
            "components": {"schemas": {"A": {
                "properties": {"$ref": {"type": "string"}, "b": {"items": [{"$ref": "3"}]}},
                "enum": [{"$ref": "no"}], "default": {"$ref": "no"}, "x-y": {"$ref": "no"}
            }}}
        });
        let mut found = Vec::new();
        walk(
            Kind::Root,
            &document,
            &Trail::Root,
            &mut |kind, object, trail| {
                if let Some(Value::String(reference)) = object.get("$ref") {
                    found.push(format!("{reference} {kind:?} {}", trail.pointer()));
                }
            },
        );
        assert_eq!(
            found,
            [
                "1 Parameter #/paths/~1a/get/parameters/0",
                "2 Schema #/paths/~1a/get/responses/200/content/x/schema",
                "3 Schema #/components/schemas/A/properties/b/items/0",
            ]
        );
    }

    #[test]
    fn the_kind_of_a_place_follows_from_its_address() {
        let at =
            |pointer: &str| Kind::Root.at(Pointer::parse(pointer).expect("a pointer").tokens());
        assert_eq!(
            at("/components/schemas/A/properties/b/items"),
            Some(Kind::Schema)
        );
        assert_eq!(at("/paths/~1a/get/parameters/0"), Some(Kind::Parameter));
        assert_eq!(at("/paths/~1a/get/parameters/0/schema"), Some(Kind::Schema));
        assert_eq!(at("/components/schemas"), None);
        assert_eq!(at("/info/x"), None);
    }
}
