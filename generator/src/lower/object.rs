//! Objects: properties, what is required of them, and what else may be there.
//!
//! The rule of directions: where `required` names a `readOnly` property, a request needn't have it
//! (OpenAPI 3.0 §4.7.24: "SHOULD NOT be sent as part of the request"), and where it names a
//! `writeOnly` one, an answer needn't. A type that is used that way gets an optional field; see
//! [`super::direction`].

use super::all_of::Merged;
use super::resolve::Part;
use super::schema::{Place, Shape};
use super::{FieldFacts, Lowerer, enums, notes};
use crate::diagnostics::Code;
use crate::model::{Docs, Field, Presence, Role, Struct, Type, TypeId, TypeKind};
use crate::pointer::Pointer;

impl<'a> Lowerer<'a, '_> {
    pub(super) fn object(&mut self, merged: Merged<'a>, place: &Place<'a>) -> Shape<'a> {
        let has_properties = merged
            .atoms
            .iter()
            .any(|atom| atom.keywords.properties.is_some());
        if has_properties {
            return Shape::Struct(merged);
        }
        match merged.additional() {
            Some(parts) => {
                let value = self.inner(&parts, &place.inner(Role::Value));
                Shape::Plain(Type::Map(Box::new(value)))
            }
            None if merged.is_closed() => Shape::Struct(merged),
            None => Shape::Plain(Type::Map(Box::new(Type::Any))),
        }
    }

    pub(super) fn define_struct(&mut self, id: TypeId, merged: &Merged<'a>) {
        let properties = merged.properties();
        let required = merged.required();
        for (name, at) in &required {
            self.check_required(name, at, merged, &properties);
        }
        let mut fields = Vec::new();
        for (name, parts) in &properties {
            let is_required = required.iter().any(|(required, _)| required == name);
            fields.push(self.field(id, name, parts, is_required));
        }
        let additional = merged
            .additional()
            .map(|parts| self.inner(&parts, &Place::Inside(id, Role::Value)));
        self.set(id, TypeKind::Struct(Struct { fields, additional }));
    }

    fn check_required(
        &mut self,
        name: &str,
        at: &Pointer,
        merged: &Merged<'a>,
        properties: &[(&'a str, Vec<Part<'a>>)],
    ) {
        let declared = properties.iter().any(|(property, _)| *property == name);
        let discriminates = merged.atoms.iter().any(|atom| {
            let discriminator = atom.keywords.data().discriminator.as_ref();
            discriminator.is_some_and(|discriminator| discriminator.property_name == name)
        });
        if !declared && !discriminates {
            let message = format!("`required` names `{name}`, which isn't declared; left out");
            self.warn(Code::InvalidPart, &at.child("required"), message);
        }
    }

    fn field(&mut self, id: TypeId, name: &str, parts: &[Part<'a>], required: bool) -> Field {
        let ty = self.parts(parts, &Place::Inside(id, Role::Property(name.to_owned())));
        // `null` is one of any values already.
        let nullable = ty != Type::Any && self.is_nullable(parts);
        let presence = match (required, nullable) {
            (true, false) => Presence::Required,
            (false, false) => Presence::Optional,
            (true, true) => Presence::Nullable,
            (false, true) => Presence::OptionalNullable,
        };
        let merged = self.merge(parts, None);
        let any = |says: fn(&openapiv3::SchemaData) -> bool| {
            merged.atoms.iter().any(|atom| says(atom.keywords.data()))
        };
        let is_url = merged.atoms.iter().any(|atom| {
            let format = atom.keywords.format.unwrap_or_default();
            matches!(format, "uri" | "uri-reference" | "url")
        });
        let facts = FieldFacts {
            is_url,
            xml: self.xml_facts(&merged),
            read_only: any(|data| data.read_only),
            write_only: any(|data| data.write_only),
            constants: if nullable || !merged.choices.is_empty() {
                Vec::new()
            } else {
                enums::constants(&merged)
            },
        };
        let mut docs = self.docs(parts);
        self.add_value_notes(&merged, &ty, &mut docs);
        docs.notes
            .extend(notes::direction(facts.read_only, facts.write_only).map(str::to_owned));
        let default = self.default_of(parts).cloned();
        let constant = match facts.constants.as_slice() {
            [constant] if matches!(ty, Type::Scalar(_)) => Some(constant.clone()),
            _ => None,
        };
        self.facts.fields.insert((id, name.to_owned()), facts);
        Field {
            name: name.to_owned(),
            ty,
            presence,
            boxed: false,
            docs,
            default,
            constant,
            xml: None,
        }
    }

    /// Adds the notes that stand with the elements of an array, and with scalars of few values.
    pub(super) fn add_value_notes(&self, merged: &Merged<'a>, ty: &Type, docs: &mut Docs) {
        match ty {
            Type::Array(_) => {
                let each = self.docs(&merged.items()).notes;
                docs.notes
                    .extend(each.into_iter().map(|note| format!("each element: {note}")));
            }
            Type::Scalar(_) => {
                let values = enums::constants(merged);
                if !values.is_empty() {
                    docs.notes.push(notes::constants(&values));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::{lower_schemas, lower_sent};
    use crate::diagnostics::Code;
    use crate::model::{Type, TypeKind};

    #[test]
    fn presence_is_required_times_nullable() {
        let lowered = lower_schemas(indoc! {"
            T:
              required: [a, b, e]
              properties:
                a: {type: string}
                b: {type: string, nullable: true}
                c: {type: string}
                d: {type: string, nullable: true}
                e: {nullable: true}
        "});
        assert_eq!(
            lowered.types(),
            "T { a: String, b~: String, c?: String, d?~: String, e: any }\n"
        );
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn objects_without_properties_are_maps_and_closed_ones_are_empty() {
        let lowered = lower_schemas(indoc! {"
            T:
              properties:
                any: {type: object}
                open: {type: object, additionalProperties: true}
                typed: {type: object, additionalProperties: {type: integer, nullable: true}}
                closed: {type: object, additionalProperties: false}
                both: {properties: {a: {type: boolean}}, additionalProperties: {type: number}}
        "});
        assert_eq!(
            lowered.types(),
            indoc! {"
                T { any?: map[any], open?: map[any], typed?: map[i64~], closed?: T.closed, both?: T.both }
                T.closed {  }
                T.both { a?: bool, *: f64 }
            "}
        );
    }

    #[test]
    fn a_request_does_not_demand_what_the_server_sets() {
        let schemas = indoc! {"
            T:
              required: [id, name, secret]
              properties:
                id: {type: string, readOnly: true}
                name: {type: string}
                secret: {type: string, writeOnly: true}
        "};
        let (sent, answered) = (lower_sent(schemas), lower_schemas(schemas));
        assert_eq!(
            sent.types(),
            "T { id?: String, name: String, secret: String }\n"
        );
        assert_eq!(
            answered.types(),
            "T { id: String, name: String, secret?: String }\n"
        );
    }

    #[test]
    fn required_of_an_undeclared_property_is_told() {
        let lowered = lower_schemas("T: {required: [a, b], properties: {a: {type: string}}}");
        assert_eq!(lowered.types(), "T { a: String }\n");
        let place = "#/components/schemas/T/required".to_owned();
        assert_eq!(lowered.told, [(Code::InvalidPart, place)]);
    }

    #[test]
    fn a_constant_is_a_scalar_that_says_so() {
        let lowered = lower_schemas(indoc! {"
            T: {required: [kind], properties: {kind: {type: string, enum: [t]}}}
        "});
        let TypeKind::Struct(object) = &lowered.api.types[0].kind else {
            panic!("a struct");
        };
        assert_eq!(object.fields[0].constant, Some("t".into()));
        assert!(matches!(object.fields[0].ty, Type::Scalar(_)));
        assert_eq!(object.fields[0].docs.notes, ["always `\"t\"`"]);
    }
}
