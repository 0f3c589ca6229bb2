//! A store in Redis, for the processes of a fleet.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, ErrorKind, FromRedisValue, RedisError};

use super::{Kept, StoreError, Storing, TokenStore};

/// Keeps tokens in Redis 5 or later, or in what speaks its protocol. Clones share one connection, which
/// is made when it is needed and again when it has broken.
///
/// `rediss://` needs the feature `tokio-rustls-comp` of the crate `redis`, which a dependency of one's
/// own can turn on. Tokens are sealed in any case.
#[derive(Clone)]
pub struct RedisStore {
    client: Client,
    manager: Arc<Mutex<Option<ConnectionManager>>>,
}

/// Returns the value and its time in milliseconds.
const GET: &str = "
local value = redis.call('GET', KEYS[1])
if not value then return false end
return {value, redis.call('PTTL', KEYS[1])}";

/// Takes the lock under a number that grows even if Redis has lost all it knew: its own time.
const LOCK: &str = "
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local time = redis.call('TIME')
local number = string.format('%.0f', time[1] * 1000000 + time[2])
redis.call('SET', KEYS[1], number, 'PX', ARGV[1])
return number";

/// Keeps the value if the lock is still held.
const PUT: &str = "
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('DEL', KEYS[2])
return 1";

const UNLOCK: &str = "
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1";

impl RedisStore {
    /// Makes a store of a URL such as `redis://user:password@host:6379/0`; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// The URL must be one that the crate `redis` takes.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let client = Client::open(url).map_err(|error| sayable(&error))?;
        Ok(Self {
            client,
            manager: Arc::default(),
        })
    }

    /// Asks once more over a new connection if the old one turns out to be broken.
    async fn ask<T: FromRedisValue>(&self, command: Cmd) -> Result<T, StoreError> {
        let mut answer = self.ask_once(&command).await;
        if answer.as_ref().is_err_and(is_of_the_connection) {
            answer = self.ask_once(&command).await;
        }
        answer.map_err(|error| sayable(&error))
    }

    async fn ask_once<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        let mut manager = self.manager()?;
        let mut trial = Trial {
            store: self,
            is_over: false,
        };
        let answer = command.query_async(&mut manager).await;
        trial.is_over = !answer.as_ref().is_err_and(is_of_the_connection);
        answer
    }

    fn held(&self) -> MutexGuard<'_, Option<ConnectionManager>> {
        self.manager.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn manager(&self) -> Result<ConnectionManager, RedisError> {
        let mut held = self.held();
        if let Some(manager) = &*held {
            return Ok(manager.clone());
        }
        // Who asks sets the limit of time, and has no use for an answer to a later attempt.
        let settings = ConnectionManagerConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None)
            .set_number_of_retries(0);
        let manager = ConnectionManager::new_lazy_with_config(self.client.clone(), settings)?;
        *held = Some(manager.clone());
        Ok(manager)
    }
}

/// Gives up a connection that has failed, or that gave no answer for as long as somebody waited: the
/// next one to ask makes another.
struct Trial<'a> {
    store: &'a RedisStore,
    is_over: bool,
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            *self.store.held() = None;
        }
    }
}

/// The task of a connection may also have gone with the runtime that it ran on.
fn is_of_the_connection(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error()
}

/// Keeps the server's own words out: they could repeat what was sent.
fn sayable(error: &RedisError) -> StoreError {
    StoreError::new(match error.kind() {
        ErrorKind::AuthenticationFailed => "Redis refuses the user or the password",
        ErrorKind::InvalidClientConfig => "the URL of Redis can't be used",
        ErrorKind::Io => "Redis can't be reached",
        _ => "Redis doesn't do what it is asked for",
    })
}

fn script(text: &str, keys: &[String]) -> Cmd {
    let mut command = redis::cmd("EVAL");
    command.arg(text).arg(keys.len()).arg(keys);
    command
}

/// The braces keep both keys of a name on one node of a cluster.
fn value_key(name: &str) -> String {
    format!("accredit:{{{name}}}")
}

fn lock_key(name: &str) -> String {
    format!("accredit:{{{name}}}:lock")
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis())
        .unwrap_or(u64::MAX)
        .max(1)
}

impl TokenStore for RedisStore {
    fn get<'a>(&'a self, name: &'a str) -> Storing<'a, Option<Kept>> {
        Box::pin(async move {
            let command = script(GET, &[value_key(name)]);
            let kept: Option<(Vec<u8>, i64)> = self.ask(command).await?;
            Ok(kept.map(|(value, remaining)| Kept {
                value,
                // Negative for a value that somebody has made last for ever.
                remaining: Duration::from_millis(remaining.try_into().unwrap_or_default()),
            }))
        })
    }

    fn lock<'a>(&'a self, name: &'a str, lifetime: Duration) -> Storing<'a, Option<u64>> {
        Box::pin(async move {
            let mut command = script(LOCK, &[lock_key(name)]);
            command.arg(milliseconds(lifetime));
            self.ask(command).await
        })
    }

    fn put<'a>(
        &'a self,
        name: &'a str,
        lock: u64,
        value: Vec<u8>,
        lifetime: Duration,
    ) -> Storing<'a, bool> {
        Box::pin(async move {
            let mut command = script(PUT, &[value_key(name), lock_key(name)]);
            command.arg(lock).arg(value).arg(milliseconds(lifetime));
            self.ask(command).await
        })
    }

    fn unlock<'a>(&'a self, name: &'a str, lock: u64) -> Storing<'a, ()> {
        Box::pin(async move {
            let mut command = script(UNLOCK, &[lock_key(name)]);
            command.arg(lock);
            self.ask(command).await
        })
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password.
        let address = self.client.get_connection_info().addr();
        f.debug_struct("RedisStore")
            .field("address", &address.to_string())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_password() {
        let store = RedisStore::open("redis://user:s3cret@127.0.0.1:6379/0").unwrap();
        let seen = format!("{store:?}");
        assert!(
            seen.contains("127.0.0.1:6379") && !seen.contains("s3cret"),
            "{seen}"
        );
        let error = RedisStore::open("nonsense://s3cret").unwrap_err();
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_an_error() {
        let store = RedisStore::open("redis://127.0.0.1:9").unwrap();
        let error = store.get("name").await.unwrap_err();
        assert_eq!(error.to_string(), "Redis can't be reached");
    }
}
