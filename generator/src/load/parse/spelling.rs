//! The spelling of numbers where a text is meant: YAML reads `version: 1.10` as the number 1.1.

use serde_json::Value;

use crate::{
    load::structure::get_mut,
    pointer::{Pointer, Trail},
    tree::Tree,
};

/// Makes texts, as they are spelled, of numbers that stand for texts: the versions of documents, and the
/// values of schemas of the type `string`. Returns the places of those in schemas.
pub(super) fn restore(root: &mut Value, text: &str) -> Vec<Pointer> {
    let mut places = Vec::new();
    find(root, &Trail::Root, &mut places);
    let version = root.get("info").and_then(|info| info.get("version"));
    let version = version
        .is_some_and(Value::is_number)
        .then(|| Pointer::from_iter(["info", "version"]));
    if places.is_empty() && version.is_none() {
        return places;
    }
    // Only now it pays to read the text with its places.
    let tree = Tree::read(text);
    for place in places.iter().chain(&version) {
        let spelled = tree.find(place).and_then(|span| text.get(span));
        if let (Some(value), Some(spelled)) = (get_mut(root, place), spelled) {
            // What isn't found is another value, around it.
            if serde_yaml::from_str::<serde_yaml::Number>(spelled).is_ok() {
                *value = Value::String(spelled.to_owned());
            }
        }
    }
    places
}

fn find(value: &Value, trail: &Trail<'_>, places: &mut Vec<Pointer>) {
    match value {
        Value::Object(members) => {
            let is_text = members.get("type").is_some_and(|ty| ty == "string");
            for (key, value) in members {
                let trail = Trail::Member(trail, key);
                match (is_text, key.as_str(), value) {
                    (true, "enum", Value::Array(values)) => {
                        let numbers = values.iter().enumerate();
                        let numbers = numbers.filter(|(_, value)| value.is_f64());
                        places.extend(
                            numbers.map(|(index, _)| Trail::Element(&trail, index).pointer()),
                        );
                    }
                    (true, "default" | "const", value) if value.is_f64() => {
                        places.push(trail.pointer());
                    }
                    _ => find(value, &trail, places),
                }
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                find(element, &Trail::Element(trail, index), places);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_that_stand_for_texts_are_read_as_they_are_spelled() {
        let text = "info: {version: 1.10}\na: {type: string, enum: [1.0, 2.50, x], default: 1e3}\nb: {type: number, default: 1.0}\n";
        let mut value: Value = serde_yaml::from_str(text).expect("YAML");
        let places = restore(&mut value, text);
        assert_eq!(
            value,
            json!({
                "info": {"version": "1.10"},
                "a": {"type": "string", "enum": ["1.0", "2.50", "x"], "default": "1e3"},
                "b": {"type": "number", "default": 1.0},
            })
        );
        assert_eq!(places.len(), 3);
    }
}
