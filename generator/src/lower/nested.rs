//! Parameters that hold an array or object inside another. No style but `deepObject` has a form for one
//! (RFC 6570 §2.3, OpenAPI 3.0 §4.7.12.2), so that a call with such a value can't be sent.

use std::mem;

use super::Lowerer;
use crate::diagnostics::Code;
use crate::model::{Api, Parameter, ParameterContent, Style, Type, TypeKind};

const HINT: &str = "where the server reads it as JSON, or by brackets, say so by an overlay: `content: \
                    {application/json: …}`, `style: deepObject`";

impl Lowerer<'_, '_> {
    /// Tells of the parameters whose value can't be text.
    pub(super) fn judge_parameters(&mut self) {
        let operations = mem::take(&mut self.api.operations);
        for parameter in operations.iter().flat_map(|it| &it.parameters) {
            if let Some(nested) = self.nested(parameter) {
                let name = &parameter.name;
                let message = format!(
                    "{nested} of the parameter `{name}` is an array or object, which its style has no \
                     form for; a call that gives one isn't sent"
                );
                self.warn_with_hint(Code::Unsupported, &parameter.pointer, message, HINT);
            }
        }
        self.api.operations = operations;
    }

    /// Returns what it is in a parameter that its style has no form for.
    fn nested(&self, parameter: &Parameter) -> Option<String> {
        let is_flat = |style| style != Style::DeepObject;
        if !matches!(parameter.content, ParameterContent::Styled { style, .. } if is_flat(style)) {
            return None;
        }
        let api = &self.api;
        let is_nested = |ty: &&Type| is_composed(api, ty, 0);
        match inner(api, &parameter.ty) {
            Type::Array(item) if is_nested(&&**item) => Some("an element".to_owned()),
            Type::Tuple(elements) if elements.iter().any(|it| is_nested(&it)) => {
                Some("an element".to_owned())
            }
            Type::Map(value) if is_nested(&&**value) => Some("a property".to_owned()),
            Type::Named(id) => {
                let TypeKind::Struct(object) = &api.ty(*id).kind else {
                    return None;
                };
                let mut fields = object.fields.iter();
                let nested = fields.find(|field| is_nested(&&field.ty));
                nested.map(|field| format!("the property `{}`", field.name))
            }
            _ => None,
        }
    }
}

/// Returns a type behind other names of it, and without `null`.
fn inner<'a>(api: &'a Api, ty: &'a Type) -> &'a Type {
    match api.resolved(ty) {
        Type::Nullable(ty) => api.resolved(ty),
        ty => ty,
    }
}

/// Returns whether a value is always an array or an object, unless it is `null`.
fn is_composed(api: &Api, ty: &Type, depth: usize) -> bool {
    match inner(api, ty) {
        Type::Array(_) | Type::Tuple(_) | Type::Map(_) => true,
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Struct(_) => true,
            TypeKind::Union(union) if depth < DEEPEST => {
                let mut variants = union.variants.iter();
                variants.all(|variant| is_composed(api, &variant.ty, depth + 1))
            }
            _ => false,
        },
        _ => false,
    }
}

/// How far unions of unions are followed.
const DEEPEST: usize = 8;

#[cfg(test)]
mod tests {
    use super::super::testing::lower_paths;
    use crate::diagnostics::Code;

    #[test]
    fn what_no_style_has_a_form_for_is_told_where_the_parameter_stands() {
        let lowered = lower_paths(
            r"
/a:
  get:
    parameters:
      - {name: a, in: query, schema: {type: object, properties: {b: {type: array, items: {}}}}}
      - {name: b, in: query, schema: {type: array, items: {type: array, items: {type: string}}}}
      - {name: c, in: header, schema: {type: object, additionalProperties: {type: object}}}
      - {name: d, in: query, style: deepObject, schema: {type: object, properties: {b: {type: array, items: {}}}}}
      - {name: e, in: query, content: {application/json: {schema: {type: array, items: {type: object}}}}}
      - {name: f, in: query, schema: {type: array, items: {oneOf: [{type: string}, {type: object}]}}}
      - {name: g, in: query, schema: {type: object, properties: {b: {type: string, nullable: true}}}}
    responses: {'204': {description: Done.}}
",
        );
        let told = |name: &str| {
            let at = format!("#/paths/~1a/get/parameters/{name}");
            (Code::Unsupported, at)
        };
        assert_eq!(lowered.told, ["0", "1", "2"].map(told));
    }
}
