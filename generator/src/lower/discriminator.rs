//! `discriminator`: which value of a property stands for which component, and the hierarchies of
//! components that extend a base which has one (OpenAPI 3.0 §4.7.25).

use std::collections::{BTreeMap, VecDeque};

use openapiv3::{Components, Discriminator, ReferenceOr};

use super::keywords::Keywords;
use super::one_of::{Alternative, Form, UnionBody};
use super::resolve::{Component, Part, Source, key};
use super::{Lowerer, Tags};
use crate::diagnostics::Code;
use crate::model::{Type, TypeId, TypeKind, Union, Variant};
use crate::pointer::Pointer;

/// The values of a discriminator and the components they stand for.
pub(super) type Mapping<'a> = Vec<(&'a str, &'a str)>;

/// Returns, by base, the components that extend it by `allOf`, directly.
pub(super) fn descendants(components: &Components) -> BTreeMap<&str, Vec<&str>> {
    let mut descendants: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
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
    /// Returns the discriminator that all alternatives inherit from one base.
    pub(super) fn inherited_discriminator(
        &self,
        alternatives: &[Part<'a>],
    ) -> Option<&'a Discriminator> {
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

    /// Returns the mapping of a discriminator: its values and the components they stand for.
    pub(super) fn mapping(
        &mut self,
        discriminator: &'a Discriminator,
        at: &Pointer,
    ) -> Mapping<'a> {
        let mut mapping = Vec::new();
        for (value, target) in &discriminator.mapping {
            if let Some(name) = self.target(target) {
                mapping.push((value.as_str(), name));
            } else {
                let at = at.child("discriminator").child("mapping").child(value);
                let message = format!("no schema stands at `{target}`; left out");
                self.warn(Code::UnresolvedReference, &at, message);
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

    pub(super) fn check_mapping(
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

    /// Tells of objects that lack the property of their discriminator (OpenAPI 3.0 §4.7.25: it is
    /// required). It is written all the same.
    pub(super) fn check_tags(&mut self, id: TypeId, kind: &TypeKind) {
        let TypeKind::Union(Union {
            variants,
            discriminator: Some(property),
            ..
        }) = kind
        else {
            return;
        };
        let lacks = |variant: &&Variant| {
            let Type::Named(id) = self.api.resolved(&variant.ty) else {
                return false;
            };
            match &self.api.ty(*id).kind {
                TypeKind::Struct(object) => {
                    object.fields.iter().all(|field| field.name != *property)
                }
                _ => false,
            }
        };
        let number = variants.iter().filter(lacks).count();
        if number > 0 {
            let at = self.api.ty(id).pointer.child("discriminator");
            let message = format!(
                "{number} of {} alternatives lack the property `{property}` of the discriminator; it is \
                 written with their values",
                variants.len()
            );
            let hint = "declare the property, required, in each of them";
            self.warn_with_hint(Code::Mended, &at, message, hint);
        }
    }
}

/// Returns the discriminator values of a component: those that are mapped to it, or its name.
pub(super) fn tags(mapping: &Mapping<'_>, component: Component<'_>) -> Tags {
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
        // `Third` has no `kind`, which is written with it.
        let place = "#/components/schemas/T/discriminator".to_owned();
        assert_eq!(lowered.told, [(Code::Mended, place)]);
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
}
