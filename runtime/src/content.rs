//! The body of a request, ready to be sent, with its media type.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::Serialize;

#[cfg(feature = "validate")]
use crate::constraints::Constraints;
use crate::form::{FORM_DATA, Form, Parts};
use crate::framing::Framing;
use crate::json::Json;
use crate::json_items::JsonItems;
use crate::request_error::RequestError;
use crate::upload::{Body, Upload};
use crate::urlencoded::{FormProperty, urlencoded};
#[cfg(feature = "xml")]
use crate::xml::Document;

/// What a request carries: a media type and a body. Generated code makes it.
///
/// A value that can't be encoded surfaces when the call is made.
pub struct Content(Result<Encoded, RequestError>);

pub(crate) struct Encoded {
    pub(crate) media_type: Cow<'static, str>,
    pub(crate) body: Body,
}

/// The type of forms.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

impl Content {
    fn of(media_type: impl Into<Cow<'static, str>>, body: Body) -> Self {
        Self(Ok(Encoded {
            media_type: media_type.into(),
            body,
        }))
    }

    /// Makes a body of JSON.
    pub fn json<B: Serialize + ?Sized>(media_type: &'static str, body: &B) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) => Self::bytes(media_type, json),
            Err(error) => Self(Err(RequestError::Encode(error.into()))),
        }
    }

    /// Makes a body of the type `application/x-www-form-urlencoded` from an object.
    pub fn form<B: Serialize + ?Sized>(body: &B) -> Self {
        Self::form_encoded(body, &[])
    }

    /// Makes a body of the type `application/x-www-form-urlencoded` from an object some of whose
    /// properties have an encoding of their own.
    pub fn form_encoded<B: Serialize + ?Sized>(body: &B, properties: &[FormProperty]) -> Self {
        let body = Json::of(body).map_err(|error| RequestError::Encode(error.into()));
        match body.and_then(|body| urlencoded(&body, properties)) {
            Ok(form) => Self::bytes(FORM, form),
            Err(fault) => Self(Err(fault)),
        }
    }

    /// Makes a body of XML, by the description of its document.
    #[cfg(feature = "xml")]
    pub fn xml<B: Serialize + ?Sized>(
        media_type: &'static str,
        body: &B,
        document: Document,
    ) -> Self {
        let body = Json::of(body).and_then(|body| document.write(&body));
        match body {
            Ok(xml) => Self::bytes(media_type, xml),
            Err(error) => Self(Err(RequestError::Encode(error.into()))),
        }
    }

    /// Makes a body of text.
    #[must_use]
    pub fn text(media_type: &'static str, body: &str) -> Self {
        Self::bytes(media_type, Bytes::copy_from_slice(body.as_bytes()))
    }

    /// Makes a body of bytes.
    pub fn bytes(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::of(media_type, body.into().into())
    }

    /// Makes a body of the type `multipart/form-data`.
    pub fn multipart(body: impl Parts) -> Self {
        Self::multipart_of(FORM_DATA, body)
    }

    /// Makes a body of parts, of another multipart type.
    pub fn multipart_of(media_type: &'static str, body: impl Parts) -> Self {
        let body = Form::of(media_type, body).finish();
        Self(body.map(|(media_type, body)| Encoded {
            media_type: media_type.into(),
            body,
        }))
    }

    /// Makes a body from memory, from a file or from a stream. A media type of its own has
    /// precedence.
    pub fn upload(media_type: &'static str, body: impl Into<Upload>) -> Self {
        let Upload {
            source,
            media_type: own,
            ..
        } = body.into();
        let media_type = own.map_or(Cow::Borrowed(media_type), Cow::Owned);
        Self::of(media_type, Body::of(source))
    }

    /// Makes a body of JSON lines.
    pub fn lines<T>(media_type: &'static str, items: impl Into<JsonItems<T>>) -> Self {
        Self::items(media_type, Framing::Lines, items.into())
    }

    /// Makes a body that is a JSON text sequence
    /// ([RFC 7464](https://www.rfc-editor.org/rfc/rfc7464)).
    pub fn sequence<T>(media_type: &'static str, items: impl Into<JsonItems<T>>) -> Self {
        Self::items(media_type, Framing::Sequence, items.into())
    }

    fn items<T>(media_type: &'static str, framing: Framing, items: JsonItems<T>) -> Self {
        match items.framed(framing) {
            Ok(upload) => Self::upload(media_type, upload),
            Err(fault) => Self(Err(fault)),
        }
    }

    /// Holds what the body was made of against the constraints of the document.
    #[cfg(feature = "validate")]
    #[must_use]
    pub fn constrained<B: Serialize + ?Sized>(self, body: &B, constraints: Constraints) -> Self {
        Self(self.0.and_then(|encoded| {
            let body =
                serde_json::to_value(body).map_err(|error| RequestError::Encode(error.into()))?;
            let subject = || "the request body".to_owned();
            match RequestError::of(constraints.check(&body), subject) {
                Some(fault) => Err(fault),
                None => Ok(encoded),
            }
        }))
    }

    pub(crate) fn encoded(self) -> Result<Encoded, RequestError> {
        self.0
    }
}

impl fmt::Debug for Content {
    /// Prints nothing of the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let media_type = self.0.as_ref().map(|encoded| &encoded.media_type);
        f.debug_tuple("Content").field(&media_type).finish()
    }
}
