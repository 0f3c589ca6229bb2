//! What a rule answers with.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use crate::api::{Operation, Status};
use crate::json::Json;

/// What a rule answers with, and how often.
#[derive(Debug, Clone)]
pub(super) struct Answering {
    /// The media type of the operation's answers.
    media_type: &'static str,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) delay: Duration,
    pub(super) times: Option<usize>,
    pub(super) breaks_off: bool,
}

impl Answering {
    /// Makes an answer that means success.
    pub(super) fn to(operation: &Operation) -> Self {
        let status = operation
            .success
            .first()
            .map_or(200, |status| match status {
                Status::Code(code) => *code,
                Status::Range(class) => class * 100,
                Status::Default => 200,
            });
        let mut media_types = operation.accept.split(',').map(str::trim);
        let media_type = media_types.next().unwrap_or_default();
        Self {
            media_type: if media_type.is_empty() || media_type.contains('*') {
                "application/json"
            } else {
                media_type
            },
            status: StatusCode::from_u16(status).unwrap_or_default(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            delay: Duration::ZERO,
            times: None,
            breaks_off: false,
        }
    }

    pub(super) fn status(&mut self, status: u16) {
        self.status = StatusCode::from_u16(status).expect("a status");
    }

    pub(super) fn header(&mut self, name: &str, value: &str) {
        let name = HeaderName::try_from(name).expect("the name of a header");
        let value = HeaderValue::from_str(value).expect("the value of a header");
        self.headers.append(name, value);
    }

    pub(super) fn bytes(&mut self, media_type: &str, body: Bytes) {
        self.body = body;
        if !self.headers.contains_key(CONTENT_TYPE) {
            self.header(CONTENT_TYPE.as_str(), media_type);
        }
    }

    /// Encodes a body by the operation's media type: `null` is none, and a text is a text unless the
    /// answer is JSON.
    pub(super) fn encode<B: Serialize + ?Sized>(&mut self, body: &B) {
        let json = Json::of(body).expect("a body that can be encoded");
        let is_json = self.media_type.contains("json");
        match json {
            Json::Null => {}
            Json::String(text) if !is_json => self.bytes(self.media_type, text.into()),
            json if is_json => self.bytes(self.media_type, json.to_string().into()),
            json => self.bytes("application/json", json.to_string().into()),
        }
    }
}
