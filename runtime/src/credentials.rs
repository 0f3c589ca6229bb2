//! Who the client is and how it proves that.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::token_error::TokenError;

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

impl ClientAuthentication {
    /// The values in their written form.
    pub(crate) const NAMES: &'static [(&'static str, Self)] = &[
        ("automatic", Self::Automatic),
        ("client_secret_basic", Self::Basic),
        ("client_secret_post", Self::Post),
    ];

    pub(crate) fn parse(name: &str) -> Option<Self> {
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, value)| *value)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
        }
    }
}

/// A client identifier and the secret that goes with it.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
}

impl Credentials {
    /// Returns the value of an `Authorization` header. Both parts are form-encoded before they are
    /// joined ([RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)): otherwise a
    /// colon in the identifier would end it.
    pub(crate) fn basic(&self) -> Result<HeaderValue, TokenError> {
        let text = Zeroizing::new(format!("Basic {}", self.encoded().as_str()));
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| TokenError::permanent("the client secret doesn't fit into a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn encoded(&self) -> Zeroizing<String> {
        let mut pair = Zeroizing::new(String::new());
        pair.extend(byte_serialize(self.client_id.as_bytes()));
        pair.push(':');
        pair.extend(byte_serialize(self.client_secret.expose().as_bytes()));
        Zeroizing::new(STANDARD.encode(pair.as_bytes()))
    }

    /// Takes the secret out of a text that a server sent, in every form in which it was sent there.
    pub(crate) fn redact(&self, text: &str) -> String {
        let secret = self.client_secret.expose();
        if secret.is_empty() {
            return text.to_owned();
        }
        let form: Zeroizing<String> = Zeroizing::new(byte_serialize(secret.as_bytes()).collect());
        [self.encoded().as_str(), form.as_str(), secret]
            .iter()
            .fold(text.to_owned(), |text, seen| {
                text.replace(seen, "[redacted]")
            })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .field("client_secret", &self.client_secret)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(client_id: &str, client_secret: &str) -> Credentials {
        Credentials {
            client_id: client_id.to_owned(),
            client_secret: client_secret.into(),
        }
    }

    fn sent(client_id: &str, client_secret: &str) -> String {
        let value = credentials(client_id, client_secret).basic().unwrap();
        assert!(value.is_sensitive());
        let encoded = value.to_str().unwrap().strip_prefix("Basic ").unwrap();
        String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap()
    }

    #[test]
    fn identifier_and_secret_are_form_encoded_before_base64() {
        assert_eq!(sent("id", "secret"), "id:secret");
        assert_eq!(sent("a:b", "c%d e+f"), "a%3Ab:c%25d+e%2Bf");
        assert_eq!(sent("ü", "*-._~"), "%C3%BC:*-._%7E");
    }

    #[test]
    fn an_echoed_secret_is_taken_out() {
        let credentials = credentials("id", "s3cret+/=");
        let echo = format!(
            "bad client_secret=s3cret%2B%2F%3D, s3cret+/= or {}",
            credentials.encoded().as_str()
        );
        assert_eq!(
            credentials.redact(&echo),
            "bad client_secret=[redacted], [redacted] or [redacted]"
        );
    }

    #[test]
    fn every_way_to_authenticate_has_a_name() {
        for (name, value) in ClientAuthentication::NAMES {
            assert_eq!(value.name(), *name);
            assert_eq!(ClientAuthentication::parse(name), Some(*value));
        }
    }
}
