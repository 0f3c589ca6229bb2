//! What an answer says of how far a long-running operation has come.

use http::StatusCode;

use crate::pages::find::find;
use crate::polling::Polling;
use crate::response::Answer;

/// How far an operation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    GoesOn,
    Succeeded,
    /// It ended in this state.
    Failed(&'static str),
}

/// Where a state is that the document doesn't place, in what a header for it leads to
/// ([Azure's guidelines](https://github.com/microsoft/api-guidelines/blob/vNext/azure/ConsiderationsForServiceDesign.md#long-running-operations)).
const OF_A_MONITOR: &[&str] = &["status"];

/// Where it is in the resource itself
/// ([Azure's resource providers](https://github.com/Azure/azure-resource-manager-rpc/blob/master/v1.0/async-api-reference.md)).
const OF_A_RESOURCE: &[&str] = &["properties", "provisioningState"];

impl Progress {
    /// Judges an answer: by the [`state`] that it names, or else by its status.
    pub(super) fn of(polling: &Polling, answer: &Answer, state: Option<&str>) -> Self {
        match state {
            Some(state) => Self::of_state(polling, state),
            None if answer.status() == StatusCode::ACCEPTED => Self::GoesOn,
            None => Self::Succeeded,
        }
    }

    fn of_state(polling: &Polling, state: &str) -> Self {
        let named = |names: &'static [&'static str]| {
            let mut names = names.iter();
            names.find(|name| name.eq_ignore_ascii_case(state))
        };
        match (named(polling.succeeded), named(polling.failed)) {
            (Some(_), _) => Self::Succeeded,
            (None, Some(failed)) => Self::Failed(failed),
            (None, None) => Self::GoesOn,
        }
    }
}

/// Returns the state that an answer names. `is_monitor` says whether it comes from a place that is for the
/// state alone.
pub(super) fn state(polling: &Polling, answer: &Answer, is_monitor: bool) -> Option<String> {
    let default = if is_monitor {
        OF_A_MONITOR
    } else {
        OF_A_RESOURCE
    };
    find(answer.body(), polling.state.unwrap_or(default))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;

    fn progress(polling: &Polling, status: u16, body: &'static str, is_monitor: bool) -> Progress {
        let status = StatusCode::from_u16(status).expect("a status");
        let body = Bytes::from_static(body.as_bytes());
        let answer = Answer::new(status, HeaderMap::new(), body);
        let state = state(polling, &answer, is_monitor);
        Progress::of(polling, &answer, state.as_deref())
    }

    #[test]
    fn without_a_state_the_status_counts() {
        let polling = Polling::headers(&["location"]);
        for (status, body, expected) in [
            (202, "", Progress::GoesOn),
            (202, r#"{"status": "Succeeded"}"#, Progress::GoesOn),
            (200, r#"{"status": "Failed"}"#, Progress::Succeeded),
            (200, "not JSON", Progress::Succeeded),
            (201, "", Progress::Succeeded),
            (204, "", Progress::Succeeded),
        ] {
            assert_eq!(progress(&polling, status, body, false), expected, "{body}");
        }
    }

    #[test]
    fn a_monitor_names_its_state_and_a_resource_that_of_its_provision() {
        let polling = Polling::headers(&["operation-location"]);
        for (body, is_monitor, expected) in [
            (r#"{"status": "running"}"#, true, Progress::GoesOn),
            (r#"{"status": "SUCCEEDED"}"#, true, Progress::Succeeded),
            (
                r#"{"status": "Cancelled"}"#,
                true,
                Progress::Failed("cancelled"),
            ),
            (
                r#"{"properties": {"provisioningState": "Updating"}}"#,
                false,
                Progress::GoesOn,
            ),
            (
                r#"{"properties": {"provisioningState": "Failed"}}"#,
                false,
                Progress::Failed("failed"),
            ),
        ] {
            assert_eq!(
                progress(&polling, 200, body, is_monitor),
                expected,
                "{body}"
            );
        }
    }

    #[test]
    fn states_of_a_document_are_in_place_of_the_usual_ones() {
        let polling = Polling::headers(&["location"])
            .state(&["job", "state"])
            .succeeded(&["done"])
            .failed(&["error"]);
        for (body, expected) in [
            (r#"{"job": {"state": "DONE"}}"#, Progress::Succeeded),
            (r#"{"job": {"state": "error"}}"#, Progress::Failed("error")),
            (r#"{"job": {"state": "failed"}}"#, Progress::GoesOn),
            (r#"{"job": {"state": 7}}"#, Progress::Succeeded),
        ] {
            assert_eq!(progress(&polling, 200, body, false), expected, "{body}");
        }
        let done = r#"{"job": {"state": "done"}}"#;
        assert_eq!(progress(&polling, 202, done, false), Progress::Succeeded);
    }
}
