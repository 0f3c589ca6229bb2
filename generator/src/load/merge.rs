//! Merge: several documents share one set of components.
//!
//! What came from the same place of the same file is one component, and so is what has the same name
//! and the same content. Different components of the same name are kept apart by the name of their
//! file. What a document has for itself stands under `documents`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    Loaded, Sources,
    bundle::Names,
    documents::place,
    normalise::Version,
    structure::{self, Kind, reference},
};
use crate::{
    origins::Origins,
    pointer::{Pointer, Trail},
};

type Members = Map<String, Value>;

/// The sections of `components` that documents share.
const SHARED: [(&str, Kind); 6] = [
    ("schemas", Kind::Schema),
    ("responses", Kind::Response),
    ("parameters", Kind::Parameter),
    ("requestBodies", Kind::RequestBody),
    ("headers", Kind::Header),
    ("examples", Kind::Example),
];

/// A component: its section and its name.
type Key = (&'static str, String);

/// Where a component came from. Versions read the same text differently.
type Identity = (Version, &'static str, usize, Pointer);

/// Makes one tree of documents, and says where each stands in it.
pub(super) fn merge(
    loaded: Vec<Loaded>,
    sources: &Sources,
) -> (Value, Vec<(Pointer, usize)>, Origins) {
    let mut merge = Merge {
        names: Names::empty(),
        components: BTreeMap::new(),
        known: BTreeMap::new(),
        renamed: BTreeMap::new(),
        uses: BTreeMap::new(),
        origins: Origins::default(),
    };
    merge.count(&loaded);
    let mut documents = vec![Value::Null; loaded.len()];
    let mut heads = Vec::new();
    let mut order = Vec::new();
    for (index, document) in loaded.into_iter().enumerate() {
        heads.push((place(index), document.origins.file()));
        order.push((merge.shared(&document), index, document));
    }
    // What many have in common is there before those that have a copy of it.
    order.sort_by_key(|(shared, ..)| std::cmp::Reverse(*shared));
    for (_, index, document) in order {
        documents[index] = merge.add(document, &heads[index].0, sources);
    }
    merge.map_renamed(&mut documents);
    let mut components = Map::new();
    for (section, _) in SHARED {
        let members = merge.components.remove(section).unwrap_or_default();
        components.insert(section.to_owned(), Value::Object(members));
    }
    let root = json!({"components": components, "documents": documents});
    (root, heads, merge.origins)
}

struct Merge {
    names: Names,
    /// By section.
    components: BTreeMap<&'static str, Members>,
    known: BTreeMap<Identity, String>,
    /// By schema, the name that its document knows it by, where that is another one.
    renamed: BTreeMap<String, String>,
    /// How many documents use a component, by the name it has in its file.
    uses: BTreeMap<Key, BTreeMap<Identity, usize>>,
    origins: Origins,
}

impl Merge {
    fn count(&mut self, loaded: &[Loaded]) {
        for document in loaded {
            for identity in identities(document) {
                let (key, identity) = (own_key(&identity), identity);
                let uses = self.uses.entry(key).or_default();
                *uses.entry(identity).or_default() += 1;
            }
        }
    }

    fn uses(&self, identity: &Identity) -> usize {
        let uses = self.uses.get(&own_key(identity));
        uses.and_then(|uses| uses.get(identity))
            .copied()
            .unwrap_or(0)
    }

    /// Returns how many components a document shares with others.
    fn shared(&self, document: &Loaded) -> usize {
        let identities = identities(document);
        identities
            .filter(|identity| self.uses(identity) > 1)
            .count()
    }

    /// Whether another component of the same name is used by more documents.
    fn is_outdone(&self, identity: &Identity) -> bool {
        let own = self.uses(identity);
        let mut uses = self.uses.get(&own_key(identity)).into_iter().flatten();
        uses.any(|(_, others)| *others > own)
    }

    /// Adds the components of a document that aren't there yet; returns the rest of it.
    fn add(&mut self, document: Loaded, place: &Pointer, sources: &Sources) -> Value {
        let Loaded {
            mut root,
            origins,
            version,
        } = document;
        let mut own = components(&mut root);
        let identities: BTreeMap<Key, Identity> = own
            .keys()
            .map(|key| (key.clone(), identity(key, version, &origins)))
            .collect();
        let mut names = self.same(&own, &identities);
        own.retain(|key, _| !names.contains_key(key));
        for key in own.keys() {
            let name = self.claim(key, &identities[key], sources);
            if key.0 == "schemas" && name != key.1 {
                self.renamed.insert(name.clone(), key.1.clone());
            }
            self.known.insert(identities[key].clone(), name.clone());
            self.moved(key, &name, &identities[key], &origins);
            names.insert(key.clone(), name);
        }
        for (key, identity) in &identities {
            self.known
                .entry(identity.clone())
                .or_insert_with(|| names[key].clone());
        }
        for (key, mut value) in own {
            rewrite(kind(key.0), &mut value, &names);
            let section = self.components.entry(key.0).or_default();
            section.insert(names[&key].clone(), value);
        }
        rewrite(Kind::Root, &mut root, &names);
        self.origins
            .insert(place.clone(), origins.file(), Pointer::root());
        for (from, (file, source)) in origins.iter() {
            if !is_shared(from) {
                self.origins.insert(place.join(from), *file, source.clone());
            }
        }
        root
    }

    /// Returns the components of a document that are there already, with their names.
    fn same(
        &self,
        own: &BTreeMap<Key, Value>,
        identities: &BTreeMap<Key, Identity>,
    ) -> BTreeMap<Key, String> {
        let mut names: BTreeMap<Key, String> = BTreeMap::new();
        let mut assumed = BTreeSet::new();
        for key in own.keys() {
            if let Some(name) = self.known.get(&identities[key]) {
                names.insert(key.clone(), name.clone());
            } else if self.component(key).is_some() {
                names.insert(key.clone(), key.1.clone());
                assumed.insert(key.clone());
            }
        }
        // Components may refer to each other: all are taken to be the same until one isn't.
        loop {
            let different: Vec<_> = assumed
                .iter()
                .filter(|key| {
                    let mut value = own[key].clone();
                    rewrite(kind(key.0), &mut value, &names);
                    self.component(key) != Some(&value)
                })
                .cloned()
                .collect();
            if different.is_empty() {
                return names;
            }
            for key in different {
                names.remove(&key);
                assumed.remove(&key);
            }
        }
    }

    fn component(&self, (section, name): &Key) -> Option<&Value> {
        self.components.get(section)?.get(name)
    }

    /// Takes a name for a component: its own, or one that begins with the name of its file.
    fn claim(&mut self, key: &Key, identity: &Identity, sources: &Sources) -> String {
        let (section, name) = key;
        let (.., file, pointer) = identity;
        // What most documents use has its plain name, however they are ordered.
        let own = (!self.is_outdone(identity)).then_some(name.as_str());
        self.names
            .claim_own(section, own, pointer, sources.stem(*file))
    }

    /// Records where a component came from, and what is in it.
    fn moved(&mut self, key: &Key, name: &str, identity: &Identity, origins: &Origins) {
        let from = address(key);
        let to: Pointer = ["components", key.0, name].into_iter().collect();
        self.origins
            .insert(to.clone(), identity.2, identity.3.clone());
        for (place, (file, source)) in origins.below(&from) {
            let rest = place.tokens()[from.tokens().len()..].iter().cloned();
            self.origins
                .insert(to.join(&rest.collect()), *file, source.clone());
        }
    }

    /// Adds to discriminators what said the names of components that are called otherwise now
    /// (OpenAPI 3.0 §4.7.25).
    fn map_renamed(&mut self, documents: &mut [Value]) {
        if self.renamed.is_empty() {
            return;
        }
        let renamed = &self.renamed;
        let mut extended: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let schemas = self.components.get("schemas").into_iter().flatten();
        for (name, schema) in schemas.filter(|(name, _)| renamed.contains_key(*name)) {
            for base in alternatives(schema, &["allOf"]) {
                extended.entry(base).or_default().push(name.clone());
            }
        }
        let schemas = self.components.get_mut("schemas").into_iter().flatten();
        for (name, schema) in schemas {
            let descendants = extended.get(name).map(Vec::as_slice);
            map_names(schema, descendants.unwrap_or_default(), renamed);
        }
        let mut visit = |kind, value: &mut Value, _: &Trail<'_>| {
            if kind == Kind::Schema {
                map_names(value, &[], renamed);
            }
        };
        for (section, members) in &mut self.components {
            for (_, value) in members {
                structure::walk_mut(kind(section), value, &Trail::Root, &mut visit);
            }
        }
        for document in documents {
            structure::walk_mut(Kind::Root, document, &Trail::Root, &mut visit);
        }
    }
}

/// Maps the old names of the alternatives of a union, and of what extends it, to where they are now.
fn map_names(schema: &mut Value, descendants: &[String], renamed: &BTreeMap<String, String>) {
    let mut names = alternatives(schema, &["oneOf", "anyOf"]);
    names.extend(descendants.iter().cloned());
    let Some(discriminator) = schema
        .get_mut("discriminator")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for name in names {
        let Some(old) = renamed.get(&name) else {
            continue;
        };
        let target = json!(reference("schemas", &name));
        let mapping = discriminator.entry("mapping").or_insert_with(|| json!({}));
        if let Value::Object(mapping) = mapping
            && !mapping.values().any(|known| *known == target)
        {
            mapping.entry(old.as_str()).or_insert(target);
        }
    }
}

/// Returns the components that a schema composes.
fn alternatives(schema: &Value, keywords: &[&str]) -> Vec<String> {
    let lists = keywords
        .iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array());
    lists
        .flatten()
        .filter_map(|part| Some(target(part.get("$ref")?.as_str()?)?.1))
        .collect()
}

/// Takes the shared components out of a document.
fn components(root: &mut Value) -> BTreeMap<Key, Value> {
    let mut found = BTreeMap::new();
    let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) else {
        return found;
    };
    for (section, _) in SHARED {
        if let Some(Value::Object(members)) = components.shift_remove(section) {
            found.extend(
                members
                    .into_iter()
                    .map(|(name, value)| ((section, name), value)),
            );
        }
    }
    found
}

fn address((section, name): &Key) -> Pointer {
    ["components", section, name].into_iter().collect()
}

fn identity(key: &Key, version: Version, origins: &Origins) -> Identity {
    let (file, pointer) = origins.find(&address(key));
    (version, key.0, file, pointer)
}

fn identities(document: &Loaded) -> impl Iterator<Item = Identity> {
    let components = document.root.get("components");
    SHARED.iter().flat_map(move |(section, _)| {
        let members = components.and_then(|components| components.get(section)?.as_object());
        let names = members.into_iter().flatten().map(|(name, _)| name.clone());
        names.map(|name| identity(&(*section, name), document.version, &document.origins))
    })
}

/// Returns the section of a component and the name that it has in its file.
fn own_key((_, section, _, pointer): &Identity) -> Key {
    (
        *section,
        pointer.tokens().last().cloned().unwrap_or_default(),
    )
}

fn is_shared(place: &Pointer) -> bool {
    match place.tokens() {
        [components, section, ..] if components == "components" => {
            SHARED.iter().any(|(shared, _)| shared == section)
        }
        _ => false,
    }
}

fn kind(section: &str) -> Kind {
    let found = SHARED.iter().find(|(shared, _)| *shared == section);
    found.map_or(Kind::Example, |(_, kind)| *kind)
}

/// Returns the component that a reference names.
fn target(text: &str) -> Option<Key> {
    let pointer = Pointer::parse(text.strip_prefix('#')?)?;
    let [components, section, name] = pointer.tokens() else {
        return None;
    };
    let (section, _) = SHARED.iter().find(|(shared, _)| shared == section)?;
    (components == "components").then(|| (*section, name.clone()))
}

/// Makes references name components by their new names.
fn rewrite(kind: Kind, value: &mut Value, names: &BTreeMap<Key, String>) {
    let renew = |text: &mut String| {
        if let Some(key) = target(text) {
            // What has no name yet is the same as nothing.
            *text = names
                .get(&key)
                .map_or_else(String::new, |name| reference(key.0, name));
        }
    };
    structure::walk_mut(kind, value, &Trail::Root, &mut |kind, value, _| {
        if kind == Kind::Discriminator {
            let mapping = value.get_mut("mapping").and_then(Value::as_object_mut);
            for (_, value) in mapping.into_iter().flatten() {
                if let Value::String(text) = value {
                    renew(text);
                }
            }
        } else if let Some(Value::String(text)) = value.get_mut("$ref") {
            renew(text);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::Source;

    fn loaded(file: usize, schemas: &Value, moved: &[(&str, usize, &str)]) -> Loaded {
        let mut origins = Origins::of(file);
        for (name, file, source) in moved {
            let place = ["components", "schemas", name].into_iter().collect();
            let source = Pointer::parse(source).expect("a pointer");
            origins.insert(place, *file, source);
        }
        Loaded {
            root: json!({"components": {"schemas": schemas}, "paths": {}}),
            origins,
            version: Version::V3_0,
        }
    }

    fn merged(loaded: Vec<Loaded>) -> (Value, Origins) {
        let names = ["a.yaml", "b.yaml", "common.yaml"];
        let sources = names.map(|name| Source {
            path: name.into(),
            text: String::new(),
        });
        let (root, _, origins) = merge(loaded, &Sources(sources.into()));
        (root, origins)
    }

    #[test]
    fn what_came_from_the_same_place_is_one_component() {
        let first = json!({"Id": {"type": "string"}, "A": {"$ref": "#/components/schemas/Id"}});
        let second = json!({"common_Id": {"type": "string"}, "Id": {"type": "integer"}});
        let source = "/components/schemas/Id";
        let (root, origins) = merged(vec![
            loaded(0, &first, &[("Id", 2, source)]),
            loaded(1, &second, &[("common_Id", 2, source)]),
        ]);
        assert_eq!(
            root["components"]["schemas"],
            json!({
                "A": {"$ref": "#/components/schemas/Id"},
                "Id": {"type": "string"},
                "b_Id": {"type": "integer"},
            })
        );
        let place = ["components", "schemas", "b_Id", "type"]
            .into_iter()
            .collect();
        let found = origins.find(&place);
        assert_eq!(
            (found.0, found.1.to_string()),
            (1, "#/components/schemas/Id/type".into())
        );
    }

    #[test]
    fn copies_are_one_component_even_where_they_refer_to_each_other() {
        let cycle = |extra: &str| {
            json!({
                "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}},
                "B": {"properties": {"a": {"$ref": "#/components/schemas/A"}}, "title": extra},
                "C": {"type": "string"},
            })
        };
        let same = merged(vec![loaded(0, &cycle(""), &[]), loaded(1, &cycle(""), &[])]).0;
        assert_eq!(same["components"]["schemas"], cycle(""));
        let other = merged(vec![
            loaded(0, &cycle(""), &[]),
            loaded(1, &cycle("x"), &[]),
        ])
        .0;
        let schemas = other["components"]["schemas"]
            .as_object()
            .expect("an object");
        let names: Vec<_> = schemas.keys().collect();
        assert_eq!(names, ["A", "B", "C", "b_A", "b_B"]);
        assert_eq!(
            schemas["b_A"]["properties"]["b"]["$ref"],
            "#/components/schemas/b_B"
        );
    }

    #[test]
    fn a_discriminator_finds_what_is_called_otherwise_now() {
        let document = |kind: &str| {
            json!({
                "Pet": {"discriminator": {"propertyName": "kind"}, "oneOf": [
                    {"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
                "Cat": {"type": "object", "title": kind},
                "Dog": {"type": "object"},
            })
        };
        let (root, _) = merged(vec![
            loaded(0, &document("x"), &[]),
            loaded(1, &document("y"), &[]),
        ]);
        assert_eq!(
            root["components"]["schemas"]["b_Pet"]["discriminator"]["mapping"],
            json!({"Cat": "#/components/schemas/b_Cat"})
        );
    }
}
