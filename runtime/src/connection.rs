//! The connection settings of a client: where the API is and who calls it.

mod client;
mod environment;
mod file;
mod network;
mod resolve;
mod schemes;
mod servers;
mod tokens;

use std::collections::BTreeMap;
use std::fmt;

use crate::api::Api;
use crate::credentials::ClientAuthentication;
use crate::network::Proxy;
use crate::secret::{Mask, Secret};
use crate::security::SchemeCredential;
#[cfg(feature = "store")]
use crate::sharing::TokenSharing;
#[cfg(feature = "jwt")]
use crate::signing_key::SigningKey;

use self::client::Held;
pub(crate) use self::resolve::Settings;

/// The connection settings of a client.
///
/// A value comes from code, from an environment variable or from an environment file, and the former
/// wins over the latter in whatever order they are read. With `PAYPAL` for the prefix of the API, the
/// variables are
///
/// - `PAYPAL_CLIENT_ID`, and one credential: `PAYPAL_CLIENT_SECRET`, or the path of a file that holds it,
///   `PAYPAL_CLIENT_SECRET_FILE`, or that of an assertion, `PAYPAL_CLIENT_ASSERTION_FILE`, or that of a
///   private key, `PAYPAL_CLIENT_KEY_FILE`, whose name `PAYPAL_CLIENT_KEY_ID` can be;
/// - `PAYPAL_CLIENT_AUTHENTICATION`, how the client authenticates, if it isn't plain from that;
/// - `PAYPAL_CLIENT_CERTIFICATE_FILE` and `PAYPAL_ROOT_CERTIFICATE_FILE`, the paths of PEM files, and `PAYPAL_PROXY`, a URL;
/// - `PAYPAL_SCOPE`, `PAYPAL_RESOURCE` (delimited by spaces), `PAYPAL_AUDIENCE`, `PAYPAL_TOKEN_ENDPOINT`,
///   `PAYPAL_REVOCATION_ENDPOINT`, `PAYPAL_ISSUER`, `PAYPAL_BASE_URL`, `PAYPAL_SERVER` (an index) and,
///   for a variable `region` of a server's URL, `PAYPAL_VARIABLE_REGION`;
/// - one that is named after it for every security scheme of another kind: see [`Connection::api_key`],
///   [`Connection::bearer_token`] and [`Connection::basic`].
#[derive(Clone)]
pub struct Connection {
    api: &'static Api,
    client_id: Setting<String>,
    credential: Setting<Held>,
    client_authentication: Setting<ClientAuthentication>,
    #[cfg(feature = "jwt")]
    dpop_key: Setting<SigningKey>,
    #[cfg(feature = "jwt")]
    assertion_audience: Setting<String>,
    client_certificate: Setting<Secret>,
    root_certificate: Setting<String>,
    proxy: Setting<Proxy>,
    scope: Setting<String>,
    resources: Setting<Vec<String>>,
    audience: Setting<String>,
    token_endpoint: Setting<String>,
    revocation_endpoint: Setting<String>,
    issuer: Setting<String>,
    base_url: Setting<String>,
    /// By the URL templates of the servers that they stand for.
    base_urls: BTreeMap<String, Setting<String>>,
    server: Setting<usize>,
    variables: BTreeMap<String, Setting<String>>,
    extra_parameters: BTreeMap<String, Setting<String>>,
    /// By the names of their schemes.
    credentials: BTreeMap<String, Setting<SchemeCredential>>,
    token_headers: BTreeMap<String, Setting<String>>,
    #[cfg(feature = "store")]
    sharing: Option<TokenSharing>,
}

/// Where a value comes from; a later one wins over an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    File,
    Environment,
    Code,
}

/// A value and where it comes from.
#[derive(Debug, Clone)]
struct Setting<T>(Option<(Origin, T)>);

impl<T> Setting<T> {
    const UNSET: Self = Self(None);

    fn set(&mut self, origin: Origin, value: T) {
        if self.0.as_ref().is_none_or(|(known, _)| *known <= origin) {
            self.0 = Some((origin, value));
        }
    }

    fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|(_, value)| value)
    }
}

impl<T> Default for Setting<T> {
    fn default() -> Self {
        Self::UNSET
    }
}

impl Connection {
    /// Makes settings without a value of their own.
    #[must_use]
    pub const fn new(api: &'static Api) -> Self {
        Self {
            api,
            client_id: Setting::UNSET,
            credential: Setting::UNSET,
            client_authentication: Setting::UNSET,
            #[cfg(feature = "jwt")]
            assertion_audience: Setting::UNSET,
            #[cfg(feature = "jwt")]
            dpop_key: Setting::UNSET,
            client_certificate: Setting::UNSET,
            root_certificate: Setting::UNSET,
            proxy: Setting::UNSET,
            scope: Setting::UNSET,
            resources: Setting::UNSET,
            audience: Setting::UNSET,
            token_endpoint: Setting::UNSET,
            revocation_endpoint: Setting::UNSET,
            issuer: Setting::UNSET,
            base_url: Setting::UNSET,
            base_urls: BTreeMap::new(),
            server: Setting::UNSET,
            variables: BTreeMap::new(),
            extra_parameters: BTreeMap::new(),
            credentials: BTreeMap::new(),
            token_headers: BTreeMap::new(),
            #[cfg(feature = "store")]
            sharing: None,
        }
    }

    pub(crate) fn api(&self) -> &'static Api {
        self.api
    }

    /// Sets the client identifier.
    #[must_use]
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id.set(Origin::Code, client_id.into());
        self
    }

    /// Sets how the client authenticates at the token endpoint.
    #[must_use]
    pub fn client_authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.client_authentication.set(Origin::Code, authentication);
        self
    }

    /// Sets the scopes to ask for, delimited by spaces, for all calls. Without them each call asks for
    /// those that its operation names; see [`ScopePolicy`](crate::ScopePolicy).
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope.set(Origin::Code, scope.into());
        self
    }

    /// Sets the URL of the token endpoint; a relative one resolves against the base URL.
    #[must_use]
    pub fn token_endpoint(mut self, url: impl Into<String>) -> Self {
        self.token_endpoint.set(Origin::Code, url.into());
        self
    }

    /// Sets where tokens are revoked, for [`ClientCore::shutdown`](crate::ClientCore::shutdown), if it
    /// isn't where the issuer's metadata says.
    #[must_use]
    pub fn revocation_endpoint(mut self, url: impl Into<String>) -> Self {
        self.revocation_endpoint.set(Origin::Code, url.into());
        self
    }

    /// Sets the issuer that says where its token endpoint is, in place of the document
    /// ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414), or OpenID Connect Discovery). It is spelled
    /// as the server spells it. A token endpoint that is set counts before it.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer.set(Origin::Code, issuer.into());
        self
    }

    /// Adds a resource that tokens are for, an absolute URI without a fragment
    /// ([RFC 8707 §2](https://www.rfc-editor.org/rfc/rfc8707#section-2)).
    #[must_use]
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        let known = match self.resources.0.take() {
            Some((Origin::Code, known)) => known,
            _ => Vec::new(),
        };
        let resources = known.into_iter().chain([resource.into()]).collect();
        self.resources.set(Origin::Code, resources);
        self
    }

    /// Sets the audience of tokens, an extension of many authorization servers.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience.set(Origin::Code, audience.into());
        self
    }

    /// Shares the client's tokens with other clients and processes, by a store.
    #[cfg(feature = "store")]
    #[must_use]
    pub fn share_tokens(mut self, sharing: TokenSharing) -> Self {
        self.sharing = Some(sharing);
        self
    }

    /// Adds a header to token requests, which some vendors ask for.
    #[must_use]
    pub fn token_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let header = self.token_headers.entry(name.into()).or_default();
        header.set(Origin::Code, value.into());
        self
    }

    /// Sets a further parameter of the token request.
    #[must_use]
    pub fn extra_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let parameter = self.extra_parameters.entry(name.into()).or_default();
        parameter.set(Origin::Code, value.into());
        self
    }
}

/// Values whose names say that they are sensitive: they stay out of environment files and logs.
fn is_sensitive(name: &str) -> bool {
    const SENSITIVE: &[&str] = &[
        "clientid",
        "secret",
        "password",
        "passphrase",
        "token",
        "apikey",
        "privatekey",
        "assertion",
        "credential",
        "authorization",
    ];
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    SENSITIVE.iter().any(|sensitive| name.contains(sensitive))
}

/// The query of a URL may hold a key.
fn without_query(url: &Setting<String>) -> Option<&str> {
    let url = url.get()?;
    Some(url.split_once('?').map_or(url, |(place, _)| place))
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra_parameters: Vec<_> = self.extra_parameters.keys().collect();
        let token_headers: Vec<_> = self.token_headers.keys().collect();
        f.debug_struct("Connection")
            .field("api", &self.api.name)
            .field("client_id", &self.client_id.get().map(|_| Mask))
            .field("credential", &self.credential.get())
            .field("client_certificate", &self.client_certificate.get())
            .field("proxy", &self.proxy.get())
            .field("client_authentication", &self.client_authentication.get())
            .field("scope", &self.scope.get())
            .field("resources", &self.resources.get())
            .field("audience", &self.audience.get())
            .field("token_endpoint", &without_query(&self.token_endpoint))
            .field(
                "revocation_endpoint",
                &without_query(&self.revocation_endpoint),
            )
            .field("issuer", &self.issuer.get())
            .field("base_url", &without_query(&self.base_url))
            .field("base_urls", &self.base_urls.keys().collect::<Vec<_>>())
            .field("server", &self.server.get())
            .field("variables", &self.variables)
            .field("extra_parameters", &extra_parameters)
            .field("token_headers", &token_headers)
            .field("credentials", &self.credentials.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static API: Api = Api::new("paypal", "PAYPAL", "paypal/1");

    #[test]
    fn code_wins_over_the_environment_and_that_over_a_file() {
        for order in [
            [Origin::Code, Origin::Environment, Origin::File],
            [Origin::File, Origin::Environment, Origin::Code],
            [Origin::Environment, Origin::Code, Origin::File],
        ] {
            let mut setting = Setting::UNSET;
            for origin in order {
                setting.set(origin, origin);
            }
            assert_eq!(setting.get(), Some(&Origin::Code));
        }
    }

    #[test]
    fn sensitive_values_are_masked() {
        let connection = Connection::new(&API)
            .client_id("cl13nt")
            .client_secret("s3cret")
            .token_endpoint("https://example.com/token?key=k3y")
            .extra_parameter("api_key", "k3y");
        let seen = format!("{connection:?} {connection:#?}");
        for text in ["cl13nt", "s3cret", "k3y"] {
            assert!(!seen.contains(text), "{seen}");
        }
    }

    #[test]
    fn names_tell_sensitive_values() {
        for name in [
            "client_secret",
            "Client-Secret",
            "apiKey",
            "refresh_token",
            "client_id",
        ] {
            assert!(is_sensitive(name), "{name}");
        }
        for name in ["audience", "resource", "tenant"] {
            assert!(!is_sensitive(name), "{name}");
        }
    }
}
