//! What keeps tokens from those who read the store.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use std::time::Duration;

use crate::secret::Secret;
use crate::token::IssuedToken;
use crate::token_error::TokenError;

/// Seals values by AES-256-GCM, and makes names that tell nothing, both by keys of one secret.
pub(super) struct Seal {
    values: RandomizedNonceKey,
    names: hmac::Key,
}

/// What a sealed value begins with: the version of its form.
const VERSION: u8 = 1;

const NONCE: usize = 12;

const SHORTEST_SECRET: usize = 32;

impl Seal {
    pub(super) fn of(secret: &Secret) -> Result<Self, TokenError> {
        let secret = secret.expose().as_bytes();
        if secret.len() < SHORTEST_SECRET {
            return Err(TokenError::permanent(
                "the key of the token store is shorter than 32 bytes",
            ));
        }
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let values = hmac::sign(&root, b"accredit token store: values");
        let names = hmac::sign(&root, b"accredit token store: names");
        let values = RandomizedNonceKey::new(&AES_256_GCM, values.as_ref())
            .map_err(|_| TokenError::permanent("the key of the token store can't be used"))?;
        Ok(Self {
            values,
            names: hmac::Key::new(hmac::HMAC_SHA256, names.as_ref()),
        })
    }

    /// Makes a name of parts, each with its length, so that no two lists have the same.
    pub(super) fn name(&self, parts: &[Zeroizing<String>]) -> String {
        let mut context = hmac::Context::with_key(&self.names);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        URL_SAFE_NO_PAD.encode(context.sign())
    }

    /// Seals a token with the number of the lock under which it was fetched. The value opens under its
    /// own name only.
    pub(super) fn close(&self, name: &str, lock: u64, token: &IssuedToken) -> Option<Vec<u8>> {
        let (scheme, text) = token.parts()?;
        let lifetime = token.promised().map(|lifetime| lifetime.as_secs_f64());
        let fields = json!({
            "lock": lock,
            "type": scheme,
            "token": text,
            "lifetime": lifetime,
            "scope": token.granted(),
        });
        let mut content = Zeroizing::new(fields.to_string().into_bytes());
        let additional = Aad::from(name.as_bytes());
        let sealed = self
            .values
            .seal_in_place_append_tag(additional, &mut *content);
        let nonce = sealed.ok()?;
        Some([&[VERSION], nonce.as_ref().as_slice(), &content].concat())
    }

    /// Opens what [`Seal::close`] has made; `None` if it is something else.
    pub(super) fn open(&self, name: &str, value: Vec<u8>) -> Option<(u64, IssuedToken)> {
        let mut value = Zeroizing::new(value);
        let (head, content) = value.split_at_mut_checked(1 + NONCE)?;
        let (version, nonce) = head.split_first()?;
        if *version != VERSION {
            return None;
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let additional = Aad::from(name.as_bytes());
        let opened = self.values.open_in_place(nonce, additional, content);
        let fields: Value = serde_json::from_slice(opened.ok()?).ok()?;
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let mut token = IssuedToken::of(text("type")?, text("token")?).ok()?;
        if let Some(seconds) = fields.get("lifetime").and_then(Value::as_f64) {
            token = token.lifetime(Duration::try_from_secs_f64(seconds).ok()?);
        }
        if let Some(scope) = text("scope") {
            token = token.scope(scope);
        }
        Some((fields.get("lock")?.as_u64()?, token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "a secret of at least thirty-two bytes";

    fn parts(texts: &[&str]) -> Vec<Zeroizing<String>> {
        let texts = texts.iter();
        texts
            .map(|text| Zeroizing::new((*text).to_owned()))
            .collect()
    }

    #[test]
    fn a_token_opens_under_its_name_and_key_only() {
        let seal = Seal::of(&SECRET.into()).unwrap();
        let token = IssuedToken::bearer("t0k3n").unwrap();
        let token = token.lifetime(Duration::from_secs(60)).scope("read");
        let value = seal.close("name", 7, &token).unwrap();
        let seen = String::from_utf8_lossy(&value).into_owned();
        assert!(!seen.contains("t0k3n") && !seen.contains("read"), "{seen}");
        let (lock, opened) = seal.open("name", value.clone()).unwrap();
        assert_eq!(lock, 7);
        assert_eq!(opened.parts(), Some(("Bearer", "t0k3n")));
        assert_eq!(opened.promised(), Some(Duration::from_secs(60)));
        assert_eq!(opened.granted(), Some("read"));
        assert!(seal.open("other", value.clone()).is_none());
        let other = Seal::of(&format!("{SECRET}!").as_str().into()).unwrap();
        assert!(other.open("name", value.clone()).is_none());
        for at in 0..value.len() {
            let mut changed = value.clone();
            changed[at] ^= 1;
            assert!(seal.open("name", changed).is_none(), "{at}");
            assert!(seal.open("name", value[..at].to_vec()).is_none(), "{at}");
        }
    }

    #[test]
    fn names_tell_nothing_and_differ() {
        let seal = Seal::of(&SECRET.into()).unwrap();
        let name = seal.name(&parts(&["client", "read write"]));
        assert_eq!(name, seal.name(&parts(&["client", "read write"])));
        assert_ne!(name, seal.name(&parts(&["clientread", " write"])));
        assert_ne!(name, seal.name(&parts(&["client", "read", "write"])));
        assert!(!name.contains("client"));
    }

    #[test]
    fn a_short_secret_is_refused() {
        let error = Seal::of(&"hunter2".into()).err().unwrap();
        assert!(!error.is_transient());
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}
