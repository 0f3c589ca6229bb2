//! Proofs of possession, checked as servers do
//! ([RFC 9449 §4.3](https://www.rfc-editor.org/rfc/rfc9449#section-4.3)).

use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use aws_lc_rs::{digest, digest::SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Method};
use serde_json::Value;

/// Checks proofs of possession for a server of a test, which may ask for a nonce in them.
#[derive(Default)]
pub struct ProofChecker(Mutex<State>);

#[derive(Default)]
struct State {
    nonce: Option<String>,
    seen: HashSet<String>,
}

/// What is wrong with the proof of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofFault {
    /// It is missing, or not what it should be: `invalid_dpop_proof`.
    Invalid(&'static str),
    /// It has no nonce or an old one: `use_dpop_nonce`.
    Nonce,
}

/// How far a proof's time may be off.
const WINDOW: Duration = Duration::from_secs(60);

impl ProofChecker {
    /// Makes a checker that asks for no nonce.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the nonce that proofs must have from now on.
    pub fn set_nonce(&self, nonce: Option<&str>) {
        self.state().nonce = nonce.map(str::to_owned);
    }

    /// Returns the nonce that proofs must have, for the header `DPoP-Nonce`.
    #[must_use]
    pub fn nonce(&self) -> Option<String> {
        self.state().nonce.clone()
    }

    /// Returns how many proofs were good; each can be used once.
    #[must_use]
    pub fn proofs(&self) -> usize {
        self.state().seen.len()
    }

    /// Checks the proof of a request; `url` has neither query nor fragment, `token` is the access token
    /// that goes along. Returns the thumbprint of the key.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    pub fn check(
        &self,
        method: &Method,
        url: &str,
        headers: &HeaderMap,
        token: Option<&str>,
    ) -> Result<String, ProofFault> {
        const MALFORMED: ProofFault = ProofFault::Invalid("it is no signed token");
        let mut proofs = headers.get_all("dpop").iter();
        let (Some(proof), None) = (proofs.next(), proofs.next()) else {
            return Err(ProofFault::Invalid("there isn't one proof"));
        };
        let proof = proof.to_str().map_err(|_| MALFORMED)?;
        let (message, signature) = proof.rsplit_once('.').ok_or(MALFORMED)?;
        let (header, claims) = message.split_once('.').ok_or(MALFORMED)?;
        let header = decode(header).ok_or(MALFORMED)?;
        let claims = decode(claims).ok_or(MALFORMED)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| MALFORMED)?;
        let jwk = &header["jwk"];
        let holds = |kept: bool, fault| kept.then_some(()).ok_or(ProofFault::Invalid(fault));
        holds(header["typ"] == "dpop+jwt", "`typ` is another")?;
        holds(jwk.get("d").is_none(), "`jwk` is private")?;
        let signed = verify(&header["alg"], jwk, message.as_bytes(), &signature);
        holds(signed.is_some(), "the signature is another")?;
        holds(claims["htm"] == method.as_str(), "`htm` is another")?;
        holds(claims["htu"] == url, "`htu` is another")?;
        holds(is_now(&claims["iat"]), "`iat` isn't now")?;
        let hash = token.map(|token| {
            let hash = digest::digest(&SHA256, token.as_bytes());
            Value::from(URL_SAFE_NO_PAD.encode(hash))
        });
        holds(claims.get("ath") == hash.as_ref(), "`ath` is another")?;
        let mut state = self.state();
        if state.nonce.is_some() && claims["nonce"].as_str() != state.nonce.as_deref() {
            return Err(ProofFault::Nonce);
        }
        let name = claims["jti"].as_str().filter(|name| name.len() >= 16);
        let name = name.ok_or(ProofFault::Invalid("`jti` is too short"))?;
        let is_new = state.seen.insert(name.to_owned());
        holds(is_new, "`jti` was used before")?;
        // The members stand in the order of RFC 7638 §3 already.
        let hash = digest::digest(&SHA256, jwk.to_string().as_bytes());
        Ok(URL_SAFE_NO_PAD.encode(hash))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn decode(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn is_now(time: &Value) -> bool {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.unwrap_or_default().as_secs();
    time.as_u64()
        .is_some_and(|time| time.abs_diff(now) <= WINDOW.as_secs())
}

fn verify(algorithm: &Value, jwk: &Value, message: &[u8], signature: &[u8]) -> Option<()> {
    let member = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok();
    let point = || Some([vec![4], member("x")?, member("y")?].concat());
    let verified =
        match algorithm.as_str()? {
            "ES256" => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point()?)
                .verify(message, signature),
            "ES384" => UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point()?)
                .verify(message, signature),
            "EdDSA" => UnparsedPublicKey::new(&ED25519, member("x")?).verify(message, signature),
            name @ ("RS256" | "PS256") => {
                let parameters = if name == "RS256" {
                    &RSA_PKCS1_2048_8192_SHA256
                } else {
                    &RSA_PSS_2048_8192_SHA256
                };
                let (n, e) = (member("n")?, member("e")?);
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signature)
            }
            _ => return None,
        };
    verified.ok()
}

impl fmt::Debug for ProofChecker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProofChecker")
            .field("proofs", &self.proofs())
            .finish_non_exhaustive()
    }
}
