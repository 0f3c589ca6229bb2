//! A client, the server that it calls, and the issuer of its tokens.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accredit_runtime::{
    Api, ClientCore, ClientOptions, Connection, Issue, IssuedToken, SecurityScheme,
    SuspicionPolicy, SystemClock, TokenCache, TokenError, TokenSource,
};

use crate::{Reply, Request, ResourceServer};

/// The API of the tests.
pub static API: Api = Api::new("orders", "ORDERS", "orders/1.0.0").schemes(&[
    SecurityScheme::client_credentials("Oauth2", Some("/token")),
    SecurityScheme::other("ApiKey"),
]);

/// Issues tokens that can be revoked, and counts the requests for them.
#[derive(Debug, Clone, Default)]
pub struct Issuer(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    requests: usize,
    issued: u64,
    valid: HashSet<String>,
    refusal: Option<TokenError>,
    repeats: bool,
    hangs: bool,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("requests", &self.requests)
            .finish_non_exhaustive()
    }
}

impl Issuer {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns how often a token was asked for.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.state().requests
    }

    /// Revokes all tokens.
    pub fn revoke(&self) {
        self.state().valid.clear();
    }

    /// Refuses tokens from now on.
    pub fn refuse(&self, error: TokenError) {
        self.state().refusal = Some(error);
    }

    /// Issues the last token again from now on.
    pub fn repeat(&self) {
        self.state().repeats = true;
    }

    /// Answers no more from now on.
    pub fn hang(&self) {
        self.state().hangs = true;
    }

    fn answer(&self) -> Option<Result<IssuedToken, TokenError>> {
        let mut state = self.state();
        state.requests += 1;
        if state.hangs {
            return None;
        }
        if let Some(error) = &state.refusal {
            return Some(Err(error.clone()));
        }
        if !state.repeats || state.issued == 0 {
            state.issued += 1;
            let token = format!("s3cret-{}", state.issued);
            state.valid.insert(token);
        }
        Some(IssuedToken::bearer(&format!("s3cret-{}", state.issued)))
    }

    /// Returns whether a request carries a token that hasn't been revoked.
    #[must_use]
    pub fn accepts(&self, request: &Request) -> bool {
        request
            .authorization()
            .and_then(|value| value.strip_prefix("Bearer "))
            .is_some_and(|token| self.state().valid.contains(token))
    }
}

impl TokenSource for Issuer {
    fn issue(&self) -> Issue<'_> {
        Box::pin(async move {
            match self.answer() {
                Some(answer) => answer,
                None => std::future::pending().await,
            }
        })
    }
}

/// A client, the server that it calls, and the issuer of its tokens.
#[derive(Debug)]
pub struct World {
    /// The server.
    pub server: ResourceServer,
    /// The issuer.
    pub issuer: Issuer,
    /// The client.
    pub client: ClientCore,
}

impl World {
    /// Makes a world whose server answers by a handler.
    pub async fn start<H, A>(handler: H) -> Self
    where
        H: Fn(Issuer, Request) -> A + Send + Sync + 'static,
        A: Future<Output = Reply> + Send + 'static,
    {
        Self::with_options(ClientOptions::new(), handler).await
    }

    /// Makes a world with a client of its own options.
    pub async fn with_options<H, A>(options: ClientOptions, handler: H) -> Self
    where
        H: Fn(Issuer, Request) -> A + Send + Sync + 'static,
        A: Future<Output = Reply> + Send + 'static,
    {
        Self::of(options, SuspicionPolicy::default(), handler).await
    }

    /// Makes a world whose client acts on suspect answers by a policy.
    pub async fn with_policy<H, A>(policy: SuspicionPolicy, handler: H) -> Self
    where
        H: Fn(Issuer, Request) -> A + Send + Sync + 'static,
        A: Future<Output = Reply> + Send + 'static,
    {
        Self::of(ClientOptions::new(), policy, handler).await
    }

    async fn of<H, A>(options: ClientOptions, policy: SuspicionPolicy, handler: H) -> Self
    where
        H: Fn(Issuer, Request) -> A + Send + Sync + 'static,
        A: Future<Output = Reply> + Send + 'static,
    {
        let issuer = Issuer::default();
        let known = issuer.clone();
        let server = ResourceServer::start(move |request| handler(known.clone(), request)).await;
        let connection = Connection::new(&API).base_url(server.origin());
        let clock = Arc::new(SystemClock);
        let tokens = TokenCache::with_options(issuer.clone(), clock, policy);
        let options = options.tokens(tokens);
        let client = ClientCore::new(connection, options).expect("usable options");
        Self {
            server,
            issuer,
            client,
        }
    }

    /// Returns how many token requests and how many API requests there were.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.issuer.requests(), self.server.requests().len())
    }
}
