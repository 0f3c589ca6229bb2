//! What happens on the wire for one call: token, send, suspicion, replay once, retry.

mod received;
mod replay;
mod step_up;

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::field::Empty;
use tracing::instrument::Instrumented;
use tracing::{Instrument, Span};

use crate::api::Operation;
use crate::client::ClientCore;
use crate::error::Error;
use crate::event::Event;
use crate::middleware::OutgoingRequest;
use crate::origin;
use crate::request::{Draft, Request};
use crate::request_error::RequestError;
use crate::response::{Answer, Effort, Replay};
use crate::retry::{self, RetryPolicy};
use crate::suspicion::{ReauthFailure, SuspicionPolicy};
use crate::token::{AccessToken, Presented};
use crate::token_cache::TokenCache;
use crate::transport::TransportError;

pub(super) use self::received::Received;
use self::replay::{Cause, says_something_of_the_token};

/// One call up to an answer that means success.
pub(super) struct Exchange<'a> {
    operation: &'static Operation,
    // What is moved before it is boxed is moved as a whole, so that nothing is wrapped around it.
    run: Instrumented<Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>>,
}

type Outcome = (Result<Received, Error>, Effort);

const UNPROVED: &str = "the possession of the token's key can't be proved";

/// A longer limit is none, lest the clock overflow.
const LONGEST_TIME: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

impl<'a> Exchange<'a> {
    pub(super) fn new(core: &'a ClientCore, draft: Box<Draft>, reads: Reads) -> Self {
        let operation = draft.operation;
        let span = tracing::info_span!(
            "call",
            otel.name = operation.id,
            otel.kind = "client",
            http.request.method = operation.method_name(),
            url.template = operation.path.split('?').next().unwrap_or_default(),
            server.address = core.base_url(operation).host_str(),
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.type = Empty,
            accredit.replay = Empty,
            accredit.suspected.status_code = Empty,
        );
        let run: Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> =
            Box::pin(run(core, draft, reads));
        Self {
            operation,
            run: run.instrument(span),
        }
    }
}

impl Future for Exchange<'_> {
    type Output = Result<(Received, Effort), Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (outcome, effort) = ready!(Pin::new(&mut self.run).poll(context));
        let operation = self.operation;
        let status = outcome
            .as_ref()
            .ok()
            .map(|received| received.answer.status());
        record(self.run.span(), status, &effort, operation);
        Poll::Ready(match outcome {
            Ok(received) if operation.is_success(received.answer.status()) => {
                Ok((received, effort))
            }
            Ok(received) => Err(Error::refused(operation, received.answer, effort)),
            Err(error) => Err(error.during(operation, effort)),
        })
    }
}

/// Completes the span, by the semantic conventions of OpenTelemetry for HTTP clients.
fn record(span: &Span, status: Option<StatusCode>, effort: &Effort, operation: &Operation) {
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    match status {
        Some(status) if operation.is_success(status) => {}
        Some(status) => drop(span.record("error.type", status.as_str())),
        None => drop(span.record("error.type", "unanswered")),
    }
    if let Some(resent) = effort.attempts.checked_sub(1) {
        span.record("http.request.resend_count", resent);
    }
    span.record("accredit.replay", effort.replay.as_str());
    if let Some(suspected) = effort.suspected {
        span.record("accredit.suspected.status_code", suspected.as_u16());
    }
}

/// Makes a call up to its final answer.
async fn run(core: &ClientCore, draft: Box<Draft>, reads: Reads) -> Outcome {
    let (mut wire, tokens, retry) = match Wire::prepare(core, draft, reads) {
        Ok(prepared) => prepared,
        Err(error) => return (Err(Error::unsent(error)), Effort::default()),
    };
    if let Err(error) = wire.spool().await {
        return (Err(Error::unanswered(error)), wire.effort);
    }
    let mut retries = Retries {
        core,
        operation: wire.operation,
        policy: if wire.is_idempotent && wire.request.body.is_replayable() {
            retry
        } else {
            RetryPolicy::off()
        },
        deadline: wire.deadline,
        attempts: 0,
    };
    let mut outcome = match tokens {
        Some(tokens) => wire.authorized(tokens, &mut retries).await,
        None => wire.unauthorized(&mut retries).await,
    };
    if let Ok(received) = &mut outcome
        && !wire.operation.is_success(received.answer.status())
    {
        Box::pin(received.finish(wire.deadline)).await;
    }
    (outcome, wire.effort)
}

/// One call's way to the server.
struct Wire<'a> {
    core: &'a ClientCore,
    operation: &'static Operation,
    request: Request,
    reads: Reads,
    is_idempotent: bool,
    suspicion: SuspicionPolicy,
    deadline: Deadline,
    effort: Effort,
}

/// How much of an answer that means success is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    All,
    Head,
}

impl<'a> Wire<'a> {
    /// Puts the request together; returns the tokens to make it with, if it is made with one, and how
    /// it is retried, if it can be.
    fn prepare(
        core: &'a ClientCore,
        mut draft: Box<Draft>,
        reads: Reads,
    ) -> Result<(Self, Option<TokenCache>, RetryPolicy), RequestError> {
        let operation = draft.operation;
        let is_idempotent = draft.is_idempotent();
        let mut request = draft.finish(core.base_url(operation), core.headers())?;
        let tokens = core.authorize(operation, &mut request, draft.has_settings)?;
        let suspicion = draft.suspicion.or_else(|| core.suspicion(operation.id));
        let suspicion = suspicion.or_else(|| tokens.as_ref().map(TokenCache::policy));
        let wire = Self {
            core,
            operation,
            request,
            reads,
            is_idempotent,
            suspicion: suspicion.unwrap_or_default(),
            deadline: Deadline::new(draft.timeout.or(core.timeout())),
            effort: Effort::default(),
        };
        Ok((wire, tokens, draft.retry.unwrap_or(core.retry())))
    }

    /// Reads what is to be read of the body before it is sent.
    async fn spool(&mut self) -> Result<(), TransportError> {
        let unreadable = |error| TransportError::of_file(error, "the body can't be read");
        match self.deadline.limit(self.request.body.spool()).await {
            Some(read) => read.map_err(unreadable),
            None => Err(TransportError::timeout()),
        }
    }

    /// Makes a call that needs no token.
    async fn unauthorized(&mut self, retries: &mut Retries<'_>) -> Result<Received, Error> {
        loop {
            let mut outcome = self.send(None).await;
            if !retries.wait(&mut outcome).await {
                return outcome.map_err(Error::unanswered);
            }
        }
    }

    /// Makes the call with tokens of a cache, and once more with another token if the answer says that
    /// the first one has expired, been revoked, or isn't enough.
    async fn authorized(
        &mut self,
        mut tokens: TokenCache,
        retries: &mut Retries<'_>,
    ) -> Result<Received, Error> {
        // What led to the replay under way.
        let mut replaying: Option<Cause> = None;
        let mut replacement = None;
        let mut is_renonced = false;
        loop {
            let token = match replacement.take() {
                Some(token) => token,
                None => self.token(&mut tokens).await?,
            };
            let mut outcome = self.send(Some(&token)).await;
            if let Ok(received) = &outcome {
                // Neither replay nor retry: the token is good, and the request wasn't looked at.
                let is_first = !std::mem::replace(&mut is_renonced, received.wants_nonce);
                if received.wants_nonce && is_first && self.request.body.is_replayable() {
                    replacement = Some(token);
                    continue;
                }
                let status = received.answer.status();
                if let Some(cause) = &mut replaying {
                    self.replayed(&tokens, &token, cause, status);
                }
                let suspicion = self.suspect(received);
                if suspicion.is_none() && says_something_of_the_token(status) {
                    tokens.succeeded(&token);
                }
                // The second answer is final, whatever it is.
                if !self.operation.is_success(status)
                    && matches!(self.effort.replay, Replay::NotNeeded)
                {
                    // Boxed, so that calls that succeed carry no room for it.
                    let again = self.again(&tokens, &token, received, suspicion);
                    if let Some(again) = Box::pin(again).await {
                        tokens = again.tokens;
                        replacement = Some(again.token);
                        replaying = Some(again.cause);
                        continue;
                    }
                    if let Replay::Failed(error) = &self.effort.replay
                        && self.suspicion.reauth_failure() == ReauthFailure::TokenError
                    {
                        return Err(Error::without_token(error.clone()));
                    }
                }
            }
            if !retries.wait(&mut outcome).await {
                return outcome.map_err(Error::unanswered);
            }
        }
    }

    /// Returns the token to call with.
    async fn token(&self, tokens: &mut TokenCache) -> Result<Arc<AccessToken>, Error> {
        let token = self.token_of(tokens).await;
        let error = token.as_ref().err().and_then(Error::token);
        if let Some(base) = error.and_then(|error| self.step_down(tokens, error)) {
            *tokens = base;
            return self.token_of(tokens).await;
        }
        token
    }

    async fn token_of(&self, tokens: &TokenCache) -> Result<Arc<AccessToken>, Error> {
        let token = async {
            if self.request.body.is_replayable() {
                tokens.token().await
            } else {
                tokens.lasting_token().await
            }
        };
        match self.deadline.limit(token).await {
            Some(token) => token.map_err(Error::without_token),
            None => Err(Error::unanswered(TransportError::timeout())),
        }
    }

    /// Sends the request, and reads the answer: all of it if it means success, otherwise its beginning,
    /// which is mostly all of it and leaves the connection free while a token is fetched.
    async fn send(&mut self, token: Option<&AccessToken>) -> Result<Received, TransportError> {
        self.effort.attempts += 1;
        let mut received = {
            let exchange = pin!(self.exchange(token));
            self.within(exchange).await?
        };
        let is_failure = !self.operation.is_success(received.answer.status());
        // Boxed, as is whatever most calls don't do, so that they carry no room for it.
        if is_failure {
            Box::pin(received.begin(self.deadline)).await;
        }
        if !self.core.middleware().is_empty() {
            Box::pin(self.pass_back(&mut received)).await?;
        }
        Ok(received)
    }

    async fn within<T>(
        &self,
        future: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, TransportError> {
        let outcome = self.deadline.limit(future).await;
        outcome.unwrap_or_else(|| Err(TransportError::timeout()))
    }

    /// Sends the request; reads the head of a failure, and of a success what is asked for.
    async fn exchange(&self, token: Option<&AccessToken>) -> Result<Received, TransportError> {
        let operation = self.operation;
        let transport = self.core.transport();
        let (method, url) = (&operation.method(), &self.request.url);
        let presented = token.map(|token| token.present(method, url)).transpose();
        let presented = presented.map_err(|_| TransportError::permanent(UNPROVED))?;
        let authorization = presented.as_ref().map(Presented::authorization);
        let changed = self.pass_out(authorization).await?;
        let request = changed.as_deref().unwrap_or(&self.request);
        let sending = transport.send(method, request, presented);
        let mut incoming = sending.await?;
        let status = incoming.status();
        let is_foreign = !origin::is_same(incoming.url(), &self.request.url);
        let headers = incoming.take_headers();
        let learn = |token: &AccessToken| token.learn(status, url, &headers);
        let wants_nonce = !is_foreign && token.is_some_and(learn);
        let is_read = operation.is_success(status) && self.reads == Reads::All;
        let body = if is_read {
            incoming.read().await?
        } else {
            Bytes::new()
        };
        Ok(Received {
            answer: Answer::new(status, headers, body),
            is_foreign,
            wants_nonce,
            rest: (!is_read).then_some(incoming),
        })
    }

    /// Passes the request through the client's steps; returns it as they leave it, where there are
    /// any. Each attempt passes from the start.
    async fn pass_out(
        &self,
        token: Option<&HeaderValue>,
    ) -> Result<Option<Box<Request>>, TransportError> {
        let steps = self.core.middleware();
        if steps.is_empty() {
            return Ok(None);
        }
        let mut request = Box::new(self.request.clone());
        let attempt = self.effort.attempts;
        let outgoing = OutgoingRequest::new(self.operation, attempt, &mut request, token);
        let passed = steps.request(outgoing).await;
        passed.map_err(|error| TransportError::of_step(error, "a step refused the request"))?;
        Ok(Some(request))
    }

    /// Passes an answer back through the client's steps, which see it as the caller would.
    async fn pass_back(&self, received: &mut Received) -> Result<(), TransportError> {
        if !self.operation.is_success(received.answer.status()) {
            received.finish(self.deadline).await;
        }
        let steps = self.core.middleware();
        let passed = self.within(async {
            let passed = steps.response(self.operation, &mut received.answer).await;
            passed.map_err(|error| TransportError::of_step(error, "a step refused the answer"))
        });
        passed.await
    }
}

/// The retries of one call; replays don't count.
struct Retries<'a> {
    core: &'a ClientCore,
    operation: &'static Operation,
    policy: RetryPolicy,
    deadline: Deadline,
    attempts: u32,
}

impl Retries<'_> {
    /// Waits before the next attempt; returns whether there is to be one.
    async fn wait(&mut self, outcome: &mut Result<Received, TransportError>) -> bool {
        self.attempts += 1;
        let (is_transient, retry_after, status) = match outcome {
            Ok(received) => {
                let status = received.answer.status();
                let retry_after = retry::retry_after(received.answer.headers());
                (retry::is_transient(status), retry_after, Some(status))
            }
            Err(error) => (error.is_transient(), None, None),
        };
        let operation = self.operation.id;
        if !is_transient {
            self.core.budget().earn();
            return false;
        }
        let delay = self
            .policy
            .delay(self.attempts, retry_after, fastrand::f64());
        let Some(delay) = delay.filter(|delay| self.deadline.allows(*delay)) else {
            return false;
        };
        if !self.core.budget().spend() {
            self.core.tell(&Event::RetryDenied { operation, status });
            return false;
        }
        self.core.tell(&Event::Retrying {
            operation,
            attempts: self.attempts,
            status,
            delay,
        });
        tracing::debug!(
            attempt = self.attempts,
            ?delay,
            "a transient fault is retried"
        );
        if let Ok(received) = outcome {
            // Nobody will read it, and it holds a connection.
            received.rest = None;
        }
        sleep_until(Instant::now() + delay).await;
        true
    }
}

/// When a call's time runs out, if it has a limit. Without one, no clock is read and no timer set.
#[derive(Debug, Clone, Copy)]
struct Deadline(Option<Instant>);

impl Deadline {
    fn new(timeout: Option<Duration>) -> Self {
        let limit = timeout.filter(|timeout| *timeout < LONGEST_TIME);
        Self(limit.map(|timeout| Instant::now() + timeout))
    }

    /// `None` if the time ran out first. A large future is better pinned by the caller: each layer that
    /// takes one by value holds it once more, and moves it.
    async fn limit<F: Future>(self, future: F) -> Option<F::Output> {
        match self.0 {
            Some(end) => timeout_at(end, future).await.ok(),
            None => Some(future.await),
        }
    }

    fn allows(self, delay: Duration) -> bool {
        let left = |end: Instant| end.saturating_duration_since(Instant::now());
        self.0.is_none_or(|end| left(end) > delay)
    }
}
