//! Bodies compressed on their way out ([RFC 9110 §8.4.1.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.3)).

use std::io::{self, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{Stream, StreamExt, stream};

/// Compresses bytes.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = encoder();
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("memory takes all that is written to it")
}

/// Compresses a stream as it is taken.
pub(crate) fn gzip_stream<S>(chunks: S) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static
where
    S: Stream<Item = io::Result<Bytes>> + Send + Unpin + 'static,
{
    let state = Some((chunks, encoder()));
    stream::try_unfold(state, |state| async move {
        let Some((mut chunks, mut encoder)) = state else {
            return Ok(None);
        };
        loop {
            let Some(chunk) = chunks.next().await else {
                let rest = encoder.finish()?;
                return Ok::<_, io::Error>(Some((Bytes::from(rest), None)));
            };
            encoder.write_all(&chunk?)?;
            let made = std::mem::take(encoder.get_mut());
            if !made.is_empty() {
                return Ok(Some((Bytes::from(made), Some((chunks, encoder)))));
            }
        }
    })
}

fn encoder() -> GzEncoder<Vec<u8>> {
    GzEncoder::new(Vec::new(), Compression::default())
}
