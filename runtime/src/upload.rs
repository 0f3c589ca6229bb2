//! Bodies of requests: from memory, from files and from streams, in constant memory.

mod source;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};

use self::source::OneShot;
pub(crate) use self::source::Source;

#[cfg(feature = "gzip")]
use crate::compression;

/// Bytes to send: from memory, from a file or from a stream.
///
/// Those from memory, from a file and from a [stream that can be made again](Upload::repeatable) can be
/// sent again, when a call is replayed with a new token or retried. Those from any other stream can't,
/// unless it is short and [read before](Upload::spool): the first answer stands.
#[derive(Clone)]
pub struct Upload {
    pub(crate) source: Source,
    pub(crate) file_name: Option<String>,
    pub(crate) media_type: Option<String>,
}

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
        Self::of(Source::Stream(OneShot::of(chunks, 0), None))
    }

    /// Sends what a stream gives that is made when the call is, and once more if the call is made again.
    ///
    /// ```
    /// use accredit_runtime::Upload;
    /// use bytes::Bytes;
    /// use futures_util::stream;
    ///
    /// let lines = || stream::iter((1..=3).map(|line| Ok::<_, std::io::Error>(Bytes::from(format!("{line}\n")))));
    /// let upload = Upload::repeatable(lines).length(6);
    /// ```
    pub fn repeatable<S, E>(make: impl Fn() -> S + Send + Sync + 'static) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let factory = move || make().map_err(io::Error::other).boxed();
        Self::of(Source::Repeatable(Arc::new(factory), None))
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
        if let Source::Stream(_, known) | Source::Repeatable(_, known) = &mut self.source {
            *known = Some(length);
        }
        self
    }

    /// Reads up to so many bytes of a [stream](Upload::stream) into memory before any is sent; by default
    /// none. One that ends within them can be sent again like bytes from memory.
    #[must_use]
    pub fn spool(mut self, bytes: usize) -> Self {
        if let Source::Stream(once, _) = &mut self.source {
            once.spool = bytes;
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
        let source = match &self.source {
            Source::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Source::File(path) => path.display().to_string(),
            Source::Stream(..) | Source::Repeatable(..) => "a stream".to_owned(),
        };
        f.debug_struct("Upload")
            .field("source", &format_args!("{source}"))
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

    /// Returns whether something of it is to be read before it is sent.
    pub(crate) fn is_to_be_spooled(&self) -> bool {
        let is_read = |source: &Source| matches!(source, Source::Stream(once, _) if once.spool > 0);
        match self {
            Self::Empty | Self::Bytes(_) => false,
            Self::Sources(sources) => sources.iter().any(is_read),
            #[cfg(feature = "gzip")]
            Self::Compressed(sources) => sources.iter().any(is_read),
        }
    }

    /// Reads the streams of which so much is to be read before they are sent.
    pub(crate) async fn spool(&mut self) -> io::Result<()> {
        match self {
            Self::Empty | Self::Bytes(_) => {}
            Self::Sources(sources) => *sources = spooled(sources).await?,
            #[cfg(feature = "gzip")]
            Self::Compressed(sources) => *sources = spooled(sources).await?,
        }
        Ok(())
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

    /// Returns whether there is nothing to wait for before the body goes out, and nothing to be counted.
    pub(crate) fn is_short(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Bytes(bytes) => bytes.len() <= source::CHUNK,
            Self::Sources(_) => false,
            #[cfg(feature = "gzip")]
            Self::Compressed(_) => false,
        }
    }

    /// Returns a short body as it goes out; `None` if there is nothing to send.
    pub(crate) fn open_short(&self) -> Option<Opened> {
        let Self::Bytes(bytes) = self else {
            return None;
        };
        Some(Opened {
            body: bytes.clone().into(),
            length: None,
            taken: None,
        })
    }

    /// Returns the body as it goes out; `None` if there is nothing to send.
    pub(crate) async fn open(&self) -> io::Result<Option<Opened>> {
        let sources = match self {
            Self::Empty => return Ok(None),
            Self::Bytes(_) if self.is_short() => return Ok(self.open_short()),
            Self::Bytes(bytes) => &[Source::Bytes(bytes.clone())],
            Self::Sources(sources) => &**sources,
            #[cfg(feature = "gzip")]
            Self::Compressed(sources) => &**sources,
        };
        // Boxed, so that calls whose bodies are short carry no room for it.
        Box::pin(self.open_sources(sources)).await.map(Some)
    }

    async fn open_sources(&self, sources: &[Source]) -> io::Result<Opened> {
        let mut chunks = Vec::with_capacity(sources.len());
        let mut length = Some(0);
        for source in sources {
            let (part, known) = source.open().await?;
            chunks.push(part);
            length = length
                .zip(known)
                .map(|(sum, part): (u64, u64)| sum.saturating_add(part));
        }
        let taken = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&taken);
        let chunks = stream::iter(chunks).flatten().inspect(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        });
        #[cfg(feature = "gzip")]
        if matches!(self, Self::Compressed(_)) {
            let chunks = compression::gzip_stream(chunks.boxed());
            return Ok(Opened {
                body: reqwest::Body::wrap_stream(chunks),
                length: None,
                taken: Some(taken),
            });
        }
        Ok(Opened {
            body: reqwest::Body::wrap_stream(chunks),
            length,
            taken: Some(taken),
        })
    }
}

async fn spooled(sources: &[Source]) -> io::Result<Arc<[Source]>> {
    let mut spooled = Vec::with_capacity(sources.len());
    for source in sources {
        spooled.push(match source {
            Source::Stream(once, length) => once.spooled(*length).await?,
            source => source.clone(),
        });
    }
    Ok(spooled.into())
}

/// A body on its way.
pub(crate) struct Opened {
    pub(crate) body: reqwest::Body,
    /// Its length, where that is to be said and known.
    pub(crate) length: Option<u64>,
    /// Counts the chunks that are taken of it; nothing where it is gone at once.
    pub(crate) taken: Option<Arc<AtomicU64>>,
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

#[cfg(test)]
mod tests {
    use super::source::CHUNK;
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

    #[tokio::test]
    async fn a_stream_that_is_made_anew_is_read_again() {
        let chunks = || stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"ab"))]);
        let upload = Upload::repeatable(chunks).length(2);
        assert!(Body::of(upload.source.clone()).is_replayable());
        for _ in 0..2 {
            assert_eq!(read(&upload.source).await.unwrap(), (2, Some(2)));
        }
    }

    #[tokio::test]
    async fn a_stream_that_ends_within_its_spool_can_be_sent_again() {
        for (spool, is_replayable) in [(0, false), (3, false), (4, true)] {
            let chunks = ["ab", "cd"].map(|text| Ok::<_, io::Error>(Bytes::from(text)));
            let upload = Upload::stream(stream::iter(chunks)).spool(spool);
            let mut body = Body::of(upload.source);
            body.spool().await.unwrap();
            assert_eq!(body.is_replayable(), is_replayable, "{spool}");
            let Body::Sources(sources) = body else {
                panic!("no sources");
            };
            let (chunks, _) = sources[0].open().await.unwrap();
            let chunks: Vec<Bytes> = chunks.try_collect().await.unwrap();
            assert_eq!(chunks.concat(), b"abcd", "{spool}");
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_content() {
        let upload = Upload::from("s3cret").file_name("a.txt");
        assert!(!format!("{upload:?}").contains("s3cret"));
    }
}
