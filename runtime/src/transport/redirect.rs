//! Redirects: followed within an origin as they are, to another one without what authorises the call.

use http::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, LOCATION,
    PROXY_AUTHORIZATION, TRANSFER_ENCODING,
};
use http::{Method, StatusCode};
use reqwest::redirect::{Action, Attempt};
use url::Url;

use crate::request::Request;
use crate::upload::Body;

/// What `reqwest` follows by default.
pub(super) const MOST: usize = 10;

/// Follows a redirect within its origin. One that leads out is left for [`elsewhere`], because
/// `reqwest` would carry the key of an API along.
pub(super) fn within_origin(attempt: Attempt<'_>) -> Action {
    let Some(from) = attempt.previous().last() else {
        return attempt.follow();
    };
    if from.scheme() == "https" && attempt.url().scheme() != "https" {
        attempt.error("a redirect from https to http")
    } else if from.origin() != attempt.url().origin() {
        attempt.stop()
    } else if attempt.previous().len() > MOST {
        attempt.error("too many redirects")
    } else {
        attempt.follow()
    }
}

/// Returns the request to another origin that an answer asks for
/// ([RFC 9110 §15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4)).
pub(super) fn elsewhere(
    response: &reqwest::Response,
    method: &Method,
    request: &Request,
) -> Option<(Method, Request)> {
    let status = response.status();
    let keeps_method = match status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => {
            matches!(*method, Method::GET | Method::HEAD)
        }
        _ => return None,
    };
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let target: Url = response.url().join(location).ok()?;
    if target.origin() == response.url().origin() || !matches!(target.scheme(), "http" | "https") {
        return None;
    }
    if keeps_method && !request.body.is_replayable() {
        return None;
    }
    let mut request = request.clone();
    let method = if keeps_method {
        method.clone()
    } else {
        request.body = Body::Empty;
        for name in [
            CONTENT_ENCODING,
            CONTENT_LENGTH,
            CONTENT_TYPE,
            TRANSFER_ENCODING,
        ] {
            request.headers.remove(name);
        }
        Method::GET
    };
    for name in [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION] {
        request.headers.remove(name);
    }
    for name in std::mem::take(&mut request.private) {
        request.headers.remove(name);
    }
    request.url = target;
    Some((method, request))
}
