//! `contentSchema`: the schema of the JSON that a text holds (JSON Schema Validation §8.5), for which
//! [`openapiv3::Schema`] has no place.

use std::collections::BTreeMap;

use openapiv3::{ReferenceOr, Schema};
use serde_json::Value;

use super::{part::Part, schema};
use crate::{
    diagnostics::Diagnostics,
    extensions::PREFIX,
    pointer::{Pointer, Trail},
};

/// Schemas of the contents of texts, each by where it stands.
pub(crate) type Embedded = BTreeMap<Pointer, ReferenceOr<Schema>>;

/// Reads every `contentSchema` of a document.
pub(super) fn read(root: &Part<'_>, diagnostics: &mut Diagnostics) -> Embedded {
    let keyword = format!("{PREFIX}contentSchema");
    let mut places = Vec::new();
    find(root.value, &Trail::Root, &keyword, &mut places);
    let mut embedded = Embedded::new();
    for place in places {
        let read = root.at(place.tokens(), &mut |part| {
            schema::reference_or_schema(part, diagnostics)
        });
        embedded.extend(read.map(|schema| (place, schema)));
    }
    embedded
}

fn find(value: &Value, trail: &Trail<'_>, keyword: &str, places: &mut Vec<Pointer>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let trail = Trail::Member(trail, key);
                if key == keyword {
                    places.push(trail.pointer());
                }
                find(value, &trail, keyword, places);
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                find(value, &Trail::Element(trail, index), keyword, places);
            }
        }
        _ => {}
    }
}
