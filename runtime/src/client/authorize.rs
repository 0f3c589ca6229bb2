//! By what right a call is made: which alternative of its operation's security is met, and with what.

use http::header::AUTHORIZATION;

use super::{ClientCore, is_safe};
use crate::api::SchemeKind;
use crate::origin;
use crate::request::{Draft, Request};
use crate::request_error::{RequestError, Unauthorized};
use crate::security::{Presentation, carries};
use crate::token_cache::TokenCache;

/// How a scheme is met.
#[derive(Clone, Copy)]
enum Right<'a> {
    /// By a token that goes with each request.
    Token,
    Credential(&'a Presentation),
    /// By what the caller has put into the request.
    Callers,
}

impl ClientCore {
    /// Puts a request together, with what authorises it; returns the tokens to make it with, if it is made
    /// with one.
    pub(crate) fn request(
        &self,
        draft: &Draft,
    ) -> Result<(Box<Request>, Option<TokenCache>), RequestError> {
        let operation = draft.operation;
        let headers = &self.0.options.headers;
        let request = draft.finish(self.base_url(operation), headers)?;
        let mut request = Box::new(request);
        let tokens = self.authorize(draft, &mut request)?;
        Ok((request, tokens))
    }

    /// Decides by what right a request is made, and puts into it what doesn't change from one attempt
    /// to the next; a token of the returned cache does.
    ///
    /// A caller who sets `Authorization` answers for it. Otherwise the first alternative that can be
    /// met counts; going without comes last, even where the document names it first, because a
    /// server that takes both gives more to those whom it knows. For the same reason an alternative that
    /// names no scope gives way to one that does, of the same schemes: where a server issues no token
    /// without a scope, as 3GPP's do, the former can't be met.
    fn authorize(
        &self,
        draft: &Draft,
        request: &mut Request,
    ) -> Result<Option<TokenCache>, RequestError> {
        let operation = draft.operation;
        let options = &self.0.options;
        let has_settings = draft.has_settings || options.has_headers;
        let has_authorization = draft.has_header(&AUTHORIZATION)
            || options.has_headers && options.headers.contains_key(AUTHORIZATION);
        let right = |scheme| self.right(scheme, request, has_settings, has_authorization);
        let alternatives = operation.security.iter();
        let mut met = alternatives.clone().filter(|alternative| {
            let mut schemes = alternative.schemes.iter();
            !alternative.schemes.is_empty() && schemes.all(|(scheme, _)| right(*scheme).is_some())
        });
        let met = met.next().map(|first| {
            let mut others =
                met.filter(|other| !first.names_scopes() && other.is_of_the_schemes_of(first));
            others.find(|other| other.names_scopes()).unwrap_or(first)
        });
        let Some(met) = met else {
            let mut alternatives = alternatives;
            let is_free = operation.security.is_empty()
                || has_authorization
                || alternatives.any(|alternative| alternative.schemes.is_empty());
            return if is_free {
                Ok(None)
            } else {
                let api = self.0.api;
                Err(RequestError::Unauthorized(Unauthorized { api, operation }))
            };
        };
        let mut wants_token = false;
        // What is put into the request would look like the caller's to those that come after it.
        let mut credentials = Vec::new();
        for (scheme, _) in met.schemes {
            match right(*scheme) {
                Some(Right::Token) => wants_token = true,
                Some(Right::Credential(credential)) => credentials.push(credential),
                Some(Right::Callers) | None => {}
            }
        }
        if !wants_token && credentials.is_empty() {
            return Ok(None);
        }
        let url = &request.url;
        let is_safe = if origin::is_same(url, &self.0.base_url) {
            self.0.is_safe
        } else if self.is_own(url) {
            is_safe(url)
        } else {
            return Err(RequestError::ForeignOrigin);
        };
        if !is_safe {
            return Err(RequestError::PlainHttp);
        }
        for credential in credentials {
            credential.apply(request);
        }
        let tokens = self.0.tokens.as_ref().filter(|_| wants_token);
        Ok(tokens.map(|tokens| tokens.cache(operation.id, met.schemes)))
    }

    /// Returns how a scheme is met; `None` if it isn't.
    fn right(
        &self,
        scheme: usize,
        request: &Request,
        has_settings: bool,
        has_authorization: bool,
    ) -> Option<Right<'_>> {
        let description = self.0.api.schemes.get(scheme)?;
        if description.is_authorization() && has_authorization {
            return Some(Right::Callers);
        }
        let credential = || self.0.credentials.get(scheme)?.as_ref();
        match description.kind {
            SchemeKind::ClientCredentials { .. } => self.0.tokens.is_some().then_some(Right::Token),
            SchemeKind::Token if self.0.has_own_tokens => Some(Right::Token),
            SchemeKind::ApiKey(place) if carries(request, place) => Some(Right::Callers),
            // The certificates of a caller's HTTP client aren't known here.
            SchemeKind::MutualTls => self.0.has_certificate.then_some(Right::Callers),
            SchemeKind::Other => has_settings.then_some(Right::Callers),
            _ => credential().map(Right::Credential),
        }
    }
}
