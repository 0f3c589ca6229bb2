//! Parameters and headers.

use openapiv3::{
    CookieStyle, Header, HeaderStyle, Parameter, ParameterData, ParameterSchemaOrContent,
    PathStyle, QueryStyle, ReferenceOr,
};

use super::{content, part::Part, schema};
use crate::diagnostics::Diagnostics;
use crate::extensions::{COOKIE_STYLE, EXPLODE, QUERY_STRING};

/// Reads a Parameter Object (OpenAPI 3.0 §4.7.12) or a reference to one.
pub(super) fn parameter(
    part: &Part<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ReferenceOr<Parameter>> {
    part.object(diagnostics)?;
    if let Some(reference) = part.reference() {
        return Some(reference);
    }
    let Some(location) = part.text("in", diagnostics) else {
        part.lose("a parameter without `in`", diagnostics);
        return None;
    };
    let Some(name) = part.text("name", diagnostics) else {
        part.lose("a parameter without `name`", diagnostics);
        return None;
    };
    let style = part.member("style");
    let parameter = match location.as_str() {
        "query" => Parameter::Query {
            style: style
                .and_then(|style| query_style(&style, diagnostics))
                .unwrap_or_default(),
            allow_reserved: part.flag("allowReserved", diagnostics).unwrap_or_default(),
            allow_empty_value: part.flag("allowEmptyValue", diagnostics),
            parameter_data: data(name, part, diagnostics),
        },
        "querystring" => Parameter::Query {
            style: QueryStyle::default(),
            allow_reserved: false,
            allow_empty_value: None,
            parameter_data: marked(QUERY_STRING, data(name, part, diagnostics)),
        },
        "path" => Parameter::Path {
            style: style
                .and_then(|style| {
                    let known = match style.value.as_str() {
                        Some("simple") => Some(PathStyle::Simple),
                        Some("label") => Some(PathStyle::Label),
                        Some("matrix") => Some(PathStyle::Matrix),
                        _ => None,
                    };
                    let of = "`simple`, `label` or `matrix` for a path parameter";
                    known_style(known, of, &style, diagnostics)
                })
                .unwrap_or_default(),
            parameter_data: data(name, part, diagnostics),
        },
        "header" => Parameter::Header {
            style: style
                .and_then(|style| header_style(&style, diagnostics))
                .unwrap_or_default(),
            parameter_data: data(name, part, diagnostics),
        },
        "cookie" if style.as_ref().is_some_and(|style| style.value == "cookie") => {
            Parameter::Cookie {
                style: CookieStyle::Form,
                parameter_data: marked(COOKIE_STYLE, data(name, part, diagnostics)),
            }
        }
        "cookie" => Parameter::Cookie {
            style: style
                .and_then(|style| {
                    let known = (style.value == "form").then_some(CookieStyle::Form);
                    known_style(
                        known,
                        "`form` or `cookie` for a cookie",
                        &style,
                        diagnostics,
                    )
                })
                .unwrap_or_default(),
            parameter_data: data(name, part, diagnostics),
        },
        _ => {
            let expected = "expected `path`, `query`, `querystring`, `header` or `cookie` as `in` of a \
                            parameter";
            part.lose(expected, diagnostics);
            return None;
        }
    };
    Some(ReferenceOr::Item(parameter))
}

/// Reads a Header Object (OpenAPI 3.0 §4.7.21) or a reference to one.
pub(super) fn header(
    part: &Part<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ReferenceOr<Header>> {
    part.object(diagnostics)?;
    part.reference().or_else(|| {
        let mut extensions = part.extensions();
        let explode = part.flag("explode", diagnostics);
        extensions.extend(explode.map(|explode| (EXPLODE.to_owned(), explode.into())));
        Some(ReferenceOr::Item(Header {
            description: part.text("description", diagnostics),
            style: part
                .member("style")
                .and_then(|style| header_style(&style, diagnostics))
                .unwrap_or_default(),
            required: part.flag("required", diagnostics).unwrap_or_default(),
            deprecated: part.flag("deprecated", diagnostics),
            format: format(part, diagnostics),
            example: None,
            examples: indexmap::IndexMap::new(),
            extensions,
        }))
    })
}

/// Notes of a parameter what the types of OpenAPI 3.0 can't say.
fn marked(mark: &str, mut data: ParameterData) -> ParameterData {
    data.extensions.insert(mark.to_owned(), true.into());
    data
}

fn data(name: String, part: &Part<'_>, diagnostics: &mut Diagnostics) -> ParameterData {
    ParameterData {
        name,
        description: part.text("description", diagnostics),
        required: part.flag("required", diagnostics).unwrap_or_default(),
        deprecated: part.flag("deprecated", diagnostics),
        format: format(part, diagnostics),
        example: part.value.get("example").cloned(),
        examples: indexmap::IndexMap::new(),
        explode: part.flag("explode", diagnostics),
        extensions: part.extensions(),
    }
}

/// Reads `schema` or `content`; with neither, any value is accepted.
fn format(part: &Part<'_>, diagnostics: &mut Diagnostics) -> ParameterSchemaOrContent {
    if let Some(schema) = part.member("schema") {
        return ParameterSchemaOrContent::Schema(schema::reference_or_schema(&schema, diagnostics));
    }
    let content = content::content(part, diagnostics);
    if content.is_empty() {
        ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema::any()))
    } else {
        ParameterSchemaOrContent::Content(content)
    }
}

pub(super) fn query_style(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<QueryStyle> {
    let known = match part.value.as_str() {
        Some("form") => Some(QueryStyle::Form),
        Some("spaceDelimited") => Some(QueryStyle::SpaceDelimited),
        Some("pipeDelimited") => Some(QueryStyle::PipeDelimited),
        Some("deepObject") => Some(QueryStyle::DeepObject),
        _ => None,
    };
    let of = "`form`, `spaceDelimited`, `pipeDelimited` or `deepObject` for a query parameter";
    known_style(known, of, part, diagnostics)
}

fn header_style(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<HeaderStyle> {
    let known = (part.value == "simple").then_some(HeaderStyle::Simple);
    known_style(known, "`simple` for a header", part, diagnostics)
}

fn known_style<T>(
    known: Option<T>,
    of: &str,
    part: &Part<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    if known.is_none() {
        part.lose(&format!("expected the style {of}"), diagnostics);
    }
    known
}
