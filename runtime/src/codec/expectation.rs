//! What a message of serde says of a value, without the value: it may be a secret.

/// Turns `invalid type: string "…", expected i64` into `expected i64, found string`; every other
/// message stays as it is.
pub(crate) fn expectation(message: &str) -> String {
    without_value(message).unwrap_or_else(|| message.to_owned())
}

/// Returns the message of an error without its place, if it has one.
pub(crate) fn message(error: &serde_json::Error) -> String {
    let mut message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    if message.ends_with(&place) {
        message.truncate(message.len() - place.len());
    }
    message
}

/// Returns what a message says without the value in it; `None` if it has none.
pub(crate) fn without_value(message: &str) -> Option<String> {
    let (found, expected) = ["invalid type: ", "invalid value: ", "unknown variant "]
        .into_iter()
        .find_map(|prefix| message.strip_prefix(prefix))?
        .rsplit_once(", expected ")?;
    let kind = found.split(['`', '"']).next().unwrap_or_default().trim();
    let kind = if kind.is_empty() { "another" } else { kind };
    Some(format!("expected {expected}, found {kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_told_by_its_kind_alone() {
        let told = [
            (
                "invalid type: string \"a, expected b\", expected i64",
                "expected i64, found string",
            ),
            (
                "invalid value: integer `7`, expected u8",
                "expected u8, found integer",
            ),
            (
                "missing property `id` of `Order`",
                "missing property `id` of `Order`",
            ),
        ];
        for (message, expected) in told {
            assert_eq!(expectation(message), expected);
        }
    }
}
