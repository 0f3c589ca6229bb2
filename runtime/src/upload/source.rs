//! Where the bytes of a body come from, and how they are read.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

/// As much is read and handed on at a time.
pub(super) const CHUNK: usize = 64 * 1024;

type Chunks = BoxStream<'static, io::Result<Bytes>>;

/// Where a part of a body comes from.
#[derive(Clone)]
pub(crate) enum Source {
    Bytes(Bytes),
    File(PathBuf),
    Stream(OneShot, Option<u64>),
    Repeatable(Factory, Option<u64>),
}

/// A stream that is taken by the first who sends it.
#[derive(Clone)]
pub(crate) struct OneShot {
    chunks: Arc<Mutex<Option<Chunks>>>,
    /// As many bytes of it are read before it is sent.
    pub(super) spool: usize,
}

/// What makes a stream each time it is sent.
pub(crate) type Factory = Arc<dyn Fn() -> Chunks + Send + Sync>;

impl Source {
    pub(super) async fn open(&self) -> io::Result<(Chunks, Option<u64>)> {
        match self {
            Self::Bytes(bytes) => {
                let length = u64::try_from(bytes.len()).ok();
                Ok((slices(bytes.clone()), length))
            }
            Self::File(path) => file(path).await,
            Self::Stream(once, length) => Ok((once.take()?, *length)),
            Self::Repeatable(make, length) => Ok((make(), *length)),
        }
    }
}

impl OneShot {
    pub(super) fn of(chunks: Chunks, spool: usize) -> Self {
        Self {
            chunks: Arc::new(Mutex::new(Some(chunks))),
            spool,
        }
    }

    fn take(&self) -> io::Result<Chunks> {
        let mut chunks = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        let spent = || io::Error::other("the stream has been sent already");
        chunks.take().ok_or_else(spent)
    }

    /// Returns what has been read if that is all, and otherwise the stream from its start.
    pub(super) async fn spooled(&self, length: Option<u64>) -> io::Result<Source> {
        let mut chunks = self.take()?;
        let mut read = BytesMut::new();
        while read.len() <= self.spool {
            match chunks.try_next().await? {
                Some(chunk) => read.extend_from_slice(&chunk),
                None => return Ok(Source::Bytes(read.freeze())),
            }
        }
        let start = stream::iter([Ok(read.freeze())]);
        let whole = start.chain(chunks).boxed();
        Ok(Source::Stream(Self::of(whole, 0), length))
    }
}

fn slices(bytes: Bytes) -> Chunks {
    let next = |mut rest: Bytes| async move {
        let length = rest.len().min(CHUNK);
        (length > 0).then(|| (Ok(rest.split_to(length)), rest))
    };
    stream::unfold(bytes, next).boxed()
}

async fn file(path: &Path) -> io::Result<(Chunks, Option<u64>)> {
    let file = File::open(path).await?;
    let metadata = file.metadata().await?;
    let length = metadata.is_file().then_some(metadata.len());
    // Not a byte more than was promised, if the file grows meanwhile.
    let reader = file.take(length.unwrap_or(u64::MAX));
    let next = |mut reader: tokio::io::Take<File>| async move {
        let mut chunk = BytesMut::with_capacity(CHUNK);
        let count = reader.read_buf(&mut chunk).await?;
        Ok((count > 0).then(|| (chunk.freeze(), reader)))
    };
    Ok((stream::try_unfold(reader, next).boxed(), length))
}
