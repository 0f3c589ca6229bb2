//! What the authorization server was asked.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use url::form_urlencoded;

/// A token request as the server saw it.
#[derive(Clone)]
pub struct TokenRequest {
    headers: HeaderMap,
    target: String,
    parameters: Vec<(String, String)>,
}

impl TokenRequest {
    pub(super) fn read(parts: Parts, body: &[u8]) -> Self {
        Self {
            headers: parts.headers,
            target: parts.uri.to_string(),
            parameters: form_urlencoded::parse(body)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        }
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the path and the query.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Returns the parameters of the body, in order.
    #[must_use]
    pub fn parameters(&self) -> &[(String, String)] {
        &self.parameters
    }

    /// Returns the value of a parameter of the body.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let found = parameters.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the client identifier and the client secret that the `Authorization` header holds
    /// ([RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
    #[must_use]
    pub fn basic(&self) -> Option<(String, String)> {
        let value = self.headers.get(AUTHORIZATION)?.to_str().ok()?;
        let encoded = value.strip_prefix("Basic ")?;
        let pair = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
        let (client_id, client_secret) = pair.split_once(':')?;
        let decode = |text: &str| {
            let text = format!("={text}");
            let mut pairs = form_urlencoded::parse(text.as_bytes());
            pairs.next().map(|(_, value)| value.into_owned())
        };
        Some((decode(client_id)?, decode(client_secret)?))
    }

    /// Returns the client's credentials, wherever they are: of a client with an assertion that, and of
    /// one without a credential nothing. No assertion is checked.
    pub(super) fn credentials(&self) -> Option<(String, String)> {
        self.basic().or_else(|| {
            let client_id = self.parameter("client_id")?;
            let client_secret = ["client_secret", "client_assertion"]
                .iter()
                .find_map(|name| self.parameter(name));
            let client_secret = client_secret.unwrap_or_default();
            Some((client_id.to_owned(), client_secret.to_owned()))
        })
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.parameters.iter().map(|(name, _)| name).collect();
        f.debug_struct("TokenRequest")
            .field("parameters", &names)
            .finish_non_exhaustive()
    }
}
