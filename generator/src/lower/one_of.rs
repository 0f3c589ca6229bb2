//! `oneOf`, `anyOf` and `discriminator`: schemas of which one holds.

use std::collections::{BTreeMap, VecDeque};

use openapiv3::{Discriminator, OpenAPI, ReferenceOr};

use super::all_of::{Choice, Merged, is_null};
use super::keywords::{Keywords, Kind};
use super::resolve::{Component, Part, Source, key};
use super::schema::{Place, Shape};
use super::{Lowerer, Tags, UnionFacts, enums};
use crate::diagnostics::Code;
use crate::model::{Docs, Enum, Evidence, Role, Scalar, Type, TypeId, TypeKind, Union, Variant};
use crate::pointer::Pointer;

/// A union, its alternatives still to be lowered.
#[derive(Debug)]
pub(super) struct UnionBody<'a> {
    pub(super) alternatives: Vec<Alternative<'a>>,
    pub(super) discriminator: Option<&'a str>,
    pub(super) any_of: bool,
    pub(super) pointer: Pointer,
}

/// One alternative of a union.
#[derive(Debug)]
pub(super) struct Alternative<'a> {
    pub(super) form: Form<'a>,
    tags: Tags,
}

#[derive(Debug)]
pub(super) enum Form<'a> {
    /// Schemas that hold together.
    Parts(Vec<Part<'a>>),
    Enum(Enum),
    Scalar(Scalar),
}

impl Alternative<'_> {
    pub(super) fn unnamed(form: Form<'_>) -> Alternative<'_> {
        Alternative {
            form,
            tags: Tags::default(),
        }
    }
}

/// Returns, by base, the components that extend it by `allOf`, directly.
pub(super) fn descendants(document: &OpenAPI) -> BTreeMap<&str, Vec<&str>> {
    let mut descendants: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let Some(components) = &document.components else {
        return descendants;
    };
    for (name, schema) in &components.schemas {
        let mut open = vec![schema];
        while let Some(schema) = open.pop() {
            let ReferenceOr::Item(schema) = schema else {
                continue;
            };
            for part in Keywords::of(schema).all_of {
                if let ReferenceOr::Reference { reference } = part
                    && let Some(base) = key(reference, "schemas")
                    && let Some((base, _)) = components.schemas.get_key_value(&base)
                {
                    descendants.entry(base).or_default().push(name);
                }
                open.push(part);
            }
        }
    }
    descendants
}

impl<'a> Lowerer<'a, '_> {
    /// Does away with what only looks like a union: alternatives that merely list `required` sets
    /// become notes, a single alternative holds together with the rest.
    pub(super) fn settle_choices(&mut self, merged: &mut Merged<'a>) {
        // A single alternative may bring unions of its own; each round takes one level of the document.
        for _ in 0..32 {
            let mut joined = Vec::new();
            let mut kept = Vec::new();
            for mut choice in std::mem::take(&mut merged.choices) {
                choice.alternatives.retain(|part| !is_null(part.source));
                if choice
                    .alternatives
                    .iter()
                    .all(|part| only_requires(part.source))
                {
                    merged.notes.extend(requirements(&choice));
                } else if choice.alternatives.len() == 1 {
                    joined.append(&mut choice.alternatives);
                } else {
                    kept.push(choice);
                }
            }
            merged.choices = kept;
            if joined.is_empty() {
                return;
            }
            let known: Vec<_> = merged
                .atoms
                .iter()
                .map(|atom| atom.keywords.schema)
                .collect();
            let more = self.merge(&joined, None);
            let new = |schema| !known.iter().any(|known| std::ptr::eq(*known, schema));
            let atoms = more.atoms.into_iter();
            merged
                .atoms
                .extend(atoms.filter(|atom| new(atom.keywords.schema)));
            merged.choices.extend(more.choices);
        }
    }

    /// Returns what schemas with a union among them come to: what stands beside the union holds
    /// together with each alternative.
    pub(super) fn choose(&mut self, merged: Merged<'a>, place: &Place<'a>) -> Shape<'a> {
        let mut base: Vec<Part<'a>> = merged
            .atoms
            .iter()
            .filter(|atom| atom.keywords.has_shape())
            .map(|atom| Part {
                source: Source::Own {
                    schema: atom.keywords.schema,
                    relaxed: atom.relaxed,
                },
                pointer: atom.pointer.clone(),
            })
            .collect();
        let mut choices = merged.choices.into_iter();
        let Some(first) = choices.next() else {
            return Shape::Plain(Type::Any);
        };
        for choice in choices {
            let message = "expected one `oneOf` or `anyOf`, found several that hold together; the \
                           properties of the others become optional";
            self.warn(Code::Unsupported, &choice.pointer, message);
            base.extend(self.relaxed(&choice));
        }
        let discriminator = first
            .discriminator
            .or_else(|| self.inherited_discriminator(&first.alternatives));
        let names = discriminator.map(|discriminator| self.mapping(discriminator, &first.pointer));
        let mut alternatives = Vec::new();
        for part in self.spliced(first.alternatives) {
            let component = self.sole_reference(std::slice::from_ref(&part));
            let tags = match (&names, component) {
                (Some(names), Some(component)) => tags(names, component),
                _ => Tags::default(),
            };
            let parts = base.iter().cloned().chain([part]).collect();
            alternatives.push(Alternative {
                form: Form::Parts(parts),
                tags,
            });
        }
        if let (Some(names), Some(_)) = (&names, first.discriminator) {
            self.check_mapping(names, &alternatives, &first.pointer);
        }
        if base.is_empty() && discriminator.is_none() {
            self.join_scalars(&mut alternatives);
        }
        if alternatives.len() == 1
            && let Some(alternative) = alternatives.pop()
        {
            return match alternative.form {
                Form::Enum(values) => Shape::Enum(values),
                Form::Scalar(scalar) => Shape::Plain(Type::Scalar(scalar)),
                Form::Parts(parts) => match self.sole_reference(&parts) {
                    Some(component) => Shape::Plain(Type::Named(self.named(component))),
                    None => {
                        let merged = self.merge(&parts, None);
                        self.shape(merged, place)
                    }
                },
            };
        }
        Shape::Union(UnionBody {
            alternatives,
            discriminator: discriminator.map(|discriminator| discriminator.property_name.as_str()),
            any_of: first.any_of,
            pointer: first.pointer,
        })
    }

    /// Returns the discriminator that all alternatives inherit from one base.
    fn inherited_discriminator(&self, alternatives: &[Part<'a>]) -> Option<&'a Discriminator> {
        let mut common: Option<&Discriminator> = None;
        for part in alternatives {
            let component = self.sole_reference(std::slice::from_ref(part))?;
            let inherited = self.base_discriminator(component)?;
            if common.is_some_and(|common| !std::ptr::eq(common, inherited)) {
                return None;
            }
            common = Some(inherited);
        }
        common
    }

    /// Returns the discriminator of a component or of the nearest base that it extends.
    fn base_discriminator(&self, component: Component<'a>) -> Option<&'a Discriminator> {
        let mut seen = vec![component.name];
        let mut open = VecDeque::from([Source::Component(component)]);
        while let Some(source) = open.pop_front() {
            let component = match source {
                Source::Reference(reference) => self.find(reference),
                Source::Component(component) => Some(component),
                Source::Schema(schema) | Source::Own { schema, .. } => {
                    let keywords = Keywords::of(schema);
                    if keywords.data().discriminator.is_some() {
                        return keywords.data().discriminator.as_ref();
                    }
                    open.extend(keywords.all_of.iter().map(Source::from));
                    continue;
                }
            };
            let is_first = matches!(source, Source::Component(_));
            if let Some(component) = component
                && (is_first || !seen.contains(&component.name))
            {
                seen.push(component.name);
                open.push_back(Source::from(component.schema));
            }
        }
        None
    }

    /// Returns what the alternatives of a union say, none of it required.
    fn relaxed(&mut self, choice: &Choice<'a>) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        for alternative in &choice.alternatives {
            let merged = self.merge(std::slice::from_ref(alternative), None);
            parts.extend(merged.atoms.into_iter().map(|atom| Part {
                source: Source::Own {
                    schema: atom.keywords.schema,
                    relaxed: true,
                },
                pointer: atom.pointer,
            }));
        }
        parts
    }

    /// Replaces alternatives that are nothing but a union by its alternatives.
    fn spliced(&self, alternatives: Vec<Part<'a>>) -> Vec<Part<'a>> {
        let mut open: Vec<_> = alternatives.into_iter().rev().collect();
        let mut spliced = Vec::new();
        while let Some(part) = open.pop() {
            if let Source::Schema(schema) = part.source
                && schema.schema_data.discriminator.is_none()
                && self.sole_reference(std::slice::from_ref(&part)).is_none()
            {
                let keywords = Keywords::of(schema);
                let inner = [(keywords.one_of, "oneOf"), (keywords.any_of, "anyOf")];
                let bare = !keywords.has_shape() && keywords.all_of.is_empty();
                let mut unions = inner.into_iter().filter(|(list, _)| !list.is_empty());
                if bare && let (Some((list, keyword)), None) = (unions.next(), unions.next()) {
                    let inner = Part::list(list, &part.pointer, keyword).rev();
                    open.extend(inner.filter(|part| !is_null(part.source)));
                    continue;
                }
            }
            spliced.push(part);
        }
        spliced
    }

    /// Joins alternatives that are scalars of one kind: an open enum holds every text, and a number
    /// every integer, so that no value tells them apart.
    fn join_scalars(&mut self, alternatives: &mut Vec<Alternative<'a>>) {
        let mut scalars = Vec::new();
        for (index, alternative) in alternatives.iter().enumerate() {
            let Form::Parts(parts) = &alternative.form else {
                continue;
            };
            let merged = self.merge(parts, None);
            if merged.choices.is_empty()
                && let (Some(kind), None) = merged.kind()
            {
                scalars.push((index, kind, merged));
            }
        }
        let mut gone = Vec::new();
        for family in [
            &[Kind::String][..],
            &[Kind::Integer, Kind::Number],
            &[Kind::Boolean],
        ] {
            let members: Vec<_> = scalars
                .iter()
                .filter(|(_, kind, _)| family.contains(kind))
                .collect();
            let Some(((first, _, _), others)) =
                members.split_first().filter(|(_, more)| !more.is_empty())
            else {
                continue;
            };
            let kind = if members.iter().any(|(_, kind, _)| *kind == Kind::Number) {
                Kind::Number
            } else {
                members[0].1
            };
            let (mut enums, mut owner) = (Vec::new(), None);
            for (index, _, merged) in &members {
                if kind != Kind::Number
                    && let Some(mut values) = self.enumeration(kind, merged)
                {
                    // `oneOf` of constants, each with words of its own, is an enum in long hand.
                    if let ([value], Some(atom)) =
                        (values.values.as_mut_slice(), merged.atoms.first())
                    {
                        let data = atom.keywords.data();
                        value.name = value.name.take().or_else(|| data.title.clone());
                        let words = || data.description.clone();
                        value.description = value.description.take().or_else(words);
                    }
                    enums.push(values);
                    owner = Some(*index);
                }
            }
            let form = match (enums.len(), owner) {
                // The only enum keeps its name.
                (1, Some(owner)) => {
                    std::mem::replace(&mut alternatives[owner].form, Form::Parts(Vec::new()))
                }
                (0, _) => {
                    let mut plains = members
                        .iter()
                        .map(|(_, _, merged)| enums::plain(kind, merged));
                    let first = plains.next().unwrap_or(Scalar::String);
                    Form::Scalar(plains.fold(first, wider))
                }
                _ => Form::Enum(united(enums)),
            };
            alternatives[*first].form = form;
            gone.extend(others.iter().map(|(index, _, _)| *index));
        }
        let mut index = 0;
        alternatives.retain(|_| {
            index += 1;
            !gone.contains(&(index - 1))
        });
    }

    /// Lowers the alternatives of a union.
    pub(super) fn define_union(&mut self, id: TypeId, union: UnionBody<'a>) {
        let mut variants: Vec<Variant> = Vec::new();
        let mut facts = UnionFacts {
            any_of: union.any_of,
            variants: Vec::new(),
        };
        for (index, alternative) in union.alternatives.into_iter().enumerate() {
            let place = Place::Inside(id, Role::Variant(index + 1));
            let at = union.pointer.clone();
            let (ty, docs) = match alternative.form {
                Form::Parts(parts) => self.variant(&parts, &place),
                Form::Scalar(scalar) => (Type::Scalar(scalar), Docs::default()),
                Form::Enum(values) => {
                    let docs = Docs::default();
                    let id = self.define(Shape::Enum(values), docs.clone(), at, &place);
                    (Type::Named(id), docs)
                }
            };
            if let Some(same) = variants.iter().position(|variant| variant.ty == ty) {
                let known: &mut Tags = &mut facts.variants[same];
                known.explicit.extend(alternative.tags.explicit);
                continue;
            }
            variants.push(Variant {
                ty,
                boxed: false,
                evidence: Evidence::default(),
                docs,
            });
            facts.variants.push(alternative.tags);
        }
        if variants.len() == 1
            && union.discriminator.is_none()
            && let Some(only) = variants.pop()
        {
            return self.set(id, TypeKind::Alias(only.ty));
        }
        self.facts.unions.insert(id, facts);
        let union = Union {
            variants,
            discriminator: union.discriminator.map(str::to_owned),
            base: 0,
        };
        self.set(id, TypeKind::Union(union));
    }

    /// Whether a component only gives a base another name: it adds nothing to it, and the base has a
    /// mapping that doesn't know it. Without a mapping, it is a descendant that adds nothing.
    fn renames(&self, name: Component<'a>, base: Component<'a>, mapping: &Mapping<'a>) -> bool {
        let sole = self.sole_reference(&[name.part()]);
        sole.is_some_and(|sole| sole.name == base.name)
            && !mapping.is_empty()
            && !mapping.iter().any(|(_, target)| *target == name.name)
    }

    /// Whether a component is a descendant that adds nothing to its base.
    pub(super) fn is_bare_descendant(
        &mut self,
        component: Component<'a>,
        base: Component<'a>,
    ) -> bool {
        let extends = self.descendants.get(base.name);
        let ReferenceOr::Item(schema) = base.schema else {
            return false;
        };
        let Some(discriminator) = schema.schema_data.discriminator.as_ref() else {
            return false;
        };
        if !extends.is_some_and(|names| names.contains(&component.name)) {
            return false;
        }
        let mapping = self.mapping(discriminator, &base.pointer());
        !self.renames(component, base, &mapping)
    }

    fn variant(&mut self, parts: &[Part<'a>], place: &Place<'a>) -> (Type, Docs) {
        let ty = self.parts(parts, place);
        let mut docs = Self::docs(parts);
        let merged = self.merge(parts, None);
        self.add_value_notes(&merged, &ty, &mut docs);
        (ty, docs)
    }

    /// Returns the union of a base and what extends it, if the component is a base: it has a
    /// discriminator, and other components extend it by `allOf` (OpenAPI 3.0 §4.7.25).
    pub(super) fn hierarchy(&mut self, component: Component<'a>) -> Option<UnionBody<'a>> {
        let ReferenceOr::Item(schema) = component.schema else {
            return None;
        };
        let keywords = Keywords::of(schema);
        let discriminator = keywords.data().discriminator.as_ref()?;
        if !keywords.one_of.is_empty() || !keywords.any_of.is_empty() {
            return None;
        }
        let at = component.pointer();
        let mut names = vec![component.name];
        let mut next = 0;
        while let Some(name) = names.get(next) {
            for descendant in self.descendants.get(name).into_iter().flatten() {
                if !names.contains(descendant) {
                    names.push(descendant);
                }
            }
            next += 1;
        }
        let mapping = self.mapping(discriminator, &at);
        let is_alias = |name: &&str| {
            let descendant = self.component(name);
            descendant.is_some_and(|descendant| self.renames(descendant, component, &mapping))
        };
        names.retain(|name| !is_alias(name));
        if names.len() == 1 {
            return None;
        }
        let is_base = |name: &str| {
            self.descendants
                .values()
                .flatten()
                .any(|known| *known == name)
        };
        let concrete =
            is_base(component.name) || mapping.iter().any(|(_, target)| *target == component.name);
        let mut alternatives = Vec::new();
        for name in names {
            let Some(descendant) = self.component(name) else {
                continue;
            };
            let is_self = name == component.name;
            if is_self && !concrete {
                continue;
            }
            let part = if is_self {
                Part::new(Source::Schema(schema), at.clone())
            } else {
                Part::new(Source::Component(descendant), descendant.pointer())
            };
            alternatives.push(Alternative {
                form: Form::Parts(vec![part]),
                tags: tags(&mapping, descendant),
            });
        }
        Some(UnionBody {
            alternatives,
            discriminator: Some(&discriminator.property_name),
            any_of: false,
            pointer: at,
        })
    }

    /// Returns the mapping of a discriminator: its values and the components they stand for.
    fn mapping(&mut self, discriminator: &'a Discriminator, at: &Pointer) -> Mapping<'a> {
        let mut mapping = Vec::new();
        for (value, target) in &discriminator.mapping {
            match self.target(target) {
                Some(name) => mapping.push((value.as_str(), name)),
                None => {
                    let at = at.child("discriminator").child("mapping").child(value);
                    let message = format!("no schema stands at `{target}`; left out");
                    self.warn(Code::UnresolvedReference, &at, message);
                }
            }
        }
        mapping
    }

    /// Returns the component that a mapping names: by reference, by its bare name, or by the name of
    /// a file that was bundled.
    fn target(&self, target: &str) -> Option<&'a str> {
        let component = self.find(target).or_else(|| self.component(target));
        let component = component.or_else(|| {
            let file = target.rsplit(['/', '#']).next()?;
            let stem = file.split('.').next()?;
            self.component(file).or_else(|| self.component(stem))
        });
        component.map(|component| component.name)
    }

    fn check_mapping(
        &mut self,
        mapping: &Mapping<'a>,
        alternatives: &[Alternative<'a>],
        at: &Pointer,
    ) {
        for (value, target) in mapping {
            let known = alternatives
                .iter()
                .any(|alternative| alternative.tags.explicit.iter().any(|tag| tag == value));
            if !known {
                let at = at.child("discriminator").child("mapping").child(*value);
                let message = format!("`{target}` is none of the alternatives; left out");
                self.warn(Code::Contradiction, &at, message);
            }
        }
    }
}

/// The values of a discriminator and the components they stand for.
type Mapping<'a> = Vec<(&'a str, &'a str)>;

/// Returns the discriminator values of a component: those that are mapped to it, or its name.
fn tags(mapping: &Mapping<'_>, component: Component<'_>) -> Tags {
    let mapped = mapping
        .iter()
        .filter(|(_, target)| *target == component.name);
    let mut explicit: Vec<_> = mapped.map(|(value, _)| (*value).to_owned()).collect();
    if explicit.is_empty()
        && let ReferenceOr::Item(schema) = component.schema
    {
        let extensions = &schema.schema_data.extensions;
        let given = ["x-discriminator-value", "x-ms-discriminator-value"]
            .iter()
            .find_map(|name| extensions.get(*name)?.as_str());
        explicit.extend(given.map(str::to_owned));
    }
    Tags {
        explicit,
        implicit: Some(component.name.to_owned()),
    }
}

/// Whether an alternative only lists properties that must be there, or excludes values.
fn only_requires(source: Source<'_>) -> bool {
    let Source::Schema(schema) = source else {
        return false;
    };
    let keywords = Keywords::of(schema);
    let plain = matches!(keywords.kind, None | Some(Kind::Object))
        && keywords.properties.is_none()
        && keywords.additional.is_none()
        && keywords.items.is_none()
        && keywords.values.is_empty();
    let mut inner = [keywords.all_of, keywords.one_of, keywords.any_of]
        .into_iter()
        .flatten();
    let demands = !keywords.required.is_empty() || keywords.not.is_some() || keywords.composes();
    plain && demands && inner.all(|schema| only_requires(Source::from(schema)))
}

/// Returns the note of alternatives that only list `required` sets.
fn requirements(choice: &Choice<'_>) -> Option<String> {
    let sets: Vec<String> = choice
        .alternatives
        .iter()
        .filter_map(|part| match part.source {
            Source::Schema(schema) => Some(Keywords::of(schema).required),
            _ => None,
        })
        .filter(|required| !required.is_empty())
        .map(|required| {
            let names: Vec<_> = required.iter().map(|name| format!("`{name}`")).collect();
            names.join(" and ")
        })
        .collect();
    let quantity = if choice.any_of {
        "at least one"
    } else {
        "exactly one"
    };
    (!sets.is_empty()).then(|| format!("{quantity} of: {}", sets.join("; ")))
}

/// Returns the constants of several enums, each once.
fn united(enums: Vec<Enum>) -> Enum {
    let mut values: Vec<crate::model::EnumValue> = Vec::new();
    for value in enums.into_iter().flat_map(|values| values.values) {
        if !values.iter().any(|known| known.value == value.value) {
            values.push(value);
        }
    }
    Enum { values }
}

/// Returns the scalar that holds the values of both.
fn wider(one: Scalar, other: Scalar) -> Scalar {
    match (one, other) {
        (one, other) if one == other => one,
        (Scalar::F64 | Scalar::F32, _) | (_, Scalar::F64 | Scalar::F32) => Scalar::F64,
        (Scalar::String, _) | (_, Scalar::String) => Scalar::String,
        (Scalar::U64, Scalar::U32) | (Scalar::U32, Scalar::U64) => Scalar::U64,
        _ => Scalar::I64,
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower_schemas;
    use crate::diagnostics::Code;

    const SHAPES: &str = indoc! {"
        Circle: {type: object, required: [kind, r], properties: {kind: {type: string}, r: {type: number}}}
        Square: {type: object, required: [kind, a], properties: {kind: {type: string}, a: {type: number}}}
    "};

    #[test]
    fn a_discriminator_maps_by_reference_by_name_and_by_default() {
        let lowered = lower_schemas(&format!(
            "{}{SHAPES}Third: {{type: object, properties: {{c: {{type: number}}}}}}\n",
            indoc! {"
                T:
                  oneOf:
                  - $ref: '#/components/schemas/Circle'
                  - $ref: '#/components/schemas/Square'
                  - $ref: '#/components/schemas/Third'
                  discriminator:
                    propertyName: kind
                    mapping: {round: '#/components/schemas/Circle', o: Circle, box: Square}
            "}
        ));
        assert_eq!(
            lowered.types().lines().next(),
            Some("T | round/o: Circle | box: Square | Third: Third by kind")
        );
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn a_mapping_to_nothing_is_told() {
        let lowered = lower_schemas(&format!(
            "{}{SHAPES}",
            indoc! {"
                T:
                  oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/T2'}]
                  discriminator: {propertyName: kind, mapping: {gone: Gone, square: Square}}
                T2: {type: object, properties: {kind: {type: string}}}
            "}
        ));
        let codes: Vec<_> = lowered.told.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, [Code::UnresolvedReference, Code::Contradiction]);
    }

    #[test]
    fn a_base_with_a_discriminator_is_the_union_of_its_descendants() {
        let lowered = lower_schemas(indoc! {"
            T: {type: array, items: {$ref: '#/components/schemas/Pet'}}
            Pet:
              type: object
              required: [petType]
              properties: {petType: {type: string}}
              discriminator: {propertyName: petType, mapping: {dog: '#/components/schemas/Dog'}}
            Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {bark: {type: string}}}]}
            Cat: {allOf: [{$ref: '#/components/schemas/Pet'}]}
            Puppy: {allOf: [{$ref: '#/components/schemas/Dog'}, {properties: {age: {type: integer}}}]}
        "});
        assert_eq!(
            lowered.types(),
            indoc! {"
                T = [Pet]
                Pet | dog: Dog | Puppy: Puppy by petType
                Dog { petType: String, bark?: String }
                Puppy { petType: String, bark?: String, age?: i64 }
            "}
        );
    }

    #[test]
    fn a_descendant_that_adds_nothing_is_one_all_the_same() {
        let lowered = lower_schemas(indoc! {"
            Pet:
              type: object
              properties: {petType: {type: string}}
              discriminator: {propertyName: petType}
            Dog: {allOf: [{$ref: '#/components/schemas/Pet'}]}
        "});
        assert_eq!(
            lowered.types(),
            "Pet | Dog: Dog by petType\nDog { petType?: String }\n"
        );
    }

    #[test]
    fn properties_beside_a_union_hold_for_every_alternative() {
        let lowered = lower_schemas(indoc! {"
            T:
              type: object
              properties: {id: {type: string}}
              required: [id]
              oneOf:
              - {properties: {a: {type: string}}, required: [a]}
              - {properties: {b: {type: string}}, required: [b]}
        "});
        assert_eq!(
            lowered.types(),
            indoc! {"
                T | T.1 | T.2
                T.1 { id: String, a: String }
                T.2 { id: String, b: String }
            "}
        );
    }

    #[test]
    fn a_base_that_lists_its_own_descendants_is_not_merged_with_them_twice() {
        let lowered = lower_schemas(indoc! {"
            T:
              type: object
              properties: {kind: {type: string}}
              oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]
              discriminator: {propertyName: kind}
            A: {allOf: [{$ref: '#/components/schemas/T'}, {properties: {a: {type: string}}}]}
            B: {allOf: [{$ref: '#/components/schemas/T'}, {properties: {b: {type: string}}}]}
        "});
        assert_eq!(
            lowered.types(),
            indoc! {"
                T | A: A | B: B by kind
                A { kind?: String, a?: String }
                B { kind?: String, b?: String }
            "}
        );
    }

    #[test]
    fn an_enum_or_any_string_is_one_open_enum() {
        let lowered = lower_schemas(indoc! {"
            T: {anyOf: [{type: string, enum: [A, B]}, {type: string, description: for extension}]}
        "});
        assert_eq!(lowered.types(), "T enum \"A\" \"B\"\n");
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn constants_in_long_hand_are_an_enum() {
        let lowered = lower_schemas(indoc! {"
            T: {oneOf: [{type: string, enum: [A], description: first}, {type: string, enum: [B]}]}
        "});
        assert_eq!(lowered.types(), "T enum \"A\" \"B\"\n");
    }

    #[test]
    fn the_only_enum_among_strings_keeps_its_name() {
        let lowered = lower_schemas(indoc! {"
            T: {properties: {a: {anyOf: [{type: string}, {$ref: '#/components/schemas/E'}]}}}
            E: {type: string, enum: [A, B]}
        "});
        assert_eq!(lowered.types(), "T { a?: E }\nE enum \"A\" \"B\"\n");
    }

    #[test]
    fn a_null_alternative_makes_the_rest_nullable() {
        let lowered = lower_schemas(indoc! {"
            T:
              required: [a, b]
              properties:
                a: {anyOf: [{type: string}, {nullable: true, enum: [null]}]}
                b: {oneOf: [{type: string}, {type: integer, nullable: true}]}
        "});
        assert_eq!(
            lowered.types(),
            "T { a~: String, b~: T.b }\nT.b | String | i64\n"
        );
    }

    #[test]
    fn alternatives_that_only_require_leave_the_object() {
        let lowered = lower_schemas(indoc! {"
            T:
              type: object
              properties: {a: {type: string}, b: {type: string}}
              anyOf: [{required: [a]}, {required: [b]}]
        "});
        assert_eq!(lowered.types(), "T { a?: String, b?: String }\n");
        assert_eq!(
            lowered.api.types[0].docs.notes,
            ["at least one of: `a`; `b`"]
        );
    }

    #[test]
    fn nested_unions_are_one() {
        let lowered = lower_schemas(indoc! {"
            T: {oneOf: [{type: boolean}, {anyOf: [{type: integer}, {type: number}, {type: string}]}]}
        "});
        assert_eq!(lowered.types(), "T | bool | f64 | String\n");
    }
}
