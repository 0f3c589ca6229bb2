//! What came of the calls, by operation.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::cases::Case;

/// What came of a call: it wasn't made or sent, was refused by Prism, was accepted but its answer not
/// decoded, or all went well.
#[derive(Debug, Deserialize)]
pub(super) struct Outcome {
    #[serde(rename = "outcome")]
    stage: Stage,
    detail: String,
    /// How many requests Prism got.
    requests: usize,
}

/// Whose fault it is that a call wasn't accepted or its answer not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Ours,
    Prisms,
    Documents,
}

const IGNORED_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

impl Cause {
    /// Returns the cause of an outcome. It is ours unless a rule says why it can't be.
    fn of(outcome: &Outcome, violations: &str, case: &Case) -> Self {
        let violations = &format!("{violations} {}", outcome.detail);
        match outcome.stage {
            // What Prism makes up of the schemas alone isn't what they allow.
            Stage::Unanswered => Self::Prisms,
            // Parameters of these names "SHALL be ignored" (OpenAPI 3.0 §4.7.12.1).
            Stage::Refused
                if IGNORED_HEADERS
                    .iter()
                    .any(|name| violations.contains(&format!("required property '{name}'"))) =>
            {
                Self::Prisms
            }
            // A parameter of the path that the path has no place for.
            Stage::Refused if violations.contains("Request path must have required property") => {
                Self::Documents
            }
            // What must be there is described nowhere: the types have no place for it.
            Stage::Refused if case.demands_undescribed(violations) => Self::Documents,
            // An example that is the text of JSON in place of JSON.
            Stage::Accepted if violations.contains("found string at the top") => Self::Documents,
            // RAML has patterns for names of properties; OpenAPI has none, and takes them by the letter.
            Stage::Refused if violations.contains("required property '/^") => Self::Documents,
            _ => Self::Ours,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Prisms => "Prism's",
            Self::Documents => "the document's",
        }
    }
}

/// Returns what Prism has against each request that it got, by its log.
pub(super) fn violations(log: &str) -> Vec<String> {
    let requests = log.split("Request received").skip(1);
    requests
        .map(|request| {
            let lines = request.lines();
            let told = lines.filter_map(|line| line.split_once("Violation: "));
            told.map(|(_, told)| told).collect::<Vec<_>>().join("; ")
        })
        .collect()
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
    /// Those of which a call went wrong through our fault.
    ours: usize,
    /// By operation, what went wrong first, and after it.
    faults: BTreeMap<String, Vec<String>>,
}

impl Row {
    pub(super) fn of(
        document: String,
        cases: &[Case],
        outcomes: Vec<Outcome>,
        violations: &[String],
    ) -> Self {
        let mut requests = 0;
        let mut ours = BTreeSet::new();
        let mut worst: BTreeMap<String, Stage> = BTreeMap::new();
        let mut faults: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (case, outcome) in cases.iter().zip(outcomes) {
            let operation = format!("{} {}", case.method, case.path);
            let stage = worst.entry(operation.clone()).or_insert(outcome.stage);
            *stage = (*stage).min(outcome.stage);
            requests += outcome.requests;
            let last = requests.checked_sub(1).filter(|_| outcome.requests > 0);
            let told = last.and_then(|last| violations.get(last));
            let told = told.map(String::as_str).unwrap_or_default();
            if outcome.stage != Stage::Decoded {
                let detail: String = outcome.detail.chars().take(600).collect();
                let media_type = &case.media_type;
                let cause = Cause::of(&outcome, told, case);
                if cause == Cause::Ours {
                    ours.insert(operation.clone());
                }
                let (stage, cause) = (outcome.stage, cause.as_str());
                let fault = format!("{cause}: {stage:?} {media_type}: {told} {detail}");
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
            ours: ours.len(),
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
            ours: sum(|row| row.ours),
            faults: BTreeMap::new(),
        }
    }

    /// Returns how many operations of a hundred are accepted and decoded in all of their calls.
    #[expect(clippy::cast_precision_loss, reason = "a share of a few thousand")]
    pub(super) fn share(&self) -> f64 {
        100.0 * self.decoded as f64 / self.operations.max(1) as f64
    }

    pub(super) const fn ours(&self) -> usize {
        self.ours
    }

    pub(super) fn print(&self) {
        println!(
            "| {} | {} | {} | {} | {} | {:.1} % | {} |",
            self.document,
            self.operations,
            self.called,
            self.accepted,
            self.decoded,
            self.share(),
            self.ours
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_prism_has_against_a_request_is_read_from_its_log() {
        let log = "info Prism is listening\n\
                   get /a info Request received\nsuccess passed\n\
                   post /a info Request received\nerror Violation: request.body a\n\
                   error Violation: request.query b\n";
        assert_eq!(violations(log), ["", "request.body a; request.query b"]);
    }

    #[test]
    fn a_fault_is_ours_unless_a_rule_says_why_it_is_not() {
        let case = Case {
            undescribed: vec!["name".to_owned()],
            ..Case::default()
        };
        let cause = |stage: Stage, told: &str| {
            let outcome = Outcome {
                stage,
                detail: String::new(),
                requests: 1,
            };
            Cause::of(&outcome, told, &case)
        };
        assert_eq!(cause(Stage::Accepted, ""), Cause::Ours);
        assert_eq!(cause(Stage::Refused, "request.query x"), Cause::Ours);
        assert_eq!(cause(Stage::Unanswered, ""), Cause::Prisms);
        let ignored = "request.header must have required property 'content-type'";
        assert_eq!(cause(Stage::Refused, ignored), Cause::Prisms);
        let placeless = "request.path Request path must have required property 'version'";
        assert_eq!(cause(Stage::Refused, placeless), Cause::Documents);
        let undescribed = "request.body must have required property 'name'";
        assert_eq!(cause(Stage::Refused, undescribed), Cause::Documents);
        let both = "must have required property 'name'; must have required property 'id'";
        assert_eq!(cause(Stage::Refused, both), Cause::Ours);
        let pattern = "request.body must have required property '/^[a-z]{2}$/'";
        assert_eq!(cause(Stage::Refused, pattern), Cause::Documents);
    }
}
