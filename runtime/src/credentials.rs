//! Who the client is and how it proves that.

/// How the client authenticates at the token endpoint
/// ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// The header first; where the server refuses that, the body. What worked is remembered.
    #[default]
    Automatic,
    /// The `Authorization` header (`client_secret_basic`).
    Basic,
    /// The request body (`client_secret_post`).
    Post,
}
