//! What a caller gets of an operation that went well.

use super::{Content, ContentKind, Operation, Response};

/// The bodies of an operation's successes, seen together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Success<'a> {
    /// No success has a body.
    Nothing,
    /// Every success has the same body.
    Always(&'a Content),
    /// Some successes have a body, always the same; others have none.
    Sometimes(&'a Content),
    /// The bodies differ.
    OneOf,
}

impl Operation {
    /// Returns what the bodies of the successes have in common.
    pub(crate) fn success(&self) -> Success<'_> {
        let mut contents = self.successes.iter().flat_map(Response::whole);
        let Some(mut first) = contents.next() else {
            return Success::Nothing;
        };
        for other in contents {
            if shape(other) != shape(first) {
                return Success::OneOf;
            }
            // That which can be read in either notation reads the others, too.
            if first.also_xml.is_none() {
                first = other;
            }
        }
        let always = self
            .successes
            .iter()
            .all(|response| !response.contents.is_empty());
        // A text can be empty itself.
        if always || !matches!(first.kind, ContentKind::Json(_)) {
            Success::Always(first)
        } else {
            Success::Sometimes(first)
        }
    }
}

/// Returns what a content decodes to: a form is read as the text that it is.
const fn shape(content: &Content) -> &ContentKind {
    match &content.kind {
        ContentKind::Form(..) => &ContentKind::Text,
        kind => kind,
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::model::{Docs, Scalar, StatusPattern, Type};
    use crate::pointer::Pointer;

    fn operation(kinds: &[Option<ContentKind>]) -> Operation {
        let response = |kind: &Option<ContentKind>| Response {
            status: StatusPattern::Code(200),
            contents: Vec::from_iter(kind.clone().map(|kind| Content {
                media_type: "application/json".to_owned(),
                kind,
                also_xml: None,
                pointer: Pointer::root(),
                constraints: None,
            })),
            headers: Vec::new(),
            description: String::new(),
        };
        Operation {
            id: "get".to_owned(),
            method: Method::GET,
            path: "/".to_owned(),
            group: 0,
            docs: Docs::default(),
            parameters: Vec::new(),
            body: None,
            successes: kinds.iter().map(response).collect(),
            failures: Vec::new(),
            security: Vec::new(),
            servers: None,
            pages: None,
            polling: None,
            suspicion: None,
            asked: None,
        }
    }

    #[test]
    fn successes_of_one_kind_are_one_type() {
        let json = || Some(ContentKind::Json(Type::Scalar(Scalar::String)));
        assert_eq!(operation(&[None, None]).success(), Success::Nothing);
        assert!(matches!(
            operation(&[json(), json()]).success(),
            Success::Always(_)
        ));
        assert!(matches!(
            operation(&[json(), None]).success(),
            Success::Sometimes(_)
        ));
        assert!(matches!(
            operation(&[Some(ContentKind::Text), None]).success(),
            Success::Always(_)
        ));
        let different = [json(), Some(ContentKind::Json(Type::Any))];
        assert_eq!(operation(&different).success(), Success::OneOf);
    }
}
