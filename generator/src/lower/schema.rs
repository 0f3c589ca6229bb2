//! Schemas: what holds together for a value becomes a type.

use openapiv3::{ReferenceOr, Schema};

use super::Lowerer;
use super::all_of::Merged;
use super::keywords::{Keywords, Kind};
use super::one_of::UnionBody;
use super::resolve::{Component, Part};
use crate::diagnostics::Code;
use crate::extensions;
use crate::model::{
    AskedNames, Docs, Enum, Naming, OperationId, Role, Type, TypeDef, TypeId, TypeKind,
};
use crate::pointer::Pointer;

/// Longer tuples have no `Debug`; they are arrays.
const MOST_ELEMENTS: usize = 12;

/// The definition of a type, still to come.
#[derive(Debug)]
pub(super) enum Body<'a> {
    Component(Component<'a>),
    Struct(Merged<'a>),
    Union(UnionBody<'a>),
}

/// What schemas come to.
#[derive(Debug)]
pub(super) enum Shape<'a> {
    /// A type that needs no definition.
    Plain(Type),
    Enum(Enum),
    Struct(Merged<'a>),
    Union(UnionBody<'a>),
    Foreign(Vec<String>),
}

/// Where a schema stands: what a type without a name is named after.
#[derive(Debug, Clone)]
pub(super) enum Place<'a> {
    /// It defines a component.
    Component(TypeId, &'a str),
    Inside(TypeId, Role),
    Of(OperationId, Role),
    /// In a response, a parameter or a body that is a component of this name.
    Key(&'a str),
}

impl Place<'_> {
    /// Returns the place of the elements or the values of what stands here.
    pub(super) fn inner(&self, role: Role) -> Self {
        match self {
            Self::Component(id, _) => Self::Inside(*id, role),
            other => other.clone(),
        }
    }

    fn naming(&self, title: Option<String>) -> Naming {
        match self {
            Self::Component(_, name) | Self::Key(name) => Naming::Component((*name).to_owned()),
            Self::Inside(parent, role) => Naming::Inside {
                parent: *parent,
                role: role.clone(),
                title,
            },
            Self::Of(operation, role) => Naming::Of {
                operation: *operation,
                role: role.clone(),
                title,
            },
        }
    }
}

impl<'a> Lowerer<'a, '_> {
    /// Returns the type of a schema; `null` is part of it where the schema allows it.
    pub(super) fn schema(
        &mut self,
        schema: &'a ReferenceOr<Schema>,
        at: Pointer,
        place: &Place<'a>,
    ) -> Type {
        let parts = [Part::new(schema, at)];
        let ty = self.parts(&parts, place);
        self.with_null(ty, &parts)
    }

    /// Returns the type of schemas that hold together, apart from `null`.
    pub(super) fn parts(&mut self, parts: &[Part<'a>], place: &Place<'a>) -> Type {
        let ty = self.parts_without_examples(parts, place);
        self.exemplify_parts(parts, &ty);
        ty
    }

    fn parts_without_examples(&mut self, parts: &[Part<'a>], place: &Place<'a>) -> Type {
        if let [part] = parts
            && let Some(path) = self.asked_type(parts)
        {
            let asked = AskedNames {
                own: self.asked_name(parts),
                ..AskedNames::default()
            };
            let docs = self.docs(parts);
            let pointer = part.pointer.clone();
            let id = self.define(Shape::Foreign(path), docs, pointer, place);
            self.ask(id, asked);
            return Type::Named(id);
        }
        let merged = match self.plain(parts) {
            Ok(ty) => return ty,
            Err(merged) => merged,
        };
        let key = merged.key();
        if let Some(id) = self.inline.get(&key) {
            return Type::Named(*id);
        }
        let pointer = merged.pointer.clone();
        if !self.open.insert(key.clone()) {
            // An array, or a map, of what it is itself: only a type with a name can be.
            let naming = place.naming(None);
            let docs = self.docs(parts);
            let id = self.add(naming, docs, pointer);
            self.inline.insert(key, id);
            return Type::Named(id);
        }
        let notes = merged.notes.clone();
        let asked = AskedNames {
            own: self.asked_name(parts),
            members: self.asked_members(&merged),
        };
        let shape = self.shape(merged, place);
        self.open.remove(&key);
        match (shape, self.inline.get(&key).copied()) {
            (Shape::Plain(ty), None) => ty,
            (Shape::Plain(ty), Some(id)) => {
                self.set(id, TypeKind::Newtype(ty));
                Type::Named(id)
            }
            (shape, within) => {
                let mut docs = self.docs(parts);
                docs.notes.extend(notes);
                let id = within.unwrap_or_else(|| {
                    let naming = place.naming(docs.title.clone());
                    self.add(naming, docs, pointer)
                });
                self.fill(id, shape);
                self.ask(id, asked);
                self.inline.insert(key, id);
                Type::Named(id)
            }
        }
    }

    pub(super) fn with_null(&self, ty: Type, parts: &[Part<'a>]) -> Type {
        match ty {
            Type::Any | Type::Nullable(_) => ty,
            ty if self.is_nullable(parts) => Type::Nullable(Box::new(ty)),
            ty => ty,
        }
    }

    /// Adds a type that has no name of its own.
    pub(super) fn define(
        &mut self,
        shape: Shape<'a>,
        docs: Docs,
        pointer: Pointer,
        place: &Place<'a>,
    ) -> TypeId {
        let naming = place.naming(docs.title.clone());
        let id = self.add(naming, docs, pointer);
        self.fill(id, shape);
        id
    }

    fn add(&mut self, naming: Naming, docs: Docs, pointer: Pointer) -> TypeId {
        let id = TypeId::new(self.api.types.len());
        self.api.types.push(TypeDef {
            naming,
            docs,
            kind: TypeKind::Alias(Type::Any),
            pointer,
            asked: AskedNames::default(),
        });
        id
    }

    /// Records the names that are asked for a type; one that has a name isn't named by its place.
    fn ask(&mut self, id: TypeId, asked: AskedNames) {
        let def = &mut self.api.types[id.index()];
        if let (Some(own), false) = (&asked.own, matches!(def.naming, Naming::Component(_))) {
            def.naming = Naming::Component(own.name.clone());
        }
        def.asked = asked;
    }

    fn fill(&mut self, id: TypeId, shape: Shape<'a>) {
        match shape {
            Shape::Plain(ty) => self.set(id, TypeKind::Alias(ty)),
            Shape::Enum(values) => self.set(id, TypeKind::Enum(values)),
            Shape::Foreign(path) => self.set(id, TypeKind::Foreign(path)),
            Shape::Struct(merged) => self.queue.push_back((id, Body::Struct(merged))),
            Shape::Union(union) => self.queue.push_back((id, Body::Union(union))),
        }
    }

    pub(super) fn set(&mut self, id: TypeId, kind: TypeKind) {
        self.api.types[id.index()].kind = kind;
    }

    /// Returns the type of a component, which will be defined.
    pub(super) fn named(&mut self, component: Component<'a>) -> TypeId {
        if let Some(id) = self.components.get(component.name) {
            return *id;
        }
        let docs = self.docs(&[component.part()]);
        let naming = Naming::Component(component.name.to_owned());
        let id = self.add(naming, docs, component.pointer());
        self.components.insert(component.name, id);
        self.queue.push_back((id, Body::Component(component)));
        id
    }

    /// Takes all components for used: those of documents that only hold schemas are there for others.
    pub(super) fn use_all_components(&mut self) {
        for name in self.components_of_all.schemas.keys() {
            if let Some(component) = self.component(name) {
                self.named(component);
            }
        }
    }

    /// Defines every type that is in use.
    pub(super) fn define_all(&mut self) {
        while let Some((id, body)) = self.queue.pop_front() {
            match body {
                Body::Component(component) => self.define_component(id, component),
                Body::Struct(merged) => self.define_struct(id, &merged),
                Body::Union(union) => self.define_union(id, union),
            }
        }
    }

    fn define_component(&mut self, id: TypeId, component: Component<'a>) {
        let parts = [component.part()];
        let own = self.asked_name(&parts);
        self.api.types[id.index()].asked.own = own;
        self.exemplify_parts(&parts, &Type::Named(id));
        if let Some(path) = self.asked_type(&parts) {
            return self.set(id, TypeKind::Foreign(path));
        }
        let place = Place::Component(id, component.name);
        if let Some(target) = self.sole_reference(&parts)
            && !self.is_bare_descendant(component, target)
        {
            let target = self.named(target);
            return self.set(id, TypeKind::Alias(Type::Named(target)));
        }
        if let Some(union) = self.hierarchy(component) {
            return self.fill(id, Shape::Union(union));
        }
        let mut merged = self.merge(&parts, Some(component.name));
        self.settle_choices(&mut merged);
        let members = self.asked_members(&merged);
        self.api.types[id.index()].asked.members = members;
        self.api.types[id.index()]
            .docs
            .notes
            .extend(merged.notes.clone());
        let shape = self.shape(merged, &place);
        self.fill(id, shape);
    }

    /// Returns the type of schemas that come to a reference; takes them apart otherwise.
    fn plain(&mut self, parts: &[Part<'a>]) -> Result<Type, Merged<'a>> {
        if let Some(target) = self.sole_reference(parts) {
            return Ok(Type::Named(self.named(target)));
        }
        let mut merged = self.merge(parts, None);
        if parts.len() > 1
            && let Some(target) = self.covering_reference(parts, &merged)
        {
            return Ok(Type::Named(self.named(target)));
        }
        self.settle_choices(&mut merged);
        Err(merged)
    }

    /// Returns the component that says by itself all that the schemas say together.
    fn covering_reference(
        &mut self,
        parts: &[Part<'a>],
        merged: &Merged<'a>,
    ) -> Option<Component<'a>> {
        let shaped = |merged: &Merged<'a>| -> std::collections::BTreeSet<usize> {
            let atoms = merged.atoms.iter();
            atoms
                .filter(|atom| atom.keywords.has_shape())
                .map(|atom| super::all_of::address(atom.keywords.schema))
                .collect()
        };
        let wanted = shaped(merged);
        let references: Vec<_> = parts
            .iter()
            .filter_map(|part| self.sole_reference(std::slice::from_ref(part)))
            .collect();
        references.into_iter().find(|component| {
            let covered = self.merge(&[component.part()], Some(component.name));
            covered.choices.len() == merged.choices.len() && shaped(&covered).is_superset(&wanted)
        })
    }

    /// Returns what schemas come to.
    pub(super) fn shape(&mut self, mut merged: Merged<'a>, place: &Place<'a>) -> Shape<'a> {
        self.settle_choices(&mut merged);
        if !merged.choices.is_empty() {
            return self.choose(merged, place);
        }
        let (kind, contradicting) = merged.kind();
        if let (Some(kind), Some(other)) = (kind, contradicting) {
            let message = format!(
                "expected one kind of value, found {} and {}; the first is taken",
                describe(kind),
                describe(other)
            );
            self.warn(Code::Contradiction, &merged.pointer, message);
        }
        match kind {
            Some(Kind::Object) => self.object(merged, place),
            Some(Kind::Array) => {
                if let Some(elements) = self.tuple(&merged, place) {
                    return Shape::Plain(Type::Tuple(elements));
                }
                let items = merged.items();
                let item = self.inner(&items, &place.inner(Role::Item));
                Shape::Plain(Type::Array(Box::new(item)))
            }
            Some(kind) => {
                if let Some(part) = self.embedded(&merged).first() {
                    let message =
                        "what `contentSchema` says of the content isn't generated; it is a text";
                    let hint = "read the text as JSON: `serde_json::from_str`";
                    self.warn_with_hint(Code::Unsupported, &part.pointer, message, hint);
                }
                // A constant needs no type, unless the document names one.
                let named = matches!(place, Place::Component(..));
                match self.scalar(kind, &merged) {
                    Shape::Enum(values) if values.values.len() == 1 && !named => {
                        Shape::Plain(Type::Scalar(self.plain_scalar(kind, &merged)))
                    }
                    shape => shape,
                }
            }
            None => self.mixed(&merged),
        }
    }

    /// Returns the types of the elements of an array whose length and order are fixed.
    fn tuple(&mut self, merged: &Merged<'a>, place: &Place<'a>) -> Option<Vec<Type>> {
        let mut arrays = merged.atoms.iter().filter(|it| it.keywords.items.is_some());
        let (atom, None) = (arrays.next()?, arrays.next()) else {
            return None;
        };
        let indexes = extensions::tuple(&atom.keywords.data().extensions)?;
        let Some(ReferenceOr::Item(items)) = atom.keywords.items else {
            return None;
        };
        let alternatives = Keywords::of(items).any_of;
        let at = atom.pointer.child("items");
        let parts: Vec<_> = Part::list(alternatives, &at, "anyOf").collect();
        if indexes.len() > MOST_ELEMENTS || indexes.iter().any(|index| *index >= parts.len()) {
            return None;
        }
        let place = place.inner(Role::Item);
        let part = |index: usize| std::slice::from_ref(&parts[index]);
        Some(
            indexes
                .into_iter()
                .map(|index| self.inner(part(index), &place))
                .collect(),
        )
    }

    /// Returns the type of elements or values; nothing said means any.
    pub(super) fn inner(&mut self, parts: &[Part<'a>], place: &Place<'a>) -> Type {
        if parts.is_empty() {
            return Type::Any;
        }
        let ty = self.parts(parts, place);
        self.with_null(ty, parts)
    }
}

const fn describe(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "an object",
        Kind::Array => "an array",
        Kind::String => "a string",
        Kind::Integer => "an integer",
        Kind::Number => "a number",
        Kind::Boolean => "a boolean",
        Kind::Null => "`null`",
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower_schemas;
    use crate::diagnostics::Code;
    use crate::model::TypeKind;

    #[test]
    fn a_kind_is_implied_by_the_keywords_that_only_it_obeys() {
        let lowered = lower_schemas(indoc! {"
            T:
              properties:
                a: {items: {type: string}}
                b: {enum: [x, y]}
                c: {format: date}
                d: {additionalProperties: {type: string}}
                e: {pattern: '^a'}
                f: {}
        "});
        assert_eq!(
            lowered.types(),
            indoc! {r#"
                T { a?: [String], b?: T.b, c?: date, d?: map[String], e?: String, f?: any }
                T.b enum "x" "y"
            "#}
        );
    }

    #[test]
    fn an_array_of_itself_ends() {
        let lowered = lower_schemas(indoc! {"
            T:
              properties:
                a: {allOf: [{$ref: '#/components/schemas/U'}, {$ref: '#/components/schemas/V'}]}
            U: {type: array, items: {$ref: '#/components/schemas/U'}}
            V: {type: array, items: {$ref: '#/components/schemas/V'}}
        "});
        assert_eq!(lowered.types(), "T { a?: [T.a] }\nT.a ([T.a])\n");
    }

    #[test]
    fn a_wrapped_reference_is_the_reference() {
        let lowered = lower_schemas(indoc! {"
            T:
              required: [a, c]
              properties:
                a: {allOf: [{$ref: '#/components/schemas/U'}], description: words, nullable: true}
                b: {type: object, allOf: [{$ref: '#/components/schemas/U'}, {description: words}]}
                c: {oneOf: [{$ref: '#/components/schemas/U'}, {type: object, nullable: true}]}
                d: {type: array, items: {anyOf: [{$ref: '#/components/schemas/N'}]}}
            U: {type: object, properties: {u: {type: string}}}
            N: {type: object, nullable: true, properties: {u: {type: string}}}
        "});
        assert_eq!(
            lowered.types(),
            "T { a~: U, b?: U, c~: U, d?: [N~] }\nU { u?: string }\nN { u?: string }\n"
                .replace("string", "String")
        );
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn only_what_operations_reach_is_generated() {
        let lowered = lower_schemas(indoc! {"
            T: {type: array, items: {$ref: '#/components/schemas/U'}}
            U: {type: string, format: password}
            V: {type: string}
        "});
        assert_eq!(lowered.types(), "T = [U]\nU = Secret\n");
    }

    #[test]
    fn a_dangling_reference_is_told_and_the_rest_comes_out() {
        let lowered = lower_schemas(indoc! {"
            T: {properties: {a: {$ref: '#/components/schemas/Gone'}, b: {type: string}}}
        "});
        assert_eq!(lowered.types(), "T { a?: any, b?: String }\n");
        let place = "#/components/schemas/T/properties/a".to_owned();
        assert_eq!(lowered.told, [(Code::UnresolvedReference, place)]);
    }

    #[test]
    fn formats_and_constraints_become_notes() {
        let lowered = lower_schemas(indoc! {"
            T:
              properties:
                a: {type: string, format: email, minLength: 1, maxLength: 127, pattern: '^x$'}
                b: {type: integer, format: int32, minimum: 0, maximum: 9, exclusiveMaximum: true}
                c: {type: array, uniqueItems: true, maxItems: 1, items: {type: string, format: hostname}}
        "});
        let TypeKind::Struct(object) = &lowered.api.types[0].kind else {
            panic!("a struct");
        };
        let notes: Vec<_> = object
            .fields
            .iter()
            .map(|field| &field.docs.notes)
            .collect();
        assert_eq!(
            *notes[0],
            [
                "format `email`",
                "at least 1 character",
                "at most 127 characters",
                "matches `^x$`"
            ]
        );
        assert_eq!(*notes[1], ["at least 0", "less than 9"]);
        assert_eq!(
            *notes[2],
            [
                "at most 1 element",
                "no element twice",
                "each element: format `hostname`"
            ]
        );
    }

    #[test]
    fn a_schema_that_contradicts_itself_is_told() {
        let lowered = lower_schemas("T: {type: string, properties: {a: {type: string}}}");
        let place = "#/components/schemas/T".to_owned();
        assert_eq!(lowered.told, [(Code::Contradiction, place)]);
    }

    #[test]
    fn a_chain_of_many_components_does_not_exhaust_the_stack() {
        use std::fmt::Write as _;
        let mut schemas = String::new();
        for index in 0..3000 {
            let next = index + 1;
            writeln!(
                schemas,
                "T{index}: {{properties: {{a: {{allOf: [{{$ref: '#/components/schemas/T{next}'}}, \
                 {{required: [x]}}]}}}}}}"
            )
            .expect("written");
        }
        schemas.push_str("T3000: {type: object, properties: {x: {type: string}}}\n");
        assert!(lower_schemas(&schemas).api.types.len() > 1);
    }
}
