//! The connection settings of a client: where the API is and who calls it.

mod environment;
mod file;
mod resolve;
mod schemes;
mod servers;

use std::collections::BTreeMap;
use std::fmt;

use crate::api::Api;
use crate::credentials::ClientAuthentication;
use crate::secret::Secret;
use crate::security::Credential;

pub(crate) use self::resolve::Settings;

/// The connection settings of a client.
///
/// A value comes from code, from an environment variable or from an environment file, and the former
/// wins over the latter in whatever order they are read. With `PAYPAL` for the prefix of the API, the
/// variables are `PAYPAL_CLIENT_ID`, `PAYPAL_CLIENT_SECRET` or `PAYPAL_CLIENT_SECRET_FILE` (the path of
/// a file that holds it), `PAYPAL_SCOPE`, `PAYPAL_TOKEN_ENDPOINT`, `PAYPAL_BASE_URL`,
/// `PAYPAL_SERVER` (an index) and, for a variable `region` of a server's URL, `PAYPAL_VARIABLE_REGION`.
/// A security scheme of another kind has a variable that is named after it: see [`Connection::api_key`],
/// [`Connection::bearer_token`] and [`Connection::basic`].
#[derive(Clone)]
pub struct Connection {
    api: &'static Api,
    client_id: Setting<String>,
    client_secret: Setting<Secret>,
    client_authentication: Setting<ClientAuthentication>,
    scope: Setting<String>,
    token_endpoint: Setting<String>,
    base_url: Setting<String>,
    /// By the URL templates of the servers that they stand for.
    base_urls: BTreeMap<String, Setting<String>>,
    server: Setting<usize>,
    variables: BTreeMap<String, Setting<String>>,
    extra_parameters: BTreeMap<String, Setting<String>>,
    /// By the names of their schemes.
    credentials: BTreeMap<String, Setting<Credential>>,
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
            client_secret: Setting::UNSET,
            client_authentication: Setting::UNSET,
            scope: Setting::UNSET,
            token_endpoint: Setting::UNSET,
            base_url: Setting::UNSET,
            base_urls: BTreeMap::new(),
            server: Setting::UNSET,
            variables: BTreeMap::new(),
            extra_parameters: BTreeMap::new(),
            credentials: BTreeMap::new(),
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

    /// Sets the client secret.
    #[must_use]
    pub fn client_secret(mut self, client_secret: impl Into<Secret>) -> Self {
        self.client_secret.set(Origin::Code, client_secret.into());
        self
    }

    /// Sets how the client authenticates at the token endpoint.
    #[must_use]
    pub fn client_authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.client_authentication.set(Origin::Code, authentication);
        self
    }

    /// Sets the scopes to ask for, delimited by spaces.
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

    /// Sets a further parameter of the token request, such as `audience`.
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
        f.debug_struct("Connection")
            .field("api", &self.api.name)
            .field("client_id", &self.client_id.get())
            .field("client_secret", &self.client_secret.get())
            .field("client_authentication", &self.client_authentication.get())
            .field("scope", &self.scope.get())
            .field("token_endpoint", &without_query(&self.token_endpoint))
            .field("base_url", &without_query(&self.base_url))
            .field("base_urls", &self.base_urls.keys().collect::<Vec<_>>())
            .field("server", &self.server.get())
            .field("variables", &self.variables)
            .field("extra_parameters", &extra_parameters)
            .field("credentials", &self.credentials.keys().collect::<Vec<_>>())
            .finish()
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
            .client_secret("s3cret")
            .token_endpoint("https://example.com/token?key=k3y")
            .extra_parameter("api_key", "k3y");
        let seen = format!("{connection:?} {connection:#?}");
        assert!(!seen.contains("s3cret") && !seen.contains("k3y"), "{seen}");
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
