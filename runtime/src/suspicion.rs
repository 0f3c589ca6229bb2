//! Is this answer about the token? Evidence, budgets and the collapse test; no clock, no network.

mod budget;
mod collapse;
mod policy;

use std::fmt;

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

pub(crate) use self::budget::{Bucket, Budget, Circumstances};
pub use self::policy::{ReauthFailure, SuspicionPolicy, SuspicionProfile, UnsafeReplay};
use crate::challenge::Challenge;

/// An answer that may mean that the token has expired or been revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    /// The `operationId` of the call.
    pub operation: &'static str,
    /// The status of the answer.
    pub status: StatusCode,
    /// What the answer says about the token.
    pub evidence: Evidence,
}

/// How much an answer says about the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// The server spoke of the token: a 401, or `error="invalid_token"`
    /// ([RFC 6750 §3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)).
    Strong,
    /// The server may have hidden that the token is dead: a 403 or a 404
    /// ([RFC 9110 §15.5.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4)), or a 401 that asks
    /// for other schemes only.
    Weak,
    /// The token lacks a scope (`error="insufficient_scope"`), which may have been granted since.
    InsufficientScope,
}

/// Headers by which a server says that the caller, not the token, is at fault.
const QUOTA_HEADERS: &[&str] = &[
    "x-ratelimit-remaining",
    "x-rate-limit-remaining",
    "ratelimit-remaining",
];

impl Suspicion {
    /// Judges an answer to a call that carried our token; `None` if it isn't about the token.
    #[must_use]
    pub fn of(operation: &'static str, status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        Self::by(&SuspicionPolicy::default(), operation, status, headers)
    }

    /// Judges an answer by a policy of another set of statuses.
    #[must_use]
    pub fn by(
        policy: &SuspicionPolicy,
        operation: &'static str,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Option<Self> {
        if !policy.suspects(status) {
            return None;
        }
        let challenges = Challenge::all(headers);
        let ours = |challenge: &&Challenge| challenge.is("Bearer") || challenge.is("DPoP");
        let mut errors = challenges.iter().filter(ours);
        let error = errors.find_map(|challenge| challenge.parameter("error"));

        let evidence = match error {
            Some("invalid_token") => Evidence::Strong,
            Some("invalid_request" | "invalid_dpop_proof" | "use_dpop_nonce") => return None,
            Some("insufficient_scope") => Evidence::InsufficientScope,
            _ if status == StatusCode::UNAUTHORIZED => {
                if challenges.is_empty() || challenges.iter().any(|challenge| ours(&challenge)) {
                    Evidence::Strong
                } else {
                    Evidence::Weak
                }
            }
            _ if status == StatusCode::FORBIDDEN && is_throttled(headers) => return None,
            _ => Evidence::Weak,
        };
        Some(Self {
            operation,
            status,
            evidence,
        })
    }
}

fn is_throttled(headers: &HeaderMap) -> bool {
    headers.contains_key(RETRY_AFTER)
        || QUOTA_HEADERS
            .iter()
            .filter_map(|name| headers.get(*name))
            .any(|value| value.as_bytes().trim_ascii() == b"0")
        || headers.get_all(RATE_LIMIT).iter().any(is_exhausted)
}

/// The header of [draft-ietf-httpapi-ratelimit-headers](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/):
/// `"policy";r=0;t=30` is a quota of which nothing remains.
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

fn is_exhausted(value: &HeaderValue) -> bool {
    let mut parts = value.as_bytes().split(|byte| matches!(byte, b';' | b','));
    parts.any(|part| part.trim_ascii() == b"r=0")
}

/// Why a suspect answer caused no token request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// The policy doesn't act on such answers.
    Policy,
    /// Too many answers were suspected of late.
    BudgetSpent,
    /// New tokens haven't changed this operation's answers.
    Fruitless,
    /// The token is too young to have died.
    YoungToken,
    /// The body was a stream, which can't be sent again. The next call has a new token.
    OneShotBody,
    /// The method isn't idempotent, and the policy doesn't replay such calls.
    UnsafeMethod,
    /// The authorization server has issued a token, but granted none of the scopes that the API demands.
    NotGranted,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Policy => "the policy does not act on such answers",
            Self::BudgetSpent => "too many answers were suspected of late",
            Self::Fruitless => "new tokens have not changed this operation's answers",
            Self::YoungToken => "the token is too young to have died",
            Self::OneShotBody => "the body was a stream, which can't be sent again",
            Self::UnsafeMethod => "the policy does not replay calls that are not idempotent",
            Self::NotGranted => "the scopes that the API demands were not granted",
        })
    }
}

#[cfg(test)]
mod tests {
    use http::header::WWW_AUTHENTICATE;

    use super::*;

    fn evidence(status: u16, headers: &[(&'static str, &'static str)]) -> Option<Evidence> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        let status = StatusCode::from_u16(status).unwrap();
        Suspicion::of("orders.get", status, &map).map(|suspicion| suspicion.evidence)
    }

    #[test]
    fn the_three_statuses_are_suspect() {
        assert_eq!(evidence(401, &[]), Some(Evidence::Strong));
        assert_eq!(evidence(403, &[]), Some(Evidence::Weak));
        assert_eq!(evidence(404, &[]), Some(Evidence::Weak));
        for status in [200, 400, 407, 409, 410, 429, 500, 503] {
            assert_eq!(evidence(status, &[]), None, "{status}");
        }
    }

    #[test]
    fn a_server_that_names_the_token_is_believed() {
        let header = (WWW_AUTHENTICATE.as_str(), "Bearer error=\"invalid_token\"");
        for status in [401, 403, 404] {
            assert_eq!(evidence(status, &[header]), Some(Evidence::Strong));
        }
        assert_eq!(evidence(500, &[header]), None);
    }

    #[test]
    fn a_challenge_for_other_schemes_only_is_weak() {
        let basic = ("www-authenticate", "Basic realm=\"x\"");
        assert_eq!(evidence(401, &[basic]), Some(Evidence::Weak));
        let both = ("www-authenticate", "Basic realm=\"x\", Bearer");
        assert_eq!(evidence(401, &[both]), Some(Evidence::Strong));
    }

    #[test]
    fn throttling_is_no_suspicion() {
        assert_eq!(evidence(403, &[("retry-after", "3")]), None);
        assert_eq!(evidence(403, &[("x-ratelimit-remaining", "0")]), None);
        let exhausted = r#""minute";r=7, "day";r=0;t=3600"#;
        assert_eq!(evidence(403, &[("ratelimit", exhausted)]), None);
        for (name, value) in [
            ("x-ratelimit-remaining", "10"),
            ("ratelimit", r#""day";r=10;t=0"#),
        ] {
            assert_eq!(evidence(403, &[(name, value)]), Some(Evidence::Weak));
        }
    }

    #[test]
    fn a_malformed_call_is_no_suspicion() {
        let request = ("www-authenticate", "Bearer error=\"invalid_request\"");
        assert_eq!(evidence(401, &[request]), None);
        let nonce = ("www-authenticate", "DPoP error=\"use_dpop_nonce\"");
        assert_eq!(evidence(401, &[nonce]), None);
    }

    #[test]
    fn the_statuses_are_those_of_the_policy() {
        let judge = |policy: SuspicionPolicy, status| {
            Suspicion::by(&policy, "orders.get", status, &HeaderMap::new()).is_some()
        };
        let policy = SuspicionPolicy::appian().statuses(&[400]);
        assert!(judge(policy, StatusCode::BAD_REQUEST));
        assert!(!judge(policy, StatusCode::NOT_FOUND));
        assert!(!judge(SuspicionPolicy::appian(), StatusCode::BAD_REQUEST));
    }

    #[test]
    fn a_missing_scope_is_told_apart() {
        let scope = (
            "www-authenticate",
            "Bearer error=\"insufficient_scope\", scope=\"read\"",
        );
        assert_eq!(evidence(403, &[scope]), Some(Evidence::InsufficientScope));
    }
}
