//! Keys as JSON Web Keys ([RFC 7518 §6](https://www.rfc-editor.org/rfc/rfc7518#section-6),
//! [RFC 8037 §2](https://www.rfc-editor.org/rfc/rfc8037#section-2)).

use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{KeyError, Pair, SignatureAlgorithm, SigningKey};
use crate::secret::Secret;

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<Secret>,
    p: Option<Secret>,
    q: Option<Secret>,
    dp: Option<Secret>,
    dq: Option<Secret>,
    qi: Option<Secret>,
}

const UNKNOWN: KeyError =
    KeyError("expected a private JWK of RSA (2048 bits or more), P-256, P-384 or Ed25519");

pub(super) fn read(text: &str) -> Result<SigningKey, KeyError> {
    let jwk: Jwk = serde_json::from_str(text).map_err(|_| KeyError("expected a JWK"))?;
    let pair = jwk.pair().ok_or(UNKNOWN)?;
    let mut key = SigningKey::of(pair);
    if let Some(name) = &jwk.alg {
        let algorithm = SignatureAlgorithm::parse(name);
        key = key.algorithm(algorithm.ok_or(KeyError("the JWK's `alg` isn't supported"))?)?;
    }
    key.key_id = jwk.kid;
    Ok(key)
}

impl Jwk {
    fn pair(&self) -> Option<Pair> {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => self.rsa().map(Pair::Rsa),
            ("EC", Some("P-256")) => self.ec(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Pair::P256),
            ("EC", Some("P-384")) => self.ec(&ECDSA_P384_SHA384_FIXED_SIGNING).map(Pair::P384),
            ("OKP", Some("Ed25519")) => {
                let (seed, public) = (private(self.d.as_ref())?, public(self.x.as_ref())?);
                let pair = Ed25519KeyPair::from_seed_and_public_key(&seed, &public).ok();
                pair.map(Pair::Ed25519)
            }
            _ => None,
        }
    }

    fn rsa(&self) -> Option<RsaKeyPair> {
        let components = KeyPairComponents {
            public_key: PublicKeyComponents {
                n: Zeroizing::new(public(self.n.as_ref())?),
                e: Zeroizing::new(public(self.e.as_ref())?),
            },
            d: private(self.d.as_ref())?,
            p: private(self.p.as_ref())?,
            q: private(self.q.as_ref())?,
            dP: private(self.dp.as_ref())?,
            dQ: private(self.dq.as_ref())?,
            qInv: private(self.qi.as_ref())?,
        };
        RsaKeyPair::from_components(&components).ok()
    }

    fn ec(&self, algorithm: &'static EcdsaSigningAlgorithm) -> Option<EcdsaKeyPair> {
        // SEC 1 §2.3.3: a point that isn't compressed.
        let point = [vec![4], public(self.x.as_ref())?, public(self.y.as_ref())?].concat();
        EcdsaKeyPair::from_private_key_and_public_key(algorithm, &private(self.d.as_ref())?, &point)
            .ok()
    }
}

fn public(text: Option<&String>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text?).ok()
}

fn private(text: Option<&Secret>) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = URL_SAFE_NO_PAD.decode(text?.expose()).ok();
    bytes.map(Zeroizing::new)
}
