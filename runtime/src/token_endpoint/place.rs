//! Where the token endpoint is: at a URL, or wherever its issuer says.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use http::HeaderValue;
use http::header::ACCEPT;
use url::Url;

use super::metadata::{self, Metadata};
use super::{read_bounded, unanswered, wait};
use crate::token_error::TokenError;

/// Where token requests go, and how assertions name the server.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) url: Url,
    #[cfg_attr(not(feature = "jwt"), allow(dead_code))]
    pub(super) server: String,
    /// Ways to authenticate that the server has named.
    pub(super) methods: Vec<String>,
    /// Where the server has said that it revokes tokens.
    pub(super) revocation: Option<Url>,
}

pub(super) enum Place {
    At(Arc<Target>),
    Of(Issuer),
}

/// An issuer whose metadata are fetched before the first token request, and kept.
pub(super) struct Issuer {
    name: String,
    url: Url,
    known: ArcSwapOption<Known>,
}

struct Known {
    since: Instant,
    target: Arc<Target>,
}

/// How long metadata are used.
const LIFETIME: Duration = Duration::from_secs(24 * 3600);

impl Place {
    pub(super) fn at(url: Url) -> Self {
        Self::At(Arc::new(Target {
            server: url.to_string(),
            url,
            methods: Vec::new(),
            revocation: None,
        }))
    }

    pub(super) fn of(issuer: &str) -> Result<Self, TokenError> {
        Ok(Self::Of(Issuer {
            url: metadata::check_issuer(issuer).map_err(TokenError::permanent)?,
            // As it was given: it is compared character by character.
            name: issuer.to_owned(),
            known: ArcSwapOption::empty(),
        }))
    }

    /// Returns the URL that is known from the beginning.
    pub(super) fn url(&self) -> &Url {
        match self {
            Self::At(target) => &target.url,
            Self::Of(issuer) => &issuer.url,
        }
    }

    pub(super) async fn find(
        &self,
        http: &reqwest::Client,
        timeout: Duration,
        has_certificate: bool,
    ) -> Result<Arc<Target>, TokenError> {
        let issuer = match self {
            Self::At(target) => return Ok(Arc::clone(target)),
            Self::Of(issuer) => issuer,
        };
        if let Some(known) = &*issuer.known.load()
            && known.since.elapsed() < LIFETIME
        {
            return Ok(Arc::clone(&known.target));
        }
        let Metadata {
            token_endpoint,
            methods,
            revocation,
        } = issuer.discover(http, timeout, has_certificate).await?;
        tracing::debug!(issuer = issuer.name, "authorization server discovered");
        let target = Arc::new(Target {
            url: token_endpoint,
            server: issuer.name.clone(),
            methods,
            revocation,
        });
        issuer.known.store(Some(Arc::new(Known {
            since: Instant::now(),
            target: Arc::clone(&target),
        })));
        Ok(target)
    }

    /// Forgets what was discovered: the endpoint may have moved.
    pub(super) fn forget(&self) {
        if let Self::Of(issuer) = self {
            issuer.known.store(None);
        }
    }
}

impl Issuer {
    async fn discover(
        &self,
        http: &reqwest::Client,
        timeout: Duration,
        has_certificate: bool,
    ) -> Result<Metadata, TokenError> {
        let mut refusal = None;
        for url in metadata::places(&self.url) {
            let json = HeaderValue::from_static("application/json");
            let request = http.get(url).header(ACCEPT, json).timeout(timeout);
            let response = request.send().await.map_err(unanswered)?;
            let status = response.status();
            let wait = wait(response.headers());
            if !status.is_success() {
                let error = TokenError::permanent("the issuer has no metadata");
                let error = error.answered(status, wait);
                // A server in trouble says nothing of where its metadata are.
                if error.is_transient() {
                    return Err(error);
                }
                refusal.get_or_insert(error);
                continue;
            }
            let body = read_bounded(response, metadata::LONGEST).await?;
            match metadata::read(&body, &self.name, has_certificate) {
                Ok(metadata) => return Ok(metadata),
                // Some servers answer anything with a page of theirs.
                Err(message) => {
                    refusal.get_or_insert(TokenError::permanent(message).answered(status, None));
                }
            }
        }
        Err(refusal.unwrap_or_else(|| TokenError::permanent("the issuer has no metadata")))
    }
}
