//! Keys and certificates in PEM ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    RsaKeyPair,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroize;

use super::{KeyError, Pair};

/// Reads the first private key of a text.
pub(super) fn read(text: &str) -> Result<Pair, KeyError> {
    let mut key = PrivateKeyDer::from_pem_slice(text.as_bytes())
        .map_err(|_| KeyError("expected a private key in PEM that isn't encrypted"))?;
    let pair = match &key {
        PrivateKeyDer::Pkcs1(key) => rsa(RsaKeyPair::from_der(key.secret_pkcs1_der()).ok()),
        PrivateKeyDer::Sec1(key) => ec(key.secret_sec1_der()),
        PrivateKeyDer::Pkcs8(key) => {
            let key = key.secret_pkcs8_der();
            rsa(RsaKeyPair::from_pkcs8(key).ok())
                .or_else(|| ec(key))
                .or_else(|| {
                    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(key).ok();
                    pair.map(Pair::Ed25519)
                })
        }
        _ => None,
    };
    key.zeroize();
    pair.ok_or(KeyError(
        "expected a private key of RSA (2048 bits or more), P-256, P-384 or Ed25519",
    ))
}

fn rsa(pair: Option<RsaKeyPair>) -> Option<Pair> {
    pair.map(Pair::Rsa)
}

fn ec(key: &[u8]) -> Option<Pair> {
    let p256 = EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, key);
    let p384 = || EcdsaKeyPair::from_private_key_der(&ECDSA_P384_SHA384_FIXED_SIGNING, key);
    p256.map(Pair::P256)
        .or_else(|_| p384().map(Pair::P384))
        .ok()
}

/// Reads the first certificate of a text.
pub(super) fn certificate(text: &str) -> Result<CertificateDer<'static>, KeyError> {
    CertificateDer::from_pem_slice(text.as_bytes())
        .map_err(|_| KeyError("expected a certificate in PEM"))
}
