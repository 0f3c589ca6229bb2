//! The types of a generated crate as a crate of their own: as generated, and with serde's derives
//! in place of the tables.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Fields, Item, ItemEnum, ItemStruct, Lit, parse_quote};

/// Copies the types of a generated crate, and nothing else of it.
pub(crate) fn types_alone(client: &Path, output: &Path) -> Result<()> {
    copy(client, output, "", |text| Ok(text.to_owned()))
}

/// Copies the types of a generated crate with serde's derives in place of the tables.
pub(crate) fn with_derives(client: &Path, output: &Path) -> Result<()> {
    let dependency = "serde = { version = \"1\", features = [\"derive\"] }\n";
    copy(client, output, dependency, |text| {
        let mut file = syn::parse_file(text)?;
        let mut twin = Twin::default();
        twin.collect(&file.items);
        twin.visit_file_mut(&mut file);
        Ok(prettyplease::unparse(&file))
    })
}

fn copy(
    client: &Path,
    output: &Path,
    dependency: &str,
    convert: impl Fn(&str) -> Result<String>,
) -> Result<()> {
    let source = output.join("src");
    fs::create_dir_all(&source)?;
    let manifest = fs::read_to_string(client.join("Cargo.toml"))?;
    let manifest = manifest.replace("[dependencies]\n", &format!("[dependencies]\n{dependency}"));
    fs::write(output.join("Cargo.toml"), manifest)?;
    fs::write(output.join("README.md"), "")?;
    fs::write(source.join("lib.rs"), "pub mod types;\n")?;
    let types = client.join("src/types.rs");
    fs::write(
        source.join("types.rs"),
        convert(&fs::read_to_string(&types)?)?,
    )?;
    copy_folder(&client.join("src/types"), &source.join("types"), &convert)
}

fn copy_folder(from: &Path, to: &Path, convert: &impl Fn(&str) -> Result<String>) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("a file")?);
        if path.is_dir() {
            copy_folder(&path, &target, convert)?;
        } else {
            fs::write(target, convert(&fs::read_to_string(&path)?)?)?;
        }
    }
    Ok(())
}

/// Replaces tables by derives.
#[derive(Debug, Default)]
struct Twin {
    /// By object: the names of its properties, in the order of its fields.
    properties: BTreeMap<String, Vec<String>>,
    /// By enum: the values of its variants.
    values: BTreeMap<String, BTreeMap<String, String>>,
    unions: Vec<String>,
    newtypes: Vec<String>,
}

impl Twin {
    fn collect(&mut self, items: &[Item]) {
        for item in items {
            let Item::Macro(item) = item else {
                continue;
            };
            let Some(table) = item.mac.path.segments.last() else {
                continue;
            };
            let tokens = item.mac.tokens.clone();
            let mut subject = tokens.clone().into_iter();
            let Some(name) = subject.next().map(|name| name.to_string()) else {
                continue;
            };
            match table.ident.to_string().as_str() {
                "object" => {
                    let mut names = Vec::new();
                    literals(tokens, &mut names);
                    self.properties.insert(name, names);
                }
                "string_enum" => {
                    self.values.insert(name, values(tokens));
                }
                "union" => self.unions.push(name),
                "newtype" => self.newtypes.push(name),
                _ => {}
            }
        }
    }
}

impl VisitMut for Twin {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        for item in &mut file.items {
            if let Some(declared) = declared(item) {
                *item = declared;
            }
        }
        file.items.retain(|item| !is_replaced(item));
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        let name = item.ident.to_string();
        item.attrs.push(derives());
        if self.newtypes.contains(&name) {
            item.attrs.push(parse_quote!(#[serde(transparent)]));
            return;
        }
        let mut names = self
            .properties
            .get(&name)
            .cloned()
            .unwrap_or_default()
            .into_iter();
        let Fields::Named(fields) = &mut item.fields else {
            return;
        };
        for field in &mut fields.named {
            let optional = field.ty.to_token_stream().to_string().starts_with("Option");
            field.attrs.push(match (names.next(), optional) {
                (Some(name), true) => {
                    parse_quote!(#[serde(rename = #name, default, skip_serializing_if = "Option::is_none")])
                }
                (Some(name), false) => parse_quote!(#[serde(rename = #name)]),
                (None, _) => parse_quote!(#[serde(flatten)]),
            });
        }
    }

    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        let name = item.ident.to_string();
        if let Some(values) = self.values.get(&name) {
            for variant in &mut item.variants {
                variant
                    .attrs
                    .push(match values.get(&variant.ident.to_string()) {
                        Some(value) => parse_quote!(#[serde(rename = #value)]),
                        None => parse_quote!(#[serde(untagged)]),
                    });
            }
            // The table compares by text.
            item.attrs.push(parse_quote!(#[derive(PartialEq)]));
            item.attrs.push(derives());
        } else if self.unions.contains(&name) {
            item.attrs.push(derives());
            item.attrs.push(parse_quote!(#[serde(untagged)]));
        }
    }
}

/// Returns the enum that a table of strings declares: a variant for each, and one for the rest.
fn declared(item: &Item) -> Option<Item> {
    let Item::Macro(item) = item else {
        return None;
    };
    if item.mac.path.segments.last()?.ident != "string_enum" {
        return None;
    }
    let mut head: Vec<_> = item.mac.tokens.clone().into_iter().collect();
    let (Some(TokenTree::Group(body)), false) = (head.pop(), head.is_empty()) else {
        return None;
    };
    let mut values: Vec<_> = body.stream().into_iter().collect();
    // An underscore, a sign, a name and a comma.
    let rest = values.split_off(values.len().checked_sub(4)?);
    let rest = rest.get(2)?;
    let (head, values) = (TokenStream::from_iter(head), TokenStream::from_iter(values));
    let mut declared: ItemEnum = syn::parse2(quote!(#head { #values })).ok()?;
    for variant in &mut declared.variants {
        if let Some((_, value)) = variant.discriminant.take() {
            variant.attrs.push(parse_quote!(#[serde(rename = #value)]));
        }
    }
    let others = parse_quote!(#[serde(untagged)] #rest(String));
    declared.variants.push(others);
    let of_the_table = parse_quote!(#[derive(Debug, Clone, PartialEq)]);
    declared.attrs.extend([of_the_table, derives()]);
    Some(Item::Enum(declared))
}

/// Returns whether an item is one of the tables that the derives replace, or needs one.
fn is_replaced(item: &Item) -> bool {
    match item {
        // Constructors and evidence speak of the tables.
        Item::Impl(_) => true,
        Item::Macro(item) => item.mac.path.segments.last().is_some_and(|last| {
            ["object", "string_enum", "union", "newtype"]
                .iter()
                .any(|name| last.ident == name)
        }),
        _ => false,
    }
}

fn derives() -> Attribute {
    parse_quote!(#[derive(serde::Serialize, serde::Deserialize)])
}

/// Returns the texts of a table of an enum, by their variants.
fn values(table: TokenStream) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    let mut variant = String::new();
    for token in table.into_iter().filter_map(|token| match token {
        TokenTree::Group(entries) => Some(entries.stream()),
        _ => None,
    }) {
        for token in token {
            match token {
                TokenTree::Ident(name) => variant = name.to_string(),
                TokenTree::Literal(literal) => {
                    if let Lit::Str(text) = Lit::new(literal) {
                        values.insert(variant.clone(), text.value());
                    }
                }
                _ => {}
            }
        }
    }
    values
}

/// Appends the string literals among tokens, in order.
fn literals(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => literals(group.stream(), found),
            TokenTree::Literal(literal) => {
                if let Lit::Str(text) = Lit::new(literal) {
                    found.push(text.value());
                }
            }
            _ => {}
        }
    }
}
