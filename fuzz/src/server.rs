//! What servers say to the runtime: whatever it is, it doesn't panic, and harms nobody.

use std::error::Error;

use accredit_runtime::__private::parsers;
use accredit_runtime::{Challenge, HeaderMap, StatusCode, Suspicion};

/// What the token request held; a hostile server repeats it.
const SECRET: &str = "s3cret";

/// Reads bytes as the answer to a token request, of a status by the first of them. An error is one short line that doesn't repeat the secret.
pub fn token_answer(bytes: &[u8]) {
    let (first, body) = bytes.split_first().unwrap_or((&b'{', &[]));
    let (status, body) = match first {
        b'{' => (StatusCode::OK, bytes),
        other => {
            let status = StatusCode::from_u16(200 + u16::from(*other) * 2);
            (status.expect("a status"), body)
        }
    };
    match parsers::token_answer(status, body, SECRET) {
        Ok(token) => drop(format!("{token:?}")),
        Err(error) => {
            let mut next: Option<&dyn Error> = Some(&error);
            while let Some(error) = next {
                let text = error.to_string();
                assert!(!text.contains(SECRET), "the secret is seen");
                assert!(!text.contains(char::is_control), "a broken line");
                assert!(text.len() < 2000, "a long line");
                next = error.source();
            }
        }
    }
}

/// Reads lines as `WWW-Authenticate` headers, and judges the answer that they would stand in.
pub fn www_authenticate(bytes: &[u8]) {
    let headers = headers(bytes, &["www-authenticate"]);
    for challenge in Challenge::all(&headers) {
        // Whatever they are, they are read without a panic.
        let _ = (challenge.scopes().count(), challenge.claims());
        assert!(!challenge.scheme().is_empty(), "a challenge of no scheme");
    }
    for status in [401, 403, 404, 500] {
        let status = StatusCode::from_u16(status).expect("a status");
        let suspicion = Suspicion::of("orders.get", status, &headers);
        assert!(
            !status.is_server_error() || suspicion.is_none(),
            "an outage is suspect"
        );
    }
}

/// Reads two lines as `Retry-After` and `Date`. Digits always mean a time.
pub fn retry_after(bytes: &[u8]) {
    let headers = headers(bytes, &["retry-after", "date"]);
    let wait = parsers::retry_after(&headers);
    let value = headers.get("retry-after").map(|value| value.as_bytes());
    if value.is_some_and(|it| !it.is_empty() && it.iter().all(u8::is_ascii_digit)) {
        assert!(wait.is_some(), "seconds aren't read");
    }
}

/// Makes headers of lines, by the names in turn; what can't stand in one is left out.
fn headers(bytes: &[u8], names: &[&'static str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let lines = bytes.split(|byte| *byte == b'\n');
    for (line, name) in lines.zip(names.iter().cycle()) {
        if let Ok(value) = line.try_into() {
            headers.append(*name, value);
        }
    }
    headers
}
