//! The client credentials grant
//! ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)).

mod builder;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;

pub use self::builder::ClientCredentialsBuilder;
use crate::credential_provider::CredentialProvider;
use crate::credentials::{ClientAuthentication, Credential};
#[cfg(feature = "jwt")]
use crate::dpop::Dpop;
use crate::secret::{Mask, Secret};
#[cfg(feature = "store")]
use crate::sharing::Share;
use crate::step_up::StepUp;
use crate::token::{AccessToken, IssuedToken};
use crate::token_endpoint::{Client, TokenEndpoint};
use crate::token_error::TokenError;
use crate::token_source::{Issue, Revoke, TokenSource};

/// A token source that asks a token endpoint as a client of its own. Clones share the credentials.
#[derive(Clone)]
pub struct ClientCredentials {
    inner: Arc<Inner>,
    /// What this token is asked for with, in place of the client's own parameters of these names: the scope
    /// of an operation, or what an API has demanded.
    further: Vec<(String, String)>,
    /// This token's part in what is shared with other processes.
    #[cfg(feature = "store")]
    share: Option<Share>,
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
    /// The key that tokens are bound to.
    #[cfg(feature = "jwt")]
    key: Option<Dpop>,
}

/// A credential, or where it comes from.
type Held = Arc<dyn CredentialProvider>;

/// Where the token endpoint is.
#[derive(Clone)]
pub(crate) enum TokenPlace {
    At(String),
    Of(String),
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
        ClientCredentialsBuilder::new(place, client_id.into(), Arc::new(credential))
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
        ClientCredentialsBuilder::new(place, client_id.into(), Arc::new(credential))
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

impl ClientCredentials {
    /// Asks the token endpoint, or takes what another process has got from it.
    async fn obtain(&self) -> Result<IssuedToken, TokenError> {
        #[cfg(feature = "store")]
        if let Some(share) = &self.share {
            return share.token(|| self.ask()).await;
        }
        self.ask().await
    }

    /// Asks the token endpoint.
    async fn ask(&self) -> Result<IssuedToken, TokenError> {
        let inner = &self.inner;
        let provider = Held::clone(&inner.credential.load());
        let credential = provider.credential().await?;
        let client = inner.client(&credential);
        let parameters: Vec<_> = self.parameters().collect();
        inner.endpoint.request(&client, &parameters).await
    }

    fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_own = |(name, _): &&(String, String)| {
            let mut further = self.further.iter();
            !further.any(|(changed, _)| changed == name)
        };
        let own = self.inner.parameters.iter().filter(is_own);
        let parameters = own.chain(&self.further);
        parameters.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn scope(&self) -> Option<&str> {
        let mut parameters = self.parameters();
        parameters.find_map(|(name, value)| (name == "scope").then_some(value))
    }

    /// Returns a source of tokens that are asked for with other values of some parameters.
    fn with(&self, changes: Vec<(String, String)>) -> Self {
        #[cfg(feature = "store")]
        let share = self.share.as_ref().map(|share| share.with(&changes));
        let mut further = self.further.clone();
        further.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        further.extend(changes);
        Self {
            inner: Arc::clone(&self.inner),
            further,
            #[cfg(feature = "store")]
            share,
        }
    }
}

impl Inner {
    fn client<'a>(&'a self, credential: &'a Credential) -> Client<'a> {
        Client {
            id: &self.client_id,
            authentication: self.authentication,
            credential,
            #[cfg(feature = "jwt")]
            audience: self.assertion_audience.as_deref(),
            #[cfg(feature = "jwt")]
            key: self.key.as_ref(),
        }
    }
}

impl TokenSource for ClientCredentials {
    fn issue(&self) -> Issue<'_> {
        Box::pin(async move {
            let token = self.obtain().await?;
            #[cfg(feature = "jwt")]
            if let Some(key) = &self.inner.key {
                return Ok(token.bound(key));
            }
            Ok(token)
        })
    }

    fn version(&self) -> u64 {
        // Either part may change, and neither comes near the other's bits.
        let own = self.inner.version.load(Ordering::Acquire);
        (own << 32).wrapping_add(self.inner.credential.load().version())
    }

    fn scoped(&self, scope: &str) -> Option<Box<dyn TokenSource>> {
        if self.scope().is_some() {
            return None;
        }
        let scope = ("scope".to_owned(), scope.to_owned());
        Some(Box::new(self.with(vec![scope])))
    }

    fn stepped_up(&self, refused: &AccessToken, step: &StepUp) -> Option<Box<dyn TokenSource>> {
        // A server that is left to decide says what it has decided.
        let before = self.scope().or(refused.scope()).unwrap_or_default();
        let scopes: BTreeSet<_> = before.split_whitespace().chain(step.scopes()).collect();
        let scope = step.scopes().next().map(|_| {
            let scopes: Vec<_> = scopes.into_iter().collect();
            ("scope".to_owned(), scopes.join(" "))
        });
        let parameters = step.parameters();
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Some(Box::new(self.with(parameters.chain(scope).collect())))
    }

    fn revoke<'a>(&'a self, token: &'a AccessToken) -> Revoke<'a> {
        Box::pin(async move {
            // Other processes use it.
            #[cfg(feature = "store")]
            if self.share.is_some() {
                return Ok(());
            }
            let inner = &self.inner;
            let provider = Held::clone(&inner.credential.load());
            let credential = provider.credential().await?;
            let client = inner.client(&credential);
            inner.endpoint.revoke(&client, token.text()).await
        })
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("endpoint", &self.inner.endpoint)
            .field("authentication", &self.inner.authentication)
            .field("client_id", &Mask)
            .field("credential", &self.inner.credential.load())
            .field("parameters", &names(&self.inner.parameters))
            .finish_non_exhaustive()
    }
}

/// The values of parameters may be sensitive.
fn names(parameters: &[(String, String)]) -> Vec<&str> {
    parameters.iter().map(|(name, _)| name.as_str()).collect()
}
