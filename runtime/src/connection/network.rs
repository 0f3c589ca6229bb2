//! How the client reaches servers: its certificate, whom it trusts, and the proxy between.

use super::{Connection, Origin};
use crate::network::{Network, Proxy};
use crate::secret::Secret;
use crate::settings_error::Problem;
use crate::tls::Tls;

impl Connection {
    /// Sets the client's certificate chain and private key, in PEM, for token requests and calls
    /// ([RFC 8705](https://www.rfc-editor.org/rfc/rfc8705)).
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn client_certificate(mut self, pem: impl Into<Secret>) -> Self {
        self.client_certificate.set(Origin::Code, pem.into());
        self
    }

    /// Trusts certificate authorities, in PEM, beside those of the system, for token requests and calls.
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<String>) -> Self {
        self.root_certificate.set(Origin::Code, pem.into());
        self
    }

    /// Sets the proxy that token requests and calls go through, in place of the one that the environment
    /// names. The URL is of the scheme `http` or `https`, and can hold a user name and a password.
    /// Servers on this machine are reached without it.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy.set(Origin::Code, Proxy::At(url.into()));
        self
    }

    /// Goes through no proxy, whatever the environment names.
    #[must_use]
    pub fn without_proxy(mut self) -> Self {
        self.proxy.set(Origin::Code, Proxy::None);
        self
    }

    pub(super) fn network(&self) -> Network {
        Network {
            #[cfg(feature = "rustls")]
            tls: self.tls(),
            #[cfg(not(feature = "rustls"))]
            tls: Tls::default(),
            proxy: self.proxy.get().cloned().unwrap_or_default(),
        }
    }

    #[cfg(feature = "rustls")]
    fn tls(&self) -> Tls {
        let mut tls = Tls::default();
        if let Some(pem) = self.client_certificate.get() {
            tls.identity(pem.clone());
        }
        if let Some(pem) = self.root_certificate.get() {
            tls.root(pem.clone());
        }
        tls
    }

    pub(super) fn resolve_network(&self, problems: &mut Vec<Problem>) -> Network {
        let network = self.network();
        if let Err(message) = network.proxy.check() {
            problems.push(Problem::unusable("proxy", message));
        }
        network
    }
}
