//! Bodies of XML.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde::de::DeserializeOwned;

use super::{DecodeError, Inner, charset, expectation, is_blank, json, text_in};
use crate::json::path;
use crate::response::Answer;
use crate::xml::{Document, Fault};

/// Decodes a body of XML, by the description of its document. Nothing is read from elsewhere, and no
/// entity is expanded but those of XML itself.
pub fn xml<T: DeserializeOwned>(answer: &Answer, document: Document) -> Result<T, DecodeError> {
    if is_blank(answer.body()) {
        let message = "expected XML, found an empty body".to_owned();
        return Err(DecodeError::new(answer, message));
    }
    let text = text_in(answer, label(answer).as_deref())?;
    let value = document
        .read(&text)
        .map_err(|fault| DecodeError::xml(answer, &text, fault))?;
    let json = value.to_string();
    serde_json::from_str(&json).map_err(|error| {
        let pointer = path::at(json.as_bytes(), error.line(), error.column());
        let mut decode = DecodeError::new(answer, expectation(&error));
        decode.0.path = Some(document.place(&pointer));
        decode
    })
}

/// Decodes a body of XML or of JSON, by the `Content-Type` of the answer.
pub fn json_or_xml<T: DeserializeOwned>(
    answer: &Answer,
    document: Document,
) -> Result<T, DecodeError> {
    // RFC 7303.
    let is_xml = answer.essence().is_some_and(|essence| {
        let essence = essence.to_ascii_lowercase();
        essence.ends_with("/xml") || essence.ends_with("+xml")
    });
    if is_xml {
        xml(answer, document)
    } else {
        json(answer)
    }
}

/// Decodes a body of XML or of JSON that may be empty.
pub fn optional_json_or_xml<T: DeserializeOwned>(
    answer: &Answer,
    document: Document,
) -> Result<Option<T>, DecodeError> {
    if is_blank(answer.body()) {
        Ok(None)
    } else {
        json_or_xml(answer, document).map(Some)
    }
}

/// Returns the charset: that of `Content-Type`, or else what the text says of itself
/// ([RFC 7303 §3](https://www.rfc-editor.org/rfc/rfc7303#section-3)).
fn label(answer: &Answer) -> Option<String> {
    let body = answer.body();
    if let Some(label) = answer.content_type().and_then(charset) {
        return Some(label);
    }
    match body.as_ref() {
        [0xfe, 0xff, ..] => Some("utf-16be".to_owned()),
        [0xff, 0xfe, ..] => Some("utf-16le".to_owned()),
        _ => {
            // It is at the start, and of ASCII.
            let start = String::from_utf8_lossy(&body[..body.len().min(256)]);
            let mut reader = Reader::from_str(start.trim_start_matches('\u{feff}'));
            let Ok(Event::Decl(declaration)) = reader.read_event() else {
                return None;
            };
            let label = declaration.encoding()?.ok()?.to_ascii_lowercase();
            // Read as ASCII, it isn't in UTF-16, though some servers say so.
            (!label.starts_with("utf-16")).then_some(label)
        }
    }
}

impl DecodeError {
    fn xml(answer: &Answer, text: &str, fault: Fault) -> Self {
        let is_other = |media_type: &&str| fault.is_syntax && !media_type.contains("xml");
        if let Some(media_type) = answer.content_type().filter(is_other) {
            let media_type = media_type.split(';').next().unwrap_or_default().trim();
            return Self::new(answer, format!("expected XML, found `{media_type}`"));
        }
        let read = text.as_bytes().get(..fault.offset).unwrap_or_default();
        let mut lines = read.split(|byte| *byte == b'\n');
        let (line, column) = (
            lines.clone().count(),
            lines.next_back().unwrap_or_default().len(),
        );
        let error = Self::new(answer, fault.message);
        Self(Box::new(Inner {
            path: Some(fault.path),
            line,
            column,
            ..*error.0
        }))
    }
}
