//! The span of a token request, by the semantic conventions of OpenTelemetry for HTTP clients. It is the
//! child of none, because any number of calls may wait for it.

use http::StatusCode;
use tracing::Span;
use tracing::field::Empty;
use url::Url;

use crate::token_error::TokenError;

/// Begins the span of one request. Path and query stay out of it: they may be sensitive.
pub(super) fn span(url: &Url) -> Span {
    tracing::info_span!(
        parent: None,
        "token",
        otel.name = "token",
        otel.kind = "client",
        http.request.method = "POST",
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        http.response.status_code = Empty,
        error.type = Empty,
    )
}

pub(super) fn answered(status: StatusCode) {
    Span::current().record("http.response.status_code", status.as_u16());
}

pub(super) fn failed(error: &TokenError) {
    let span = Span::current();
    match error.status() {
        // An error in an answer that claims success, or an answer that is none.
        Some(status) if status.is_success() => span.record("error.type", "unusable"),
        Some(status) => span.record("error.type", status.as_str()),
        None => span.record("error.type", "unanswered"),
    };
}
