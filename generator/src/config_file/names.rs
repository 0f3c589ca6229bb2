//! Names that the file asks for, each with its place.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use super::key::keys;
use super::mistake::Reader;
use super::text::text;
use super::value::{Shape, Value};
use crate::config::{Rename, Thing};
use crate::pointer::Pointer;

/// A name in the code. Whether it can be given is judged where names are.
#[derive(Debug, Clone)]
pub(crate) struct RustName {
    name: String,
    place: Pointer,
}

impl Value for RustName {
    fn shape() -> Shape {
        Shape::Text("a name as Rust writes it")
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let name = text(value, reader, &Self::shape())?.to_owned();
        let place = Pointer::root();
        Some(Self { name, place })
    }

    fn stand(&mut self, place: &Pointer) {
        self.place = place.clone();
    }
}

/// The path of a type.
#[derive(Debug, Clone)]
pub(crate) struct RustPath(RustName);

impl Value for RustPath {
    fn shape() -> Shape {
        Shape::Text("the path of a type")
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        RustName::read(value, reader).map(Self)
    }

    fn stand(&mut self, place: &Pointer) {
        self.0.stand(place);
    }
}

pub(crate) type ByName<T> = BTreeMap<String, T>;

keys! {
    /// Names in the code, in place of those that would be derived.
    Names {
        /// The types of schemas, by the name of the component or by JSON pointer.
        ///
        /// A document can ask for a name itself, by `x-rust-name` in the schema.
        "schemas" => schemas: ByName<RustName> =
            r##"{ order_v2 = "Order", "#/components/schemas/order_v2/properties/links" = "OrderLinks" }"##,

        /// The fields of properties, by schema and property.
        ///
        /// A document can ask for names itself, by `x-rust-names` in the schema: `{ _links: links }`.
        "properties" => properties: ByName<ByName<RustName>> = r#"{ Order = { _links = "links" } }"#,

        /// The variants of values, by schema and value.
        ///
        /// A document can ask for names itself, by `x-rust-names` in the schema: `{ "-d": Newest }`.
        "values" => values: ByName<ByName<RustName>> = r#"{ Sort = { "-d" = "Newest" } }"#,

        /// The methods of operations, by `operationId` or by JSON pointer.
        ///
        /// A document can ask for a name itself, by `x-rust-name` in the operation.
        "operations" => operations: ByName<RustName> = r#"{ getOrdersUsingGET_1 = "list" }"#,
    }
}

/// Returns the types that stand for schemas.
pub(super) fn replaced(types: ByName<RustPath>) -> Vec<Rename> {
    let types = types.into_iter().map(|(schema, asked)| Rename {
        thing: Thing::Replaced(schema),
        name: asked.0.name,
        place: Some(asked.0.place),
    });
    types.collect()
}

impl Names {
    /// Returns the names, one by one.
    pub(super) fn into_list(self) -> Vec<Rename> {
        let mut list = Vec::new();
        let mut add = |thing: Thing, asked: RustName| {
            list.push(Rename {
                thing,
                name: asked.name,
                place: Some(asked.place),
            });
        };
        for (schema, asked) in self.schemas.into_iter().flatten() {
            add(Thing::Schema(schema), asked);
        }
        let members = self.properties.into_iter().chain(self.values).flatten();
        for (schema, names) in members {
            for (member, asked) in names {
                let schema = schema.clone();
                add(Thing::Member { schema, member }, asked);
            }
        }
        for (operation, asked) in self.operations.into_iter().flatten() {
            add(Thing::Operation(operation), asked);
        }
        list
    }
}
