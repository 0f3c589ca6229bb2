//! What the macros expand to; no part of the interface.

pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use crate::codec::{
    parse_integer, parse_string, read_integer_enum, read_object, read_string_enum, read_union,
    write_object, write_value_properties,
};
