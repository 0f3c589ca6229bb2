//! What callers of a generated crate can see: its operations, types and settings, in words of the document
//! and by their names in Rust. It is kept beside the crate, so that the next generation can be held against it.

mod operations;
mod text;
mod types;

use std::collections::BTreeMap;
#[cfg(feature = "cli")]
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

#[cfg(feature = "cli")]
use crate::diagnostics::{Code, Diagnostic};
use crate::files::mark;
use crate::model::{Api, SchemeKind, SecurityScheme};
use crate::names::Names;

/// Where it stands in the crate.
pub(crate) const SURFACE: &str = "accredit-api.json";

/// Everything that callers can see.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Surface {
    /// By the way to the method: `orders.get`, with the module of the document before it where there are
    /// several.
    pub(crate) operations: BTreeMap<String, Operation>,
    /// By the name in Rust.
    pub(crate) types: BTreeMap<String, Type>,
    /// By the name in the document, with the module before it where there are several.
    pub(crate) schemes: BTreeMap<String, Scheme>,
    /// The features that operations and types stand behind, with the way to what each brings.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) features: BTreeMap<String, String>,
    /// By the module of the document, the URL that a client calls unless another is set.
    pub(crate) servers: BTreeMap<String, String>,
}

/// An operation, and the method that calls it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Operation {
    /// The method and the path: `GET /orders/{id}`.
    pub(crate) request: String,
    /// What the method takes, in its order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) arguments: Vec<Input>,
    /// What can be set on the call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) setters: Vec<Input>,
    /// What a call gives.
    pub(crate) output: String,
    /// What a call has beside its answer, with what it gives: `pages`, `items`, `poller`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) methods: BTreeMap<String, String>,
    /// Where an enum tells successes or failures apart, what each variant holds.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) successes: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) failures: BTreeMap<String, String>,
    /// The alternatives by which a call may go out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) security: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) deprecated: bool,
}

/// A parameter, a body or a part of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Input {
    /// What the document calls it: the name of a parameter, `body`.
    pub(crate) name: String,
    /// What Rust calls it.
    pub(crate) identifier: String,
    pub(crate) ty: String,
}

/// A type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Type {
    Struct {
        /// In document order: required ones are the arguments of `new`, in this order.
        fields: Vec<Field>,
    },
    Enum {
        /// By identifier, the constant of the document.
        variants: BTreeMap<String, String>,
    },
    Union {
        /// By identifier, the type.
        variants: BTreeMap<String, String>,
    },
    Alias {
        target: String,
    },
    Newtype {
        target: String,
    },
}

/// A property, or what holds the further ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) identifier: String,
    pub(crate) ty: String,
    /// Whether it is an argument of `new`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) required: bool,
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Scheme {
    /// What it is, in a few words.
    pub(crate) what: String,
    /// What its credential is called among the settings; empty where it has none of its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) setting: String,
    /// The URL of the token endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token_url: Option<String>,
}

impl Surface {
    /// Returns what callers of a crate see that is made of APIs, which share their types.
    pub(crate) fn of(apis: &[Api], names: &[Names]) -> Self {
        let mut surface = Self::default();
        for (api, names) in apis.iter().zip(names) {
            let module = names.module().map(ToString::to_string).unwrap_or_default();
            let key = |name: &str| match module.as_str() {
                "" => name.to_owned(),
                module => format!("{module}.{name}"),
            };
            for (path, operation) in operations::of(api, names) {
                surface.operations.insert(key(&path), operation);
            }
            for (index, scheme) in api.schemes.iter().enumerate() {
                let described = self::scheme(scheme, names.setting(index));
                surface.schemes.insert(key(&scheme.name), described);
            }
            for (feature, way) in names.features() {
                surface.features.insert(feature.to_owned(), way.to_string());
            }
            if let Some(server) = api.servers.first() {
                surface.servers.insert(module.clone(), server.url.clone());
            }
        }
        if let (Some(api), Some(names)) = (apis.first(), names.first()) {
            surface.types = types::of(api, names);
        }
        surface
    }

    /// Reads what [`Surface::to_text`] wrote.
    #[cfg(feature = "cli")]
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// Reads the file of a crate.
    #[cfg(feature = "cli")]
    pub(crate) fn load(path: &Path) -> Result<Self, Box<Diagnostic>> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string());
        text.and_then(|text| Self::read(&text)).map_err(|reason| {
            let message = format!("`{}` can't be read: {reason}", path.display());
            Box::new(Diagnostic::fault(Code::UnreadableFile, message))
        })
    }

    /// Returns it as JSON, with a line for each thing, so that version control shows what changed.
    pub(crate) fn to_text(&self, document: &Path) -> String {
        let mut text = format!("{{\"mark\":{},\n", json(&mark(document)));
        section(&mut text, "operations", &self.operations, ",");
        section(&mut text, "types", &self.types, ",");
        section(&mut text, "schemes", &self.schemes, ",");
        if !self.features.is_empty() {
            section(&mut text, "features", &self.features, ",");
        }
        section(&mut text, "servers", &self.servers, "");
        text.push_str("}\n");
        text
    }
}

fn section<T: Serialize>(text: &mut String, name: &str, things: &BTreeMap<String, T>, end: &str) {
    let lines = things
        .iter()
        .map(|(key, thing)| format!("{}:{}", json(key), json(thing)));
    let lines: Vec<_> = lines.collect();
    text.extend(["\"", name, "\":{\n", &lines.join(",\n"), "\n}", end, "\n"]);
}

/// Returns a value as JSON. Values of ours are made of strings, and those can be written.
fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn scheme(scheme: &SecurityScheme, setting: &str) -> Scheme {
    let (what, has_setting, token_url) = match &scheme.kind {
        SchemeKind::ClientCredentials { token_url, .. } => (
            "OAuth 2.0 client credentials".to_owned(),
            false,
            token_url.clone(),
        ),
        SchemeKind::ApiKey { location, name } => {
            (format!("API key in the {location} `{name}`"), true, None)
        }
        SchemeKind::Basic => ("HTTP Basic".to_owned(), true, None),
        SchemeKind::Bearer => ("HTTP Bearer".to_owned(), true, None),
        SchemeKind::Token(what) => (what.clone(), true, None),
        SchemeKind::MutualTls => ("mutualTLS".to_owned(), false, None),
        SchemeKind::Other(what) => (what.clone(), false, None),
    };
    Scheme {
        what,
        setting: if has_setting {
            setting.to_owned()
        } else {
            String::new()
        },
        token_url,
    }
}
