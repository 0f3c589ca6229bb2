//! What a token endpoint answers
//! ([RFC 6749 §5](https://www.rfc-editor.org/rfc/rfc6749#section-5)), read as tolerantly as is safe.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::proof::Proof;
use crate::token::IssuedToken;
use crate::token_error::TokenError;

type Fields = Map<String, Value>;

/// Token types that mean a bearer token. Servers in the wild spell it in ways of their own.
const BEARER: &[&str] = &["bearer", "bearertoken", "application access token"];

/// What a token must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    None,
    /// Bound to the key of the request ([RFC 9449 §5](https://www.rfc-editor.org/rfc/rfc9449#section-5)).
    #[cfg(feature = "jwt")]
    Dpop,
}

impl Binding {
    /// Returns the scheme by which a token is used, if its type is the right one.
    fn scheme(self, kind: Option<&str>) -> Result<&'static str, TokenError> {
        let is = |known: &str| kind.is_some_and(|kind| kind.eq_ignore_ascii_case(known));
        match self {
            // One without a type is a bearer token in practice.
            Self::None if kind.is_none() || BEARER.iter().any(|known| is(known)) => Ok("Bearer"),
            Self::None => Err(TokenError::unusable(
                "the access token's type is not `Bearer`",
            )),
            #[cfg(feature = "jwt")]
            Self::Dpop if is("DPoP") => Ok("DPoP"),
            #[cfg(feature = "jwt")]
            Self::Dpop => Err(TokenError::unusable(
                "the access token is not bound to the client's key",
            )),
        }
    }
}

/// Makes a token or an error of an answer.
pub(super) fn read(
    status: StatusCode,
    retry_after: Option<Duration>,
    body: &[u8],
    proof: &Proof,
    binding: Binding,
) -> Result<IssuedToken, TokenError> {
    let mut fields = fields(body);
    // Some servers report errors with status 200.
    if let Some(error) = fields.as_ref().and_then(|fields| refusal(fields, proof)) {
        return Err(error.answered(status, retry_after));
    }
    if !status.is_success() {
        let error = TokenError::permanent("the token endpoint refused the request without a code");
        return Err(error.answered(status, retry_after));
    }
    let token = match &mut fields {
        Some(fields) => token(fields, binding),
        None if body.trim_ascii().is_empty() => Err(TokenError::transient(
            "the token endpoint's answer is empty",
        )),
        None => Err(TokenError::unusable(
            "the token endpoint's answer is neither JSON nor form-encoded",
        )),
    };
    token.map_err(|error| error.answered(status, retry_after))
}

/// Reads the error of an answer that isn't to hold a token.
pub(super) fn error(body: &[u8], proof: &Proof) -> Option<TokenError> {
    refusal(&fields(body)?, proof)
}

/// Reads an object, as JSON or as old servers send it, form-encoded.
fn fields(body: &[u8]) -> Option<Fields> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    if let Ok(fields) = serde_json::from_slice(body) {
        return Some(fields);
    }
    if body.trim_ascii_start().starts_with(b"<") {
        return None;
    }
    let fields: Fields = url::form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect();
    let speaks = ["access_token", "error"]
        .iter()
        .any(|name| fields.contains_key(*name));
    speaks.then_some(fields)
}

/// Reads an error answer (RFC 6749 §5.2), and the nested objects that some servers send instead.
fn refusal(fields: &Fields, proof: &Proof) -> Option<TokenError> {
    let text = |fields: &Fields, names: &[&str]| {
        let value = names.iter().find_map(|name| fields.get(*name))?;
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.trim().is_empty()).then(|| proof.redact(&text))
    };
    let (code, description) = match fields.get("error")? {
        Value::Object(error) => (
            text(error, &["code", "type", "status"]).unwrap_or_else(|| "error".to_owned()),
            text(error, &["message", "description"]),
        ),
        _ => (
            text(fields, &["error"])?,
            text(fields, &["error_description", "message"]),
        ),
    };
    Some(TokenError::refused(&code, description.as_deref()))
}

fn token(fields: &mut Fields, binding: Binding) -> Result<IssuedToken, TokenError> {
    let Some(Value::String(text)) = fields.remove("access_token") else {
        return Err(TokenError::unusable(
            "the token endpoint's answer has no `access_token`",
        ));
    };
    let text = Zeroizing::new(text);
    // RFC 6749 §7.1: a token of an unknown type must not be used.
    let kind = fields.get("token_type").filter(|value| !value.is_null());
    let kind = kind.map(|value| value.as_str().unwrap_or_default().trim());
    let mut token = IssuedToken::of(binding.scheme(kind)?, &text)?;
    if let Some(lifetime) = fields.get("expires_in").and_then(lifetime) {
        token = token.lifetime(lifetime);
    }
    if let Some(refresh_in) = fields.get("refresh_in").and_then(lifetime) {
        token = token.refresh_in(refresh_in);
    }
    if let Some(scope) = fields.get("scope").and_then(scope) {
        token = token.scope(scope);
    }
    Ok(token)
}

/// Reads `expires_in` as a number or a string of one; what is neither says nothing.
fn lifetime(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    if seconds.is_nan() {
        return None;
    }
    // Beyond any clock is as good as the longest lifetime, which the token caps.
    Some(Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX))
}

fn scope(value: &Value) -> Option<String> {
    match value {
        Value::String(scope) => Some(scope.clone()),
        Value::Array(scopes) => {
            let scopes: Vec<_> = scopes.iter().filter_map(Value::as_str).collect();
            Some(scopes.join(" "))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;
    use crate::token::AccessToken;

    fn answer(status: u16, body: &str) -> Result<AccessToken, TokenError> {
        let proof = Proof::post("id", &"s3cret".into());
        let status = StatusCode::from_u16(status).unwrap();
        let start = Moment::new(Duration::ZERO, Duration::ZERO);
        read(status, None, body.as_bytes(), &proof, Binding::None)
            .map(|issued| AccessToken::new(issued, 1, start, start, 0.5))
    }

    fn lifetime_of(expires_in: &str) -> Option<u64> {
        let body = format!(r#"{{"access_token":"t","expires_in":{expires_in}}}"#);
        let token = answer(200, &body).unwrap();
        token.lifetime().map(|lifetime| lifetime.as_secs())
    }

    #[test]
    fn expires_in_comes_in_many_forms() {
        for value in ["3600", "\"3600\"", "3600.0", "\" 3600.0 \"", "36e2"] {
            assert_eq!(lifetime_of(value), Some(3600), "{value}");
        }
        for value in ["0", "-1", "\"-5\"", "-1e300"] {
            assert_eq!(lifetime_of(value), Some(0), "{value}");
        }
        for value in ["null", "\"abc\"", "\"\"", "true", "[]", "\"NaN\""] {
            assert_eq!(lifetime_of(value), None, "{value}");
        }
        for value in ["1e12", "1e300", "\"inf\"", "99999999999999999999"] {
            assert_eq!(lifetime_of(value), Some(30 * 24 * 3600), "{value}");
        }
        assert_eq!(
            answer(200, r#"{"access_token":"t"}"#).unwrap().lifetime(),
            None
        );
    }

    #[test]
    fn what_is_not_known_is_passed_over_and_a_refresh_token_is_not_used() {
        let body = r#"{"access_token":"t","refresh_token":"r","refresh_in":1800,"ext_expires_in":9,
            "expires_in":7200,"nested":{"error":"x"}}"#;
        let token = answer(200, body).unwrap();
        assert_eq!(token.header(), "Bearer t");
        assert_eq!(token.lifetime(), Some(Duration::from_secs(7200)));
        let start = Moment::new(Duration::ZERO, Duration::ZERO);
        assert_eq!(token.until_stale(start), Duration::from_secs(1800));
    }

    #[test]
    fn token_types_are_read_whatever_their_case() {
        for kind in [
            "\"bearer\"",
            "\"BEARER\"",
            "\"Bearer\"",
            "null",
            "\"Application Access Token\"",
        ] {
            let body = format!(r#"{{"access_token":"t","token_type":{kind}}}"#);
            assert!(answer(200, &body).is_ok(), "{kind}");
        }
        for kind in ["\"mac\"", "\"DPoP\"", "\"\"", "1"] {
            let body = format!(r#"{{"access_token":"t","token_type":{kind}}}"#);
            assert!(answer(200, &body).is_err(), "{kind}");
        }
    }

    #[test]
    fn form_encoded_answers_are_read() {
        let token = answer(
            200,
            "access_token=t&token_type=bearer&expires_in=60&scope=a+b",
        )
        .unwrap();
        assert_eq!(token.header(), "Bearer t");
        assert_eq!(token.lifetime(), Some(Duration::from_secs(60)));
        assert_eq!(token.scope(), Some("a b"));
        let error = answer(400, "error=invalid_scope&error_description=no+such").unwrap_err();
        assert_eq!(error.code(), Some("invalid_scope"));
        assert_eq!(error.description(), Some("no such"));
    }

    #[test]
    fn an_error_within_a_200_is_an_error() {
        let error = answer(200, r#"{"error":"invalid_client"}"#).unwrap_err();
        assert_eq!(error.code(), Some("invalid_client"));
        assert!(!error.is_transient());
        assert!(answer(200, r#"{"error":null,"access_token":"t"}"#).is_ok());
        assert!(answer(200, r#"{"error":"","access_token":"t"}"#).is_ok());
    }

    #[test]
    fn nested_errors_are_read() {
        let error = answer(400, r#"{"error":{"code":400,"message":"bad client"}}"#).unwrap_err();
        assert_eq!(error.code(), Some("400"));
        assert_eq!(error.description(), Some("bad client"));
    }

    #[test]
    fn a_secret_that_the_server_echoes_stays_out_of_the_error() {
        let error = answer(
            401,
            r#"{"error":"invalid_client","error_description":"bad s3cret"}"#,
        )
        .unwrap_err();
        assert_eq!(error.description(), Some("bad [redacted]"));
    }

    #[test]
    fn garbage_is_an_error_and_says_which() {
        for (status, body, transient) in [
            (200, "", true),
            (200, " \n", true),
            (200, "<html>ok</html>", false),
            (200, "[]", false),
            (200, "{\"access_token\":", false),
            (200, "{}", false),
            (200, r#"{"access_token":5}"#, false),
            (200, r#"{"access_token":null}"#, false),
            (200, r#"{"access_token":""}"#, false),
            (200, r#"{"access_token":"a\r\nX: y"}"#, false),
            (200, r#"{"access_token":"tökén"}"#, false),
            (400, "bad", false),
            (404, "<html>", false),
            (429, "", true),
            (502, "<html>bad gateway</html>", true),
            (503, r#"{"error":"invalid_client"}"#, true),
        ] {
            let error = answer(status, body).unwrap_err();
            assert_eq!(error.is_transient(), transient, "{status} {body}");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        }
    }

    #[test]
    fn deep_nesting_is_no_trouble() {
        assert!(answer(200, &"[".repeat(100_000)).is_err());
        assert!(answer(200, &r#"{"a":"#.repeat(100_000)).is_err());
    }
}
