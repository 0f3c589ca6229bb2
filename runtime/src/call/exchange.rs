//! What happens on the wire for one call: token, send, suspicion, replay once, retry.

mod received;
mod replay;
mod retrying;
mod step_up;

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use tokio::time::Instant;
use tracing::field::Empty;
use tracing::instrument::Instrumented;
use tracing::{Instrument, Span};

use crate::api::Operation;
use crate::client::ClientCore;
use crate::error::Error;
use crate::limit::until;
use crate::middleware::OutgoingRequest;
use crate::origin;
use crate::request::{Draft, Request};
use crate::request_error::RequestError;
use crate::response::{Answer, Effort};
use crate::suspicion::SuspicionPolicy;
use crate::token::{AccessToken, Presented};
use crate::token_cache::TokenCache;
use crate::transport::{self, Incoming, Outgoing, TransportError};

pub(super) use self::received::Received;
use self::replay::Course;

/// One call up to an answer that means success.
pub(super) struct Exchange<'a> {
    // What is moved before it is boxed is moved as a whole, so that nothing is wrapped around it.
    run: Instrumented<Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>>,
}

type Outcome = Result<(Box<Received>, Effort), Error>;

const UNPROVED: &str = "the possession of the token's key can't be proved";
const UNMADE: &str = "the request can't be made again";

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
            Box::pin(run(core, draft, reads, span.clone()));
        Self {
            run: run.instrument(span),
        }
    }
}

impl Future for Exchange<'_> {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        Pin::new(&mut self.run).poll(context)
    }
}

/// Completes the span, by the semantic conventions of OpenTelemetry for HTTP clients.
fn record(span: &Span, outcome: &Outcome) {
    let (status, effort) = match outcome {
        Ok((received, effort)) => (Some(received.answer.status()), effort),
        Err(error) => (error.status(), error.effort()),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    match status {
        _ if outcome.is_ok() => {}
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

/// Makes a call, and completes its span.
async fn run(core: &ClientCore, draft: Box<Draft>, reads: Reads, span: Span) -> Outcome {
    let outcome = conclude(core, draft, reads).await;
    if !span.is_disabled() {
        record(&span, &outcome);
    }
    outcome
}

/// Makes a call up to its final answer.
async fn conclude(core: &ClientCore, draft: Box<Draft>, reads: Reads) -> Outcome {
    let operation = draft.operation;
    let (mut wire, tokens) = match Wire::prepare(core, draft, reads) {
        Ok(prepared) => prepared,
        Err(error) => return Err(Error::unsent(error).during(operation, Effort::default())),
    };
    match wire.answer(tokens).await {
        Ok(received) if operation.is_success(received.answer.status()) => {
            Ok((received, wire.effort))
        }
        Ok(received) => Err(Error::refused(operation, received.answer, wire.effort)),
        Err(error) => Err(error.during(operation, wire.effort)),
    }
}

/// One call's way to the server.
struct Wire<'a> {
    core: &'a ClientCore,
    operation: &'static Operation,
    draft: Box<Draft>,
    /// The request of the next attempt, where it has been made already. Each attempt has one of its own, so
    /// that none is copied for the sake of attempts that few calls need.
    request: Option<Box<Request>>,
    reads: Reads,
    suspicion: SuspicionPolicy,
    /// Attempts that count for the retries; replays don't.
    tried: u32,
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
    /// Puts the request together; returns the tokens to make it with, if it is made with one.
    fn prepare(
        core: &'a ClientCore,
        draft: Box<Draft>,
        reads: Reads,
    ) -> Result<(Self, Option<TokenCache>), RequestError> {
        let operation = draft.operation;
        let (request, tokens) = core.request(&draft)?;
        let suspicion = draft.suspicion.or_else(|| core.suspicion(operation.id));
        let suspicion = suspicion.or_else(|| tokens.as_ref().map(TokenCache::policy));
        let wire = Self {
            core,
            operation,
            request: Some(request),
            reads,
            suspicion: suspicion.unwrap_or_default(),
            tried: 0,
            deadline: Deadline::new(draft.timeout.or(core.timeout())),
            effort: Effort::default(),
            draft,
        };
        Ok((wire, tokens))
    }

    /// Reads what is to be read of the body before it is sent.
    async fn spool(&mut self) -> Result<(), TransportError> {
        // It is made with what has been read.
        self.request = None;
        let unreadable = |error| TransportError::of_file(error, "the body can't be read");
        match self.deadline.limit(self.draft.body().spool()).await {
            Some(read) => read.map_err(unreadable),
            None => Err(TransportError::timeout()),
        }
    }

    /// Makes the call: with tokens of a cache if it needs one, and then once more with another token if the
    /// answer says that the first one has expired, been revoked, or isn't enough.
    async fn answer(&mut self, tokens: Option<TokenCache>) -> Result<Box<Received>, Error> {
        if self.draft.body().is_to_be_spooled() {
            aside(|| self.spool()).await.map_err(Error::unanswered)?;
        }
        let mut course = tokens.map(Course::new);
        loop {
            let token = match &mut course {
                None => None,
                Some(course) => match self.at_hand(course) {
                    Some(token) => Some(token),
                    None => Some(aside(|| self.token(&mut course.tokens)).await?),
                },
            };
            let outcome = match self.send(token.as_deref()).await {
                Ok(received) if self.is_plain(course.as_ref(), &received) => {
                    if let (Some(course), Some(token)) = (&course, &token) {
                        course.tokens.succeeded(token);
                    }
                    self.core.budget().earn();
                    return Ok(received);
                }
                outcome => outcome,
            };
            let last = match (&mut course, token) {
                (Some(course), Some(token)) => {
                    aside(|| self.otherwise(course, token, outcome)).await
                }
                _ => aside(|| self.retried(outcome)).await,
            };
            if let Some(last) = last {
                return last;
            }
        }
    }

    /// Returns whether an answer leaves nothing to be asked.
    fn is_plain(&self, course: Option<&Course>, received: &Received) -> bool {
        let status = received.answer.status();
        status.is_success()
            && self.operation.is_success(status)
            && course.is_none_or(|course| course.is_straight(received))
    }

    /// Returns the token to call with, if there is no reason to wait for another.
    fn at_hand(&self, course: &mut Course) -> Option<Arc<AccessToken>> {
        let next = course.next.take();
        let is_replayable = self.draft.is_replayable();
        next.or_else(|| course.tokens.fresh().filter(|_| is_replayable))
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
            if self.draft.is_replayable() {
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
    async fn send(&mut self, token: Option<&AccessToken>) -> Result<Box<Received>, TransportError> {
        self.effort.attempts += 1;
        let deadline = self.deadline;
        let received = {
            let exchange = pin!(self.exchange(token));
            deadline.limit_pinned(exchange).await
        };
        let received = received.unwrap_or_else(|| Err(TransportError::timeout()))?;
        let is_failure = !self.operation.is_success(received.answer.status());
        if is_failure || !self.core.middleware().is_empty() {
            return aside(|| self.pass_back(received)).await;
        }
        Ok(received)
    }

    /// Sends the request; reads the head of a failure, and of a success what is asked for.
    async fn exchange(
        &mut self,
        token: Option<&AccessToken>,
    ) -> Result<Box<Received>, TransportError> {
        let operation = self.operation;
        let transport = self.core.transport();
        let mut passed = None;
        let request = self.request()?;
        let is_ready = self.core.middleware().is_empty() && request.body.is_short();
        let outgoing = if is_ready {
            let method = operation.method();
            Outgoing {
                presented: present(token, &method, &request)?,
                opened: request.body.open_short(),
                method,
                request,
            }
        } else {
            aside(|| self.open(request, token, &mut passed)).await?
        };
        let sending = transport.send(outgoing);
        let mut incoming = sending.await?;
        if transport.is_to_follow(&incoming) {
            aside(|| self.follow(&mut incoming, passed)).await?;
        }
        let status = incoming.status();
        let home = self.draft.home(self.core.base_url(operation));
        let is_foreign = !origin::is_same(incoming.url(), home);
        let learn = |token: &AccessToken| token.learn(status, home, incoming.headers());
        let wants_nonce = !is_foreign && token.is_some_and(learn);
        let is_read = operation.is_success(status) && self.reads == Reads::All;
        let body = if is_read {
            incoming.read().await?
        } else {
            Bytes::new()
        };
        Ok(Box::new(Received {
            answer: Answer::new(status, incoming.take_headers(), body),
            is_foreign,
            wants_nonce,
            rest: (!is_read).then(|| Box::new(incoming)),
        }))
    }

    /// Returns the request of an attempt.
    fn request(&mut self) -> Result<Box<Request>, TransportError> {
        if let Some(request) = self.request.take() {
            return Ok(request);
        }
        match self.core.request(&self.draft) {
            Ok((request, _)) => Ok(request),
            // It could be made once, so that it can be made again.
            Err(error) => Err(TransportError::of_step(Box::new(error), UNMADE)),
        }
    }

    /// Passes a request through the client's steps, and opens its body. What the steps make of it is kept in
    /// `passed`, if there are any. Each attempt passes from the start.
    async fn open(
        &self,
        mut request: Box<Request>,
        token: Option<&AccessToken>,
        passed: &mut Option<Box<Request>>,
    ) -> Result<Outgoing, TransportError> {
        let method = self.operation.method();
        let presented = present(token, &method, &request)?;
        let steps = self.core.middleware();
        if !steps.is_empty() {
            let token = presented.as_ref().map(Presented::authorization);
            let attempt = self.effort.attempts;
            let outgoing = OutgoingRequest::new(self.operation, attempt, &mut request, token);
            let step = steps.request(outgoing).await;
            step.map_err(|error| TransportError::of_step(error, "a step refused the request"))?;
            *passed = Some(request.clone());
        }
        let opened = transport::open(&request.body).await?;
        Ok(Outgoing {
            method,
            request,
            presented,
            opened,
        })
    }

    /// Follows redirects to other origins, with the request as the client's steps have left it.
    async fn follow(
        &mut self,
        incoming: &mut Incoming,
        passed: Option<Box<Request>>,
    ) -> Result<(), TransportError> {
        let request = match passed {
            Some(request) => request,
            None => self.request()?,
        };
        let transport = self.core.transport();
        transport
            .follow(incoming, self.operation.method(), *request)
            .await
    }

    /// Reads the beginning of a failure, and passes an answer back through the client's steps, which see it
    /// as the caller would.
    async fn pass_back(
        &self,
        mut received: Box<Received>,
    ) -> Result<Box<Received>, TransportError> {
        let is_failure = !self.operation.is_success(received.answer.status());
        if is_failure {
            received.begin(self.deadline).await;
        }
        let steps = self.core.middleware();
        if steps.is_empty() {
            return Ok(received);
        }
        if is_failure {
            received.finish(self.deadline).await;
        }
        let passed = steps.response(self.operation, &mut received.answer);
        match self.deadline.limit(passed).await {
            Some(Ok(())) => Ok(received),
            Some(Err(error)) => Err(TransportError::of_step(error, "a step refused the answer")),
            None => Err(TransportError::timeout()),
        }
    }
}

/// Makes a future of what most calls don't do, so that they carry no room for it: neither in their own
/// future nor on the stack, where a shorter way down finds what is below in the processor's cache.
#[cold]
#[inline(never)]
fn aside<'f, F: Future + Send + 'f>(
    make: impl FnOnce() -> F,
) -> Pin<Box<dyn Future<Output = F::Output> + Send + 'f>> {
    Box::pin(make())
}

fn present(
    token: Option<&AccessToken>,
    method: &Method,
    request: &Request,
) -> Result<Option<Presented>, TransportError> {
    let presented = token.map(|token| token.present(method, &request.url));
    presented
        .transpose()
        .map_err(|_| TransportError::permanent(UNPROVED))
}

/// When a call's time runs out, if it has a limit. Without one, no clock is read and no timer set.
#[derive(Debug, Clone, Copy)]
struct Deadline(Option<Instant>);

impl Deadline {
    fn new(timeout: Option<Duration>) -> Self {
        let limit = timeout.filter(|timeout| *timeout < LONGEST_TIME);
        Self(limit.map(|timeout| Instant::now() + timeout))
    }

    /// `None` if the time ran out first. A large future is better pinned by the caller, since it is held
    /// twice here, and moved.
    async fn limit<F: Future>(self, future: F) -> Option<F::Output> {
        self.limit_pinned(pin!(future)).await
    }

    fn limit_pinned<F: Future>(
        self,
        future: Pin<&mut F>,
    ) -> impl Future<Output = Option<F::Output>> {
        until(future, move || self.0)
    }

    fn allows(self, delay: Duration) -> bool {
        let left = |end: Instant| end.saturating_duration_since(Instant::now());
        self.0.is_none_or(|end| left(end) > delay)
    }
}
