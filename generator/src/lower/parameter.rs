//! Parameters: where they go and how they become text.

use openapiv3::{
    CookieStyle, HeaderStyle, ParameterSchemaOrContent, PathStyle, QueryStyle, ReferenceOr,
};

use super::Lowerer;
use super::content::is_json;
use super::keywords::Kind;
use super::resolve::{Part, Resolved};
use super::schema::Place;
use crate::diagnostics::Code;
use crate::extensions::{is_of_cookie_style, is_query_string};
use crate::model::{
    Docs, Location, OperationId, Parameter, ParameterContent, Role, Scalar, Style, Type,
};
use crate::pointer::Pointer;

/// Headers that other parts of the document describe: a parameter of such a name "SHALL be ignored"
/// (OpenAPI 3.0 §4.7.12.1).
const IGNORED_HEADERS: [&str; 3] = ["Accept", "Content-Type", "Authorization"];

impl<'a> Lowerer<'a, '_> {
    /// Lowers the parameters of a path item or an operation.
    pub(super) fn parameters(
        &mut self,
        parameters: &'a [ReferenceOr<openapiv3::Parameter>],
        at: &Pointer,
        id: OperationId,
    ) -> Vec<Parameter> {
        let at = at.child("parameters");
        let mut lowered: Vec<Parameter> = Vec::new();
        for (index, parameter) in parameters.iter().enumerate() {
            let at = at.child(index.to_string());
            let found = self.resolve("parameters", |all| &all.parameters, parameter, at.clone());
            let Some(parameter) = found.and_then(|found| self.parameter(&found, id)) else {
                continue;
            };
            let known = lowered
                .iter()
                .any(|known| known.name == parameter.name && known.location == parameter.location);
            if known {
                let message = format!("the parameter `{}` stands here twice", parameter.name);
                self.warn(Code::InvalidPart, &at, message);
                continue;
            }
            lowered.push(parameter);
        }
        lowered
    }

    fn parameter(
        &mut self,
        parameter: &Resolved<'a, openapiv3::Parameter>,
        id: OperationId,
    ) -> Option<Parameter> {
        let data = parameter.value.parameter_data_ref();
        let (location, style, allow_reserved) = style(parameter.value);
        let is_ignored = |name: &&str| name.eq_ignore_ascii_case(&data.name);
        if location == Location::Header && IGNORED_HEADERS.iter().any(is_ignored) {
            return None;
        }
        let styled = ParameterContent::Styled {
            style,
            explode: (data.explode).unwrap_or(matches!(style, Style::Form | Style::Cookie)),
            allow_reserved,
        };
        let place = match parameter.key {
            Some(key) => Place::Key(key),
            None => Place::Of(id, Role::Parameter(data.name.clone())),
        };
        let at = &parameter.pointer;
        let mut docs = Docs::default();
        let (ty, content) = if location == Location::QueryString {
            self.query_string(&data.format, at, &place, &mut docs)
        } else {
            self.value(&data.format, at, styled, &place, &mut docs)
        };
        let default = self.note_default(&data.format, at, &mut docs);
        if location == Location::Query {
            self.note_first(id, data, at);
        }
        self.exemplify(at, &ty);
        describe(&mut docs, data.description.as_ref(), data.deprecated);
        Some(Parameter {
            name: data.name.clone(),
            location,
            // A path parameter always is (OpenAPI 3.0 §4.7.12.2).
            required: data.required || location == Location::Path,
            ty,
            content,
            docs,
            default,
            pointer: at.clone(),
            constraints: None,
        })
    }

    /// Returns the type of a parameter or a header, and how its value is text.
    pub(super) fn value(
        &mut self,
        format: &'a ParameterSchemaOrContent,
        at: &Pointer,
        styled: ParameterContent,
        place: &Place<'a>,
        docs: &mut Docs,
    ) -> (Type, ParameterContent) {
        match format {
            ParameterSchemaOrContent::Schema(schema) => {
                let part = Part::new(schema, at.child("schema"));
                (self.parameter_type(part, place, docs), styled)
            }
            ParameterSchemaOrContent::Content(content) => {
                let at = at.child("content");
                let json = content.iter().find(|(media_type, _)| is_json(media_type));
                if let Some((media_type, content)) = json {
                    let at = at.child(media_type).child("schema");
                    let ty = content
                        .schema
                        .as_ref()
                        .map(|schema| self.parameter_type(Part::new(schema, at), place, docs));
                    (ty.unwrap_or(Type::Any), ParameterContent::Json)
                } else {
                    let message = "a parameter is generated as JSON only; taken as a string";
                    self.warn(Code::Unsupported, &at, message);
                    (Type::Scalar(Scalar::String), styled)
                }
            }
        }
    }

    /// Returns the type of a query as a whole, and how its value is one (OpenAPI 3.2 §4.12.1).
    fn query_string(
        &mut self,
        format: &'a ParameterSchemaOrContent,
        at: &Pointer,
        place: &Place<'a>,
        docs: &mut Docs,
    ) -> (Type, ParameterContent) {
        let text = (Type::Scalar(Scalar::String), ParameterContent::Text);
        let ParameterSchemaOrContent::Content(content) = format else {
            let message = "a query as a whole has `content`, not `schema`; taken as text";
            self.warn(Code::InvalidPart, at, message);
            return text;
        };
        let at = at.child("content");
        let is_form = |media_type: &str| media_type == "application/x-www-form-urlencoded";
        let typed = content.iter().find(|(name, _)| is_form(name));
        let typed = typed.or_else(|| content.iter().find(|(name, _)| is_json(name)));
        let Some((name, media_type)) = typed else {
            return text;
        };
        let at = at.child(name);
        let part = (media_type.schema.as_ref()).map(|schema| Part::new(schema, at.child("schema")));
        let kind = part.clone().and_then(|part| self.nature(part).0);
        let content = match kind {
            _ if !is_form(name) => ParameterContent::Json,
            None | Some(Kind::Object) => {
                ParameterContent::Form(self.form_properties(&media_type.encoding, &at))
            }
            Some(_) => {
                let message = "a form is made of an object; taken as text";
                self.warn(Code::Unsupported, &at.child("schema"), message);
                return text;
            }
        };
        let ty = part.map(|part| self.parameter_type(part, place, docs));
        (ty.unwrap_or(Type::Any), content)
    }

    /// Returns the type of a parameter; a `null` can't be sent.
    fn parameter_type(&mut self, part: Part<'a>, place: &Place<'a>, docs: &mut Docs) -> Type {
        let parts = [part];
        let ty = self.parts(&parts, place);
        let merged = self.merge(&parts, None);
        *docs = self.docs(&parts);
        self.add_value_notes(&merged, &ty, docs);
        ty
    }
}

/// Makes documentation that of a parameter or a header: what it says itself comes before what its schema
/// says.
pub(super) fn describe(docs: &mut Docs, own: Option<&String>, is_deprecated: Option<bool>) {
    if let Some(text) = own.filter(|text| !text.trim().is_empty()) {
        docs.description = Some(text.clone());
    }
    docs.title = None;
    docs.deprecated |= is_deprecated.unwrap_or_default();
}

/// Returns a style of query parameters, which forms have too.
pub(super) const fn query_style(style: &QueryStyle) -> Style {
    match style {
        QueryStyle::Form => Style::Form,
        QueryStyle::SpaceDelimited => Style::SpaceDelimited,
        QueryStyle::PipeDelimited => Style::PipeDelimited,
        QueryStyle::DeepObject => Style::DeepObject,
    }
}

/// Returns where a parameter goes, its style and whether reserved characters stay as they are.
fn style(parameter: &openapiv3::Parameter) -> (Location, Style, bool) {
    use openapiv3::Parameter as P;
    let marks = &parameter.parameter_data_ref().extensions;
    match parameter {
        P::Query { .. } if is_query_string(marks) => (Location::QueryString, Style::Form, false),
        P::Cookie { .. } if is_of_cookie_style(marks) => (Location::Cookie, Style::Cookie, false),
        P::Path { style, .. } => match style {
            PathStyle::Simple => (Location::Path, Style::Simple, false),
            PathStyle::Label => (Location::Path, Style::Label, false),
            PathStyle::Matrix => (Location::Path, Style::Matrix, false),
        },
        P::Query {
            style,
            allow_reserved,
            ..
        } => (Location::Query, query_style(style), *allow_reserved),
        P::Header { style, .. } => match style {
            HeaderStyle::Simple => (Location::Header, Style::Simple, false),
        },
        P::Cookie { style, .. } => match style {
            CookieStyle::Form => (Location::Cookie, Style::Form, false),
        },
    }
}
