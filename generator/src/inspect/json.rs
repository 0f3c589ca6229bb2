//! The same for machines.

use serde_json::{Value, json};

use super::{Inspection, token_url_kind};
use crate::diagnostics::Diagnostic;
use crate::model::{Api, Operation, Requirement, SchemeKind, SecurityScheme};

impl Inspection {
    /// Returns what the documents hold, with what would be warned about.
    pub(crate) fn to_json(&self) -> Value {
        let mut value = self.summary();
        let diagnostics = self.report.diagnostics().iter();
        value["diagnostics"] = diagnostics.map(Diagnostic::to_json).collect();
        value
    }

    /// Returns what the documents hold.
    pub(crate) fn summary(&self) -> Value {
        let documents: Value = self.apis.iter().map(document).collect();
        let files: Value = self
            .report
            .files()
            .map(|file| Value::from(file.display().to_string()))
            .collect();
        json!({
            "documents": documents,
            "schemas": self.apis.first().map_or_else(|| json!([]), schemas),
            "files": files,
        })
    }
}

fn document(api: &Api) -> Value {
    let servers: Value = api
        .servers
        .iter()
        .map(|server| json!({"url": server.url, "description": server.description}))
        .collect();
    let operations: Value = api
        .operations
        .iter()
        .map(|operation| self::operation(api, operation))
        .collect();
    let schemes: Value = api.schemes.iter().map(scheme).collect();
    json!({
        "path": api.source.display().to_string(),
        "specification": api.specification,
        "title": api.info.title,
        "version": api.info.version,
        "servers": servers,
        "operations": operations,
        "securitySchemes": schemes,
    })
}

fn operation(api: &Api, operation: &Operation) -> Value {
    let security: Value = operation
        .security
        .iter()
        .map(|requirement| self::requirement(api, requirement))
        .collect();
    json!({
        "operationId": operation.id,
        "method": operation.method.as_str(),
        "path": operation.path,
        "tag": api.groups.get(operation.group).map(|group| &group.tag),
        "deprecated": operation.docs.deprecated,
        "security": security,
    })
}

/// Returns an alternative as the document has it: scopes by scheme.
fn requirement(api: &Api, requirement: &Requirement) -> Value {
    let named = requirement.schemes.iter().filter_map(|(index, scopes)| {
        let scheme = api.schemes.get(*index)?;
        Some((scheme.name.clone(), json!(scopes)))
    });
    Value::Object(named.collect())
}

fn scheme(scheme: &SecurityScheme) -> Value {
    let mut value = json!({"name": scheme.name, "description": scheme.docs.description});
    match &scheme.kind {
        SchemeKind::ClientCredentials { token_url, scopes } => {
            let scopes = scopes
                .iter()
                .map(|(scope, description)| (scope.clone(), json!(description)));
            value["kind"] = json!("clientCredentials");
            value["tokenUrl"] = json!(token_url);
            value["tokenUrlKind"] = json!(token_url_kind(token_url.as_deref()));
            value["scopes"] = Value::Object(scopes.collect());
        }
        SchemeKind::ApiKey { location, name } => {
            value["kind"] = json!("apiKey");
            value["in"] = json!(location.to_string());
            value["parameter"] = json!(name);
        }
        SchemeKind::Basic => value["kind"] = json!("basic"),
        SchemeKind::Bearer => value["kind"] = json!("bearer"),
        SchemeKind::MutualTls => value["kind"] = json!("mutualTLS"),
        SchemeKind::Token(what) | SchemeKind::Other(what) => value["kind"] = json!(what),
    }
    value
}

fn schemas(api: &Api) -> Value {
    super::schemas(api)
        .map(|(name, _, kind, size)| json!({"name": name, "kind": kind, "size": size}))
        .collect()
}
