//! Problem details ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)), whatever the document says of
//! a failure.

use std::fmt;

use serde_json::{Map, Value};

use crate::decode;
use crate::response::Answer;

/// The media type of problem details (RFC 9457 §3).
const MEDIA_TYPE: &str = "application/problem+json";

/// What a server says of a failure in a body of the type `application/problem+json`.
///
/// A member of another type than the specification gives it is treated as absent (RFC 9457 §3.1).
#[derive(Clone, PartialEq)]
pub struct Problem(Map<String, Value>);

impl Problem {
    /// Reads the body of an answer that is of the type; `None` where it is another, or no object.
    pub(crate) fn of(answer: &Answer) -> Option<Self> {
        if !answer.essence()?.eq_ignore_ascii_case(MEDIA_TYPE) {
            return None;
        }
        decode::json(answer).ok().map(Self)
    }

    /// Returns the URI of the type of problem; `about:blank` says no more than the status.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.text("type").unwrap_or("about:blank")
    }

    /// Returns a summary of the type of problem.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.text("title")
    }

    /// Returns the status that the server that met the problem gave it; one in between may have
    /// changed that of the answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.get("status")?.as_u64()?.try_into().ok()
    }

    /// Returns what is particular to this occurrence.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.text("detail")
    }

    /// Returns the URI of this occurrence.
    #[must_use]
    pub fn instance(&self) -> Option<&str> {
        self.text("instance")
    }

    /// Returns a member beyond those of the specification, such as the `cause` and `invalidParams` of
    /// 3GPP.
    #[must_use]
    pub fn extension(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }
}

impl fmt::Debug for Problem {
    /// Prints the names of members only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("status", &self.status())
            .field("members", &self.0.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::header::CONTENT_TYPE;
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::*;

    fn problem(media_type: &'static str, body: &'static str) -> Option<Problem> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        let body = Bytes::from_static(body.as_bytes());
        Problem::of(&Answer::new(StatusCode::FORBIDDEN, headers, body))
    }

    #[test]
    fn members_are_those_of_the_specification_and_others() {
        let body = r#"{"type": "https://example.com/out-of-credit", "title": "No credit.",
            "status": 403, "detail": "30, but 50", "instance": "/account/1", "balance": 30}"#;
        let problem = problem("Application/Problem+JSON; charset=utf-8", body).unwrap();
        assert_eq!(problem.kind(), "https://example.com/out-of-credit");
        assert_eq!(problem.title(), Some("No credit."));
        assert_eq!(problem.status(), Some(403));
        assert_eq!(problem.detail(), Some("30, but 50"));
        assert_eq!(problem.instance(), Some("/account/1"));
        assert_eq!(problem.extension("balance"), Some(&Value::from(30)));
        assert!(!format!("{problem:?}").contains("30, but"));
    }

    #[test]
    fn a_member_of_another_type_is_absent() {
        let problem = problem(MEDIA_TYPE, r#"{"type": 1, "status": "403"}"#).unwrap();
        assert_eq!(problem.kind(), "about:blank");
        assert_eq!(problem.status(), None);
    }

    #[test]
    fn what_is_of_another_type_or_broken_is_no_problem() {
        assert_eq!(problem("application/json", "{}"), None);
        assert_eq!(problem(MEDIA_TYPE, "[]"), None);
        assert_eq!(problem(MEDIA_TYPE, "{"), None);
    }
}
