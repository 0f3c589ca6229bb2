//! How it is found out that a long-running operation is done, where that isn't seen from its document.

use serde_json::Value;

use super::pagination::place;
use crate::pointer::Pointer;

/// How what an operation starts is asked for until it is done, in place of what is seen from the document.
///
/// ```
/// use accredit::{Config, Polling};
///
/// let exports = "id:exports.create".parse().expect("a selector");
/// let config = Config::new("vendor.yaml").polling(
///     exports,
///     Polling::header("Location")
///         .state("/job/state")
///         .succeeded(["done"])
///         .failed(["broken"])
///         .operation("exports.get"),
/// );
/// ```
///
/// A document says the same by an extension of the operation:
///
/// ```yaml
/// x-accredit-polling:
///   header: Location
///   state: /job/state
///   succeeded: [done]
///   failed: [broken]
///   operation: exports.get
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polling {
    pub(crate) way: Way,
    pub(crate) state: Option<Pointer>,
    pub(crate) succeeded: Vec<String>,
    pub(crate) failed: Vec<String>,
    pub(crate) result: FinalState,
    pub(crate) operation: Option<String>,
}

/// The extension of an operation that says how it is polled.
pub(crate) const EXTENSION: &str = "x-accredit-polling";

/// How the state is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    Off,
    Header(String),
    Again,
}

/// Where the result is; the words are those of `x-ms-long-running-operation-options`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum FinalState {
    #[default]
    Answer,
    Location,
    OriginalUri,
}

impl Polling {
    const fn by(way: Way) -> Self {
        Self {
            way,
            state: None,
            succeeded: Vec::new(),
            failed: Vec::new(),
            result: FinalState::Answer,
            operation: None,
        }
    }

    /// The operation isn't polled.
    #[must_use]
    pub const fn off() -> Self {
        Self::by(Way::Off)
    }

    /// A header of the answer has the URL of the state.
    #[must_use]
    pub fn header(name: &str) -> Self {
        Self::by(Way::Header(name.trim().to_ascii_lowercase()))
    }

    /// The operation's own URL is asked by `GET`.
    #[must_use]
    pub const fn again() -> Self {
        Self::by(Way::Again)
    }

    /// Sets which property names the state, by a JSON pointer into the body that is found there.
    #[must_use]
    pub fn state(mut self, at: &str) -> Self {
        self.state = Some(place(at));
        self
    }

    /// Sets the states that mean success.
    #[must_use]
    pub fn succeeded<S: Into<String>>(mut self, states: impl IntoIterator<Item = S>) -> Self {
        self.succeeded = lower(states);
        self
    }

    /// Sets the states that mean failure.
    #[must_use]
    pub fn failed<S: Into<String>>(mut self, states: impl IntoIterator<Item = S>) -> Self {
        self.failed = lower(states);
        self
    }

    /// The result is where `Location` leads, and not in the last answer.
    #[must_use]
    pub const fn result_at_location(mut self) -> Self {
        self.result = FinalState::Location;
        self
    }

    /// The result is at the operation's own URL, and not in the last answer.
    #[must_use]
    pub const fn result_at_original_uri(mut self) -> Self {
        self.result = FinalState::OriginalUri;
        self
    }

    /// Sets the operation that gives the result, by its `operationId`: it ends in what that answers with.
    #[must_use]
    pub fn operation(mut self, id: &str) -> Self {
        self.operation = Some(id.to_owned());
        self
    }

    /// Reads the extension of an operation; `None` if it isn't one.
    pub(crate) fn read(extension: &Value) -> Option<Self> {
        let members = match extension {
            Value::Bool(false) => return Some(Self::off()),
            extension => extension.as_object()?,
        };
        let states = |value: &Value| -> Option<Vec<String>> {
            let states = value.as_array()?.iter();
            states
                .map(|state| Some(state.as_str()?.to_owned()))
                .collect()
        };
        let way = match (members.get("header"), members.get("again")) {
            (Some(header), None) => Self::header(header.as_str()?),
            (None, Some(Value::Bool(true))) => Self::again(),
            _ => return None,
        };
        members.iter().try_fold(way, |polling, (name, value)| {
            Some(match name.as_str() {
                "header" | "again" => polling,
                "state" => polling.state(value.as_str()?),
                "succeeded" => polling.succeeded(states(value)?),
                "failed" => polling.failed(states(value)?),
                "result" => match value.as_str()? {
                    "location" => polling.result_at_location(),
                    "original-uri" => polling.result_at_original_uri(),
                    _ => return None,
                },
                "operation" => polling.operation(value.as_str()?),
                _ => return None,
            })
        })
    }
}

fn lower<S: Into<String>>(states: impl IntoIterator<Item = S>) -> Vec<String> {
    let states = states.into_iter();
    states.map(|state| state.into().to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_extension_says_what_the_setters_do() {
        let read = |extension: Value| Polling::read(&extension);
        assert_eq!(
            read(json!({"header": "Location", "state": "/a/b", "succeeded": ["Done"]})),
            Some(Polling::header("location").state("a/b").succeeded(["done"]))
        );
        assert_eq!(
            read(json!({"again": true, "failed": ["no"], "result": "original-uri"})),
            Some(Polling::again().failed(["no"]).result_at_original_uri())
        );
        assert_eq!(
            read(json!({"header": "x-job", "result": "location", "operation": "get"})),
            Some(
                Polling::header("X-Job")
                    .result_at_location()
                    .operation("get")
            )
        );
        assert_eq!(read(json!(false)), Some(Polling::off()));
    }

    #[test]
    fn an_extension_that_says_less_or_something_else_is_none() {
        for extension in [
            json!(true),
            json!({}),
            json!({"state": "/a"}),
            json!({"header": "Location", "again": true}),
            json!({"header": "Location", "succeeded": "done"}),
            json!({"again": true, "result": "elsewhere"}),
            json!({"again": true, "other": 1}),
        ] {
            assert_eq!(Polling::read(&extension), None, "{extension}");
        }
    }
}
