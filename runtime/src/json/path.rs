//! Where in a JSON text a line and a column are.
//!
//! Keeping the path while decoding would cost every good answer for the sake of the bad ones, so
//! that it is found afterwards, by reading the text once more up to the place of the failure.

/// Returns the JSON Pointer of the value that ends at, or holds, the given place. `serde_json`
/// counts columns in bytes and stands after the last byte that it read.
pub(crate) fn at(text: &[u8], line: usize, column: usize) -> String {
    let end = offset(text, line, column);
    let mut frames: Vec<Frame<'_>> = Vec::new();
    let mut at = 0;
    while at < end {
        match text[at] {
            b'{' => frames.push(Frame::Object(None)),
            b'[' => frames.push(Frame::Array(0)),
            b'}' | b']' => {
                frames.pop();
            }
            b',' => match frames.last_mut() {
                Some(Frame::Object(name)) => *name = None,
                Some(Frame::Array(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let close = string_end(text, at);
                if let Some(Frame::Object(name @ None)) = frames.last_mut() {
                    *name = Some(&text[at..close]);
                }
                at = close;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    frames.iter().filter_map(Frame::token).collect()
}

/// Returns whether a text nests deeper than `serde_json` reads.
pub(crate) fn is_too_deep(text: &[u8]) -> bool {
    let (mut at, mut depth) = (0, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => at = string_end(text, at) - 1,
            _ => {}
        }
        if depth > super::DEEPEST {
            return true;
        }
        at += 1;
    }
    false
}

enum Frame<'a> {
    /// The name of the current property, in its quotes.
    Object(Option<&'a [u8]>),
    /// The index of the current item.
    Array(usize),
}

impl Frame<'_> {
    /// Returns the reference token with its slash (RFC 6901 §3).
    fn token(&self) -> Option<String> {
        match self {
            Self::Array(index) => Some(format!("/{index}")),
            Self::Object(name) => {
                let name = serde_json::from_slice::<String>((*name)?).ok()?;
                Some(format!("/{}", name.replace('~', "~0").replace('/', "~1")))
            }
        }
    }
}

fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive(|&byte| byte == b'\n')
        .take(line.saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    (before + column).min(text.len())
}

/// Returns the offset after the closing quote of the string that opens at `start`.
fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < text.len() {
        match text[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::de::DeserializeOwned;

    use super::*;

    fn failing<T: DeserializeOwned>(text: &str) -> String {
        let Err(error) = serde_json::from_str::<T>(text) else {
            panic!("{text} decodes");
        };
        at(text.as_bytes(), error.line(), error.column())
    }

    type Map<T> = BTreeMap<String, T>;

    #[derive(Debug, serde::Deserialize)]
    struct Point {
        #[expect(dead_code, reason = "only its absence matters")]
        x: i64,
    }

    #[test]
    fn a_value_of_another_type_is_found_by_its_path() {
        assert_eq!(failing::<i64>("\"a\""), "");
        assert_eq!(failing::<Vec<i64>>("[1, 2, {}]"), "/2");
        assert_eq!(
            failing::<Map<Vec<i64>>>(r#"{"a": [], "b": [1, null]}"#),
            "/b/1"
        );
        assert_eq!(
            failing::<Map<Map<bool>>>("{\n \"a\": {\n  \"é\": 1.5\n }\n}"),
            "/a/é"
        );
    }

    #[test]
    fn a_missing_property_is_reported_at_its_object() {
        assert_eq!(failing::<Point>("{}"), "");
        assert_eq!(
            failing::<Vec<Point>>(r#"[{"x": 1}, {"y": {"z": 1}}, {"x": 2}]"#),
            "/1"
        );
        assert_eq!(failing::<Map<Point>>(r#"{"a": {"y": [1, 2]}}"#), "/a");
    }

    #[test]
    fn names_are_unquoted_and_escaped() {
        assert_eq!(failing::<Map<i64>>(r#"{"a\"/~\u00e9": "x"}"#), "/a\"~1~0é");
        assert_eq!(failing::<Map<Vec<i64>>>(r#"{"]},": ["[{"]}"#), "/]},/0");
    }

    #[test]
    fn any_text_and_place_give_a_path() {
        let text = r#"{"a": ["b\"#.as_bytes();
        for line in 0..3 {
            for column in 0..20 {
                at(text, line, column);
                at(b"", line, column);
                at(b"]]}}\"", line, column);
            }
        }
    }
}
