//! One token request's client authentication: the header or the parameters that it consists of.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::token_error::{TokenError, allowed};

/// What a request carries so that the server knows its client. It has one form only
/// ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)).
pub(crate) struct Proof {
    pub(crate) header: Option<HeaderValue>,
    pub(crate) parameters: Vec<(&'static str, Zeroizing<String>)>,
    /// What is sensitive in it, in every form in which a server could echo it.
    secrets: Vec<Zeroizing<String>>,
}

/// The type of an assertion that is a JWT
/// ([RFC 7523 §2.2](https://www.rfc-editor.org/rfc/rfc7523#section-2.2)).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl Proof {
    /// Puts a secret into the `Authorization` header. Both parts are form-encoded before they are
    /// joined ([RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)): otherwise a
    /// colon in the identifier would end it.
    pub(crate) fn basic(client_id: &str, secret: &Secret) -> Result<Self, TokenError> {
        let mut pair = Zeroizing::new(String::new());
        pair.extend(byte_serialize(client_id.as_bytes()));
        pair.push(':');
        pair.extend(byte_serialize(secret.expose().as_bytes()));
        let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
        let text = Zeroizing::new(format!("Basic {}", encoded.as_str()));
        let mut header = HeaderValue::from_str(&text)
            .map_err(|_| TokenError::permanent("the client secret doesn't fit into a header"))?;
        header.set_sensitive(true);
        let mut secrets = vec![encoded];
        secrets.extend(forms(secret.expose()));
        Ok(Self {
            header: Some(header),
            parameters: Vec::new(),
            secrets,
        })
    }

    /// Puts a secret into the body.
    pub(crate) fn post(client_id: &str, secret: &Secret) -> Self {
        let mut proof = Self::identifier(client_id);
        proof.add("client_secret", secret.expose());
        proof
    }

    /// Puts an assertion into the body, with the identifier, which some servers ask for
    /// ([RFC 7521 §4.2](https://www.rfc-editor.org/rfc/rfc7521#section-4.2)).
    pub(crate) fn assertion(client_id: &str, assertion: &str) -> Self {
        let mut proof = Self::identifier(client_id);
        let kind = Zeroizing::new(JWT_BEARER.to_owned());
        proof.parameters.push(("client_assertion_type", kind));
        proof.add("client_assertion", assertion);
        proof
    }

    /// Names the client and no more.
    pub(crate) fn identifier(client_id: &str) -> Self {
        Self {
            header: None,
            parameters: vec![("client_id", Zeroizing::new(client_id.to_owned()))],
            secrets: Vec::new(),
        }
    }

    /// Holds something else of the request to be sensitive too.
    pub(crate) fn hiding(mut self, secret: &str) -> Self {
        self.secrets.extend(forms(secret));
        self
    }

    fn add(&mut self, name: &'static str, secret: &str) {
        let value = Zeroizing::new(secret.to_owned());
        self.parameters.push((name, value));
        self.secrets.extend(forms(secret));
    }

    /// Takes what is sensitive out of a text that the server sent, and what an error can't have: as the
    /// text is afterwards, it holds no secret that the characters between had hidden.
    pub(crate) fn redact(&self, text: &str) -> String {
        let secrets = || self.secrets.iter().map(|secret| secret.as_str());
        let text = without(text, secrets());
        let text: String = allowed(&text).collect();
        let bare = secrets().map(|secret| Zeroizing::new(allowed(secret).collect::<String>()));
        let bare: Vec<_> = bare.collect();
        without(&text, bare.iter().map(|secret| secret.as_str()))
    }
}

fn without<'a>(text: &str, secrets: impl Iterator<Item = &'a str>) -> String {
    let secrets = secrets.filter(|secret| !secret.is_empty());
    secrets.fold(text.to_owned(), |text, secret| {
        text.replace(secret, "[redacted]")
    })
}

/// A secret as it stands in a form, and as it is.
fn forms(secret: &str) -> [Zeroizing<String>; 2] {
    let form = byte_serialize(secret.as_bytes()).collect();
    [Zeroizing::new(form), Zeroizing::new(secret.to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(client_id: &str, client_secret: &str) -> String {
        let proof = Proof::basic(client_id, &client_secret.into()).unwrap();
        let value = proof.header.unwrap();
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
        let proof = Proof::basic("id", &"s3cret+/=".into()).unwrap();
        let header = proof.header.as_ref().unwrap().to_str().unwrap();
        let encoded = header.strip_prefix("Basic ").unwrap();
        let echo = format!("bad client_secret=s3cret%2B%2F%3D, s3cret+/= or {encoded}");
        assert_eq!(
            proof.redact(&echo),
            "bad client_secret=[redacted], [redacted] or [redacted]"
        );
        // A character that an error can't have would have hidden it from the first look.
        assert_eq!(proof.redact("bad s3c\\ret+/="), "bad [redacted]");
        let quoted = Proof::post("id", &"s3\"cret".into());
        assert_eq!(
            quoted.redact("bad s3\"cret or s3cret"),
            "bad [redacted] or [redacted]"
        );
        let proof = Proof::assertion("id", "a.b.c");
        assert_eq!(
            proof.redact("bad assertion a.b.c"),
            "bad assertion [redacted]"
        );
    }
}
