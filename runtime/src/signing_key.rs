//! A private key that signs JSON Web Tokens, and how it does that
//! ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515)).

mod jwk;
mod pem;
mod public;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use aws_lc_rs::{digest, hmac, signature};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::token_error::TokenError;

/// A private key for [`Credential::Key`](crate::Credential::Key). Clones share it.
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<Pair>,
    algorithm: SignatureAlgorithm,
    key_id: Option<String>,
    thumbprint: Option<String>,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// How a key signs ([RFC 7518 §3.1](https://www.rfc-editor.org/rfc/rfc7518#section-3.1),
/// [RFC 8037 §3.1](https://www.rfc-editor.org/rfc/rfc8037#section-3.1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSA with PKCS #1 v1.5 padding; what an RSA key does unless told otherwise.
    Rs256,
    /// RSA with PSS padding.
    Ps256,
    /// ECDSA on P-256.
    Es256,
    /// ECDSA on P-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

impl SignatureAlgorithm {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("RS256", Self::Rs256),
        ("PS256", Self::Ps256),
        ("ES256", Self::Es256),
        ("ES384", Self::Es384),
        ("EdDSA", Self::EdDsa),
        // RFC 9864 §2.2 names the curve; what is signed is the same.
        ("Ed25519", Self::EdDsa),
    ];

    fn parse(name: &str) -> Option<Self> {
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, value)| *value)
    }

    fn name(self) -> &'static str {
        let known = Self::NAMES.iter().find(|(_, value)| *value == self);
        known.map_or("", |(name, _)| name)
    }
}

/// Why a text is no key to sign with. It holds nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError(&'static str);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for KeyError {}

impl SigningKey {
    /// Reads a private key in PEM: PKCS #8, PKCS #1 or SEC 1, of RSA, P-256, P-384 or Ed25519.
    ///
    /// # Errors
    ///
    /// Other keys, encrypted ones and RSA keys of fewer than 2048 bits are refused.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        pem::read(text).map(Self::of)
    }

    /// Reads a private key as a JSON Web Key
    /// ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)), with the `kid` and the `alg` that it has.
    ///
    /// # Errors
    ///
    /// Other keys than those of [`SigningKey::from_pem`] are refused, and public ones.
    pub fn from_jwk(text: &str) -> Result<Self, KeyError> {
        jwk::read(text)
    }

    /// Reads a key in either form.
    pub(crate) fn parse(text: &str) -> Result<Self, KeyError> {
        if text.trim_start().starts_with('{') {
            Self::from_jwk(text)
        } else {
            Self::from_pem(text)
        }
    }

    fn of(pair: Pair) -> Self {
        let algorithm = match pair {
            Pair::Rsa(_) => SignatureAlgorithm::Rs256,
            Pair::P256(_) => SignatureAlgorithm::Es256,
            Pair::P384(_) => SignatureAlgorithm::Es384,
            Pair::Ed25519(_) => SignatureAlgorithm::EdDsa,
        };
        Self {
            pair: Arc::new(pair),
            algorithm,
            key_id: None,
            thumbprint: None,
        }
    }

    /// Sets how the key signs.
    ///
    /// # Errors
    ///
    /// Only RSA keys have a choice.
    pub fn algorithm(mut self, algorithm: SignatureAlgorithm) -> Result<Self, KeyError> {
        let is_rsa = matches!(
            algorithm,
            SignatureAlgorithm::Rs256 | SignatureAlgorithm::Ps256
        );
        if algorithm != self.algorithm && !(is_rsa && matches!(*self.pair, Pair::Rsa(_))) {
            return Err(KeyError("the key can't sign by this algorithm"));
        }
        self.algorithm = algorithm;
        Ok(self)
    }

    /// Sets the name by which the server knows the key (`kid`).
    #[must_use]
    pub fn key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// Names the certificate of the key, in PEM, by its SHA-256 thumbprint (`x5t#S256`,
    /// [RFC 7515 §4.1.8](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.8)).
    ///
    /// # Errors
    ///
    /// The text must hold a certificate.
    pub fn certificate(mut self, text: &str) -> Result<Self, KeyError> {
        let certificate = pem::certificate(text)?;
        let hash = digest::digest(&digest::SHA256, &certificate);
        self.thumbprint = Some(URL_SAFE_NO_PAD.encode(hash));
        Ok(self)
    }

    /// Makes a signed token of claims.
    pub(crate) fn sign(&self, claims: &Value) -> Result<Zeroizing<String>, TokenError> {
        let mut header = header(self.algorithm.name());
        let names = [("kid", &self.key_id), ("x5t#S256", &self.thumbprint)];
        for (name, value) in names {
            if let Some(value) = value {
                header.insert(name.to_owned(), value.clone().into());
            }
        }
        compact(header, claims, |message| self.signature(message))
    }

    fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &*self.pair {
            Pair::Rsa(pair) => {
                let padding: &'static dyn signature::RsaEncoding = match self.algorithm {
                    SignatureAlgorithm::Ps256 => &signature::RSA_PSS_SHA256,
                    _ => &signature::RSA_PKCS1_SHA256,
                };
                let mut bytes = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut bytes).ok()?;
                Some(bytes)
            }
            Pair::P256(pair) | Pair::P384(pair) => {
                let bytes = pair.sign(&random, message).ok()?;
                Some(bytes.as_ref().to_vec())
            }
            Pair::Ed25519(pair) => Some(pair.sign(message).as_ref().to_vec()),
        }
    }
}

/// Makes a token signed with a shared secret (HS256).
pub(crate) fn sign_with_secret(
    secret: &str,
    claims: &Value,
) -> Result<Zeroizing<String>, TokenError> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    compact(header("HS256"), claims, |message| {
        Some(hmac::sign(&key, message).as_ref().to_vec())
    })
}

/// Returns 128 random bits as text: a name that nothing else has.
pub(crate) fn unique_name() -> Result<String, TokenError> {
    let mut bytes = [0; 16];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| TokenError::transient("the system gives no random numbers"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn header(algorithm: &str) -> Map<String, Value> {
    let mut header = Map::new();
    header.insert("alg".to_owned(), algorithm.into());
    header.insert("typ".to_owned(), "JWT".into());
    header
}

/// Makes the compact serialisation
/// ([RFC 7515 §7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)).
fn compact(
    header: Map<String, Value>,
    claims: &Value,
    sign: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Result<Zeroizing<String>, TokenError> {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = encode(&Value::Object(header));
    let mut text = Zeroizing::new(format!("{header}.{}", encode(claims)));
    let signature = sign(text.as_bytes())
        .ok_or_else(|| TokenError::permanent("the client's key can't sign an assertion"))?;
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut text);
    Ok(text)
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
