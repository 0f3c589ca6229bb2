//! Values that a request carries one after the other.

use std::borrow::Borrow;
use std::fmt;
use std::io;
use std::marker::PhantomData;

use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};
use serde::Serialize;

use crate::framing::Framing;
use crate::request_error::RequestError;
use crate::upload::Upload;

/// The values of a body of JSON lines or of a JSON text sequence.
///
/// Those from memory can be sent again, when a call is replayed with a new token or retried. Those
/// from a stream can't, and are encoded as they are sent.
///
/// ```
/// use accredit_runtime::JsonItems;
///
/// let items: JsonItems<i64> = JsonItems::new([1, 2, 3]);
/// ```
pub struct JsonItems<T> {
    source: Source,
    item: PhantomData<fn(T)>,
}

type Encoded = serde_json::Result<Vec<u8>>;

enum Source {
    Memory(serde_json::Result<Vec<Vec<u8>>>),
    Stream(BoxStream<'static, Encoded>),
}

impl<T: Serialize> JsonItems<T> {
    /// Sends values from memory.
    pub fn new<I>(items: I) -> Self
    where
        I: IntoIterator,
        I::Item: Borrow<T>,
    {
        let encoded = items
            .into_iter()
            .map(|item| serde_json::to_vec(item.borrow()));
        Self::of(Source::Memory(encoded.collect()))
    }

    /// Sends what a stream gives, once.
    pub fn stream<S>(items: S) -> Self
    where
        S: Stream<Item = T> + Send + 'static,
    {
        let encoded = items.map(|item| serde_json::to_vec(&item));
        Self::of(Source::Stream(encoded.boxed()))
    }

    const fn of(source: Source) -> Self {
        Self {
            source,
            item: PhantomData,
        }
    }
}

impl<T> JsonItems<T> {
    pub(crate) fn framed(self, framing: Framing) -> Result<Upload, RequestError> {
        match self.source {
            Source::Memory(items) => {
                let items = items.map_err(|error| RequestError::Encode(error.into()))?;
                let framed = items.iter().flat_map(|json| framing.frame(json));
                Ok(Upload::bytes(framed.collect::<Vec<_>>()))
            }
            Source::Stream(items) => {
                let framed = items.map(move |json| match json {
                    Ok(json) => Ok(framing.frame(&json).into()),
                    Err(error) => Err(io::Error::other(error)),
                });
                Ok(Upload::stream(framed))
            }
        }
    }
}

impl<T: Serialize> From<Vec<T>> for JsonItems<T> {
    fn from(items: Vec<T>) -> Self {
        Self::new(items)
    }
}

impl<T: Serialize> From<&[T]> for JsonItems<T> {
    fn from(items: &[T]) -> Self {
        Self::new(items)
    }
}

impl<T: Serialize, const N: usize> From<[T; N]> for JsonItems<T> {
    fn from(items: [T; N]) -> Self {
        Self::new(items)
    }
}

impl<T> fmt::Debug for JsonItems<T> {
    /// Prints nothing of the values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonItems").finish_non_exhaustive()
    }
}
