//! An authorization server on loopback, for as long as it is held.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::listener::serve;
#[cfg(feature = "jwt")]
use super::proof_checker::{ProofChecker, ProofFault};
use super::script::{Fault, Scripted};
use super::token_request::TokenRequest;
use crate::clock::{Clock, Moment, SystemClock};

/// An authorization server on loopback: it issues tokens by the client credentials grant, over HTTP,
/// and does wrong when a test asks for it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use accredit_runtime::testing::{AuthorizationServer, Scripted};
/// use accredit_runtime::{ClientCredentials, TokenCache};
///
/// let server = AuthorizationServer::start().await?;
/// let source = ClientCredentials::builder(server.token_endpoint(), "client", "secret").build()?;
/// let cache = TokenCache::new(source);
///
/// server.script([Scripted::error("temporarily_unavailable")]);
/// let token = cache.token().await?;
/// assert!(server.accepts(token.header().to_str()?));
/// assert_eq!(server.token_requests(), 2);
///
/// server.revoke_all();
/// assert!(!server.accepts(token.header().to_str()?));
/// # Ok(())
/// # }
/// ```
pub struct AuthorizationServer {
    url: String,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

struct Shared {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    #[cfg(feature = "jwt")]
    proofs: ProofChecker,
}

/// As many requests are remembered, and as many tokens, unless a test says otherwise: enough for one, and
/// no leak in a long run.
const MOST_KEPT: usize = 10_000;

struct State {
    most_kept: usize,
    lifetime: Option<Duration>,
    client: Option<(String, String)>,
    is_repeating: bool,
    /// The latest.
    requests: VecDeque<TokenRequest>,
    requested: usize,
    script: VecDeque<Scripted>,
    issued: u64,
    /// Tokens that aren't revoked, with the time of their issue and their lifetime.
    valid: HashMap<String, (Moment, Option<Duration>)>,
    last: Option<String>,
    revocations: VecDeque<TokenRequest>,
    /// The tokens in order of their issue, for the oldest to be forgotten.
    tokens: VecDeque<String>,
    /// The request that each token was first issued to.
    grants: HashMap<String, TokenRequest>,
    /// The thumbprints of the keys that tokens are bound to; `None` if they are bearer tokens.
    #[cfg(feature = "jwt")]
    keys: Option<HashMap<String, String>>,
}

impl AuthorizationServer {
    /// Starts a server that goes by the system's clock.
    ///
    /// # Errors
    ///
    /// There may be no port to listen on.
    pub async fn start() -> io::Result<Self> {
        Self::start_with_clock(Arc::new(SystemClock)).await
    }

    /// Starts a server whose tokens expire by another clock.
    ///
    /// # Errors
    ///
    /// There may be no port to listen on.
    pub async fn start_with_clock(clock: Arc<dyn Clock>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            clock,
            state: Mutex::new(State {
                most_kept: MOST_KEPT,
                lifetime: Some(Duration::from_secs(3600)),
                client: None,
                is_repeating: false,
                requests: VecDeque::new(),
                requested: 0,
                script: VecDeque::new(),
                issued: 0,
                valid: HashMap::new(),
                last: None,
                revocations: VecDeque::new(),
                tokens: VecDeque::new(),
                grants: HashMap::new(),
                #[cfg(feature = "jwt")]
                keys: None,
            }),
            #[cfg(feature = "jwt")]
            proofs: ProofChecker::new(),
        });
        let answering = Arc::clone(&shared);
        let accepting = tokio::spawn(serve(listener, move |request| {
            let shared = Arc::clone(&answering);
            async move { shared.answer(request).await }
        }));
        Ok(Self {
            url,
            shared,
            accepting,
        })
    }

    /// Returns the URL of the server, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the URL of the token endpoint.
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        format!("{}/token", self.url)
    }

    /// Returns the URL of the revocation endpoint
    /// ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).
    #[must_use]
    pub fn revocation_endpoint(&self) -> String {
        format!("{}/revoke", self.url)
    }

    /// Accepts one client only from now on; others get `invalid_client`. Without this any client is
    /// accepted.
    pub fn accept_client(&self, client_id: &str, client_secret: &str) {
        self.state().client = Some((client_id.to_owned(), client_secret.to_owned()));
    }

    /// Binds tokens to the keys of the requests for them from now on, and refuses requests without a
    /// proof ([RFC 9449 §5](https://www.rfc-editor.org/rfc/rfc9449#section-5)).
    #[cfg(feature = "jwt")]
    pub fn demand_proofs(&self) {
        self.state().keys.get_or_insert_default();
    }

    /// Returns what checks the proofs of token requests; it can be told to ask for a nonce.
    #[cfg(feature = "jwt")]
    #[must_use]
    pub fn proofs(&self) -> &ProofChecker {
        &self.shared.proofs
    }

    /// Returns the thumbprint of the key that a token is bound to.
    #[cfg(feature = "jwt")]
    #[must_use]
    pub fn key_of(&self, token: &str) -> Option<String> {
        self.state().keys.as_ref()?.get(token).cloned()
    }

    /// Sets the lifetime of the tokens that are issued from now on, an hour at first; `None` for tokens
    /// without `expires_in`, which don't expire.
    pub fn set_lifetime(&self, lifetime: Option<Duration>) {
        self.state().lifetime = lifetime;
    }

    /// Remembers as many requests and tokens only, in place of 10,000: for a run whose memory is watched. A
    /// token that is forgotten is no longer accepted.
    pub fn remember(&self, most: usize) {
        self.state().most_kept = most;
    }

    /// Issues the last token again from now on, as some servers do that cache tokens.
    pub fn set_repeating(&self, is_repeating: bool) {
        self.state().is_repeating = is_repeating;
    }

    /// Adds answers for the next token requests, in order; then tokens are issued again.
    pub fn script(&self, answers: impl IntoIterator<Item = Scripted>) {
        self.state().script.extend(answers);
    }

    /// Returns how many answers of the script are left: none, where a test expects each to have been
    /// asked for.
    #[must_use]
    pub fn scripted(&self) -> usize {
        self.state().script.len()
    }

    /// Revokes every token that was issued so far.
    pub fn revoke_all(&self) {
        self.state().valid.clear();
    }

    /// Revokes one token.
    pub fn revoke(&self, token: &str) {
        self.state().valid.remove(token);
    }

    /// Returns whether a token was issued and is neither expired nor revoked.
    #[must_use]
    pub fn is_valid(&self, token: &str) -> bool {
        let now = self.shared.clock.now();
        let state = self.state();
        state.valid.get(token).is_some_and(|(issued, lifetime)| {
            lifetime.is_none_or(|lifetime| now.since(*issued) < lifetime)
        })
    }

    /// Returns whether the value of an `Authorization` header is `Bearer` and a valid token.
    #[must_use]
    pub fn accepts(&self, authorization: &str) -> bool {
        let token = authorization.split_once(' ');
        token.is_some_and(|(scheme, token)| {
            scheme.eq_ignore_ascii_case("Bearer") && self.is_valid(token)
        })
    }

    /// Returns whether the headers of a request have an `Authorization` that is accepted.
    #[must_use]
    pub fn admits(&self, headers: &HeaderMap) -> bool {
        let authorization = headers.get(AUTHORIZATION);
        authorization
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| self.accepts(value))
    }

    /// Returns the identifier of the client that a token was issued to, be it expired or revoked.
    #[must_use]
    pub fn client_of(&self, token: &str) -> Option<String> {
        let (client_id, _) = self.request_of(token)?.credentials()?;
        Some(client_id)
    }

    /// Returns the request that a token was issued to, be it expired or revoked: an API can tell by it what
    /// scopes and claims were asked for.
    #[must_use]
    pub fn request_of(&self, token: &str) -> Option<TokenRequest> {
        self.state().grants.get(token).cloned()
    }

    /// Returns how many token requests there were.
    #[must_use]
    pub fn token_requests(&self) -> usize {
        self.state().requested
    }

    /// Returns the token requests so far; in a long run, the latest.
    #[must_use]
    pub fn requests(&self) -> Vec<TokenRequest> {
        self.state().requests.iter().cloned().collect()
    }

    /// Returns the requests to revoke a token so far; in a long run, the latest.
    #[must_use]
    pub fn revocations(&self) -> Vec<TokenRequest> {
        self.state().revocations.iter().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }
}

impl Drop for AuthorizationServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request; an error closes the connection.
    async fn answer(&self, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
        let (parts, body) = request.into_parts();
        let is_revocation = parts.uri.path() == "/revoke";
        if parts.method != Method::POST || !is_revocation && parts.uri.path() != "/token" {
            return Ok(json(404, &serde_json::json!({ "error": "not_found" })));
        }
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        let request = TokenRequest::read(parts, &body);
        if is_revocation {
            return Ok(self.revoke(request));
        }
        let scripted = {
            let mut state = self.state();
            state.requested += 1;
            let most = state.most_kept;
            keep(&mut state.requests, request.clone(), most);
            state.script.pop_front().unwrap_or(Scripted::token())
        };
        if !scripted.delay.is_zero() {
            self.clock.sleep(scripted.delay).await;
        }
        match scripted.fault {
            Fault::None => Ok(self.grant(&request)),
            Fault::Answer(response) => Ok(response),
            Fault::Hang => std::future::pending().await,
            Fault::Reset => Err(io::ErrorKind::ConnectionReset.into()),
        }
    }

    /// Revokes a token of the client's own
    /// ([RFC 7009 §2](https://www.rfc-editor.org/rfc/rfc7009#section-2)).
    fn revoke(&self, request: TokenRequest) -> Response<Full<Bytes>> {
        let mut state = self.state();
        let token = request.parameter("token").unwrap_or_default().to_owned();
        let client = request.credentials();
        let most = state.most_kept;
        keep(&mut state.revocations, request, most);
        let is_known = |client: &(String, String)| {
            let accepted = state.client.as_ref();
            accepted.is_none_or(|accepted| accepted == client)
        };
        let Some((client_id, _)) = client.filter(is_known) else {
            return json(401, &serde_json::json!({ "error": "invalid_client" }));
        };
        let owner = state.grants.get(&token).and_then(TokenRequest::credentials);
        if owner.is_some_and(|(owner, _)| owner != client_id) {
            return json(400, &serde_json::json!({ "error": "invalid_request" }));
        }
        state.valid.remove(&token);
        json(200, &serde_json::json!({}))
    }

    /// Issues a token ([RFC 6749 §4.4.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.4.3)).
    fn grant(&self, request: &TokenRequest) -> Response<Full<Bytes>> {
        let now = self.clock.now();
        let mut state = self.state();
        let Some(credentials) = request.credentials() else {
            return json(401, &serde_json::json!({ "error": "invalid_client" }));
        };
        if state
            .client
            .as_ref()
            .is_some_and(|client| *client != credentials)
        {
            return json(401, &serde_json::json!({ "error": "invalid_client" }));
        }
        if request.parameter("grant_type") != Some("client_credentials") {
            return json(
                400,
                &serde_json::json!({ "error": "unsupported_grant_type" }),
            );
        }
        #[cfg(feature = "jwt")]
        let key = if state.keys.is_some() {
            match self.check_proof(request) {
                Ok(key) => Some(key),
                Err(fault) => return self.refuse_proof(fault),
            }
        } else {
            None
        };
        let repeated = state.last.clone().filter(|_| state.is_repeating);
        let token = repeated.unwrap_or_else(|| {
            state.issued += 1;
            format!("access-token-{}", state.issued)
        });
        let lifetime = state.lifetime;
        if !state.is_repeating || state.last.is_none() {
            state.valid.insert(token.clone(), (now, lifetime));
        }
        state.last = Some(token.clone());
        if !state.grants.contains_key(&token) {
            state.grants.insert(token.clone(), request.clone());
            let most = state.most_kept;
            for oldest in keep(&mut state.tokens, token.clone(), most) {
                state.forget(&oldest);
            }
        }
        let mut answer = serde_json::json!({ "access_token": token, "token_type": "Bearer" });
        if let Some(lifetime) = lifetime {
            answer["expires_in"] = lifetime.as_secs_f64().into();
        }
        if let Some(scope) = request.parameter("scope") {
            answer["scope"] = scope.into();
        }
        #[cfg(feature = "jwt")]
        if let (Some(keys), Some(key)) = (&mut state.keys, key) {
            keys.insert(token, key);
            answer["token_type"] = "DPoP".into();
        }
        json(200, &answer)
    }

    /// Returns the thumbprint of the key by which a request is proved.
    #[cfg(feature = "jwt")]
    fn check_proof(&self, request: &TokenRequest) -> Result<String, ProofFault> {
        let headers = request.headers();
        let host = headers.get("host").and_then(|host| host.to_str().ok());
        let url = format!("http://{}/token", host.unwrap_or_default());
        self.proofs.check(&Method::POST, &url, headers, None)
    }

    /// Refuses a request for its proof
    /// ([RFC 9449 §5](https://www.rfc-editor.org/rfc/rfc9449#section-5) and §8).
    #[cfg(feature = "jwt")]
    fn refuse_proof(&self, fault: ProofFault) -> Response<Full<Bytes>> {
        let (code, description) = match fault {
            ProofFault::Invalid(why) => ("invalid_dpop_proof", why),
            ProofFault::Nonce => ("use_dpop_nonce", "it has no nonce, or an old one"),
        };
        let body = serde_json::json!({ "error": code, "error_description": description });
        let mut response = json(400, &body);
        let nonce = self.proofs.nonce().map(http::HeaderValue::try_from);
        if let Some(Ok(nonce)) = nonce {
            response.headers_mut().insert("dpop-nonce", nonce);
        }
        response
    }
}

impl State {
    fn forget(&mut self, token: &str) {
        self.valid.remove(token);
        self.grants.remove(token);
        #[cfg(feature = "jwt")]
        if let Some(keys) = &mut self.keys {
            keys.remove(token);
        }
    }
}

/// Adds what has come, and returns what is too old to be kept beside it.
fn keep<T>(kept: &mut VecDeque<T>, latest: T, most: usize) -> Vec<T> {
    kept.push_back(latest);
    let excess = kept.len().saturating_sub(most);
    kept.drain(..excess).collect()
}

fn json(status: u16, body: &serde_json::Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(
        "content-type",
        http::HeaderValue::from_static("application/json"),
    );
    // RFC 6749 §5.1: token answers aren't to be stored.
    headers.insert("cache-control", http::HeaderValue::from_static("no-store"));
    response
}

impl fmt::Debug for AuthorizationServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationServer")
            .field("url", &self.url)
            .field("token_requests", &self.token_requests())
            .finish_non_exhaustive()
    }
}
