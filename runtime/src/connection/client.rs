//! Who the client is: its credential, whatever kind that has, and its certificate.

use std::fmt;
#[cfg(feature = "jwt")]
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Connection, Origin};
use crate::credential_provider::{CredentialFile, CredentialProvider};
use crate::credentials::Credential;
use crate::secret::Secret;

/// A credential, or where it comes from.
#[derive(Clone)]
pub(super) enum Held {
    Secret(Secret),
    Provided(Arc<dyn CredentialProvider>),
}

impl Held {
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Secret(secret) if secret.is_empty())
    }

    pub(super) fn provider(&self) -> Arc<dyn CredentialProvider> {
        match self {
            Self::Secret(secret) => Arc::new(Credential::Secret(secret.clone())),
            Self::Provided(provider) => Arc::clone(provider),
        }
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(secret) => secret.fmt(f),
            Self::Provided(provider) => provider.fmt(f),
        }
    }
}

impl Connection {
    /// Sets the client secret.
    #[must_use]
    pub fn client_secret(mut self, client_secret: impl Into<Secret>) -> Self {
        let secret = Held::Secret(client_secret.into());
        self.credential.set(Origin::Code, secret);
        self
    }

    /// Sets what the client proves itself with, or what provides that: a
    /// [`Credential`], a [`CredentialFile`], or a provider of the caller's.
    #[must_use]
    pub fn credential(mut self, credential: impl CredentialProvider) -> Self {
        let provided = Held::Provided(Arc::new(credential));
        self.credential.set(Origin::Code, provided);
        self
    }

    /// Sets a file that holds the client secret; it is read for each token request.
    #[must_use]
    pub fn client_secret_file(self, path: impl Into<PathBuf>) -> Self {
        self.credential(CredentialFile::secret(path))
    }

    /// Sets a file that holds an assertion, such as the token of a workload identity; it is read for
    /// each token request.
    #[must_use]
    pub fn client_assertion_file(self, path: impl Into<PathBuf>) -> Self {
        self.credential(CredentialFile::assertion(path))
    }

    /// Sets the private key that signs the client's assertions.
    #[cfg(feature = "jwt")]
    #[must_use]
    pub fn client_key(self, key: crate::signing_key::SigningKey) -> Self {
        self.credential(Credential::Key(key))
    }

    /// Sets a file that holds the private key that signs the client's assertions, in PEM or as a JWK;
    /// it is read for each token request. `key_id` is the name by which the server knows the key.
    #[cfg(feature = "jwt")]
    #[must_use]
    pub fn client_key_file(self, path: impl AsRef<Path>, key_id: Option<&str>) -> Self {
        let key_id = key_id.map(str::to_owned);
        self.credential(CredentialFile::key(path.as_ref(), key_id))
    }

    /// Sets how assertions name the server (`aud`): by default its issuer if it was discovered by that,
    /// otherwise the URL of its token endpoint.
    #[cfg(feature = "jwt")]
    #[must_use]
    pub fn assertion_audience(mut self, audience: impl Into<String>) -> Self {
        self.assertion_audience.set(Origin::Code, audience.into());
        self
    }

    /// Binds tokens to a key, so that nobody else can use them: each token request and each call carries
    /// a proof of it ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449)).
    #[cfg(feature = "jwt")]
    #[must_use]
    pub fn dpop_key(mut self, key: crate::signing_key::SigningKey) -> Self {
        self.dpop_key.set(Origin::Code, key);
        self
    }
}
