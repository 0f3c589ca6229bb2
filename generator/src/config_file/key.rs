//! Keys: a table of the file is a struct, and each of its fields says what is written there.

use std::path::Path;

use toml::de::DeTable;

use super::mistake::Reader;
use super::value::Shape;
use crate::pointer::Pointer;

/// A key of a table.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    /// In `CommonMark`, a line for each of the source.
    #[cfg_attr(
        not(feature = "cli"),
        expect(dead_code, reason = "for the schema and the reference")
    )]
    pub(super) docs: &'static [&'static str],
    /// A value, in TOML.
    #[cfg_attr(
        not(feature = "cli"),
        expect(dead_code, reason = "for the schema and the reference")
    )]
    pub(super) example: &'static str,
    pub(super) shape: fn() -> Shape,
}

#[cfg(feature = "cli")]
impl Key {
    /// Returns what it is for, in `CommonMark`.
    pub(super) fn description(&self) -> String {
        let lines = self
            .docs
            .iter()
            .map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// A table whose keys are known.
pub(super) trait Keys: Clone + Default {
    const KEYS: &'static [Key];

    /// Reads what is there; every mistake is told.
    fn of(table: &DeTable<'_>, reader: &mut Reader<'_>) -> Self;

    /// Makes paths begin at a directory.
    fn all_below(&mut self, directory: &Path);

    /// Records where the table stands in the file.
    fn all_stand(&mut self, place: &Pointer);

    /// Takes what isn't set from `defaults`.
    fn over(self, defaults: Self) -> Self;
}

/// Defines a table: each field has its documentation, its name in the file, its type and an example.
macro_rules! keys {
    (
        $(#[doc = $about:literal])*
        $table:ident {
            $($(#[doc = $doc:literal])+ $name:literal => $field:ident: $type:ty = $example:literal,)+
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Default)]
        pub(crate) struct $table {
            $($(#[doc = $doc])+ pub(crate) $field: Option<$type>,)+
        }

        impl $crate::config_file::key::Keys for $table {
            const KEYS: &'static [$crate::config_file::key::Key] = &[$($crate::config_file::key::Key {
                name: $name,
                docs: &[$($doc),+],
                example: $example,
                shape: <$type as $crate::config_file::value::Value>::shape,
            }),+];

            fn of(table: &toml::de::DeTable<'_>, reader: &mut $crate::config_file::mistake::Reader<'_>) -> Self {
                let mut read = Self::default();
                for (key, value) in table {
                    match &**key.get_ref() {
                        $($name => read.$field = $crate::config_file::value::Value::read(value, reader),)+
                        _ => reader.unknown(key, Self::KEYS),
                    }
                }
                read
            }

            fn all_below(&mut self, directory: &std::path::Path) {
                $(if let Some(value) = &mut self.$field {
                    $crate::config_file::value::Value::below(value, directory);
                })+
            }

            fn all_stand(&mut self, place: &$crate::pointer::Pointer) {
                $(if let Some(value) = &mut self.$field {
                    $crate::config_file::value::Value::stand(value, &place.child($name));
                })+
            }

            fn over(self, defaults: Self) -> Self {
                Self {
                    $($field: $crate::config_file::value::Value::or(self.$field, defaults.$field),)+
                }
            }
        }
    };
}

pub(super) use keys;
