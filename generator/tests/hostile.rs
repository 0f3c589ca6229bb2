//! Texts of a document that try to break out of strings, documentation, comments or the manifest.

use std::fs;
use std::path::Path;

use accredit::Config;
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

/// What a text is made of: ends of literals and comments, line ends, control characters, marks that
/// turn the direction of writing, and code that must stay text.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "\\",
    "#",
    "\"#",
    "*/",
    "/*",
    "//",
    "///",
    "//!",
    "\n",
    "\r",
    "\r\n",
    "\u{0}",
    "\u{7}",
    "\u{1b}[31m",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{202a}",
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "\u{200f}",
    "\u{feff}",
    "{",
    "}",
    "{{",
    "}}",
    "{id}",
    "[",
    "]",
    "]]",
    "`",
    "```",
    "~~~",
    "<",
    ">",
    "<script>",
    "-->",
    "<!--",
    "|",
    "%",
    "$",
    "&",
    "\npub fn evil() {}\n",
    "pub fn evil() {}",
    "\n[dependencies]\nevil = \"1\"\n",
    "evil",
    "#![evil]",
    "\")]pub fn evil(){}",
    "../../evil",
    "..",
    "/",
    "C:\\",
    "a",
    "Z",
    "9",
    "_",
    "-",
    " ",
    "\t",
    "type",
    "Self",
    "crate",
    "r#",
    "ß",
    "漢",
    "e\u{301}",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::collection::vec(prop::sample::select(PIECES), 0..6).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

/// Returns a document in which every text is one of the given.
fn document(texts: &[String]) -> Value {
    let at = |index: usize| texts[index % texts.len()].clone();
    let reference = json!({"$ref": format!("#/components/schemas/{}", pointer(&at(0)))});
    json!({
        "openapi": "3.0.3",
        "info": {"title": at(1), "version": at(2), "description": at(3), "license": {"name": at(4), "url": at(5)}},
        "externalDocs": {"url": at(6)},
        "servers": [{"url": at(7), "description": at(8), "variables": {at(9): {"default": at(10), "enum": [at(10), at(11)]}}}],
        "tags": [{"name": at(12), "description": at(13)}],
        "security": [{at(14): [at(15)]}],
        "paths": {format!("/{}/{{id}}", at(16)): {"post": {
            "tags": [at(12)], "operationId": at(17), "summary": at(18), "description": at(19),
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": at(20), "in": "query", "description": at(21), "schema": {"type": "string", "enum": [at(22), at(23)], "default": at(22)}},
                {"name": at(24), "in": "header", "schema": {"type": "string", "pattern": at(25)}},
            ],
            "requestBody": {"description": at(26), "content": {"application/json": {"schema": reference}}},
            "responses": {"200": {"description": at(27), "content": {"application/json": {"schema": reference}}},
                "default": {"description": at(28), "content": {at(29): {"schema": {"type": "object", "title": at(30), "properties": {at(31): {"type": "string"}}}}}}},
        }}},
        "components": {
            "schemas": {at(0): {"type": "object", "title": at(32), "description": at(33), "required": [at(34)], "properties": {
                at(34): {"type": "string", "description": at(35), "format": at(36), "example": at(37)},
                at(38): {"oneOf": [{"type": "string"}, {"type": "object", "properties": {at(39): {"const": at(40)}}}], "discriminator": {"propertyName": at(41)}},
                at(42): {"type": "integer", "enum": [1, 2], "x-enum-varnames": [at(43), at(44)]},
            }}},
            "securitySchemes": {at(14): {"type": "oauth2", "description": at(45), "flows": {"clientCredentials": {
                "tokenUrl": at(46), "scopes": {at(15): at(47)}}}}},
        },
    })
}

fn pointer(name: &str) -> String {
    let name = name.replace('~', "~0").replace('/', "~1");
    name.replace('%', "%25")
}

/// Returns whether a character turns the direction of writing: `rustc` refuses it in comments and
/// literals.
fn turns(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whatever a file says, it says it in texts: no item comes from the document.
fn check_rust(path: &str, text: &str) {
    let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
    assert!(!text.contains(turns), "{path}: {text}");
    for item in &file.items {
        if let syn::Item::Fn(function) = item {
            assert!(function.sig.ident != "evil", "{path}: {text}");
        }
    }
    let documentation = |attribute: &syn::Attribute| attribute.path().is_ident("doc");
    assert!(file.attrs.iter().all(documentation), "{path}: {text}");
}

/// Generates and checks; returns whether there was something to check.
fn check(document: &Value, several: bool) -> bool {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("openapi.json");
    fs::write(&path, document.to_string()).expect("written");
    let config = if several {
        let other = directory.path().join("other.json");
        fs::write(&other, document.to_string()).expect("written");
        Config::of([path, other])
    } else {
        Config::new(path)
    };
    let Ok(package) = accredit::generate(&config) else {
        return false;
    };
    for (path, text) in package.files().iter() {
        let inside = Path::new(path)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        assert!(inside, "{path}");
        if Path::new(path).extension().is_some_and(|it| it == "rs") {
            check_rust(path, text);
        }
    }
    let manifest = package.files().get("Cargo.toml").expect("a manifest");
    let manifest: toml::Table = manifest
        .parse()
        .unwrap_or_else(|error| panic!("{error}\n{manifest}"));
    let dependencies = manifest["dependencies"].as_table().expect("a table");
    assert_eq!(dependencies.len(), 1, "{manifest}");
    let output = directory.path().join("sdk");
    package.write_to(&output).expect("written");
    let beside = fs::read_dir(directory.path()).expect("a directory").count();
    assert_eq!(
        beside,
        2 + usize::from(several),
        "something is written outside"
    );
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_of_a_document_becomes_code(texts in prop::collection::vec(text(), 48), several: bool) {
        check(&document(&texts), several);
    }
}

#[test]
fn the_worst_text_in_every_place_stays_a_text() {
    let mut generated = 0;
    for piece in PIECES {
        generated += usize::from(check(&document(&[(*piece).to_owned()]), false));
        generated += usize::from(check(&document(&[format!("a{piece}b")]), true));
    }
    assert_eq!(generated, 2 * PIECES.len());
}
