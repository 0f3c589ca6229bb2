//! How the calls of a client behave where its caller says nothing else.

use std::time::Duration;

use super::Selector;

/// How the calls of a generated client behave: what its `Client::options` begin with. What isn't set
/// is as the runtime has it.
///
/// ```
/// use std::time::Duration;
///
/// use accredit::{Config, Policies, Suspicion, SuspicionProfile};
///
/// let search = "id:orders.search".parse().expect("a selector");
/// let config = Config::new("vendor.yaml").policies(
///     Policies::new()
///         .timeout(Duration::from_secs(30))
///         .operation_suspicion(search, Suspicion::new(SuspicionProfile::Rfc6750)),
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policies {
    pub(crate) timeout: Option<Duration>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) read_timeout: Option<Duration>,
    pub(crate) attempts: Option<u32>,
    pub(crate) scopes: Option<Scopes>,
    pub(crate) suspicion: Option<Suspicion>,
    pub(crate) exceptions: Vec<(Selector, Suspicion)>,
}

/// Which scopes are asked for where the connection has none set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scopes {
    /// Those of the operation that is called, each set of scopes by a token of its own.
    PerOperation,
    /// Those of all operations that have been called so far, by one token.
    Union,
    /// None: the server decides.
    ServerDefault,
}

/// Which answers count as signs of a dead token, and what is done about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    pub(crate) profile: SuspicionProfile,
    pub(crate) statuses: Option<Vec<u16>>,
    pub(crate) unsafe_replay: Option<UnsafeReplay>,
}

/// What may be spent on suspicion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SuspicionProfile {
    /// Any suspect answer is acted on, within budgets.
    #[default]
    Appian,
    /// Any suspect answer is acted on, whatever it costs.
    AppianUnbounded,
    /// Only what RFC 6750 §3.1 speaks of is acted on.
    Rfc6750,
    /// Nothing is acted on.
    Off,
}

/// Whether calls are replayed that aren't idempotent (RFC 9110 §9.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnsafeReplay {
    /// Like any other call.
    Always,
    /// After a 401 only.
    Only401,
    /// Never.
    Never,
}

impl Scopes {
    /// Its words in the configuration file.
    #[cfg(feature = "config-file")]
    pub(crate) const WORDS: [(&'static str, Self); 3] = [
        ("per-operation", Self::PerOperation),
        ("union", Self::Union),
        ("server-default", Self::ServerDefault),
    ];
}

impl SuspicionProfile {
    /// Its words in the configuration file.
    #[cfg(feature = "config-file")]
    pub(crate) const WORDS: [(&'static str, Self); 4] = [
        ("appian", Self::Appian),
        ("appian-unbounded", Self::AppianUnbounded),
        ("rfc6750", Self::Rfc6750),
        ("off", Self::Off),
    ];
}

impl UnsafeReplay {
    /// Its words in the configuration file.
    #[cfg(feature = "config-file")]
    pub(crate) const WORDS: [(&'static str, Self); 3] = [
        ("always", Self::Always),
        ("only-401", Self::Only401),
        ("never", Self::Never),
    ];
}

impl Policies {
    /// Makes policies that leave all as the runtime has it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long a call may take with all that belongs to it: token, replay and retries.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how long a connection may take to be made.
    #[must_use]
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Sets how long a server may send nothing.
    #[must_use]
    pub const fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = Some(timeout);
        self
    }

    /// Sets how many times a request is sent at most where faults are transient, the first time
    /// included: 1 is none again.
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts);
        self
    }

    /// Sets which scopes are asked for.
    #[must_use]
    pub const fn scopes(mut self, scopes: Scopes) -> Self {
        self.scopes = Some(scopes);
        self
    }

    /// Sets how suspect answers are acted on.
    #[must_use]
    pub fn suspicion(mut self, suspicion: Suspicion) -> Self {
        self.suspicion = Some(suspicion);
        self
    }

    /// Sets how suspect answers of the operations that a selector matches are acted on. What is said
    /// last counts.
    #[must_use]
    pub fn operation_suspicion(mut self, operations: Selector, suspicion: Suspicion) -> Self {
        self.exceptions.push((operations, suspicion));
        self
    }
}

impl Suspicion {
    /// Acts on 401, 403 and 404 as a profile says.
    #[must_use]
    pub const fn new(profile: SuspicionProfile) -> Self {
        Self {
            profile,
            statuses: None,
            unsafe_replay: None,
        }
    }

    /// Sets which statuses are suspect.
    #[must_use]
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        self.statuses = Some(statuses.into_iter().collect());
        self
    }

    /// Sets whether calls are replayed that aren't idempotent.
    #[must_use]
    pub const fn unsafe_replay(mut self, replay: UnsafeReplay) -> Self {
        self.unsafe_replay = Some(replay);
        self
    }
}
