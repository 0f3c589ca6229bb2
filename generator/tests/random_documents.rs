//! Valid documents that nobody wrote: whatever is in one, a crate comes out, and it holds what the
//! document says.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use accredit::{Code, Config, Package};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};
use syn::visit::Visit;
use tempfile::TempDir;

/// Names that are alike in Rust, are words of Rust, or have nothing that a name in Rust can have.
const NAMES: &[&str] = &[
    "id",
    "ID",
    "Id",
    "order",
    "Order",
    "order_id",
    "orderId",
    "order-id",
    "order id",
    "type",
    "self",
    "Self",
    "fn",
    "r#fn",
    "1st",
    "a.b",
    "a/b",
    "a~b",
    "%20",
    "$filter",
    "@type",
    "+1",
    "-1",
    "ä",
    "漢",
    "👍",
    "_",
    "__",
    "String",
    "Option",
    "Vec",
    "Client",
    "Error",
    "Value",
    "new",
    "body",
    "send",
    "wait",
    "pages",
    "core",
    "data",
    "x-note",
    "additionalProperties",
];

/// Each of them is a component, so that references lead to all.
const COMPONENTS: &[&str] = &["Order", "order", "Base.Item", "type", "漢", "Node"];

const FORMATS: &[&str] = &[
    "date-time",
    "date",
    "time",
    "duration",
    "uuid",
    "uri",
    "ipv4",
    "byte",
    "binary",
    "decimal",
    "password",
    "email",
    "int32",
    "made-up",
];

const WORDS: &[&str] = &[
    "plain",
    "",
    "in two\nlines",
    "`code` and [a link](x)",
    "<b>*/\"#",
];

/// A text as a name.
fn name() -> impl Strategy<Value = String> {
    select(NAMES).prop_map(str::to_owned)
}

fn reference() -> impl Strategy<Value = Value> {
    select(COMPONENTS).prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")}))
}

/// A schema of one value that isn't made of others.
fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => select(FORMATS).prop_map(|format| json!({"type": "string", "format": format})),
        2 => prop::collection::btree_set(name(), 1..5)
            .prop_map(|values| json!({"type": "string", "enum": values})),
        1 => Just(json!({"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^[a-z]\"*/$"})),
        1 => prop::collection::btree_set(-3..300_i64, 1..4)
            .prop_map(|values| json!({"type": "integer", "enum": values})),
        2 => select(&["int32", "int64", "uint64", "other"][..])
            .prop_map(|format| json!({"type": "integer", "format": format, "minimum": 0})),
        1 => Just(json!({"type": "number", "format": "double", "exclusiveMinimum": true, "minimum": 0})),
        1 => Just(json!({"type": "boolean", "default": true})),
        1 => Just(json!({})),
        1 => Just(json!({"type": "object"})),
        1 => Just(json!({"type": ["string", "null"]})),
        1 => Just(json!({"type": ["integer", "array", "object"], "items": {"type": "string"}})),
        1 => name().prop_map(|value| json!({"const": value})),
        3 => reference(),
    ]
}

/// A schema of any construct.
fn schema() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 24, 5, |inner| {
        let inner = inner.boxed();
        let several = || prop::collection::vec(inner.clone(), 1..4);
        let annotated = (inner.clone(), select(WORDS), any::<[bool; 4]>());
        prop_oneof![
            4 => object(inner.clone()),
            2 => inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            1 => several().prop_map(|items| {
                let length = items.len();
                json!({"type": "array", "prefixItems": items, "minItems": length, "items": false})
            }),
            2 => several().prop_map(|parts| json!({"allOf": parts})),
            2 => several().prop_map(|parts| json!({"oneOf": parts})),
            2 => several().prop_map(|parts| json!({"anyOf": parts})),
            1 => tagged(),
            1 => inner.clone().prop_map(|not| json!({"not": not})),
            1 => (name(), inner.clone())
                .prop_map(|(name, schema)| json!({"type": "object", "patternProperties": {name: schema}})),
            2 => annotated.prop_map(|(mut schema, words, flags)| {
                if let Some(members) = schema.as_object_mut().filter(|it| !it.contains_key("$ref")) {
                    members.insert("title".to_owned(), json!(words));
                    members.insert("description".to_owned(), json!(words));
                    let keys = ["nullable", "deprecated", "readOnly", "writeOnly"];
                    members.extend(keys.iter().zip(flags).map(|(key, flag)| ((*key).to_owned(), json!(flag))));
                }
                schema
            }),
        ]
    })
}

fn object(inner: BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    let properties = prop::collection::btree_map(name(), inner.clone(), 0..5);
    let additional = prop_oneof![
        3 => Just(None),
        1 => any::<bool>().prop_map(|flag| Some(json!(flag))),
        1 => inner.prop_map(Some),
    ];
    (properties, additional, any::<u8>()).prop_map(|(properties, additional, required)| {
        let names = properties.keys().enumerate();
        let required: Vec<_> = names
            .filter(|(index, _)| required >> (index % 8) & 1 == 1)
            .map(|(_, name)| name.clone())
            .collect();
        let mut schema = json!({"type": "object", "properties": properties, "required": required});
        if let Some(additional) = additional {
            schema["additionalProperties"] = additional;
        }
        schema
    })
}

/// A union with a discriminator.
fn tagged() -> impl Strategy<Value = Value> {
    let variants = subsequence(COMPONENTS, 1..4);
    (variants, name(), name(), any::<bool>()).prop_map(|(variants, property, tag, is_mapped)| {
        let place = |name: &str| format!("#/components/schemas/{name}");
        let references: Vec<_> = variants
            .iter()
            .map(|name| json!({"$ref": place(name)}))
            .collect();
        let mut discriminator = json!({"propertyName": property});
        if is_mapped {
            discriminator["mapping"] = json!({tag: place(variants[0])});
        }
        json!({"oneOf": references, "discriminator": discriminator})
    })
}

/// A parameter of a location, in one of the styles that it has there.
fn parameter() -> impl Strategy<Value = Value> {
    let style = select(
        &[
            ("query", "form"),
            ("query", "form"),
            ("query", "spaceDelimited"),
            ("query", "pipeDelimited"),
            ("query", "deepObject"),
            ("header", "simple"),
            ("cookie", "form"),
        ][..],
    );
    (name(), style, schema(), any::<[bool; 3]>()).prop_map(
        |(name, (location, style), schema, [required, explode, is_content])| {
            let mut parameter = json!({"name": name, "in": location, "required": required});
            if is_content {
                parameter["content"] = json!({"application/json": {"schema": schema}});
            } else {
                parameter["schema"] = schema;
                parameter["style"] = json!(style);
                parameter["explode"] = json!(explode);
            }
            parameter
        },
    )
}

/// What a body may be of: one media type or several.
fn content() -> impl Strategy<Value = Value> {
    let media_type = select(
        &[
            "application/json",
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/octet-stream",
            "text/plain",
            "text/event-stream",
            "application/jsonl",
            "application/vnd.example+json; v=1",
            "*/*",
        ][..],
    );
    prop::collection::btree_map(media_type, schema(), 1..3).prop_map(|content| {
        let content = content.into_iter();
        content
            .map(|(media_type, schema)| (media_type.to_owned(), json!({"schema": schema})))
            .collect::<Map<_, _>>()
            .into()
    })
}

fn operation() -> impl Strategy<Value = Value> {
    let status = select(&["200", "201", "204", "2XX", "404", "4XX", "default"][..]);
    let header = prop::collection::btree_map(select(&["X-A", "x-b", "ETag"][..]), scalar(), 0..2);
    let response = (prop::option::of(content()), header).prop_map(|(content, headers)| {
        let headers = headers.into_iter();
        let headers: Map<_, _> = headers
            .map(|(name, schema)| (name.to_owned(), json!({"schema": schema})))
            .collect();
        let mut response = json!({"description": "An answer.", "headers": headers});
        if let Some(content) = content {
            response["content"] = content;
        }
        response
    });
    (
        prop::option::of(name()),
        prop::collection::vec(name(), 0..2),
        prop::collection::vec(parameter(), 0..4),
        prop::option::of(content()),
        prop::collection::btree_map(status, response, 1..4),
    )
        .prop_map(|(id, tags, parameters, body, responses)| {
            let mut seen = BTreeSet::new();
            let mut parameters = parameters;
            parameters.retain(|it| seen.insert((it["name"].to_string(), it["in"].to_string())));
            let mut operation =
                json!({"tags": tags, "parameters": parameters, "responses": responses});
            if let Some(id) = id {
                operation["operationId"] = json!(id);
            }
            if let Some(body) = body {
                operation["requestBody"] = json!({"content": body, "required": true});
            }
            operation
        })
}

/// A path, and the parameters of its template.
const PATHS: &[(&str, &[&str])] = &[
    ("/", &[]),
    ("/orders", &[]),
    ("/orders/{id}", &["id"]),
    ("/orders/{id}/{type}", &["id", "type"]),
    ("/a-b/{x.y}.{format}", &["x.y", "format"]),
    ("/Orders/{order id}", &["order id"]),
];

fn document() -> impl Strategy<Value = Value> {
    let paths = prop::collection::btree_map(0..PATHS.len(), operations(), 1..4);
    let schemas = prop::collection::vec(
        object(schema().boxed())
            .boxed()
            .prop_union(schema().boxed()),
        COMPONENTS.len(),
    );
    (select(&["3.0.3", "3.1.0"][..]), paths, schemas).prop_map(|(version, paths, schemas)| {
        let paths: Map<_, _> = paths
            .into_iter()
            .map(|(index, mut item)| {
                let (path, names) = PATHS[index];
                let parameters: Vec<_> = names
                    .iter()
                    .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
                    .collect();
                item["parameters"] = json!(parameters);
                (path.to_owned(), item)
            })
            .collect();
        // A component that is nothing but a reference may lead back to itself.
        let schemas = schemas.into_iter().map(|schema| match schema.get("$ref") {
            Some(_) => json!({"type": "array", "items": schema}),
            None => schema,
        });
        let schemas: Map<_, _> = COMPONENTS.iter().map(|name| (*name).to_owned()).zip(schemas).collect();
        json!({
            "openapi": version,
            "info": {"title": "Random", "version": "1"},
            "servers": [{"url": "https://api.example.com"}],
            "security": [{"oauth": []}],
            "paths": paths,
            "components": {"schemas": schemas, "securitySchemes": {"oauth": {"type": "oauth2", "flows": {
                "clientCredentials": {"tokenUrl": "https://auth.example.com/token", "scopes": {}}
            }}}},
        })
    })
}

fn operations() -> impl Strategy<Value = Value> {
    let method = select(&["get", "put", "post", "delete", "patch"][..]);
    prop::collection::btree_map(method, operation(), 1..3).prop_map(|operations| json!(operations))
}

fn generate(document: &Value) -> Package {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("openapi.json");
    fs::write(&path, document.to_string()).expect("written");
    match accredit::generate(&Config::new(path)) {
        Ok(package) => package,
        Err(error) => panic!("{error}\n{document:#}"),
    }
}

/// Holds names against each other, scope by scope.
#[derive(Default)]
struct Names {
    twice: Vec<String>,
}

impl Names {
    fn scope(&mut self, names: impl Iterator<Item = String>) {
        let mut seen = BTreeSet::new();
        self.twice
            .extend(names.filter(|name| !seen.insert(name.clone())));
    }

    fn items(&mut self, items: &[syn::Item]) {
        self.scope(items.iter().filter_map(|item| {
            Some(match item {
                syn::Item::Struct(item) => item.ident.to_string(),
                syn::Item::Enum(item) => item.ident.to_string(),
                syn::Item::Type(item) => item.ident.to_string(),
                syn::Item::Mod(item) => item.ident.to_string(),
                syn::Item::Static(item) => item.ident.to_string(),
                _ => return None,
            })
        }));
    }
}

impl<'a> Visit<'a> for Names {
    fn visit_fields_named(&mut self, fields: &'a syn::FieldsNamed) {
        let names = fields.named.iter().filter_map(|field| field.ident.as_ref());
        self.scope(names.map(ToString::to_string));
    }

    fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
        self.scope(
            item.variants
                .iter()
                .map(|variant| variant.ident.to_string()),
        );
    }

    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        self.scope(item.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
            _ => None,
        }));
    }

    fn visit_signature(&mut self, signature: &'a syn::Signature) {
        self.scope(signature.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(argument) => match &*argument.pat {
                syn::Pat::Ident(pattern) => Some(pattern.ident.to_string()),
                _ => None,
            },
            syn::FnArg::Receiver(_) => None,
        }));
    }
}

fn check(document: &Value) {
    let package = generate(document);
    for (path, text) in package
        .files()
        .iter()
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|it| it == "rs"))
    {
        let file =
            syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}\n{document:#}"));
        let mut names = Names::default();
        names.items(&file.items);
        names.visit_file(&file);
        assert!(
            names.twice.is_empty(),
            "{path} has {:?} twice\n{document:#}",
            names.twice
        );
    }
    let manifest = package.files().get("Cargo.toml").expect("a manifest");
    assert!(manifest.parse::<toml::Table>().is_ok(), "{manifest}");
    assert_eq!(generate(document).files(), package.files());

    let paths = document["paths"].as_object().expect("paths").values();
    let present: usize = paths
        .map(|item| item.as_object().map_or(0, Map::len) - 1)
        .sum();
    let told = package
        .warnings()
        .iter()
        .filter(|warning| warning.code() == Code::InvalidPart);
    assert!(
        package.operations() + told.count() >= present,
        "{document:#}"
    );
}

/// The same documents with each run, so that nobody's change fails by chance; others by
/// `PROPTEST_RNG_SEED`, and more by `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let asked = ProptestConfig::default();
    ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() {
            asked.cases
        } else {
            64
        },
        rng_seed: match asked.rng_seed {
            RngSeed::Random => RngSeed::Fixed(1),
            seed @ RngSeed::Fixed(_) => seed,
        },
        failure_persistence: None,
        ..asked
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_valid_document_becomes_a_crate(document in document()) {
        check(&document);
    }

    /// What is added at the end of a document renames nothing before it.
    #[test]
    fn an_operation_that_is_added_changes_no_other(document in document()) {
        // A crate of several groups has features.
        let mut document = document;
        let [before, after] = ["yyy", "zzz"].map(|name| {
            document["paths"][format!("/{name}")] = json!({"get": {
                "operationId": name, "tags": [name], "responses": {"204": {"description": "Nothing."}}
            }});
            generate(&document)
        });
        for (path, text) in before.files().iter() {
            let is_of_types = path.starts_with("src/types") || path.starts_with("src/operations/");
            prop_assert!(!is_of_types || after.files().get(path) == Some(text), "{path}\n{document:#}");
        }
    }
}
