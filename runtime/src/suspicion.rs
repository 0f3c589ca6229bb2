//! Is this answer about the token?

use std::fmt;

use http::{HeaderMap, StatusCode};

/// How much an answer says about the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// The server spoke of the token: a 401, or `error="invalid_token"`.
    Strong,
    /// The server may have hidden it: a 403 or 404.
    Weak,
    /// The token isn't meant for this (`error="insufficient_scope"`).
    InsufficientScope,
}

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

impl Suspicion {
    /// Judges an answer to a call that carried our token; `None` if it isn't about the token.
    #[must_use]
    pub fn of(operation: &'static str, status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        let _ = headers;
        let evidence = match status {
            StatusCode::UNAUTHORIZED => Evidence::Strong,
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Evidence::Weak,
            _ => return None,
        };
        Some(Self {
            operation,
            status,
            evidence,
        })
    }
}

/// Why a suspect answer caused no token request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// The policy doesn't act on such answers.
    Off,
    /// Too many suspicions of late.
    BudgetSpent,
    /// New tokens haven't changed this operation's answers.
    Fruitless,
    /// The token is too young to have been revoked.
    YoungToken,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "the policy does not act on this status",
            Self::BudgetSpent => "too many answers were suspected of late",
            Self::Fruitless => "new tokens have not changed this operation's answers",
            Self::YoungToken => "the token is too young to have been revoked",
        })
    }
}
