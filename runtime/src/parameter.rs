//! Parameters: where a value goes in a request and how it becomes text
//! ([OpenAPI 3.0 §4.7.12](https://spec.openapis.org/oas/v3.0.4#parameter-object)).

mod percent;
mod style;
mod value;

use std::borrow::Cow;

#[cfg(feature = "validate")]
use crate::constraints::Constraints;

pub(crate) use percent::{Escape, escape};
pub use style::Style;
use style::escape_name;
pub use value::{AsJson, ParameterValue, ToParameter};

/// A parameter of an operation: its name, its place and its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) location: Location,
    style: Style,
    /// `None` is the default of the style.
    explode: Option<bool>,
    allow_reserved: bool,
    #[cfg(feature = "validate")]
    pub(crate) constraints: Option<Constraints>,
}

/// Where a parameter stands in a request: its `in`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

impl Parameter {
    /// Describes a path parameter; its default style is `simple`.
    #[must_use]
    pub const fn path(name: &'static str) -> Self {
        Self::of(name, Location::Path, Style::Simple)
    }

    /// Describes a query parameter; its default style is `form`.
    #[must_use]
    pub const fn query(name: &'static str) -> Self {
        Self::of(name, Location::Query, Style::Form)
    }

    /// Describes a query parameter of the style `deepObject`: a pair for each property, `name[property]=value`.
    #[must_use]
    pub const fn deep_object(name: &'static str) -> Self {
        Self::query(name).style(Style::DeepObject).explode(true)
    }

    /// Describes a header parameter; its default style is `simple`.
    #[must_use]
    pub const fn header(name: &'static str) -> Self {
        Self::of(name, Location::Header, Style::Simple)
    }

    /// Describes a cookie parameter; its default style is `form`.
    #[must_use]
    pub const fn cookie(name: &'static str) -> Self {
        Self::of(name, Location::Cookie, Style::Form)
    }

    const fn of(name: &'static str, location: Location, style: Style) -> Self {
        Self {
            name,
            location,
            style,
            explode: None,
            allow_reserved: false,
            #[cfg(feature = "validate")]
            constraints: None,
        }
    }

    /// Sets the style.
    #[must_use]
    pub const fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// Sets whether an array or object gives one pair per member; the default is true for the
    /// styles `form` and `cookie` and false for the others.
    #[must_use]
    pub const fn explode(mut self, explode: bool) -> Self {
        self.explode = Some(explode);
        self
    }

    /// Lets reserved characters ([RFC 3986 §2.2](https://www.rfc-editor.org/rfc/rfc3986#section-2.2))
    /// stand as they are.
    #[must_use]
    pub const fn allow_reserved(mut self) -> Self {
        self.allow_reserved = true;
        self
    }

    /// Holds its values against the constraints of the document.
    #[cfg(feature = "validate")]
    #[must_use]
    pub const fn constrained(mut self, constraints: Constraints) -> Self {
        self.constraints = Some(constraints);
        self
    }

    /// Returns the text of a value: the path parameter's expansion, the pairs of a query or of a
    /// cookie, or the header's value. `None` where the value is undefined, which includes an array
    /// or an object without members ([RFC 6570 §2.3](https://www.rfc-editor.org/rfc/rfc6570#section-2.3)).
    pub(crate) fn expand(&self, value: ParameterValue) -> Result<Option<String>, Nested> {
        // What is one text, as most are, needn't be taken apart and joined again.
        let value = match (value, self.style) {
            (ParameterValue::Primitive(text), Style::Simple) => {
                return Ok(Some(match escape(&text, self.escape()) {
                    Cow::Borrowed(_) => text,
                    Cow::Owned(escaped) => escaped,
                }));
            }
            (ParameterValue::Primitive(text), Style::Form) => {
                let name = escape_name(self.name, self.escape());
                let escaped = escape(&text, self.escape());
                return Ok(Some([&name, "=", &escaped].concat()));
            }
            (value, _) => value,
        };
        style::expand(
            self.name,
            &value,
            self.style,
            self.explodes(),
            self.separator(),
            self.escape(),
        )
    }

    pub(crate) fn explodes(&self) -> bool {
        let default = matches!(self.style, Style::Form | Style::Cookie);
        self.explode.unwrap_or(default)
    }

    /// What stands between two pairs of the styles `form` and `cookie`.
    const fn separator(&self) -> &'static str {
        match self.location {
            Location::Cookie => "; ",
            _ => "&",
        }
    }

    /// Headers carry their values as they are; a percent sign in one means itself
    /// ([OpenAPI 3.1 appendix D](https://spec.openapis.org/oas/v3.1.1#appendix-d-serializing-headers-and-cookies)).
    const fn escape(&self) -> Escape {
        match (self.location, self.style) {
            (Location::Header, _) | (_, Style::Cookie) => Escape::Nothing,
            (Location::Query, _) if self.allow_reserved => Escape::AllowReserved,
            _ => Escape::Unreserved,
        }
    }

    /// Returns the text of a parameter with `content`: one value that is text already.
    pub(crate) fn expand_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let escaped = escape(text, self.escape());
        match self.location {
            Location::Query | Location::Cookie => {
                format!("{}={escaped}", escape(self.name, Escape::Unreserved)).into()
            }
            Location::Path | Location::Header => escaped,
        }
    }
}

/// A value inside another for which a style has no form; OpenAPI leaves it undefined for all but
/// `deepObject`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nested;

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(parameter: Parameter, value: &dyn ToParameter) -> String {
        parameter
            .expand(value.to_parameter())
            .expect("a flat value")
            .expect("a defined value")
    }

    #[test]
    fn each_location_has_the_default_style_of_the_specification() {
        let colors = ["blue", "black"];
        assert_eq!(expand(Parameter::path("color"), &colors), "blue,black");
        assert_eq!(
            expand(Parameter::query("color"), &colors),
            "color=blue&color=black"
        );
        assert_eq!(expand(Parameter::header("color"), &colors), "blue,black");
        assert_eq!(
            expand(Parameter::cookie("color"), &colors),
            "color=blue; color=black"
        );
    }

    #[test]
    fn another_style_brings_its_own_default_of_explode() {
        let colors = ["blue", "black"];
        let piped = Parameter::query("color").style(Style::PipeDelimited);
        assert_eq!(expand(piped, &colors), "color=blue%7Cblack");
        let matrix = Parameter::path("color").style(Style::Matrix);
        assert_eq!(expand(matrix, &colors), ";color=blue,black");
    }

    #[test]
    fn a_header_is_not_percent_encoded() {
        assert_eq!(
            expand(Parameter::header("X-Note"), &"50 % of é"),
            "50 % of é"
        );
    }

    #[test]
    fn reserved_characters_stand_only_where_they_are_allowed() {
        let value = "a/b?c:d@e!$'()*;,";
        assert_eq!(
            expand(Parameter::query("q"), &value),
            "q=a%2Fb%3Fc%3Ad%40e%21%24%27%28%29%2A%3B%2C"
        );
        assert_eq!(
            expand(Parameter::query("q").allow_reserved(), &value),
            "q=a/b?c:d@e!$'()*;,"
        );
        assert_eq!(
            expand(Parameter::path("p").allow_reserved(), &"a/b"),
            "a%2Fb"
        );
    }

    #[test]
    fn content_is_one_value() {
        let json = r#"{"a":[1,2]}"#;
        assert_eq!(
            Parameter::query("filter").expand_text(json),
            "filter=%7B%22a%22%3A%5B1%2C2%5D%7D"
        );
        assert_eq!(Parameter::header("X-Filter").expand_text(json), json);
        assert_eq!(Parameter::path("p").expand_text("[1]"), "%5B1%5D");
    }
}
