//! How the state of a long-running operation is asked for, as constants of the generated code.

use crate::paging::Place;

/// How the state of what an operation started is asked for, and where its result is.
///
/// Unless the names of states are set, they are those of Azure's guidelines: `Succeeded`, and `Failed` or
/// `Canceled`; every other is taken for going on. Case doesn't count.
#[derive(Debug, Clone, Copy)]
pub struct Polling {
    /// The headers that can have the URL of the state, in lower case; the first that is there counts.
    pub(crate) headers: &'static [&'static str],
    /// Whether the call's own URL is asked where no header has one.
    pub(crate) asks_again: bool,
    pub(crate) state: Option<Place>,
    pub(crate) succeeded: &'static [&'static str],
    pub(crate) failed: &'static [&'static str],
    pub(crate) result: ResultPlace,
}

/// Where the result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResultPlace {
    /// In the last answer.
    Answer,
    /// Where the `Location` header led that stood beside the URL of the state.
    Location,
    /// At the call's own URL.
    OriginalUri,
}

impl Polling {
    const fn by(headers: &'static [&'static str], asks_again: bool) -> Self {
        Self {
            headers,
            asks_again,
            state: None,
            succeeded: &["succeeded"],
            failed: &["failed", "canceled", "cancelled"],
            result: ResultPlace::Answer,
        }
    }

    /// Describes an operation whose answer has the URL of its state in one of these headers, whose names
    /// are in lower case.
    #[must_use]
    pub const fn headers(names: &'static [&'static str]) -> Self {
        Self::by(names, false)
    }

    /// Describes an operation whose state is asked for at its own URL.
    #[must_use]
    pub const fn again() -> Self {
        Self::by(&[], true)
    }

    /// Asks at the operation's own URL where no header has one.
    #[must_use]
    pub const fn or_again(mut self) -> Self {
        self.asks_again = true;
        self
    }

    /// Sets which property of an answer names the state. Otherwise, what a header other than `Location`
    /// leads to has it as `status`, and what else is asked for as `properties.provisioningState`.
    #[must_use]
    pub const fn state(mut self, at: &'static [&'static str]) -> Self {
        self.state = Some(at);
        self
    }

    /// Sets the states that mean success, in lower case.
    #[must_use]
    pub const fn succeeded(mut self, states: &'static [&'static str]) -> Self {
        self.succeeded = states;
        self
    }

    /// Sets the states that mean failure, in lower case.
    #[must_use]
    pub const fn failed(mut self, states: &'static [&'static str]) -> Self {
        self.failed = states;
        self
    }

    /// Fetches the result where the `Location` header leads that stood beside the URL of the state.
    #[must_use]
    pub const fn result_at_location(mut self) -> Self {
        self.result = ResultPlace::Location;
        self
    }

    /// Fetches the result at the operation's own URL.
    #[must_use]
    pub const fn result_at_original_uri(mut self) -> Self {
        self.result = ResultPlace::OriginalUri;
        self
    }
}
