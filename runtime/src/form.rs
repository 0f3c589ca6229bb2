//! Bodies made of parts: `multipart/form-data` ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)), and the
//! other types of [RFC 2046 §5.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1), whose parts have no name.

use std::fmt;

use bytes::Bytes;
use serde::Serialize;

use crate::parameter::{Parameter, ParameterValue, ToParameter};
use crate::request::header;
use crate::request_error::RequestError;
use crate::upload::{Body, Source, Upload};

/// A part of a body: its name and, where the document gives one, its media type.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    name: &'static str,
    media_type: Option<&'static str>,
}

impl Part {
    /// Describes a part by its name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            media_type: None,
        }
    }

    /// Sets the media type.
    #[must_use]
    pub const fn media_type(mut self, media_type: &'static str) -> Self {
        self.media_type = Some(media_type);
        self
    }
}

/// A body made of parts; generated code implements it.
pub trait Parts {
    /// Adds the parts to a form.
    fn parts(self, form: &mut Form);
}

/// The parts of a body, as they are sent one after the other.
pub struct Form {
    media_type: &'static str,
    boundary: String,
    /// Lines of header that the parts have which are added next.
    headers: String,
    /// The media type of the first part.
    root: Option<String>,
    sources: Vec<Source>,
    /// What was written since the last source.
    text: Vec<u8>,
    fault: Option<RequestError>,
}

/// The type whose parts have names.
pub(crate) const FORM_DATA: &str = "multipart/form-data";

/// The type that says what its first part is ([RFC 2387](https://www.rfc-editor.org/rfc/rfc2387#section-3.1)).
const RELATED: &str = "multipart/related";

impl Form {
    pub(crate) fn of(media_type: &'static str, parts: impl Parts) -> Self {
        let boundary = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let mut form = Self {
            media_type,
            boundary,
            headers: String::new(),
            root: None,
            sources: Vec::new(),
            text: Vec::new(),
            fault: None,
        };
        parts.parts(&mut form);
        form
    }

    /// Sets a header of the parts that are added next.
    pub fn header(&mut self, header: Parameter, value: &dyn ToParameter) {
        match header.expand(value.to_parameter()) {
            Ok(Some(text)) => self.header_line(header.name, &text),
            Ok(None) => {}
            Err(_) => self.fail(RequestError::Nested(header.name)),
        }
    }

    /// Sets a header of JSON of the parts that are added next.
    pub fn json_header<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        match serde_json::to_string(value) {
            Ok(json) => self.header_line(name, &json),
            Err(error) => self.fail(RequestError::Encode(error.into())),
        }
    }

    fn header_line(&mut self, name: &str, value: &str) {
        match header(name, value) {
            Ok(_) => self.headers.extend(["\r\n", name, ": ", value]),
            Err(fault) => self.fail(fault),
        }
    }

    fn fail(&mut self, fault: RequestError) {
        self.fault.get_or_insert(fault);
    }

    /// Adds files, a part for each.
    pub fn files(&mut self, part: Part, files: impl IntoIterator<Item = Upload>) {
        for file in files {
            let media_type = file.media_type.as_deref().or(part.media_type);
            let media_type = media_type.unwrap_or("application/octet-stream");
            let is_named = self.media_type == FORM_DATA;
            let unnamed = is_named.then_some(part.name);
            let name = file.file_name.as_deref().or(unnamed);
            self.head(part.name, name, Some(media_type));
            match file.source {
                Source::Bytes(bytes) => self.text.extend_from_slice(&bytes),
                source => {
                    self.flush();
                    self.sources.push(source);
                }
            }
            self.text.extend_from_slice(b"\r\n");
        }
        self.headers.clear();
    }

    /// Adds values as text, a part for each that is defined.
    pub fn texts<T: ToParameter>(&mut self, part: Part, values: impl IntoIterator<Item = T>) {
        for value in values {
            self.value(part, value.to_parameter());
        }
        self.headers.clear();
    }

    fn value(&mut self, part: Part, value: ParameterValue) {
        match value {
            ParameterValue::Undefined => {}
            ParameterValue::Primitive(text) => {
                self.head(part.name, None, part.media_type);
                self.text.extend_from_slice(text.as_bytes());
                self.text.extend_from_slice(b"\r\n");
            }
            ParameterValue::Array(values) => {
                for value in values {
                    self.value(part, value);
                }
            }
            ParameterValue::Object(properties) => {
                for (_, value) in properties {
                    self.value(part, value);
                }
            }
        }
    }

    /// Adds values as JSON, a part for each.
    pub fn json<'a, T: Serialize + 'a>(
        &mut self,
        part: Part,
        values: impl IntoIterator<Item = &'a T>,
    ) {
        for value in values {
            let media_type = part.media_type.unwrap_or("application/json");
            self.head(part.name, None, Some(media_type));
            match serde_json::to_writer(&mut self.text, value) {
                Ok(()) => self.text.extend_from_slice(b"\r\n"),
                Err(error) => self.fail(RequestError::Encode(error.into())),
            }
        }
        self.headers.clear();
    }

    /// Writes the delimiter and the headers of a part: in a form with its name (RFC 7578 §4), otherwise
    /// with the name of its file alone (RFC 2183).
    fn head(&mut self, name: &str, file_name: Option<&str>, media_type: Option<&str>) {
        let mut head = format!("--{}", self.boundary);
        let file_name = file_name.map(|name| format!("; filename=\"{}\"", quoted(name)));
        let is_form = self.media_type == FORM_DATA;
        if is_form {
            head.push_str("\r\nContent-Disposition: form-data; name=\"");
            head.push_str(&quoted(name));
            head.push('"');
        } else if file_name.is_some() {
            head.push_str("\r\nContent-Disposition: attachment");
        }
        head.extend(file_name);
        if let Some(media_type) = media_type.or((!is_form).then_some(TEXT)) {
            let media_type = media_type.chars().filter(|c| !c.is_control());
            let media_type: String = media_type.collect();
            head.push_str("\r\nContent-Type: ");
            head.push_str(&media_type);
            self.root.get_or_insert(media_type);
        }
        head.push_str(&self.headers);
        head.push_str("\r\n\r\n");
        self.text.extend_from_slice(head.as_bytes());
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.sources.push(Source::Bytes(Bytes::from(text)));
        }
    }

    /// Returns the media type and the body.
    pub(crate) fn finish(mut self) -> Result<(String, Body), RequestError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let end = format!("--{}--\r\n", self.boundary);
        self.text.extend_from_slice(end.as_bytes());
        self.flush();
        let mut media_type = format!("{}; boundary={}", self.media_type, self.boundary);
        if let Some(root) = self.root.filter(|_| self.media_type == RELATED) {
            media_type.extend(["; type=\"", &quoted(&root), "\""]);
        }
        Ok((media_type, Body::of_all(self.sources)))
    }
}

impl fmt::Debug for Form {
    /// Prints nothing of the content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form").finish_non_exhaustive()
    }
}

/// What text is in a part without a media type of its own: that of mail would be ASCII (RFC 2046 §4.1.2).
const TEXT: &str = "text/plain; charset=utf-8";

/// Escapes a name as browsers do
/// ([HTML, multipart form data](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data)).
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sample;

    impl Parts for Sample {
        fn parts(self, form: &mut Form) {
            form.texts(Part::new("note"), Some("a \"b\"".to_owned()));
            form.texts(Part::new("none"), &None::<String>);
            form.texts(Part::new("tags"), vec![1, 2]);
            form.json(Part::new("data"), [&serde_json::json!({"a": 1})]);
            let file = Upload::from("x").file_name("a\"\r\n.txt");
            form.header(Parameter::header("X-Pages"), &2);
            form.header(Parameter::header("X-None"), &None::<i64>);
            form.json_header("X-Json", &[1]);
            form.files(Part::new("file").media_type("text/csv"), [file]);
            form.files(Part::new("raw"), [Upload::from("y")]);
        }
    }

    struct Broken;

    impl Parts for Broken {
        fn parts(self, form: &mut Form) {
            form.header(Parameter::header("X-Line"), &"a\r\nb: c");
            form.texts(Part::new("note"), [&"a"]);
        }
    }

    fn text_of(body: Body) -> String {
        let Body::Bytes(bytes) = body else {
            panic!("{body:?}");
        };
        String::from_utf8(bytes.to_vec()).expect("UTF-8")
    }

    #[test]
    fn parts_of_other_types_have_no_name_and_a_related_one_says_what_comes_first() {
        let (media_type, body) = Form::of(RELATED, Sample).finish().expect("JSON");
        let (start, boundary) = media_type.split_once("; boundary=").expect("a boundary");
        let (boundary, root) = boundary.split_once("; ").expect("a type");
        assert_eq!(start, RELATED);
        assert_eq!(root, "type=\"text/plain; charset=utf-8\"");
        let text = text_of(body).replace(boundary, "B");
        let expected = [
            "--B\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n",
            "--B\r\nContent-Disposition: attachment; filename=\"a%22%0D%0A.txt\"\r\n",
            "Content-Type: text/csv\r\nX-Pages: 2\r\nX-Json: [1]\r\n\r\nx\r\n",
            "--B\r\nContent-Type: application/octet-stream\r\n\r\ny\r\n--B--\r\n",
        ];
        assert!(text.ends_with(&expected.concat()), "{text}");
        assert!(!text.contains("name=\"note\""));
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_a_fault() {
        let fault = Form::of(FORM_DATA, Broken).finish().err();
        assert!(matches!(fault, Some(RequestError::Header(name)) if name == "X-Line"));
    }

    #[test]
    fn parts_stand_one_after_the_other() {
        let (media_type, body) = Form::of(FORM_DATA, Sample).finish().expect("JSON");
        let boundary = media_type
            .strip_prefix("multipart/form-data; boundary=")
            .expect("a boundary");
        let text = text_of(body);
        let expected = [
            "--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\na \"b\"\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\n1\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\n2\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"data\"\r\n",
            "Content-Type: application/json\r\n\r\n{\"a\":1}\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22%0D%0A.txt\"\r\n",
            "Content-Type: text/csv\r\nX-Pages: 2\r\nX-Json: [1]\r\n\r\nx\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"raw\"; filename=\"raw\"\r\n",
            "Content-Type: application/octet-stream\r\n\r\ny\r\n--B--\r\n",
        ];
        assert_eq!(text.replace(boundary, "B"), expected.concat());
    }
}
