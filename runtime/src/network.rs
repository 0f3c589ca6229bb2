//! The way to a server: whom the client trusts, by what certificate it is known, and which proxy is
//! between.

use std::fmt;

use url::Url;

use crate::loopback::is_loopback;
use crate::secret::Secret;
use crate::tls::Tls;

/// The settings of the way, for calls and for token requests alike.
#[derive(Debug, Clone, Default)]
pub(crate) struct Network {
    pub(crate) tls: Tls,
    pub(crate) proxy: Proxy,
}

/// Which proxy requests go through.
#[derive(Clone, Default)]
pub(crate) enum Proxy {
    /// The one that the environment names.
    #[default]
    System,
    None,
    /// The one at a URL, which can hold a user name and a password.
    At(Secret),
}

impl Network {
    /// Sets up an HTTP client; the message says what can't be used.
    pub(crate) fn apply(
        &self,
        builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, &'static str> {
        let builder = match &self.proxy {
            Proxy::System => builder,
            Proxy::None => builder.no_proxy(),
            Proxy::At(url) => builder.proxy(through(url)?),
        };
        self.tls.apply(builder)
    }
}

impl Proxy {
    /// Returns whether the proxy is a URL that can be used; the message says what can't.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        match self {
            Self::At(url) => parsed(url).map(|_| ()),
            Self::System | Self::None => Ok(()),
        }
    }
}

fn parsed(url: &Secret) -> Result<Url, &'static str> {
    let url = Url::parse(url.expose()).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or("expected the URL of a proxy, by http or https")
}

/// Makes the proxy for all but this machine, where it isn't on the way.
fn through(url: &Secret) -> Result<reqwest::Proxy, &'static str> {
    let url = parsed(url)?;
    Ok(reqwest::Proxy::custom(move |target| {
        (!is_loopback(target)).then(|| url.clone())
    }))
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("System"),
            Self::None => f.write_str("None"),
            Self::At(url) => f.debug_tuple("At").field(url).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_url_of_a_proxy_is_refused_without_being_shown() {
        for url in ["s3cret", "socks5://s3cret@proxy.test:1080", "http:"] {
            let proxy = Proxy::At(url.into());
            assert!(proxy.check().is_err(), "{url}");
            assert!(!format!("{proxy:?}").contains("s3cret"));
        }
        let proxy = Proxy::At("http://user:s3cret@proxy.test:3128".into());
        assert_eq!(proxy.check(), Ok(()));
        assert!(!format!("{proxy:?}").contains("s3cret"));
    }
}
