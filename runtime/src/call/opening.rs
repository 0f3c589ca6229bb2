//! Calls whose answers are streams of values or of events.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use serde::de::DeserializeOwned;

use super::{Call, EventStream, ItemStream, Streaming};
use crate::decode::streams::{DecodeData, json_data, text_data};
use crate::download::Download;
use crate::error::Error;
use crate::framing::Framing;
use crate::response::Response;

impl<'a, T> Call<'a, T> {
    /// Makes the call, and gives the values of an answer of JSON lines as they come.
    pub fn lines<I: DeserializeOwned>(
        self,
        media_type: &'static str,
    ) -> Opening<'a, ItemStream<I>> {
        self.items(Framing::Lines, media_type)
    }

    /// Makes the call, and gives the values of an answer that is a JSON text sequence
    /// ([RFC 7464](https://www.rfc-editor.org/rfc/rfc7464)) as they come.
    pub fn sequence<I: DeserializeOwned>(
        self,
        media_type: &'static str,
    ) -> Opening<'a, ItemStream<I>> {
        self.items(Framing::Sequence, media_type)
    }

    /// Makes the call, and gives the events of an answer as they come, their data read as JSON.
    pub fn json_events<E: DeserializeOwned + 'a>(self) -> Opening<'a, EventStream<E>> {
        self.events(json_data)
    }

    /// Makes the call, and gives the events of an answer as they come, their data being text.
    pub fn text_events(self) -> Opening<'a, EventStream<String>> {
        self.events(text_data)
    }

    fn items<I: DeserializeOwned>(
        mut self,
        framing: Framing,
        media_type: &'static str,
    ) -> Opening<'a, ItemStream<I>> {
        self.draft.accept(media_type);
        let open = move |response| Ok(ItemStream::new(response, framing));
        Opening {
            streaming: self.send_stream(),
            open: Some(Box::new(open)),
        }
    }

    fn events<E: 'a>(mut self, decode: DecodeData<E>) -> Opening<'a, EventStream<E>> {
        self.draft.accept("text/event-stream");
        let again = self.draft.copy().map(Box::new);
        let core = self.core;
        let open = move |response| EventStream::new(response, core, again, decode);
        Opening {
            streaming: self.send_stream(),
            open: Some(Box::new(open)),
        }
    }
}

type Open<'a, S> = Box<dyn FnOnce(Response<Download>) -> Result<S, Error> + Send + 'a>;

/// A call under way that gives a stream.
#[must_use = "a call is made when it is awaited"]
pub struct Opening<'a, S> {
    streaming: Streaming<'a>,
    open: Option<Open<'a, S>>,
}

impl<S> Future for Opening<'_, S> {
    type Output = Result<S, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(Pin::new(&mut self.streaming).poll(context))?;
        match self.open.take() {
            Some(open) => Poll::Ready(open(response)),
            // A future that is done isn't polled once more.
            None => Poll::Pending,
        }
    }
}

impl<S> fmt::Debug for Opening<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.streaming.fmt(f)
    }
}
