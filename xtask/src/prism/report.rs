//! What came of the calls, by operation.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::cases::Case;

/// What came of a call: it wasn't made or sent, was refused by Prism, was accepted but its answer not
/// decoded, or all went well.
#[derive(Debug, Deserialize)]
pub(super) struct Outcome {
    outcome: Stage,
    detail: String,
}

#[derive(Debug, Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Stage {
    /// The crate has no such operation, or not with such a body.
    Absent,
    /// The values don't fit the types.
    Unmade,
    Unsent,
    Refused,
    /// Prism took the call, and has no answer that agrees with the document.
    Unanswered,
    /// The answer wasn't decoded.
    Accepted,
    Decoded,
}

/// A line of the table: operations by what came of all of their calls.
#[derive(Debug, Default)]
pub(super) struct Row {
    document: String,
    operations: usize,
    called: usize,
    accepted: usize,
    decoded: usize,
    /// By operation, what went wrong first, and after it.
    faults: BTreeMap<String, Vec<String>>,
}

impl Row {
    pub(super) fn of(document: String, cases: &[Case], outcomes: Vec<Outcome>) -> Self {
        let mut worst: BTreeMap<String, Stage> = BTreeMap::new();
        let mut faults: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (case, outcome) in cases.iter().zip(outcomes) {
            let operation = format!("{} {}", case.method, case.path);
            let stage = worst.entry(operation.clone()).or_insert(outcome.outcome);
            *stage = (*stage).min(outcome.outcome);
            if outcome.outcome != Stage::Decoded {
                let detail: String = outcome.detail.chars().take(600).collect();
                let media_type = &case.media_type;
                let fault = format!("{:?} {media_type}: {detail}", outcome.outcome);
                faults.entry(operation).or_default().push(fault);
            }
        }
        let reached = |least: Stage| worst.values().filter(|stage| **stage >= least).count();
        Self {
            document,
            operations: worst.len(),
            called: reached(Stage::Refused),
            accepted: reached(Stage::Unanswered),
            decoded: reached(Stage::Decoded),
            faults,
        }
    }

    pub(super) fn sum(rows: &[Self]) -> Self {
        let sum = |what: fn(&Self) -> usize| rows.iter().map(what).sum();
        Self {
            document: "all".to_owned(),
            operations: sum(|row| row.operations),
            called: sum(|row| row.called),
            accepted: sum(|row| row.accepted),
            decoded: sum(|row| row.decoded),
            faults: BTreeMap::new(),
        }
    }

    /// Returns how many operations of a hundred are accepted and decoded in all of their calls.
    #[expect(clippy::cast_precision_loss, reason = "a share of a few thousand")]
    pub(super) fn share(&self) -> f64 {
        100.0 * self.decoded as f64 / self.operations.max(1) as f64
    }

    pub(super) fn print(&self) {
        println!(
            "| {} | {} | {} | {} | {} | {:.1} % |",
            self.document,
            self.operations,
            self.called,
            self.accepted,
            self.decoded,
            self.share()
        );
    }

    /// Prints what went wrong, by operation.
    pub(super) fn explain(&self, all: bool) {
        for (operation, faults) in &self.faults {
            let shown = if all { faults.len() } else { 1 };
            for fault in faults.iter().take(shown) {
                println!(
                    "{}: {operation}: {}",
                    self.document,
                    fault.replace('\n', " ")
                );
            }
        }
    }
}
