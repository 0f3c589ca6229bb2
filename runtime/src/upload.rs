//! Bodies of requests: from memory, from files and from streams, in constant memory.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt, TryStreamExt};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

#[cfg(feature = "gzip")]
use crate::compression;

/// As much is read and handed on at a time.
const CHUNK: usize = 64 * 1024;

type Chunks = BoxStream<'static, io::Result<Bytes>>;

/// Bytes to send: from memory, from a file or from a stream.
///
/// Those from memory and from a file can be sent again, when a call is replayed with a new token or
/// retried. Those from a stream can't: the first answer stands.
#[derive(Clone)]
pub struct Upload {
    pub(crate) source: Source,
    pub(crate) file_name: Option<String>,
    pub(crate) media_type: Option<String>,
}

#[derive(Clone)]
pub(crate) enum Source {
    Bytes(Bytes),
    File(PathBuf),
    Stream(OneShot, Option<u64>),
}

/// A stream that is taken by the first who sends it.
#[derive(Clone)]
pub(crate) struct OneShot(Arc<Mutex<Option<Chunks>>>);

impl Upload {
    /// Sends bytes from memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::of(Source::Bytes(bytes.into()))
    }

    /// Sends a file, which is opened when the call is made, and once more if it is made again. The
    /// last part of the path is the name of the file in a multipart body.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.map(str::to_owned);
        Self {
            file_name: name,
            ..Self::of(Source::File(path))
        }
    }

    /// Sends what a stream gives, once.
    pub fn stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let chunks = stream.map_err(io::Error::other).boxed();
        let once = OneShot(Arc::new(Mutex::new(Some(chunks))));
        Self::of(Source::Stream(once, None))
    }

    const fn of(source: Source) -> Self {
        Self {
            source,
            file_name: None,
            media_type: None,
        }
    }

    /// Sets how many bytes a stream gives, so that the request can say it.
    #[must_use]
    pub fn length(mut self, length: u64) -> Self {
        if let Source::Stream(_, known) = &mut self.source {
            *known = Some(length);
        }
        self
    }

    /// Sets the name of the file, in a multipart body.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type, in place of the document's.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }
}

impl fmt::Debug for Upload {
    /// Prints nothing of the content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source: &dyn fmt::Debug = match &self.source {
            Source::Bytes(bytes) => &format_args!("{} bytes", bytes.len()),
            Source::File(path) => &format_args!("{}", path.display()),
            Source::Stream(..) => &"a stream",
        };
        f.debug_struct("Upload")
            .field("source", source)
            .field("file_name", &self.file_name)
            .field("media_type", &self.media_type)
            .finish()
    }
}

macro_rules! from_memory {
    ($($ty:ty)*) => {
        $(impl From<$ty> for Upload {
            fn from(bytes: $ty) -> Self {
                Self::bytes(bytes)
            }
        })*
    };
}

from_memory!(Bytes Vec<u8> String &'static [u8] &'static str);

/// The body of a request; cheap to clone.
#[derive(Clone, Default)]
pub(crate) enum Body {
    #[default]
    Empty,
    Bytes(Bytes),
    /// What is sent one after the other.
    Sources(Arc<[Source]>),
    /// The same, compressed as it goes out.
    #[cfg(feature = "gzip")]
    Compressed(Arc<[Source]>),
}

impl Body {
    /// Returns a body of one source.
    pub(crate) fn of(source: Source) -> Self {
        match source {
            Source::Bytes(bytes) => bytes.into(),
            source => Self::Sources(Arc::new([source])),
        }
    }

    /// Returns a body of sources that are sent one after the other.
    pub(crate) fn of_all(mut sources: Vec<Source>) -> Self {
        match (sources.pop(), sources.is_empty()) {
            (None, _) => Self::Empty,
            (Some(only), true) => Self::of(only),
            (Some(last), false) => {
                sources.push(last);
                Self::Sources(sources.into())
            }
        }
    }

    /// Returns whether the body can be sent again.
    pub(crate) fn is_replayable(&self) -> bool {
        let is_once = |source: &Source| matches!(source, Source::Stream(..));
        match self {
            Self::Empty | Self::Bytes(_) => true,
            Self::Sources(sources) => !sources.iter().any(is_once),
            #[cfg(feature = "gzip")]
            Self::Compressed(sources) => !sources.iter().any(is_once),
        }
    }

    /// Returns the body compressed: what is in memory at once, the rest as it goes out.
    #[cfg(feature = "gzip")]
    pub(crate) fn compressed(self) -> Self {
        match self {
            Self::Bytes(bytes) => Self::Bytes(compression::gzip(&bytes).into()),
            Self::Sources(sources) => Self::Compressed(sources),
            body => body,
        }
    }

    /// Returns the body as it goes out: its chunks, counted as they are taken, and its length where
    /// that is known. `None` if there is nothing to send.
    pub(crate) async fn open(
        &self,
        taken: &Arc<AtomicU64>,
    ) -> io::Result<Option<(reqwest::Body, Option<u64>)>> {
        let sources = match self {
            Self::Empty => return Ok(None),
            Self::Bytes(bytes) if bytes.len() <= CHUNK => {
                return Ok(Some((bytes.clone().into(), None)));
            }
            Self::Bytes(bytes) => &[Source::Bytes(bytes.clone())],
            Self::Sources(sources) => &**sources,
            #[cfg(feature = "gzip")]
            Self::Compressed(sources) => &**sources,
        };
        let mut chunks = Vec::with_capacity(sources.len());
        let mut length = Some(0);
        for source in sources {
            let (part, known) = source.open().await?;
            chunks.push(part);
            length = length
                .zip(known)
                .map(|(sum, part): (u64, u64)| sum.saturating_add(part));
        }
        let taken = Arc::clone(taken);
        let chunks = stream::iter(chunks).flatten().inspect(move |_| {
            taken.fetch_add(1, Ordering::Relaxed);
        });
        #[cfg(feature = "gzip")]
        if matches!(self, Self::Compressed(_)) {
            let chunks = compression::gzip_stream(chunks.boxed());
            return Ok(Some((reqwest::Body::wrap_stream(chunks), None)));
        }
        Ok(Some((reqwest::Body::wrap_stream(chunks), length)))
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        if bytes.is_empty() {
            Self::Empty
        } else {
            Self::Bytes(bytes)
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("0 bytes"),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Sources(sources) => write!(f, "{} parts", sources.len()),
            #[cfg(feature = "gzip")]
            Self::Compressed(sources) => write!(f, "{} parts, compressed", sources.len()),
        }
    }
}

impl Source {
    async fn open(&self) -> io::Result<(Chunks, Option<u64>)> {
        match self {
            Self::Bytes(bytes) => {
                let length = u64::try_from(bytes.len()).ok();
                Ok((slices(bytes.clone()), length))
            }
            Self::File(path) => file(path).await,
            Self::Stream(once, length) => {
                let mut stream = once.0.lock().unwrap_or_else(PoisonError::into_inner);
                let spent = || io::Error::other("the stream has been sent already");
                Ok((stream.take().ok_or_else(spent)?, *length))
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(source: &Source) -> io::Result<(usize, Option<u64>)> {
        let (chunks, length) = source.open().await?;
        let chunks: Vec<Bytes> = chunks.try_collect().await?;
        Ok((chunks.iter().map(Bytes::len).sum(), length))
    }

    #[tokio::test]
    async fn memory_and_files_are_read_again_and_a_stream_is_not() {
        let memory = Upload::bytes(vec![7; 3 * CHUNK + 1]);
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.bin");
        std::fs::write(&path, vec![7; 2 * CHUNK]).unwrap();
        let file = Upload::file(&path);
        assert_eq!(file.file_name.as_deref(), Some("a.bin"));
        for _ in 0..2 {
            assert_eq!(
                read(&memory.source).await.unwrap(),
                (3 * CHUNK + 1, Some(196_609))
            );
            assert_eq!(
                read(&file.source).await.unwrap(),
                (2 * CHUNK, Some(131_072))
            );
        }
        let chunks = [Ok::<_, io::Error>(Bytes::from_static(b"ab"))];
        let once = Upload::stream(stream::iter(chunks)).length(2);
        assert!(!Body::of(once.source.clone()).is_replayable());
        assert_eq!(read(&once.source).await.unwrap(), (2, Some(2)));
        assert!(read(&once.source).await.is_err());
        assert!(read(&Upload::file("/nowhere/at/all").source).await.is_err());
    }

    #[test]
    fn debug_shows_nothing_of_the_content() {
        let upload = Upload::from("s3cret").file_name("a.txt");
        assert!(!format!("{upload:?}").contains("s3cret"));
    }
}
