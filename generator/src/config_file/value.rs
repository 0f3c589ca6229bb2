//! What a key can be given.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeValue;

use super::key::{Key, Keys};
use super::mistake::{Reader, listed};
use super::text::text;
use crate::config::{Format, Formats, Tolerance};
use crate::pointer::Pointer;

/// What kind of value is expected.
#[derive(Debug)]
pub(super) enum Shape {
    Boolean,
    /// An integer, at least and at most.
    Integer(u64, u64),
    /// A length of time.
    Seconds,
    /// A text; what it is, with an article.
    Text(&'static str),
    /// One of several words.
    Choice(Vec<&'static str>),
    List(Box<Self>),
    /// A table of known keys.
    #[cfg_attr(
        not(feature = "cli"),
        expect(dead_code, reason = "only the schema looks into it")
    )]
    Table(&'static [Key]),
    /// A table whose keys are names of something: of what.
    Map(&'static str, Box<Self>),
    Either(Box<[Self; 2]>),
}

impl fmt::Display for Shape {
    /// Writes what it is, with an article.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean => f.write_str("`true` or `false`"),
            Self::Integer(least, most) if *most >= u32::MAX.into() => {
                write!(f, "an integer from {least}")
            }
            Self::Integer(least, most) => write!(f, "an integer from {least} to {most}"),
            Self::Seconds => f.write_str("a number of seconds, more than none"),
            Self::Text(what) => f.write_str(what),
            Self::Choice(words) => f.write_str(&listed(words, "or")),
            Self::List(element) => write!(f, "an array, each element {element}"),
            Self::Table(_) => f.write_str("a table"),
            Self::Map(what, value) => write!(f, "a table: by {what}, {value}"),
            Self::Either(shapes) => write!(f, "{}, or {}", shapes[0], shapes[1]),
        }
    }
}

/// What is read of a value. `None` is a mistake, which was told.
pub(super) trait Value: Sized {
    fn shape() -> Shape;

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self>;

    /// Makes paths begin at a directory.
    fn below(&mut self, _directory: &Path) {}

    /// Records where the value stands in the file.
    fn stand(&mut self, _place: &Pointer) {}

    /// Takes what isn't set from a default.
    fn or(own: Option<Self>, default: Option<Self>) -> Option<Self> {
        own.or(default)
    }
}

impl Value for bool {
    fn shape() -> Shape {
        Shape::Boolean
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let read = value.get_ref().as_bool();
        if read.is_none() {
            reader.unexpected(value, &Self::shape());
        }
        read
    }
}

impl Value for PathBuf {
    fn shape() -> Shape {
        Shape::Text("a path, relative to the file")
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        text(value, reader, &Self::shape()).map(Self::from)
    }

    fn below(&mut self, directory: &Path) {
        *self = directory.join(&*self);
    }
}

/// Reads one of several words.
pub(super) fn choice<T>(
    value: &Spanned<DeValue<'_>>,
    reader: &mut Reader<'_>,
    choices: impl IntoIterator<Item = (&'static str, T)>,
) -> Option<T> {
    let (words, meanings): (Vec<_>, Vec<_>) = choices.into_iter().unzip();
    let word = text(value, reader, &Shape::Choice(words.clone()))?;
    let index = words.iter().position(|known| *known == word);
    if index.is_none() {
        reader.no_choice(value.span(), word, &words);
    }
    meanings.into_iter().nth(index?)
}

/// Makes values of what has a name for each of its kinds.
macro_rules! words {
    ($($ty:ident)*) => {
        $(impl Value for $ty {
            fn shape() -> Shape {
                Shape::Choice(Self::ALL.map(Self::name).to_vec())
            }

            fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
                choice(value, reader, Self::ALL.map(|one| (one.name(), one)))
            }
        })*
    };
}

words! { Format Tolerance }

impl Value for Formats {
    fn shape() -> Shape {
        Vec::<Format>::shape()
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        Vec::read(value, reader).map(Self::of)
    }
}

impl<T: Value> Value for Vec<T> {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(elements) = value.get_ref().as_array() else {
            reader.unexpected(value, &Self::shape());
            return None;
        };
        let elements = elements.iter().map(|element| T::read(element, reader));
        // To the end, for every mistake.
        let elements: Vec<_> = elements.collect();
        elements.into_iter().collect()
    }

    fn below(&mut self, directory: &Path) {
        for element in self {
            element.below(directory);
        }
    }
}

impl<T: Value> Value for BTreeMap<String, T> {
    fn shape() -> Shape {
        Shape::Map("name", Box::new(T::shape()))
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(table) = value.get_ref().as_table() else {
            reader.unexpected(value, &Self::shape());
            return None;
        };
        let members = table.iter().filter_map(|(key, value)| {
            let value = T::read(value, reader)?;
            Some((key.get_ref().as_ref().to_owned(), value))
        });
        Some(members.collect())
    }

    fn stand(&mut self, place: &Pointer) {
        for (key, value) in self {
            value.stand(&place.child(key.as_str()));
        }
    }

    fn or(own: Option<Self>, default: Option<Self>) -> Option<Self> {
        match (own, default) {
            (Some(mut own), Some(default)) => {
                for (key, default) in default {
                    let both = T::or(own.remove(&key), Some(default));
                    own.extend(both.map(|both| (key, both)));
                }
                Some(own)
            }
            (own, default) => own.or(default),
        }
    }
}

impl<T: Keys> Value for T {
    fn shape() -> Shape {
        Shape::Table(T::KEYS)
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            reader.unexpected(value, &Self::shape());
        }
        table.map(|table| Keys::of(table, reader))
    }

    fn below(&mut self, directory: &Path) {
        Keys::all_below(self, directory);
    }

    fn stand(&mut self, place: &Pointer) {
        Keys::all_stand(self, place);
    }

    fn or(own: Option<Self>, default: Option<Self>) -> Option<Self> {
        match (own, default) {
            (Some(own), Some(default)) => Some(Keys::over(own, default)),
            (own, default) => own.or(default),
        }
    }
}
