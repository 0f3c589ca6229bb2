//! Tokens that are bound to a key: each request proves that its sender has it
//! ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449)).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::json;
use url::{Origin, Url};

use crate::challenge::Challenge;
use crate::signing_key::{SigningKey, unique_name};
use crate::token_error::TokenError;

/// The header of a proof.
pub(crate) const DPOP: HeaderName = HeaderName::from_static("dpop");

/// The header by which a server hands out a nonce.
const NONCE: &str = "dpop-nonce";

/// The error code of a server that wants a nonce in the proof, or another one.
pub(crate) const USE_NONCE: &str = "use_dpop_nonce";

/// A key that proves who sends a request, and the nonces of the servers that ask for them. Clones share
/// both.
#[derive(Clone)]
pub(crate) struct Dpop(Arc<Shared>);

struct Shared {
    key: SigningKey,
    thumbprint: String,
    nonces: Mutex<HashMap<(Verifier, Origin), String>>,
}

/// Who reads a proof. A server of one origin can be both, with nonces of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Verifier {
    TokenEndpoint,
    Resource,
}

/// As many servers' nonces are remembered; no client talks to so many.
const MOST_NONCES: usize = 64;

/// A nonce longer than this isn't sent back.
const LONGEST_NONCE: usize = 1024;

impl Dpop {
    pub(crate) fn new(key: SigningKey) -> Self {
        Self(Arc::new(Shared {
            thumbprint: key.thumbprint(),
            key,
            nonces: Mutex::default(),
        }))
    }

    /// Returns what the key is known by
    /// ([RFC 9449 §6](https://www.rfc-editor.org/rfc/rfc9449#section-6)).
    #[cfg(feature = "store")]
    pub(crate) fn thumbprint(&self) -> &str {
        &self.0.thumbprint
    }

    /// Makes the proof of one request, with the token that goes along
    /// ([RFC 9449 §4.2](https://www.rfc-editor.org/rfc/rfc9449#section-4.2)). It is a new one each
    /// time, because a server may refuse one that it has seen.
    pub(crate) fn proof(
        &self,
        verifier: Verifier,
        method: &Method,
        url: &Url,
        token: Option<&str>,
    ) -> Result<HeaderValue, TokenError> {
        let now = SystemTime::now();
        let now = now.duration_since(SystemTime::UNIX_EPOCH);
        let now = now.map_err(|_| TokenError::permanent("the system's clock is before 1970"))?;
        let mut claims = json!({
            "jti": unique_name()?,
            "htm": method.as_str(),
            "htu": target(url),
            "iat": now.as_secs(),
        });
        if let Some(token) = token {
            let hash = digest::digest(&digest::SHA256, token.as_bytes());
            claims["ath"] = URL_SAFE_NO_PAD.encode(hash).into();
        }
        if let Some(nonce) = self.nonces().get(&(verifier, url.origin())) {
            claims["nonce"] = nonce.as_str().into();
        }
        let proof = self.0.key.prove(&claims)?;
        let proof = HeaderValue::from_str(&proof);
        let mut proof = proof.map_err(|_| TokenError::permanent("a proof doesn't fit a header"))?;
        proof.set_sensitive(true);
        Ok(proof)
    }

    /// Remembers the nonce that an answer hands out for the next proofs
    /// ([RFC 9449 §8.2](https://www.rfc-editor.org/rfc/rfc9449#section-8.2)); returns whether there is
    /// one.
    pub(crate) fn learn(&self, verifier: Verifier, url: &Url, headers: &HeaderMap) -> bool {
        let nonce = headers.get(NONCE).and_then(|nonce| nonce.to_str().ok());
        let Some(nonce) = nonce.filter(|it| !it.is_empty() && it.len() <= LONGEST_NONCE) else {
            return false;
        };
        let mut nonces = self.nonces();
        let place = (verifier, url.origin());
        if nonces.len() >= MOST_NONCES && !nonces.contains_key(&place) {
            nonces.clear();
        }
        nonces.insert(place, nonce.to_owned());
        true
    }

    fn nonces(&self) -> MutexGuard<'_, HashMap<(Verifier, Origin), String>> {
        self.0.nonces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether a resource server refuses a request for the nonce in its proof
/// ([RFC 9449 §9](https://www.rfc-editor.org/rfc/rfc9449#section-9)).
pub(crate) fn wants_nonce(headers: &HeaderMap) -> bool {
    Challenge::all(headers)
        .iter()
        .any(|challenge| challenge.is("DPoP") && challenge.parameter("error") == Some(USE_NONCE))
}

/// What a proof says of the URL: neither query nor fragment (`htu`).
fn target(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

impl fmt::Debug for Dpop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dpop")
            .field("thumbprint", &self.0.thumbprint)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::signing_key::SignatureAlgorithm;

    fn dpop() -> Dpop {
        Dpop::new(SigningKey::generate(SignatureAlgorithm::Es256).unwrap())
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn claims(proof: &HeaderValue) -> Value {
        let proof = proof.to_str().unwrap();
        let claims = proof.split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
    }

    fn headers(nonce: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            HeaderName::from_static(NONCE),
            HeaderValue::from_static(nonce),
        )])
    }

    #[test]
    fn a_proof_is_for_one_request() {
        let dpop = dpop();
        let url = url("https://api.example/orders/7?key=s3cret#part");
        let proof = |token| {
            let proof = dpop.proof(Verifier::Resource, &Method::PUT, &url, token);
            proof.unwrap()
        };
        let first = claims(&proof(Some("t0k3n")));
        assert_eq!(first["htm"], "PUT");
        assert_eq!(first["htu"], "https://api.example/orders/7");
        // RFC 9449 §4.2: the hash of the token's ASCII.
        let hash = digest::digest(&digest::SHA256, b"t0k3n");
        assert_eq!(first["ath"], URL_SAFE_NO_PAD.encode(hash));
        assert_eq!(first.get("nonce"), None);
        assert_ne!(first["jti"], claims(&proof(Some("t0k3n")))["jti"]);
        assert_eq!(claims(&proof(None)).get("ath"), None);
        assert!(proof(None).is_sensitive());
    }

    #[test]
    fn a_nonce_is_of_one_origin_and_one_kind_of_server() {
        let dpop = dpop();
        let (one, other) = (url("https://a.example/x"), url("https://b.example/x"));
        assert!(dpop.learn(Verifier::Resource, &one, &headers("n1")));
        assert!(!dpop.learn(Verifier::Resource, &one, &HeaderMap::new()));
        let nonce = |verifier, url| {
            let proof = dpop.proof(verifier, &Method::GET, url, None).unwrap();
            claims(&proof)["nonce"].clone()
        };
        assert_eq!(nonce(Verifier::Resource, &one), "n1");
        assert_eq!(nonce(Verifier::Resource, &other), Value::Null);
        assert_eq!(nonce(Verifier::TokenEndpoint, &one), Value::Null);
        assert!(dpop.learn(Verifier::Resource, &one, &headers("n2")));
        assert_eq!(nonce(Verifier::Resource, &one), "n2");
    }

    #[test]
    fn the_nonces_that_are_kept_are_bounded() {
        let dpop = dpop();
        for port in 1..500 {
            let url = url(&format!("https://a.example:{port}/"));
            assert!(dpop.learn(Verifier::Resource, &url, &headers("n")));
            assert!(dpop.nonces().len() <= MOST_NONCES);
        }
    }
}
