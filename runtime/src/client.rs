//! The client that generated code holds.

mod authorize;
mod shutdown;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use http::header::USER_AGENT;
use url::{Origin, Url};

use crate::api::{Api, Operation};
use crate::challenge::Challenge;
use crate::connection::{Connection, Settings};
use crate::error::Error;
use crate::event::{self, Event, Listener};
use crate::loopback::is_loopback;
use crate::middleware::{Middleware, Steps};
use crate::origin;
use crate::request::header;
use crate::request_error::RequestError;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::scopes::{ScopePolicy, ScopedTokens, StepUps};
use crate::security::Presentation;
use crate::step_up::{Hook, StepUp};
use crate::suspicion::SuspicionPolicy;
use crate::token_cache::TokenCache;
use crate::transport::{HttpOptions, Transport};

/// What the calls of a client share beside its connection.
#[derive(Clone)]
pub struct ClientOptions {
    http_client: Option<reqwest::Client>,
    headers: HeaderMap,
    has_headers: bool,
    http: HttpOptions,
    timeout: Option<Duration>,
    retry: RetryPolicy,
    suspicion: Option<SuspicionPolicy>,
    operation_suspicions: Vec<(String, SuspicionPolicy)>,
    listener: Option<Listener>,
    middleware: Steps,
    scopes: ScopePolicy,
    step_up: Option<Hook>,
    tokens: Option<TokenCache>,
    origins: Vec<Origin>,
    fault: Option<Fault>,
}

/// Kept until the client is made, so that setters needn't fail.
#[derive(Debug, Clone)]
enum Fault {
    Header(String),
    Origin,
}

impl ClientOptions {
    /// Makes the default options.
    #[must_use]
    pub fn new() -> Self {
        Self {
            http_client: None,
            headers: HeaderMap::new(),
            has_headers: false,
            http: HttpOptions {
                connect: Duration::from_secs(10),
                read: Duration::from_secs(60),
                idle: None,
                is_http2: false,
            },
            timeout: None,
            retry: RetryPolicy::new(),
            suspicion: None,
            operation_suspicions: Vec::new(),
            listener: None,
            middleware: Steps::default(),
            scopes: ScopePolicy::default(),
            step_up: None,
            tokens: None,
            origins: Vec::new(),
            fault: None,
        }
    }

    /// Sets the HTTP client by which calls are made, where the options here don't do. Its own timeouts,
    /// pool, proxy and redirects hold. Token requests aren't made by it.
    ///
    /// Without it, calls and token requests go through the proxy of the [connection](Connection::proxy), or
    /// the one that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`).
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Adds a header to all calls.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.has_headers = true;
        self.append(name, value);
        self
    }

    /// Sets the `User-Agent`, which is the name and version of the generated crate by default.
    #[must_use]
    pub fn user_agent(mut self, user_agent: &str) -> Self {
        self.headers.remove(USER_AGENT);
        self.append(USER_AGENT.as_str(), user_agent);
        self
    }

    fn append(&mut self, name: &str, value: &str) {
        if let Ok((name, value)) = header(name, value) {
            self.headers.append(name, value);
        } else {
            let fault = Fault::Header(name.escape_default().to_string());
            self.fault.get_or_insert(fault);
        }
    }

    /// Sets how long a connection may take to be made; the default is 10 s.
    #[must_use]
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect = timeout;
        self
    }

    /// Sets how long a server may send nothing; the default is 60 s.
    #[must_use]
    pub const fn read_timeout(mut self, timeout: Duration) -> Self {
        self.http.read = timeout;
        self
    }

    /// Sets how many connections to a host are kept for further calls; the default is all of them.
    #[must_use]
    pub const fn idle_connections(mut self, count: usize) -> Self {
        self.http.idle = Some(count);
        self
    }

    /// Speaks HTTP/2 to servers that aren't asked for it first, such as those without TLS. With TLS it
    /// is negotiated anyhow.
    #[must_use]
    pub const fn http2_prior_knowledge(mut self) -> Self {
        self.http.is_http2 = true;
        self
    }

    /// Sets how long a call may take with all that belongs to it: token, replay and retries. There is
    /// no limit by default.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how transient faults are retried.
    #[must_use]
    pub const fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how answers that may mean a revoked or expired token are acted on. Without it, the policy
    /// of a cache given to [`ClientOptions::tokens`] holds.
    #[must_use]
    pub const fn suspicion(mut self, policy: SuspicionPolicy) -> Self {
        self.suspicion = Some(policy);
        self
    }

    /// Sets how suspect answers are acted on for one operation, by its `operationId`.
    #[must_use]
    pub fn operation_suspicion(mut self, operation: &str, policy: SuspicionPolicy) -> Self {
        self.operation_suspicions
            .push((operation.to_owned(), policy));
        self
    }

    /// Tells of what happens to tokens and calls. A cache given to [`ClientOptions::tokens`] has a
    /// [listener of its own](TokenCache::on_event) for its token requests.
    ///
    /// ```
    /// use accredit_runtime::{ClientOptions, Event};
    ///
    /// let options = ClientOptions::new().on_event(|event| match event {
    ///     Event::TokenFailed { error, .. } => eprintln!("no token: {error}"),
    ///     Event::ReplaySkipped { operation, reason, .. } => eprintln!("{operation}: {reason}"),
    ///     _ => {}
    /// });
    /// ```
    #[must_use]
    pub fn on_event(mut self, listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.listener = Some(Listener::new(listener));
        self
    }

    /// Adds a step that the requests of calls pass on their way out, after those added before, and
    /// their answers on their way back, before those.
    #[must_use]
    pub fn middleware(mut self, middleware: impl Middleware + 'static) -> Self {
        self.middleware.push(middleware);
        self
    }

    /// Sets which scopes are asked for where the connection has none set: by default those of the
    /// operation that is called.
    #[must_use]
    pub const fn scopes(mut self, policy: ScopePolicy) -> Self {
        self.scopes = policy;
        self
    }

    /// Has a call made once more with a token of more, where the API says that the one it had isn't enough: a 401
    /// or 403 with `error="insufficient_scope"`
    /// ([RFC 6750 §3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)), with
    /// `error="insufficient_claims"` or with `claims` (Microsoft's
    /// [claims challenge](https://learn.microsoft.com/entra/identity-platform/claims-challenge)). Nothing is
    /// asked for unless this is set, since a server must not decide what its clients ask for.
    ///
    /// The hook has the `operationId` and the challenge, and says what to ask for; `None` leaves the answer to be
    /// judged as any other. Nor is anything asked for that the token has already. Where the replay shows that it
    /// was what the operation lacked, its later calls start with such a token; those of others don't. Challenges
    /// cause 20 token requests at once and then one each 30 s, for all operations. A call that isn't to be
    /// replayed by its [`SuspicionPolicy`] isn't replayed here either, and none is where that is off. A
    /// [`TokenSource`](crate::TokenSource) of the caller's takes part if it can be
    /// [stepped up](crate::TokenSource::stepped_up).
    ///
    /// ```
    /// use accredit_runtime::{ClientOptions, StepUp};
    ///
    /// const ALLOWED: &[&str] = &["orders:read", "orders:write"];
    ///
    /// let options = ClientOptions::new().step_up(|_operation, challenge| {
    ///     let scopes = challenge.scopes().filter(|scope| ALLOWED.contains(scope));
    ///     let step = scopes.fold(StepUp::new(), StepUp::scope);
    ///     Some(match challenge.claims() {
    ///         Some(claims) => step.parameter("claims", claims),
    ///         None => step,
    ///     })
    /// });
    /// ```
    #[must_use]
    pub fn step_up(
        mut self,
        hook: impl Fn(&str, &Challenge) -> Option<StepUp> + Send + Sync + 'static,
    ) -> Self {
        self.step_up = Some(Hook::new(hook));
        self
    }

    /// Sets where tokens come from, instead of the connection's client credentials: a
    /// [`TokenSource`](crate::TokenSource) of the caller's behind a cache, which several clients can
    /// share. They serve all operations, whatever their scopes.
    #[must_use]
    pub fn tokens(mut self, tokens: TokenCache) -> Self {
        self.tokens = Some(tokens);
        self
    }

    /// Lets tokens go to a further origin, beside that of the connection's base URL
    /// ([RFC 9700 §4.9](https://www.rfc-editor.org/rfc/rfc9700#section-4.9)).
    #[must_use]
    pub fn trusted_origin(mut self, url: &str) -> Self {
        match Url::parse(url).map(|url| url.origin()) {
            Ok(origin) if origin.is_tuple() => self.origins.push(origin),
            _ => {
                self.fault.get_or_insert(Fault::Origin);
            }
        }
        self
    }
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ClientOptions {
    /// Prints the names of headers only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("http", &self.http)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("suspicion", &self.suspicion)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// A generated client.
pub trait ApiClient {
    /// Returns the description of its API.
    fn api() -> &'static Api;

    /// Returns the options by which it is called where nothing else is said.
    #[must_use]
    fn options() -> ClientOptions {
        ClientOptions::new()
    }

    /// Makes a client of a core.
    fn from_core(core: ClientCore) -> Self;
}

/// What a generated client holds: connection, tokens and options. Cheap to clone.
#[derive(Clone)]
pub struct ClientCore(Arc<Core>);

struct Core {
    api: &'static Api,
    base_url: Url,
    /// Whether a credential may go to the base URL.
    is_safe: bool,
    /// By the indexes of their lists, those of operations with servers of their own.
    operation_urls: Vec<Url>,
    tokens: Option<ScopedTokens>,
    /// Whether the tokens are the caller's own.
    has_own_tokens: bool,
    /// By the index of their scheme.
    credentials: Vec<Option<Presentation>>,
    /// Whether the client can be known by a certificate.
    has_certificate: bool,
    transport: Transport,
    budget: RetryBudget,
    options: ClientOptions,
}

impl ClientCore {
    /// Makes a client; nothing is sent before the first call.
    pub fn new(connection: Connection, mut options: ClientOptions) -> Result<Self, Error> {
        match options.fault.take() {
            Some(Fault::Header(name)) => return Err(Error::unsent(RequestError::Header(name))),
            Some(Fault::Origin) => return Err(Error::unsent(RequestError::BaseUrl)),
            None => {}
        }
        let api = connection.api();
        // Tokens of the caller's need no client credentials, and have a policy of their own.
        let policy = options.suspicion.unwrap_or_default();
        let policy = options.tokens.is_none().then_some(policy);
        let Settings {
            base_url,
            operation_urls,
            tokens,
            credentials,
            network,
        } = connection.resolve(policy)?;
        let has_own_tokens = options.tokens.is_some();
        let (tokens, scopes) = match (options.tokens.take(), options.listener.clone()) {
            (Some(tokens), _) => (Some(tokens), ScopePolicy::ServerDefault),
            (None, Some(listener)) => {
                (tokens.map(|tokens| tokens.listen(listener)), options.scopes)
            }
            (None, None) => (tokens, options.scopes),
        };
        let step_up = options.step_up.take();
        let tokens = tokens.map(|tokens| {
            let tokens = ScopedTokens::new(api, scopes, tokens);
            match step_up {
                Some(hook) => tokens.stepping_up(hook),
                None => tokens,
            }
        });
        if !options.headers.contains_key(USER_AGENT) {
            options = options.user_agent(api.user_agent);
        }
        let urls = operation_urls.iter();
        options.origins.extend(urls.map(Url::origin));
        let has_certificate = options.http_client.is_some() || network.tls.has_identity();
        let transport = match options.http_client.take() {
            Some(client) => Transport::from_client(client),
            None => Transport::new(options.http, &network).map_err(Error::unanswered)?,
        };
        Ok(Self(Arc::new(Core {
            api,
            is_safe: is_safe(&base_url),
            base_url,
            operation_urls,
            tokens,
            has_own_tokens,
            credentials,
            has_certificate,
            transport,
            budget: RetryBudget::new(),
            options,
        })))
    }

    /// Returns the cache of the client's tokens, if its API uses any. Operations that name scopes have
    /// caches of their own, unless the connection's scope setting has a value; see [`ScopePolicy`].
    #[must_use]
    pub fn tokens(&self) -> Option<&TokenCache> {
        self.0.tokens.as_ref().map(ScopedTokens::unscoped)
    }

    pub(crate) fn step_ups(&self) -> Option<&StepUps> {
        self.0.tokens.as_ref()?.step_ups()
    }

    pub(crate) fn base_url(&self, operation: &Operation) -> &Url {
        let own = operation.servers;
        let own = own.and_then(|list| self.0.operation_urls.get(list));
        own.unwrap_or(&self.0.base_url)
    }

    /// Returns whether a call that begins at one URL may go on at another: at the same origin, or at one
    /// of those that the client's credentials are for.
    pub(crate) fn is_trusted(&self, url: &Url, before: &Url) -> bool {
        origin::is_same(url, before) || self.is_own(url)
    }

    /// Returns whether the client's credentials are for the origin of a URL.
    fn is_own(&self, url: &Url) -> bool {
        origin::is_same(url, &self.0.base_url) || self.0.options.origins.contains(&url.origin())
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }

    pub(crate) fn budget(&self) -> &RetryBudget {
        &self.0.budget
    }

    pub(crate) fn retry(&self) -> RetryPolicy {
        self.0.options.retry
    }

    /// Returns the policy of an operation on suspect answers, where it isn't that of the token cache.
    pub(crate) fn suspicion(&self, operation: &str) -> Option<SuspicionPolicy> {
        let options = &self.0.options;
        let mut policies = options.operation_suspicions.iter().rev();
        let policy = policies.find(|(known, _)| known == operation);
        policy.map_or(options.suspicion, |(_, policy)| Some(*policy))
    }

    pub(crate) fn middleware(&self) -> &Steps {
        &self.0.options.middleware
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        event::tell(self.0.options.listener.as_ref(), event);
    }

    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.0.options.timeout
    }
}

/// Returns whether nobody on the way to a URL can read a credential.
fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

impl fmt::Debug for ClientCore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCore")
            .field("api", &self.0.api.name)
            .field("origin", &self.0.base_url.origin().ascii_serialization())
            .field("tokens", &self.0.tokens.is_some())
            .field("options", &self.0.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_options_shows_no_value() {
        let options = ClientOptions::new().header("X-Api-Key", "s3cret");
        assert!(!format!("{options:?}").contains("s3cret"));
    }
}
