//! Generated types to and from JSON: real [`serde`] impls whose loops live here, once.
//!
//! A generated type describes itself by a table and one `match` per direction ([`Object`],
//! [`StringEnum`], [`IntegerEnum`], [`Union`]); a macro ([`object!`](crate::object),
//! [`string_enum!`](crate::string_enum), [`integer_enum!`](crate::integer_enum),
//! [`union!`](crate::union), [`newtype!`](crate::newtype)) forwards `Serialize` and `Deserialize`
//! to the functions of this module. That compiles several times faster than derived impls, and the
//! types work in any self-describing format, in derives of their users and below
//! `#[serde(flatten)]` all the same.
//!
//! # How a document's words are read
//!
//! - A required property that is missing is an error; so is `null` where it isn't nullable.
//! - `null` reads as absence where a property is optional and not nullable; absent properties
//!   aren't written.
//! - Unknown properties are ignored, or kept where the document speaks of additional properties.
//! - Of a property that occurs twice, the last value counts.
//! - What servers send in place of that is read where the table has it: a number in quotes
//!   ([`Quoted`]), an empty string for a value that isn't there ([`OrEmpty`]).
//! - A value that an enum doesn't list is kept as it came.
//! - The variant of a union is chosen by its discriminator, otherwise by [`Evidence`]; never by
//!   decoding one variant after the other until one succeeds.

mod blank;
mod enums;
mod equality;
mod evidence;
pub(crate) mod expectation;
mod index;
mod macros;
mod newtype;
mod object;
mod presence;
mod reader;
mod secret;
mod show;
mod tolerance;
mod union;
mod whole;

pub use serde::Serializer;

pub use blank::Blank;
pub use enums::{IntegerEnum, StringEnum};
pub use evidence::{Constant, Evidence, Kind};
pub use object::{Entry, Field, Object, Properties, Writer};
pub(crate) use tolerance::{AS_TEXT, Unquoted};
pub use tolerance::{OrEmpty, Quoted};
pub use union::{Mismatch, Union, tagged, untagged, variant};
pub use whole::Whole;

#[doc(hidden)]
pub use enums::{parse_integer, parse_string, read_integer_enum, read_string_enum};
#[doc(hidden)]
pub use index::Index;
#[doc(hidden)]
pub use object::{read_object, write_object};
#[doc(hidden)]
pub use show::{show_object, show_variant};
#[doc(hidden)]
pub use union::{read_union, write_value_properties};
