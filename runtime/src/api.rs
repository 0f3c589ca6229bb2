//! What a document says of an API, as constants of the generated code: servers, security schemes,
//! operations.
//!
//! Every type is built by `const` functions, so that a field added here doesn't break clients that
//! were generated earlier.

use http::Method;

/// One API: what all its operations share.
#[derive(Debug)]
pub struct Api {
    pub(crate) name: &'static str,
    pub(crate) variable_prefix: &'static str,
    pub(crate) user_agent: &'static str,
    pub(crate) servers: &'static [Server],
    pub(crate) schemes: &'static [SecurityScheme],
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
        }
    }

    /// Sets the servers; the first is the default
    /// ([OpenAPI 3.0 §4.7.5](https://spec.openapis.org/oas/v3.0.3#server-object)).
    #[must_use]
    pub const fn servers(mut self, servers: &'static [Server]) -> Self {
        self.servers = servers;
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
    pub(crate) kind: SchemeKind,
}

#[derive(Debug)]
pub(crate) enum SchemeKind {
    ClientCredentials { token_url: Option<&'static str> },
    Other,
}

impl SecurityScheme {
    /// Describes an OAuth 2.0 scheme with the client credentials flow
    /// ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)). A token URL that is
    /// relative resolves against the base URL; without one the token endpoint is a required setting.
    #[must_use]
    pub const fn client_credentials(name: &'static str, token_url: Option<&'static str>) -> Self {
        Self {
            name,
            kind: SchemeKind::ClientCredentials { token_url },
        }
    }

    /// Describes a scheme that the caller meets, by a header of the call.
    #[must_use]
    pub const fn other(name: &'static str) -> Self {
        Self {
            name,
            kind: SchemeKind::Other,
        }
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
}

/// One operation: all of a request that doesn't depend on the call.
#[derive(Debug)]
pub struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) accept: &'static str,
    pub(crate) security: &'static [Requirement],
}

impl Operation {
    /// Describes an operation by its `operationId`, its method and its path template.
    #[must_use]
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        Self {
            id,
            method,
            path,
            accept: "",
            security: &[],
        }
    }

    /// Sets the `Accept` header: the media types of the responses.
    #[must_use]
    pub const fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = media_types;
        self
    }

    /// Sets the alternatives by which a call can be authorised; none means no authorisation.
    #[must_use]
    pub const fn security(mut self, alternatives: &'static [Requirement]) -> Self {
        self.security = alternatives;
        self
    }
}
