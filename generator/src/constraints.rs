//! Constraints: what the schemas of parameters and request bodies demand of values and no type
//! expresses. They are taken from the document, not from the model, as tables that the runtime checks.

mod prune;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::diagnostics::{Code, Diagnostics};
use crate::extensions::{PREFIX, TUPLE};
use crate::model::{
    Alternative, Api, Body, ConstrainedSchema, Content, ContentKind, CountKeyword, NumberKeyword,
    Rule,
};
use crate::pointer::Pointer;
use crate::references::{at, followed};

/// Schemas that are nested deeper lead back to themselves.
const DEEPEST: usize = 100;

/// Keywords whose value is a number, apart from bounds that can exclude themselves.
const COUNTS: [(&str, CountKeyword); 6] = [
    ("minLength", CountKeyword::MinLength),
    ("maxLength", CountKeyword::MaxLength),
    ("minItems", CountKeyword::MinItems),
    ("maxItems", CountKeyword::MaxItems),
    ("minProperties", CountKeyword::MinProperties),
    ("maxProperties", CountKeyword::MaxProperties),
];

/// Records what the document demands of the parameters and the bodies of an API's requests.
pub(crate) fn collect(root: &Value, api: &mut Api, diagnostics: &mut Diagnostics) {
    let mut reader = Reader {
        root,
        schemas: Vec::new(),
        known: BTreeMap::new(),
        diagnostics,
    };
    for operation in &mut api.operations {
        let id = &operation.id;
        for parameter in &mut operation.parameters {
            let name = format!("{id}: {}", parameter.name);
            parameter.constraints = reader.holder(&parameter.pointer, name);
        }
        for content in contents(&mut operation.body) {
            if let ContentKind::Json(_) | ContentKind::Form(..) | ContentKind::Xml(..) =
                content.kind
            {
                let name = format!("{id}: {}", content.media_type);
                content.constraints = reader.holder(&content.pointer, name);
            }
        }
    }
    let mut schemas = reader.schemas;
    let kept = prune::prune(&mut schemas);
    api.constraints = schemas;
    for operation in &mut api.operations {
        let parameters = operation.parameters.iter_mut();
        let parameters = parameters.map(|parameter| &mut parameter.constraints);
        let contents = contents(&mut operation.body).map(|content| &mut content.constraints);
        for index in parameters.chain(contents) {
            *index = index.and_then(|old| kept[old]);
        }
    }
}

fn contents(body: &mut Option<Body>) -> impl Iterator<Item = &mut Content> {
    body.iter_mut().flat_map(|body| &mut body.contents)
}

struct Reader<'a, 'd> {
    root: &'a Value,
    schemas: Vec<ConstrainedSchema>,
    /// By reference, the index of its schema.
    known: BTreeMap<String, usize>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Reader<'a, '_> {
    /// Adds the schema of a media type or of a parameter.
    fn holder(&mut self, pointer: &Pointer, name: String) -> Option<usize> {
        let holder = at(self.root, pointer.tokens())?;
        let (schema, pointer) = match (holder.get("schema"), holder.get("content")) {
            (Some(schema), _) => (schema, pointer.child("schema")),
            (None, content) => {
                let (media_type, content) = content?.as_object()?.iter().next()?;
                let pointer = pointer.child("content").child(media_type).child("schema");
                (content.get("schema")?, pointer)
            }
        };
        let rules = self.schema(schema, &pointer, 0);
        if let [Rule::Schema(index)] = rules.as_slice() {
            return Some(*index);
        }
        self.schemas.push(ConstrainedSchema { name, rules });
        Some(self.schemas.len() - 1)
    }

    fn schema(&mut self, schema: &'a Value, pointer: &Pointer, depth: usize) -> Vec<Rule> {
        let Some(keywords) = schema.as_object().filter(|_| depth < DEEPEST) else {
            return Vec::new();
        };
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            let index = self.component(reference);
            return index.map(Rule::Schema).into_iter().collect();
        }
        let mut rules = self.own(keywords, pointer);
        rules.extend(self.members(keywords, pointer, depth));
        let items = keywords
            .get("items")
            .filter(|_| !keywords.contains_key(TUPLE));
        if let Some(items) = items {
            let inner = self.schema(items, &pointer.child("items"), depth + 1);
            rules.push(Rule::Items(inner));
        }
        let parts = keywords.get("allOf").and_then(Value::as_array);
        for (index, part) in parts.into_iter().flatten().enumerate() {
            let pointer = pointer.child("allOf").child(index.to_string());
            rules.extend(self.schema(part, &pointer, depth + 1));
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(alternatives) = keywords.get(keyword).and_then(Value::as_array) {
                let pointer = pointer.child(keyword);
                let discriminator = keywords.get("discriminator");
                let alternatives = alternatives.iter().enumerate().map(|(index, schema)| {
                    let pointer = pointer.child(index.to_string());
                    let rules = self.schema(schema, &pointer, depth + 1);
                    alternative(self.root, schema, discriminator, rules)
                });
                rules.push(Rule::AnyOf(alternatives.collect()));
            }
        }
        rules
    }

    /// Returns the index of the schema that a reference leads to.
    fn component(&mut self, reference: &str) -> Option<usize> {
        if let Some(index) = self.known.get(reference) {
            return Some(*index);
        }
        let pointer = Pointer::parse(reference.strip_prefix('#')?)?;
        let schema = at(self.root, pointer.tokens())?;
        let index = self.schemas.len();
        self.known.insert(reference.to_owned(), index);
        // It may lead back to itself.
        self.schemas.push(ConstrainedSchema {
            name: pointer.tokens().last().cloned().unwrap_or_default(),
            rules: Vec::new(),
        });
        self.schemas[index].rules = self.schema(schema, &pointer, 0);
        Some(index)
    }

    /// Returns the rules that a schema states of the value itself.
    fn own(&mut self, keywords: &Map<String, Value>, pointer: &Pointer) -> Vec<Rule> {
        let mut rules = Vec::new();
        let is_set = |keyword: &str| keywords.get(keyword) == Some(&Value::Bool(true));
        let mut number = |keyword: &str, rule: NumberKeyword| {
            let number = keywords.get(keyword).and_then(Value::as_number);
            rules.extend(number.map(|number| Rule::Number(rule, number.to_string())));
        };
        if is_set("exclusiveMinimum") {
            number("minimum", NumberKeyword::ExclusiveMinimum);
        } else {
            number("minimum", NumberKeyword::Minimum);
        }
        if is_set("exclusiveMaximum") {
            number("maximum", NumberKeyword::ExclusiveMaximum);
        } else {
            number("maximum", NumberKeyword::Maximum);
        }
        number("multipleOf", NumberKeyword::MultipleOf);
        for (keyword, rule) in COUNTS {
            let count = keywords.get(keyword).and_then(Value::as_u64);
            // Nothing has less than none.
            let count = count.filter(|count| *count > 0 || keyword.starts_with("max"));
            rules.extend(count.map(|count| Rule::Count(rule, count)));
        }
        if is_set("uniqueItems") {
            rules.push(Rule::UniqueItems);
        }
        if let Some(pattern) = keywords.get("pattern").and_then(Value::as_str) {
            rules.extend(self.pattern(pattern, &pointer.child("pattern")));
        }
        rules
    }

    /// A pattern is a regular expression of ECMA-262, as its runtime reads it.
    fn pattern(&mut self, pattern: &str, at: &Pointer) -> Option<Rule> {
        let compiled = regress::Regex::with_flags(pattern, "u");
        let Err(error) = compiled.or_else(|_| regress::Regex::new(pattern)) else {
            return Some(Rule::Pattern(pattern.to_owned()));
        };
        let message = format!("the pattern `{pattern}` isn't checked: {error}");
        self.diagnostics
            .warning(Code::UnusablePattern, at, message)
            .set_hint("a pattern is a regular expression of ECMA-262; correct it by an overlay");
        None
    }

    /// Returns the rules of the properties of an object.
    fn members(
        &mut self,
        keywords: &'a Map<String, Value>,
        pointer: &Pointer,
        depth: usize,
    ) -> Vec<Rule> {
        let mut rules = Vec::new();
        let properties = keywords.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let pointer = pointer.child("properties").child(name);
            let inner = self.schema(property, &pointer, depth + 1);
            rules.push(Rule::Property(name.clone(), inner));
        }
        // A name that matches a pattern is none of the others.
        let has_patterns = keywords.contains_key(&format!("{PREFIX}patternProperties"));
        if let Some(others) = keywords
            .get("additionalProperties")
            .filter(|_| !has_patterns)
        {
            let pointer = pointer.child("additionalProperties");
            let inner = self.schema(others, &pointer, depth + 1);
            let named = properties.into_iter().flatten().map(|(name, _)| name);
            rules.push(Rule::Others(named.cloned().collect(), inner));
        }
        rules
    }
}

/// Returns an alternative with what tells that a value is this one.
fn alternative(
    root: &Value,
    schema: &Value,
    discriminator: Option<&Value>,
    rules: Vec<Rule>,
) -> Alternative {
    let mut alternative = Alternative {
        rules,
        ..Alternative::default()
    };
    let property = discriminator.and_then(|it| it.get("propertyName")?.as_str());
    let reference = schema.get("$ref").and_then(Value::as_str);
    if let (Some(property), Some(reference)) = (property, reference) {
        let mapping = discriminator.and_then(|it| it.get("mapping")?.as_object());
        let mapping = mapping.into_iter().flatten();
        let mapped = mapping.filter(|(_, target)| target.as_str() == Some(reference));
        let mut tags: Vec<_> = mapped.map(|(tag, _)| tag.clone()).collect();
        if tags.is_empty() {
            tags.extend(reference.rsplit('/').next().map(str::to_owned));
        }
        alternative.constants.push((property.to_owned(), tags));
    }
    add_evidence(root, schema, &mut alternative, 0);
    alternative
}

fn add_evidence(root: &Value, schema: &Value, alternative: &mut Alternative, depth: usize) {
    let Some(keywords) = followed(root, schema).and_then(Value::as_object) else {
        return;
    };
    let texts = |list: &Value| -> Vec<String> {
        let list = list.as_array().into_iter().flatten();
        list.filter_map(|it| it.as_str().map(str::to_owned))
            .collect()
    };
    if let Some(kind) = keywords.get("type").and_then(Value::as_str)
        && alternative.kinds.is_empty()
    {
        alternative.kinds.push(kind.to_owned());
    }
    let required = keywords.get("required").map(texts);
    alternative.required.extend(required.unwrap_or_default());
    let properties = keywords.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let allowed = followed(root, property).and_then(|it| it.get("enum").map(texts));
        let is_known = alternative.constants.iter().any(|(known, _)| known == name);
        if let Some(allowed) = allowed.filter(|allowed| !allowed.is_empty() && !is_known) {
            alternative.constants.push((name.clone(), allowed));
        }
    }
    let parts = keywords.get("allOf").and_then(Value::as_array);
    for part in parts.into_iter().flatten() {
        if depth < DEEPEST {
            add_evidence(root, part, alternative, depth + 1);
        }
    }
}
