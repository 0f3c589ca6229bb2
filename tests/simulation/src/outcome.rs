//! What came of a workload.

use std::time::Duration;

/// What came of a workload.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    /// How many calls were made.
    pub calls: u64,
    /// How many requests the API saw.
    pub sends: u64,
    /// How many requests the token endpoint saw.
    pub tokens: u64,
    /// How many calls had a first answer that was due to their token and not to what they asked for,
    /// and an honest answer in the end.
    pub saved: u64,
    /// How many calls were left with an answer that was due to their token.
    pub wrong: u64,
    /// What calls took beyond one request to the API, in sum.
    pub added: Duration,
    /// The most that one call took beyond one request to the API.
    pub most_added: Duration,
}

impl Outcome {
    /// Returns how many token requests there were per thousand calls.
    #[must_use]
    pub fn tokens_per_thousand(&self) -> f64 {
        ratio(self.tokens * 1000, self.calls)
    }

    /// Returns how many requests more than calls there were, per thousand calls.
    #[must_use]
    pub fn replays_per_thousand(&self) -> f64 {
        ratio((self.sends - self.calls) * 1000, self.calls)
    }

    /// Returns what a call took beyond one request to the API, on average.
    #[must_use]
    pub fn mean_added(&self) -> Duration {
        let calls = u32::try_from(self.calls).unwrap_or(u32::MAX);
        self.added / calls.max(1)
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}
