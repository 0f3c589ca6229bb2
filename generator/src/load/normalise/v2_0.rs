//! Swagger 2.0 in the shape of OpenAPI 3.0.

use serde_json::{Map, Value, json};

use super::mend;
use crate::{
    diagnostics::{Code, Diagnostics},
    load::Origins,
    pointer::Pointer,
};

type Members = Map<String, Value>;

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch"];

/// Gives a document of Swagger 2.0 the shape of OpenAPI 3.0. References are those of 3.0 already.
pub(super) fn lift(root: &mut Value, origins: &mut Origins, diagnostics: &mut Diagnostics) {
    let Value::Object(members) = root else {
        return;
    };
    let servers = servers(members);
    members.entry("servers").or_insert(servers);
    let consumes = media_types(members.shift_remove("consumes"));
    let produces = media_types(members.shift_remove("produces"));
    let moved = [
        ("definitions", "schemas"),
        ("parameters", "parameters"),
        ("responses", "responses"),
        ("securityDefinitions", "securitySchemes"),
    ];
    let mut components = match members.shift_remove("components") {
        Some(Value::Object(components)) => components,
        _ => Map::new(),
    };
    for (from, to) in moved {
        let Some(Value::Object(own)) = members.shift_remove(from) else {
            continue;
        };
        let place: Pointer = ["components", to].into_iter().collect();
        origins.insert(place, origins.file(), Pointer::root().child(from));
        let section = components.entry(to).or_insert_with(|| json!({}));
        if let Value::Object(section) = section {
            for (name, value) in own {
                section.entry(name).or_insert(value);
            }
        }
    }
    let mut lift = Lift {
        consumes: consumes.unwrap_or_else(|| vec!["application/json".to_owned()]),
        produces: produces.unwrap_or_else(|| vec!["application/json".to_owned()]),
        parameters: section(&components, "parameters"),
        origins,
        diagnostics,
    };
    lift.components(&mut components);
    if let Some(Value::Object(paths)) = members.get_mut("paths") {
        for (path, item) in paths {
            let at: Pointer = ["paths", path].into_iter().collect();
            if let Value::Object(item) = item {
                lift.path_item(item, &at);
            }
        }
    }
    members.insert("components".to_owned(), Value::Object(components));
}

fn section(components: &Members, name: &str) -> Members {
    let section = components.get(name).and_then(Value::as_object);
    section.cloned().unwrap_or_default()
}

/// Makes servers of `schemes`, `host` and `basePath`.
fn servers(members: &mut Members) -> Value {
    let text = |value: Option<Value>| value.and_then(|it| it.as_str().map(str::to_owned));
    let base = text(members.shift_remove("basePath")).unwrap_or_default();
    let base = base.trim_end_matches('/');
    let schemes = media_types(members.shift_remove("schemes")).unwrap_or_default();
    let Some(host) = text(members.shift_remove("host")) else {
        return json!([{"url": if base.is_empty() { "/" } else { base }}]);
    };
    let mut schemes: Vec<_> = schemes
        .iter()
        .map(String::as_str)
        .filter(|scheme| matches!(*scheme, "http" | "https"))
        .collect();
    // The first is the default: the one that keeps tokens to itself.
    schemes.sort_by_key(|scheme| *scheme != "https");
    if schemes.is_empty() {
        schemes.push("https");
    }
    let host = host
        .split_once("://")
        .map_or(host.as_str(), |(_, host)| host);
    let host = host.trim_end_matches('/');
    let urls = schemes
        .iter()
        .map(|scheme| json!({"url": format!("{scheme}://{host}{base}")}));
    Value::Array(urls.collect())
}

fn media_types(list: Option<Value>) -> Option<Vec<String>> {
    let Some(Value::Array(list)) = list else {
        return None;
    };
    let texts: Vec<_> = list
        .iter()
        .filter_map(|it| it.as_str().map(str::to_owned))
        .collect();
    (!texts.is_empty()).then_some(texts)
}

struct Lift<'a> {
    consumes: Vec<String>,
    produces: Vec<String>,
    /// The parameters of `components` as they were.
    parameters: Members,
    origins: &'a mut Origins,
    diagnostics: &'a mut Diagnostics,
}

impl Lift<'_> {
    fn components(&mut self, components: &mut Members) {
        let mut bodies = Map::new();
        if let Some(Value::Object(parameters)) = components.get_mut("parameters") {
            for (name, parameter) in std::mem::take(parameters) {
                let at: Pointer = ["components", "parameters", &name].into_iter().collect();
                let Value::Object(mut members) = parameter else {
                    parameters.insert(name, parameter);
                    continue;
                };
                match members.get("in").and_then(Value::as_str) {
                    Some("body") => {
                        let place: Pointer =
                            ["components", "requestBodies", &name].into_iter().collect();
                        let consumes = self.consumes.clone();
                        bodies.insert(name, self.body(members, &at, &place, &consumes));
                    }
                    Some("formData") => {}
                    _ => {
                        self.parameter(&mut members, &at);
                        parameters.insert(name, Value::Object(members));
                    }
                }
            }
        }
        if !bodies.is_empty() {
            components.insert("requestBodies".to_owned(), Value::Object(bodies));
        }
        let produces = self.produces.clone();
        if let Some(Value::Object(responses)) = components.get_mut("responses") {
            for (name, response) in responses {
                let at: Pointer = ["components", "responses", name].into_iter().collect();
                self.response(response, &at, &produces);
            }
        }
        if let Some(Value::Object(schemes)) = components.get_mut("securitySchemes") {
            for scheme in schemes.values_mut() {
                if let Value::Object(scheme) = scheme {
                    security_scheme(scheme);
                }
            }
        }
    }

    fn path_item(&mut self, item: &mut Members, at: &Pointer) {
        let shared = match item.shift_remove("parameters") {
            Some(Value::Array(shared)) => shared,
            _ => Vec::new(),
        };
        let shared_at = at.child("parameters");
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(*method) {
                self.operation(operation, &at.child(*method), &shared, &shared_at);
            }
        }
    }

    /// Parameters of the path item become those of each operation, so that its body is found.
    fn operation(
        &mut self,
        operation: &mut Members,
        at: &Pointer,
        shared: &[Value],
        shared_at: &Pointer,
    ) {
        let consumes = media_types(operation.shift_remove("consumes"))
            .unwrap_or_else(|| self.consumes.clone());
        let produces = media_types(operation.shift_remove("produces"))
            .unwrap_or_else(|| self.produces.clone());
        operation.shift_remove("schemes");
        let own = match operation.shift_remove("parameters") {
            Some(Value::Array(own)) => own,
            _ => Vec::new(),
        };
        let own_at = at.child("parameters");
        let own_keys: Vec<_> = own
            .iter()
            .map(|parameter| self.identity(parameter))
            .collect();
        let inherited = shared
            .iter()
            .enumerate()
            .filter(|(_, parameter)| !own_keys.contains(&self.identity(parameter)))
            .map(|(index, parameter)| (parameter.clone(), shared_at.child(index.to_string())));
        let all: Vec<_> = inherited
            .collect::<Vec<_>>()
            .into_iter()
            .chain(
                own.into_iter()
                    .enumerate()
                    .map(|(index, parameter)| (parameter, own_at.child(index.to_string()))),
            )
            .collect();
        let mut parameters = Vec::new();
        let mut form = Vec::new();
        for (parameter, source) in all {
            let resolved = self.resolved(&parameter);
            let location = resolved.and_then(|it| it.get("in")).and_then(Value::as_str);
            match (location, &parameter) {
                (Some("body"), Value::Object(members)) => {
                    let place = at.child("requestBody");
                    let body = match members.get("$ref").and_then(Value::as_str) {
                        Some(reference) => {
                            json!({"$ref": reference.replacen("/parameters/", "/requestBodies/", 1)})
                        }
                        None => self.body(members.clone(), &source, &place, &consumes),
                    };
                    operation.insert("requestBody".to_owned(), body);
                }
                (Some("formData"), _) => {
                    form.extend(
                        resolved
                            .and_then(Value::as_object)
                            .cloned()
                            .map(|it| (it, source)),
                    );
                }
                (_, Value::Object(members)) => {
                    let place = own_at.child(parameters.len().to_string());
                    self.moved(&place, &source);
                    let mut members = members.clone();
                    if !members.contains_key("$ref") {
                        self.parameter(&mut members, &place);
                    }
                    parameters.push(Value::Object(members));
                }
                _ => parameters.push(parameter),
            }
        }
        if !form.is_empty() {
            let body = self.form(form, &at.child("requestBody"), &consumes);
            operation.insert("requestBody".to_owned(), body);
        }
        if !parameters.is_empty() {
            operation.insert("parameters".to_owned(), Value::Array(parameters));
        }
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            for (status, response) in responses {
                let at = at.child("responses").child(status.as_str());
                self.response(response, &at, &produces);
            }
        }
    }

    fn resolved<'v>(&'v self, parameter: &'v Value) -> Option<&'v Value> {
        let mut parameter = parameter;
        for _ in 0..16 {
            let Some(Value::String(reference)) = parameter.get("$ref") else {
                return Some(parameter);
            };
            let pointer = Pointer::parse(reference.strip_prefix('#')?)?;
            parameter = self.parameters.get(pointer.tokens().last()?)?;
        }
        None
    }

    fn identity(&self, parameter: &Value) -> Option<(String, String)> {
        let parameter = self.resolved(parameter)?;
        let text = |key: &str| {
            parameter
                .get(key)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        Some((text("name")?, text("in")?))
    }

    /// Records that what stands at `place` now stood at `source`.
    fn moved(&mut self, place: &Pointer, source: &Pointer) {
        if place != source {
            let (file, source) = self.origins.find(source);
            self.origins.insert(place.clone(), file, source);
        }
    }

    /// Makes a parameter's type its schema, and its `collectionFormat` a style.
    fn parameter(&mut self, members: &mut Members, at: &Pointer) {
        let format = members.shift_remove("collectionFormat");
        if members.contains_key("schema") {
            return;
        }
        let is_array = members.get("type").is_some_and(|name| name == "array");
        let location = members
            .get("in")
            .and_then(Value::as_str)
            .unwrap_or("header");
        let is_query = location == "query";
        let (style, explode) = match format.as_ref().and_then(Value::as_str) {
            Some("multi") if is_query => (None, true),
            Some("ssv") if is_query => (Some("spaceDelimited"), false),
            Some("pipes") if is_query => (Some("pipeDelimited"), false),
            None | Some("csv" | "multi") => (None, false),
            Some(other) => {
                let message = format!(
                    "arrays of the collection format `{other}` are sent with commas between the values"
                );
                let at = at.child("collectionFormat");
                self.diagnostics.warning(Code::Unsupported, &at, message);
                (None, false)
            }
        };
        mend::wrap(members);
        self.schema_moved(at);
        if is_array {
            members.extend(style.map(|style| ("style".to_owned(), json!(style))));
            members.insert("explode".to_owned(), json!(explode));
        }
    }

    /// Records that the schema of a parameter or header stood in it.
    fn schema_moved(&mut self, at: &Pointer) {
        self.moved(&at.child("schema"), at);
    }

    fn body(
        &mut self,
        mut members: Members,
        source: &Pointer,
        place: &Pointer,
        consumes: &[String],
    ) -> Value {
        self.moved(place, source);
        let schema = members.shift_remove("schema").unwrap_or_else(|| json!({}));
        let content = self.content(&schema, place, &source.child("schema"), consumes);
        members.shift_remove("in");
        members.shift_remove("name");
        members.insert("content".to_owned(), content);
        Value::Object(members)
    }

    fn content(
        &mut self,
        schema: &Value,
        place: &Pointer,
        source: &Pointer,
        media_types: &[String],
    ) -> Value {
        let mut content = Map::new();
        for media_type in media_types {
            let place = place
                .child("content")
                .child(media_type.as_str())
                .child("schema");
            self.moved(&place, source);
            content.insert(media_type.clone(), json!({"schema": schema}));
        }
        Value::Object(content)
    }

    /// Makes the fields of a form the properties of a body.
    fn form(
        &mut self,
        fields: Vec<(Members, Pointer)>,
        place: &Pointer,
        consumes: &[String],
    ) -> Value {
        let has_file = fields
            .iter()
            .any(|(field, _)| field.get("type").is_some_and(|name| name == "file"));
        let is_form = |media_type: &&String| {
            media_type.starts_with("multipart/")
                || (!has_file && media_type.starts_with("application/x-www-form-urlencoded"))
        };
        let mut media_types: Vec<String> = consumes.iter().filter(is_form).cloned().collect();
        if media_types.is_empty() {
            media_types.push(if has_file {
                "multipart/form-data".to_owned()
            } else {
                "application/x-www-form-urlencoded".to_owned()
            });
        }
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut encoding = Map::new();
        for (mut field, source) in fields {
            let Some(Value::String(name)) = field.shift_remove("name") else {
                continue;
            };
            if field.get("required") == Some(&Value::Bool(true)) {
                required.push(Value::String(name.clone()));
            }
            let explodes = field
                .get("collectionFormat")
                .is_some_and(|format| format == "multi");
            if field.get("type").is_some_and(|kind| kind == "array") {
                encoding.insert(name.clone(), json!({"explode": explodes}));
            }
            let description = field.shift_remove("description");
            mend::wrap(&mut field);
            let mut schema = field.shift_remove("schema").unwrap_or_default();
            if let Value::Object(schema) = &mut schema {
                file(schema);
                schema.extend(description.map(|text| ("description".to_owned(), text)));
            }
            for media_type in &media_types {
                let tokens = ["content", media_type, "schema", "properties", &name];
                let place = tokens
                    .iter()
                    .fold(place.clone(), |place, token| place.child(*token));
                self.moved(&place, &source);
            }
            properties.insert(name, schema);
        }
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = Value::Array(required.clone());
        }
        let mut content = Map::new();
        for media_type in media_types {
            let mut value = json!({"schema": schema});
            if !encoding.is_empty() {
                value["encoding"] = Value::Object(encoding.clone());
            }
            content.insert(media_type, value);
        }
        json!({"required": !required.is_empty(), "content": content})
    }

    fn response(&mut self, response: &mut Value, at: &Pointer, produces: &[String]) {
        let Value::Object(members) = response else {
            return;
        };
        let examples = members.shift_remove("examples");
        if let Some(mut schema) = members.shift_remove("schema") {
            let is_file = schema.get("type").is_some_and(|name| name == "file");
            let mut media_types = produces;
            let binary = ["application/octet-stream".to_owned()];
            if let (Value::Object(schema), true) = (&mut schema, is_file) {
                file(schema);
                if produces == ["application/json"] {
                    media_types = &binary;
                }
            }
            let mut content = self.content(&schema, at, &at.child("schema"), media_types);
            if let Some(Value::Object(examples)) = examples {
                for (media_type, example) in examples {
                    if let Some(Value::Object(media)) = content.get_mut(&media_type) {
                        media.insert("example".to_owned(), example);
                    }
                }
            }
            members.insert("content".to_owned(), content);
        }
        if let Some(Value::Object(headers)) = members.get_mut("headers") {
            for (name, header) in headers {
                if let Value::Object(header) = header {
                    self.parameter(header, &at.child("headers").child(name.as_str()));
                }
            }
        }
    }
}

/// A file is a string of bytes.
fn file(schema: &mut Members) {
    if schema.get("type").is_some_and(|name| name == "file") {
        schema.insert("type".to_owned(), json!("string"));
        schema.insert("format".to_owned(), json!("binary"));
    }
}

fn security_scheme(members: &mut Members) {
    match members.get("type").and_then(Value::as_str) {
        Some("basic") => {
            members.insert("type".to_owned(), json!("http"));
            members.insert("scheme".to_owned(), json!("basic"));
        }
        Some("oauth2") => {
            let name = match members.shift_remove("flow") {
                Some(Value::String(flow)) => match flow.as_str() {
                    "application" => "clientCredentials".to_owned(),
                    "accessCode" => "authorizationCode".to_owned(),
                    _ => flow,
                },
                _ => return,
            };
            let mut flow = Map::new();
            for key in ["authorizationUrl", "tokenUrl", "scopes"] {
                let value = members.shift_remove(key);
                flow.extend(value.map(|value| (key.to_owned(), value)));
            }
            members.insert("flows".to_owned(), json!({name: flow}));
        }
        _ => {}
    }
}
