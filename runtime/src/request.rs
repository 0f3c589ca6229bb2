//! A request in the making: its parts, and a body that can be sent again.

mod location;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    ACCEPT, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE,
    COOKIE, EXPECT, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, RANGE,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use url::{Url, form_urlencoded};

use crate::api::Operation;
#[cfg(feature = "validate")]
use crate::constraints::{Constraints, Violation};
use crate::content::{Content, Encoded, FORM};
use crate::parameter::{Escape, Location, Parameter, ToParameter, escape};
use crate::request_error::RequestError;
use crate::retry::RetryPolicy;
use crate::suspicion::SuspicionPolicy;
use crate::upload::Body;

/// What a call has gathered before it is sent.
///
/// The first fault is kept and surfaces when the call is made, so that setters needn't fail.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) operation: &'static Operation,
    path: Vec<(&'static str, String)>,
    query: String,
    headers: HeaderMap,
    cookies: String,
    body: Body,
    #[cfg(feature = "gzip")]
    pub(crate) is_compressed: bool,
    /// Whether the caller has set a header or a query parameter that the document doesn't name.
    pub(crate) has_settings: bool,
    pub(crate) base_url: Option<Url>,
    /// Where the request goes, in place of the URL that base URL, path and query make.
    pub(crate) at: Option<Url>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) suspicion: Option<SuspicionPolicy>,
    fault: Option<RequestError>,
}

/// A request that can be sent any number of times, unless its body is a stream; what the body is made
/// of is shared.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    /// Headers that no other origin may see, beside those that never travel.
    pub(crate) private: Vec<HeaderName>,
}

#[cfg(feature = "gzip")]
impl Request {
    fn compressed(mut self) -> Self {
        let encoding = HeaderValue::from_static("gzip");
        self.headers.insert(CONTENT_ENCODING, encoding);
        self.body = self.body.compressed();
        self
    }
}

/// The header that makes a request idempotent
/// ([draft-ietf-httpapi-idempotency-key-header](https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/)).
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// As many headers are added on the way out: what is accepted, what authorises the call, and the host.
const FURTHER: usize = 4;

/// Headers that are about the body of a request, about what it is to do or what is to come back.
const OF_ONE_REQUEST: [HeaderName; 14] = [
    IDEMPOTENCY_KEY,
    HeaderName::from_static("prefer"),
    ACCEPT,
    CONTENT_DISPOSITION,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    EXPECT,
    IF_MATCH,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    IF_UNMODIFIED_SINCE,
    RANGE,
];

impl Draft {
    pub(crate) fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            path: Vec::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            cookies: String::new(),
            body: Body::Empty,
            #[cfg(feature = "gzip")]
            is_compressed: false,
            has_settings: false,
            base_url: None,
            at: None,
            timeout: None,
            retry: None,
            suspicion: None,
            fault: None,
        }
    }

    pub(crate) fn parameter(&mut self, parameter: Parameter, value: &dyn ToParameter) {
        let value = value.to_parameter();
        #[cfg(feature = "validate")]
        if self.breaks(parameter, |constraints| constraints.check_parameter(&value)) {
            return;
        }
        match parameter.expand(value) {
            Ok(Some(text)) => self.place(parameter, text),
            Ok(None) => {}
            Err(_) => self.fail(RequestError::Nested(parameter.name)),
        }
    }

    pub(crate) fn json_parameter(
        &mut self,
        parameter: Parameter,
        value: serde_json::Result<String>,
    ) {
        match value {
            Ok(json) => {
                #[cfg(feature = "validate")]
                if self.breaks(parameter, |constraints| {
                    let value = serde_json::from_str(&json);
                    value.map_or_else(|_| Vec::new(), |value| constraints.check(&value))
                }) {
                    return;
                }
                self.place(parameter, parameter.expand_text(&json).into_owned());
            }
            Err(error) => self.fail(RequestError::Encode(error.into())),
        }
    }

    /// Fails, and says so, where the value of a parameter breaks its constraints.
    #[cfg(feature = "validate")]
    fn breaks(
        &mut self,
        parameter: Parameter,
        check: impl FnOnce(Constraints) -> Vec<Violation>,
    ) -> bool {
        let violations = parameter.constraints.map(check).unwrap_or_default();
        let subject = || format!("the parameter `{}`", parameter.name);
        let fault = RequestError::of(violations, subject);
        fault.map(|fault| self.fail(fault)).is_some()
    }

    /// Sets the query as a whole: a form is a query already, all else is percent-encoded.
    pub(crate) fn query_string(&mut self, content: Content) {
        match content.encoded() {
            Ok(Encoded { media_type, body }) => {
                let Body::Bytes(bytes) = body else { return };
                let text = String::from_utf8_lossy(&bytes);
                let is_form = media_type == FORM;
                let query = if is_form {
                    text
                } else {
                    escape(&text, Escape::Unreserved).into_owned().into()
                };
                append(&mut self.query, "&", &query);
            }
            Err(fault) => self.fail(fault),
        }
    }

    fn place(&mut self, parameter: Parameter, text: String) {
        match parameter.location {
            Location::Path => self.path.push((parameter.name, text)),
            Location::Query => append(&mut self.query, "&", &text),
            Location::Cookie => append(&mut self.cookies, "; ", &text),
            Location::Header => self.header(parameter.name, &text),
        }
    }

    pub(crate) fn header(&mut self, name: &str, value: &str) {
        match header(name, value) {
            Ok((name, value)) => {
                self.headers.append(name, value);
            }
            Err(error) => self.fail(error),
        }
    }

    pub(crate) fn setting_header(&mut self, name: &str, value: &str) {
        self.has_settings = true;
        self.header(name, value);
    }

    pub(crate) fn setting_query(&mut self, name: &str, value: &str) {
        self.has_settings = true;
        let pair = format!(
            "{}={}",
            escape(name, Escape::Unreserved),
            escape(value, Escape::Unreserved)
        );
        append(&mut self.query, "&", &pair);
    }

    /// Sets a query parameter to a value, in place of those that it has.
    pub(crate) fn set_query(&mut self, name: &str, value: &str) {
        let pairs = self.query.split('&');
        let others: Vec<_> = pairs.filter(|pair| !is_named(pair, name)).collect();
        let mut query = others.join("&");
        let [name, value] = [name, value].map(|text| escape(text, Escape::Unreserved));
        append(&mut query, "&", &format!("{name}={value}"));
        self.query = query;
    }

    /// Returns the value of a query parameter, where it has one.
    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        let (_, value) = pairs.find(|(known, _)| known == name)?;
        Some(value.into_owned())
    }

    pub(crate) fn idempotency_key(&mut self, key: &str) {
        self.headers.remove(IDEMPOTENCY_KEY);
        self.header(IDEMPOTENCY_KEY.as_str(), key);
    }

    pub(crate) fn base_url(&mut self, url: &str) {
        match Url::parse(url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => self.base_url = Some(url),
            _ => self.fail(RequestError::BaseUrl),
        }
    }

    pub(crate) fn content(&mut self, content: Content) {
        match content.encoded() {
            Ok(Encoded { media_type, body }) => {
                self.headers.remove(CONTENT_TYPE);
                self.header(CONTENT_TYPE.as_str(), &media_type);
                self.body = body;
            }
            Err(fault) => self.fail(fault),
        }
    }

    /// Asks for a media type, unless the caller asks for one.
    pub(crate) fn accept(&mut self, media_type: &'static str) {
        if !self.headers.contains_key(ACCEPT) {
            self.header(ACCEPT.as_str(), media_type);
        }
    }

    /// Returns the same request once more, where that is like making it once.
    pub(crate) fn copy(&self) -> Option<Self> {
        let is_repeatable = self.is_idempotent() && self.body.is_replayable();
        is_repeatable.then(|| self.clone())
    }

    /// Returns a request for what this one has started: with its settings, and with its headers except
    /// those that are about its body or its own outcome.
    pub(crate) fn after(&self, operation: &'static Operation, at: Url) -> Self {
        let mut headers = self.headers.clone();
        for name in OF_ONE_REQUEST {
            headers.remove(name);
        }
        Self {
            headers,
            cookies: self.cookies.clone(),
            has_settings: self.has_settings,
            base_url: self.base_url.clone(),
            at: Some(at),
            timeout: self.timeout,
            retry: self.retry,
            suspicion: self.suspicion,
            ..Self::new(operation)
        }
    }

    fn fail(&mut self, fault: RequestError) {
        self.fault.get_or_insert(fault);
    }

    /// Returns whether sending the request twice is like sending it once
    /// ([RFC 9110 §9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2)).
    pub(crate) fn is_idempotent(&self) -> bool {
        self.operation.is_idempotent() || self.headers.contains_key(IDEMPOTENCY_KEY)
    }

    pub(crate) fn has_header(&self, name: &HeaderName) -> bool {
        self.headers.contains_key(name)
    }

    /// Returns whether the body can be sent again.
    pub(crate) fn is_replayable(&self) -> bool {
        self.body.is_replayable()
    }

    /// Returns the body, for what is to be read of it before it is sent.
    pub(crate) fn body(&mut self) -> &mut Body {
        &mut self.body
    }

    /// Puts the request together: on a base URL, over headers that all calls share. It is the same
    /// however often it is made.
    pub(crate) fn finish(
        &self,
        base_url: &Url,
        shared: &HeaderMap,
    ) -> Result<Request, RequestError> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let request = Request {
            url: self.location(base_url)?,
            headers: self.all_headers(shared)?,
            body: self.body.clone(),
            private: Vec::new(),
        };
        #[cfg(feature = "gzip")]
        if self.is_compressed && !matches!(request.body, Body::Empty) {
            return Ok(request.compressed());
        }
        Ok(request)
    }

    fn all_headers(&self, shared: &HeaderMap) -> Result<HeaderMap, RequestError> {
        let mut headers = HeaderMap::with_capacity(self.headers.len() + shared.len() + FURTHER);
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
        if !self.cookies.is_empty() {
            let (name, value) = header(COOKIE.as_str(), &self.cookies)?;
            headers.append(name, value);
        }
        let accept = self.operation.accept;
        if !accept.is_empty() && !headers.contains_key(ACCEPT) {
            let value = HeaderValue::from_maybe_shared(Bytes::from_static(accept.as_bytes()));
            let fault = |_| RequestError::Header(ACCEPT.to_string());
            headers.append(ACCEPT, value.map_err(fault)?);
        }
        // A header of the request's own is in place of all of its name.
        let (has_accept, has_cookies) = (!accept.is_empty(), !self.cookies.is_empty());
        for (name, value) in shared {
            let is_own = self.headers.contains_key(name)
                || has_accept && *name == ACCEPT
                || has_cookies && *name == COOKIE;
            if !is_own {
                headers.append(name.clone(), value.clone());
            }
        }
        Ok(headers)
    }

    /// Returns where the request goes.
    pub(crate) fn location(&self, base_url: &Url) -> Result<Url, RequestError> {
        match &self.at {
            Some(url) => Ok(url.clone()),
            None => self.url(self.base_url.as_ref().unwrap_or(base_url)),
        }
    }

    /// Returns a URL of the origin that the request goes to.
    pub(crate) fn home<'a>(&'a self, base_url: &'a Url) -> &'a Url {
        let own = self.at.as_ref().or(self.base_url.as_ref());
        own.unwrap_or(base_url)
    }
}

impl fmt::Debug for Draft {
    /// Prints no value: neither parameters nor headers nor the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("operation", &self.operation.id)
            .field("method", &self.operation.method_name())
            .field("path", &self.operation.path)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body", &self.body)
            .field("timeout", &self.timeout)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

/// Returns a header. Its value is marked sensitive, which keeps it out of the logs of the layers
/// below and out of compression tables
/// ([RFC 7541 §7.1.3](https://www.rfc-editor.org/rfc/rfc7541#section-7.1.3)): what a caller puts into
/// a header can be a key.
pub(crate) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), RequestError> {
    let fault = || RequestError::Header(name.escape_default().to_string());
    let key = HeaderName::try_from(name).map_err(|_| fault())?;
    let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| fault())?;
    value.set_sensitive(key != CONTENT_TYPE && key != ACCEPT);
    Ok((key, value))
}

/// Returns whether an encoded pair has a name.
fn is_named(pair: &str, name: &str) -> bool {
    let mut pairs = form_urlencoded::parse(pair.as_bytes());
    pairs.next().is_some_and(|(known, _)| known == name)
}

pub(crate) fn append(list: &mut String, separator: &str, item: &str) {
    if !list.is_empty() && !item.is_empty() {
        list.push_str(separator);
    }
    list.push_str(item);
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    static ORDER: Operation =
        Operation::new("orders.get", Method::GET, "/orders/{id}").accept("application/json");
    static FILE: Operation = Operation::new("files.get", Method::GET, "/files/{name}.{kind}?v=2#x");
    static CREATE: Operation = Operation::new("orders.create", Method::POST, "orders");

    fn finish(draft: &mut Draft, base_url: &str) -> Result<Request, RequestError> {
        let base_url = Url::parse(base_url).expect("a base URL");
        draft.finish(&base_url, &HeaderMap::new())
    }

    fn url(draft: &mut Draft, base_url: &str) -> String {
        finish(draft, base_url).expect("a request").url.into()
    }

    #[test]
    fn a_path_goes_under_the_path_of_the_base_url() {
        for base_url in ["https://a.test/v1", "https://a.test/v1/"] {
            let mut draft = Draft::new(&ORDER);
            draft.parameter(Parameter::path("id"), &"a/b ü");
            assert_eq!(
                url(&mut draft, base_url),
                "https://a.test/v1/orders/a%2Fb%20%C3%BC"
            );
        }
        assert_eq!(
            url(&mut Draft::new(&CREATE), "https://a.test"),
            "https://a.test/orders"
        );
    }

    #[test]
    fn queries_of_base_url_template_and_call_join() {
        let mut draft = Draft::new(&FILE);
        draft.parameter(Parameter::path("name"), &"a");
        draft.parameter(Parameter::path("kind"), &"txt");
        draft.parameter(Parameter::query("q"), &"c d");
        draft.parameter(Parameter::query("none"), &None::<i64>);
        draft.setting_query("e&", "=");
        assert_eq!(
            url(&mut draft, "https://a.test/?k=1"),
            "https://a.test/files/a.txt?k=1&v=2&q=c%20d&e%26=%3D"
        );
    }

    #[test]
    fn a_query_can_be_set_as_a_whole() {
        let filter = serde_json::json!({"a b": "c&d", "tags": ["x", "y"]});
        for (content, query) in [
            (Content::form(&filter), "k=1&a+b=c%26d&tags=x&tags=y"),
            (
                Content::json("application/json", &filter["tags"]),
                "k=1&%5B%22x%22%2C%22y%22%5D",
            ),
            (
                Content::text("application/jsonpath", "$.a[?@.b]"),
                "k=1&%24.a%5B%3F%40.b%5D",
            ),
            (Content::text("text/plain", ""), "k=1"),
        ] {
            let mut draft = Draft::new(&CREATE);
            draft.query_string(content);
            assert_eq!(
                url(&mut draft, "https://a.test?k=1"),
                format!("https://a.test/orders?{query}")
            );
        }
    }

    #[test]
    fn a_query_parameter_is_set_in_place_of_its_values() {
        let mut draft = Draft::new(&ORDER);
        draft.parameter(Parameter::path("id"), &"7");
        draft.parameter(Parameter::query("page[after]"), &"a b");
        draft.parameter(Parameter::query("q"), &"c&d=e");
        assert_eq!(draft.query_value("page[after]").as_deref(), Some("a b"));
        assert_eq!(draft.query_value("d"), None);
        draft.set_query("page[after]", "f+g");
        assert_eq!(draft.query_value("page[after]").as_deref(), Some("f+g"));
        assert_eq!(
            url(&mut draft, "https://a.test"),
            "https://a.test/orders/7?q=c%26d%3De&page%5Bafter%5D=f%2Bg"
        );
    }

    #[test]
    fn a_path_parameter_cannot_name_another_resource() {
        for value in ["", ".", ".."] {
            let mut draft = Draft::new(&ORDER);
            draft.parameter(Parameter::path("id"), &value);
            let error = finish(&mut draft, "https://a.test").err().expect("a fault");
            assert!(matches!(error, RequestError::EmptySegment("id")), "{value}");
        }
        let mut draft = Draft::new(&ORDER);
        draft.parameter(Parameter::path("id"), &"%2e%2e");
        assert_eq!(
            url(&mut draft, "https://a.test"),
            "https://a.test/orders/%252e%252e"
        );
    }

    #[test]
    fn a_path_parameter_without_a_value_is_a_fault() {
        let error = finish(&mut Draft::new(&ORDER), "https://a.test").err();
        assert!(matches!(error, Some(RequestError::MissingPathParameter(name)) if name == "id"));
    }

    #[test]
    fn a_value_cannot_inject_a_header() {
        let mut draft = Draft::new(&CREATE);
        draft.parameter(Parameter::header("X-Note"), &"a\r\nAuthorization: b");
        let error = finish(&mut draft, "https://a.test").err();
        assert!(matches!(error, Some(RequestError::Header(name)) if name == "X-Note"));
    }

    #[test]
    fn cookies_share_one_header() {
        let mut draft = Draft::new(&CREATE);
        draft.parameter(Parameter::cookie("a"), &"1");
        draft.parameter(Parameter::cookie("b"), &[2, 3]);
        let request = finish(&mut draft, "https://a.test").expect("a request");
        assert_eq!(request.headers[COOKIE], "a=1; b=2; b=3");
        assert!(request.headers[COOKIE].is_sensitive());
    }

    #[test]
    fn a_header_of_the_call_displaces_the_one_that_all_calls_share() {
        let mut shared = HeaderMap::new();
        shared.insert("x-tenant", HeaderValue::from_static("all"));
        shared.insert("x-other", HeaderValue::from_static("other"));
        let mut draft = Draft::new(&CREATE);
        draft.setting_header("X-Tenant", "one");
        let base_url = Url::parse("https://a.test").expect("a URL");
        let request = draft.finish(&base_url, &shared).expect("a request");
        assert_eq!(request.headers["x-tenant"], "one");
        assert_eq!(request.headers["x-other"], "other");
    }

    #[test]
    fn an_idempotency_key_makes_any_method_idempotent() {
        let mut draft = Draft::new(&CREATE);
        assert!(!draft.is_idempotent());
        draft.idempotency_key("k");
        assert!(draft.is_idempotent());
        assert!(Draft::new(&ORDER).is_idempotent());
    }

    #[test]
    fn debug_shows_no_value() {
        let mut draft = Draft::new(&CREATE);
        draft.setting_header("X-Key", "s3cret");
        draft.setting_query("key", "s3cret");
        draft.parameter(Parameter::cookie("key"), &"s3cret");
        draft.content(Content::text("text/plain", "s3cret"));
        assert!(!format!("{draft:?}").contains("s3cret"));
    }
}
