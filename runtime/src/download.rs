//! The body of an answer as it comes, in constant memory.

use std::fmt;
use std::path::Path;

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use crate::api::Operation;
use crate::decode::DecodeError;
use crate::error::Error;
use crate::response::{Answer, Effort};
use crate::transport::{Incoming, TransportError};

/// The body of an answer that is still to come; see [`Call::send_stream`](crate::Call::send_stream).
pub struct Download {
    operation: &'static Operation,
    effort: Effort,
    incoming: Incoming,
    received: u64,
    on_progress: Option<Listener>,
}

/// What is told how many bytes have come.
type Listener = Box<dyn FnMut(u64) + Send>;

impl Download {
    pub(crate) const fn new(
        operation: &'static Operation,
        effort: Effort,
        incoming: Incoming,
    ) -> Self {
        Self {
            operation,
            effort,
            incoming,
            received: 0,
            on_progress: None,
        }
    }

    /// Returns how many bytes are to come, where the server says it.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.incoming.length()
    }

    /// Returns how many bytes have come.
    #[must_use]
    pub const fn received(&self) -> u64 {
        self.received
    }

    /// Has a function told how many bytes have come, whenever there are more, however the body is read. It
    /// is called between two reads: what takes long holds up the download.
    #[must_use]
    pub fn on_progress(mut self, listener: impl FnMut(u64) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(listener));
        self
    }

    /// Waits for the next bytes; `None` is the end.
    ///
    /// # Errors
    ///
    /// A connection that breaks off is an error, and so is a server that sends nothing for as long as
    /// the read timeout.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = self.incoming.chunk().await;
        let chunk = chunk.map_err(|error| self.error(error))?;
        if let Some(chunk) = &chunk {
            let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            self.received = self.received.saturating_add(length);
            if let Some(listener) = &mut self.on_progress {
                listener(self.received);
            }
        }
        Ok(chunk)
    }

    /// Writes the rest of the body to a file, which is made or emptied, and returns its length.
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let unwritable = |error| TransportError::of_file(error, "the body can't be written");
        let file = File::create(path).await;
        let mut file = file.map_err(|error| self.error(unwritable(error)))?;
        let before = self.received;
        while let Some(chunk) = self.chunk().await? {
            let written = file.write_all(&chunk).await;
            written.map_err(|error| self.error(unwritable(error)))?;
        }
        let written = file.flush().await;
        written.map_err(|error| self.error(unwritable(error)))?;
        Ok(self.received - before)
    }

    /// Returns the rest of the body as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> + Send {
        stream::try_unfold(self, |mut download| async move {
            let chunk = download.chunk().await?;
            Ok(chunk.map(|chunk| (chunk, download)))
        })
    }

    /// Returns the call that the body is the answer of, and what it took.
    pub(crate) fn origin(&self) -> (&'static Operation, Effort) {
        (self.operation, self.effort.clone())
    }

    /// Makes the error of a body that isn't what the document promises.
    pub(crate) fn undecodable(&self, answer: Answer, error: DecodeError) -> Error {
        Error::undecodable(answer, error).during(self.operation, self.effort.clone())
    }

    fn error(&self, error: TransportError) -> Error {
        Error::unanswered(error).during(self.operation, self.effort.clone())
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("operation", &self.operation.id)
            .field("length", &self.length())
            .finish_non_exhaustive()
    }
}
