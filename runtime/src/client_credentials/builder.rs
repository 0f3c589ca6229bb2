//! What a client of a token endpoint is made of.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use arc_swap::ArcSwap;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName};
use url::Url;
#[cfg(feature = "store")]
use zeroize::Zeroizing;

use super::{AUTHENTICATION_PARAMETERS, ClientCredentials, Held, Inner, TokenPlace, names};
use crate::credentials::ClientAuthentication;
#[cfg(feature = "jwt")]
use crate::dpop::Dpop;
use crate::network::{Network, Proxy};
use crate::request::header;
use crate::secret::{Mask, Secret};
#[cfg(feature = "store")]
use crate::sharing::TokenSharing;
#[cfg(feature = "jwt")]
use crate::signing_key::SigningKey;
use crate::token_endpoint::TokenEndpoint;
use crate::token_error::TokenError;

/// Makes [`ClientCredentials`].
#[derive(Clone)]
pub struct ClientCredentialsBuilder {
    place: TokenPlace,
    client_id: String,
    credential: Held,
    authentication: ClientAuthentication,
    timeout: Option<Duration>,
    revocation_endpoint: Option<String>,
    network: Network,
    headers: Vec<(String, String)>,
    #[cfg(feature = "jwt")]
    assertion_audience: Option<String>,
    #[cfg(feature = "jwt")]
    key: Option<Dpop>,
    scope: Option<String>,
    extra: Vec<(String, String)>,
    #[cfg(feature = "store")]
    sharing: Option<TokenSharing>,
}

impl ClientCredentialsBuilder {
    pub(crate) fn new(place: TokenPlace, client_id: String, credential: Held) -> Self {
        Self {
            place,
            client_id,
            credential,
            authentication: ClientAuthentication::default(),
            timeout: None,
            revocation_endpoint: None,
            network: Network::default(),
            headers: Vec::new(),
            #[cfg(feature = "jwt")]
            assertion_audience: None,
            #[cfg(feature = "jwt")]
            key: None,
            scope: None,
            extra: Vec::new(),
            #[cfg(feature = "store")]
            sharing: None,
        }
    }

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

    /// Binds tokens to a key, so that nobody else can use them: each request carries a proof of it
    /// ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449)). A token that isn't bound is refused.
    #[cfg(feature = "jwt")]
    #[must_use]
    pub fn dpop(mut self, key: SigningKey) -> Self {
        self.key = Some(Dpop::new(key));
        self
    }

    /// Sets where tokens are revoked, for [`TokenCache::revoke`](crate::TokenCache::revoke), if it isn't
    /// where the issuer's metadata says.
    #[must_use]
    pub fn revocation_endpoint(mut self, url: impl Into<String>) -> Self {
        self.revocation_endpoint = Some(url.into());
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
        self.network.tls.identity(pem.into());
        self
    }

    /// Trusts a certificate authority, in PEM, beside those of the system.
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<String>) -> Self {
        self.network.tls.root(pem.into());
        self
    }

    /// Shares the client's tokens with other clients and processes.
    #[cfg(feature = "store")]
    #[must_use]
    pub fn share(mut self, sharing: TokenSharing) -> Self {
        self.sharing = Some(sharing);
        self
    }

    /// Sets the proxy that token requests go through, in place of the one that the environment names.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.network.proxy = Proxy::At(url.into());
        self
    }

    pub(crate) fn network(mut self, network: Network) -> Self {
        self.network = network;
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
    pub fn build(mut self) -> Result<ClientCredentials, TokenError> {
        let mut endpoint = match &self.place {
            TokenPlace::At(url) => TokenEndpoint::new(url, &self.network)?,
            TokenPlace::Of(issuer) => TokenEndpoint::discovered(issuer, &self.network)?,
        };
        endpoint.headers(headers(&self.headers)?);
        if let Some(timeout) = self.timeout {
            endpoint.timeout(timeout);
        }
        if let Some(url) = &self.revocation_endpoint {
            endpoint.revocation(url)?;
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
        let scope = self.scope.take();
        parameters.extend(scope.map(|scope| ("scope".to_owned(), scope)));
        parameters.retain(|(name, _)| !self.extra.iter().any(|(extra, _)| extra == name));
        parameters.append(&mut self.extra);
        #[cfg(feature = "store")]
        let share = self
            .sharing
            .take()
            .map(|sharing| sharing.share(self.identity(&parameters)));
        let inner = Inner {
            endpoint,
            authentication: self.authentication,
            client_id: self.client_id,
            credential: ArcSwap::from_pointee(self.credential),
            version: AtomicU64::new(0),
            parameters,
            #[cfg(feature = "jwt")]
            assertion_audience: self.assertion_audience,
            #[cfg(feature = "jwt")]
            key: self.key,
        };
        Ok(ClientCredentials {
            inner: Arc::new(inner),
            further: Vec::new(),
            #[cfg(feature = "store")]
            share,
        })
    }

    /// Returns what tells the client's tokens from those of others, in one order whatever the order of
    /// the settings.
    #[cfg(feature = "store")]
    fn identity(&self, parameters: &[(String, String)]) -> Vec<Zeroizing<String>> {
        let (TokenPlace::At(place) | TokenPlace::Of(place)) = &self.place;
        let authentication = self.authentication.name();
        let whole = [place, &self.client_id, authentication].map(str::to_owned);
        let mut parts: Vec<_> = parameters
            .iter()
            .chain(&self.headers)
            .map(|(name, value)| match name.as_str() {
                "scope" => format!("scope={}", sorted(value)),
                _ => format!("{name}={value}"),
            })
            .collect();
        parts.sort_unstable();
        let certificate = self.network.tls.own().map(|pem| pem.expose().to_owned());
        let parts = whole.into_iter().chain(parts).chain(certificate);
        #[cfg(feature = "jwt")]
        let parts = parts.chain(self.key.as_ref().map(|key| key.thumbprint().to_owned()));
        parts.map(Zeroizing::new).collect()
    }
}

impl fmt::Debug for ClientCredentialsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentialsBuilder")
            .field("authentication", &self.authentication)
            .field("client_id", &Mask)
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

/// Scopes have no order ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
#[cfg(feature = "store")]
fn sorted(scope: &str) -> String {
    let mut scopes: Vec<_> = scope.split(' ').collect();
    scopes.sort_unstable();
    scopes.join(" ")
}

fn is_resource_indicator(value: &str) -> bool {
    value.is_empty() || Url::parse(value).is_ok_and(|url| url.fragment().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token_source::TokenSource;

    fn builder() -> ClientCredentialsBuilder {
        ClientCredentials::builder("https://example.com/token", "cl13nt", "s3cret")
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
    fn the_client_and_its_secret_are_masked() {
        let builder = builder();
        let source = builder.clone().build().unwrap();
        for seen in [format!("{builder:?}"), format!("{source:#?}")] {
            assert!(
                !seen.contains("s3cret") && !seen.contains("cl13nt"),
                "{seen}"
            );
        }
    }

    #[test]
    fn another_secret_is_another_version() {
        let source = builder().build().unwrap();
        let version = source.version();
        source.rotate("s3cret-2");
        assert_ne!(source.version(), version);
    }
}
