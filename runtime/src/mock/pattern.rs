//! Which requests a call stands for.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, Method, Uri};
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::rules::Request;
use crate::api::Operation;
use crate::request::Draft;
use crate::request_error::RequestError;
use crate::upload::Body;

/// The requests that a call stands for: those of its operation that have its values. What they have
/// beside these, such as other headers, doesn't matter.
#[derive(Debug)]
pub(super) struct Pattern {
    operation: &'static Operation,
    /// `None` if any values do.
    values: Option<Values>,
}

struct Values {
    path: String,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Option<bytes::Bytes>,
}

impl std::fmt::Debug for Values {
    /// Prints no value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Values").finish_non_exhaustive()
    }
}

impl Pattern {
    pub(super) fn of(draft: &Draft, origin: &str) -> Result<Self, RequestError> {
        let operation = draft.operation;
        let origin = Url::parse(origin).map_err(|_| RequestError::BaseUrl)?;
        let mut request = draft.finish(&origin, &HeaderMap::new())?;
        let is_form = request
            .headers
            .remove(CONTENT_TYPE)
            .is_some_and(|media_type| media_type.as_bytes().starts_with(b"multipart/"));
        request.headers.remove(ACCEPT);
        Ok(Self {
            operation,
            values: Some(Values {
                path: request.url.path().to_owned(),
                query: pairs(request.url.query()),
                headers: request.headers,
                body: match request.body {
                    // The boundary of a form is another each time, and a stream can't be read twice.
                    Body::Bytes(bytes) if !is_form => Some(bytes),
                    _ => None,
                },
            }),
        })
    }

    pub(super) const fn operation(&self) -> &'static Operation {
        self.operation
    }

    pub(super) fn forget_values(&mut self) {
        self.values = None;
    }

    pub(super) fn fits(&self, request: &Request) -> bool {
        if !is_of(self.operation, &request.method, &request.uri) {
            return false;
        }
        let Some(values) = &self.values else {
            return true;
        };
        let mut query = pairs(request.uri.query());
        let has_query = values.query.iter().all(|pair| {
            let found = query.iter().position(|other| other == pair);
            found.map(|index| query.swap_remove(index)).is_some()
        });
        let has_headers = values.headers.keys().all(|name| {
            let expected = values.headers.get_all(name).iter();
            expected.eq(request.headers.get_all(name).iter())
        });
        let has_body = values.body.as_ref().is_none_or(|expected| {
            let json = |body: &[u8]| serde_json::from_slice::<Value>(body).ok();
            *expected == request.body
                || json(expected).is_some_and(|expected| json(&request.body) == Some(expected))
        });
        values.path == request.uri.path() && has_query && has_headers && has_body
    }
}

fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.into_owned().collect()
}

/// Returns whether a request is one of an operation: of its method and its path template.
pub(super) fn is_of(operation: &Operation, method: &Method, uri: &Uri) -> bool {
    let template = operation.path.split(['?', '#']).next().unwrap_or_default();
    let segments = |path: &str| {
        let path = path.trim_matches('/');
        path.split('/').map(str::to_owned).collect::<Vec<_>>()
    };
    let (template, path) = (segments(template), segments(uri.path()));
    let fits = |(template, segment): (&String, &String)| match template.split_once('{') {
        // What stands before and after the variables of a segment.
        Some((before, rest)) => {
            let after = rest.rsplit_once('}').map_or("", |(_, after)| after);
            segment.len() >= before.len() + after.len()
                && segment.starts_with(before)
                && segment.ends_with(after)
        }
        None => template == segment,
    };
    operation.method() == *method
        && template.len() == path.len()
        && template.iter().zip(&path).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_of_an_operation_by_method_and_template() {
        static FILE: Operation =
            Operation::new("file", Method::GET, "/files/{name}.{kind}/parts?v=2");
        let is_file =
            |method: &Method, uri: &'static str| is_of(&FILE, method, &Uri::from_static(uri));
        assert!(is_file(&Method::GET, "/files/a.txt/parts?v=2&w=3"));
        assert!(!is_file(&Method::PUT, "/files/a.txt/parts"));
        assert!(!is_file(&Method::GET, "/files/a.txt"));
        assert!(!is_file(&Method::GET, "/files/a.txt/parts/7"));
    }
}
