//! The second look at unions, when every type is known: discriminator values, evidence, and what
//! becomes of alternatives that nothing tells apart.
//!
//! - Arrays become one array whose elements are a union; maps likewise. Nothing is lost.
//! - Objects become one object with the properties of all. For `anyOf`, that is done already where
//!   only optional properties differ: a value may be of several alternatives at once.
//! - Anything else becomes any value.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::evidence::{Distinction, distinction, evidence};
use super::join::Joiner;
use super::{Lowerer, Tags, UnionFacts};
use crate::diagnostics::Code;
use crate::model::{
    Docs, Evidence, JsonKind, Naming, Role, Type, TypeId, TypeKind, Union, Variant,
};

impl Lowerer<'_, '_> {
    /// Settles every union.
    pub(super) fn settle_unions(&mut self) {
        let mut open: VecDeque<TypeId> = self.facts.unions.keys().copied().collect();
        let mut made = BTreeMap::new();
        while let Some(id) = open.pop_front() {
            let TypeKind::Union(union) = &mut self.api.types[id.index()].kind else {
                continue;
            };
            let mut variants = std::mem::take(&mut union.variants);
            let discriminator = union.discriminator.clone();
            let mut facts = self.facts.unions.get(&id).cloned().unwrap_or_default();
            self.drop_cycles(id, &mut variants, &mut facts);
            let kind = match discriminator {
                Some(property) => {
                    let kind = self.tagged(id, property, variants, &facts);
                    self.check_tags(id, &kind);
                    kind
                }
                None => {
                    if let Some(property) = self.common_tag(&variants) {
                        self.tagged(id, property, variants, &facts)
                    } else {
                        let any_of = facts.any_of;
                        let mut kind = self.untagged(id, variants, any_of, &mut made, &mut open);
                        if let TypeKind::Union(union) = &mut kind {
                            self.tag(union);
                        }
                        kind
                    }
                }
            };
            self.set(id, kind);
        }
        self.collect_evidence();
    }

    /// Leaves out variants that are the union itself, by way of aliases or of other unions: choosing
    /// one would begin all over.
    fn drop_cycles(&mut self, id: TypeId, variants: &mut Vec<Variant>, facts: &mut UnionFacts) {
        let mut index = 0;
        while let Some(variant) = variants.get(index) {
            if self.leads_to(&variant.ty, id) {
                variants.remove(index);
                if index < facts.variants.len() {
                    facts.variants.remove(index);
                }
                let at = self.api.ty(id).pointer.clone();
                let message = "an alternative that is the union itself says nothing; left out";
                self.warn(Code::ReferenceCycle, &at, message);
            } else {
                index += 1;
            }
        }
    }

    /// Whether a type is a union, or one of the unions it is made of.
    fn leads_to(&self, ty: &Type, union: TypeId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![ty];
        while let Some(ty) = open.pop() {
            let Type::Named(id) = self.api.resolved(ty) else {
                continue;
            };
            if *id == union {
                return true;
            }
            if seen.insert(*id)
                && let TypeKind::Union(inner) = &self.api.ty(*id).kind
            {
                open.extend(inner.variants.iter().map(|variant| &variant.ty));
            }
        }
        false
    }

    /// Gives every variant its discriminator values: those of the mapping, the constants of the
    /// property, or the name of its component.
    fn tagged(
        &mut self,
        id: TypeId,
        property: String,
        mut variants: Vec<Variant>,
        facts: &UnionFacts,
    ) -> TypeKind {
        let constants: Vec<_> = variants
            .iter()
            .map(|variant| self.constants(&variant.ty, &property))
            .collect();
        let mut taken = BTreeSet::new();
        let mut untold = Vec::new();
        for (index, variant) in variants.iter_mut().enumerate() {
            let tags = facts.variants.get(index).cloned().unwrap_or_default();
            let others = constants
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index);
            let shared = others.flat_map(|(_, constants)| constants);
            let mut tags = choose_tags(tags, &constants[index], &shared.collect::<Vec<_>>());
            let before = tags.len();
            tags.retain(|tag| taken.insert(tag.clone()));
            if tags.is_empty() {
                untold.push((index, before));
            }
            variant.evidence.tags = tags;
        }
        let at = self.api.ty(id).pointer.clone();
        let has_untold = !untold.is_empty();
        for (index, before) in untold {
            let reason = if before == 0 {
                "no value"
            } else {
                "only values of others"
            };
            let message = format!(
                "alternative {} has {reason} of the discriminator `{property}`; the alternatives \
                 are told apart by their shape",
                index + 1
            );
            self.warn(Code::AmbiguousUnion, &at.child("discriminator"), message);
        }
        let discriminator = if has_untold {
            for variant in &mut variants {
                variant.evidence.tags.clear();
            }
            None
        } else {
            Some(property)
        };
        if variants.is_empty() {
            return TypeKind::Alias(Type::Any);
        }
        TypeKind::Union(Union {
            variants,
            discriminator,
            base: 0,
        })
    }

    /// Returns the property that tells the variants apart as a discriminator does: every one requires
    /// it, and has constants of its own for it.
    fn common_tag(&self, variants: &[Variant]) -> Option<String> {
        let evidence: Vec<_> = variants
            .iter()
            .map(|variant| evidence(&self.api, &self.facts, &variant.ty))
            .collect();
        let (first, others) = evidence
            .split_first()
            .filter(|(_, others)| !others.is_empty())?;
        let candidates = first.constants.iter().map(|(name, _)| name);
        let tells = |name: &&String| {
            let mut seen = BTreeSet::new();
            std::iter::once(first).chain(others).all(|evidence| {
                let constants = evidence.constants.iter().find(|(known, _)| known == *name);
                let mut values = constants.into_iter().flat_map(|(_, values)| values);
                let own = values.all(|value| value.as_str().is_some_and(|text| seen.insert(text)));
                constants.is_some()
                    && own
                    && evidence.required.contains(*name)
                    && evidence.kinds == [JsonKind::Object]
            })
        };
        let mut candidates = candidates.filter(tells);
        candidates.next().cloned()
    }

    /// Makes a discriminator of a property of which every variant requires a text. Where several
    /// require the same, their shape decides among them.
    fn tag(&self, union: &mut Union) {
        let evidence = union
            .variants
            .iter()
            .map(|variant| evidence(&self.api, &self.facts, &variant.ty));
        let evidence: Vec<_> = evidence.collect();
        let Some(first) = evidence.first() else {
            return;
        };
        let required = |evidence: &Evidence, name: &str| {
            let constants = evidence.constants.iter().find(|(known, _)| known == name)?;
            let [Value::String(text)] = constants.1.as_slice() else {
                return None;
            };
            let is_required = evidence.required.iter().any(|required| required == name);
            (is_required && evidence.kinds == [JsonKind::Object]).then(|| text.clone())
        };
        let candidates = first.constants.iter().filter_map(|(name, _)| {
            let tags = evidence.iter().map(|evidence| required(evidence, name));
            let tags: Vec<_> = tags.collect::<Option<_>>()?;
            let count = tags.iter().collect::<BTreeSet<_>>().len();
            (count > 1).then_some((count, name, tags))
        });
        // The first of those that tell most variants apart.
        let Some((_, property, tags)) = candidates.rev().max_by_key(|(count, ..)| *count) else {
            return;
        };
        for (variant, tag) in union.variants.iter_mut().zip(tags) {
            variant.evidence.tags = vec![tag];
        }
        union.discriminator = Some(property.clone());
    }

    /// Returns the texts that a property of an object can be, where it has few.
    fn constants(&self, ty: &Type, property: &str) -> Vec<String> {
        let evidence = evidence(&self.api, &self.facts, ty);
        let mut constants = evidence.constants.into_iter();
        let found = constants.find(|(name, _)| name == property);
        let values = found.map(|(_, values)| values).unwrap_or_default();
        values
            .iter()
            .map(|value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
            .collect()
    }

    /// Joins variants that nothing tells apart.
    fn untagged(
        &mut self,
        id: TypeId,
        mut variants: Vec<Variant>,
        any_of: bool,
        made: &mut BTreeMap<Vec<Type>, TypeId>,
        open: &mut VecDeque<TypeId>,
    ) -> TypeKind {
        let mut key: Vec<_> = variants.iter().map(|variant| variant.ty.clone()).collect();
        key.sort();
        made.entry(key).or_insert(id);
        let look = |lowerer: &Self, ty: &Type| evidence(&lowerer.api, &lowerer.facts, ty);
        let mut known: Vec<_> = variants
            .iter()
            .map(|variant| look(self, &variant.ty))
            .collect();
        let mut first = 0;
        'all: while first < variants.len() {
            let mut second = first + 1;
            while second < variants.len() {
                let one = &variants[first];
                let evidence = (&known[first], &known[second]);
                let joined = match self.compare(&one.ty, &variants[second].ty, evidence, any_of) {
                    Comparison::Distinct => {
                        second += 1;
                        continue;
                    }
                    Comparison::Same => one.ty.clone(),
                    Comparison::Overlapping(ambiguous) => {
                        let other = variants[second].ty.clone();
                        if ambiguous {
                            let at = self.api.ty(id).pointer.clone();
                            let message = "neither required properties nor constants tell some of \
                                           the alternatives apart; they are generated as one type \
                                           that holds either";
                            let hint = "add a `discriminator`, or make required what differs";
                            self.warn_with_hint(Code::AmbiguousUnion, &at, message, hint);
                        }
                        let mut joiner = Joiner {
                            parent: id,
                            any_of,
                            made,
                            open,
                        };
                        self.join(&mut joiner, &one.ty, &other, Role::Variant(first + 1))
                    }
                };
                if joined != variants[first].ty {
                    variants[first].docs = Docs::default();
                }
                known[first] = look(self, &joined);
                known.remove(second);
                variants[first].ty = joined;
                variants.remove(second);
                // What is joined has less of its own: it may be like one that was compared before.
                first = 0;
                continue 'all;
            }
            first += 1;
        }
        if variants.len() < 2 {
            return match variants.pop() {
                Some(only) => self.only(id, only.ty),
                None => TypeKind::Alias(Type::Any),
            };
        }
        TypeKind::Union(Union {
            variants,
            discriminator: None,
            base: 0,
        })
    }

    /// Returns what a union of one variant is: the variant itself, if it was joined for it.
    fn only(&mut self, id: TypeId, ty: Type) -> TypeKind {
        let Type::Named(joined) = ty else {
            return TypeKind::Alias(ty);
        };
        let def = self.api.ty(joined);
        let (Naming::Inside { parent, .. }, TypeKind::Struct(object)) = (&def.naming, &def.kind)
        else {
            return TypeKind::Alias(ty);
        };
        if *parent != id {
            return TypeKind::Alias(ty);
        }
        let object = object.clone();
        for field in &object.fields {
            let facts = self.facts.fields.remove(&(joined, field.name.clone()));
            let key = (id, field.name.clone());
            self.facts.fields.insert(key, facts.unwrap_or_default());
        }
        self.set(joined, TypeKind::Alias(Type::Named(id)));
        TypeKind::Struct(object)
    }

    fn compare(
        &self,
        one: &Type,
        other: &Type,
        evidence: (&Evidence, &Evidence),
        any_of: bool,
    ) -> Comparison {
        let (plain, other_plain) = (self.api.resolved(one), self.api.resolved(other));
        if plain == other_plain {
            return Comparison::Same;
        }
        let joinable = |ty: &Type| match ty {
            Type::Array(_) | Type::Map(_) => true,
            Type::Named(id) => matches!(self.api.ty(*id).kind, TypeKind::Struct(_)),
            _ => false,
        };
        match distinction(evidence.0, evidence.1) {
            Distinction::None => {
                let harmless = matches!(
                    (plain, other_plain),
                    (Type::Array(_), Type::Array(_)) | (Type::Map(_), Type::Map(_))
                );
                Comparison::Overlapping(!harmless)
            }
            Distinction::Optional if any_of && joinable(plain) && joinable(other_plain) => {
                Comparison::Overlapping(false)
            }
            _ => Comparison::Distinct,
        }
    }

    /// Gives every variant its evidence; the discriminator values stay.
    fn collect_evidence(&mut self) {
        let mut found = Vec::new();
        for (id, def) in self.api.types() {
            if let TypeKind::Union(union) = &def.kind {
                for (index, variant) in union.variants.iter().enumerate() {
                    let evidence = evidence(&self.api, &self.facts, &variant.ty);
                    found.push((id, index, evidence));
                }
            }
        }
        for (id, index, evidence) in found {
            if let TypeKind::Union(union) = &mut self.api.types[id.index()].kind {
                let known = &mut union.variants[index].evidence;
                let tags = std::mem::take(&mut known.tags);
                *known = Evidence { tags, ..evidence };
            }
        }
    }
}

enum Comparison {
    Distinct,
    Same,
    /// A value can be of both; whether the user must be told.
    Overlapping(bool),
}

/// Returns the discriminator values of a variant. `constants` are those of the property in it,
/// `shared` those in the other variants.
fn choose_tags(tags: Tags, constants: &[String], shared: &[&String]) -> Vec<String> {
    if !tags.explicit.is_empty() {
        return tags.explicit;
    }
    let own = constants
        .iter()
        .filter(|constant| !shared.contains(constant));
    let own: Vec<_> = own.cloned().collect();
    if !own.is_empty() && own.len() == constants.len() {
        return own;
    }
    let Some(implicit) = tags.implicit else {
        return own;
    };
    // Constants that all variants share are the values there are: the name is one of them, if only
    // in another case.
    let spelled = constants
        .iter()
        .find(|constant| constant.eq_ignore_ascii_case(&implicit));
    vec![spelled.cloned().unwrap_or(implicit)]
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower_schemas;
    use crate::diagnostics::Code;
    use crate::model::{JsonKind, TypeKind};

    #[test]
    fn variants_carry_the_evidence_by_which_they_are_known() {
        let lowered = lower_schemas(indoc! {"
            T:
              oneOf:
              - {type: string}
              - type: object
                required: [v, a]
                properties: {v: {type: string, enum: [one]}, a: {type: string, writeOnly: true}}
              - {type: object, additionalProperties: {type: string}}
        "});
        let TypeKind::Union(union) = &lowered.api.types[0].kind else {
            panic!("a union");
        };
        let evidence = &union.variants[1].evidence;
        assert_eq!(evidence.kinds, [JsonKind::Object]);
        assert_eq!(evidence.required, ["v"]);
        assert_eq!(evidence.properties, ["v", "a"]);
        assert_eq!(evidence.constants, [("v".to_owned(), vec!["one".into()])]);
        assert_eq!(union.variants[0].evidence.kinds, [JsonKind::String]);
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn constants_of_their_own_are_a_discriminator() {
        let lowered = lower_schemas(indoc! {"
            T:
              oneOf:
              - {type: object, required: [v], properties: {v: {type: string, enum: [one]}}}
              - {type: object, required: [v], properties: {v: {type: string, enum: [two, three]}}}
        "});
        assert_eq!(
            lowered.types().lines().next(),
            Some("T | one: T.1 | two/three: T.2 by v")
        );
    }

    #[test]
    fn constants_that_some_share_are_a_discriminator_and_the_shape_decides_among_those() {
        let lowered = lower_schemas(indoc! {"
            T:
              oneOf:
              - {required: [v, a], properties: {v: {enum: [one]}, a: {type: string}}}
              - {required: [v, b], properties: {v: {enum: [one]}, b: {type: string}}}
              - {required: [v], properties: {v: {enum: [two]}, c: {type: string}}}
        "});
        assert_eq!(
            lowered.types().lines().next(),
            Some("T | one: T.1 | one: T.2 | two: T.3 by v")
        );
        let TypeKind::Union(union) = &lowered.api.types[0].kind else {
            panic!("a union");
        };
        let evidence = union.variants.iter().map(|variant| &variant.evidence);
        let told = evidence.map(|it| (it.is_told_by_tag, it.required.len()));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [(false, 2), (false, 2), (true, 0)]
        );
    }

    #[test]
    fn alternatives_inherit_the_discriminator_of_their_base() {
        let lowered = lower_schemas(indoc! {"
            T: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
            Base:
              type: object
              properties: {k: {type: string}}
              discriminator: {propertyName: k, mapping: {a: '#/components/schemas/A'}}
            A: {allOf: [{$ref: '#/components/schemas/Base'}]}
            B: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {b: {type: string}}}]}
        "});
        assert_eq!(lowered.types().lines().next(), Some("T | a: A | B: B by k"));
    }

    #[test]
    fn objects_that_nothing_tells_apart_are_one_object() {
        let lowered = lower_schemas(indoc! {"
            T:
              oneOf:
              - {type: object, required: [a, b], properties: {a: {type: string}, b: {type: string}}}
              - {type: object, required: [a, b], properties: {a: {type: string}, b: {type: integer}}}
              - {type: string}
        "});
        assert_eq!(
            lowered.types(),
            indoc! {"
                T | T.1 | String
                T.1 { a: String, b: T.1.b }
                T.1.b | String | i64
            "}
        );
        let place = "#/components/schemas/T".to_owned();
        assert_eq!(lowered.told, [(Code::AmbiguousUnion, place)]);
    }

    #[test]
    fn any_of_objects_that_may_hold_at_once_keeps_all_properties() {
        let lowered = lower_schemas(indoc! {"
            T:
              anyOf:
              - {type: object, required: [id], properties: {id: {type: string}, a: {type: string}}}
              - {type: object, required: [id], properties: {id: {type: string}, b: {type: string}}}
        "});
        assert_eq!(
            lowered.types(),
            "T { id: String, a?: String, b?: String }\n"
        );
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn arrays_become_one_array_of_either() {
        let lowered = lower_schemas(indoc! {"
            T:
              oneOf:
              - {type: string}
              - {type: array, items: {type: string}}
              - {type: array, items: {type: array, items: {type: integer}}}
        "});
        assert_eq!(
            lowered.types(),
            "T | String | [T.2]\nT.2 | String | [i64]\n"
        );
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn variants_without_a_discriminator_value_are_known_by_their_shape() {
        let lowered = lower_schemas(indoc! {"
            T:
              oneOf:
              - {type: object, required: [a], properties: {a: {type: string}}}
              - {type: object, required: [b], properties: {b: {type: string}}}
              discriminator: {propertyName: kind}
        "});
        assert_eq!(lowered.types().lines().next(), Some("T | T.1 | T.2"));
        assert!(
            lowered
                .told
                .iter()
                .all(|(code, _)| *code == Code::AmbiguousUnion)
        );
        assert!(!lowered.told.is_empty());
    }

    #[test]
    fn recursive_alternatives_that_nothing_tells_apart_end() {
        let lowered = lower_schemas(indoc! {"
            T: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
            A: {type: object, properties: {x: {$ref: '#/components/schemas/A'}}}
            B: {type: object, properties: {x: {$ref: '#/components/schemas/B'}}}
        "});
        assert_eq!(lowered.types(), "T { x?: Box T }\n");
    }
}
