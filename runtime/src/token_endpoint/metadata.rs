//! What an authorization server says of itself
//! ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414),
//! [OpenID Connect Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html)).

use serde_json::{Map, Value};
use url::Url;

use super::check;
use crate::loopback::is_loopback;

/// The part of a server's metadata that a client needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) token_endpoint: Url,
    /// Names of ways to authenticate; empty if the server doesn't say.
    pub(super) methods: Vec<String>,
    /// `None` also if the one that is named can't be used: tokens are to be had all the same.
    pub(super) revocation: Option<Url>,
}

/// The longest document that is read.
pub(super) const LONGEST: usize = 256 * 1024;

/// Checks that a URL can be that of an issuer; otherwise says why not.
pub(crate) fn check_issuer(issuer: &str) -> Result<Url, &'static str> {
    let url = Url::parse(issuer).map_err(|_| "the issuer is not an absolute URL")?;
    if !url.has_host() {
        return Err("the issuer's URL names no host");
    }
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return Err("the issuer must be `https`; `http` is for loopback addresses only");
    }
    // RFC 8414 §2.
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the issuer's URL must have neither query nor fragment");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the issuer's URL must not hold credentials");
    }
    Ok(url)
}

/// Returns the places of an issuer's metadata, in the order in which they are tried: RFC 8414 §3.1
/// inserts the well-known part before the issuer's path, OpenID Connect Discovery §4.1 appends it.
pub(super) fn places(issuer: &Url) -> [Url; 2] {
    let path = issuer.path().trim_end_matches('/');
    let place = |path: String| {
        let mut url = issuer.clone();
        url.set_path(&path);
        url
    };
    [
        place(format!("/.well-known/oauth-authorization-server{path}")),
        place(format!("{path}/.well-known/openid-configuration")),
    ]
}

/// Reads a document of metadata; the message says why it isn't used.
pub(super) fn read(body: &[u8], issuer: &str, has_certificate: bool) -> Result<Metadata, String> {
    let fields: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| "the metadata isn't a JSON object".to_owned())?;
    // RFC 8414 §3.3: metadata of another issuer must not be used.
    if fields.get("issuer").and_then(Value::as_str) != Some(issuer) {
        return Err(
            "the metadata is that of another issuer, or spelled otherwise, slashes included"
                .to_owned(),
        );
    }
    // RFC 8705 §5: a client with a certificate prefers these.
    let aliases = fields.get("mtls_endpoint_aliases");
    let aliases = aliases.filter(|_| has_certificate);
    let endpoint = |name: &str| {
        let alias = aliases.and_then(|aliases| aliases.get(name));
        alias.or_else(|| fields.get(name)).and_then(Value::as_str)
    };
    let checked = |url: &str| {
        let url = check(url)?;
        if issuer.starts_with("https:") && url.scheme() != "https" {
            return Err("the metadata leads from https to http");
        }
        Ok(url)
    };
    let token_endpoint =
        endpoint("token_endpoint").ok_or("the metadata names no token endpoint")?;
    let token_endpoint = checked(token_endpoint)?;
    let revocation = endpoint("revocation_endpoint");
    let revocation = revocation.and_then(|url| checked(url).ok());
    let methods = fields.get("token_endpoint_auth_methods_supported");
    let methods = methods.and_then(Value::as_array).into_iter().flatten();
    Ok(Metadata {
        token_endpoint,
        methods: methods
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        revocation,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(issuer: &str) -> [String; 2] {
        places(&check_issuer(issuer).unwrap()).map(Into::into)
    }

    #[test]
    fn the_well_known_part_is_inserted_or_appended() {
        assert_eq!(
            found("https://as.example"),
            [
                "https://as.example/.well-known/oauth-authorization-server",
                "https://as.example/.well-known/openid-configuration",
            ]
        );
        assert_eq!(
            found("https://as.example:8443/realms/one/"),
            [
                "https://as.example:8443/.well-known/oauth-authorization-server/realms/one",
                "https://as.example:8443/realms/one/.well-known/openid-configuration",
            ]
        );
    }

    #[test]
    fn what_is_no_issuer_is_refused() {
        for issuer in [
            "",
            "as.example",
            "http://as.example",
            "https://as.example?tenant=1",
            "https://as.example/#one",
            "https://id:secret@as.example",
        ] {
            assert!(check_issuer(issuer).is_err(), "{issuer}");
        }
        assert!(check_issuer("http://127.0.0.1:8080/realm").is_ok());
    }

    #[test]
    fn a_client_with_a_certificate_is_sent_elsewhere() {
        let body = json!({
            "issuer": "https://as.example",
            "token_endpoint": "https://as.example/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", 5],
            "mtls_endpoint_aliases": { "token_endpoint": "https://mtls.as.example/token" },
        });
        let body = body.to_string();
        let read =
            |has_certificate| read(body.as_bytes(), "https://as.example", has_certificate).unwrap();
        assert_eq!(
            read(false).token_endpoint.as_str(),
            "https://as.example/token"
        );
        assert_eq!(
            read(true).token_endpoint.as_str(),
            "https://mtls.as.example/token"
        );
        assert_eq!(read(false).methods, ["client_secret_post"]);
    }

    #[test]
    fn metadata_that_must_not_be_used_is_refused() {
        let issuer = "https://as.example";
        for body in [
            json!({}),
            json!([]),
            json!({ "issuer": issuer }),
            json!({ "issuer": "https://as.example/", "token_endpoint": "https://as.example/t" }),
            json!({ "issuer": "https://evil.example", "token_endpoint": "https://as.example/t" }),
            json!({ "issuer": issuer, "token_endpoint": "/token" }),
            json!({ "issuer": issuer, "token_endpoint": "http://as.example/token" }),
            json!({ "issuer": issuer, "token_endpoint": "http://127.0.0.1/token" }),
            json!({ "issuer": issuer, "token_endpoint": 5 }),
        ] {
            assert!(
                read(body.to_string().as_bytes(), issuer, false).is_err(),
                "{body}"
            );
        }
        assert!(read(b"<html>", issuer, false).is_err());
    }
}
