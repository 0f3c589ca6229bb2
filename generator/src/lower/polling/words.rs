//! The words by which the states of a long-running operation are known. A vendor's own belong into its
//! document, or into the configuration.

/// What a state says of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    GoesOn,
    Succeeded,
    Failed,
}

/// Properties that name a state.
pub(super) const STATES: &[&str] = &["status", "state", "provisioningstate"];

const GOES_ON: &[&str] = &[
    "accepted",
    "canceling",
    "cancelling",
    "created",
    "creating",
    "deleting",
    "executing",
    "finalizing",
    "finalising",
    "initializing",
    "initialising",
    "inprogress",
    "inqueue",
    "new",
    "notstarted",
    "ongoing",
    "pending",
    "preparing",
    "processing",
    "provisioning",
    "queued",
    "retrying",
    "running",
    "scheduled",
    "started",
    "starting",
    "submitted",
    "updating",
    "validating",
    "waiting",
    "working",
];

const SUCCEEDED: &[&str] = &[
    "complete",
    "completed",
    "done",
    "finished",
    "success",
    "succeeded",
    "successful",
];

const FAILED: &[&str] = &[
    "aborted",
    "canceled",
    "cancelled",
    "error",
    "errored",
    "expired",
    "failed",
    "failure",
    "faulted",
    "rejected",
    "terminated",
    "timedout",
    "timeout",
];

/// Returns what a state means; `None` where its word can mean several things.
pub(super) fn meaning(state: &str) -> Option<Meaning> {
    let state = super::super::pages::normal(state);
    let state = state.as_str();
    [
        (GOES_ON, Meaning::GoesOn),
        (SUCCEEDED, Meaning::Succeeded),
        (FAILED, Meaning::Failed),
    ]
    .into_iter()
    .find_map(|(words, meaning)| words.contains(&state).then_some(meaning))
}
