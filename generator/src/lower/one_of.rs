//! `oneOf`, `anyOf` and `discriminator`: schemas of which one holds.

use super::all_of::{Choice, Merged, is_null};
use super::discriminator::tags;
use super::keywords::{Keywords, Kind};
use super::resolve::{Part, Source};
use super::schema::{Place, Shape};
use super::{Lowerer, Tags, UnionFacts};
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
    pub(super) tags: Tags,
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

impl<'a> Lowerer<'a, '_> {
    /// Does away with what only looks like a union: alternatives that merely list `required` sets
    /// become notes, a single alternative holds together with the rest.
    pub(super) fn settle_choices(&mut self, merged: &mut Merged<'a>) {
        let mut settled: Vec<(Pointer, bool)> = Vec::new();
        // A single alternative may bring unions of its own; each round takes one level of the document.
        for _ in 0..32 {
            let mut joined = Vec::new();
            let mut kept = Vec::new();
            for mut choice in std::mem::take(&mut merged.choices) {
                choice.alternatives.retain(|part| !is_null(part.source));
                if !self.keep_possible(merged, &mut choice.alternatives) {
                    continue;
                }
                if choice
                    .alternatives
                    .iter()
                    .all(|part| only_requires(part.source))
                {
                    merged.notes.extend(requirements(&choice));
                } else if choice.alternatives.len() == 1 {
                    // One that leads back to its own union says nothing more.
                    let key = (choice.pointer, choice.any_of);
                    if !settled.contains(&key) {
                        settled.push(key);
                        joined.append(&mut choice.alternatives);
                    }
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

    /// Drops alternatives whose constants are none of those that hold beside the union: a property
    /// that narrows a union to some of its values. Returns whether there is a union still; where none
    /// of the alternatives is left, all contradict, which is told.
    fn keep_possible(&mut self, beside: &Merged<'a>, alternatives: &mut Vec<Part<'a>>) -> bool {
        let Some(listed) = beside.values() else {
            return true;
        };
        let mut possible = Vec::new();
        let mut are_constants = true;
        for part in alternatives.iter() {
            let own = self.merge(std::slice::from_ref(part), None);
            let values = own.values();
            are_constants &= values.is_some();
            if values.is_none_or(|values| values.iter().any(|value| listed.contains(value))) {
                possible.push(part.clone());
            }
        }
        if possible.is_empty() {
            return true;
        }
        *alternatives = possible;
        !are_constants
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
                Form::Parts(parts) => {
                    if let Some(component) = self.sole_reference(&parts) {
                        return Shape::Plain(Type::Named(self.named(component)));
                    }
                    let merged = self.merge(&parts, None);
                    self.shape(merged, place)
                }
            };
        }
        Shape::Union(UnionBody {
            alternatives,
            discriminator: discriminator.map(|discriminator| discriminator.property_name.as_str()),
            any_of: first.any_of,
            pointer: first.pointer,
        })
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

    fn variant(&mut self, parts: &[Part<'a>], place: &Place<'a>) -> (Type, Docs) {
        let ty = self.parts(parts, place);
        let mut docs = self.docs(parts);
        let merged = self.merge(parts, None);
        self.add_value_notes(&merged, &ty, &mut docs);
        (ty, docs)
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

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower_schemas;
    use crate::diagnostics::Code;

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
    fn a_single_alternative_that_leads_back_to_its_union_says_nothing_more() {
        let lowered = lower_schemas(indoc! {"
            T: {anyOf: [{allOf: [{type: string, enum: [a, b]}, {$ref: '#/components/schemas/T'}]}]}
        "});
        assert_eq!(lowered.types(), "T enum \"a\" \"b\"\n");
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

    #[test]
    fn a_union_that_is_narrowed_has_only_what_is_left() {
        let lowered = lower_schemas(indoc! {"
            T:
              properties:
                one: {type: integer, enum: [2], allOf: [{$ref: '#/components/schemas/Kind'}]}
                two: {type: integer, enum: [2, 3], allOf: [{$ref: '#/components/schemas/Kind'}]}
                none: {type: integer, enum: [9], allOf: [{$ref: '#/components/schemas/Kind'}]}
            Kind: {type: integer, oneOf: [{enum: [1]}, {enum: [2]}, {enum: [3]}]}
        "});
        assert!(
            lowered
                .types()
                .starts_with("T { one?: i64, two?: T.two, none?: "),
            "{}",
            lowered.types()
        );
        // Only `none` contradicts its union.
        let contradicting = |(code, place): &(Code, String)| {
            *code == Code::Contradiction && place.contains("/Kind/oneOf/")
        };
        assert!(lowered.told.iter().all(contradicting), "{:?}", lowered.told);
    }
}
