//! What the macros expand to; no part of the interface.

pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use crate::codec::{
    parse_integer, parse_string, read_integer_enum, read_object, read_string_enum, read_union,
    show_object, show_variant, write_object, write_value_properties,
};
pub use crate::compatibility::fits;

/// The parsers of what servers say, for fuzzing.
#[cfg(feature = "testing")]
pub mod parsers {
    use std::time::Duration;

    use crate::{HeaderMap, IssuedToken, StatusCode, TokenError};

    /// Reads the answer to a token request whose client secret was `client_secret`.
    pub fn token_answer(
        status: StatusCode,
        body: &[u8],
        client_secret: &str,
    ) -> Result<IssuedToken, TokenError> {
        crate::token_endpoint::read_answer(status, body, client_secret)
    }

    /// Reads `Retry-After`.
    #[must_use]
    pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
        crate::retry::retry_after(headers)
    }
}
