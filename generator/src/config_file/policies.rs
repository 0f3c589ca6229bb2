//! How calls behave where their caller says nothing else.

use toml::Spanned;
use toml::de::DeValue;

use super::key::keys;
use super::mistake::Reader;
use super::number::{Failure, Seconds, Times};
use super::value::{Shape, Value, choice};
use crate::config::{self, Scopes, Selector, SuspicionProfile, UnsafeReplay};

keys! {
    /// How calls behave where their caller says nothing else.
    Policies {
        /// How long a call may take with all that belongs to it: token, replay and retries. There is no
        /// limit otherwise.
        "timeout" => timeout: Seconds = "30",

        /// How long a connection may take to be made; 10 seconds otherwise.
        "connect-timeout" => connect_timeout: Seconds = "2.5",

        /// How long a server may send nothing; 60 seconds otherwise.
        "read-timeout" => read_timeout: Seconds = "20",

        /// How many times a request is sent at most where faults are transient, the first time included:
        /// 1 is none again. 3 otherwise.
        "attempts" => attempts: Times = "5",

        /// Which scopes are asked for where the connection has none set: those of the operation, by a
        /// token for each set; those of all that were called so far, by one token; or none.
        "scopes" => scopes: Scopes = r#""union""#,

        /// Which answers count as signs of a dead token, and what is done about them.
        "suspicion" => suspicion: Suspicion = r#"{ profile = "rfc6750" }"#,

        /// Suspicion of some operations. Where several match one, the last counts.
        "operations" => operations: Vec<Excepted> =
            r#"[{ select = ["id:orders.search"], suspicion = { profile = "rfc6750" } }]"#,
    }
}

keys! {
    /// Which answers count as signs of a dead token, and what is done about them.
    Suspicion {
        /// What may be spent: any suspect answer is acted on within budgets; whatever it costs; what RFC
        /// 6750 speaks of only, which is 401 and `error="invalid_token"`; nothing.
        "profile" => profile: SuspicionProfile = r#""rfc6750""#,

        /// Which statuses are suspect; 401, 403 and 404 otherwise.
        "statuses" => statuses: Vec<Failure> = "[400, 401]",

        /// Whether calls are replayed that aren't idempotent; `always` otherwise.
        "unsafe-replay" => unsafe_replay: UnsafeReplay = r#""only-401""#,
    }
}

keys! {
    /// Suspicion of some operations.
    Exception {
        /// The operations.
        "select" => select: Vec<Selector> = r#"["id:orders.search"]"#,

        /// What holds for them.
        "suspicion" => suspicion: Suspicion = r#"{ profile = "off" }"#,
    }
}

/// Implements values that are one of several words.
macro_rules! words {
    ($($ty:ty),+) => {
        $(impl Value for $ty {
            fn shape() -> Shape {
                Shape::Choice(Self::WORDS.map(|(word, _)| word).to_vec())
            }

            fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
                choice(value, reader, Self::WORDS)
            }
        })+
    };
}

words!(Scopes, SuspicionProfile, UnsafeReplay);

impl Policies {
    /// Returns what they say.
    pub(super) fn into_config(self) -> config::Policies {
        config::Policies {
            timeout: self.timeout.map(|it| it.0),
            connect_timeout: self.connect_timeout.map(|it| it.0),
            read_timeout: self.read_timeout.map(|it| it.0),
            attempts: self.attempts.map(|it| it.0),
            scopes: self.scopes,
            suspicion: self.suspicion.map(Suspicion::into_config),
            exceptions: self
                .operations
                .into_iter()
                .flatten()
                .flat_map(Excepted::into_config)
                .collect(),
        }
    }
}

impl Suspicion {
    fn into_config(self) -> config::Suspicion {
        config::Suspicion {
            profile: self.profile.unwrap_or_default(),
            statuses: self
                .statuses
                .map(|list| list.into_iter().map(|it| it.0).collect()),
            unsafe_replay: self.unsafe_replay,
        }
    }
}

/// What holds for some operations.
#[derive(Debug, Clone)]
pub(crate) struct Excepted {
    select: Vec<Selector>,
    suspicion: Suspicion,
}

impl Value for Excepted {
    fn shape() -> Shape {
        Exception::shape()
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let Exception { select, suspicion } = Value::read(value, reader)?;
        let select = reader.required(value, "select", select);
        let suspicion = reader.required(value, "suspicion", suspicion);
        Some(Self {
            select: select?,
            suspicion: suspicion?,
        })
    }
}

impl Excepted {
    fn into_config(self) -> impl Iterator<Item = (Selector, config::Suspicion)> {
        let suspicion = self.suspicion.into_config();
        let select = self.select.into_iter();
        select.map(move |selector| (selector, suspicion.clone()))
    }
}
