//! What came of the calls, by operation.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::cases::Case;
use super::lacking::is_lacking;
use super::mended::IGNORED_HEADERS;

/// What came of a call: it wasn't made or sent, was refused by Prism, was accepted but its answer not
/// decoded, or all went well.
#[derive(Debug, Deserialize)]
pub(super) struct Outcome {
    #[serde(rename = "outcome")]
    stage: Stage,
    detail: String,
    /// How many requests Prism got.
    requests: usize,
    /// What came of it where the mended document judges.
    mended: Option<Box<Self>>,
}

/// What Prism says of all calls.
#[derive(Debug, Default)]
pub(super) struct Judge {
    /// By request, what it has against it.
    pub(super) violations: Vec<String>,
    /// The same by the mended document.
    pub(super) mended: Vec<String>,
    /// The document as one of OpenAPI 3.0.
    pub(super) document: Value,
    /// Whether it ended while it served the document as it stands.
    pub(super) has_ended: bool,
}

/// Whose fault it is that a call wasn't accepted or its answer not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Ours,
    Prisms,
    Documents,
}

impl Cause {
    /// Returns the cause of an outcome. It is ours unless a rule says why it can't be.
    fn of(outcome: &Outcome, violations: &str, case: &Case, judge: &Judge) -> Self {
        let violations = &format!("{violations} {}", outcome.detail);
        match outcome.stage {
            // It is no longer there.
            Stage::Unsent if judge.has_ended => Self::Prisms,
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
            // Its own word: the document lists none (Swagger 2.0 lets an operation clear the list).
            Stage::Refused if violations.contains("No supported content types") => Self::Documents,
            Stage::Accepted if case.is_silent && violations.contains("found an empty body") => {
                Self::Documents
            }
            // No style has a form for the value: what is sent isn't for a client to decide.
            Stage::Unsent if case.is_inexpressible(violations) => Self::Documents,
            Stage::Refused if case.is_renamed(violations) => Self::Prisms,
            Stage::Refused if case.is_coerced(violations) => Self::Prisms,
            Stage::Refused if case.is_unread(violations) => Self::Prisms,
            Stage::Refused if case.is_unjoined(violations) => Self::Prisms,
            // It has no way to write the values of an answer as text.
            Stage::Refused
                if violations.contains("NO_COMPLEX_OBJECT_TEXT")
                    || violations.contains("Cannot find serializer for") =>
            {
                Self::Prisms
            }
            Stage::Accepted if is_lacking(&judge.document, case, &outcome.detail) => Self::Prisms,
            // A header of a response whose name is none.
            Stage::Refused if violations.contains("Header name must be a valid HTTP token") => {
                Self::Documents
            }
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

/// Returns what Prism has against the last request of a call, and counts its requests.
fn last<'v>(violations: &'v [String], counted: &mut usize, requests: usize) -> &'v str {
    *counted += requests;
    let index = counted.checked_sub(1).filter(|_| requests > 0);
    let told = index.and_then(|index| violations.get(index));
    told.map(String::as_str).unwrap_or_default()
}

impl Outcome {
    /// Returns what went wrong, whose fault it is, and how that is known.
    fn fault(&self, cause: Cause, told: &str, case: &Case) -> String {
        let detail: String = self.detail.chars().take(600).collect();
        let (cause, stage, media_type) = (cause.as_str(), self.stage, &case.media_type);
        format!("{cause}: {stage:?} {media_type}: {told} {detail}")
    }
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
    /// Those that only the mended document has accepted and answered so.
    mended: usize,
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
        judge: &Judge,
    ) -> Self {
        let (mut requests, mut mended_requests) = (0, 0);
        let mut ours = BTreeSet::new();
        let mut mended = BTreeSet::new();
        let mut worst: BTreeMap<String, Stage> = BTreeMap::new();
        let mut faults: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (case, outcome) in cases.iter().zip(outcomes) {
            let operation = format!("{} {}", case.method, case.path);
            let told = last(&judge.violations, &mut requests, outcome.requests);
            let mut stage = outcome.stage;
            if stage != Stage::Decoded {
                let cause = Cause::of(&outcome, told, case, judge);
                let mut said = vec![outcome.fault(cause, told, case)];
                let again = outcome.mended.as_deref();
                let again = again.map(|again| {
                    let told = last(&judge.mended, &mut mended_requests, again.requests);
                    (again, told)
                });
                // Whatever is ours stays ours: the mended document is no second chance.
                let again = again.filter(|_| cause != Cause::Ours);
                let mut is_ours = cause == Cause::Ours;
                if let Some((again, told)) = again {
                    stage = again.stage;
                    if stage == Stage::Decoded {
                        mended.insert(operation.clone());
                        said.push("accepted and decoded by the mended document".to_owned());
                    } else {
                        // There the answer is one of our own values, which Prism refuses.
                        let cause = match again.stage {
                            Stage::Unanswered | Stage::Accepted => Cause::Ours,
                            _ => Cause::of(again, told, case, &Judge::default()),
                        };
                        is_ours = cause == Cause::Ours;
                        said.push(format!("mended: {}", again.fault(cause, told, case)));
                    }
                }
                if is_ours {
                    ours.insert(operation.clone());
                }
                let all = faults.entry(operation.clone()).or_default();
                let said = said.join("; ");
                // What is left comes before what the mended document has settled.
                if stage == Stage::Decoded {
                    all.push(said);
                } else {
                    all.insert(0, said);
                }
            }
            let known = worst.entry(operation).or_insert(stage);
            *known = (*known).min(stage);
        }
        let reached = |least: Stage| worst.values().filter(|stage| **stage >= least).count();
        mended.retain(|operation| worst.get(operation) == Some(&Stage::Decoded));
        Self {
            document,
            operations: worst.len(),
            called: reached(Stage::Refused),
            accepted: reached(Stage::Unanswered),
            decoded: reached(Stage::Decoded),
            mended: mended.len(),
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
            mended: sum(|row| row.mended),
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
            "| {} | {} | {} | {} | {} | {} | {:.1} % | {} |",
            self.document,
            self.operations,
            self.called,
            self.accepted,
            self.decoded,
            self.mended,
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
                mended: None,
            };
            Cause::of(&outcome, told, &case, &Judge::default())
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
        let cleared = "request No supported content types, but request included a non-empty body";
        assert_eq!(cause(Stage::Refused, cleared), Cause::Documents);
        assert_eq!(cause(Stage::Accepted, "found an empty body"), Cause::Ours);
        assert_eq!(cause(Stage::Unsent, ""), Cause::Ours);
        let pattern = "request.body must have required property '/^[a-z]{2}$/'";
        assert_eq!(cause(Stage::Refused, pattern), Cause::Documents);
        let unwritten = "Cannot find serializer for application/x-a";
        assert_eq!(cause(Stage::Refused, unwritten), Cause::Prisms);
    }

    #[test]
    fn what_is_held_against_a_call_excuses_it_only_if_the_call_shows_that_it_is_so() {
        let query = |name: &str, value: Value| {
            let values = [(name.to_owned(), value)].into_iter().collect();
            let parameters = [("query".to_owned(), values)].into_iter().collect();
            Case {
                parameters,
                ..Case::default()
            }
        };
        let body = |media_type: &str| Case {
            media_type: media_type.to_owned(),
            ..Case::default()
        };
        let cause = |stage: Stage, told: &str, case: &Case| {
            let outcome = Outcome {
                stage,
                detail: String::new(),
                requests: 1,
                mended: None,
            };
            Cause::of(&outcome, told, case, &Judge::default())
        };
        let renamed = "query: Request query must have required property 'filter%5ba%5d'";
        let sent = query("filter[A]", serde_json::json!("text"));
        assert_eq!(cause(Stage::Refused, renamed, &sent), Cause::Prisms);
        let other = query("filter", serde_json::json!("text"));
        assert_eq!(cause(Stage::Refused, renamed, &other), Cause::Ours);
        let coerced = "Request query parameter a must match exactly one schema in oneOf";
        let number = query("a", serde_json::json!(1));
        assert_eq!(cause(Stage::Refused, coerced, &number), Cause::Prisms);
        let text = query("a", serde_json::json!("1"));
        assert_eq!(cause(Stage::Refused, coerced, &text), Cause::Ours);
        let unsent = "parameter `a` holds an array or object inside another";
        let nested = query("a", serde_json::json!({"b": []}));
        assert_eq!(cause(Stage::Unsent, unsent, &nested), Cause::Documents);
        let flat = query("a", serde_json::json!({"b": 1}));
        assert_eq!(cause(Stage::Unsent, unsent, &flat), Cause::Ours);
        let unread = "request.body Request body must be object";
        let related = body("multipart/related");
        assert_eq!(cause(Stage::Refused, unread, &related), Cause::Prisms);
        for read in ["application/json", "multipart/form-data"] {
            assert_eq!(cause(Stage::Refused, unread, &body(read)), Cause::Ours);
        }
        let unjoined = "request.body.a Request body property a must be array";
        let parts = |value: Value| Case {
            body: serde_json::json!({"a": value}),
            ..body("multipart/form-data")
        };
        let list = parts(serde_json::json!(["text"]));
        assert_eq!(cause(Stage::Refused, unjoined, &list), Cause::Prisms);
        let text = parts(serde_json::json!("text"));
        assert_eq!(cause(Stage::Refused, unjoined, &text), Cause::Ours);
    }

    #[test]
    fn the_mended_document_judges_only_what_is_not_ours() {
        let outcome = |stage: &str, detail: &str, mended: &str| {
            let outcome = serde_json::json!({
                "outcome": stage, "detail": detail, "requests": 1,
                "mended": {"outcome": mended, "detail": "", "requests": 1},
            });
            serde_json::from_value::<Outcome>(outcome).expect("an outcome")
        };
        let case = |path: &str| Case {
            path: path.to_owned(),
            ..Case::default()
        };
        let cases = ["/a", "/b", "/c"].map(case);
        let outcomes = vec![
            outcome("unanswered", "", "decoded"),
            outcome("refused", "request.query x", "decoded"),
            outcome("unanswered", "", "accepted"),
        ];
        let row = Row::of("d".to_owned(), &cases, outcomes, &Judge::default());
        assert_eq!(
            (row.operations, row.decoded, row.mended, row.ours),
            (3, 1, 1, 2)
        );
    }
}
