//! What the client trusts, and the certificate by which it is known
//! ([RFC 8705](https://www.rfc-editor.org/rfc/rfc8705)).

use std::fmt;

use crate::secret::Secret;

/// Settings of TLS for one HTTP client.
#[derive(Clone, Default)]
pub(crate) struct Tls {
    /// The client's certificate chain and its private key, in PEM.
    identity: Option<Secret>,
    /// Certificate authorities beside those of the system, in PEM.
    roots: Vec<String>,
}

impl Tls {
    pub(crate) fn has_identity(&self) -> bool {
        self.identity.is_some()
    }

    #[cfg(feature = "store")]
    pub(crate) fn own(&self) -> Option<&Secret> {
        self.identity.as_ref()
    }

    #[cfg(feature = "rustls")]
    pub(crate) fn identity(&mut self, pem: Secret) {
        self.identity = Some(pem);
    }

    #[cfg(feature = "rustls")]
    pub(crate) fn root(&mut self, pem: String) {
        self.roots.push(pem);
    }

    /// Sets up an HTTP client; the message says what can't be used.
    #[cfg(feature = "rustls")]
    pub(crate) fn apply(
        &self,
        mut builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, &'static str> {
        if let Some(pem) = &self.identity {
            let identity = reqwest::Identity::from_pem(pem.expose().as_bytes());
            let message = "the client certificate isn't a chain and a private key in PEM";
            builder = builder.identity(identity.map_err(|_| message)?);
        }
        for pem in &self.roots {
            let roots = reqwest::Certificate::from_pem_bundle(pem.as_bytes());
            let roots = roots.ok().filter(|roots| !roots.is_empty());
            let message = "the root certificate isn't a certificate in PEM";
            builder = builder.tls_certs_merge(roots.ok_or(message)?);
        }
        Ok(builder)
    }

    #[cfg(not(feature = "rustls"))]
    #[allow(clippy::unnecessary_wraps, clippy::unused_self)]
    pub(crate) fn apply(
        &self,
        builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, &'static str> {
        Ok(builder)
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("identity", &self.identity)
            .field("roots", &self.roots.len())
            .finish()
    }
}

#[cfg(all(test, feature = "rustls"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_refused_without_being_shown() {
        let mut tls = Tls::default();
        tls.identity("s3cret".into());
        assert!(!format!("{tls:?}").contains("s3cret"));
        assert!(tls.apply(reqwest::Client::builder()).is_err());
        let mut tls = Tls::default();
        tls.root("s3cret".to_owned());
        assert!(tls.apply(reqwest::Client::builder()).is_err());
    }
}
