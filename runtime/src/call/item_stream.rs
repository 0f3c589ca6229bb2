//! An answer of JSON lines or of a JSON text sequence, as a stream of its values.

use std::fmt;

use futures_util::{Stream, stream};
use serde::de::DeserializeOwned;

use crate::decode::DecodeError;
use crate::decode::streams::{LONGEST_ITEM, fault, json_item};
use crate::download::Download;
use crate::error::Error;
use crate::framing::{Frames, Framing};
use crate::response::{Answer, Response};

/// The values of an answer, as they come; at most one of them is held.
pub struct ItemStream<T> {
    answer: Answer,
    download: Download,
    frames: Frames,
    decode: fn(&Answer, &[u8]) -> Result<T, DecodeError>,
}

impl<T: DeserializeOwned> ItemStream<T> {
    pub(super) fn new(response: Response<Download>, framing: Framing) -> Self {
        Self {
            answer: response.answer().clone(),
            download: response.body,
            frames: Frames::new(framing, LONGEST_ITEM),
            decode: json_item,
        }
    }
}

impl<T> ItemStream<T> {
    /// Sets how many bytes one value may have; the default is 8 MiB.
    #[must_use]
    pub const fn longest(mut self, bytes: usize) -> Self {
        self.frames.set_limit(bytes);
        self
    }

    /// Returns the head of the answer.
    #[must_use]
    pub const fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Waits for the next value; `None` is the end.
    ///
    /// # Errors
    ///
    /// A value that isn't what the document promises is an error that the next one may follow. A
    /// connection that breaks off is an error, and so is a value that is too long.
    pub async fn item(&mut self) -> Result<Option<T>, Error> {
        loop {
            let json = self.frames.next();
            let json = json.map_err(|error| self.undecodable(fault(&self.answer, error)))?;
            if let Some(json) = json {
                let value = (self.decode)(&self.answer, &json);
                return value.map(Some).map_err(|error| self.undecodable(error));
            }
            if self.frames.is_at_end() {
                return Ok(None);
            }
            let chunk = self.download.chunk().await?;
            self.frames.feed(chunk);
        }
    }

    /// Returns the rest of the values as a stream, which ends with its first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<T, Error>> + Send {
        stream::try_unfold(self, |mut items| async move {
            let item = items.item().await?;
            Ok(item.map(|item| (item, items)))
        })
    }

    fn undecodable(&self, error: DecodeError) -> Error {
        self.download.undecodable(self.answer.clone(), error)
    }
}

impl<T> fmt::Debug for ItemStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream")
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}
