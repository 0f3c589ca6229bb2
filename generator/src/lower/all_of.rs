//! `allOf`: schemas that hold together, taken apart and seen as one.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{AdditionalProperties, Discriminator, Schema};
use serde_json::Value;

use super::Lowerer;
use super::keywords::{Keywords, Kind};
use super::notes::{conditions, notes};
use super::resolve::{Component, Part, Source};
use crate::diagnostics::Code;
use crate::model::Docs;
use crate::pointer::Pointer;

/// Schemas that hold together.
#[derive(Debug, Default)]
pub(super) struct Merged<'a> {
    /// What each schema says itself, each schema once, from the outermost inwards.
    pub(super) atoms: Vec<Atom<'a>>,
    /// The unions among them.
    pub(super) choices: Vec<Choice<'a>>,
    /// Where the last of the schemas stands: the others are what it extends.
    pub(super) pointer: Pointer,
    /// What is known of them beyond: alternatives that became notes.
    pub(super) notes: Vec<String>,
}

/// What one schema says itself.
#[derive(Debug)]
pub(super) struct Atom<'a> {
    pub(super) keywords: Keywords<'a>,
    pub(super) pointer: Pointer,
    /// Whether its `required` is left out of account.
    pub(super) relaxed: bool,
}

/// A `oneOf` or an `anyOf`.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    pub(super) alternatives: Vec<Part<'a>>,
    pub(super) discriminator: Option<&'a Discriminator>,
    pub(super) any_of: bool,
    /// Where the schema stands that has it.
    pub(super) pointer: Pointer,
}

impl<'a> Merged<'a> {
    /// Returns what tells these schemas from others: the same key, the same type.
    pub(super) fn key(&self) -> Vec<usize> {
        let atoms = self
            .atoms
            .iter()
            .map(|atom| address(atom.keywords.schema) + usize::from(atom.relaxed));
        let choices = self.choices.iter().flat_map(|choice| {
            let alternatives = choice.alternatives.iter().map(|part| match part.source {
                Source::Reference(name) => name.as_ptr().addr(),
                Source::Component(component) => component.name.as_ptr().addr(),
                Source::Schema(schema) | Source::Own { schema, .. } => address(schema),
            });
            std::iter::once(0).chain(alternatives)
        });
        atoms.chain(choices).collect()
    }

    /// Returns the properties, each with the schemas that hold together for it.
    pub(super) fn properties(&self) -> Vec<(&'a str, Vec<Part<'a>>)> {
        let mut properties: indexmap::IndexMap<&str, Vec<Part<'_>>> = indexmap::IndexMap::new();
        for atom in &self.atoms {
            let at = atom.pointer.child("properties");
            for (name, schema) in atom.keywords.properties.into_iter().flatten() {
                let part = Part::new(schema, at.child(name));
                properties.entry(name).or_default().push(part);
            }
        }
        properties.into_iter().collect()
    }

    /// Returns the names of required properties, each with the place that requires it.
    pub(super) fn required(&self) -> Vec<(&'a str, &Pointer)> {
        let atoms = self.atoms.iter().filter(|atom| !atom.relaxed);
        let mut seen = BTreeSet::new();
        atoms
            .flat_map(|atom| {
                let names = atom.keywords.required.iter();
                names.map(|name| (name.as_str(), &atom.pointer))
            })
            .filter(|(name, _)| seen.insert(*name))
            .collect()
    }

    /// Returns the schemas of further properties; `Some` and empty if they can be anything.
    pub(super) fn additional(&self) -> Option<Vec<Part<'a>>> {
        let mut open = false;
        let mut parts = Vec::new();
        for atom in &self.atoms {
            match atom.keywords.additional {
                Some(AdditionalProperties::Any(any)) => open |= any,
                Some(AdditionalProperties::Schema(schema)) => {
                    let at = atom.pointer.child("additionalProperties");
                    parts.push(Part::new(schema.as_ref(), at));
                }
                None => {}
            }
        }
        (open || !parts.is_empty()).then_some(parts)
    }

    /// Whether further properties are forbidden, and nothing else is said of the object.
    pub(super) fn is_closed(&self) -> bool {
        let mut additional = self
            .atoms
            .iter()
            .filter_map(|atom| atom.keywords.additional);
        additional.any(|additional| matches!(additional, AdditionalProperties::Any(false)))
    }

    /// Returns the schemas of the elements.
    pub(super) fn items(&self) -> Vec<Part<'a>> {
        let atoms = self.atoms.iter();
        atoms
            .filter_map(|atom| {
                let items = atom.keywords.items?;
                Some(Part::new(items, atom.pointer.child("items")))
            })
            .collect()
    }

    /// Returns the constants that all of the schemas allow; `None` where none lists any.
    pub(super) fn values(&self) -> Option<Vec<&Value>> {
        let mut lists = self.atoms.iter().map(|atom| &atom.keywords.values);
        let mut values: Vec<_> = lists
            .by_ref()
            .find(|list| !list.is_empty())?
            .iter()
            .collect();
        for list in lists.filter(|list| !list.is_empty()) {
            values.retain(|value| list.contains(value));
        }
        Some(values)
    }

    /// Returns the kind of the values, and the first kind that contradicts it.
    pub(super) fn kind(&self) -> (Option<Kind>, Option<Kind>) {
        let declared = |atom: &Atom<'a>| atom.keywords.kind;
        let implied = |atom: &Atom<'a>| atom.keywords.implied_kind();
        let kinds: Vec<_> = if self.atoms.iter().any(|atom| declared(atom).is_some()) {
            // What is declared outweighs what keywords imply, except where they are all there is.
            let shaped = self.atoms.iter().filter(|atom| atom.keywords.has_shape());
            let kinds = self.atoms.iter().filter_map(declared);
            kinds.chain(shaped.filter_map(implied)).collect()
        } else {
            self.atoms.iter().filter_map(implied).collect()
        };
        let shapes = self
            .atoms
            .iter()
            .filter_map(|atom| atom.keywords.shape_kind());
        let kinds = kinds.into_iter().chain(shapes);
        let kinds = kinds.filter(|kind| *kind != Kind::Null);
        let mut common = None;
        let mut contradicting = None;
        for kind in kinds {
            common = match (common, kind) {
                (None, kind) => Some(kind),
                (Some(Kind::Number), Kind::Integer) | (Some(Kind::Integer), Kind::Number) => {
                    Some(Kind::Integer)
                }
                (Some(common), kind) => {
                    if common != kind {
                        contradicting = contradicting.or(Some(kind));
                    }
                    Some(common)
                }
            };
        }
        let only_null = || {
            let mut atoms = self.atoms.iter();
            atoms
                .any(|atom| implied(atom) == Some(Kind::Null))
                .then_some(Kind::Null)
        };
        (common.or_else(only_null), contradicting)
    }
}

/// By component, whether it allows `null`.
type Nullability<'a> = BTreeMap<&'a str, bool>;

/// Returns the address of a schema in the document: its identity.
pub(super) fn address(schema: &Schema) -> usize {
    std::ptr::from_ref(schema).addr()
}

impl<'a> Lowerer<'a, '_> {
    /// Takes schemas apart into what each says itself. `owner` is the component they define.
    pub(super) fn merge(&mut self, parts: &[Part<'a>], owner: Option<&'a str>) -> Merged<'a> {
        let mut merged = Merged {
            pointer: parts
                .last()
                .map(|part| part.pointer.clone())
                .unwrap_or_default(),
            ..Merged::default()
        };
        let mut entered: BTreeSet<&str> = owner.into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut open: Vec<Part<'_>> = parts.iter().rev().cloned().collect();
        while let Some(part) = open.pop() {
            let (schema, relaxed, own) = match part.source {
                Source::Reference(reference) => {
                    if let Some(component) = self.follow(reference, &part.pointer)
                        && entered.insert(component.name)
                    {
                        open.push(component.part());
                    }
                    continue;
                }
                Source::Component(component) => {
                    if entered.insert(component.name) {
                        open.push(component.part());
                    }
                    continue;
                }
                Source::Schema(schema) => (schema, false, false),
                Source::Own { schema, relaxed } => (schema, relaxed, true),
            };
            if !seen.insert(address(schema)) {
                continue;
            }
            let keywords = Keywords::of(schema);
            if !own {
                let choices = [(keywords.one_of, "oneOf"), (keywords.any_of, "anyOf")];
                for (alternatives, keyword) in choices {
                    let alternatives: Vec<_> =
                        Part::list(alternatives, &part.pointer, keyword).collect();
                    // A base whose alternatives are its own descendants says nothing of one of them.
                    let leads_back = alternatives.iter().any(|part| {
                        let component = self.sole_reference(std::slice::from_ref(part));
                        component.is_some_and(|component| entered.contains(component.name))
                    });
                    if !alternatives.is_empty() && !leads_back {
                        merged.choices.push(Choice {
                            alternatives,
                            discriminator: keywords.data().discriminator.as_ref(),
                            any_of: keyword == "anyOf",
                            pointer: part.pointer.clone(),
                        });
                    }
                }
                open.extend(Part::list(keywords.all_of, &part.pointer, "allOf").rev());
            }
            if let Some(unknown) = keywords.unknown_kind {
                let message = format!("`{unknown}` is no type of OpenAPI; any value is taken");
                self.warn(Code::InvalidPart, &part.pointer.child("type"), message);
            }
            if let Some(condition) = conditions(&keywords.data().extensions).next() {
                let message = format!("what `{condition}` demands of some values isn't generated");
                self.warn(Code::Unsupported, &part.pointer, message);
            }
            merged.atoms.push(Atom {
                keywords,
                pointer: part.pointer,
                relaxed,
            });
        }
        merged
    }

    /// Returns the component that the schemas only wrap: a reference, beside which nothing says what
    /// a value looks like.
    pub(super) fn sole_reference(&self, parts: &[Part<'a>]) -> Option<Component<'a>> {
        let mut found: Option<Component<'a>> = None;
        let mut open: Vec<Source<'_>> = parts.iter().map(|part| part.source).collect();
        while let Some(source) = open.pop() {
            let component = match source {
                Source::Reference(reference) => Some(self.find(reference)?),
                Source::Component(component) => Some(component),
                Source::Schema(_) | Source::Own { .. } => None,
            };
            if let Some(component) = component {
                if found.is_some_and(|found| found.name != component.name) {
                    return None;
                }
                found = Some(component);
            }
            let (Source::Schema(schema) | Source::Own { schema, .. }) = source else {
                continue;
            };
            let keywords = Keywords::of(schema);
            if keywords.has_shape() {
                return None;
            }
            if matches!(source, Source::Own { .. }) {
                continue;
            }
            open.extend(keywords.all_of.iter().map(Source::from));
            for alternatives in [keywords.one_of, keywords.any_of] {
                let mut proper = alternatives
                    .iter()
                    .map(Source::from)
                    .filter(|source| !is_null(*source));
                open.extend(proper.next());
                if proper.next().is_some() {
                    return None;
                }
            }
        }
        found
    }

    /// Whether schemas that hold together allow `null`.
    pub(super) fn is_nullable(&self, parts: &[Part<'a>]) -> bool {
        let sources: Vec<_> = parts.iter().map(|part| part.source).collect();
        self.all_nullable(&sources, &mut BTreeMap::new())
    }

    fn all_nullable(&self, sources: &[Source<'a>], known: &mut Nullability<'a>) -> bool {
        // What only annotates has no say, unless it says `nullable`.
        let says = |source: &Source<'a>| match source {
            Source::Reference(_) | Source::Component(_) => true,
            Source::Schema(schema) | Source::Own { schema, .. } => {
                let keywords = Keywords::of(schema);
                keywords.kind.is_some() || keywords.has_shape() || keywords.composes()
            }
        };
        let (saying, annotating): (Vec<&Source<'a>>, Vec<&Source<'a>>) =
            sources.iter().partition(|one| says(one));
        if annotating
            .iter()
            .any(|source| self.nullable(**source, known))
        {
            return true;
        }
        !saying.is_empty() && saying.iter().all(|source| self.nullable(**source, known))
    }

    fn nullable(&self, source: Source<'a>, known: &mut Nullability<'a>) -> bool {
        let component = match source {
            Source::Reference(reference) => self.find(reference),
            Source::Component(component) => Some(component),
            Source::Schema(_) | Source::Own { .. } => None,
        };
        if let Some(component) = component {
            if let Some(nullable) = known.get(component.name) {
                return *nullable;
            }
            // Of what leads back to itself, nothing more is known on the way.
            known.insert(component.name, false);
            let nullable = self.nullable(Source::from(component.schema), known);
            known.insert(component.name, nullable);
            return nullable;
        }
        let schema = match source {
            Source::Schema(schema) => schema,
            Source::Own { schema, .. } => return Keywords::of(schema).nullable(),
            Source::Reference(_) | Source::Component(_) => return false,
        };
        let keywords = Keywords::of(schema);
        if keywords.nullable() {
            return true;
        }
        if keywords.kind.is_some() && keywords.kind != Some(Kind::Object) || keywords.has_shape() {
            return false;
        }
        let all_of: Vec<_> = keywords.all_of.iter().map(Source::from).collect();
        if !all_of.is_empty() && self.all_nullable(&all_of, known) {
            return true;
        }
        let mut alternatives = keywords
            .one_of
            .iter()
            .chain(keywords.any_of)
            .map(Source::from);
        alternatives.any(|source| is_null(source) || self.nullable(source, known))
    }

    /// Returns what schemas say of themselves in words; what stands behind a reference speaks for
    /// itself. Of several, the last that says something is heard: it overrides.
    pub(super) fn docs(&self, parts: &[Part<'a>]) -> Docs {
        let mut docs = Docs::default();
        let mut open: Vec<Source<'_>> = parts.iter().map(|part| part.source).collect();
        while let Some(source) = open.pop() {
            let (Source::Schema(schema) | Source::Own { schema, .. }) = source else {
                continue;
            };
            let keywords = Keywords::of(schema);
            let data = keywords.data();
            let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
            docs.title = docs.title.or_else(|| said(&data.title));
            docs.description = docs.description.or_else(|| said(&data.description));
            docs.deprecated |= data.deprecated;
            for note in notes(&keywords, self.formats) {
                if !docs.notes.contains(&note) {
                    docs.notes.push(note);
                }
            }
            if matches!(source, Source::Schema(_)) {
                open.extend(keywords.all_of.iter().map(Source::from));
            }
        }
        docs
    }
}

/// Whether an alternative is only there to allow `null`.
pub(super) fn is_null(source: Source<'_>) -> bool {
    match source {
        Source::Reference(_) | Source::Component(_) => false,
        Source::Schema(schema) | Source::Own { schema, .. } => Keywords::of(schema).is_null(),
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower_schemas;
    use crate::diagnostics::Code;

    #[test]
    fn properties_and_required_of_all_parts_hold_together() {
        let lowered = lower_schemas(indoc! {"
            T:
              description: words
              allOf:
              - $ref: '#/components/schemas/Base'
              - {properties: {b: {type: integer}}, required: [a]}
              - {additionalProperties: {type: boolean}}
              required: [b]
            Base: {type: object, properties: {a: {type: string}, z: {type: string}}}
        "});
        assert_eq!(
            lowered.types(),
            "T { a: String, z?: String, b: i64, *: bool }\n"
        );
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn a_property_that_stands_in_several_parts_holds_what_all_allow() {
        let lowered = lower_schemas(indoc! {"
            T:
              allOf:
              - $ref: '#/components/schemas/Base'
              - properties:
                  kind: {enum: [a, b]}
                  inner: {properties: {y: {type: string}}, required: [x]}
                  same: {description: other words}
            Base:
              type: object
              properties:
                kind: {type: string}
                inner: {type: object, properties: {x: {type: string}}}
                same: {$ref: '#/components/schemas/Same'}
            Same: {type: object, properties: {s: {type: string}}}
        "});
        assert_eq!(
            lowered.types(),
            indoc! {r#"
                T { kind?: T.kind, inner?: T.inner, same?: Same }
                T.kind enum "a" "b"
                T.inner { x: String, y?: String }
                Same { s?: String }
            "#}
        );
    }

    #[test]
    fn parts_of_different_kinds_contradict_each_other() {
        let lowered = lower_schemas(indoc! {"
            T: {properties: {a: {allOf: [{type: string}, {type: integer}]}}}
        "});
        assert_eq!(lowered.types(), "T { a?: String }\n");
        let place = "#/components/schemas/T/properties/a".to_owned();
        assert_eq!(lowered.told, [(Code::Contradiction, place)]);
    }

    #[test]
    fn a_property_narrowed_to_a_descendant_is_the_descendant() {
        let lowered = lower_schemas(indoc! {"
            T:
              allOf:
              - {properties: {pet: {$ref: '#/components/schemas/Pet'}}}
              - {properties: {pet: {$ref: '#/components/schemas/Dog'}}}
            Pet: {type: object, properties: {name: {type: string}}}
            Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {bark: {type: string}}}]}
        "});
        assert_eq!(
            lowered.types(),
            "T { pet?: Dog }\nDog { name?: String, bark?: String }\n"
        );
    }

    #[test]
    fn parts_that_extend_what_they_stand_in_end() {
        let lowered = lower_schemas(indoc! {"
            T:
              properties:
                a:
                  allOf: [{$ref: '#/components/schemas/T'}, {properties: {b: {type: string}}}]
        "});
        assert_eq!(
            lowered.types(),
            "T { a?: T.a }\nT.a { a?: Box T.a, b?: String }\n"
        );
    }
}
