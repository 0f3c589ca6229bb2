//! Tests of the rules by which long-running operations are seen.

use super::super::testing::{Lowered, lower_paths};
use crate::diagnostics::Code;
use crate::model::{Polling, PollingResult, ResultPlace};

const JOB: &str = "{type: object, properties: {id: {type: string}, status: {type: string, enum: \
                   [queued, In Progress, Completed, failed]}}}";

/// Returns a 202 with these headers and members.
fn accepted(headers: &[&str], more: &str) -> String {
    let headers = headers.iter();
    let headers: Vec<_> = headers
        .map(|name| format!("{name}: {{schema: {{type: string}}}}"))
        .collect();
    let headers = headers.join(", ");
    format!("'202': {{description: '', headers: {{{headers}}}{more}}}")
}

fn json(schema: &str) -> String {
    format!(", content: {{application/json: {{schema: {schema}}}}}")
}

fn of_jobs(responses: &str, others: &str) -> Lowered {
    lower_paths(&format!(
        "/jobs: {{post: {{operationId: start, responses: {{{responses}}}}}}}\n{others}"
    ))
}

fn get(path: &str, responses: &str) -> String {
    format!("{path}: {{get: {{operationId: job, responses: {{{responses}}}}}}}")
}

fn ok(schema: &str) -> String {
    format!("'200': {{description: ''{}}}", json(schema))
}

/// Returns how the operation `start` is polled, and what it ends in.
fn seen(lowered: &Lowered) -> Option<(Polling, String)> {
    let polling = lowered.api.operations[0].polling.clone()?;
    let result = match &polling.result {
        PollingResult::Json { ty, .. } => lowered.ty(ty),
        other => format!("{other:?}"),
    };
    Some((polling, result))
}

fn result(lowered: &Lowered) -> Option<String> {
    seen(lowered).map(|(_, result)| result)
}

#[test]
fn a_location_is_that_of_a_state_where_a_get_below_the_path_has_one() {
    let lowered = of_jobs(&accepted(&["Location"], ""), &get("/jobs/{id}", &ok(JOB)));
    let (polling, result) = seen(&lowered).expect("it is polled");
    assert_eq!(polling.headers, ["location"]);
    assert_eq!(polling.state, Some(vec!["status".to_owned()]));
    assert_eq!(polling.succeeded, ["completed"]);
    assert_eq!(polling.failed, ["failed"]);
    assert_eq!(polling.place, ResultPlace::Answer);
    assert_eq!(result, "job.200");
    // The `GET` is no long-running operation.
    assert_eq!(lowered.api.operations[1].polling, None);
}

#[test]
fn a_location_alone_can_as_well_be_that_of_what_was_made() {
    let order = "{type: object, properties: {status: {type: string, enum: [open, sent]}}}";
    let text = "{type: object, properties: {status: {type: string}}}";
    let header = accepted(&["Location"], "");
    for others in [
        String::new(),
        get("/jobs/{id}", &ok(order)),
        get("/jobs/{id}", &ok(text)),
        get("/jobs/{id}/parts", &ok(JOB)),
        get("/other/{id}", &ok(JOB)),
    ] {
        assert_eq!(result(&of_jobs(&header, &others)), None, "{others}");
    }
    let created = header.replace("'202'", "'201'");
    let others = get("/jobs/{id}", &ok(JOB));
    assert_eq!(result(&of_jobs(&created, &others)), None);
    assert_eq!(result(&of_jobs(&accepted(&[], ""), &others)), None);
}

#[test]
fn what_a_location_leads_to_is_named_by_a_link_or_answers_with_the_same_type() {
    let link = accepted(&["Location"], ", links: {state: {operationId: job}}");
    let elsewhere = get("/other/{id}", &ok(JOB));
    assert_eq!(
        result(&of_jobs(&link, &elsewhere)),
        Some("job.200".to_owned())
    );
    let same = accepted(&["Location"], &json(JOB));
    let found = result(&of_jobs(&same, &elsewhere)).expect("it is polled");
    assert!(
        found.ends_with(".200") || found.ends_with(".202"),
        "{found}"
    );
}

#[test]
fn a_get_that_answers_202_itself_needs_no_state() {
    let report = "{type: object, properties: {rows: {type: integer}}}";
    let meanwhile = format!("{}, '202': {{description: ''}}", ok(report));
    let lowered = of_jobs(&accepted(&["Location"], ""), &get("/jobs/{id}", &meanwhile));
    let (polling, result) = seen(&lowered).expect("it is polled");
    assert_eq!((polling.state, result.as_str()), (None, "job.200"));
    // It can be asked again itself.
    let again = lowered.api.operations[1]
        .polling
        .as_ref()
        .expect("it is polled");
    assert!(again.asks_again && again.headers.is_empty());
}

#[test]
fn another_result_at_once_or_elsewhere_leaves_the_answer_as_it_is() {
    let job = get("/jobs/{id}", &ok(JOB));
    let at_once = format!("{}, {}", accepted(&["Location"], ""), ok("{type: string}"));
    let answer = Some("Answer".to_owned());
    assert_eq!(result(&of_jobs(&at_once, &job)), answer);
    let leads_on = format!("{}, '303': {{description: ''}}", ok(JOB));
    let job = get("/jobs/{id}", &leads_on);
    assert_eq!(result(&of_jobs(&accepted(&["Location"], ""), &job)), answer);
}

#[test]
fn a_header_for_states_needs_nothing_else() {
    for name in ["Operation-Location", "Azure-AsyncOperation"] {
        let lowered = of_jobs(&accepted(&[name, "Location"], ""), "");
        let (polling, result) = seen(&lowered).expect("it is polled");
        assert_eq!(polling.headers, [name.to_lowercase()]);
        assert_eq!((polling.state, result.as_str()), (None, "Answer"));
        let (polling, result) =
            seen(&of_jobs(&accepted(&[name], &json(JOB)), "")).expect("it is polled");
        assert_eq!(polling.state, Some(vec!["status".to_owned()]));
        assert_eq!(result, "start.202");
    }
}

#[test]
fn the_extension_of_microsoft_says_where_the_result_is() {
    let marked = |method: &str, options: &str, responses: &str| {
        let lowered = lower_paths(&format!(
            "/jobs: {{{method}: {{x-ms-long-running-operation: true{options}, operationId: start, \
             responses: {{{responses}}}}}}}"
        ));
        let (polling, result) = seen(&lowered).expect("it is polled");
        (polling.place, polling.asks_again, result)
    };
    let via = |place: &str| {
        format!(", x-ms-long-running-operation-options: {{final-state-via: {place}}}")
    };
    let both = format!("{}, {}", ok(JOB), accepted(&[], ""));
    let job = || "start.200".to_owned();
    assert_eq!(
        marked("put", "", &both),
        (ResultPlace::OriginalUri, true, job())
    );
    assert_eq!(
        marked("post", "", &both),
        (ResultPlace::Location, false, job())
    );
    assert_eq!(
        marked("put", &via("azure-async-operation"), &both),
        (ResultPlace::Answer, true, job())
    );
    assert_eq!(
        marked("post", &via("original-uri"), &both),
        (ResultPlace::OriginalUri, false, job())
    );
    let nothing = "'204': {description: ''}, '202': {description: ''}";
    assert_eq!(
        marked("delete", "", nothing),
        (ResultPlace::Answer, false, "Nothing".to_owned())
    );
}

#[test]
fn what_is_declared_counts_more_than_what_is_seen() {
    let start = |extension: &str| {
        lower_paths(&format!(
            "/jobs: {{post: {{operationId: start, x-accredit-polling: {extension}, responses: \
             {{{}}}}}}}\n{}",
            accepted(&["Operation-Location"], ""),
            get("/other", &ok(JOB)),
        ))
    };
    assert_eq!(result(&start("false")), None);
    let lowered = start("{header: X-Job, state: /id, succeeded: [Fine], operation: job}");
    let (polling, result) = seen(&lowered).expect("it is polled");
    assert_eq!(polling.headers, ["x-job"]);
    assert_eq!(polling.succeeded, ["fine"]);
    assert_eq!(
        (polling.state, result.as_str()),
        (Some(vec!["id".to_owned()]), "job.200")
    );
    assert_eq!(lowered.told, []);

    let lowered = start("{header: X-Job, operation: none}");
    let place = |of: &str| (Code::InvalidPart, format!("#/paths/~1jobs/post/{of}"));
    assert_eq!(lowered.told, [place("x-accredit-polling")]);
    let lowered = start("{headers: [X-Job]}");
    assert_eq!(lowered.told, [place("x-accredit-polling")]);
}
