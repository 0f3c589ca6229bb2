//! Defaults: what the absence of a property or of a parameter stands for.

use std::collections::BTreeSet;

use openapiv3::ParameterSchemaOrContent;
use serde_json::Value;

use super::Lowerer;
use super::content::is_json;
use super::keywords::Keywords;
use super::notes;
use super::resolve::{Part, Source};
use crate::diagnostics::Code;
use crate::model::Docs;
use crate::pointer::Pointer;

/// A default, and where it stands.
type Found<'a> = (&'a Value, Pointer);

impl<'a> Lowerer<'a, '_> {
    /// Returns the default of a value for which schemas hold together. What a schema says itself comes
    /// before what it composes; of several that say something, the last extends the others.
    pub(super) fn default_of(&mut self, parts: &[Part<'a>]) -> Option<&'a Value> {
        let (default, _) = self.last_default(parts, &mut BTreeSet::new())?;
        Some(default)
    }

    fn last_default(
        &mut self,
        parts: &[Part<'a>],
        entered: &mut BTreeSet<&'a str>,
    ) -> Option<Found<'a>> {
        let mut last: Option<Found<'_>> = None;
        for part in parts {
            let Some((default, at)) = self.default_in(part, entered) else {
                continue;
            };
            if let Some((other, place)) = &last
                && *other != default
            {
                let message = format!(
                    "the default is {} at `{place}`, and {} here; the latter is taken",
                    notes::code(&other.to_string()),
                    notes::code(&default.to_string()),
                );
                self.warn(Code::Contradiction, &at, message);
            }
            last = Some((default, at));
        }
        last
    }

    fn default_in(
        &mut self,
        part: &Part<'a>,
        entered: &mut BTreeSet<&'a str>,
    ) -> Option<Found<'a>> {
        let component = match part.source {
            Source::Reference(reference) => Some(self.find(reference)?),
            Source::Component(component) => Some(component),
            Source::Schema(_) | Source::Own { .. } => None,
        };
        if let Some(component) = component {
            let is_new = entered.insert(component.name);
            return is_new
                .then(|| self.default_in(&component.part(), entered))
                .flatten();
        }
        let (Source::Schema(schema) | Source::Own { schema, .. }) = part.source else {
            return None;
        };
        if let Some(default) = &schema.schema_data.default {
            return Some((default, part.pointer.child("default")));
        }
        if matches!(part.source, Source::Own { .. }) {
            return None;
        }
        let parts = Part::list(Keywords::of(schema).all_of, &part.pointer, "allOf");
        self.last_default(&parts.collect::<Vec<_>>(), entered)
    }

    /// Returns the default of a parameter or a header, and notes it.
    pub(super) fn note_default(
        &mut self,
        format: &'a ParameterSchemaOrContent,
        at: &Pointer,
        docs: &mut Docs,
    ) -> Option<Value> {
        let part = match format {
            ParameterSchemaOrContent::Schema(schema) => Part::new(schema, at.child("schema")),
            ParameterSchemaOrContent::Content(content) => {
                let json = content.iter().find(|(name, _)| is_json(name));
                let (name, media_type) = json.or_else(|| content.first())?;
                let at = at.child("content").child(name).child("schema");
                Part::new(media_type.schema.as_ref()?, at)
            }
        };
        let default = self.default_of(&[part])?;
        let note = notes::code(&default.to_string());
        docs.notes.push(format!("default {note}"));
        Some(default.clone())
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower_schemas;
    use crate::diagnostics::Code;
    use crate::model::TypeKind;

    /// Returns the default of the only property of the schema `T`, and what is told of it.
    fn default(schemas: &str) -> (Option<String>, Vec<(Code, String)>) {
        let lowered = lower_schemas(schemas);
        let mut kinds = lowered.api.types.iter().map(|def| &def.kind);
        let object = kinds.find_map(|kind| match kind {
            TypeKind::Struct(object) => Some(object),
            _ => None,
        });
        let default = object.expect("a struct").fields[0].default.as_ref();
        (default.map(ToString::to_string), lowered.told)
    }

    #[test]
    fn what_a_schema_says_itself_comes_before_what_it_composes() {
        let own = default(indoc! {"
            T: {properties: {a: {allOf: [{$ref: '#/components/schemas/A'}], default: 2}}}
            A: {type: integer, default: 1}
        "});
        assert_eq!(own, (Some("2".to_owned()), Vec::new()));
        let composed = default(indoc! {"
            T: {properties: {a: {allOf: [{$ref: '#/components/schemas/A'}]}}}
            A: {type: integer, default: 1}
        "});
        assert_eq!(composed, (Some("1".to_owned()), Vec::new()));
    }

    #[test]
    fn of_defaults_that_contradict_each_other_the_last_is_taken_and_told() {
        let place = "#/components/schemas/T/properties/a/allOf/1/default".to_owned();
        let told = default(indoc! {"
            T: {properties: {a: {allOf: [{type: integer, default: 1}, {minimum: 0, default: 2}]}}}
        "});
        assert_eq!(
            told,
            (Some("2".to_owned()), vec![(Code::Contradiction, place)])
        );
    }
}
