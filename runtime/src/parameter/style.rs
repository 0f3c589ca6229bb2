//! Styles: the tables of
//! [OpenAPI 3.0 §4.7.12.3](https://spec.openapis.org/oas/v3.0.4#style-examples).

use std::borrow::Cow;

use super::Nested;
use super::percent::{Escape, escape};
use super::value::ParameterValue;

/// How an array or an object becomes text
/// ([OpenAPI 3.0 §4.7.12.2](https://spec.openapis.org/oas/v3.0.4#style-values)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// `blue,black`, for paths and headers.
    Simple,
    /// `.blue,black`, for paths.
    Label,
    /// `;color=blue,black`, for paths.
    Matrix,
    /// `color=blue&color=black`, for queries and cookies.
    Form,
    /// `color=blue%20black`, for queries.
    SpaceDelimited,
    /// `color=blue%7Cblack`, for queries.
    PipeDelimited,
    /// `color%5BR%5D=100`, for queries.
    DeepObject,
    /// `color=blue; color=black`, for cookies; nothing is encoded
    /// ([OpenAPI 3.2 §4.12.3](https://spec.openapis.org/oas/v3.2.0#style-values)).
    Cookie,
}

/// Expands a value; see [`super::Parameter::expand`].
pub(super) fn expand(
    name: &str,
    value: &ParameterValue,
    style: Style,
    explode: bool,
    separator: &'static str,
    mode: Escape,
) -> Result<Option<String>, Nested> {
    if style == Style::DeepObject {
        let mut pairs = Vec::new();
        deep_object(&escape_name(name, mode), value, mode, &mut pairs);
        return Ok(joined(&pairs, "&"));
    }
    let Some(flat) = Flat::of(value, mode)? else {
        return Ok(None);
    };
    let name = escape_name(name, mode);
    Ok(Some(match style {
        Style::Simple => flat.list(explode, ","),
        Style::Label => {
            let separator = if explode { "." } else { "," };
            format!(".{}", flat.list(explode, separator))
        }
        Style::Matrix => flat
            .pairs(&name, explode, ",")
            .into_iter()
            // `;color` without a sign of equality where the value is empty: RFC 6570 §3.2.7.
            .map(|(name, value)| match value.as_ref() {
                "" => format!(";{name}"),
                value => format!(";{name}={value}"),
            })
            .collect(),
        Style::SpaceDelimited => flat.form(&name, explode, "%20", separator),
        Style::PipeDelimited => flat.form(&name, explode, "%7C", separator),
        Style::Form | Style::Cookie | Style::DeepObject => {
            flat.form(&name, explode, ",", separator)
        }
    }))
}

/// Names are never reserved text: `&` in one is a part of it.
pub(super) fn escape_name(name: &str, mode: Escape) -> Cow<'_, str> {
    match mode {
        Escape::Nothing => Cow::Borrowed(name),
        _ => escape(name, Escape::Unreserved),
    }
}

/// A value without another inside its members, encoded.
enum Flat<'a> {
    Primitive(Cow<'a, str>),
    Array(Vec<Cow<'a, str>>),
    Object(Vec<(Cow<'a, str>, Cow<'a, str>)>),
}

impl<'a> Flat<'a> {
    /// `None` where nothing is defined.
    fn of(value: &'a ParameterValue, mode: Escape) -> Result<Option<Self>, Nested> {
        let flat = match value {
            ParameterValue::Undefined => return Ok(None),
            ParameterValue::Primitive(text) => Self::Primitive(escape(text, mode)),
            ParameterValue::Array(items) => {
                let items = items
                    .iter()
                    .filter_map(|item| primitive(item, mode).transpose())
                    .collect::<Result<Vec<_>, _>>()?;
                if items.is_empty() {
                    return Ok(None);
                }
                Self::Array(items)
            }
            ParameterValue::Object(properties) => {
                let properties = properties
                    .iter()
                    .filter_map(|(name, value)| {
                        let value = primitive(value, mode).transpose()?;
                        Some(value.map(|value| (escape_name(name, mode), value)))
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                if properties.is_empty() {
                    return Ok(None);
                }
                Self::Object(properties)
            }
        };
        Ok(Some(flat))
    }

    /// `blue`, `blue,black` or, of an object, `R,100` or `R=100`.
    fn list(&self, explode: bool, separator: &str) -> String {
        match self {
            Self::Primitive(text) => text.clone().into_owned(),
            Self::Array(items) => items.join(separator),
            Self::Object(properties) => {
                let between = if explode { "=" } else { separator };
                properties
                    .iter()
                    .map(|(name, value)| format!("{name}{between}{value}"))
                    .collect::<Vec<_>>()
                    .join(separator)
            }
        }
    }

    /// The pairs of name and value.
    fn pairs<'b>(
        &'b self,
        name: &'b str,
        explode: bool,
        delimiter: &str,
    ) -> Vec<(&'b str, Cow<'b, str>)> {
        match self {
            Self::Array(items) if explode => items
                .iter()
                .map(|item| (name, Cow::Borrowed(item.as_ref())))
                .collect(),
            Self::Object(properties) if explode => properties
                .iter()
                .map(|(name, value)| (name.as_ref(), Cow::Borrowed(value.as_ref())))
                .collect(),
            _ => vec![(name, Cow::Owned(self.list(false, delimiter)))],
        }
    }

    fn form(&self, name: &str, explode: bool, delimiter: &str, separator: &str) -> String {
        self.pairs(name, explode, delimiter)
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join(separator)
    }
}

fn primitive(value: &ParameterValue, mode: Escape) -> Result<Option<Cow<'_, str>>, Nested> {
    match value {
        ParameterValue::Undefined => Ok(None),
        ParameterValue::Primitive(text) => Ok(Some(escape(text, mode))),
        ParameterValue::Array(_) | ParameterValue::Object(_) => Err(Nested),
    }
}

/// The specification defines one level of properties. Deeper ones follow what servers read in
/// practice: another pair of brackets, around a name or an index.
fn deep_object(name: &str, value: &ParameterValue, mode: Escape, pairs: &mut Vec<String>) {
    match value {
        ParameterValue::Undefined => {}
        ParameterValue::Primitive(text) => pairs.push(format!("{name}={}", escape(text, mode))),
        ParameterValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                deep_object(&format!("{name}%5B{index}%5D"), item, mode, pairs);
            }
        }
        ParameterValue::Object(properties) => {
            for (property, value) in properties {
                let property = escape_name(property, mode);
                deep_object(&format!("{name}%5B{property}%5D"), value, mode, pairs);
            }
        }
    }
}

fn joined(pairs: &[String], separator: &str) -> Option<String> {
    (!pairs.is_empty()).then(|| pairs.join(separator))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::ToParameter;
    use super::*;

    fn of(style: Style, explode: bool, value: &Value) -> Option<String> {
        let mode = match style {
            Style::Cookie => Escape::Nothing,
            _ => Escape::Unreserved,
        };
        let separator = if style == Style::Cookie { "; " } else { "&" };
        expand(
            "color",
            &value.to_parameter(),
            style,
            explode,
            separator,
            mode,
        )
        .expect("a flat value")
    }

    /// The table of OpenAPI 3.0.4 §4.7.12.3: style, explode, and the texts of the empty string, the
    /// string, the array and the object, where it has them.
    #[rustfmt::skip]
    const TABLE: [(Style, bool, [&str; 4]); 12] = [
        (Style::Matrix, false, [";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"]),
        (Style::Matrix, true, [";color", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"]),
        (Style::Label, false, [".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"]),
        (Style::Label, true, [".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"]),
        (Style::Simple, false, ["", "blue", "blue,black,brown", "R,100,G,200,B,150"]),
        (Style::Simple, true, ["", "blue", "blue,black,brown", "R=100,G=200,B=150"]),
        (Style::Form, false, ["color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"]),
        (Style::Form, true, ["color=", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"]),
        (Style::SpaceDelimited, false, [ABSENT, ABSENT, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"]),
        (Style::PipeDelimited, false, [ABSENT, ABSENT, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"]),
        (Style::DeepObject, true, [ABSENT, ABSENT, ABSENT, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"]),
        (Style::Cookie, true, ["color=", "color=blue", "color=blue; color=black; color=brown", "R=100; G=200; B=150"]),
    ];

    /// The table's "n/a".
    const ABSENT: &str = "n/a";

    #[test]
    fn every_cell_of_the_specifications_table_holds() {
        let values = [
            json!(""),
            json!("blue"),
            json!(["blue", "black", "brown"]),
            json!({"R": 100, "G": 200, "B": 150}),
        ];
        for (style, explode, texts) in TABLE {
            for (value, text) in values.iter().zip(texts) {
                if text != ABSENT {
                    assert_eq!(
                        of(style, explode, value).as_deref(),
                        Some(text),
                        "{style:?} {explode} {value}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_delimited_style_that_explodes_is_the_form_style() {
        let colors = json!(["blue", "black"]);
        for style in [Style::SpaceDelimited, Style::PipeDelimited] {
            assert_eq!(
                of(style, true, &colors).as_deref(),
                Some("color=blue&color=black")
            );
        }
    }

    #[test]
    fn a_delimiter_inside_a_member_is_encoded() {
        let values = json!(["a,b", "c d", "e|f", "g;h", "i.j"]);
        assert_eq!(
            of(Style::Simple, false, &values).as_deref(),
            Some("a%2Cb,c%20d,e%7Cf,g%3Bh,i.j")
        );
        assert_eq!(
            of(Style::Matrix, false, &values).as_deref(),
            Some(";color=a%2Cb,c%20d,e%7Cf,g%3Bh,i.j")
        );
    }

    #[test]
    fn names_of_properties_are_encoded() {
        assert_eq!(
            of(Style::Form, true, &json!({"a&b=c": "d"})).as_deref(),
            Some("a%26b%3Dc=d")
        );
        assert_eq!(
            of(Style::DeepObject, true, &json!({"a]": "d"})).as_deref(),
            Some("color%5Ba%5D%5D=d")
        );
    }

    #[test]
    fn empty_members_keep_their_place() {
        let values = json!(["", "a", ""]);
        assert_eq!(of(Style::Simple, false, &values).as_deref(), Some(",a,"));
        assert_eq!(
            of(Style::Form, true, &values).as_deref(),
            Some("color=&color=a&color=")
        );
        assert_eq!(
            of(Style::Matrix, true, &values).as_deref(),
            Some(";color;color=a;color")
        );
    }

    #[test]
    fn what_is_undefined_is_left_out() {
        let all = [
            Style::Simple,
            Style::Label,
            Style::Matrix,
            Style::Form,
            Style::SpaceDelimited,
            Style::PipeDelimited,
            Style::DeepObject,
            Style::Cookie,
        ];
        for style in all {
            for value in [
                json!(null),
                json!([]),
                json!({}),
                json!([null]),
                json!({"a": null}),
            ] {
                assert_eq!(of(style, true, &value), None, "{style:?} {value}");
                assert_eq!(of(style, false, &value), None, "{style:?} {value}");
            }
        }
        assert_eq!(
            of(Style::Form, true, &json!(["a", null])).as_deref(),
            Some("color=a")
        );
    }

    #[test]
    fn deep_objects_nest() {
        assert_eq!(
            of(
                Style::DeepObject,
                true,
                &json!({"a": {"b": 1}, "c": ["x", {"d": "é"}]})
            )
            .as_deref(),
            Some("color%5Ba%5D%5Bb%5D=1&color%5Bc%5D%5B0%5D=x&color%5Bc%5D%5B1%5D%5Bd%5D=%C3%A9")
        );
    }

    #[test]
    fn other_styles_do_not_nest() {
        for value in [json!([["a"]]), json!({"a": ["b"]}), json!([{"a": 1}])] {
            let value = value.to_parameter();
            assert_eq!(
                expand("color", &value, Style::Form, true, "&", Escape::Unreserved),
                Err(Nested)
            );
        }
    }

    #[test]
    fn cookies_of_the_form_style_are_encoded_and_those_of_the_cookie_style_are_not() {
        let value = json!("a;b").to_parameter();
        assert_eq!(
            expand("c", &value, Style::Form, true, "; ", Escape::Unreserved),
            Ok(Some("c=a%3Bb".into()))
        );
        assert_eq!(
            expand("c", &value, Style::Cookie, true, "; ", Escape::Nothing),
            Ok(Some("c=a;b".into()))
        );
    }
}
