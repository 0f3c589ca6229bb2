//! A double of an API for the tests of those who call it: the API and its token endpoint on loopback,
//! and a client of them.

mod answer;
mod pattern;
mod rules;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::api::SchemeKind;
use crate::call::Call;
use crate::client::{ApiClient, ClientCore, ClientOptions};
use crate::connection::Connection;
use crate::testing::{AuthorizationServer, serve};

use self::answer::Answering;
use self::pattern::Pattern;
pub use self::rules::Request;
use self::rules::Rules;

/// A double of an API: it answers the calls that a test names as the test says, and refuses all
/// others.
///
/// A call is named by itself, as the code under test makes it; values are compared as they go over
/// the wire. Tokens come from a real token endpoint, and calls whose token has expired or was revoked
/// are answered 401.
///
/// ```
/// # use accredit_runtime::{Api, ApiClient, Call, ClientCore, Method, Operation, Parameter};
/// # use accredit_runtime::{Requirement, SecurityScheme, Status, decode};
/// # #[derive(Debug)]
/// # struct Client { core: ClientCore }
/// # static API: Api = Api::new("orders", "ORDERS", "orders/1.0.0")
/// #     .schemes(&[SecurityScheme::client_credentials("oauth", Some("/token"))]);
/// # impl ApiClient for Client {
/// #     fn api() -> &'static Api { &API }
/// #     fn from_core(core: ClientCore) -> Self { Self { core } }
/// # }
/// # static GET: Operation = Operation::new("orders.get", Method::GET, "/orders/{id}")
/// #     .success(&[Status::Code(200)])
/// #     .accept("application/json")
/// #     .security(&[Requirement::new(&[(0, &[])])]);
/// # impl Client {
/// #     fn get(&self, id: &str) -> Call<'_, String> {
/// #         Call::new(&self.core, &GET, decode::json).parameter(Parameter::path("id"), &id)
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mock = accredit_runtime::mock::Server::<Client>::start().await?;
/// let client = mock.client();
///
/// let found = mock.when(client.get("7")).returns(&"an order".to_owned());
/// mock.when(client.get("8")).fails_with(410, "gone");
///
/// assert_eq!(client.get("7").await?, "an order");
/// assert!(client.get("8").await.is_err());
/// assert_eq!(found.calls(), 1);
///
/// mock.authorization().revoke_all();
/// assert_eq!(client.get("7").await?, "an order");
/// assert_eq!(mock.authorization().token_requests(), 2);
/// # Ok(())
/// # }
/// ```
pub struct Server<C> {
    client: C,
    origin: String,
    rules: Arc<Rules>,
    accepting: JoinHandle<()>,
}

impl<C: ApiClient> Server<C> {
    /// Starts a double that knows no call yet, and connects a client to it.
    ///
    /// # Errors
    ///
    /// There may be no port to listen on.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(C::options()).await
    }

    /// Starts a double whose client has other than the usual options.
    ///
    /// # Errors
    ///
    /// There may be no port to listen on, and the options may be unusable.
    pub async fn start_with(options: ClientOptions) -> io::Result<Self> {
        let authorization = AuthorizationServer::start().await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let connection = connection::<C>(&origin, &authorization);
        let core = ClientCore::new(connection, options).map_err(io::Error::other)?;
        let rules = Arc::new(Rules::new(C::api(), authorization));
        let answering = Arc::clone(&rules);
        let accepting = tokio::spawn(serve(listener, move |request| {
            let rules = Arc::clone(&answering);
            async move { rules.answer(request).await }
        }));
        Ok(Self {
            client: C::from_core(core),
            origin,
            rules,
            accepting,
        })
    }

    /// Returns a client of the double.
    #[must_use]
    pub const fn client(&self) -> &C {
        &self.client
    }
}

/// Returns settings with a made-up credential for every scheme of an API, for a server that stands in
/// for it.
#[must_use]
pub fn connection<C: ApiClient>(url: &str, authorization: &AuthorizationServer) -> Connection {
    let mut connection = Connection::new(C::api()).base_url(url);
    for scheme in C::api().schemes {
        connection = match scheme.kind {
            SchemeKind::ClientCredentials { .. } => connection
                .client_id("mock")
                .client_secret("mock")
                .token_endpoint(authorization.token_endpoint()),
            SchemeKind::ApiKey(_) => connection.api_key(scheme.name, "mock"),
            SchemeKind::Basic => connection.basic(scheme.name, "mock", "mock"),
            SchemeKind::Bearer | SchemeKind::Token => connection.bearer_token(scheme.name, "mock"),
            SchemeKind::MutualTls | SchemeKind::Other => connection,
        };
    }
    connection
}

impl<C> Server<C> {
    /// Names a call that is to be answered; the value says how. Of several rules that fit a call, the
    /// first counts that isn't [used up](When::times).
    ///
    /// # Panics
    ///
    /// Panics if the call couldn't be sent, because a value of it can't stand where it is.
    pub fn when<'c, T>(&self, call: impl Into<Call<'c, T>>) -> When<'_, T> {
        let call: Call<'c, T> = call.into();
        let pattern = Pattern::of(&call.into_draft(), &self.origin);
        let pattern = pattern.unwrap_or_else(|error| panic!("{error}"));
        let answering = Answering::to(pattern.operation());
        When {
            rules: &self.rules,
            pattern,
            answering,
            decodes: std::marker::PhantomData,
        }
    }

    /// Returns the URL of the API, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.origin
    }

    /// Returns the authorization server, for tests of expiry, revocation and failures of tokens.
    #[must_use]
    pub fn authorization(&self) -> &AuthorizationServer {
        self.rules.authorization()
    }

    /// Returns the requests so far, those with a token that is none included.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.rules.requests()
    }

    /// Returns the requests that no rule was for, which were answered 501.
    #[must_use]
    pub fn unexpected(&self) -> Vec<Request> {
        self.rules.unexpected()
    }
}

impl<C> Drop for Server<C> {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl<C: fmt::Debug> fmt::Debug for Server<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("client", &self.client)
            .field("url", &self.origin)
            .finish_non_exhaustive()
    }
}

/// A call that is to be answered.
#[must_use = "a call is answered when it is said how"]
#[derive(Debug)]
pub struct When<'m, T> {
    rules: &'m Arc<Rules>,
    pattern: Pattern,
    answering: Answering,
    decodes: std::marker::PhantomData<fn() -> T>,
}

impl<T> When<'_, T> {
    /// Takes any call of the operation, whatever its values are.
    pub fn whatever_it_says(mut self) -> Self {
        self.pattern.forget_values();
        self
    }

    /// Answers only so many calls; those after them are for the rules that follow.
    pub fn times(mut self, times: usize) -> Self {
        self.answering.times = Some(times);
        self
    }

    /// Waits before the answer.
    pub fn after(mut self, delay: Duration) -> Self {
        self.answering.delay = delay;
        self
    }

    /// Adds a header to the answer.
    ///
    /// # Panics
    ///
    /// Panics if name or value can't stand in a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.answering.header(name, value);
        self
    }

    /// Answers with a success that has this body.
    ///
    /// # Panics
    ///
    /// Panics if the body can't be encoded.
    pub fn returns(mut self, body: &T) -> Rule
    where
        T: Serialize,
    {
        self.answering.encode(body);
        self.add()
    }

    /// Answers with a success that has these bytes for its body: a download, or what the document has
    /// several types for.
    pub fn returns_bytes(mut self, media_type: &str, body: impl Into<Bytes>) -> Rule {
        self.answering.bytes(media_type, body.into());
        self.add()
    }

    /// Answers with another status and a body, that of a failure as a rule.
    ///
    /// # Panics
    ///
    /// Panics if the status is none or the body can't be encoded.
    pub fn fails_with<B: Serialize + ?Sized>(mut self, status: u16, body: &B) -> Rule {
        self.answering.status(status);
        self.answering.encode(body);
        self.add()
    }

    /// Closes the connection without an answer.
    pub fn breaks_off(mut self) -> Rule {
        self.answering.breaks_off = true;
        self.add()
    }

    fn add(self) -> Rule {
        Rule {
            index: self.rules.add(self.pattern, self.answering),
            rules: Arc::clone(self.rules),
        }
    }
}

/// How a call is answered, from now on.
#[derive(Debug, Clone)]
pub struct Rule {
    rules: Arc<Rules>,
    index: usize,
}

impl Rule {
    /// Returns how many calls it has answered.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.rules.answered(self.index).len()
    }

    /// Returns the requests that it has answered.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.rules.answered(self.index)
    }
}
