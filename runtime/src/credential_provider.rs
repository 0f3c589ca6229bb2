//! Where the client's credential comes from, so that it can change while the client runs.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use zeroize::Zeroizing;

use crate::credentials::Credential;
#[cfg(feature = "jwt")]
use crate::signing_key::SigningKey;
use crate::token_error::TokenError;

/// A credential on its way, given by [`CredentialProvider::credential`].
pub type Provide<'a> = Pin<Box<dyn Future<Output = Result<Credential, TokenError>> + Send + 'a>>;

/// Provides the credential of a client. It is asked before each token request, so that a new credential
/// needs no new client.
pub trait CredentialProvider: fmt::Debug + Send + Sync + 'static {
    /// Returns the credential for the next token request.
    fn credential(&self) -> Provide<'_>;

    /// Returns a number that changes when the credential does: failures of the old one aren't held
    /// against the new one. It is asked whenever a token is missing, so that it must not take long.
    fn version(&self) -> u64 {
        0
    }
}

/// A credential that stays what it is.
impl CredentialProvider for Credential {
    fn credential(&self) -> Provide<'_> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

/// A file that holds a credential. It is read for each token request, and a file that has
/// been replaced makes failures of the old one forgotten.
#[derive(Debug)]
pub struct CredentialFile {
    path: PathBuf,
    kind: Kind,
    seen: Mutex<(Option<Fingerprint>, u64)>,
}

#[derive(Debug)]
enum Kind {
    Secret,
    Assertion,
    #[cfg(feature = "jwt")]
    Key {
        key_id: Option<String>,
    },
}

/// What tells one state of a file from another without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fingerprint {
    size: u64,
    modified: Option<SystemTime>,
    #[cfg(unix)]
    inode: u64,
}

/// The longest file that is taken for a credential.
const LONGEST: u64 = 64 * 1024;

impl CredentialFile {
    /// Takes a file for a client secret; a line break at its end doesn't count.
    pub fn secret(path: impl Into<PathBuf>) -> Self {
        Self::of(path.into(), Kind::Secret)
    }

    /// Takes a file for an assertion, as platforms write the token of a workload identity.
    pub fn assertion(path: impl Into<PathBuf>) -> Self {
        Self::of(path.into(), Kind::Assertion)
    }

    /// Takes a file for a private key, in PEM or as a JWK, which the server knows by the name `key_id`
    /// if there is one.
    #[cfg(feature = "jwt")]
    pub fn key(path: impl Into<PathBuf>, key_id: Option<String>) -> Self {
        Self::of(path.into(), Kind::Key { key_id })
    }

    fn of(path: PathBuf, kind: Kind) -> Self {
        let seen = Mutex::new((fingerprint(&path), 0));
        Self { path, kind, seen }
    }

    /// Reads the file now; the message says what is wrong with it.
    pub(crate) fn read(&self) -> Result<Credential, String> {
        let text = read_text(&self.path)?;
        match &self.kind {
            Kind::Secret => Ok(Credential::Secret(text.as_str().into())),
            Kind::Assertion => Ok(Credential::Assertion(text.as_str().into())),
            #[cfg(feature = "jwt")]
            Kind::Key { key_id } => match SigningKey::parse(&text) {
                Ok(key) => Ok(Credential::Key(match key_id {
                    Some(key_id) => key.key_id(key_id),
                    None => key,
                })),
                Err(error) => Err(format!("`{}`: {error}", self.path.display())),
            },
        }
    }
}

impl CredentialProvider for CredentialFile {
    fn credential(&self) -> Provide<'_> {
        // The file is short and on this machine, and this is once per token request.
        let credential = self.read().map_err(|message| {
            TokenError::transient(format!("the client's credential is missing: {message}"))
        });
        Box::pin(std::future::ready(credential))
    }

    fn version(&self) -> u64 {
        let now = fingerprint(&self.path);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.0 != now {
            *seen = (now, seen.1 + 1);
        }
        seen.1
    }
}

fn fingerprint(path: &Path) -> Option<Fingerprint> {
    // Follows links, by which platforms replace mounted secrets.
    fs::metadata(path)
        .ok()
        .map(|metadata| Fingerprint::of(&metadata))
}

impl Fingerprint {
    fn of(metadata: &Metadata) -> Self {
        Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            inode: std::os::unix::fs::MetadataExt::ino(metadata),
        }
    }
}

/// Reads a file of sensitive text, without the line breaks at its end.
pub(crate) fn read_text(path: &Path) -> Result<Zeroizing<String>, String> {
    let unreadable = |error| format!("`{}` can't be read: {error}", path.display());
    let file = File::open(path).map_err(unreadable)?;
    let mut text = Zeroizing::new(String::new());
    let length = file.take(LONGEST + 1).read_to_string(&mut text);
    if length.map_err(unreadable)? as u64 > LONGEST {
        return Err(format!("`{}` is too long for a secret", path.display()));
    }
    let length = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(length);
    if text.is_empty() {
        return Err(format!("`{}` is empty", path.display()));
    }
    Ok(text)
}

/// Makes a provider of a function that is called for each token request, for instance one that asks
/// the platform for the token of a workload identity.
pub fn provide_with<F, C>(function: F) -> impl CredentialProvider
where
    F: Fn() -> C + Send + Sync + 'static,
    C: Future<Output = Result<Credential, TokenError>> + Send + 'static,
{
    ByFunction(function)
}

struct ByFunction<F>(F);

impl<F, C> CredentialProvider for ByFunction<F>
where
    F: Fn() -> C + Send + Sync + 'static,
    C: Future<Output = Result<Credential, TokenError>> + Send + 'static,
{
    fn credential(&self) -> Provide<'_> {
        Box::pin((self.0)())
    }
}

impl<F> fmt::Debug for ByFunction<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByFunction")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn provided(provider: &dyn CredentialProvider) -> Result<String, TokenError> {
        provider
            .credential()
            .await
            .map(|credential| match credential {
                Credential::Secret(text) | Credential::Assertion(text) => text.expose().to_owned(),
                other => panic!("expected a text, found {other:?}"),
            })
    }

    #[tokio::test]
    async fn a_file_is_read_again_and_its_version_changes_with_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        fs::write(&path, "s3cret \r\n").unwrap();
        let file = CredentialFile::secret(&path);
        assert_eq!(provided(&file).await.unwrap(), "s3cret ");
        let version = file.version();
        assert_eq!(file.version(), version);
        let other = directory.path().join("other");
        fs::write(&other, "s3cret2").unwrap();
        fs::rename(&other, &path).unwrap();
        assert_ne!(file.version(), version);
        assert_eq!(provided(&file).await.unwrap(), "s3cret2");
    }

    #[tokio::test]
    async fn a_file_that_is_missing_empty_or_long_is_an_error_that_may_pass() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("token");
        let file = CredentialFile::assertion(&path);
        assert!(provided(&file).await.unwrap_err().is_transient());
        fs::write(&path, "\n").unwrap();
        assert!(provided(&file).await.is_err());
        fs::write(&path, vec![b'a'; 65 * 1024]).unwrap();
        assert!(provided(&file).await.is_err());
        fs::write(&path, "a.b.c").unwrap();
        assert_eq!(provided(&file).await.unwrap(), "a.b.c");
    }
}
