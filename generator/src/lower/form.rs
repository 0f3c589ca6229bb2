//! Forms: how each property is written (OpenAPI 3.0 §4.7.15).

use indexmap::IndexMap;
use openapiv3::{Encoding, QueryStyle};

use super::Lowerer;
use super::content::is_json;
use super::parameter::query_style;
use crate::diagnostics::Code;
use crate::extensions;
use crate::model::{FormProperty, ParameterContent, Style};
use crate::pointer::Pointer;

impl Lowerer<'_, '_> {
    /// Returns the properties of a form that have an encoding of their own.
    pub(super) fn form_properties(
        &mut self,
        encodings: &IndexMap<String, Encoding>,
        at: &Pointer,
    ) -> Vec<FormProperty> {
        let mut properties = Vec::new();
        for (name, encoding) in encodings {
            let content_type = encoding.content_type.as_deref().map(str::trim);
            let is_styled = encoding.style.is_some()
                || encoding.allow_reserved
                || extensions::is_exploded(&encoding.extensions).is_some();
            let content = match content_type {
                // A style is for texts: what is said of it goes before the media type.
                _ if is_styled => {
                    let style = encoding.style.as_ref().unwrap_or(&QueryStyle::Form);
                    let style = query_style(style);
                    ParameterContent::Styled {
                        style,
                        explode: extensions::is_exploded(&encoding.extensions)
                            .unwrap_or(style == Style::Form),
                        allow_reserved: encoding.allow_reserved,
                    }
                }
                Some(content_type) if is_json(content_type) => ParameterContent::Json,
                None | Some("" | "text/plain") => continue,
                Some(content_type) => {
                    let message = format!("a property as `{content_type}` isn't generated");
                    let at = at.child("encoding").child(name).child("contentType");
                    self.warn(Code::Unsupported, &at, message);
                    continue;
                }
            };
            properties.push(FormProperty {
                name: name.clone(),
                content,
            });
        }
        properties
    }
}
