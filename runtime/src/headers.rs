//! Headers of answers become values, by the rules of parameters of the style `simple`
//! ([OpenAPI 3.0 §4.7.21](https://spec.openapis.org/oas/v3.0.4#header-object)).

mod text;

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use crate::codec::Unquoted;
use crate::decode::DecodeError;
use crate::parameter::Parameter;
use crate::response::{Answer, Response};

use text::Text;

/// The headers of an operation's answers, as its document describes them; generated code implements
/// it.
pub trait ResponseHeaders: Sized {
    /// Reads the headers of an answer.
    fn read(headers: &HeaderReader<'_>) -> Result<Self, DecodeError>;
}

/// The headers of an answer, to be read by type.
#[derive(Debug, Clone)]
pub struct HeaderReader<'a> {
    answer: &'a Answer,
}

impl HeaderReader<'_> {
    /// Reads a header that must be there.
    pub fn required<T: DeserializeOwned>(&self, header: Parameter) -> Result<T, DecodeError> {
        let value = self.optional(header)?;
        value.ok_or_else(|| self.missing(header.name))
    }

    /// Reads a header that may be there.
    pub fn optional<T: DeserializeOwned>(
        &self,
        header: Parameter,
    ) -> Result<Option<T>, DecodeError> {
        let Some(lines) = self.lines(header.name)? else {
            return Ok(None);
        };
        let text = Text::new(header.name, &lines, header.explodes());
        match T::deserialize(text) {
            Ok(value) => Ok(Some(value)),
            Err(expected) => Err(self.fault(header.name, &expected.to_string())),
        }
    }

    /// Reads a header that may be there, and isn't where it is empty.
    pub fn optional_or_empty<T: DeserializeOwned>(
        &self,
        header: Parameter,
    ) -> Result<Option<T>, DecodeError> {
        let lines = self.lines(header.name)?.unwrap_or_default();
        if lines.iter().all(|line| line.is_empty()) {
            return Ok(None);
        }
        self.optional(header)
    }

    /// Reads a header of JSON that must be there.
    pub fn required_json<T: DeserializeOwned>(&self, name: &str) -> Result<T, DecodeError> {
        let value = self.optional_json(name)?;
        value.ok_or_else(|| self.missing(name))
    }

    /// Reads a header of JSON that may be there.
    pub fn optional_json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, DecodeError> {
        let Some(lines) = self.lines(name)? else {
            return Ok(None);
        };
        match serde_json::from_str(&lines.join(",")) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(self.fault(name, &crate::decode::expectation(&error))),
        }
    }

    /// Reads a header of JSON that must be there, of which each number, each integer and each boolean may
    /// be a string.
    pub fn required_quoted_json<T: DeserializeOwned>(&self, name: &str) -> Result<T, DecodeError> {
        self.required_json(name).map(|Unquoted(value)| value)
    }

    /// Reads such a header that may be there.
    pub fn optional_quoted_json<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, DecodeError> {
        let value: Option<_> = self.optional_json(name)?;
        Ok(value.map(|Unquoted(value)| value))
    }

    /// Returns the lines of a header, in order.
    fn lines(&self, name: &str) -> Result<Option<Vec<Cow<'_, str>>>, DecodeError> {
        let values = self.answer.headers().get_all(name);
        let lines = values.iter().map(|value| {
            let line = std::str::from_utf8(value.as_bytes());
            line.map(|line| Cow::Borrowed(line.trim()))
                .map_err(|_| self.fault(name, "expected text"))
        });
        let lines: Vec<_> = lines.collect::<Result<_, _>>()?;
        Ok((!lines.is_empty()).then_some(lines))
    }

    fn missing(&self, name: &str) -> DecodeError {
        DecodeError::new(self.answer, format!("expected the header `{name}`"))
    }

    fn fault(&self, name: &str, expected: &str) -> DecodeError {
        DecodeError::new(self.answer, format!("{expected} in the header `{name}`"))
    }
}

impl Answer {
    /// Returns the headers as the document of the operation describes them.
    pub fn headers_as<H: ResponseHeaders>(&self) -> Result<H, DecodeError> {
        H::read(&HeaderReader { answer: self })
    }
}

impl<T> Response<T> {
    /// Returns the headers as the document of the operation describes them.
    pub fn headers_as<H: ResponseHeaders>(&self) -> Result<H, DecodeError> {
        self.answer().headers_as()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use bytes::Bytes;
    use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
    use serde_json::Value;

    use super::*;

    fn answer(lines: &[(&'static str, &'static str)]) -> Answer {
        let headers = lines.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        Answer::new(StatusCode::OK, headers.collect(), Bytes::new())
    }

    fn read<T: DeserializeOwned>(
        lines: &[(&'static str, &'static str)],
        header: Parameter,
    ) -> Result<Option<T>, String> {
        let answer = answer(lines);
        let reader = HeaderReader { answer: &answer };
        reader.optional(header).map_err(|error| error.to_string())
    }

    const HEADER: Parameter = Parameter::header("X-A");

    #[test]
    fn a_primitive_is_read_by_its_type() {
        assert_eq!(read(&[("x-a", " 12 ")], HEADER), Ok(Some(12_i64)));
        assert_eq!(read(&[("x-a", "1.5")], HEADER), Ok(Some(1.5_f64)));
        assert_eq!(read(&[("x-a", "true")], HEADER), Ok(Some(true)));
        assert_eq!(
            read(&[("x-a", "a, b")], HEADER),
            Ok(Some("a, b".to_owned()))
        );
        assert_eq!(read(&[("x-a", "")], HEADER), Ok(Some(String::new())));
        assert_eq!(read(&[("x-a", "1")], HEADER), Ok(Some(Value::from("1"))));
        assert_eq!(read::<i64>(&[], HEADER), Ok(None));
    }

    #[test]
    fn lines_of_one_name_are_one_list() {
        let lines = &[("x-a", "1, 2"), ("x-a", "3")];
        assert_eq!(read(lines, HEADER), Ok(Some(vec![1_i64, 2, 3])));
        assert_eq!(read(lines, HEADER), Ok(Some("1, 2, 3".to_owned())));
        assert_eq!(read(&[("x-a", "")], HEADER), Ok(Some(Vec::<i64>::new())));
        let cookies = &[
            ("set-cookie", "a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT"),
            ("set-cookie", "b=2"),
        ];
        let header = Parameter::header("Set-Cookie");
        let read: Vec<String> = read(cookies, header).unwrap().unwrap();
        assert_eq!(read, [cookies[0].1, cookies[1].1]);
    }

    #[test]
    fn an_object_is_a_list_of_names_and_values_or_of_pairs() {
        type Color = BTreeMap<String, i64>;
        let color = || Color::from([("R".to_owned(), 100), ("G".to_owned(), 200)]);
        assert_eq!(read(&[("x-a", "R,100,G,200")], HEADER), Ok(Some(color())));
        let exploded = HEADER.explode(true);
        assert_eq!(read(&[("x-a", "R=100,G=200")], exploded), Ok(Some(color())));
        assert!(read::<Color>(&[("x-a", "R,100,G")], HEADER).is_err());
        assert!(read::<Color>(&[("x-a", "R")], exploded).is_err());
    }

    #[derive(Clone)]
    struct Limit {
        rest: Option<i64>,
        share: Option<f64>,
        hard: Option<bool>,
        digits: Option<crate::formats::Number>,
        until: Option<crate::formats::Date>,
    }

    crate::object!(Limit {
        0 => rest: optional("rest") or_empty,
        1 => share: optional("share") or_empty,
        2 => hard: optional("hard") quoted_or_empty,
        3 => digits: optional("digits") or_empty,
        4 => until: optional("until") or_empty,
    });

    #[test]
    fn an_object_of_tolerances_is_read_by_the_types_of_its_properties() {
        let header = HEADER.explode(true);
        let limit = Limit {
            rest: Some(7),
            share: Some(0.5),
            hard: Some(true),
            digits: Some("0.10".parse().unwrap()),
            until: Some("2026-01-02".into()),
        };
        let line = "rest=7,share=0.5,hard=true,digits=0.10,until=2026-01-02";
        assert_eq!(read(&[("x-a", line)], header), Ok(Some(limit)));
        let none = Limit {
            rest: None,
            share: None,
            hard: None,
            digits: None,
            until: None,
        };
        let line = "rest=,share=,hard=,digits=,until=";
        assert_eq!(read(&[("x-a", line)], header), Ok(Some(none)));
        assert!(read::<Limit>(&[("x-a", "rest=7a")], header).is_err());
    }

    #[test]
    fn a_fault_names_the_header_and_what_was_expected_but_not_the_value() {
        let error = read::<i64>(&[("x-a", "s3cret")], HEADER).unwrap_err();
        assert_eq!(error, "expected an integer in the header `X-A`");
        let error = read::<bool>(&[("x-a", "s3cret")], HEADER).unwrap_err();
        assert_eq!(error, "expected `true` or `false` in the header `X-A`");
        let answer = answer(&[("x-a", "{\"b\": \"s3cret\"}")]);
        let reader = HeaderReader { answer: &answer };
        let error = reader
            .required_json::<BTreeMap<String, i64>>("X-A")
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected i64, found string in the header `X-A`"
        );
        let error = reader.required::<i64>(Parameter::header("X-B"));
        assert_eq!(error.unwrap_err().to_string(), "expected the header `X-B`");
    }

    #[test]
    fn what_stands_in_place_of_a_value_is_read_where_it_is_expected() {
        let answer = answer(&[("x-a", "[\"1\", 2]"), ("x-b", ""), ("x-c", "3")]);
        let reader = HeaderReader { answer: &answer };
        let json = reader.required_quoted_json::<Vec<i64>>("X-A").unwrap();
        assert_eq!(json, [1, 2]);
        let json = reader.optional_quoted_json::<Vec<i64>>("X-D").unwrap();
        assert_eq!(json, None);
        let read = |name| reader.optional_or_empty::<i64>(Parameter::header(name));
        assert_eq!(
            ["X-B", "X-C", "X-D"].map(|name| read(name).unwrap()),
            [None, Some(3), None]
        );
        assert!(reader.optional::<i64>(Parameter::header("X-B")).is_err());
    }

    #[test]
    fn headers_are_read_whatever_their_case() {
        let mut headers = HeaderMap::new();
        headers.insert("etag", HeaderValue::from_static("\"a\""));
        let answer = Answer::new(StatusCode::OK, headers, Bytes::new());
        let reader = HeaderReader { answer: &answer };
        let tag: String = reader.required(Parameter::header("ETag")).unwrap();
        assert_eq!(tag, "\"a\"");
    }
}
