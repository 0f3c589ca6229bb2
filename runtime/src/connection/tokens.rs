//! The client of the token endpoint, made of the settings.

use std::sync::Arc;

use url::Url;

use super::Connection;
use crate::api::SchemeKind;
use crate::client_credentials::{
    AUTHENTICATION_PARAMETERS, ClientCredentials, ClientCredentialsBuilder, TokenPlace,
};
use crate::credentials::Credential;
use crate::settings_error::Problem;
use crate::token_endpoint;

impl Connection {
    pub(super) fn resolve_tokens(
        &self,
        base_url: Option<&Url>,
        problems: &mut Vec<Problem>,
    ) -> Option<ClientCredentials> {
        let client_id = self.client_id.get().filter(|id| !id.is_empty());
        if client_id.is_none() {
            problems.push(self.missing("client_id"));
        }
        let authentication = self
            .client_authentication
            .get()
            .copied()
            .unwrap_or_default();
        let held = self.credential.get().filter(|held| !held.is_empty());
        let is_needed = !authentication.is_bare() && self.client_certificate.get().is_none();
        let credential = match held {
            Some(held) => Some(held.provider()),
            None if is_needed => {
                problems.push(self.missing("client_secret"));
                None
            }
            None => Some(Arc::new(Credential::Nothing) as _),
        };
        let place = self.resolve_token_place(base_url, problems);
        let second = |name: &&String| AUTHENTICATION_PARAMETERS.contains(&name.as_str());
        if let Some(name) = self.extra_parameters.keys().find(second) {
            problems.push(Problem::unusable(
                format!("extra_parameters.{name}"),
                "client authentication is no extra parameter: a request must not have two of it",
            ));
            return None;
        }
        let mut builder = ClientCredentialsBuilder::new(place?, client_id?.clone(), credential?)
            .authentication(authentication)
            .network(self.network());
        if let Some(url) = self.revocation_endpoint.get() {
            if let Err(message) = token_endpoint::check(url) {
                problems.push(Problem::unusable("revocation_endpoint", message));
                return None;
            }
            builder = builder.revocation_endpoint(url);
        }
        if let Some(scope) = self.scope.get() {
            builder = builder.scope(scope);
        }
        for resource in self.resources.get().into_iter().flatten() {
            builder = builder.resource(resource);
        }
        if let Some(audience) = self.audience.get() {
            builder = builder.audience(audience);
        }
        for (name, value) in &self.token_headers {
            if let Some(value) = value.get() {
                builder = builder.header(name, value);
            }
        }
        #[cfg(feature = "jwt")]
        if let Some(audience) = self.assertion_audience.get() {
            builder = builder.assertion_audience(audience);
        }
        #[cfg(feature = "jwt")]
        if let Some(key) = self.dpop_key.get() {
            builder = builder.dpop(key.clone());
        }
        #[cfg(feature = "store")]
        if let Some(sharing) = &self.sharing {
            builder = builder.share(sharing.clone());
        }
        for (name, value) in &self.extra_parameters {
            if let Some(value) = value.get() {
                builder = builder.extra_parameter(name, value);
            }
        }
        builder
            .build()
            .map_err(|error| {
                problems.push(Problem::unusable("token request", error.to_string()));
            })
            .ok()
    }

    /// Returns where the token endpoint is: where it is set to be, where its issuer says, or where the
    /// document says.
    fn resolve_token_place(
        &self,
        base_url: Option<&Url>,
        problems: &mut Vec<Problem>,
    ) -> Option<TokenPlace> {
        let issuer = self.issuer.get().filter(|issuer| !issuer.trim().is_empty());
        if let (Some(issuer), None) = (issuer, self.set_token_endpoint()) {
            return token_endpoint::check_issuer(issuer)
                .map(|_| TokenPlace::Of(issuer.clone()))
                .map_err(|message| problems.push(Problem::unusable("issuer", message)))
                .ok();
        }
        let endpoint = self.resolve_token_endpoint(base_url, problems);
        endpoint.map(|url| TokenPlace::At(url.into()))
    }

    /// An empty one isn't set: resolved against the base URL, it would send the credentials there.
    fn set_token_endpoint(&self) -> Option<&str> {
        let set = self.token_endpoint.get().map(|url| url.trim());
        set.filter(|url| !url.is_empty())
    }

    pub(super) fn resolve_token_endpoint(
        &self,
        base_url: Option<&Url>,
        problems: &mut Vec<Problem>,
    ) -> Option<Url> {
        let Some(text) = self
            .set_token_endpoint()
            .or_else(|| self.documented_token_endpoint())
        else {
            problems.push(self.missing("token_endpoint"));
            return None;
        };
        let url = match Url::parse(text) {
            // Without a base URL, that is what is missing.
            Err(url::ParseError::RelativeUrlWithoutBase) => base_url?.join(text),
            parsed => parsed,
        };
        url.map_err(|_| "expected a URL")
            .and_then(|url| token_endpoint::check(url.as_str()))
            .map_err(|message| problems.push(Problem::unusable("token_endpoint", message)))
            .ok()
    }

    /// Returns the token URL of the document, unless it is a template that the caller must fill.
    pub(super) fn documented_token_endpoint(&self) -> Option<&'static str> {
        let url = self
            .api
            .schemes
            .iter()
            .find_map(|scheme| match scheme.kind {
                SchemeKind::ClientCredentials { token_url } => token_url,
                _ => None,
            });
        url.map(str::trim)
            .filter(|url| !url.is_empty() && !url.contains(['{', '}']))
    }
}
