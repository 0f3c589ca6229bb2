//! Security: the schemes, and which of them an operation asks for.

use http::HeaderName;
use openapiv3::{APIKeyLocation, OAuth2Flows, SecurityRequirement};

use super::Lowerer;
use crate::diagnostics::Code;
use crate::model::{Docs, Location, Requirement, SchemeKind, SecurityScheme};
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
            let at = self.components_at("securitySchemes").child(name.as_str());
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
        let is_met_here = |scheme: &SecurityScheme| !matches!(scheme.kind, SchemeKind::Other(_));
        if !self.api.schemes.iter().any(is_met_here) {
            let at = self.components_at("securitySchemes");
            let message = "no security scheme has a `clientCredentials` flow; calls are made \
                           without an access token";
            let hint = "declare an `oauth2` scheme with a `clientCredentials` flow in \
                        a copy of the document";
            self.warn_with_hint(Code::NoClientCredentials, &at, message, hint);
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
                name,
                description,
                ..
            } => {
                let location = match location {
                    APIKeyLocation::Query => Location::Query,
                    APIKeyLocation::Header => Location::Header,
                    APIKeyLocation::Cookie => Location::Cookie,
                };
                let name = name.trim().to_owned();
                let kind = if location == Location::Header && HeaderName::try_from(&name).is_err() {
                    let message =
                        format!("`{name}` is no name of a header; the caller sets the key");
                    self.warn(Code::InvalidPart, &at.child("name"), message);
                    SchemeKind::Other("apiKey in header".to_owned())
                } else {
                    SchemeKind::ApiKey { location, name }
                };
                (kind, description.clone())
            }
            S::HTTP {
                scheme,
                description,
                ..
            } => {
                let kind = match scheme.trim().to_ascii_lowercase().as_str() {
                    "basic" => SchemeKind::Basic,
                    "bearer" => SchemeKind::Bearer,
                    "mutualtls" => SchemeKind::MutualTls,
                    other => {
                        let message = format!(
                            "HTTP authentication by `{other}` isn't generated; the caller answers the \
                             server's challenge"
                        );
                        let hint = "pass an HTTP client that does, or set `Authorization` by a middleware \
                                    or for each call";
                        self.warn_with_hint(Code::Unsupported, &at.child("scheme"), message, hint);
                        SchemeKind::Other(format!("http {other}"))
                    }
                };
                (kind, description.clone())
            }
            S::OpenIDConnect { description, .. } => (
                SchemeKind::Token("openIdConnect".to_owned()),
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
        SchemeKind::Token(format!("oauth2 {}", names.join(", ")).trim().to_owned())
    }

    fn token_url(&mut self, written: &str, at: &Pointer) -> Option<String> {
        let found = usable_token_url(written);
        match &found {
            None => {
                let message = format!(
                    "`{written}` is no URL of a token endpoint; it must be set before calls are made"
                );
                let hint = "set the token endpoint in the connection settings of the client";
                self.warn_with_hint(Code::UnusableTokenUrl, at, message, hint);
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
                self.place.child("security"),
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
                let hint = "declare it in `components.securitySchemes`";
                self.warn_with_hint(Code::UnknownSecurityScheme, &at.child(name), message, hint);
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
        let first = self.first_operation;
        for operation in &mut self.api.operations[first..] {
            operation.security.clone_from(&assumed);
        }
        let message = "nothing says which operations ask for a security scheme; all are taken to \
                       ask for the one with client credentials";
        let hint = "add `security` to the document or to its operations";
        let at = self.place.clone();
        self.warn_with_hint(Code::Mended, &at, message, hint);
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

/// Whether a URL asks to be filled in: `your-domain`, `YOUR_TENANT`, `yourdomain`, `:tenant`. A name
/// that is reserved for examples (RFC 2606) is taken as it is: a document that is made up is
/// consistent in itself.
fn is_placeholder(url: &str) -> bool {
    const YOURS: [&str; 8] = [
        "", "account", "company", "domain", "host", "instance", "server", "tenant",
    ];
    let lower = url.to_ascii_lowercase();
    let path = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let mut words = path.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        let is_yours = word
            .strip_prefix("your")
            .is_some_and(|rest| YOURS.contains(&rest));
        is_yours || word == "placeholder" || word == "changeme"
    }) || path.contains("/:")
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower;
    use super::*;

    #[test]
    fn a_token_url_is_taken_without_words_around_it() {
        let usable = |written: &str| usable_token_url(written);
        let some = |url: &str| Some(url.to_owned());
        assert_eq!(usable("https://a.com/token"), some("https://a.com/token"));
        assert_eq!(usable(" /oauth2/token "), some("/oauth2/token"));
        assert_eq!(usable("oauth/token"), some("oauth/token"));
        assert_eq!(
            usable("https://a.com/t (Opens in new window)"),
            some("https://a.com/t")
        );
        assert_eq!(usable("see https://a.com/t"), some("https://a.com/t"));
        assert_eq!(
            usable("http://localhost:8080/t"),
            some("http://localhost:8080/t")
        );
    }

    #[test]
    fn a_placeholder_is_no_token_url() {
        for written in [
            "",
            "{tokenUrl}",
            "{nrfApiRoot}/oauth2/token",
            "https://your-token-url.com/oauth/token",
            "https://auth-YOUR_TENANT.a.com/token",
            "https://<tenant>.a.com/token",
            "https://yourdomain.com/token",
            "https://a.com/:tenant/token",
            "https:///token",
            "//a.com/token",
            "ftp://a.com/token",
            "TBD",
            "not yet known",
        ] {
            assert_eq!(usable_token_url(written), None, "{written}");
        }
    }

    #[test]
    fn requirements_are_alternatives_and_an_operation_overrides_them() {
        let lowered = lower(indoc! {"
            openapi: 3.0.3
            info: {title: T, version: '1'}
            security: [{}, {a: [read], key: []}]
            paths:
              /a:
                get: {responses: {'200': {description: ''}}}
                put: {security: [], responses: {'200': {description: ''}}}
                post: {security: [{gone: []}, {key: []}], responses: {'200': {description: ''}}}
            components:
              securitySchemes:
                key: {type: apiKey, in: header, name: K}
                a:
                  type: oauth2
                  flows:
                    implicit: {authorizationUrl: /auth, scopes: {}}
                    clientCredentials: {tokenUrl: /token, scopes: {read: Reads}}
        "});
        let security: Vec<_> = lowered
            .api
            .operations
            .iter()
            .map(|operation| {
                let schemes = operation.security.iter().map(|one| one.schemes.clone());
                schemes.collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(
            security,
            [
                vec![vec![], vec![(1, vec!["read".to_owned()]), (0, vec![])]],
                vec![],
                vec![vec![(0, vec![])]],
            ]
        );
        assert!(matches!(
            &lowered.api.schemes[1].kind,
            SchemeKind::ClientCredentials { token_url: Some(url), scopes }
                if url == "/token" && scopes.len() == 1
        ));
        let place = "#/paths/~1a/post/security/0/gone".to_owned();
        assert_eq!(lowered.told, [(Code::UnknownSecurityScheme, place)]);
    }

    #[test]
    fn a_document_that_never_asks_for_its_scheme_is_taken_to_ask_always() {
        let lowered = lower(indoc! {"
            openapi: 3.0.3
            info: {title: T, version: '1'}
            paths: {/a: {get: {responses: {'200': {description: ''}}}}}
            components:
              securitySchemes:
                a: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {}}}}
        "});
        assert_eq!(lowered.api.operations[0].security[0].schemes, [(0, vec![])]);
        assert_eq!(lowered.told, [(Code::Mended, "#".to_owned())]);
    }

    #[test]
    fn a_document_without_client_credentials_is_told() {
        let lowered = lower(indoc! {"
            openapi: 3.0.3
            info: {title: T, version: '1'}
            paths: {/a: {get: {responses: {'200': {description: ''}}}}}
        "});
        assert_eq!(lowered.told[0].0, Code::NoClientCredentials);
    }
}
