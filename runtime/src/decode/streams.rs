//! Streams of values and of events: each by itself, and all of an answer that is read whole.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;
use serde::de::DeserializeOwned;

use super::{DecodeError, json};
use crate::event_parser::{EventParser, RawEvent};
use crate::framing::{Frames, Framing};
use crate::response::Answer;

/// As much as one value or one event of a stream may have, unless the caller says otherwise.
pub(crate) const LONGEST_ITEM: usize = 8 * 1024 * 1024;

/// How the data of an event becomes a value.
pub(crate) type DecodeData<T> = fn(&Answer, &str) -> Result<T, DecodeError>;

/// An event of an event stream
/// ([HTML §9.2](https://html.spec.whatwg.org/multipage/server-sent-events.html)).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerSentEvent<T> {
    /// The id of this event, or of the last that had one: a stream is resumed after it.
    pub id: Option<String>,
    /// The name of the event; empty where it has none.
    pub name: String,
    /// The data.
    pub data: T,
}

impl<T> ServerSentEvent<T> {
    pub(crate) fn of(
        answer: &Answer,
        event: RawEvent,
        id: &str,
        decode: DecodeData<T>,
    ) -> Result<Self, DecodeError> {
        Ok(Self {
            id: (!id.is_empty()).then(|| id.to_owned()),
            data: decode(answer, &event.data)?,
            name: event.name,
        })
    }
}

/// Decodes an answer of JSON lines.
pub fn lines<T: DeserializeOwned>(answer: &Answer) -> Result<Vec<T>, DecodeError> {
    items(answer, Framing::Lines)
}

/// Decodes an answer that is a JSON text sequence
/// ([RFC 7464](https://www.rfc-editor.org/rfc/rfc7464)).
pub fn sequence<T: DeserializeOwned>(answer: &Answer) -> Result<Vec<T>, DecodeError> {
    items(answer, Framing::Sequence)
}

/// Decodes an event stream whose events have JSON as their data.
pub fn json_events<T: DeserializeOwned>(
    answer: &Answer,
) -> Result<Vec<ServerSentEvent<T>>, DecodeError> {
    events(answer, json_data)
}

/// Decodes an event stream whose events have text as their data.
pub fn text_events(answer: &Answer) -> Result<Vec<ServerSentEvent<String>>, DecodeError> {
    events(answer, text_data)
}

fn items<T: DeserializeOwned>(answer: &Answer, framing: Framing) -> Result<Vec<T>, DecodeError> {
    let mut frames = Frames::new(framing, usize::MAX);
    let mut items = Vec::new();
    for chunk in [Some(answer.body().clone()), None] {
        frames.feed(chunk);
        while let Some(value) = frames.next().map_err(|error| fault(answer, error))? {
            items.push(json_item(answer, &value)?);
        }
    }
    Ok(items)
}

fn events<T>(
    answer: &Answer,
    decode: DecodeData<T>,
) -> Result<Vec<ServerSentEvent<T>>, DecodeError> {
    check_event_stream(answer)?;
    let mut parser = EventParser::new(usize::MAX);
    parser.feed(answer.body().clone());
    let mut events = Vec::new();
    while let Some(event) = parser.next().map_err(|error| fault(answer, error))? {
        let event = ServerSentEvent::of(answer, event, parser.last_id(), decode)?;
        events.push(event);
    }
    Ok(events)
}

/// Decodes one value of a stream.
pub(crate) fn json_item<T: DeserializeOwned>(
    answer: &Answer,
    item: &[u8],
) -> Result<T, DecodeError> {
    if let Ok(text) = std::str::from_utf8(item)
        && let Ok(item) = serde_json::from_str(text)
    {
        return Ok(item);
    }
    // Once more, for the place of the fault.
    let body = Bytes::copy_from_slice(item);
    json(&Answer::new(answer.status(), HeaderMap::new(), body))
}

/// Decodes the data of an event from JSON.
pub(crate) fn json_data<T: DeserializeOwned>(
    answer: &Answer,
    data: &str,
) -> Result<T, DecodeError> {
    json_item(answer, data.as_bytes())
}

/// Returns the data of an event as they are.
#[expect(clippy::unnecessary_wraps, reason = "a way of decoding like others")]
pub(crate) fn text_data(_: &Answer, data: &str) -> Result<String, DecodeError> {
    Ok(data.to_owned())
}

/// Fails where an answer is no event stream.
pub(crate) fn check_event_stream(answer: &Answer) -> Result<(), DecodeError> {
    let essence = answer.essence().unwrap_or_default();
    if essence.eq_ignore_ascii_case("text/event-stream") {
        return Ok(());
    }
    let found = essence.escape_default();
    Err(DecodeError::new(
        answer,
        format!("expected `text/event-stream`, found `{found}`"),
    ))
}

/// Makes the error of a stream that can't be taken apart.
pub(crate) fn fault(answer: &Answer, error: impl fmt::Display) -> DecodeError {
    DecodeError::new(answer, error.to_string())
}

#[cfg(test)]
mod tests {
    use http::header::CONTENT_TYPE;
    use http::{HeaderValue, StatusCode};
    use serde_json::{Value, json};

    use super::*;

    fn answer(media_type: &'static str, body: &'static str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Answer::new(StatusCode::OK, headers, Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn a_whole_answer_is_all_of_its_values() {
        let ndjson = answer("application/x-ndjson", "{\"a\":1}\n\n2");
        assert_eq!(
            lines::<Value>(&ndjson).unwrap(),
            [json!({"a": 1}), json!(2)]
        );
        let sequence = answer("application/json-seq", "\x1e1\n\x1e2\n");
        assert_eq!(super::sequence::<i64>(&sequence).unwrap(), [1, 2]);
        let cut = answer("application/json-seq", "\x1e1\n\x1e2");
        assert!(super::sequence::<i64>(&cut).is_err());
        let stream = answer(
            "text/event-stream;charset=utf-8",
            "id: 1\ndata: 5\n\nevent: e\ndata: 6\n\n",
        );
        let events = json_events::<i64>(&stream).unwrap();
        let found: Vec<_> = events
            .iter()
            .map(|event| (event.id.as_deref(), event.name.as_str(), event.data))
            .collect();
        assert_eq!(found, [(Some("1"), "", 5), (Some("1"), "e", 6)]);
        assert_eq!(text_events(&stream).unwrap()[1].data, "6");
    }

    #[test]
    fn a_fault_is_that_of_its_value() {
        let ndjson = answer("application/x-ndjson", "{\"a\":1}\n{\"a\":\"s3cret\"}\n");
        let error = lines::<std::collections::BTreeMap<String, i64>>(&ndjson).unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected i64, found string at `/a` (line 1, column 13)"
        );
        assert_eq!(error.body().as_ref(), b"{\"a\":\"s3cret\"}");
    }

    #[test]
    fn an_answer_of_another_type_is_no_event_stream() {
        let error = text_events(&answer("application/json", "{}")).unwrap_err();
        assert_eq!(
            error.message(),
            "expected `text/event-stream`, found `application/json`"
        );
    }
}
