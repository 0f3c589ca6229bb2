//! Bodies of answers become values.

pub(crate) mod streams;
#[cfg(feature = "xml")]
mod xml;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::codec::Unquoted;
use crate::codec::expectation::{message, without_value};
use crate::json::path;
use crate::response::Answer;

pub use streams::{json_events, lines, sequence, text_events};
#[cfg(feature = "xml")]
pub use xml::{json_or_xml, optional_json_or_xml, xml};

impl Answer {
    /// Decodes the body as JSON, into a type of the caller's choice.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        json(self)
    }
}

/// Decodes a JSON body: UTF-8 ([RFC 8259 §8.1](https://www.rfc-editor.org/rfc/rfc8259#section-8.1)),
/// or else in the charset of its `Content-Type`.
pub fn json<T: DeserializeOwned>(answer: &Answer) -> Result<T, DecodeError> {
    let text = json_text(answer)?;
    serde_json::from_str(&text).map_err(|error| DecodeError::json(answer, text.as_bytes(), &error))
}

/// Checked once here, the body's strings needn't be checked one by one.
fn json_text(answer: &Answer) -> Result<Cow<'_, str>, DecodeError> {
    let body = without_byte_order_mark(answer.body());
    std::str::from_utf8(body)
        .map(Cow::Borrowed)
        .or_else(|error| {
            let charset = answer.content_type().and_then(charset);
            if charset.as_deref().is_none_or(is_utf_8) {
                let at = error.valid_up_to();
                return Err(DecodeError::not_utf_8(answer, &body[..at]));
            }
            text_in(answer, charset.as_deref()).map(Cow::Owned)
        })
}

/// Decodes a JSON body of which each number, each integer and each boolean may be a string.
pub fn quoted_json<T: DeserializeOwned>(answer: &Answer) -> Result<T, DecodeError> {
    json(answer).map(|Unquoted(value)| value)
}

/// Decodes such a body, which may be empty, too.
pub fn optional_quoted_json<T: DeserializeOwned>(
    answer: &Answer,
) -> Result<Option<T>, DecodeError> {
    let value: Option<_> = optional_json(answer)?;
    Ok(value.map(|Unquoted(value)| value))
}

/// Decodes a JSON body that may be empty.
pub fn optional_json<T: DeserializeOwned>(answer: &Answer) -> Result<Option<T>, DecodeError> {
    if is_blank(answer.body()) {
        Ok(None)
    } else {
        json(answer).map(Some)
    }
}

/// Decodes a text in the charset of its `Content-Type`: UTF-8, US-ASCII or ISO-8859-1, and with the
/// feature `charset` any of the [Encoding Standard](https://encoding.spec.whatwg.org/#names-and-labels).
pub fn text(answer: &Answer) -> Result<String, DecodeError> {
    let charset = answer.content_type().and_then(charset);
    text_in(answer, charset.as_deref())
}

fn text_in(answer: &Answer, charset: Option<&str>) -> Result<String, DecodeError> {
    let body = answer.body();
    match charset.unwrap_or("utf-8") {
        charset if is_utf_8(charset) => std::str::from_utf8(without_byte_order_mark(body))
            .map(str::to_owned)
            .map_err(|error| {
                let found = format!("other bytes at offset {}", error.valid_up_to());
                DecodeError::new(answer, format!("expected UTF-8 text, found {found}"))
            }),
        "iso-8859-1" | "latin1" => Ok(body.iter().copied().map(char::from).collect()),
        label => other_text(answer, label),
    }
}

/// US-ASCII is a part of it.
fn is_utf_8(charset: &str) -> bool {
    matches!(charset, "utf-8" | "utf8" | "us-ascii" | "ascii")
}

#[cfg(feature = "charset")]
fn other_text(answer: &Answer, label: &str) -> Result<String, DecodeError> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes());
    let expected = |what: &str| DecodeError::new(answer, format!("expected text in {what}"));
    let encoding = encoding.ok_or_else(|| expected("a known charset, found another one"))?;
    let (text, encoding, is_broken) = encoding.decode(answer.body());
    if is_broken {
        return Err(expected(encoding.name()));
    }
    Ok(text.into_owned())
}

#[cfg(not(feature = "charset"))]
fn other_text(answer: &Answer, _: &str) -> Result<String, DecodeError> {
    let message = "expected text in UTF-8 or ISO-8859-1, found another charset, which takes the \
                   feature `charset`";
    Err(DecodeError::new(answer, message.to_owned()))
}

/// Returns the body as it came.
pub fn bytes(answer: &Answer) -> Result<Bytes, DecodeError> {
    Ok(answer.body().clone())
}

/// Returns the whole answer.
pub fn answer(answer: &Answer) -> Result<Answer, DecodeError> {
    Ok(answer.clone())
}

/// Passes over the body.
pub fn nothing(_: &Answer) -> Result<(), DecodeError> {
    Ok(())
}

/// Returns which of several media types an answer has, by its `Content-Type`: the same one, one with
/// the same suffix ([RFC 6839](https://www.rfc-editor.org/rfc/rfc6839)), or a range that holds it.
/// An answer that fits none is taken for the first: its decoder says what is wrong.
#[must_use]
pub fn media_type(answer: &Answer, media_types: &[&str]) -> usize {
    let Some(essence) = answer.essence() else {
        return 0;
    };
    let essence = essence.to_ascii_lowercase();
    let fits: [fn(&str, &str) -> bool; 3] = [
        |declared, found| declared == found,
        |declared, found| syntax(declared) == syntax(found) && syntax(found).is_some(),
        |declared, found| match declared.split_once('*') {
            // `*/*` and `text/*`; a range is never of a suffix.
            Some((start, _)) => found.starts_with(start),
            None => false,
        },
    ];
    fits.iter()
        .find_map(|fits| {
            let mut media_types = media_types.iter();
            media_types.position(|declared| fits(declared, &essence))
        })
        .unwrap_or(0)
}

/// Returns the syntax below a media type: `json` of `application/json` and of `application/hal+json`.
fn syntax(media_type: &str) -> Option<&str> {
    let (_, subtype) = media_type.split_once('/')?;
    subtype
        .rsplit('+')
        .next()
        .filter(|syntax| matches!(*syntax, "json" | "xml"))
}

/// RFC 8259 §8.1 lets a reader ignore the mark that a writer must not send.
fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

fn is_blank(body: &[u8]) -> bool {
    without_byte_order_mark(body)
        .iter()
        .all(u8::is_ascii_whitespace)
}

fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    })
}

/// A body that isn't what the document promises.
///
/// The message names the place and what was expected there, never a value of the body.
pub struct DecodeError(Box<Inner>);

struct Inner {
    path: Option<String>,
    message: String,
    line: usize,
    column: usize,
    body: Bytes,
}

/// Enough of a body to see what is wrong with it.
const LONGEST_BODY: usize = 64 * 1024;

/// Messages of foreign `Deserialize` impls can be of any length.
const LONGEST_MESSAGE: usize = 300;

impl DecodeError {
    pub(crate) fn new(answer: &Answer, message: String) -> Self {
        let body = answer.body();
        Self(Box::new(Inner {
            path: None,
            message,
            line: 0,
            column: 0,
            body: body.slice(..body.len().min(LONGEST_BODY)),
        }))
    }

    fn json(answer: &Answer, body: &[u8], error: &serde_json::Error) -> Self {
        if is_blank(body) {
            return Self::new(answer, "expected JSON, found an empty body".to_owned());
        }
        let mut decode = match (error.classify(), answer.content_type()) {
            (Category::Syntax, Some(media_type)) if !media_type.contains("json") => {
                let media_type = media_type.split(';').next().unwrap_or_default().trim();
                Self::new(answer, format!("expected JSON, found `{media_type}`"))
            }
            _ => Self::new(answer, expectation(error)),
        };
        decode.0.path = Some(path::at(body, error.line(), error.column()));
        decode.0.line = error.line();
        decode.0.column = error.column();
        decode
    }

    /// A body of JSON that has other bytes after its first ones.
    fn not_utf_8(answer: &Answer, start: &[u8]) -> Self {
        let mut decode = Self::new(answer, "expected UTF-8, found another byte".to_owned());
        let mut lines = start.rsplit(|&byte| byte == b'\n');
        decode.0.column = lines.next().map_or(0, <[u8]>::len) + 1;
        decode.0.line = lines.count() + 1;
        decode.0.path = Some(path::at(start, decode.0.line, decode.0.column));
        decode
    }

    /// Returns the place of the value at fault as a JSON Pointer
    /// ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)), which is empty for the whole document, or in
    /// XML as an `XPath` such as `/order/item[2]/@id`; `None` where the body is neither by the document.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// Returns what was expected.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the body, no more than its first 64 KiB.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }
}

/// What `serde` expected, without the value that it found: a body may hold secrets.
pub(crate) fn expectation(error: &serde_json::Error) -> String {
    let message = message(error);
    if let Some(told) = without_value(&message) {
        return told;
    }
    message
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST_MESSAGE)
        .collect()
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        match self.path() {
            Some("") => write!(f, " at the top")?,
            Some(path) => write!(f, " at `{path}`")?,
            None => return Ok(()),
        }
        if self.0.line == 0 {
            return Ok(());
        }
        write!(f, " (line {}, column {})", self.0.line, self.0.column)
    }
}

impl Error for DecodeError {}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("path", &self.0.path)
            .field("message", &self.0.message)
            .field("body", &format_args!("{} bytes", self.0.body.len()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};

    use super::*;

    fn answer(content_type: &'static str, body: &[u8]) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Answer::new(StatusCode::OK, headers, Bytes::copy_from_slice(body))
    }

    fn of_json(body: &str) -> Answer {
        answer("application/json", body.as_bytes())
    }

    type Orders = Vec<BTreeMap<String, i64>>;

    #[test]
    fn a_failure_names_the_place_and_the_expectation_but_not_the_value() {
        let error = json::<Orders>(&of_json(r#"[{"a": 1}, {"b": "s3cret"}]"#)).unwrap_err();
        assert_eq!(error.path(), Some("/1/b"));
        assert_eq!(error.message(), "expected i64, found string");
        assert_eq!(
            error.to_string(),
            "expected i64, found string at `/1/b` (line 1, column 25)"
        );
        assert!(!format!("{error:?}").contains("s3cret"));
        assert_eq!(error.body().as_ref(), br#"[{"a": 1}, {"b": "s3cret"}]"#);
    }

    #[test]
    fn a_body_of_numbers_in_quotes_is_read_where_it_is_expected() {
        let body = of_json(r#"["1", 2]"#);
        assert_eq!(quoted_json::<Vec<i64>>(&body).unwrap(), [1, 2]);
        assert_eq!(optional_quoted_json(&body).unwrap(), Some(vec![1_i64, 2]));
        assert_eq!(optional_quoted_json::<i64>(&of_json("")).unwrap(), None);
        assert!(json::<Vec<i64>>(&body).is_err());
    }

    #[test]
    fn a_body_of_another_media_type_is_called_by_its_name() {
        let page = answer("text/html; charset=utf-8", b"<html>sign in</html>");
        let error = json::<Orders>(&page).unwrap_err();
        assert_eq!(error.message(), "expected JSON, found `text/html`");
    }

    #[test]
    fn an_empty_body_is_no_json_unless_it_may_be_empty() {
        let empty = of_json(" \n");
        assert_eq!(
            json::<Orders>(&empty).unwrap_err().message(),
            "expected JSON, found an empty body"
        );
        assert!(optional_json::<Orders>(&empty).unwrap().is_none());
        assert_eq!(
            optional_json::<Orders>(&of_json("[]")).unwrap(),
            Some(vec![])
        );
    }

    #[test]
    fn a_truncated_body_is_an_error() {
        let error = json::<Orders>(&of_json(r#"[{"a": 1}, {"b""#)).unwrap_err();
        assert_eq!(error.path(), Some("/1/b"));
        assert!(error.message().starts_with("EOF"), "{error}");
    }

    #[test]
    fn a_body_that_is_no_utf_8_is_read_in_its_charset_or_refused_where_it_stops() {
        let body = b"[{\"a\": 1,\n  \"n\": \"caf\xe9\"}]";
        let latin = answer("application/json; charset=ISO-8859-1", body);
        let [order] = json::<[serde_json::Value; 1]>(&latin).unwrap();
        assert_eq!(order["n"], "café");
        for content_type in ["application/json", "application/json; charset=utf-8"] {
            let error = json::<serde_json::Value>(&answer(content_type, body)).unwrap_err();
            assert_eq!(
                error.to_string(),
                "expected UTF-8, found another byte at `/0/n` (line 2, column 12)"
            );
        }
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        let marked = answer("application/json", b"\xef\xbb\xbf[]");
        assert!(json::<Orders>(&marked).is_ok());
        let marked = answer("text/plain", "\u{feff}a".as_bytes());
        assert_eq!(text(&marked).unwrap(), "a");
    }

    #[test]
    fn a_text_is_read_in_its_charset() {
        assert_eq!(text(&answer("text/plain", "é".as_bytes())).unwrap(), "é");
        let latin = answer("text/plain; Charset=\"ISO-8859-1\"", b"\xe9");
        assert_eq!(text(&latin).unwrap(), "é");
        assert!(text(&answer("text/plain", b"\xe9")).is_err());
        let cyrillic = answer("text/plain; charset=windows-1251", b"\xe6");
        #[cfg(feature = "charset")]
        assert_eq!(text(&cyrillic).unwrap(), "ж");
        #[cfg(not(feature = "charset"))]
        assert!(
            text(&cyrillic)
                .unwrap_err()
                .to_string()
                .contains("`charset`")
        );
        assert!(text(&answer("text/plain; charset=klingon", b"a")).is_err());
    }

    #[test]
    fn a_media_type_is_found_by_name_by_suffix_and_by_range() {
        let declared = [
            "application/json",
            "text/csv",
            "application/problem+json",
            "image/*",
        ];
        for (content_type, index) in [
            ("application/json; charset=utf-8", 0),
            ("Text/CSV;header=present", 1),
            ("application/problem+json", 2),
            ("application/hal+json", 0),
            ("image/png", 3),
            ("text/html", 0),
            ("", 0),
        ] {
            assert_eq!(
                media_type(&answer(content_type, b""), &declared),
                index,
                "{content_type}"
            );
        }
        assert_eq!(
            media_type(&answer("text/html", b""), &["text/csv", "*/*"]),
            1
        );
        let silent = Answer::new(StatusCode::OK, HeaderMap::new(), Bytes::new());
        assert_eq!(media_type(&silent, &declared), 0);
    }

    #[test]
    fn a_body_that_nests_without_end_is_an_error() {
        let deep = "[".repeat(100_000);
        let error = json::<serde_json::Value>(&of_json(&deep)).unwrap_err();
        assert_eq!(error.message(), "recursion limit exceeded");
    }

    #[test]
    fn the_kept_body_is_bounded() {
        let long = format!("[{}]", "0,".repeat(LONGEST_BODY));
        let error = json::<Orders>(&of_json(&long)).unwrap_err();
        assert_eq!(error.body().len(), LONGEST_BODY);
    }
}
