//! Requests to the token endpoint
//! ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)).

mod answer;
mod metadata;
mod method;
mod place;
mod revocation;
mod trace;

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::redirect::Policy;
use tracing::Instrument;
use url::Url;
use url::form_urlencoded::Serializer;
use zeroize::Zeroizing;

use self::answer::Binding;
pub(crate) use self::metadata::check_issuer;
pub(crate) use self::method::Client;
use self::method::{Form, Method};
use self::place::{Place, Target};
#[cfg(feature = "jwt")]
use crate::dpop::{self, Verifier};
use crate::loopback::is_loopback;
use crate::network::Network;
use crate::proof::Proof;
use crate::retry::retry_after;
use crate::secret::Secret;
use crate::token::IssuedToken;
use crate::token_error::TokenError;

/// A token endpoint, with an HTTP client of its own: it follows no redirect and keeps no connection,
/// since token requests are rare.
pub(crate) struct TokenEndpoint {
    place: Place,
    has_certificate: bool,
    http: reqwest::Client,
    timeout: Duration,
    /// What a vendor asks for beside the form.
    headers: HeaderMap,
    /// Where tokens are revoked, if that isn't where the issuer says.
    revocation: Option<Url>,
    /// The form of authentication that has worked, as a discriminant of [`Form`].
    worked: AtomicU8,
}

/// What is asked of whom.
struct Request<'a> {
    target: &'a Target,
    client: &'a Client<'a>,
    parameters: &'a [(&'a str, &'a str)],
}

impl Request<'_> {
    #[cfg_attr(not(feature = "jwt"), allow(clippy::unused_self))]
    const fn binding(&self) -> Binding {
        #[cfg(feature = "jwt")]
        if self.client.key.is_some() {
            return Binding::Dpop;
        }
        Binding::None
    }
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

/// The longest answer that is read; tokens are far shorter.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// The longest that a server can make us wait.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(300);

/// Error codes by which a server may mean that the credentials were in the wrong place.
const WRONG_PLACE: &[&str] = &["invalid_client", "invalid_request", "unauthorized_client"];

impl TokenEndpoint {
    pub(crate) fn new(url: &str, network: &Network) -> Result<Self, TokenError> {
        let url = check(url).map_err(TokenError::permanent)?;
        Self::of(Place::at(url), network)
    }

    /// Makes the token endpoint of an issuer, which is asked for it before the first token request
    /// ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414)).
    pub(crate) fn discovered(issuer: &str, network: &Network) -> Result<Self, TokenError> {
        Self::of(Place::of(issuer)?, network)
    }

    fn of(place: Place, network: &Network) -> Result<Self, TokenError> {
        let mut http = reqwest::Client::builder()
            .redirect(Policy::none())
            .referer(false)
            // A small answer that becomes a large one is no token answer.
            .no_gzip()
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(0)
            .user_agent(concat!("accredit-runtime/", env!("CARGO_PKG_VERSION")));
        if place.url().scheme() == "http" {
            // A proxy would see the credentials, and isn't on loopback's way.
            http = http.no_proxy();
        }
        let http = network.apply(http).map_err(TokenError::permanent)?;
        let http = http.build().map_err(|error| {
            TokenError::permanent("no HTTP client can be made").because(error.without_url())
        })?;
        Ok(Self {
            place,
            has_certificate: network.tls.has_identity(),
            http,
            timeout: TIMEOUT,
            headers: HeaderMap::new(),
            revocation: None,
            worked: AtomicU8::new(0),
        })
    }

    pub(crate) fn timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    pub(crate) fn headers(&mut self, headers: HeaderMap) {
        self.headers = headers;
    }

    pub(crate) fn revocation(&mut self, url: &str) -> Result<(), TokenError> {
        self.revocation = Some(check(url).map_err(TokenError::permanent)?);
        Ok(())
    }

    /// Asks for a token by the given parameters.
    pub(crate) async fn request(
        &self,
        client: &Client<'_>,
        parameters: &[(&str, &str)],
    ) -> Result<IssuedToken, TokenError> {
        let method = Method::of(client)?;
        let find = self
            .place
            .find(&self.http, self.timeout, self.has_certificate);
        let target = find.await?;
        let request = Request {
            target: &target,
            client,
            parameters,
        };
        let outcome = match self.proven(method, &target) {
            Method::Either(secret) => self.probe(secret, &request).await,
            method => self.send(method, &request).await,
        };
        if outcome.as_ref().is_err_and(may_have_moved) {
            self.place.forget();
        }
        outcome
    }

    /// Returns where a secret goes, if that was found out or is offered.
    fn proven<'a>(&self, method: Method<'a>, target: &Target) -> Method<'a> {
        let Method::Either(secret) = method else {
            return method;
        };
        match self.worked.load(Ordering::Relaxed) {
            worked if worked == Form::Header as u8 => Method::Secret(Form::Header, secret),
            worked if worked == Form::Body as u8 => Method::Secret(Form::Body, secret),
            _ => Method::offered(secret, &target.methods).unwrap_or(method),
        }
    }

    /// Tries the header and then the body, and remembers what worked. Only a server that complains of
    /// the client is tried again: after a fault of the network the secret isn't sent twice.
    async fn probe(
        &self,
        secret: &Secret,
        request: &Request<'_>,
    ) -> Result<IssuedToken, TokenError> {
        let mut form = Form::Header;
        let mut outcome = self.send(Method::Secret(form, secret), request).await;
        if outcome.as_ref().is_err_and(is_wrong_place) {
            tracing::debug!("client credentials refused in the header, trying the body");
            form = Form::Body;
            outcome = self.send(Method::Secret(form, secret), request).await;
        }
        if outcome.is_ok() {
            self.worked.store(form as u8, Ordering::Relaxed);
        }
        outcome
    }

    /// Sends a request, and once more if the server wants its nonce in the proof
    /// ([RFC 9449 §8](https://www.rfc-editor.org/rfc/rfc9449#section-8)).
    async fn send(
        &self,
        method: Method<'_>,
        request: &Request<'_>,
    ) -> Result<IssuedToken, TokenError> {
        let outcome = self.send_once(method, request).await;
        #[cfg(feature = "jwt")]
        if let (Err(error), Some(_)) = (&outcome, request.client.key)
            && error.code() == Some(dpop::USE_NONCE)
        {
            return self.send_once(method, request).await;
        }
        outcome
    }

    /// Makes a form that a client sends, with what authenticates it.
    fn message(
        &self,
        url: &Url,
        proof: &mut Proof,
        parameters: &[(&str, &str)],
    ) -> reqwest::RequestBuilder {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.extend(self.headers.clone());
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        if let Some(header) = proof.header.take() {
            headers.insert(AUTHORIZATION, header);
        }
        self.http
            .post(url.clone())
            .headers(headers)
            .body(body(proof, parameters))
            .timeout(self.timeout)
    }

    async fn send_once(
        &self,
        method: Method<'_>,
        request: &Request<'_>,
    ) -> Result<IssuedToken, TokenError> {
        let exchange = async {
            let outcome = self.exchange(method, request).await;
            outcome.inspect_err(trace::failed)
        };
        exchange.instrument(trace::span(&request.target.url)).await
    }

    async fn exchange(
        &self,
        method: Method<'_>,
        request: &Request<'_>,
    ) -> Result<IssuedToken, TokenError> {
        let mut proof = method.prove(request.client, &request.target.server)?;
        #[cfg_attr(not(feature = "jwt"), allow(unused_mut))]
        let mut message = self.message(&request.target.url, &mut proof, request.parameters);
        #[cfg(feature = "jwt")]
        if let Some(key) = request.client.key {
            let verifier = Verifier::TokenEndpoint;
            let proof = key.proof(verifier, &http::Method::POST, &request.target.url, None)?;
            message = message.header(dpop::DPOP, proof);
        }
        let response = message.send().await.map_err(unanswered)?;
        #[cfg(feature = "jwt")]
        if let Some(key) = request.client.key {
            let (url, headers) = (&request.target.url, response.headers());
            key.learn(Verifier::TokenEndpoint, url, headers);
        }
        let status = response.status();
        trace::answered(status);
        let wait = wait(response.headers());
        if status.is_redirection() {
            let error = TokenError::permanent(
                "the token endpoint redirects, and credentials don't follow redirects",
            );
            return Err(error.answered(status, None));
        }
        let body = read_bounded(response, LONGEST_ANSWER)
            .await
            .map_err(|error| match error.status() {
                None => error.answered(status, wait),
                Some(_) => error,
            })?;
        answer::read(status, wait, &body, &proof, request.binding())
    }
}

/// Reads an answer without having asked.
#[cfg(feature = "testing")]
pub(crate) fn read_answer(
    status: StatusCode,
    body: &[u8],
    client_secret: &str,
) -> Result<IssuedToken, TokenError> {
    let proof = Proof::post("client", &client_secret.into());
    answer::read(status, None, body, &proof, Binding::None)
}

/// Returns how long the server asks to wait, as far as it is heeded.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    retry_after(headers).map(|wait| wait.min(LONGEST_RETRY_AFTER))
}

/// Returns whether a failure may mean that a token endpoint that was discovered is another one now.
fn may_have_moved(error: &TokenError) -> bool {
    error.status().is_none_or(|status| {
        status.is_redirection() || matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE)
    })
}

/// Makes a body that names nothing twice
/// ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)). A parameter without a value
/// is left out, since it is treated as if it were.
fn body(proof: &Proof, parameters: &[(&str, &str)]) -> String {
    let mut body = Serializer::new(String::new());
    body.extend_pairs(parameters.iter().filter(|(_, value)| !value.is_empty()));
    for (name, value) in &proof.parameters {
        if !parameters.iter().any(|(known, _)| known == name) {
            body.append_pair(name, value);
        }
    }
    body.finish()
}

fn is_wrong_place(error: &TokenError) -> bool {
    match error.status() {
        Some(StatusCode::BAD_REQUEST) => {
            error.code().is_some_and(|code| WRONG_PLACE.contains(&code))
        }
        Some(StatusCode::UNAUTHORIZED) => {
            error.code().is_none_or(|code| WRONG_PLACE.contains(&code))
        }
        _ => false,
    }
}

/// Reads a whole answer, if it isn't too long.
async fn read_bounded(
    mut response: reqwest::Response,
    longest: usize,
) -> Result<Zeroizing<Vec<u8>>, TokenError> {
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response.chunk().await.map_err(unanswered)? {
        if body.len() + chunk.len() > longest {
            let kibibytes = longest / 1024;
            return Err(TokenError::unusable(format!(
                "the authorization server's answer is longer than {kibibytes} KiB"
            )));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The URL stays out of the error: its query may hold a secret.
fn unanswered(error: reqwest::Error) -> TokenError {
    if error.is_timeout() {
        TokenError::timeout("the token endpoint did not answer in time")
            .because(error.without_url())
    } else {
        TokenError::transient("the token endpoint can't be reached or broke off")
            .because(error.without_url())
    }
}

/// Checks that a URL can be that of a token endpoint; otherwise says why not.
pub(crate) fn check(url: &str) -> Result<Url, &'static str> {
    let url = Url::parse(url).map_err(|_| "the token endpoint is not an absolute URL")?;
    if !url.has_host() {
        return Err("the token endpoint's URL names no host");
    }
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return Err("the token endpoint must be `https`; `http` is for loopback addresses only");
    }
    if url.fragment().is_some() {
        return Err("the token endpoint's URL must not have a fragment (RFC 6749 §3.2)");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the token endpoint's URL must not hold credentials");
    }
    Ok(url)
}

impl fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.place.url().clone();
        url.set_query(None);
        f.debug_struct("TokenEndpoint")
            .field("url", &url.as_str())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_are_token_endpoints() {
        for url in [
            "https://example.com/token",
            "https://example.com/token?tenant=1",
            "http://127.0.0.1:8080/token",
            "http://localhost/token",
        ] {
            assert!(check(url).is_ok(), "{url}");
        }
        for url in [
            "",
            "/token",
            "http://example.com/token",
            "ftp://127.0.0.1/token",
            "https://example.com/token#part",
            "https://id:secret@example.com/token",
            "mailto:a@b",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
    }

    #[test]
    fn debug_shows_no_query() {
        let endpoint =
            TokenEndpoint::new("https://example.com/token?key=s3cret", &Network::default())
                .unwrap();
        assert!(!format!("{endpoint:?}").contains("s3cret"));
    }

    #[test]
    fn only_complaints_of_the_client_lead_to_the_other_form() {
        let refused = |status, code| TokenError::refused(code, None).answered(status, None);
        assert!(is_wrong_place(&refused(
            StatusCode::UNAUTHORIZED,
            "invalid_client"
        )));
        assert!(is_wrong_place(&refused(
            StatusCode::BAD_REQUEST,
            "invalid_request"
        )));
        assert!(!is_wrong_place(&refused(
            StatusCode::BAD_REQUEST,
            "invalid_scope"
        )));
        assert!(!is_wrong_place(&refused(
            StatusCode::INTERNAL_SERVER_ERROR,
            "invalid_client"
        )));
        assert!(!is_wrong_place(&TokenError::transient("reset")));
    }
}
