//! What a document says of an API, as constants of the generated code: servers, security schemes,
//! operations.
//!
//! Every type is built by `const` functions, so that a field added here doesn't break clients that
//! were generated earlier.

use http::{Method, StatusCode};

use crate::paging::Paging;
use crate::parameter::Parameter;
use crate::polling::Polling;

/// One API: what all its operations share.
#[derive(Debug)]
pub struct Api {
    pub(crate) name: &'static str,
    pub(crate) variable_prefix: &'static str,
    pub(crate) user_agent: &'static str,
    pub(crate) servers: &'static [Server],
    pub(crate) schemes: &'static [SecurityScheme],
    pub(crate) operation_servers: &'static [&'static [Server]],
}

impl Api {
    /// Describes an API by the name of its crate, the prefix of its environment variables
    /// (`PAYPAL` for `PAYPAL_CLIENT_ID`) and the `User-Agent` it sends.
    #[must_use]
    pub const fn new(
        name: &'static str,
        variable_prefix: &'static str,
        user_agent: &'static str,
    ) -> Self {
        Self {
            name,
            variable_prefix,
            user_agent,
            servers: &[],
            schemes: &[],
            operation_servers: &[],
        }
    }

    /// Sets the servers; the first is the default
    /// ([OpenAPI 3.0 §4.7.5](https://spec.openapis.org/oas/v3.0.3#server-object)).
    #[must_use]
    pub const fn servers(mut self, servers: &'static [Server]) -> Self {
        self.servers = servers;
        self
    }

    /// Sets the lists of servers of operations that have their own, which they refer to by index.
    #[must_use]
    pub const fn operation_servers(mut self, lists: &'static [&'static [Server]]) -> Self {
        self.operation_servers = lists;
        self
    }

    /// Sets the security schemes that requirements refer to by index
    /// ([OpenAPI 3.0 §4.7.27](https://spec.openapis.org/oas/v3.0.3#security-scheme-object)).
    #[must_use]
    pub const fn schemes(mut self, schemes: &'static [SecurityScheme]) -> Self {
        self.schemes = schemes;
        self
    }
}

/// A server: a URL template and its variables.
#[derive(Debug)]
pub struct Server {
    pub(crate) url: &'static str,
    pub(crate) variables: &'static [ServerVariable],
}

impl Server {
    /// Describes a server by its URL, in which `{name}` stands for a variable.
    #[must_use]
    pub const fn new(url: &'static str) -> Self {
        Self {
            url,
            variables: &[],
        }
    }

    /// Sets the variables of the URL.
    #[must_use]
    pub const fn variables(mut self, variables: &'static [ServerVariable]) -> Self {
        self.variables = variables;
        self
    }
}

/// A variable of a server's URL: its name, its default and, where the document limits them, the
/// values it can have.
#[derive(Debug)]
pub struct ServerVariable {
    pub(crate) name: &'static str,
    pub(crate) default: &'static str,
    pub(crate) values: &'static [&'static str],
}

impl ServerVariable {
    /// Describes a variable; no `values` means any value.
    #[must_use]
    pub const fn new(
        name: &'static str,
        default: &'static str,
        values: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            default,
            values,
        }
    }
}

/// A way to authorise a call.
#[derive(Debug)]
pub struct SecurityScheme {
    pub(crate) name: &'static str,
    /// What its credential is called among the settings; empty where it isn't one of them.
    pub(crate) setting: &'static str,
    pub(crate) kind: SchemeKind,
}

#[derive(Debug)]
pub(crate) enum SchemeKind {
    ClientCredentials {
        token_url: Option<&'static str>,
    },
    /// The place of the key.
    ApiKey(Parameter),
    Basic,
    Bearer,
    /// A bearer token that the caller obtains.
    Token,
    /// The client's certificate.
    MutualTls,
    Other,
}

impl SecurityScheme {
    /// Describes an OAuth 2.0 scheme with the client credentials flow
    /// ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)). A token URL that is
    /// relative resolves against the base URL; without one the token endpoint is a required setting.
    #[must_use]
    pub const fn client_credentials(name: &'static str, token_url: Option<&'static str>) -> Self {
        Self::of(name, "", SchemeKind::ClientCredentials { token_url })
    }

    /// Describes a key in a header, in the query or in a cookie. `setting` is what the key is called
    /// among the settings: that of `api_key` is read from `PREFIX_API_KEY`.
    #[must_use]
    pub const fn api_key(name: &'static str, setting: &'static str, place: Parameter) -> Self {
        Self::of(name, setting, SchemeKind::ApiKey(place))
    }

    /// Describes the HTTP scheme `Basic` ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)).
    #[must_use]
    pub const fn basic(name: &'static str, setting: &'static str) -> Self {
        Self::of(name, setting, SchemeKind::Basic)
    }

    /// Describes the HTTP scheme `Bearer` with a token that is a setting
    /// ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
    #[must_use]
    pub const fn bearer(name: &'static str, setting: &'static str) -> Self {
        Self::of(name, setting, SchemeKind::Bearer)
    }

    /// Describes OAuth 2.0 with another flow, or `OpenID` Connect: the caller brings the tokens, by
    /// [`ClientOptions::tokens`](crate::ClientOptions::tokens) or as a setting.
    #[must_use]
    pub const fn token(name: &'static str, setting: &'static str) -> Self {
        Self::of(name, setting, SchemeKind::Token)
    }

    /// Describes mutual TLS: the client's certificate, which is a setting.
    #[must_use]
    pub const fn mutual_tls(name: &'static str) -> Self {
        Self::of(name, "", SchemeKind::MutualTls)
    }

    /// Describes a scheme that the caller meets, by a header of the call.
    #[must_use]
    pub const fn other(name: &'static str) -> Self {
        Self::of(name, "", SchemeKind::Other)
    }

    const fn of(name: &'static str, setting: &'static str, kind: SchemeKind) -> Self {
        Self {
            name,
            setting,
            kind,
        }
    }

    pub(crate) const fn is_client_credentials(&self) -> bool {
        matches!(self.kind, SchemeKind::ClientCredentials { .. })
    }

    /// Returns whether the `Authorization` header is where its credential goes.
    pub(crate) const fn is_authorization(&self) -> bool {
        !matches!(
            self.kind,
            SchemeKind::ApiKey(_) | SchemeKind::MutualTls | SchemeKind::Other
        )
    }
}

/// One alternative of an operation's security: schemes that hold together. No scheme at all means
/// that the call may go without
/// ([OpenAPI 3.0 §4.7.30](https://spec.openapis.org/oas/v3.0.3#security-requirement-object)).
#[derive(Debug)]
pub struct Requirement {
    pub(crate) schemes: &'static [(usize, &'static [&'static str])],
}

impl Requirement {
    /// Describes an alternative by the indexes of its schemes in [`Api::schemes`] and the scopes
    /// asked of each.
    #[must_use]
    pub const fn new(schemes: &'static [(usize, &'static [&'static str])]) -> Self {
        Self { schemes }
    }

    pub(crate) fn names_scopes(&self) -> bool {
        self.schemes.iter().any(|(_, scopes)| !scopes.is_empty())
    }

    pub(crate) fn is_of_the_schemes_of(&self, other: &Self) -> bool {
        let schemes = |requirement: &Self| requirement.schemes.iter().map(|(scheme, _)| *scheme);
        schemes(self).eq(schemes(other))
    }
}

/// One operation: all of a request that doesn't depend on the call.
#[derive(Debug)]
pub struct Operation {
    pub(crate) id: &'static str,
    method: Method,
    /// The name of a method that [`Method`] has no constant for.
    other: Option<&'static str>,
    pub(crate) path: &'static str,
    pub(crate) accept: &'static str,
    pub(crate) success: &'static [Status],
    pub(crate) security: &'static [Requirement],
    /// The index of its own servers in [`Api::operation_servers`].
    pub(crate) servers: Option<usize>,
    pub(crate) paging: Option<Paging>,
    /// How a long-running operation is polled, where this is the request for its state.
    pub(crate) polling: Option<Polling>,
}

impl Operation {
    /// Describes an operation by its `operationId`, its method and its path template.
    #[must_use]
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        Self {
            id,
            method,
            other: None,
            path,
            accept: "",
            success: &[],
            security: &[],
            servers: None,
            paging: None,
            polling: None,
        }
    }

    /// Describes an operation of the method `GET`.
    #[must_use]
    pub const fn get(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::GET, path)
    }

    /// Describes an operation of the method `POST`.
    #[must_use]
    pub const fn post(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::POST, path)
    }

    /// Describes an operation of the method `PUT`.
    #[must_use]
    pub const fn put(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::PUT, path)
    }

    /// Describes an operation of the method `PATCH`.
    #[must_use]
    pub const fn patch(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::PATCH, path)
    }

    /// Describes an operation of the method `DELETE`.
    #[must_use]
    pub const fn delete(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::DELETE, path)
    }

    /// Describes an operation of a method that [`Method`] has no constant for. Nothing is known of it:
    /// it counts as neither safe nor idempotent.
    #[must_use]
    pub const fn of_method(id: &'static str, method: &'static str, path: &'static str) -> Self {
        let mut operation = Self::new(id, Method::POST, path);
        operation.other = Some(method);
        operation
    }

    /// Sets the `Accept` header: the media types of the responses.
    #[must_use]
    pub const fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = media_types;
        self
    }

    /// Sets the statuses that mean success; none means every `2XX`.
    #[must_use]
    pub const fn success(mut self, statuses: &'static [Status]) -> Self {
        self.success = statuses;
        self
    }

    /// Sets the alternatives by which a call can be authorised; none means no authorisation.
    #[must_use]
    pub const fn security(mut self, alternatives: &'static [Requirement]) -> Self {
        self.security = alternatives;
        self
    }

    /// Sets the operation's own servers, in place of the API's, by their index in
    /// [`Api::operation_servers`].
    #[must_use]
    pub const fn servers(mut self, list: usize) -> Self {
        self.servers = Some(list);
        self
    }

    /// Sets how its pages follow each other.
    #[must_use]
    pub const fn paging(mut self, paging: Paging) -> Self {
        self.paging = Some(paging);
        self
    }

    /// Describes the request for the state of what this operation has started, at a URL that its answer
    /// names: authorised in the same way. Any `2XX` is its success.
    #[must_use]
    pub const fn state(&self, accept: &'static str, polling: Polling) -> Self {
        let mut state = Self::new(self.id, Method::GET, "").accept(accept);
        state.security = self.security;
        state.servers = self.servers;
        state.polling = Some(polling);
        state
    }
}

impl Operation {
    pub(crate) fn method(&self) -> Method {
        let other = self
            .other
            .and_then(|name| Method::from_bytes(name.as_bytes()).ok());
        other.unwrap_or_else(|| self.method.clone())
    }

    pub(crate) fn method_name(&self) -> &str {
        self.other.unwrap_or_else(|| self.method.as_str())
    }

    /// Returns whether a status means success.
    pub(crate) fn is_success(&self, status: StatusCode) -> bool {
        match self.success {
            [] => status.is_success(),
            statuses => statuses.iter().any(|success| success.matches(status)),
        }
    }

    /// Returns whether the method is idempotent
    /// ([RFC 9110 §9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2)).
    pub(crate) fn is_idempotent(&self) -> bool {
        self.other.is_none() && self.method.is_idempotent()
    }
}

/// The key of a response
/// ([OpenAPI 3.0 §4.7.16](https://spec.openapis.org/oas/v3.0.3#responses-object)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// One status.
    Code(u16),
    /// A class of statuses by its first digit: `2XX` is 2.
    Range(u16),
    /// The `default` response. It stands for failures too, so only a `2XX` counts as its success.
    Default,
}

impl Status {
    fn matches(self, status: StatusCode) -> bool {
        match self {
            Self::Code(code) => status.as_u16() == code,
            Self::Range(class) => status.as_u16() / 100 == class,
            Self::Default => status.is_success(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn succeeds(statuses: &'static [Status], status: u16) -> bool {
        let status = StatusCode::from_u16(status).expect("a status");
        Operation::new("get", Method::GET, "/")
            .success(statuses)
            .is_success(status)
    }

    #[test]
    fn a_status_that_the_document_does_not_name_is_no_success() {
        assert!(succeeds(&[Status::Code(201)], 201));
        assert!(!succeeds(&[Status::Code(201)], 200));
        assert!(succeeds(&[Status::Code(201), Status::Range(2)], 204));
        assert!(succeeds(&[Status::Code(304)], 304));
    }

    #[test]
    fn the_default_response_and_none_at_all_stand_for_the_2xx() {
        for statuses in [&[Status::Default] as &'static [Status], &[]] {
            assert!(succeeds(statuses, 200) && succeeds(statuses, 299));
            assert!(!succeeds(statuses, 302) && !succeeds(statuses, 404));
        }
    }
}
