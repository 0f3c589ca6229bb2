//! The one place where plain `http` is safe.

use url::{Host, Url};

/// Returns whether a URL names this machine, which the network can't listen to.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // RFC 6761 §6.3 reserves the name and those below it.
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        let is = |url: &str| is_loopback(&Url::parse(url).expect("a URL"));
        for url in [
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]/",
            "http://localhost",
            "http://api.localhost",
        ] {
            assert!(is(url), "{url}");
        }
        for url in [
            "http://128.0.0.1",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://[::2]",
            "http://notlocalhost",
        ] {
            assert!(!is(url), "{url}");
        }
    }
}
