//! Security schemes whose credential is a setting: API keys, HTTP Basic and bearer tokens
//! ([OpenAPI 3.0 §4.7.27](https://spec.openapis.org/oas/v3.0.4#security-scheme-object)).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderName, HeaderValue};
use zeroize::Zeroizing;

use crate::api::SchemeKind;
use crate::parameter::{Escape, Location, Parameter, escape};
use crate::request::Request;
use crate::secret::Secret;

/// The credential of a scheme.
#[derive(Debug, Clone)]
pub(crate) enum SchemeCredential {
    ApiKey(Secret),
    Bearer(Secret),
    Basic { username: String, password: Secret },
}

/// A credential in the form in which it is sent; what is printed of it is a mask.
#[derive(Debug, Clone)]
pub(crate) enum Presentation {
    Header(HeaderName, HeaderValue),
    /// The pair of name and value, encoded.
    Query(Secret),
    /// The pair of name and value.
    Cookie(Secret),
}

impl SchemeCredential {
    /// Returns the credential as a scheme of a kind sends it.
    ///
    /// # Errors
    ///
    /// A credential of another kind is an error, and so is one that can't be sent; the message holds
    /// nothing of it.
    pub(crate) fn present(&self, kind: &SchemeKind) -> Result<Presentation, &'static str> {
        match (kind, self) {
            (SchemeKind::ApiKey(place), Self::ApiKey(key)) => api_key(*place, key),
            (SchemeKind::Bearer | SchemeKind::Token, Self::Bearer(token)) => {
                authorization("Bearer", token.expose())
            }
            (SchemeKind::Basic, Self::Basic { username, password }) => basic(username, password),
            (SchemeKind::ApiKey(_), _) => Err("the scheme takes a key: set it by `.api_key(…)`"),
            (SchemeKind::Bearer | SchemeKind::Token, _) => {
                Err("the scheme takes a token: set it by `.bearer_token(…)`")
            }
            (SchemeKind::Basic, _) => {
                Err("the scheme takes a user name and a password: set them by `.basic(…)`")
            }
            (
                SchemeKind::ClientCredentials { .. } | SchemeKind::MutualTls | SchemeKind::Other,
                _,
            ) => Err("the scheme has no credential of this kind"),
        }
    }
}

fn api_key(place: Parameter, key: &Secret) -> Result<Presentation, &'static str> {
    let value = key.expose();
    match place.location {
        Location::Query => Ok(Presentation::Query(Secret::new(format!(
            "{}={}",
            escape(place.name, Escape::Unreserved),
            escape(value, Escape::Unreserved)
        )))),
        Location::Cookie if value.bytes().all(is_cookie_octet) => Ok(Presentation::Cookie(
            Secret::new(format!("{}={value}", place.name)),
        )),
        Location::Cookie => Err("the key doesn't fit into a cookie"),
        Location::Header | Location::Path => {
            let name = HeaderName::try_from(place.name)
                .map_err(|_| "the document's name of the header is none")?;
            sensitive(value).map(|value| Presentation::Header(name, value))
        }
    }
}

/// RFC 6265 §4.1.1.
const fn is_cookie_octet(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e)
}

fn basic(username: &str, password: &Secret) -> Result<Presentation, &'static str> {
    // RFC 7617 §2: the colon would end the name.
    if username.contains(':') {
        return Err("the user name has a colon");
    }
    let pair = Zeroizing::new(format!("{username}:{}", password.expose()));
    let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
    authorization("Basic", &encoded)
}

fn authorization(scheme: &str, credential: &str) -> Result<Presentation, &'static str> {
    let text = Zeroizing::new(format!("{scheme} {credential}"));
    sensitive(&text).map(|value| Presentation::Header(AUTHORIZATION, value))
}

fn sensitive(text: &str) -> Result<HeaderValue, &'static str> {
    let mut value =
        HeaderValue::from_str(text).map_err(|_| "the credential doesn't fit into a header")?;
    value.set_sensitive(true);
    Ok(value)
}

impl Presentation {
    /// Puts the credential into a request.
    pub(crate) fn apply(&self, request: &mut Request) {
        match self {
            Self::Header(name, value) => {
                request.headers.insert(name, value.clone());
                request.private.push(name.clone());
            }
            Self::Query(pair) => {
                let query = match request.url.query() {
                    Some(query) if !query.is_empty() => {
                        Zeroizing::new(format!("{query}&{}", pair.expose()))
                    }
                    _ => Zeroizing::new(pair.expose().to_owned()),
                };
                request.url.set_query(Some(&query));
            }
            Self::Cookie(pair) => {
                let known = request.headers.get(COOKIE);
                let known = known.map(HeaderValue::as_bytes).unwrap_or_default();
                let mut cookies = Zeroizing::new(known.to_vec());
                if !cookies.is_empty() {
                    cookies.extend_from_slice(b"; ");
                }
                cookies.extend_from_slice(pair.expose().as_bytes());
                if let Ok(mut value) = HeaderValue::from_bytes(&cookies) {
                    value.set_sensitive(true);
                    request.headers.insert(COOKIE, value);
                }
            }
        }
    }
}

/// Returns whether a request has a key already, as a parameter or a header that the caller has set.
pub(crate) fn carries(request: &Request, place: Parameter) -> bool {
    match place.location {
        Location::Query => request
            .url
            .query_pairs()
            .any(|(name, _)| name == place.name),
        Location::Cookie => {
            let cookies = request.headers.get_all(COOKIE).iter();
            let mut pairs = cookies.flat_map(|cookies| cookies.as_bytes().split(|b| *b == b';'));
            pairs.any(|pair| {
                let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
                name.trim_ascii() == place.name.as_bytes()
            })
        }
        Location::Header | Location::Path => request.headers.contains_key(place.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(kind: &SchemeKind, credential: &SchemeCredential) -> Result<String, &'static str> {
        credential
            .present(kind)
            .map(|presentation| match presentation {
                Presentation::Header(name, value) => {
                    assert!(value.is_sensitive());
                    format!("{name}: {}", value.to_str().expect("visible ASCII"))
                }
                Presentation::Query(pair) | Presentation::Cookie(pair) => pair.expose().to_owned(),
            })
    }

    #[test]
    fn each_scheme_has_its_form() {
        let key = SchemeCredential::ApiKey("a b&c".into());
        let of = |place| sent(&SchemeKind::ApiKey(place), &key);
        assert_eq!(
            of(Parameter::header("X-Key")),
            Ok("x-key: a b&c".to_owned())
        );
        assert_eq!(
            of(Parameter::query("key[]")),
            Ok("key%5B%5D=a%20b%26c".to_owned())
        );
        assert!(of(Parameter::cookie("key")).is_err());
        let key = SchemeCredential::ApiKey("abc=".into());
        let cookie = SchemeKind::ApiKey(Parameter::cookie("key"));
        assert_eq!(sent(&cookie, &key), Ok("key=abc=".to_owned()));
        let token = SchemeCredential::Bearer("t".into());
        for kind in [SchemeKind::Bearer, SchemeKind::Token] {
            assert_eq!(
                sent(&kind, &token),
                Ok("authorization: Bearer t".to_owned())
            );
        }
        // RFC 7617 §2.
        let user = SchemeCredential::Basic {
            username: "Aladdin".to_owned(),
            password: "open sesame".into(),
        };
        assert_eq!(
            sent(&SchemeKind::Basic, &user),
            Ok("authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned())
        );
    }

    #[test]
    fn what_cannot_be_sent_is_an_error_without_the_credential() {
        let broken = SchemeCredential::Bearer("s3cret\n".into());
        let error = sent(&SchemeKind::Bearer, &broken).unwrap_err();
        assert!(!error.contains("s3cret"));
        assert!(sent(&SchemeKind::Basic, &broken).is_err());
        let colon = SchemeCredential::Basic {
            username: "a:b".to_owned(),
            password: "c".into(),
        };
        assert!(sent(&SchemeKind::Basic, &colon).is_err());
    }
}
