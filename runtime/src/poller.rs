//! Operations that go on after their answer: asked for their state until they are done.

mod position;
mod progress;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::StatusCode;
use http::header::LOCATION;
use tokio::time::{Instant, Sleep, sleep};
use url::Url;

use self::position::Position;
use self::progress::Progress;
use crate::api::Operation;
use crate::backoff::Backoff;
use crate::call::{Decode, Sending};
use crate::client::ClientCore;
use crate::decode::{self, DecodeError};
use crate::error::Error;
use crate::polling::{Polling, ResultPlace};
use crate::request::Draft;
use crate::request_error::RequestError;
use crate::response::{Answer, Effort, Response};
use crate::retry;

/// The delay before the state is first asked for, unless the server says how long to wait.
const FIRST_DELAY: Duration = Duration::from_secs(1);

/// What the delays grow to.
const LONGEST_DELAY: Duration = Duration::from_secs(30);

/// A server that says "at once" isn't asked more often.
const SHORTEST_DELAY: Duration = Duration::from_millis(100);

/// How long an operation is waited for.
const LIMIT: Duration = Duration::from_secs(3600);

/// An operation that goes on after its answer (202 and the like): the call, and then requests for its
/// state until it is done. Awaited, it gives the result.
///
/// Each request is a call of its own, with token, replay and retries. Between them the poller waits as
/// long as `Retry-After` says, or else 1 s and then twice as long each time up to 30 s, up to half of it
/// taken off at random. An hour after the first request it gives up. A URL of another origin than those
/// of the client is refused: it would see the client's credentials.
///
/// An operation that ends in failure is an error that has its last answer
/// ([`ApiError::ended`](crate::ApiError::ended)). Whoever drops a poller asks no more; the operation
/// itself goes on.
#[must_use = "nothing is sent before the poller is awaited"]
pub struct Poller<'a, T> {
    core: &'a ClientCore,
    /// The call that starts the operation.
    draft: Box<Draft>,
    /// How its state is asked for.
    state_of: &'static Operation,
    decode: Decode<T>,
    delays: Backoff,
    limit: Duration,
    deadline: Option<Instant>,
    /// How many times the state has been asked for.
    asked: u32,
    next: Next,
    waiting: Option<Pin<Box<Sleep>>>,
    sending: Option<Sending<'a, ()>>,
    last: Option<(Answer, Option<String>)>,
}

/// What is sent next.
enum Next {
    /// The call.
    Call,
    /// A request for the state.
    State(Position),
    /// A request for the result; what came before it is known.
    Result(Url, Position),
    /// No request: a position that can't be read, or a call that was answered without one.
    Fault(RequestError),
}

impl<'a, T> Poller<'a, T> {
    pub(crate) fn new(
        core: &'a ClientCore,
        draft: Box<Draft>,
        state_of: &'static Operation,
        decode: Decode<T>,
    ) -> Self {
        Self {
            core,
            draft,
            state_of,
            decode,
            delays: Backoff::new(FIRST_DELAY, LONGEST_DELAY),
            limit: LIMIT,
            deadline: None,
            asked: 0,
            next: Next::Call,
            waiting: None,
            sending: None,
            last: None,
        }
    }

    /// Sets the first delay between requests and the longest, where the server doesn't say how long to
    /// wait: 1 s and 30 s unless set.
    pub fn delays(mut self, first: Duration, longest: Duration) -> Self {
        self.delays = Backoff::new(first, longest);
        self
    }

    /// Sets how long the operation is waited for, one hour unless set; an operation that isn't done by
    /// then is an error, and can be waited for again.
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Goes on where another poller was: at what its [`Poller::position`] was. The call isn't made.
    pub fn resume_at(mut self, position: &str) -> Self {
        let position = Position::of_text(position);
        self.next = position.map_or(Next::Fault(RequestError::NoPosition), Next::State);
        self
    }

    /// Returns where the state is asked for, for [`Poller::resume_at`] in this process or another;
    /// `None` before the call was answered. It isn't for logs: a URL can hold what must not be seen.
    #[must_use]
    pub fn position(&self) -> Option<String> {
        match &self.next {
            Next::State(position) | Next::Result(_, position) => Some(position.to_text()),
            Next::Call | Next::Fault(_) => None,
        }
    }

    /// Returns the state that the last answer named.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        self.last.as_ref()?.1.as_deref()
    }

    /// Returns the last answer.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        self.last.as_ref().map(|(answer, _)| answer)
    }

    /// Sends one request, when it is time to; returns the result if that was the last, and `None` while
    /// the operation goes on. Dropped before it is done, or after an error, it can be called again; a call
    /// that was answered isn't made once more.
    pub async fn step(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| self.poll_step(context)).await
    }

    /// Asks until the operation is done. Dropped before it is done, or after an error, it can be called
    /// again.
    pub async fn done(&mut self) -> Result<T, Error> {
        poll_fn(|context| self.poll_done(context)).await
    }

    fn poll_done(&mut self, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        loop {
            if let Some(result) = ready!(self.poll_step(context))? {
                return Poll::Ready(Ok(result));
            }
        }
    }

    fn poll_step(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<T>, Error>> {
        loop {
            if let Some(waiting) = &mut self.waiting {
                ready!(waiting.as_mut().poll(context));
                self.waiting = None;
            }
            let sending = match &mut self.sending {
                Some(sending) => sending,
                None => match self.request() {
                    Ok(draft) => {
                        let sending = Sending::new(self.core, draft, decode::nothing);
                        self.sending.insert(sending)
                    }
                    Err(error) => return Poll::Ready(Err(self.fault(error))),
                },
            };
            let outcome = ready!(Pin::new(sending).poll(context));
            self.sending = None;
            let outcome = outcome.map_err(|error| error.of_operation(self.draft.operation));
            match self.turn(outcome?) {
                Ok(Turn::Wait) => return Poll::Ready(Ok(None)),
                Ok(Turn::Fetch) => {}
                Ok(Turn::Done(result)) => return Poll::Ready(Ok(Some(result))),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn fault(&mut self, error: RequestError) -> Error {
        if matches!(error, RequestError::Unfinished(_)) {
            // Whoever waits again has the whole time again.
            self.deadline = None;
        }
        Error::unsent(error).during(self.draft.operation, Effort::default())
    }

    fn request(&mut self) -> Result<Box<Draft>, RequestError> {
        // A limit that the clock can't hold is none.
        let now = Instant::now();
        if self.deadline.is_none() {
            self.deadline = now.checked_add(self.limit);
        }
        let left = self.deadline.map(|end| end.saturating_duration_since(now));
        if left == Some(Duration::ZERO) {
            return Err(RequestError::Unfinished(self.limit));
        }
        let url = match &self.next {
            Next::Call => return Ok(self.draft.clone()),
            Next::State(position) => &position.at,
            Next::Result(url, _) => url,
            Next::Fault(error) => return Err(error.clone()),
        };
        // The call itself went where the client's credentials may go; so do the requests after it.
        if !self.core.is_trusted(url, &self.original()?) {
            return Err(RequestError::ForeignState);
        }
        let mut draft = self.draft.after(self.state_of, url.clone());
        let timeout = draft.timeout.or(self.core.timeout());
        draft.timeout = timeout.into_iter().chain(left).min();
        Ok(Box::new(draft))
    }

    /// Returns the URL of the call.
    fn original(&self) -> Result<Url, RequestError> {
        let base_url = self.core.base_url(self.draft.operation);
        self.draft.location(base_url)
    }

    /// Takes an answer in, and finds out what is next.
    fn turn(&mut self, response: Response<()>) -> Result<Turn<T>, Error> {
        let (answer, effort) = response.into_answer();
        if matches!(self.next, Next::Result(..)) {
            return self.finish(answer, effort);
        }
        let position = match self.follow(&answer) {
            Ok(position) => position,
            Err(Unfollowable::Request(error)) => return Err(self.fault(error)),
            Err(Unfollowable::Answer) => return Err(self.unfollowable(answer, effort)),
        };
        let polling = self.polling();
        let leads_to_monitor = position.as_ref().is_some_and(|it| it.is_monitor);
        let is_call = matches!(self.next, Next::Call);
        let is_monitor = matches!(&self.next, Next::State(from) if from.is_monitor);
        let state = progress::state(&polling, &answer, is_monitor);
        let mut progress = Progress::of(&polling, &answer, state.as_deref());
        // Who is sent to a monitor is told there that it is done, unless the document says otherwise.
        let is_told = polling.state.is_some() && state.is_some();
        if is_call && leads_to_monitor && progress == Progress::Succeeded && !is_told {
            progress = Progress::GoesOn;
        }
        self.last = Some((answer.clone(), state));
        match (position, progress) {
            (Some(position), _) => self.next = Next::State(position),
            (None, Progress::GoesOn) => return Err(self.unfollowable(answer, effort)),
            (None, _) => self.next = Next::Fault(RequestError::NoState),
        }
        match progress {
            Progress::GoesOn => self.wait(&answer),
            Progress::Succeeded if is_call => self.finish(answer, effort),
            Progress::Succeeded => match self.result() {
                Some(fetch) => {
                    self.next = fetch;
                    Ok(Turn::Fetch)
                }
                None => self.finish(answer, effort),
            },
            Progress::Failed(state) => {
                let operation = self.draft.operation;
                Err(Error::ended(operation, answer, effort, state))
            }
        }
    }

    /// Returns where the state is asked for after an answer; `None` if that isn't known.
    fn follow(&self, answer: &Answer) -> Result<Option<Position>, Unfollowable> {
        let polling = self.polling();
        let before = match &self.next {
            Next::State(position) => Some(position),
            _ => None,
        };
        let here = match before {
            Some(position) => position.at.clone(),
            None => self.original().map_err(Unfollowable::Request)?,
        };
        let url = |name: &str| {
            let value = answer.headers().get(name)?;
            let url = value
                .to_str()
                .ok()
                .and_then(|text| here.join(text.trim()).ok());
            Some(url.ok_or(Unfollowable::Answer))
        };
        let location = || url(LOCATION.as_str()).transpose();
        // The `Location` of any other answer is that of what was made, and that of a monitor the result's.
        let is_of_monitor = before.is_some_and(|before| before.is_monitor);
        let leads_on = answer.status() == StatusCode::ACCEPTED && !is_of_monitor;
        let mut headers = polling.headers.iter();
        let header = headers.find_map(|name| {
            let is_location = *name == LOCATION.as_str();
            let url = url(name).filter(|_| leads_on || !is_location)?;
            Some((url, !is_location))
        });
        Ok(match (header, before) {
            (Some((at, is_monitor)), _) => Some(Position {
                at: at?,
                is_monitor,
                result: match before.and_then(|before| before.result.clone()) {
                    None if is_monitor => location()?,
                    known => known,
                },
            }),
            (None, Some(before)) => Some(before.clone()),
            (None, None) => polling.asks_again.then_some(Position {
                at: here.clone(),
                is_monitor: false,
                result: None,
            }),
        })
    }

    fn unfollowable(&mut self, answer: Answer, effort: Effort) -> Error {
        if matches!(self.next, Next::Call) {
            // It was made, and isn't made once more.
            self.next = Next::Fault(RequestError::NoState);
        }
        let expected = "expected the URL of the operation's state in its headers, found none";
        let error = DecodeError::new(&answer, expected.to_owned());
        Error::undecodable(answer, error).during(self.draft.operation, effort)
    }

    /// Waits before the state is asked for again, as long as there is time.
    fn wait(&mut self, answer: &Answer) -> Result<Turn<T>, Error> {
        self.asked = self.asked.saturating_add(1);
        let retry_after = retry::retry_after(answer.headers());
        let delay = delay(self.delays, self.asked, retry_after, fastrand::f64());
        let end = Instant::now().checked_add(delay);
        if self
            .deadline
            .is_some_and(|deadline| end.is_none_or(|end| end > deadline))
        {
            return Err(self.fault(RequestError::Unfinished(self.limit)));
        }
        self.waiting = Some(Box::pin(sleep(delay)));
        Ok(Turn::Wait)
    }

    /// Returns how the result is asked for, where it isn't in the last answer.
    fn result(&self) -> Option<Next> {
        let Next::State(position) = &self.next else {
            return None;
        };
        let url = match self.polling().result {
            ResultPlace::Answer => None,
            ResultPlace::Location => position.result.clone(),
            ResultPlace::OriginalUri => self.original().ok(),
        };
        let url = url.filter(|url| *url != position.at)?;
        Some(Next::Result(url, position.clone()))
    }

    fn finish(&mut self, answer: Answer, effort: Effort) -> Result<Turn<T>, Error> {
        // Whoever asks once more asks for the state.
        if let Next::Result(_, position) = &self.next {
            self.next = Next::State(position.clone());
        }
        let decoded = (self.decode)(&answer);
        decoded
            .map(Turn::Done)
            .map_err(|error| Error::undecodable(answer, error).during(self.draft.operation, effort))
    }

    fn polling(&self) -> Polling {
        let polling = self.state_of.polling;
        polling.unwrap_or_else(Polling::again)
    }
}

/// Returns how long to wait after the state was asked for a number of times; `random` is in `[0, 1)`.
fn delay(delays: Backoff, asked: u32, retry_after: Option<Duration>, random: f64) -> Duration {
    retry_after.map_or_else(
        || delays.bound(asked).mul_f64(1.0 - random / 2.0),
        |delay| delay.max(SHORTEST_DELAY),
    )
}

/// Why it isn't known where to ask.
enum Unfollowable {
    /// The URL of the call can't be made.
    Request(RequestError),
    /// A header has what isn't a URL.
    Answer,
}

/// What follows an answer.
enum Turn<T> {
    Wait,
    Fetch,
    Done(T),
}

impl<'a, T> IntoFuture for Poller<'a, T> {
    type Output = Result<T, Error>;
    type IntoFuture = Finishing<'a, T>;

    fn into_future(self) -> Finishing<'a, T> {
        Finishing(self)
    }
}

impl<T> fmt::Debug for Poller<'_, T> {
    /// Doesn't print the position: a URL can hold what must not be seen.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller")
            .field("draft", &self.draft)
            .field("asked", &self.asked)
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

/// A [`Poller`] that is awaited.
#[must_use = "nothing is sent before it is awaited"]
pub struct Finishing<'a, T>(Poller<'a, T>);

impl<T> Future for Finishing<'_, T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_done(context)
    }
}

impl<T> fmt::Debug for Finishing<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_longest_and_differ_by_up_to_half() {
        let delays = Backoff::new(FIRST_DELAY, LONGEST_DELAY);
        let of = |asked, random| delay(delays, asked, None, random).as_millis();
        assert_eq!(
            [1, 2, 3, 6, 100].map(|asked| of(asked, 0.0)),
            [1000, 2000, 4000, 30_000, 30_000]
        );
        assert_eq!(of(2, 0.5), 1500);
    }

    #[test]
    fn the_server_says_how_long_to_wait_but_not_that_it_is_asked_without_end() {
        let delays = Backoff::new(FIRST_DELAY, LONGEST_DELAY);
        let of = |seconds| delay(delays, 5, Some(Duration::from_secs(seconds)), 0.9);
        assert_eq!(of(120), Duration::from_secs(120));
        assert_eq!(of(0), SHORTEST_DELAY);
    }
}
