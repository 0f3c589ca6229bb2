//! The public half of a key, as it stands in proofs of possession.

use aws_lc_rs::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::{KeyError, Pair, SignatureAlgorithm, SigningKey, compact};
use crate::token_error::TokenError;

impl SigningKey {
    /// Makes a new key, for tokens that are bound to it; it is gone with the process.
    ///
    /// # Errors
    ///
    /// RSA keys are made elsewhere.
    pub fn generate(algorithm: SignatureAlgorithm) -> Result<Self, KeyError> {
        const FAILED: KeyError = KeyError("the system makes no key");
        let pair = match algorithm {
            SignatureAlgorithm::Es256 => {
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Pair::P256)
            }
            SignatureAlgorithm::Es384 => {
                EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).map(Pair::P384)
            }
            SignatureAlgorithm::EdDsa => Ed25519KeyPair::generate().map(Pair::Ed25519),
            SignatureAlgorithm::Rs256 | SignatureAlgorithm::Ps256 => {
                return Err(KeyError("an RSA key isn't made here, but read"));
            }
        };
        pair.map(Self::of).map_err(|_| FAILED)
    }

    /// Makes a proof of possession: a signed token that holds the public key
    /// ([RFC 9449 §4.2](https://www.rfc-editor.org/rfc/rfc9449#section-4.2)).
    pub(crate) fn prove(&self, claims: &Value) -> Result<Zeroizing<String>, TokenError> {
        let mut header = Map::new();
        header.insert("alg".to_owned(), self.algorithm.name().into());
        header.insert("typ".to_owned(), "dpop+jwt".into());
        header.insert("jwk".to_owned(), self.public_jwk());
        compact(header, claims, |message| self.signature(message))
    }

    /// Returns the hash by which a server knows the key
    /// ([RFC 7638 §3](https://www.rfc-editor.org/rfc/rfc7638#section-3)).
    pub(crate) fn thumbprint(&self) -> String {
        let hash = digest::digest(&digest::SHA256, self.public_jwk().to_string().as_bytes());
        URL_SAFE_NO_PAD.encode(hash)
    }

    /// Returns the public key with the members that it must have, in the order of their names.
    fn public_jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let point = |curve: &str, pair: &EcdsaKeyPair| {
            // SEC 1 §2.3.3: after a byte of form, both coordinates.
            let (_, point) = pair.public_key().as_ref().split_at(1);
            let (x, y) = point.split_at(point.len() / 2);
            json!({ "crv": curve, "kty": "EC", "x": text(x), "y": text(y) })
        };
        match &*self.pair {
            Pair::Rsa(pair) => {
                let public = pair.public_key();
                let exponent = public.exponent().big_endian_without_leading_zero();
                let modulus = public.modulus().big_endian_without_leading_zero();
                json!({ "e": text(exponent), "kty": "RSA", "n": text(modulus) })
            }
            Pair::P256(pair) => point("P-256", pair),
            Pair::P384(pair) => point("P-384", pair),
            Pair::Ed25519(pair) => {
                json!({ "crv": "Ed25519", "kty": "OKP", "x": text(pair.public_key().as_ref()) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 7638 §3.1 has no private half there; that of RFC 8037 §A.1 has.
    const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519",
        "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    #[test]
    fn a_thumbprint_is_that_of_rfc_8037() {
        let key = SigningKey::from_jwk(ED25519).unwrap();
        let expected = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        assert_eq!(key.thumbprint(), expected);
    }

    #[test]
    fn a_public_key_has_nothing_of_the_private_one() {
        for algorithm in [
            SignatureAlgorithm::Es256,
            SignatureAlgorithm::Es384,
            SignatureAlgorithm::EdDsa,
        ] {
            let key = SigningKey::generate(algorithm).unwrap();
            let jwk = key.public_jwk();
            assert_eq!(jwk.get("d"), None);
            // It is no key to sign with.
            assert!(SigningKey::from_jwk(&jwk.to_string()).is_err());
        }
        assert!(SigningKey::generate(SignatureAlgorithm::Rs256).is_err());
    }
}
