//! Texts with rules of their own.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeValue;

use super::mistake::Reader;
use super::value::{Shape, Value};
use crate::config::{Fact, Selector, crate_name, is_url};

/// Reads a text.
pub(super) fn text<'v>(
    value: &'v Spanned<DeValue<'_>>,
    reader: &mut Reader<'_>,
    shape: &Shape,
) -> Option<&'v str> {
    let text = value.get_ref().as_str();
    if text.is_none() {
        reader.unexpected(value, shape);
    }
    text
}

/// Defines texts by what they are and by what says what is wrong with one.
macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $name:ident: $what:literal, $fault:expr;)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone)]
            pub(crate) struct $name(pub(crate) String);

            impl Value for $name {
                fn shape() -> Shape {
                    Shape::Text($what)
                }

                fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
                    let fault: fn(&str) -> Option<String> = $fault;
                    let text = text(value, reader, &Self::shape())?;
                    match fault(text) {
                        None => Some(Self(text.to_owned())),
                        Some(fault) => {
                            let message = format!("`{text}` isn't {}: {fault}", $what);
                            reader.mistake(value.span(), message);
                            None
                        }
                    }
                }
            }
        )+
    };
}

texts! {
    /// Any text.
    Text: "a text", |_| None;
    /// A name of a crate.
    CrateName: "the name of a crate", crate_name::fault;
    /// A version of a crate.
    Version: "a version such as `1.2.0`", |text| Fact::Version.fault(text);
    /// What a crate is, in a line.
    Description: "a line of text", |text| Fact::Description.fault(text);
    /// An SPDX expression.
    License: "an SPDX licence expression", |text| Fact::License.fault(text);
    /// An address.
    Url: "a URL", |text| Fact::Url.fault(text);
    /// A word by which the registry finds a crate.
    Keyword: "a keyword", |text| Fact::Keyword.fault(text);
    /// A shelf of the registry.
    Category: "a category", |text| Fact::Category.fault(text);
    /// A person.
    Author: "an author", |text| Fact::Author.fault(text);
    /// A version of the compiler.
    RustVersion: "a version of Rust such as `1.90`", |text| Fact::RustVersion.fault(text);
}

/// The path of a document, or its URL.
#[derive(Debug, Clone)]
pub(crate) struct Document(pub(crate) PathBuf);

impl Value for Document {
    fn shape() -> Shape {
        Shape::Text("the path of a document, relative to the file, or its URL")
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        text(value, reader, &Self::shape()).map(|text| Self(text.into()))
    }

    fn below(&mut self, directory: &Path) {
        if !is_url(&self.0) {
            self.0.below(directory);
        }
    }
}

/// At most so many of something.
#[derive(Debug, Clone)]
pub(crate) struct AtMost<const MOST: usize, T>(pub(crate) Vec<T>);

impl<const MOST: usize, T: Value> Value for AtMost<MOST, T> {
    fn shape() -> Shape {
        Vec::<T>::shape()
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let list = Vec::read(value, reader)?;
        if list.len() > MOST {
            let message = format!("expected at most {MOST}, found {}", list.len());
            reader.mistake(value.span(), message);
            return None;
        }
        Some(Self(list))
    }
}

impl Value for Selector {
    fn shape() -> Shape {
        Shape::Text("a selector: `tag:…`, `path:…`, `id:…` or `method:…`")
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = text(value, reader, &Self::shape())?;
        let message = match text.parse() {
            Ok(selector) => return Some(selector),
            Err(message) => message,
        };
        reader.mistake(
            value.span(),
            format!("`{text}` isn't a selector: {message}"),
        );
        None
    }
}
