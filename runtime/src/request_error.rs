//! Why a request wasn't sent.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::api::{Api, Operation, SchemeKind, SecurityScheme};
#[cfg(feature = "validate")]
use crate::constraints::Violation;

/// What is wrong with a request, or with the right to send it.
#[derive(Debug, Clone)]
pub(crate) enum RequestError {
    /// An array or object inside another, in a style that has no form for it.
    Nested(&'static str),
    /// A path parameter whose value makes the path that of another resource.
    EmptySegment(&'static str),
    MissingPathParameter(String),
    /// A name or value that can't stand in a header.
    Header(String),
    /// The body or a JSON parameter can't be encoded.
    Encode(Arc<serde_json::Error>),
    /// A value that the document doesn't allow: whose it is, and what it breaks.
    #[cfg(feature = "validate")]
    Constraints {
        subject: String,
        violations: Vec<Violation>,
    },
    /// A form from something other than an object.
    Form,
    /// The base URL of the call isn't one of http or https.
    BaseUrl,
    /// A credential would go to an origin that it isn't meant for.
    ForeignOrigin,
    /// A credential would travel in clear text.
    PlainHttp,
    Unauthorized(Unauthorized),
    /// The next page is at another origin.
    ForeignPage,
    /// The next page is at what isn't a URL.
    PageUrl,
    /// The next page is one that has been there.
    RepeatedPage,
    /// The number of pages that a stream may ask for.
    TooManyPages(u32),
    /// The state or the result of a long-running operation is at another origin.
    ForeignState,
    /// What a poller is to go on from is no position of one.
    NoPosition,
    /// There is no state to ask for.
    NoState,
    /// How long the operation was waited for.
    Unfinished(Duration),
}

#[cfg(feature = "validate")]
impl RequestError {
    /// Returns the error of what breaks constraints; `None` where nothing does.
    pub(crate) fn of(violations: Vec<Violation>, subject: impl FnOnce() -> String) -> Option<Self> {
        (!violations.is_empty()).then(|| Self::Constraints {
            subject: subject(),
            violations,
        })
    }
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
            #[cfg(feature = "validate")]
            Self::Constraints {
                subject,
                violations,
            } => {
                write!(f, "{subject} isn't what the document allows: ")?;
                for (index, violation) in violations.iter().enumerate() {
                    let separator = if index > 0 { "; " } else { "" };
                    write!(f, "{separator}{violation}")?;
                }
                Ok(())
            }
            Self::Form => f.write_str("a form is made of an object, found another value"),
            Self::BaseUrl => f.write_str("the base URL is not an absolute http or https URL"),
            Self::ForeignOrigin => f.write_str(
                "the call's base URL has another origin than the client's, which must not see its credentials",
            ),
            Self::PlainHttp => {
                f.write_str("credentials are sent over https only, or over http to a loopback address")
            }
            Self::Unauthorized(error) => error.fmt(f),
            Self::ForeignPage => f.write_str(
                "the next page is at another origin than the client's, which must not see its credentials",
            ),
            Self::PageUrl => f.write_str("the URL of the next page is none"),
            Self::RepeatedPage => f.write_str("the pages go around in a circle"),
            Self::TooManyPages(most) => write!(
                f,
                "there are more than {most} pages; `max_pages` sets how many are asked for"
            ),
            Self::ForeignState => f.write_str(
                "the operation's state is at another origin than the client's, which must not see its credentials",
            ),
            Self::NoPosition => f.write_str("the position to go on from is none of a poller"),
            Self::NoState => f.write_str(
                "the call was answered without the URL of a state that could be asked for",
            ),
            Self::Unfinished(limit) => write!(
                f,
                "the operation isn't done within {limit:?}; `within` sets how long is waited"
            ),
        }
    }
}

impl Error for RequestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encode(error) => Some(&**error),
            _ => None,
        }
    }
}

/// An operation whose security can't be met.
#[derive(Clone, Copy)]
pub(crate) struct Unauthorized {
    pub(crate) api: &'static Api,
    pub(crate) operation: &'static Operation,
}

impl fmt::Display for Unauthorized {
    /// Names the alternatives, and the settings that would meet them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the call needs ")?;
        let mut ways: Vec<String> = Vec::new();
        for (index, alternative) in self.operation.security.iter().enumerate() {
            if index > 0 {
                f.write_str(", or ")?;
            }
            for (index, (scheme, _)) in alternative.schemes.iter().enumerate() {
                let scheme = self.api.schemes.get(*scheme);
                let name = scheme.map_or("an undeclared scheme", |scheme| scheme.name);
                let and = if index > 0 { " and " } else { "" };
                write!(f, "{and}`{name}`")?;
                let way = scheme.map(|scheme| way(scheme, self.api.variable_prefix));
                ways.extend(way.filter(|way| !ways.contains(way)));
            }
        }
        write!(f, ": set {}", ways.join("; "))
    }
}

/// Returns what a scheme is met by.
fn way(scheme: &SecurityScheme, prefix: &str) -> String {
    let SecurityScheme { name, setting, .. } = scheme;
    let variable = format!("{prefix}_{}", setting.to_ascii_uppercase());
    match scheme.kind {
        SchemeKind::ClientCredentials { .. } => format!(
            "the client identifier and the client secret ({prefix}_CLIENT_ID, {prefix}_CLIENT_SECRET)"
        ),
        SchemeKind::ApiKey(_) => format!("the key of `{name}` ({variable})"),
        SchemeKind::Bearer => format!("the token of `{name}` ({variable})"),
        SchemeKind::Token => format!("a source of tokens, or the token of `{name}` ({variable})"),
        SchemeKind::Basic => format!(
            "the user name and the password of `{name}` ({variable}_USERNAME, {variable}_PASSWORD)"
        ),
        SchemeKind::MutualTls => {
            format!("the client's certificate ({prefix}_CLIENT_CERTIFICATE_FILE)")
        }
        SchemeKind::Other => "its header".to_owned(),
    }
}

impl fmt::Debug for Unauthorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unauthorized({self})")
    }
}
