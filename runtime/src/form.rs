//! Bodies of the type `multipart/form-data`
//! ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)).

use std::fmt;

use bytes::Bytes;
use serde::Serialize;

use crate::parameter::{ParameterValue, ToParameter};
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
    boundary: String,
    sources: Vec<Source>,
    /// What was written since the last source.
    text: Vec<u8>,
    fault: Option<serde_json::Error>,
}

impl Form {
    pub(crate) fn of(parts: impl Parts) -> Self {
        let boundary = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let mut form = Self {
            boundary,
            sources: Vec::new(),
            text: Vec::new(),
            fault: None,
        };
        parts.parts(&mut form);
        form
    }

    /// Adds files, a part for each.
    pub fn files(&mut self, part: Part, files: impl IntoIterator<Item = Upload>) {
        for file in files {
            let media_type = file.media_type.as_deref().or(part.media_type);
            let media_type = media_type.unwrap_or("application/octet-stream");
            let name = file.file_name.as_deref().unwrap_or(part.name);
            self.head(part.name, Some(name), Some(media_type));
            match file.source {
                Source::Bytes(bytes) => self.text.extend_from_slice(&bytes),
                source => {
                    self.flush();
                    self.sources.push(source);
                }
            }
            self.text.extend_from_slice(b"\r\n");
        }
    }

    /// Adds values as text, a part for each that is defined.
    pub fn texts<'a, T: ToParameter + 'a>(
        &mut self,
        part: Part,
        values: impl IntoIterator<Item = &'a T>,
    ) {
        for value in values {
            self.value(part, value.to_parameter());
        }
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
                Err(error) => drop(self.fault.get_or_insert(error)),
            }
        }
    }

    /// Writes the delimiter and the headers of a part (RFC 7578 §4).
    fn head(&mut self, name: &str, file_name: Option<&str>, media_type: Option<&str>) {
        let mut head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{}\"",
            self.boundary,
            quoted(name)
        );
        if let Some(name) = file_name {
            head.push_str("; filename=\"");
            head.push_str(&quoted(name));
            head.push('"');
        }
        if let Some(media_type) = media_type {
            head.push_str("\r\nContent-Type: ");
            head.extend(media_type.chars().filter(|c| !c.is_control()));
        }
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
    pub(crate) fn finish(mut self) -> Result<(String, Body), serde_json::Error> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let end = format!("--{}--\r\n", self.boundary);
        self.text.extend_from_slice(end.as_bytes());
        self.flush();
        let media_type = format!("multipart/form-data; boundary={}", self.boundary);
        Ok((media_type, Body::of_all(self.sources)))
    }
}

impl fmt::Debug for Form {
    /// Prints nothing of the content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form").finish_non_exhaustive()
    }
}

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
            form.texts(Part::new("note"), &Some("a \"b\"".to_owned()));
            form.texts(Part::new("none"), &None::<String>);
            form.texts(Part::new("tags"), &vec![1, 2]);
            form.json(Part::new("data"), [&serde_json::json!({"a": 1})]);
            let file = Upload::from("x").file_name("a\"\r\n.txt");
            form.files(Part::new("file").media_type("text/csv"), [file]);
        }
    }

    #[test]
    fn parts_stand_one_after_the_other() {
        let (media_type, body) = Form::of(Sample).finish().expect("JSON");
        let boundary = media_type
            .strip_prefix("multipart/form-data; boundary=")
            .expect("a boundary");
        let Body::Bytes(bytes) = body else {
            panic!("{body:?}");
        };
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let expected = [
            "--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\na \"b\"\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\n1\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\n2\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"data\"\r\n",
            "Content-Type: application/json\r\n\r\n{\"a\":1}\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22%0D%0A.txt\"\r\n",
            "Content-Type: text/csv\r\n\r\nx\r\n--B--\r\n",
        ];
        assert_eq!(text.replace(boundary, "B"), expected.concat());
    }
}
