//! Bodies of the type `application/x-www-form-urlencoded`
//! ([OpenAPI 3.0 §4.7.14.3](https://spec.openapis.org/oas/v3.0.4#support-for-x-www-form-urlencoded-request-bodies)).

use crate::json::Json;
use crate::parameter::{Escape, Parameter, ToParameter, escape};
use crate::request::append;
use crate::request_error::RequestError;

/// A property of a form that has an encoding of its own
/// ([OpenAPI 3.0 §4.7.15](https://spec.openapis.org/oas/v3.0.4#encoding-object)).
#[derive(Debug, Clone, Copy)]
pub struct FormProperty {
    name: &'static str,
    /// `None` is JSON.
    style: Option<Parameter>,
}

impl FormProperty {
    /// Describes a property that is written like a query parameter.
    #[must_use]
    pub const fn styled(parameter: Parameter) -> Self {
        Self {
            name: parameter.name,
            style: Some(parameter),
        }
    }

    /// Describes a property that is written like a query parameter of the style `deepObject`.
    #[must_use]
    pub const fn deep_object(name: &'static str) -> Self {
        Self::styled(Parameter::deep_object(name))
    }

    /// Describes a property that is written as JSON, whatever it is.
    #[must_use]
    pub const fn json(name: &'static str) -> Self {
        Self { name, style: None }
    }
}

/// Returns a form. Properties without an encoding have one pair each, one per item of an array, and
/// JSON for objects.
pub(crate) fn urlencoded(body: &Json, properties: &[FormProperty]) -> Result<String, RequestError> {
    let Json::Object(members) = body else {
        return Err(RequestError::Form);
    };
    let mut form = String::new();
    for (name, value) in members {
        let property = properties.iter().find(|property| property.name == name);
        match property.map(|property| property.style) {
            Some(Some(style)) => {
                let nested = |_| RequestError::Nested(style.name);
                let pairs = style.expand(value.to_parameter()).map_err(nested)?;
                append(&mut form, "&", pairs.as_deref().unwrap_or_default());
            }
            Some(None) if value.is_null() => {}
            Some(None) => append(&mut form, "&", &pair(name, &value.to_string())),
            None => by_default(name, value, &mut form),
        }
    }
    Ok(form)
}

fn by_default(name: &str, value: &Json, form: &mut String) {
    let items = match value {
        Json::Array(items) => items.as_slice(),
        value => std::slice::from_ref(value),
    };
    for item in items {
        let text = match item {
            Json::Null => continue,
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        append(form, "&", &pair(name, &text));
    }
}

fn pair(name: &str, text: &str) -> String {
    let [name, text] = [name, text].map(|part| escape(part, Escape::Form));
    format!("{name}={text}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn form(body: &Value, properties: &[FormProperty]) -> Result<String, RequestError> {
        urlencoded(&Json::of(body).expect("JSON"), properties)
    }

    #[test]
    fn a_form_has_a_pair_per_item_and_json_for_objects() {
        let body = json!({"a": "x y&", "b": [1, true], "c": {"d": 1}, "e": null, "f": ""});
        assert_eq!(
            form(&body, &[]).expect("an object"),
            "a=x+y%26&b=1&b=true&c=%7B%22d%22%3A1%7D&f="
        );
        assert!(matches!(form(&json!([1]), &[]), Err(RequestError::Form)));
    }

    #[test]
    fn a_property_is_written_as_its_encoding_says() {
        let properties = [
            FormProperty::styled(Parameter::query("ids").explode(false)),
            FormProperty::deep_object("color"),
            FormProperty::styled(Parameter::query("path").allow_reserved()),
            FormProperty::json("list"),
            FormProperty::json("none"),
        ];
        let body = json!({
            "ids": [1, 2], "color": {"R": 100, "G": null}, "path": "/a b", "list": ["x"],
            "none": null, "other": [3, 4],
        });
        assert_eq!(
            form(&body, &properties).expect("an object"),
            "ids=1,2&color%5BR%5D=100&path=/a%20b&list=%5B%22x%22%5D&other=3&other=4"
        );
        let nested = json!({"ids": [[1]]});
        let error = form(&nested, &properties);
        assert!(matches!(error, Err(RequestError::Nested("ids"))));
    }
}
