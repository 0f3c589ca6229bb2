//! Security: the schemes, and which of them an operation asks for.

use openapiv3::{APIKeyLocation, OAuth2Flows, SecurityRequirement};

use super::Lowerer;
use crate::diagnostics::Code;
use crate::model::{Docs, Requirement, SchemeKind, SecurityScheme};
use crate::pointer::Pointer;

impl Lowerer<'_, '_> {
    /// Lowers the security schemes.
    pub(super) fn lower_schemes(&mut self) {
        let document = self.document;
        let schemes = document
            .components
            .iter()
            .flat_map(|all| &all.security_schemes);
        for (name, scheme) in schemes {
            let at = Pointer::from_iter(["components", "securitySchemes", name.as_str()]);
            let found = self.resolve("securitySchemes", |all| &all.security_schemes, scheme, at);
            let Some(found) = found else {
                continue;
            };
            let (kind, description) = self.scheme(found.value, &found.pointer);
            self.api.schemes.push(SecurityScheme {
                name: name.clone(),
                kind,
                docs: Docs {
                    description,
                    ..Docs::default()
                },
            });
        }
        let mut schemes = self.api.schemes.iter();
        if !schemes.any(|scheme| matches!(scheme.kind, SchemeKind::ClientCredentials { .. })) {
            let at = Pointer::from_iter(["components", "securitySchemes"]);
            let message = "no security scheme has a `clientCredentials` flow; calls are made \
                           without an access token";
            self.warn(Code::NoClientCredentials, &at, message);
        }
    }

    fn scheme(
        &mut self,
        scheme: &openapiv3::SecurityScheme,
        at: &Pointer,
    ) -> (SchemeKind, Option<String>) {
        use openapiv3::SecurityScheme as S;
        match scheme {
            S::OAuth2 {
                flows, description, ..
            } => (self.flows(flows, at), description.clone()),
            S::APIKey {
                location,
                description,
                ..
            } => {
                let location = match location {
                    APIKeyLocation::Query => "query",
                    APIKeyLocation::Header => "header",
                    APIKeyLocation::Cookie => "cookie",
                };
                let kind = SchemeKind::Other(format!("apiKey in {location}"));
                (kind, description.clone())
            }
            S::HTTP {
                scheme,
                description,
                ..
            } => {
                let kind = SchemeKind::Other(format!("http {}", scheme.to_lowercase()));
                (kind, description.clone())
            }
            S::OpenIDConnect { description, .. } => (
                SchemeKind::Other("openIdConnect".to_owned()),
                description.clone(),
            ),
        }
    }

    fn flows(&mut self, flows: &OAuth2Flows, at: &Pointer) -> SchemeKind {
        if let Some(flow) = &flows.client_credentials {
            let at = at
                .child("flows")
                .child("clientCredentials")
                .child("tokenUrl");
            let scopes = flow.scopes.iter();
            return SchemeKind::ClientCredentials {
                token_url: self.token_url(&flow.token_url, &at),
                scopes: scopes
                    .map(|(scope, description)| (scope.clone(), description.clone()))
                    .collect(),
            };
        }
        let present = [
            (flows.implicit.is_some(), "implicit"),
            (flows.password.is_some(), "password"),
            (flows.authorization_code.is_some(), "authorizationCode"),
        ];
        let names: Vec<_> = present
            .into_iter()
            .filter_map(|(present, name)| present.then_some(name))
            .collect();
        SchemeKind::Other(format!("oauth2 {}", names.join(", ")).trim().to_owned())
    }

    fn token_url(&mut self, written: &str, at: &Pointer) -> Option<String> {
        let found = usable_token_url(written);
        match &found {
            None => {
                let message = format!(
                    "`{written}` is no URL of a token endpoint; it must be set before calls are made"
                );
                self.warn(Code::UnusableTokenUrl, at, message);
            }
            Some(url) if url != written.trim() => {
                let message = format!("expected a URL, found `{written}`; taken as `{url}`");
                self.warn(Code::Mended, at, message);
            }
            Some(_) => {}
        }
        found
    }

    /// Returns the requirements of an operation: its own or the document's (OpenAPI 3.0 §4.7.10.1).
    pub(super) fn requirements(
        &mut self,
        own: Option<&[SecurityRequirement]>,
        at: &Pointer,
    ) -> Vec<Requirement> {
        let document = self.document;
        let (alternatives, at) = match own {
            Some(own) => (own, at.child("security")),
            None => (
                document.security.as_deref().unwrap_or_default(),
                Pointer::from_iter(["security"]),
            ),
        };
        let mut requirements = Vec::new();
        for (index, alternative) in alternatives.iter().enumerate() {
            let at = at.child(index.to_string());
            requirements.extend(self.requirement(alternative, &at));
        }
        requirements
    }

    /// Returns an alternative; `None` if it asks for a scheme that isn't declared: what can't be met
    /// is no way in.
    fn requirement(
        &mut self,
        alternative: &SecurityRequirement,
        at: &Pointer,
    ) -> Option<Requirement> {
        let mut requirement = Requirement::default();
        for (name, scopes) in alternative {
            let mut schemes = self.api.schemes.iter();
            let Some(index) = schemes.position(|scheme| scheme.name == *name) else {
                let message = format!("no security scheme is named `{name}`; left out");
                self.warn(Code::UnknownSecurityScheme, &at.child(name), message);
                return None;
            };
            requirement.schemes.push((index, scopes.clone()));
        }
        Some(requirement)
    }

    /// Whether any requirement is declared anywhere.
    fn has_requirements(&self) -> bool {
        let document = self.document;
        let mut operations = document.operations();
        document.security.is_some()
            || operations.any(|(_, _, operation)| operation.security.is_some())
    }

    /// Applies the schemes with a `clientCredentials` flow to every operation of a document that
    /// declares schemes and never asks for one: what else are they for?
    pub(super) fn assume_requirements(&mut self) {
        if self.has_requirements() {
            return;
        }
        let schemes = self.api.schemes.iter().enumerate();
        let assumed: Vec<_> = schemes
            .filter(|(_, scheme)| matches!(scheme.kind, SchemeKind::ClientCredentials { .. }))
            .map(|(index, _)| Requirement {
                schemes: vec![(index, Vec::new())],
            })
            .collect();
        if assumed.is_empty() {
            return;
        }
        for operation in &mut self.api.operations {
            operation.security.clone_from(&assumed);
        }
        let message = "nothing says which operations ask for a security scheme; all are taken to \
                       ask for the one with client credentials";
        self.warn(Code::Mended, &Pointer::root(), message);
    }
}

/// Returns the URL in what a document writes as `tokenUrl`: absolute or relative, without words
/// around it. `None` if it stands for a URL that the reader is to know.
fn usable_token_url(written: &str) -> Option<String> {
    let mut words = written.split_whitespace();
    let word = words
        .clone()
        .find(|word| is_absolute(word) || word.starts_with('/'));
    // A relative reference needs no slash, but then it has to stand alone.
    let word = word.or_else(|| words.next().filter(|word| word.contains('/')))?;
    let usable = !word.contains(['{', '}', '<', '>', '$', '[', ']', '"'])
        && !word.starts_with("//")
        && !is_placeholder(word)
        && (is_absolute(word) || !word.contains("://"));
    let parses = || word.parse::<http::Uri>().is_ok() || !is_absolute(word);
    (usable && parses()).then(|| word.to_owned())
}

fn is_absolute(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

/// Whether a URL asks to be filled in: `your-domain`, `YOUR_TENANT`, `:tenant`, `example.com`.
fn is_placeholder(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let path = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let host = path.split('/').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    // RFC 2606 and RFC 6761 keep these for examples.
    let reserved = ["example.com", "example.org", "example.net"];
    let is_reserved = is_absolute(url)
        && (reserved
            .iter()
            .any(|name| host == *name || host.ends_with(&format!(".{name}")))
            || host.ends_with(".example")
            || host.ends_with(".invalid"));
    let mut words = path.split(|c: char| !c.is_alphanumeric());
    is_reserved
        || words.any(|word| word.starts_with("your") || word == "placeholder" || word == "changeme")
        || path.contains("/:")
}
