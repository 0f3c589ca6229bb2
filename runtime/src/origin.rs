//! Where a token may go, and where an answer came from.

use url::{Position, Url};

/// Returns whether two URLs of http or https have the same origin
/// ([RFC 6454 §5](https://www.rfc-editor.org/rfc/rfc6454#section-5)); unlike [`Url::origin`] it
/// allocates nothing.
pub(crate) fn is_same(one: &Url, other: &Url) -> bool {
    one.has_host()
        && (one[..Position::BeforePath] == other[..Position::BeforePath] || is_alike(one, other))
}

/// Returns the same where user information stands in the one URL and not in the other.
#[cold]
fn is_alike(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host_str() == other.host_str()
        && one.port_or_known_default() == other.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let urls = [
            "https://a.test/x",
            "https://a.test:443/y",
            "http://a.test/x",
            "https://b.test/x",
            "https://a.test:8443/x",
            "https://user@a.test/?q",
            "https://[::1]/",
            "http://127.0.0.1:80",
            "http://127.0.0.1",
        ];
        let urls = urls.map(|url| Url::parse(url).unwrap());
        for one in &urls {
            for other in &urls {
                let expected = one.origin() == other.origin();
                assert_eq!(is_same(one, other), expected, "{one} {other}");
            }
        }
    }
}
