//! Text becomes values: JSON or YAML, with what is ambiguous or too large noticed on the way.

mod build;
mod spelling;

use serde::de::DeserializeSeed;
use serde_json::Value;

use crate::{
    diagnostics::{At, Code, Diagnostics},
    pointer::Pointer,
    tabs,
    tree::Lines,
};
use build::{Build, Format, MAX_VALUES, Notes, TOO_MANY};

/// Parses the text of a source file.
pub(crate) fn parse(text: &str, file: usize, diagnostics: &mut Diagnostics) -> Option<Value> {
    let looks_like_json = text.trim_start().starts_with(['{', '[']);
    let mut notes = Notes::new(text.len());
    let parsed: Result<Value, Failure> = if looks_like_json {
        json(text, &mut notes).or_else(|failure| {
            let mut second = Notes::new(text.len());
            let value = yaml(text, &mut second).map_err(|_| failure)?;
            second.list.push((
                Pointer::root(),
                "the text isn't JSON, but reads as YAML".to_owned(),
            ));
            notes = second;
            Ok(value)
        })
    } else {
        yaml(text, &mut notes).or_else(|failure| {
            let mut second = Notes::new(text.len());
            let value = tabs::expanded(text)
                .find_map(|tabs| {
                    second = Notes::new(text.len());
                    yaml(&tabs.text, &mut second).ok()
                })
                .ok_or(failure)?;
            if let Some((line, column)) = tabs::first(text) {
                let at = At::Position { file, line, column };
                let message =
                    "lines are indented by tabs, which YAML doesn't allow; they are read as spaces";
                diagnostics
                    .warning(Code::Mended, at, message)
                    .set_hint(CORRECT);
            }
            notes = second;
            Ok(value)
        })
    };
    match parsed {
        Ok(mut value) => {
            if !looks_like_json {
                for pointer in spelling::restore(&mut value, text) {
                    notes.push(
                        || pointer,
                        "a number stands for a text; it is read as it is spelled",
                    );
                }
            }
            for (pointer, message) in notes.list {
                diagnostics
                    .warning(Code::Mended, At::Source { file, pointer }, message)
                    .set_hint(CORRECT);
            }
            Some(value)
        }
        Err(failure) => {
            let (line, column) = shown(text, failure.position);
            let at = At::Position { file, line, column };
            diagnostics
                .error(Code::InvalidSyntax, at, failure.message)
                .set_hint(failure.hint);
            None
        }
    }
}

/// Returns the position to show for a mistake: where nothing stands, what stands before.
fn shown(text: &str, position: Option<(usize, usize)>) -> (usize, usize) {
    let lines = Lines::new(text);
    let offset = position.map_or(text.len(), |(line, column)| match column {
        0 => lines.offset(line, 1).saturating_sub(1),
        _ => lines.offset(line, column),
    });
    let (line, _) = lines.position(offset);
    let is_blank = text[lines.line(line)].trim().is_empty();
    let is_end = text[offset..].trim().is_empty();
    if is_blank || is_end {
        lines.position(text[..offset].trim_end().len())
    } else {
        lines.position(offset)
    }
}

/// Why a text can't be parsed.
struct Failure {
    message: String,
    /// Line and column.
    position: Option<(usize, usize)>,
    hint: &'static str,
}

const CORRECT: &str = "correct the document, so that every tool reads it alike";
const SIZE_HINT: &str = "no OpenAPI document is so large; check what wrote the file";
const DEPTH_HINT: &str = "no OpenAPI document needs this depth; check what wrote the file";

fn json(source: &str, notes: &mut Notes) -> Result<Value, Failure> {
    let mut deserializer = serde_json::Deserializer::from_str(source);
    let result = Build::new(Format::Json, notes)
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    result.map_err(|error| {
        let full = error.to_string();
        let text = full
            .rsplit_once(" at line ")
            .map_or(full.as_str(), |(text, _)| text);
        let position = (error.line().max(1), error.column());
        let rest = text_after(source, position);
        let is_open = text.starts_with("control character");
        let hint = if text == TOO_MANY {
            SIZE_HINT
        } else if error.is_eof() || (is_open && rest.trim().is_empty()) {
            "the file seems to be cut off; fetch it again"
        } else if text.contains("recursion limit") {
            DEPTH_HINT
        } else {
            "the mistake is at this place or just before it"
        };
        Failure {
            message: format!("invalid JSON: {}", plain_words(text)),
            position: Some(position),
            hint,
        }
    })
}

fn text_after(text: &str, (line, column): (usize, usize)) -> &str {
    &text[Lines::new(text).offset(line, column.max(1))..]
}

fn yaml(text: &str, notes: &mut Notes) -> Result<Value, Failure> {
    if too_many_values(text) {
        return Err(Failure {
            message: format!("invalid YAML: {TOO_MANY}"),
            position: Some((1, 1)),
            hint: SIZE_HINT,
        });
    }
    if let Some(offset) = flow_too_deep(text).or_else(|| block_too_deep(text)) {
        return Err(Failure {
            message: "invalid YAML: values are nested too deep".to_owned(),
            position: Some(Lines::new(text).position(offset)),
            hint: DEPTH_HINT,
        });
    }
    let mut documents = serde_yaml::Deserializer::from_str(text);
    let Some(document) = documents.next() else {
        return Ok(Value::Null);
    };
    let value = Build::new(Format::Yaml, notes)
        .deserialize(document)
        .map_err(|error| yaml_failure(&error))?;
    if documents.next().is_some() {
        notes.list.push((
            Pointer::root(),
            "the file holds several YAML documents; the first is read".to_owned(),
        ));
    }
    Ok(value)
}

fn yaml_failure(error: &serde_yaml::Error) -> Failure {
    let full = error.to_string();
    let text = full
        .find(" at line ")
        .map_or(full.as_str(), |end| &full[..end]);
    // An error of the builder is prefixed by the path that leads there.
    let text = text.rsplit_once(": ").map_or(text, |(_, text)| text);
    let hint = if text.contains("mapping values are not allowed") {
        "a text that contains `: ` must be quoted"
    } else if text == TOO_MANY {
        SIZE_HINT
    } else if text.contains("recursion limit") {
        DEPTH_HINT
    } else if text.contains("cannot start any token") {
        "indent with spaces, and quote a text that begins with `@`, `` ` ``, `%` or a tab"
    } else if text.contains("unknown anchor") {
        "an alias `*name` needs an anchor `&name` before it; quote a text that begins with `*`"
    } else if text.contains("repetition limit") || text.contains("aliases") {
        "write the values out, or fewer times"
    } else {
        "check indentation and quotes at this place and just before it"
    };
    Failure {
        message: format!("invalid YAML: {}", plain_words(text)),
        position: error
            .location()
            .map(|location| (location.line().max(1), location.column().max(1))),
        hint,
    }
}

/// Says in the user's words what the parsers say in theirs.
fn plain_words(text: &str) -> &str {
    if text.contains("recursion limit") {
        "values are nested too deep"
    } else if text.contains("repetition limit") {
        "aliases make the document too large"
    } else if text.starts_with("control character") {
        "a string isn't closed on its line"
    } else {
        text
    }
}

/// Returns whether a text in YAML may hold more values than a file may: the parser would take much
/// memory to find out.
fn too_many_values(text: &str) -> bool {
    text.len() > MAX_VALUES
        && text
            .bytes()
            .filter(|byte| matches!(byte, b'\n' | b',' | b'[' | b'{' | b'?'))
            .count()
            > MAX_VALUES
}

/// Returns where brackets nest deeper than any document that the parser accepts. The scanner of
/// YAML would take quadratic time to find out.
fn flow_too_deep(text: &str) -> Option<usize> {
    const LIMIT: usize = 10_000;
    let mut depth = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > LIMIT
    })
}

/// Returns where more sequences and keys begin in one line (`- - - a`) than any document that the
/// parser accepts has. Its scanner would take much memory to find out.
fn block_too_deep(text: &str) -> Option<usize> {
    const LIMIT: usize = 1_000;
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    bytes.iter().enumerate().position(|(index, byte)| {
        match byte {
            b'-' | b'?' if bytes.get(index + 1).is_some_and(is_blank) => depth += 1,
            b' ' | b'\t' => {}
            // What follows anything else begins nothing.
            _ => depth = 0,
        }
        depth > LIMIT
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(text: &str) -> (Option<Value>, Vec<String>) {
        let mut diagnostics = Diagnostics::new();
        let value = parse(text, 0, &mut diagnostics);
        let list = diagnostics.into_list();
        let lines = list.iter().map(|diagnostic| {
            let place = match &diagnostic.at {
                At::Position { line, column, .. } => format!("{line}:{column}"),
                At::Source { pointer, .. } => pointer.to_string(),
                _ => String::new(),
            };
            format!("{place} {diagnostic}")
        });
        (value, lines.collect())
    }

    #[test]
    fn the_order_of_keys_is_kept() {
        let (value, _) = parsed("z: 1\na: 2\nm: 3\n");
        let value = value.expect("a value");
        let keys: Vec<_> = value.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["z", "a", "m"]);
    }

    #[test]
    fn keys_that_aren_t_strings_are_read_as_written() {
        let (value, notes) = parsed("200: a\ntrue: b\nNO: c\n1.0: d\n");
        assert_eq!(
            value,
            Some(json!({"200": "a", "true": "b", "NO": "c", "1.0": "d"}))
        );
        assert!(notes.is_empty());
    }

    #[test]
    fn words_that_yaml_1_1_took_for_booleans_and_dates_stay_text() {
        let (value, _) = parsed("[NO, yes, on, 2020-01-01, 1:30]");
        assert_eq!(
            value,
            Some(json!(["NO", "yes", "on", "2020-01-01", "1:30"]))
        );
    }

    #[test]
    fn of_duplicate_keys_the_last_is_taken_with_a_warning() {
        let expected = vec!["#/a/b the key stands twice; the last one is taken".to_owned()];
        assert_eq!(
            parsed("a:\n  b: 1\n  b: 2\n"),
            (Some(json!({"a": {"b": 2}})), expected.clone())
        );
        assert_eq!(
            parsed(r#"{"a": {"b": 1, "b": 2}}"#),
            (Some(json!({"a": {"b": 2}})), expected)
        );
    }

    #[test]
    fn merge_keys_are_applied() {
        let (value, _) =
            parsed("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz:\n  <<: [{a: 4}, *x]\n");
        let value = value.expect("a value");
        assert_eq!(value["y"], json!({"a": 1, "b": 3}));
        assert_eq!(value["z"], json!({"a": 4, "b": 2}));
    }

    #[test]
    fn integers_beyond_64_bits_become_floats_with_a_warning() {
        let (value, notes) = parsed("maximum: 18446744073709551616\n");
        assert_eq!(
            value,
            Some(json!({"maximum": 18_446_744_073_709_551_616.0}))
        );
        assert_eq!(notes.len(), 1, "{notes:?}");
    }

    #[test]
    fn json_with_comments_and_trailing_commas_is_read_as_yaml() {
        let (value, notes) = parsed("{\n  \"a\": 1, # one\n  'b': [2,],\n}\n");
        assert_eq!(value, Some(json!({"a": 1, "b": [2]})));
        assert_eq!(notes, ["# the text isn't JSON, but reads as YAML"]);
    }

    #[test]
    fn tabs_in_indentation_are_read_as_spaces() {
        let (value, notes) = parsed("a:\n  b:\n\t\t- x\n  c: 1\n\t\nd: 2\n");
        assert_eq!(value, Some(json!({"a": {"b": ["x"], "c": 1}, "d": 2})));
        assert_eq!(notes.len(), 1, "{notes:?}");
    }

    #[test]
    fn tags_are_passed_over() {
        let (value, _) = parsed("a: !Ref x\nb: !!str 1\nc: !Map {d: 1}\n");
        assert_eq!(value, Some(json!({"a": "x", "b": "1", "c": {"d": 1}})));
    }

    #[test]
    fn a_truncated_text_is_an_error_at_its_end() {
        let (value, notes) = parsed("{\"openapi\": \"3.0.0\",\n \"info\": {\"ti");
        assert_eq!(value, None);
        assert_eq!(notes, ["2:13 invalid JSON: EOF while parsing a string"]);
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut bomb = vec!["a0: &a0 [x, x, x, x, x, x, x, x, x, x]".to_owned()];
        for level in 1..9 {
            let previous = format!("*a{}, ", level - 1).repeat(10);
            bomb.push(format!("a{level}: &a{level} [{previous}]"));
        }
        let bomb = bomb.join("\n");
        let (value, notes) = parsed(&bomb);
        assert_eq!(value, None);
        assert!(
            notes[0].contains("aliases make the document too large"),
            "{notes:?}"
        );
    }

    #[test]
    fn deep_nesting_is_refused_in_time() {
        for text in [
            "[".repeat(1_000_000),
            "{\"a\":".repeat(10_000),
            "- ".repeat(2_000),
            "{a: ".repeat(2_000),
            (0..2_000)
                .map(|depth| " ".repeat(depth) + "a:\n")
                .collect::<String>(),
        ] {
            let (value, notes) = parsed(&text);
            assert_eq!(value, None);
            assert_eq!(notes.len(), 1);
        }
    }
}
