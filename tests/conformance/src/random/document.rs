//! A random document, the same each time.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// How many schemas it has.
const SCHEMAS: usize = 96;

/// Names that Rust can't take as they are, among others.
const NAMES: &[&str] = &[
    "id",
    "type",
    "a-b",
    "A b",
    "self",
    "_links",
    "x1",
    "größe",
    "created_at",
    "@context",
    "$count",
    "isOpen",
    "2nd",
];

const TEXTS: &[&str] = &["open", "CLOSED", "in progress", "", "ä/ö", "1st", "self"];

/// Returns what schemas are called, in order.
pub(crate) fn names() -> impl Iterator<Item = String> {
    (0..SCHEMAS).map(name)
}

fn name(index: usize) -> String {
    format!("Thing{index}")
}

/// Returns a document whose operations give a value of each schema.
pub(crate) fn document() -> Value {
    let mut maker = Maker {
        rng: Rng::with_seed(20_260_101),
        objects: Vec::new(),
    };
    let schemas: Map<_, _> = (0..SCHEMAS)
        .map(|index| (name(index), maker.schema(index)))
        .collect();
    let paths: Map<_, _> = names()
        .map(|name| {
            let schema = reference(&name);
            let answer =
                json!({"description": "", "content": {"application/json": {"schema": schema}}});
            let operation =
                json!({"operationId": format!("get{name}"), "responses": {"200": answer}});
            (format!("/{name}"), json!({"get": operation}))
        })
        .collect();
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Random", "version": "1"},
        "servers": [{"url": "https://api.example"}],
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

struct Maker {
    rng: Rng,
    /// Schemas that are plain objects.
    objects: Vec<usize>,
}

impl Maker {
    fn schema(&mut self, index: usize) -> Value {
        match index % 8 {
            3 => self.union(index),
            5 if !self.objects.is_empty() => {
                // What the parts say of a property, or of those that they don't name, may contradict.
                let base = self.objects[self.rng.usize(..self.objects.len())];
                let property = format!("own{index}");
                let own = json!({"type": "object", "properties": {property: self.shape(index, 1)}});
                json!({"allOf": [reference(&name(base)), own]})
            }
            7 => self.tagged(index),
            6 => self.shape(index, 0),
            _ => {
                let object = self.object(index, 0);
                if object.get("additionalProperties").is_none() {
                    self.objects.push(index);
                }
                object
            }
        }
    }

    /// Alternatives of different kinds.
    fn union(&mut self, index: usize) -> Value {
        let own = format!("only{index}");
        let mut object = self.object(index, 1);
        object["properties"][&own] = json!({"type": "string"});
        object["required"] = json!([own]);
        let item = self.scalar();
        json!({"oneOf": [
            {"type": "string"},
            {"type": "integer"},
            {"type": "boolean"},
            {"type": "array", "items": item},
            object,
        ]})
    }

    /// Objects that a constant tells apart.
    fn tagged(&mut self, index: usize) -> Value {
        let alternatives = ["card", "bank", "cash"].map(|tag| {
            let mut object = self.object(index, 1);
            object["properties"]["kind"] = json!({"type": "string", "enum": [tag]});
            object["required"] = json!(["kind"]);
            object
        });
        json!({"oneOf": alternatives})
    }

    fn object(&mut self, below: usize, depth: usize) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for _ in 0..self.rng.usize(1..6) {
            let name = NAMES[self.rng.usize(..NAMES.len())];
            properties.insert(name.to_owned(), self.shape(below, depth + 1));
        }
        for name in properties.keys() {
            if self.rng.bool() {
                required.push(name.clone());
            }
        }
        let mut object = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            object["required"] = json!(required);
        }
        if self.rng.usize(..4) == 0 {
            object["additionalProperties"] = self.scalar();
        }
        object
    }

    /// Any shape; a reference leads to an earlier schema, or stands in an array.
    fn shape(&mut self, below: usize, depth: usize) -> Value {
        match self.rng.usize(..10) {
            0 if depth < 3 => json!({"type": "array", "items": self.shape(below, depth + 1)}),
            1 if depth < 3 => {
                let value = self.shape(below, depth + 1);
                json!({"type": "object", "additionalProperties": value})
            }
            2 if depth < 3 => self.object(below, depth + 1),
            3 if below > 0 => reference(&name(self.rng.usize(..below))),
            4 => {
                let item = reference(&name(self.rng.usize(..SCHEMAS)));
                json!({"type": "array", "items": item})
            }
            5 => json!({}),
            6 => {
                let mut scalar = self.scalar();
                scalar["nullable"] = json!(true);
                scalar
            }
            _ => self.scalar(),
        }
    }

    fn scalar(&mut self) -> Value {
        match self.rng.usize(..9) {
            0 => {
                let mut texts = TEXTS.to_vec();
                self.rng.shuffle(&mut texts);
                texts.truncate(self.rng.usize(2..5));
                json!({"type": "string", "enum": texts})
            }
            1 => json!({"type": "string", "format": "date-time"}),
            2 => json!({"type": "integer", "format": "int32"}),
            3 => json!({"type": "integer", "format": "int64"}),
            4 => json!({"type": "number"}),
            5 => json!({"type": "boolean"}),
            6 => json!({"type": "integer", "enum": [1, 2, 40]}),
            _ => json!({"type": "string"}),
        }
    }
}
