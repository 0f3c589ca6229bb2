//! Security: by what right a call is made.

use super::{Docs, Location};

/// A security scheme (OpenAPI 3.0 §4.7.27).
#[cfg_attr(
    not(feature = "directory"),
    expect(dead_code, reason = "the readme of a crate says it")
)]
#[derive(Debug)]
pub(crate) struct SecurityScheme {
    /// Its key in `components`.
    pub(crate) name: String,
    pub(crate) kind: SchemeKind,
    pub(crate) docs: Docs,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SchemeKind {
    /// OAuth 2.0 with the client credentials flow (RFC 6749 §4.4).
    ClientCredentials {
        /// The token endpoint, absolute or relative to the server; `None` where the document names
        /// none that can be used.
        token_url: Option<String>,
        /// Scopes with their descriptions, in document order.
        scopes: Vec<(String, String)>,
    },
    /// A key in a header, in the query or in a cookie.
    ApiKey { location: Location, name: String },
    /// HTTP `basic` (RFC 7617).
    Basic,
    /// HTTP `bearer` (RFC 6750).
    Bearer,
    /// A token that the caller obtains: what the document calls it, such as `oauth2 implicit`.
    Token(String),
    /// The client's certificate (OpenAPI 3.1 §4.8.27).
    MutualTls,
    /// A scheme that the caller meets by a header: what the document calls it, such as `http digest`.
    Other(String),
}

/// One alternative of an operation's security: schemes that hold together
/// (OpenAPI 3.0 §4.7.30). Empty means that a call may go without.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Requirement {
    /// Indexes in [`super::Api::schemes`] with the scopes asked of each.
    pub(crate) schemes: Vec<(usize, Vec<String>)>,
}
