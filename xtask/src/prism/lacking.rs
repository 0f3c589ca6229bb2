//! Answers of Prism's that lack what the document requires of them: it makes them up, and takes them for good
//! where it can't read a schema.

use serde_json::Value;

use super::cases::Case;
use super::sample::Sampler;

/// Returns whether an answer wasn't decoded for want of a property that the document requires in that place.
pub(super) fn is_lacking(document: &Value, case: &Case, detail: &str) -> bool {
    required_of(document, case, detail).unwrap_or(false)
}

fn required_of(document: &Value, case: &Case, detail: &str) -> Option<bool> {
    let (_, told) = detail.split_once("the answer ")?;
    let (status, told) = told.split_once(": missing property `")?;
    let (name, told) = told.split_once("` of `")?;
    let (_, place) = told.split_once("` at ")?;
    let place = match place.strip_prefix('`') {
        Some(pointer) => pointer.split_once('`')?.0,
        None => "",
    };
    let sampler = Sampler::new(document, false);
    let operation = document.get("paths")?.get(&case.path)?;
    let responses = operation
        .get(case.method.to_lowercase())?
        .get("responses")?;
    let range = format!("{}XX", status.get(..1)?);
    let mut keys = [status, &range, "default"].into_iter();
    let response = sampler.resolved(keys.find_map(|key| responses.get(key))?);
    let content = response.get("content")?.as_object()?;
    let (_, content) = content.iter().find(|(name, _)| name.contains("json"))?;
    let mut schema = content.get("schema")?.clone();
    for token in place.split('/').skip(1) {
        schema = member(
            &sampler,
            &schema,
            &token.replace("~1", "/").replace("~0", "~"),
        )?;
    }
    let required = known(&sampler, &schema)?;
    let required = required.get("required")?.as_array()?;
    Some(required.iter().any(|required| required == name))
}

/// Returns the schema of a property or an element.
fn member(sampler: &Sampler<'_>, schema: &Value, name: &str) -> Option<Value> {
    let schema = known(sampler, schema)?;
    let property = schema.get("properties").and_then(|all| all.get(name));
    let member = property
        .or_else(|| schema.get("items"))
        .or_else(|| schema.get("additionalProperties"));
    member.cloned()
}

/// Returns what holds for all values of a schema; `None` where that depends on an alternative.
fn known(sampler: &Sampler<'_>, schema: &Value) -> Option<Value> {
    let resolved = sampler.resolved(schema);
    let is_choice = ["oneOf", "anyOf"].iter().any(|name| {
        let alternatives = resolved.get(name).and_then(Value::as_array);
        let mut alternatives = alternatives.into_iter().flatten();
        alternatives.any(|it| it.as_object().is_none_or(|it| !it.keys().eq(["required"])))
    });
    (!is_choice).then(|| Value::Object(sampler.flat(resolved, 0)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_lacking_only_if_the_document_requires_what_is_missing_in_that_place() {
        let document = json!({
            "paths": {"/a": {"get": {"responses": {"2XX": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Whole"},
            }}}}}}},
            "components": {"schemas": {
                "Whole": {"properties": {
                    "list": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                    "choice": {"oneOf": [{"$ref": "#/components/schemas/Part"}]},
                }},
                "Part": {"required": ["id"], "properties": {"id": {}, "name": {}}},
            }},
        });
        let case = Case {
            method: "GET".to_owned(),
            path: "/a".to_owned(),
            ..Case::default()
        };
        let is = |name: &str, place: &str| {
            let detail = format!(
                "a (GET /a): the answer 200: missing property `{name}` of `T` at {place} (…)"
            );
            is_lacking(&document, &case, &detail)
        };
        assert!(is("id", "`/list/0`"));
        assert!(!is("name", "`/list/0`"));
        assert!(!is("id", "`/choice`"));
        assert!(!is("id", "the top"));
        assert!(!is_lacking(
            &document,
            &case,
            "the answer 200: found a string"
        ));
    }
}
