//! What an operation's answers say in their headers.

use super::{Operation, Parameter, Response, Type};

/// A header of one or several responses of an operation.
#[derive(Debug)]
pub(crate) struct Header<'a> {
    pub(crate) parameter: &'a Parameter,
    /// Whether every response has it.
    pub(crate) required: bool,
    /// Whether responses differ in what it is: then it is a text.
    differs: bool,
}

impl<'a> Header<'a> {
    /// Returns the type; `None` where it is a text, because responses differ.
    pub(crate) const fn ty(&self) -> Option<&'a Type> {
        if self.differs {
            None
        } else {
            Some(&self.parameter.ty)
        }
    }
}

impl Operation {
    /// Returns the headers of responses, each once: their names know no case (RFC 9110 §5.1).
    pub(crate) fn headers(responses: &[Response]) -> Vec<Header<'_>> {
        let mut headers: Vec<(Header<'_>, usize)> = Vec::new();
        for parameter in responses.iter().flat_map(|response| &response.headers) {
            let same = |(header, _): &&mut (Header<'_>, usize)| {
                let name = &header.parameter.name;
                name.eq_ignore_ascii_case(&parameter.name)
            };
            if let Some((header, count)) = headers.iter_mut().find(same) {
                header.required &= parameter.required;
                header.differs |= header.parameter.ty != parameter.ty
                    || header.parameter.content != parameter.content;
                *count += 1;
            } else {
                let header = Header {
                    parameter,
                    required: parameter.required,
                    differs: false,
                };
                headers.push((header, 1));
            }
        }
        let headers = headers.into_iter().map(|(header, count)| Header {
            required: header.required && count >= responses.len(),
            ..header
        });
        headers.collect()
    }
}
