//! Assertions by which a client authenticates
//! ([RFC 7523 §3](https://www.rfc-editor.org/rfc/rfc7523#section-3)).

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::signing_key::{SigningKey, sign_with_secret, unique_name};
use crate::token_error::TokenError;

/// How long an assertion is good for: it is used at once, and only once.
const LIFETIME: Duration = Duration::from_secs(60);

/// What an assertion is signed with.
#[derive(Clone, Copy)]
pub(crate) enum Signer<'a> {
    Secret(&'a Secret),
    Key(&'a SigningKey),
}

/// Makes an assertion for one request to the server that is named by `audience`.
pub(crate) fn sign(
    client_id: &str,
    audience: &str,
    signer: Signer<'_>,
) -> Result<Zeroizing<String>, TokenError> {
    let now = SystemTime::now();
    let now = now.duration_since(SystemTime::UNIX_EPOCH);
    let now = now.map_err(|_| TokenError::permanent("the system's clock is before 1970"))?;
    let claims = claims(client_id, audience, &unique_name()?, now);
    match signer {
        Signer::Secret(secret) => sign_with_secret(secret.expose(), &claims),
        Signer::Key(key) => key.sign(&claims),
    }
}

fn claims(client_id: &str, audience: &str, name: &str, now: Duration) -> Value {
    json!({
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": name,
        "iat": now.as_secs(),
        "exp": (now + LIFETIME).as_secs(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assertion_says_who_to_whom_and_for_how_long() {
        let claims = claims(
            "id",
            "https://as.example",
            "name",
            Duration::from_secs(1000),
        );
        let expected = json!({
            "iss": "id", "sub": "id", "aud": "https://as.example", "jti": "name",
            "iat": 1000, "exp": 1060,
        });
        assert_eq!(claims, expected);
    }
}
