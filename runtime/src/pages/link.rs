//! The `Link` header ([RFC 8288 §3](https://www.rfc-editor.org/rfc/rfc8288#section-3)).

use http::HeaderMap;
use http::header::LINK;

/// Returns the target of the first link of the relation `next`.
pub(super) fn next(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(LINK).iter();
    values.find_map(|value| next_of(value.to_str().ok()?))
}

fn next_of(mut rest: &str) -> Option<&str> {
    while let Some((target, after)) = rest
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
    {
        let (parameters, after) = split(after, ',');
        if is_next(parameters) {
            return Some(target);
        }
        rest = after;
    }
    None
}

/// Returns whether the parameters of a link say that it leads to the next page. Of several `rel` the
/// first counts (RFC 8288 §3.3).
fn is_next(mut parameters: &str) -> bool {
    while !parameters.is_empty() {
        let (parameter, after) = split(parameters, ';');
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if name.trim().eq_ignore_ascii_case("rel") {
            let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
            return relations.any(|relation| relation.eq_ignore_ascii_case("next"));
        }
        parameters = after;
    }
    false
}

/// Splits at a separator that isn't within quotes.
fn split(text: &str, separator: char) -> (&str, &str) {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (index, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if character == separator && !is_quoted => {
                return (&text[..index], &text[index + character.len_utf8()..]);
            }
            _ => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_of_the_relation_next_is_found() {
        for (header, expected) in [
            (
                r#"<https://a.test/?page=2>; rel="next""#,
                Some("https://a.test/?page=2"),
            ),
            (
                r#"</p?a=1,2>; rel=prev, </p?a=3,4>; title="a, b; c=\"d\""; REL="last Next""#,
                Some("/p?a=3,4"),
            ),
            (r#"</p>; rel="first"; rel="next""#, None),
            (r#"</p>; title="rel=next""#, None),
            ("</p>", None),
            ("rel=next", None),
            ("<", None),
            ("", None),
        ] {
            assert_eq!(next_of(header), expected, "{header}");
        }
    }

    #[test]
    fn links_of_several_headers_are_one_list() {
        let mut headers = HeaderMap::new();
        for value in ["</1>; rel=first", "</2>; rel=next"] {
            headers.append(LINK, value.parse().expect("a header value"));
        }
        assert_eq!(next(&headers), Some("/2"));
    }
}
