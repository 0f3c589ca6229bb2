//! Long-running operations: how it is found out that they are done, and what they end in.

use super::Type;

/// How what an operation starts is asked for until it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Polling {
    /// The headers that can have the URL of the state, in lower case, the preferred one first.
    pub(crate) headers: Vec<String>,
    /// Whether the operation's own URL is asked where no header has one.
    pub(crate) asks_again: bool,
    /// The names of the properties that lead to the state, where the document places it.
    pub(crate) state: Option<Vec<String>>,
    /// The states that mean success, in lower case; none where they are the usual ones.
    pub(crate) succeeded: Vec<String>,
    /// The states that mean failure, in lower case; none where they are the usual ones.
    pub(crate) failed: Vec<String>,
    pub(crate) place: ResultPlace,
    pub(crate) result: PollingResult,
}

/// Where the result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResultPlace {
    /// In the last answer.
    Answer,
    /// Where `Location` leads.
    Location,
    /// At the operation's own URL.
    OriginalUri,
}

/// What the result is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PollingResult {
    /// JSON of a type.
    Json {
        media_type: String,
        ty: Type,
    },
    Nothing,
    /// What a call of the operation gives.
    Own,
    /// The document doesn't say.
    Answer,
}

impl PollingResult {
    pub(crate) const fn ty(&self) -> Option<&Type> {
        match self {
            Self::Json { ty, .. } => Some(ty),
            Self::Nothing | Self::Own | Self::Answer => None,
        }
    }
}
