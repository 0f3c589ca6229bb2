//! Security schemes and requirements.

use indexmap::IndexMap;
use openapiv3::{
    APIKeyLocation, AuthorizationCodeOAuth2Flow, ClientCredentialsOAuth2Flow, ImplicitOAuth2Flow,
    OAuth2Flows, PasswordOAuth2Flow, ReferenceOr, SecurityRequirement, SecurityScheme,
};
use serde_json::Value;

use super::part::{Part, text};
use crate::diagnostics::{Code, Diagnostics};

/// Reads the security requirements of a document or an operation (OpenAPI 3.0 §4.7.30).
pub(super) fn requirements(
    part: &Part<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<SecurityRequirement>> {
    part.list("security", diagnostics, |part, diagnostics| {
        let mut requirement = IndexMap::new();
        for (name, value) in part.object(diagnostics)? {
            let scopes = part.with(name, value);
            let scopes = if value.is_null() {
                Vec::new()
            } else {
                scopes.as_list(diagnostics, text).unwrap_or_default()
            };
            requirement.insert(name.clone(), scopes);
        }
        Some(requirement)
    })
}

/// Reads a Security Scheme Object (OpenAPI 3.0 §4.7.27) or a reference to one.
pub(super) fn scheme(
    part: &Part<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ReferenceOr<SecurityScheme>> {
    part.object(diagnostics)?;
    if let Some(reference) = part.reference() {
        return Some(reference);
    }
    let mut description = part.text("description", diagnostics);
    // OpenAPI 3.2 has schemes that are on their way out.
    if part.value.get("deprecated") == Some(&Value::Bool(true)) {
        let text = description.unwrap_or_default();
        description = Some(
            format!("This security scheme is deprecated. {text}")
                .trim_end()
                .to_owned(),
        );
    }
    let extensions = part.extensions();
    if let Some(metadata) = part.member("oauth2MetadataUrl") {
        let message = "`oauth2MetadataUrl` isn't read; the token endpoint is the flow's `tokenUrl`";
        let hint = "`ClientCredentials::discover` asks an issuer for its token endpoint";
        diagnostics
            .warning(Code::Unsupported, &metadata.pointer(), message)
            .set_hint(hint);
    }
    let scheme = match part.text("type", diagnostics).as_deref() {
        Some("apiKey") => SecurityScheme::APIKey {
            location: match part.text("in", diagnostics).as_deref() {
                Some("query") => APIKeyLocation::Query,
                Some("cookie") => APIKeyLocation::Cookie,
                Some("header") => APIKeyLocation::Header,
                _ => {
                    let expected = "expected `query`, `header` or `cookie` as `in` of an API key";
                    part.lose(expected, diagnostics);
                    return None;
                }
            },
            name: part.text("name", diagnostics).unwrap_or_default(),
            description,
            extensions,
        },
        Some("http") => SecurityScheme::HTTP {
            scheme: part.text("scheme", diagnostics).unwrap_or_default(),
            bearer_format: part.text("bearerFormat", diagnostics),
            description,
            extensions,
        },
        Some("oauth2") => SecurityScheme::OAuth2 {
            flows: part
                .member("flows")
                .map(|part| flows(&part, diagnostics))
                .unwrap_or_default(),
            description,
            extensions,
        },
        Some("openIdConnect") => SecurityScheme::OpenIDConnect {
            open_id_connect_url: part
                .text("openIdConnectUrl", diagnostics)
                .unwrap_or_default(),
            description,
            extensions,
        },
        _ => {
            let expected = "expected `oauth2`, `http`, `apiKey` or `openIdConnect` as `type` of a security scheme";
            part.lose(expected, diagnostics);
            return None;
        }
    };
    Some(ReferenceOr::Item(scheme))
}

/// Reads the OAuth Flows Object (OpenAPI 3.0 §4.7.28). A URL that is missing is empty.
fn flows(part: &Part<'_>, diagnostics: &mut Diagnostics) -> OAuth2Flows {
    let mut flow = |name: &str| -> Option<Flow> {
        let part = part.member(name)?;
        part.object(diagnostics)?;
        Some(Flow {
            authorization_url: part
                .text("authorizationUrl", diagnostics)
                .unwrap_or_default(),
            token_url: part.text("tokenUrl", diagnostics).unwrap_or_default(),
            refresh_url: part.text("refreshUrl", diagnostics),
            scopes: scopes(&part, diagnostics),
            extensions: part.extensions(),
        })
    };
    OAuth2Flows {
        implicit: flow("implicit").map(|flow| ImplicitOAuth2Flow {
            authorization_url: flow.authorization_url,
            refresh_url: flow.refresh_url,
            scopes: flow.scopes,
            extensions: flow.extensions,
        }),
        password: flow("password").map(|flow| PasswordOAuth2Flow {
            refresh_url: flow.refresh_url,
            token_url: flow.token_url,
            scopes: flow.scopes,
            extensions: flow.extensions,
        }),
        client_credentials: flow("clientCredentials").map(|flow| ClientCredentialsOAuth2Flow {
            refresh_url: flow.refresh_url,
            token_url: flow.token_url,
            scopes: flow.scopes,
            extensions: flow.extensions,
        }),
        authorization_code: flow("authorizationCode").map(|flow| AuthorizationCodeOAuth2Flow {
            authorization_url: flow.authorization_url,
            token_url: flow.token_url,
            refresh_url: flow.refresh_url,
            scopes: flow.scopes,
            extensions: flow.extensions,
        }),
        extensions: part.extensions(),
    }
}

/// An OAuth Flow Object (OpenAPI 3.0 §4.7.29).
struct Flow {
    authorization_url: String,
    token_url: String,
    refresh_url: Option<String>,
    scopes: IndexMap<String, String>,
    extensions: IndexMap<String, Value>,
}

/// Reads the scopes of a flow; a scope may lack its description.
fn scopes(flow: &Part<'_>, diagnostics: &mut Diagnostics) -> IndexMap<String, String> {
    flow.map("scopes", diagnostics, |part, diagnostics| {
        if part.value.is_null() {
            return Some(String::new());
        }
        Some(text(part, diagnostics).unwrap_or_default())
    })
}
