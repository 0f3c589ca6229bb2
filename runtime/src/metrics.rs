//! What is counted and timed, by the crate `metrics`, for whichever recorder is installed.
//!
//! | name | kind | labels |
//! |--|--|--|
//! | `accredit.token.requests` | counter | `reason`, `outcome`, `error.type` |
//! | `accredit.token.request.duration` | histogram, seconds | `outcome` |
//! | `accredit.token.expires_in` | histogram, seconds | |
//! | `accredit.token.age` | histogram, seconds: of tokens when they are replaced | `reason` |
//! | `accredit.token.flight.waiters` | histogram: callers that a token request serves | `outcome` |
//! | `accredit.token.suspicions` | counter | `http.response.status_code`, `evidence` |
//! | `accredit.token.reauth` | counter | `http.response.status_code` of the first answer, `outcome`, `skip_reason` |
//! | `accredit.token.step_ups` | counter | `http.response.status_code`, `outcome`, `skip_reason` |
//! | `accredit.call.retries` | counter | `http.response.status_code`, `outcome` |

use std::time::Duration;

use http::StatusCode;
use metrics::{counter, histogram};

use crate::event::{Event, FetchReason};
use crate::suspicion::{Evidence, SkipReason};

const STATUS: &str = "http.response.status_code";

/// Counts an event.
pub(crate) fn count(event: &Event<'_>) {
    match event {
        Event::TokenFetched {
            lifetime,
            previous_age,
            reason,
            waiters,
            took,
            ..
        } => {
            let reason = self::reason(*reason);
            counter!("accredit.token.requests", "reason" => reason, "outcome" => "success")
                .increment(1);
            landed("success", *waiters, *took);
            if let Some(lifetime) = lifetime {
                histogram!("accredit.token.expires_in").record(*lifetime);
            }
            if let Some(age) = previous_age {
                histogram!("accredit.token.age", "reason" => reason).record(*age);
            }
        }
        Event::TokenFailed {
            error,
            reason,
            waiters,
            took,
        } => {
            let kind = match error.status() {
                Some(status) => status.as_str().to_owned(),
                None if error.is_timeout() => "timeout".to_owned(),
                None => "unanswered".to_owned(),
            };
            let reason = self::reason(*reason);
            counter!(
                "accredit.token.requests",
                "reason" => reason, "outcome" => "error", "error.type" => kind
            )
            .increment(1);
            landed("error", *waiters, *took);
        }
        Event::Suspected {
            status, evidence, ..
        } => {
            let evidence = match evidence {
                Evidence::Strong => "strong",
                Evidence::Weak => "weak",
                Evidence::InsufficientScope => "insufficient_scope",
            };
            counter!("accredit.token.suspicions", STATUS => text(*status), "evidence" => evidence)
                .increment(1);
        }
        Event::Replayed { suspected, .. } => reauth(*suspected, "replayed"),
        Event::ReplaySkipped { status, reason, .. } => {
            counter!(
                "accredit.token.reauth",
                STATUS => text(*status), "outcome" => "skipped", "skip_reason" => skipped(*reason)
            )
            .increment(1);
        }
        Event::ReplayFailed { status, error, .. } => {
            let outcome = error.map_or("same_token", |_| "no_token");
            reauth(*status, outcome);
        }
        Event::StepUp { status, .. } => {
            counter!("accredit.token.step_ups", STATUS => text(*status), "outcome" => "asked")
                .increment(1);
        }
        Event::StepUpSkipped { status, reason, .. } => {
            counter!(
                "accredit.token.step_ups",
                STATUS => text(*status), "outcome" => "skipped", "skip_reason" => skipped(*reason)
            )
            .increment(1);
        }
        Event::Retrying { status, .. } => retry(*status, "retried"),
        Event::RetryDenied { status, .. } => retry(*status, "denied"),
    }
}

fn landed(outcome: &'static str, waiters: usize, took: Duration) {
    histogram!("accredit.token.request.duration", "outcome" => outcome).record(took);
    // More callers than a `u32` counts don't wait for anything.
    let waiters = u32::try_from(waiters).unwrap_or(u32::MAX);
    histogram!("accredit.token.flight.waiters", "outcome" => outcome).record(waiters);
}

const fn reason(reason: FetchReason) -> &'static str {
    match reason {
        FetchReason::First => "first",
        FetchReason::Expired => "expired",
        FetchReason::Renewal => "renewal",
        FetchReason::Suspected => "suspected",
        FetchReason::Rejected => "rejected",
        FetchReason::StepUp => "step_up",
    }
}

fn reauth(status: StatusCode, outcome: &'static str) {
    counter!("accredit.token.reauth", STATUS => text(status), "outcome" => outcome).increment(1);
}

fn retry(status: Option<StatusCode>, outcome: &'static str) {
    let status = status.map_or_else(|| "none".to_owned(), text);
    counter!("accredit.call.retries", STATUS => status, "outcome" => outcome).increment(1);
}

fn skipped(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Policy => "policy",
        SkipReason::BudgetSpent => "budget_spent",
        SkipReason::Fruitless => "fruitless",
        SkipReason::YoungToken => "young_token",
        SkipReason::OneShotBody => "one_shot_body",
        SkipReason::UnsafeMethod => "unsafe_method",
        SkipReason::NotGranted => "not_granted",
    }
}

fn text(status: StatusCode) -> String {
    status.as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use metrics::{
        Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
        SharedString, Unit, with_local_recorder,
    };

    use super::*;
    use crate::token_error::TokenError;

    /// Writes down what is counted.
    #[derive(Clone, Default)]
    struct Book(Arc<Mutex<Vec<String>>>);

    struct Line(Book, Key);

    impl Line {
        fn write(&self, value: &dyn std::fmt::Display) {
            let labels = self.1.labels();
            let labels: Vec<_> = labels
                .map(|it| format!("{}={}", it.key(), it.value()))
                .collect();
            let line = format!("{} {} {value}", self.1.name(), labels.join(" "));
            self.0.0.lock().unwrap().push(line);
        }
    }

    impl CounterFn for Line {
        fn increment(&self, value: u64) {
            self.write(&value);
        }

        fn absolute(&self, _: u64) {}
    }

    impl HistogramFn for Line {
        fn record(&self, value: f64) {
            self.write(&value);
        }
    }

    impl Recorder for Book {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

        fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
            Counter::from_arc(Arc::new(Line(self.clone(), key.clone())))
        }

        fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
            Gauge::noop()
        }

        fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
            Histogram::from_arc(Arc::new(Line(self.clone(), key.clone())))
        }
    }

    fn counted(event: &Event<'_>) -> Vec<String> {
        let book = Book::default();
        with_local_recorder(&book, || count(event));
        let lines = book.0.lock().unwrap();
        lines.clone()
    }

    #[test]
    fn token_requests_are_counted_and_timed() {
        let took = Duration::from_millis(250);
        let fetched = Event::TokenFetched {
            generation: 1,
            lifetime: Some(Duration::from_secs(60)),
            previous_age: Some(Duration::from_secs(54)),
            reason: FetchReason::Expired,
            waiters: 3,
            took,
        };
        let expected = [
            "accredit.token.requests reason=expired outcome=success 1",
            "accredit.token.request.duration outcome=success 0.25",
            "accredit.token.flight.waiters outcome=success 3",
            "accredit.token.expires_in  60",
            "accredit.token.age reason=expired 54",
        ];
        assert_eq!(counted(&fetched), expected);
        let error = TokenError::refused("invalid_client", None);
        let error = &error.answered(StatusCode::UNAUTHORIZED, None);
        let expected = [
            "accredit.token.requests reason=first outcome=error error.type=401 1",
            "accredit.token.request.duration outcome=error 0.25",
            "accredit.token.flight.waiters outcome=error 1",
        ];
        let failed = Event::TokenFailed {
            error,
            reason: FetchReason::First,
            waiters: 1,
            took,
        };
        assert_eq!(counted(&failed), expected);
    }

    #[test]
    fn steps_are_counted_by_what_came_of_them() {
        let (operation, status) = ("orders.get", StatusCode::FORBIDDEN);
        let reason = SkipReason::Fruitless;
        let skipped = Event::StepUpSkipped {
            operation,
            status,
            reason,
        };
        for (event, outcome) in [
            (Event::StepUp { operation, status }, "outcome=asked"),
            (skipped, "outcome=skipped skip_reason=fruitless"),
        ] {
            let expected =
                format!("accredit.token.step_ups http.response.status_code=403 {outcome} 1");
            assert_eq!(counted(&event), [expected]);
        }
    }

    #[test]
    fn replays_are_counted_by_what_came_of_them() {
        let (operation, status) = ("orders.get", StatusCode::NOT_FOUND);
        let replayed = Event::Replayed {
            operation,
            suspected: status,
            status: StatusCode::OK,
        };
        let reason = SkipReason::BudgetSpent;
        let denied = Event::ReplaySkipped {
            operation,
            status,
            reason,
        };
        for (event, outcome) in [
            (replayed, "outcome=replayed"),
            (denied, "outcome=skipped skip_reason=budget_spent"),
        ] {
            let expected =
                format!("accredit.token.reauth http.response.status_code=404 {outcome} 1");
            assert_eq!(counted(&event), [expected]);
        }
    }
}
