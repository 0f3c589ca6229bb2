//! The collapse test: has everything begun to fail at once?

/// The weight of one answer in the failure share.
const WEIGHT: f64 = 1.0 / 256.0;

/// The shortest run of suspect answers that means anything.
const SHORTEST_RUN: f64 = 16.0;

/// How unlikely a run must be by chance: ln of a million.
const UNLIKELY: f64 = 13.815_510_557_964_274;

/// The share of suspect answers, and the run of them that goes on.
#[derive(Debug, Default)]
pub(super) struct Collapse {
    /// A moving average of all answers.
    share: f64,
    /// The same, before the present run.
    share_before: f64,
    run: u32,
    /// Whether the present token has worked.
    worked: bool,
    /// Whether it has worked since a new one was last of no use.
    worked_since: bool,
}

impl Collapse {
    pub(super) fn succeeded(&mut self, times: u32) {
        if times > 0 {
            let kept = i32::try_from(times).unwrap_or(i32::MAX);
            self.share *= (1.0 - WEIGHT).powi(kept);
            self.run = 0;
            self.worked = true;
            self.worked_since = true;
        }
    }

    pub(super) fn suspected(&mut self) {
        if self.run == 0 {
            self.share_before = self.share;
        }
        self.run = self.run.saturating_add(1);
        self.share += (1.0 - self.share) * WEIGHT;
    }

    pub(super) fn fruitless(&mut self) {
        self.worked_since = false;
    }

    pub(super) fn renewed(&mut self) {
        self.run = 0;
        self.worked = false;
        self.worked_since = false;
    }

    pub(super) fn worked(&self) -> bool {
        self.worked
    }

    /// Returns whether the run is too long to be chance, given the share of suspect answers before.
    pub(super) fn is_certain(&self) -> bool {
        // A share of 1 makes the run infinite, a share of 0 makes it the shortest.
        let run = (UNLIKELY / -self.share_before.ln()).max(SHORTEST_RUN);
        self.worked_since && f64::from(self.run) >= run
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_after_nothing_but_success_is_certain_at_sixteen() {
        let mut collapse = Collapse::default();
        collapse.succeeded(1000);
        for _ in 0..15 {
            collapse.suspected();
        }
        assert!(!collapse.is_certain());
        collapse.suspected();
        assert!(collapse.is_certain());
    }

    #[test]
    fn the_more_failures_are_normal_the_longer_the_run() {
        let mut collapse = Collapse::default();
        for _ in 0..2000 {
            for _ in 0..9 {
                collapse.suspected();
            }
            collapse.succeeded(1);
        }
        for _ in 0..80 {
            collapse.suspected();
        }
        assert!(!collapse.is_certain());
        for _ in 0..80 {
            collapse.suspected();
        }
        assert!(collapse.is_certain());
    }

    #[test]
    fn a_token_that_never_worked_proves_nothing() {
        let mut collapse = Collapse::default();
        collapse.succeeded(1000);
        collapse.renewed();
        for _ in 0..1000 {
            collapse.suspected();
        }
        assert!(!collapse.is_certain());
    }
}
