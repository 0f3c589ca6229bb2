//! Names of what is moved into `components`.

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use crate::{load::normalise::Version, pointer::Pointer};

/// The names that are taken in each section.
pub(in crate::load) struct Names(IndexMap<String, IndexSet<String>>);

impl Names {
    /// Begins with no name taken.
    pub(in crate::load) fn empty() -> Self {
        Self(IndexMap::new())
    }

    /// Takes the name that a component has in its file, where it may have that, or else one for where
    /// it came from.
    pub(in crate::load) fn claim_own(
        &mut self,
        section: &str,
        name: Option<&str>,
        pointer: &Pointer,
        file: &str,
    ) -> String {
        let taken = self.0.entry(section.to_owned()).or_default();
        let Some(name) = name else {
            let prefixed = format!("{}_{}", plain(file), words(pointer));
            if taken.insert(prefixed.clone()) {
                return prefixed;
            }
            return self.claim(section, pointer, file);
        };
        let own = pointer.tokens().last().filter(|last| {
            let is_prefixed = name.strip_suffix(last.as_str());
            name == *last || is_prefixed.is_some_and(|prefix| prefix.ends_with('_'))
        });
        match own {
            Some(own) if taken.insert(own.clone()) => own.clone(),
            _ => self.claim(section, pointer, file),
        }
    }

    /// Begins with the names of a document, which it keeps.
    pub(super) fn new(root: &Value, version: Version) -> Self {
        let mut names = Self(IndexMap::new());
        let sections = ["schemas", "responses", "parameters", "securitySchemes"];
        for section in sections {
            if let (Some(own), true) = (swagger_section(section), version == Version::V2_0) {
                names.take(section, root.get(own));
            }
        }
        if let Some(Value::Object(components)) = root.get("components") {
            for (section, members) in components {
                names.take(section, Some(members));
            }
        }
        names
    }

    fn take(&mut self, section: &str, members: Option<&Value>) {
        let keys = members.and_then(Value::as_object).into_iter().flatten();
        let taken = self.0.entry(section.to_owned()).or_default();
        taken.extend(keys.map(|(name, _)| name.clone()));
    }

    /// Takes a name for what stands at an address of a file: the words of the address that aren't
    /// structure, with the file's name before them where that is taken, and then with a number.
    pub(super) fn claim(&mut self, section: &str, pointer: &Pointer, file: &str) -> String {
        let taken = self.0.entry(section.to_owned()).or_default();
        let own = words(pointer);
        let first = pointer.tokens().first().map(String::as_str);
        // A part of a file that is a schema as a whole is named after it.
        let own = if first.is_some_and(|token| PARTS.contains(&token)) {
            format!("{}_{own}", plain(file))
        } else {
            own
        };
        let base = if own.is_empty() { plain(file) } else { own };
        let base = if base.is_empty() {
            "Unnamed".to_owned()
        } else {
            base
        };
        let prefixed = format!("{}_{base}", plain(file));
        let numbered = (2_u64..).map(|number| format!("{base}_{number}"));
        let name = [base.clone(), prefixed]
            .into_iter()
            .chain(numbered)
            .find(|name| !taken.contains(name))
            .unwrap_or_default();
        taken.insert(name.clone());
        name
    }
}

/// Returns the name of a component of the document itself.
pub(super) fn component<'p>(
    pointer: &'p Pointer,
    section: &str,
    version: Version,
) -> Option<&'p str> {
    match pointer.tokens() {
        [components, own, name] if components == "components" && own == section => Some(name),
        [own, name]
            if version == Version::V2_0 && swagger_section(section) == Some(own.as_str()) =>
        {
            Some(name)
        }
        _ => None,
    }
}

/// Returns where Swagger 2.0 keeps what is a section of `components` now.
fn swagger_section(section: &str) -> Option<&'static str> {
    Some(match section {
        "schemas" => "definitions",
        "responses" => "responses",
        "parameters" => "parameters",
        "securitySchemes" => "securityDefinitions",
        _ => return None,
    })
}

/// Tokens that say what kind of thing follows, not what it is.
const STRUCTURE: &[&str] = &[
    "$defs",
    "additionalProperties",
    "allOf",
    "anyOf",
    "components",
    "content",
    "definitions",
    "headers",
    "oneOf",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schema",
    "schemas",
];

/// Keywords by which a schema has parts without names.
const PARTS: &[&str] = &[
    "additionalProperties",
    "allOf",
    "anyOf",
    "items",
    "oneOf",
    "properties",
];

/// Returns the words of an address that aren't structure, such as `Order_payer` for
/// `#/components/schemas/Order/properties/payer`.
fn words(pointer: &Pointer) -> String {
    let words: Vec<_> = pointer
        .tokens()
        .iter()
        .filter(|token| !STRUCTURE.contains(&token.as_str()))
        .map(|token| plain(token))
        .filter(|word| !word.is_empty())
        .collect();
    words.join("_")
}

/// Returns a text in the characters of a component's name (OpenAPI 3.0 §4.7.7).
fn plain(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|char| {
            if char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '_') {
                char
            } else {
                '_'
            }
        })
        .collect();
    plain.trim_matches('_').to_owned()
}

/// Returns the reference to the component that a reference which leads nowhere most likely means.
pub(super) fn similar(root: &Value, reference: &str) -> Option<String> {
    let (parent, name) = reference.strip_prefix('#')?.rsplit_once('/')?;
    let members = root.pointer(parent)?.as_object()?;
    let close = |other: &String| {
        let distance = distance(&other.to_lowercase(), &name.to_lowercase());
        (distance <= name.len() / 3).then_some(distance)
    };
    let (_, nearest) = members
        .keys()
        .take(10_000)
        .filter_map(|other| Some((close(other)?, other)))
        .min()?;
    Some(format!("#{parent}/{nearest}"))
}

/// Returns how many characters must be changed to make one text of another (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(100).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, char) in left.chars().take(100).enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in right.iter().enumerate() {
            let change = diagonal + usize::from(char != *other);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_follows_from_the_address_and_is_unique() {
        let root = json!({"components": {"schemas": {"Error": {}}}});
        let mut names = Names::new(&root, Version::V3_0);
        let mut claim = |pointer: &str, file: &str| {
            let pointer = Pointer::parse(pointer).expect("a pointer");
            names.claim("schemas", &pointer, file)
        };
        assert_eq!(
            claim("/components/schemas/Order/properties/payer", "api"),
            "Order_payer"
        );
        assert_eq!(claim("/components/schemas/Error", "common"), "common_Error");
        assert_eq!(claim("/definitions/Error", "common"), "Error_2");
        assert_eq!(claim("", "Pet.v1"), "Pet.v1");
        assert_eq!(
            claim(
                "/paths/~1orders~1{id}/get/responses/200/content/application~1json/schema",
                "api"
            ),
            "orders__id_get_200_application_json"
        );
        assert_eq!(claim("/§", "§"), "Unnamed");
    }

    #[test]
    fn a_name_with_a_typing_mistake_is_recognised() {
        let root = json!({"components": {"schemas": {"Order": {}, "Payer": {}}}});
        assert_eq!(
            similar(&root, "#/components/schemas/Ordr").as_deref(),
            Some("#/components/schemas/Order")
        );
        assert_eq!(similar(&root, "#/components/schemas/Zebra"), None);
    }
}
