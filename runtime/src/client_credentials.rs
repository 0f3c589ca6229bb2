//! The client credentials grant
//! ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName};
use url::Url;

use crate::credential_provider::CredentialProvider;
use crate::credentials::{ClientAuthentication, Credential};
use crate::request::header;
use crate::secret::Secret;
use crate::tls::Tls;
use crate::token_endpoint::{Client, TokenEndpoint};
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
    client_id: String,
    credential: ArcSwap<Held>,
    version: AtomicU64,
    parameters: Vec<(String, String)>,
    #[cfg(feature = "jwt")]
    assertion_audience: Option<String>,
}

/// A credential, or where it comes from.
type Held = Arc<dyn CredentialProvider>;

/// Where the token endpoint is.
#[derive(Clone)]
pub(crate) enum TokenPlace {
    At(String),
    Of(String),
}

/// Makes [`ClientCredentials`].
#[derive(Clone)]
pub struct ClientCredentialsBuilder {
    place: TokenPlace,
    client_id: String,
    credential: Held,
    authentication: ClientAuthentication,
    timeout: Option<Duration>,
    tls: Tls,
    headers: Vec<(String, String)>,
    #[cfg(feature = "jwt")]
    assertion_audience: Option<String>,
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
        let secret = Credential::Secret(client_secret.into());
        Self::builder_with(token_endpoint, client_id, secret)
    }

    /// Starts with what is required: the URL of the token endpoint, and the client's identifier with
    /// its [`Credential`], or with what provides that.
    pub fn builder_with(
        token_endpoint: impl Into<String>,
        client_id: impl Into<String>,
        credential: impl CredentialProvider,
    ) -> ClientCredentialsBuilder {
        let place = TokenPlace::At(token_endpoint.into());
        Self::builder_of(place, client_id.into(), Arc::new(credential))
    }

    /// Starts with an issuer, which says where its token endpoint is
    /// ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414), or OpenID Connect Discovery), and the
    /// client. It is asked before the first token request, and again a day later.
    pub fn discover(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        credential: impl CredentialProvider,
    ) -> ClientCredentialsBuilder {
        let place = TokenPlace::Of(issuer.into());
        Self::builder_of(place, client_id.into(), Arc::new(credential))
    }

    pub(crate) fn builder_of(
        place: TokenPlace,
        client_id: String,
        credential: Held,
    ) -> ClientCredentialsBuilder {
        ClientCredentialsBuilder {
            place,
            client_id,
            credential,
            authentication: ClientAuthentication::default(),
            timeout: None,
            tls: Tls::default(),
            headers: Vec::new(),
            #[cfg(feature = "jwt")]
            assertion_audience: None,
            scope: None,
            extra: Vec::new(),
        }
    }

    /// Replaces the client secret: the next token request uses it, and no failure of the old one is
    /// held against it.
    pub fn rotate(&self, client_secret: impl Into<Secret>) {
        self.replace(Credential::Secret(client_secret.into()));
    }

    /// Replaces the credential, or what provides it.
    pub fn replace(&self, credential: impl CredentialProvider) {
        self.inner.credential.store(Arc::new(Arc::new(credential)));
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

    /// Sets how assertions name the server (`aud`): by default its issuer if it was discovered by that,
    /// otherwise the URL of its token endpoint
    /// ([RFC 7523 §3](https://www.rfc-editor.org/rfc/rfc7523#section-3)).
    #[cfg(feature = "jwt")]
    #[must_use]
    pub fn assertion_audience(mut self, audience: impl Into<String>) -> Self {
        self.assertion_audience = Some(audience.into());
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

    /// Adds a header to token requests, which some vendors ask for.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the client's certificate chain and private key, in PEM, for token requests
    /// ([RFC 8705 §2](https://www.rfc-editor.org/rfc/rfc8705#section-2)).
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn client_certificate(mut self, pem: impl Into<Secret>) -> Self {
        self.tls.identity(pem.into());
        self
    }

    /// Trusts a certificate authority, in PEM, beside those of the system.
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<String>) -> Self {
        self.tls.root(pem.into());
        self
    }

    pub(crate) fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
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
    /// The URL of the token endpoint must be `https`, or `http` on loopback; no parameter or header may be
    /// another way of authentication; a resource must be an absolute URI; and certificates must be
    /// PEM.
    pub fn build(self) -> Result<ClientCredentials, TokenError> {
        let mut endpoint = match &self.place {
            TokenPlace::At(url) => TokenEndpoint::new(url, &self.tls)?,
            TokenPlace::Of(issuer) => TokenEndpoint::discovered(issuer, &self.tls)?,
        };
        endpoint.headers(headers(&self.headers)?);
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
        let is_resource = |(name, _): &&(String, String)| name == "resource";
        if !self
            .extra
            .iter()
            .filter(is_resource)
            .all(|(_, value)| is_resource_indicator(value))
        {
            return Err(TokenError::permanent(
                "a resource is an absolute URI without a fragment (RFC 8707 §2)",
            ));
        }
        let mut parameters = vec![("grant_type".to_owned(), "client_credentials".to_owned())];
        parameters.extend(self.scope.map(|scope| ("scope".to_owned(), scope)));
        parameters.retain(|(name, _)| !self.extra.iter().any(|(extra, _)| extra == name));
        parameters.extend(self.extra);
        let inner = Inner {
            endpoint,
            authentication: self.authentication,
            client_id: self.client_id,
            credential: ArcSwap::from_pointee(self.credential),
            version: AtomicU64::new(0),
            parameters,
            #[cfg(feature = "jwt")]
            assertion_audience: self.assertion_audience,
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
            let provider = Held::clone(&inner.credential.load());
            let credential = provider.credential().await?;
            let client = Client {
                id: &inner.client_id,
                authentication: inner.authentication,
                credential: &credential,
                #[cfg(feature = "jwt")]
                audience: inner.assertion_audience.as_deref(),
            };
            let parameters: Vec<_> = inner
                .parameters
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .chain(self.scope.as_deref().map(|scope| ("scope", scope)))
                .collect();
            inner.endpoint.request(&client, &parameters).await
        })
    }

    fn version(&self) -> u64 {
        // Either part may change, and neither comes near the other's bits.
        let own = self.inner.version.load(Ordering::Acquire);
        (own << 32).wrapping_add(self.inner.credential.load().version())
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
            .field("client_id", &self.inner.client_id)
            .field("credential", &self.inner.credential.load())
            .field("parameters", &names(&self.inner.parameters))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ClientCredentialsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentialsBuilder")
            .field("authentication", &self.authentication)
            .field("client_id", &self.client_id)
            .field("credential", &self.credential)
            .field("scope", &self.scope)
            .field("extra_parameters", &names(&self.extra))
            .field("headers", &names(&self.headers))
            .finish_non_exhaustive()
    }
}

/// Headers that a token request has already.
const OWN_HEADERS: &[HeaderName] = &[
    AUTHORIZATION,
    CONTENT_TYPE,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    HOST,
];

fn headers(pairs: &[(String, String)]) -> Result<HeaderMap, TokenError> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let header = header(name, value)
            .ok()
            .filter(|(name, _)| !OWN_HEADERS.contains(name));
        let Some((name, mut value)) = header else {
            let name = name.escape_default();
            let message = format!("the header `{name}` can't be added to a token request");
            return Err(TokenError::permanent(message));
        };
        value.set_sensitive(true);
        headers.append(name, value);
    }
    Ok(headers)
}

fn is_resource_indicator(value: &str) -> bool {
    value.is_empty() || Url::parse(value).is_ok_and(|url| url.fragment().is_none())
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
    fn a_resource_is_an_absolute_uri() {
        for resource in ["https://api.example/orders?a=b", "urn:example:orders"] {
            assert!(builder().resource(resource).build().is_ok(), "{resource}");
        }
        for resource in ["orders", "/orders", "https://api.example/#orders"] {
            assert!(builder().resource(resource).build().is_err(), "{resource}");
        }
    }

    #[test]
    fn headers_that_a_request_has_already_or_that_break_it_are_refused() {
        assert!(builder().header("X-Merchant", "m1").build().is_ok());
        for (name, value) in [
            ("Authorization", "Basic s3cret"),
            ("content-type", "text/plain"),
            ("Host", "elsewhere.example"),
            ("X-Merchant", "a\r\nX: b"),
            ("X Merchant", "a"),
        ] {
            let error = builder().header(name, value).build().unwrap_err();
            assert!(!error.to_string().contains("s3cret"));
        }
    }

    #[test]
    fn the_secret_is_masked() {
        let builder = builder();
        assert!(!format!("{builder:?}").contains("s3cret"));
        let source = builder.build().unwrap();
        let version = source.version();
        source.rotate("s3cret-2");
        assert_ne!(source.version(), version);
        assert!(!format!("{source:#?}").contains("s3cret"));
    }
}
