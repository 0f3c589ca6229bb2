//! The client credentials grant
//! ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::credentials::{ClientAuthentication, Credentials};
use crate::secret::Secret;
use crate::token_endpoint::TokenEndpoint;
use crate::token_error::TokenError;
use crate::token_source::{Issue, TokenSource};

/// A token source that asks a token endpoint as a client of its own. Clones share the credentials.
#[derive(Clone)]
pub struct ClientCredentials {
    inner: Arc<Inner>,
    /// What an operation asks for, where the client has no scope of its own.
    scope: Option<String>,
}

struct Inner {
    endpoint: TokenEndpoint,
    authentication: ClientAuthentication,
    credentials: ArcSwap<Credentials>,
    version: AtomicU64,
    parameters: Vec<(String, String)>,
}

/// Makes [`ClientCredentials`].
#[derive(Clone)]
pub struct ClientCredentialsBuilder {
    token_endpoint: String,
    credentials: Credentials,
    authentication: ClientAuthentication,
    timeout: Option<Duration>,
    scope: Option<String>,
    extra: Vec<(String, String)>,
}

/// Parameters that are the client's authentication, which a request must have one of only
/// ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)).
pub(crate) const AUTHENTICATION_PARAMETERS: &[&str] =
    &["client_secret", "client_assertion", "client_assertion_type"];

impl ClientCredentials {
    /// Starts with what is required: the URL of the token endpoint and the client's credentials.
    pub fn builder(
        token_endpoint: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> ClientCredentialsBuilder {
        ClientCredentialsBuilder {
            token_endpoint: token_endpoint.into(),
            credentials: Credentials {
                client_id: client_id.into(),
                client_secret: client_secret.into(),
            },
            authentication: ClientAuthentication::default(),
            timeout: None,
            scope: None,
            extra: Vec::new(),
        }
    }

    /// Replaces the client secret: the next token request uses it, and no failure of the old one is
    /// held against it.
    pub fn rotate(&self, client_secret: impl Into<Secret>) {
        let current = self.inner.credentials.load();
        self.inner.credentials.store(Arc::new(Credentials {
            client_id: current.client_id.clone(),
            client_secret: client_secret.into(),
        }));
        self.inner.version.fetch_add(1, Ordering::Release);
    }
}

impl ClientCredentialsBuilder {
    /// Sets how the client authenticates.
    #[must_use]
    pub fn authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Sets the scopes to ask for, delimited by spaces
    /// ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
    #[must_use]
    pub fn scope(mut self, scope: impl AsRef<str>) -> Self {
        let scopes: Vec<_> = scope.as_ref().split_whitespace().collect();
        self.scope = Some(scopes.join(" "));
        self
    }

    /// Adds a resource that the token is for
    /// ([RFC 8707 §2](https://www.rfc-editor.org/rfc/rfc8707#section-2)).
    #[must_use]
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.extra.push(("resource".to_owned(), resource.into()));
        self
    }

    /// Sets the audience of the token, an extension of many authorization servers.
    #[must_use]
    pub fn audience(self, audience: impl Into<String>) -> Self {
        self.extra_parameter("audience", audience)
    }

    /// Sets a further parameter of the token request; one that has a value already is replaced, since
    /// none may be repeated ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)).
    #[must_use]
    pub fn extra_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        if name != "resource" {
            self.extra.retain(|(known, _)| *known != name);
        }
        self.extra.push((name, value.into()));
        self
    }

    /// Sets the time that one token request may take, 10 seconds by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Makes the token source.
    ///
    /// # Errors
    ///
    /// The URL of the token endpoint must be `https`, or `http` on loopback, and no parameter may be
    /// another way of authentication.
    pub fn build(self) -> Result<ClientCredentials, TokenError> {
        let mut endpoint = TokenEndpoint::new(&self.token_endpoint)?;
        if let Some(timeout) = self.timeout {
            endpoint.timeout(timeout);
        }
        let is_authentication =
            |(name, _): &(String, String)| AUTHENTICATION_PARAMETERS.contains(&name.as_str());
        if self.extra.iter().any(is_authentication) {
            return Err(TokenError::permanent(
                "client authentication is no extra parameter: a request must not have two of it",
            ));
        }
        let mut parameters = vec![("grant_type".to_owned(), "client_credentials".to_owned())];
        parameters.extend(self.scope.map(|scope| ("scope".to_owned(), scope)));
        parameters.retain(|(name, _)| !self.extra.iter().any(|(extra, _)| extra == name));
        parameters.extend(self.extra);
        let inner = Inner {
            endpoint,
            authentication: self.authentication,
            credentials: ArcSwap::from_pointee(self.credentials),
            version: AtomicU64::new(0),
            parameters,
        };
        Ok(ClientCredentials {
            inner: Arc::new(inner),
            scope: None,
        })
    }
}

impl TokenSource for ClientCredentials {
    fn issue(&self) -> Issue<'_> {
        Box::pin(async move {
            let inner = &self.inner;
            let credentials = inner.credentials.load_full();
            let parameters: Vec<_> = inner
                .parameters
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .chain(self.scope.as_deref().map(|scope| ("scope", scope)))
                .collect();
            inner
                .endpoint
                .request(inner.authentication, &credentials, &parameters)
                .await
        })
    }

    fn version(&self) -> u64 {
        self.inner.version.load(Ordering::Acquire)
    }

    fn scoped(&self, scope: &str) -> Option<Box<dyn TokenSource>> {
        let has_scope = self
            .inner
            .parameters
            .iter()
            .any(|(name, _)| name == "scope");
        (!has_scope).then(|| {
            let scoped: Box<dyn TokenSource> = Box::new(Self {
                inner: Arc::clone(&self.inner),
                scope: Some(scope.to_owned()),
            });
            scoped
        })
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("endpoint", &self.inner.endpoint)
            .field("authentication", &self.inner.authentication)
            .field("credentials", &self.inner.credentials.load())
            .field("parameters", &names(&self.inner.parameters))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ClientCredentialsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentialsBuilder")
            .field("authentication", &self.authentication)
            .field("credentials", &self.credentials)
            .field("scope", &self.scope)
            .field("extra_parameters", &names(&self.extra))
            .finish_non_exhaustive()
    }
}

/// The values of parameters may be sensitive.
fn names(parameters: &[(String, String)]) -> Vec<&str> {
    parameters.iter().map(|(name, _)| name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder() -> ClientCredentialsBuilder {
        ClientCredentials::builder("https://example.com/token", "id", "s3cret")
    }

    fn parameters(builder: ClientCredentialsBuilder) -> Vec<(String, String)> {
        builder.build().unwrap().inner.parameters.clone()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn scopes_are_delimited_by_one_space() {
        assert_eq!(
            parameters(builder().scope("  read\twrite ")),
            pairs(&[
                ("grant_type", "client_credentials"),
                ("scope", "read write")
            ])
        );
    }

    #[test]
    fn no_parameter_but_resource_is_repeated() {
        let builder = builder()
            .audience("a")
            .audience("b")
            .resource("https://one.example")
            .resource("https://two.example")
            .extra_parameter("grant_type", "custom");
        assert_eq!(
            parameters(builder),
            pairs(&[
                ("audience", "b"),
                ("resource", "https://one.example"),
                ("resource", "https://two.example"),
                ("grant_type", "custom"),
            ])
        );
    }

    #[test]
    fn a_second_way_of_authentication_is_refused() {
        let builder = builder().extra_parameter("client_secret", "other");
        assert!(builder.build().is_err());
    }

    #[test]
    fn the_secret_is_masked() {
        let builder = builder();
        assert!(!format!("{builder:?}").contains("s3cret"));
        let source = builder.build().unwrap();
        source.rotate("s3cret-2");
        assert_eq!(source.version(), 1);
        assert!(!format!("{source:#?}").contains("s3cret"));
    }
}
