//! Why a request wasn't sent.

use std::error::Error;
use std::fmt;

use crate::api::{Api, Operation, SecurityScheme};

/// What is wrong with a request, or with the right to send it.
#[derive(Debug)]
pub(crate) enum RequestError {
    /// An array or object inside another, in a style that has no form for it.
    Nested(&'static str),
    /// A path parameter whose value makes the path that of another resource.
    EmptySegment(&'static str),
    MissingPathParameter(String),
    /// A name or value that can't stand in a header.
    Header(String),
    /// The body or a JSON parameter can't be encoded.
    Encode(serde_json::Error),
    /// A form from something other than an object.
    Form,
    /// The base URL of the call isn't one of http or https.
    BaseUrl,
    /// The token would go to an origin that it isn't meant for.
    ForeignOrigin,
    /// The token would travel in clear text.
    PlainHttp,
    Unauthorized(Unauthorized),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nested(name) => write!(
                f,
                "parameter `{name}` holds an array or object inside another, which its style has no form for"
            ),
            Self::EmptySegment(name) => write!(
                f,
                "path parameter `{name}` is empty or made of dots, which would name another resource"
            ),
            Self::MissingPathParameter(name) => write!(f, "path parameter `{name}` has no value"),
            Self::Header(name) => write!(f, "header `{name}` has a name or value that can't be sent"),
            Self::Encode(_) => f.write_str("a value can't be encoded"),
            Self::Form => f.write_str("a form is made of an object, found another value"),
            Self::BaseUrl => f.write_str("the base URL is not an absolute http or https URL"),
            Self::ForeignOrigin => f.write_str(
                "the call's base URL has another origin than the client's, which must not see its token",
            ),
            Self::PlainHttp => {
                f.write_str("a token is sent over https only, or over http to a loopback address")
            }
            Self::Unauthorized(error) => error.fmt(f),
        }
    }
}

impl Error for RequestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encode(error) => Some(error),
            _ => None,
        }
    }
}

/// An operation whose security can't be met.
pub(crate) struct Unauthorized {
    pub(crate) api: &'static Api,
    pub(crate) operation: &'static Operation,
}

impl fmt::Display for Unauthorized {
    /// Names the alternatives, and the settings that are missing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the call needs ")?;
        let mut wants_client = false;
        for (index, alternative) in self.operation.security.iter().enumerate() {
            if index > 0 {
                f.write_str(", or ")?;
            }
            for (index, (scheme, _)) in alternative.schemes.iter().enumerate() {
                let scheme = self.api.schemes.get(*scheme);
                wants_client |= scheme.is_some_and(SecurityScheme::is_client_credentials);
                let name = scheme.map_or("an undeclared scheme", |scheme| scheme.name);
                let and = if index > 0 { " and " } else { "" };
                write!(f, "{and}`{name}`")?;
            }
        }
        if wants_client {
            let prefix = self.api.variable_prefix;
            write!(
                f,
                ": set the client identifier and the client secret ({prefix}_CLIENT_ID, {prefix}_CLIENT_SECRET)"
            )
        } else {
            f.write_str(": set its header")
        }
    }
}

impl fmt::Debug for Unauthorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unauthorized({self})")
    }
}
