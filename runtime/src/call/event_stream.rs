//! Server-sent events, as a stream that is resumed where it broke off
//! ([HTML §9.2](https://html.spec.whatwg.org/multipage/server-sent-events.html)).

use std::fmt;
use std::time::Duration;

use futures_util::{Stream, stream};
use http::StatusCode;
use tokio::time::sleep;

use super::Streaming;
use crate::api::Operation;
use crate::client::ClientCore;
use crate::decode::DecodeError;
use crate::decode::streams::{
    DecodeData, LONGEST_ITEM, ServerSentEvent, check_event_stream, fault,
};
use crate::download::Download;
use crate::error::Error;
use crate::event_parser::{EventParser, RawEvent};
use crate::request::Draft;
use crate::response::{Answer, Effort, Response};

/// The events of an answer, as they come; at most one of them is held.
///
/// A stream that ends or breaks off is asked for once more, from the event after the last, if it
/// can be: the call is idempotent, and the server has given its events ids. It ends for good where
/// the server answers 204, where its events have no ids, and with [`EventStream::until`].
pub struct EventStream<T> {
    answer: Answer,
    download: Option<Download>,
    parser: EventParser,
    operation: &'static Operation,
    effort: Effort,
    core: ClientCore,
    /// What is sent to resume the stream; `None` where it can't be.
    again: Option<Box<Draft>>,
    /// What the last event's data is.
    last_data: Option<String>,
    is_over: bool,
    decode: DecodeData<T>,
}

/// How long to wait before a stream is resumed, until the server says it.
const RECONNECTION_TIME: Duration = Duration::from_secs(3);

/// The header that says where a stream is resumed.
const LAST_EVENT_ID: &str = "last-event-id";

impl<T> EventStream<T> {
    pub(super) fn new(
        response: Response<Download>,
        core: &ClientCore,
        again: Option<Box<Draft>>,
        decode: DecodeData<T>,
    ) -> Result<Self, Error> {
        let answer = response.answer().clone();
        let download = response.body;
        if let Err(error) = check_event_stream(&answer) {
            return Err(download.undecodable(answer, error));
        }
        let (operation, effort) = download.origin();
        Ok(Self {
            answer,
            operation,
            effort,
            download: Some(download),
            parser: EventParser::new(LONGEST_ITEM),
            core: core.clone(),
            again,
            last_data: None,
            is_over: false,
            decode,
        })
    }

    /// Sets how many bytes one event may have; the default is 8 MiB.
    #[must_use]
    pub fn longest(mut self, bytes: usize) -> Self {
        self.parser.set_limit(bytes);
        self
    }

    /// Ends the stream before an event with this data, by which some servers say that no more will
    /// come: `[DONE]`.
    #[must_use]
    pub fn until(mut self, data: &str) -> Self {
        self.last_data = Some(data.to_owned());
        self
    }

    /// Ends the stream where it first ends or breaks off.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.again = None;
        self
    }

    /// Returns the head of the first answer.
    #[must_use]
    pub const fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Waits for the next event; `None` is the end.
    ///
    /// # Errors
    ///
    /// Data that isn't what the document promises are an error that the next event may follow. A
    /// connection that breaks off is an error where the stream can't be resumed; where that fails,
    /// the next call of this tries it once more.
    pub async fn event(&mut self) -> Result<Option<ServerSentEvent<T>>, Error> {
        while !self.is_over {
            match self.parser.next() {
                Ok(Some(event)) if self.is_last(&event) => break,
                Ok(Some(event)) => return self.decoded(event).map(Some),
                Ok(None) => {}
                Err(error) => {
                    self.is_over = true;
                    return Err(self.undecodable(fault(&self.answer, error)));
                }
            }
            let Some(download) = &mut self.download else {
                self.resume().await?;
                continue;
            };
            match download.chunk().await {
                Ok(Some(chunk)) => self.parser.feed(chunk),
                Ok(None) if !self.is_resumable() => break,
                Err(error) if !self.is_resumable() => {
                    self.is_over = true;
                    return Err(error);
                }
                Ok(None) | Err(_) => self.download = None,
            }
        }
        self.is_over = true;
        Ok(None)
    }

    /// Returns the rest of the events as a stream, which ends with its first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<ServerSentEvent<T>, Error>> + Send {
        stream::try_unfold(self, |mut events| async move {
            let event = events.event().await?;
            Ok(event.map(|event| (event, events)))
        })
    }

    fn is_last(&self, event: &RawEvent) -> bool {
        self.last_data.as_deref() == Some(event.data.as_str())
    }

    fn is_resumable(&self) -> bool {
        self.again.is_some() && !self.parser.last_id().is_empty()
    }

    /// Asks for the stream once more, from the event after the last.
    async fn resume(&mut self) -> Result<(), Error> {
        let Some(again) = &self.again else {
            self.is_over = true;
            return Ok(());
        };
        sleep(self.parser.retry().unwrap_or(RECONNECTION_TIME)).await;
        let Some(mut draft) = again.copy() else {
            self.is_over = true;
            return Ok(());
        };
        draft.header(LAST_EVENT_ID, self.parser.last_id());
        let response = match Streaming::new(&self.core, Box::new(draft)).await {
            Ok(response) if response.status() != StatusCode::NO_CONTENT => response,
            Err(error) if error.status() != Some(StatusCode::NO_CONTENT) => return Err(error),
            Ok(_) | Err(_) => {
                self.is_over = true;
                return Ok(());
            }
        };
        let answer = response.answer().clone();
        let download = response.body;
        if let Err(error) = check_event_stream(&answer) {
            self.is_over = true;
            return Err(download.undecodable(answer, error));
        }
        (_, self.effort) = download.origin();
        self.parser.restart();
        self.download = Some(download);
        Ok(())
    }

    fn decoded(&self, event: RawEvent) -> Result<ServerSentEvent<T>, Error> {
        ServerSentEvent::of(&self.answer, event, self.parser.last_id(), self.decode)
            .map_err(|error| self.undecodable(error))
    }

    fn undecodable(&self, error: DecodeError) -> Error {
        let error = Error::undecodable(self.answer.clone(), error);
        error.during(self.operation, self.effort.clone())
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("answer", &self.answer)
            .field("is_resumable", &self.is_resumable())
            .finish_non_exhaustive()
    }
}
