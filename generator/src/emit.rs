//! Model and names become Rust: tokens by `quote`, text by `prettyplease`.
//!
//! Emission can't fail. A generated item is data and one call into the runtime; whatever is logic
//! lives there.

mod bodies;
mod client;
mod constraints;
mod defaults;
mod docs;
mod enums;
mod examples;
mod files;
mod format;
mod headers;
mod multipart;
mod operations;
mod pages;
mod parameters;
mod policies;
mod polling;
mod responses;
mod scalars;
mod size;
#[cfg(feature = "smoke")]
mod smoke;
mod structs;
mod tolerances;
mod types;
mod unions;
mod usage;
mod uses;
mod xml;

use crate::{
    config::{Config, Layout, Policies, Tolerances},
    files::Files,
    model::Api,
    names::Names,
};

/// What everything that is emitted is made of.
#[derive(Clone, Copy)]
struct Context<'a> {
    api: &'a Api,
    names: &'a Names,
    sizes: &'a size::Sizes,
    xml: &'a xml::Tables<'a>,
    policies: &'a Policies,
    tolerances: Tolerances,
    /// Whether documentation has examples: they name the crate, which a module doesn't know.
    has_examples: bool,
}

/// Returns the Rust of APIs, which share their types: the modules of a crate below `src/`, except for
/// their roots, or one file with all of them, `client.rs`, to be included in a module.
pub(crate) fn emit(apis: &[Api], names: &[Names], config: &Config) -> Files {
    let sizes = apis.first().map(size::Sizes::of).unwrap_or_default();
    let tables: Vec<_> = apis.iter().map(xml::Tables::of).collect();
    let contexts: Vec<_> = apis
        .iter()
        .zip(names)
        .zip(&tables)
        .map(|((api, names), xml)| Context {
            api,
            names,
            sizes: &sizes,
            xml,
            policies: config.call_policies(),
            tolerances: config.tolerances(),
            has_examples: config.layout() == Layout::Crate,
        })
        .collect();
    match config.layout() {
        Layout::Crate => files::of_crate(&contexts),
        Layout::Module => files::of_module(&contexts),
    }
}

/// Returns calls of every operation of the first API, whose values are read when they run.
#[cfg(feature = "smoke")]
pub(crate) fn smoke(apis: &[Api], names: &[Names]) -> String {
    let sizes = apis.first().map(size::Sizes::of).unwrap_or_default();
    let policies = Policies::new();
    let context = apis.first().zip(names.first()).map(|(api, names)| {
        let xml = xml::Tables::of(api);
        smoke::calls(Context {
            api,
            names,
            sizes: &sizes,
            xml: &xml,
            policies: &policies,
            tolerances: Tolerances::default(),
            has_examples: false,
        })
    });
    context.unwrap_or_default()
}

// Of a whole crate.
#[cfg(test)]
#[cfg(feature = "directory")]
mod tests {
    use indoc::indoc;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{diagnostics::Diagnostics, lower, names, openapi::Description, package};

    /// A document of which every name and every text is any text.
    fn document(texts: &[String; 6]) -> openapiv3::OpenAPI {
        let [name, other, text, value, operation, tag] = texts;
        let schema = json!({
            "type": "object",
            "description": text,
            "required": [name],
            "properties": {
                name: {"type": "string", "enum": [value, other], "description": text},
                other: {"type": "array", "items": {"type": "object", "properties": {value: {}}}},
            },
            "additionalProperties": {"type": "integer"},
        });
        let body =
            json!({"description": text, "content": {"application/json": {"schema": schema}}});
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": name, "version": value, "description": text},
            "paths": {"/a": {"get": {
                "operationId": operation,
                "tags": [tag],
                "description": text,
                "parameters": [
                    {"name": name, "in": "query", "required": true, "schema": {"type": "string"}},
                    {"name": other, "in": "header", "schema": {"type": "string"}, "description": text},
                ],
                "responses": {"200": body, "default": body},
            }}},
        });
        serde_json::from_value(document).expect("a document")
    }

    fn files(document: &openapiv3::OpenAPI, config: &Config) -> Files {
        let mut diagnostics = Diagnostics::default();
        let description = Description::from(document.clone());
        let apis = lower::lower(&description, config, &mut diagnostics);
        let names = names::assign(&apis, config, &mut diagnostics);
        diagnostics.into_list();
        let mut files = emit(&apis, &names, config);
        files.extend(package::package(&apis, &names, config));
        files
    }

    fn is_rust(path: &str) -> bool {
        std::path::Path::new(path)
            .extension()
            .is_some_and(|extension| extension == "rs")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn whatever_the_document_says_comes_out_as_rust(
            texts in prop::array::uniform6(any::<String>()),
            is_module in any::<bool>(),
        ) {
            let config = Config::new("openapi.yaml");
            let config = if is_module { config.module() } else { config };
            let document = document(&texts);
            let files = files(&document, &config);
            for (path, text) in files.iter().filter(|(path, _)| is_rust(path)) {
                prop_assert!(syn::parse_file(text).is_ok(), "{}:\n{}", path, text);
            }
            prop_assert_eq!(&files, &self::files(&document, &config));
        }
    }

    #[test]
    fn a_group_owns_the_types_that_only_it_uses() {
        let document = indoc! {r##"
            openapi: 3.0.3
            info: {title: t, version: "1"}
            paths:
              /a:
                get:
                  tags: [a]
                  operationId: a.get
                  responses:
                    "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Own"}}}}
                    "400": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Both"}}}}
              /b:
                get:
                  tags: [b]
                  operationId: b.get
                  responses:
                    "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Both"}}}}
            components:
              schemas:
                Own: {type: object, properties: {x: {type: string}}}
                Both: {type: object, properties: {own: {type: string}}}
        "##};
        let document = serde_yaml::from_str(document).expect("a document");
        let files = files(&document, &Config::new("openapi.yaml"));
        let paths: Vec<_> = files.iter().map(|(path, _)| path).collect();
        let expected = [
            "CHANGELOG.md",
            "Cargo.toml",
            "README.md",
            "src/client.rs",
            "src/lib.rs",
            "src/operations.rs",
            "src/operations/a.rs",
            "src/operations/b.rs",
            "src/types.rs",
            "src/types/a.rs",
            "src/types/shared.rs",
        ];
        assert_eq!(paths, expected);
    }
}
