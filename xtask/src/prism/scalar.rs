//! Texts and numbers that a schema allows.

use serde_json::{Map, Number, Value, json};

use super::pattern;

/// Returns the example or the default of a schema, if it is of its kind.
pub(super) fn preset(
    schema: &Map<String, Value>,
    is_fit: impl Fn(&Value) -> bool,
) -> Option<Value> {
    let presets = ["example", "default"].map(|name| schema.get(name));
    presets
        .into_iter()
        .flatten()
        .find(|value| is_fit(value))
        .cloned()
}

pub(super) fn number(schema: &Map<String, Value>, is_integer: bool) -> Value {
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let strict = |name: &str| match schema.get(name) {
        Some(Value::Bool(is_strict)) => *is_strict,
        _ => false,
    };
    let (low, high) = (bound("minimum"), bound("maximum"));
    let fits = |value: &Value| {
        value.as_f64().is_some_and(|value| {
            low.is_none_or(|low| value >= low)
                && high.is_none_or(|high| value <= high)
                && (!is_integer || value.fract() == 0.0)
        })
    };
    if let Some(preset) = preset(schema, fits) {
        return preset;
    }
    let step = bound("multipleOf").unwrap_or(1.0);
    let mut value = 1.0;
    if let Some(low) = low {
        value = f64::max(
            value,
            if strict("exclusiveMinimum") {
                low + step
            } else {
                low
            },
        );
    }
    if let Some(high) = high {
        value = f64::min(
            value,
            if strict("exclusiveMaximum") {
                high - step
            } else {
                high
            },
        );
    }
    if bound("multipleOf").is_some() {
        value = (value / step).ceil() * step;
    }
    if is_integer {
        #[expect(clippy::cast_possible_truncation, reason = "a bound of a document's")]
        let value = value as i64;
        json!(value)
    } else {
        Number::from_f64(value).map_or(json!(1), Value::Number)
    }
}

pub(super) fn text(schema: &Map<String, Value>) -> Value {
    let length = |name: &str| {
        schema
            .get(name)
            .and_then(Value::as_u64)
            .and_then(|it| usize::try_from(it).ok())
    };
    let (least, most) = (
        length("minLength").unwrap_or(0),
        length("maxLength").unwrap_or(usize::MAX),
    );
    let pattern = schema.get("pattern").and_then(Value::as_str);
    let format = schema.get("format").and_then(Value::as_str);
    let is_fit = |text: &str| {
        let count = text.chars().count();
        (least..=most).contains(&count)
            && pattern.is_none_or(|pattern| pattern::matches(pattern, text))
    };
    // Whether an example is of a format isn't known: many aren't.
    let formatted = formatted(format.unwrap_or_default());
    if let Some(text) = formatted.iter().find(|text| is_fit(text)) {
        return json!(text);
    }
    if let Some(preset) = preset(schema, |value| value.as_str().is_some_and(is_fit)) {
        return preset;
    }
    if let Some(made) = pattern.and_then(|pattern| pattern::text(pattern, least, most)) {
        return json!(made);
    }
    if let Some(text) = formatted.first() {
        return json!(text);
    }
    let mut text = "text".to_owned();
    while text.chars().count() < least {
        text.push('x');
    }
    json!(text.chars().take(most).collect::<String>())
}

/// Returns texts of a format, of several lengths and notations where it has such.
fn formatted(format: &str) -> &'static [&'static str] {
    match format {
        "date-time" => &[
            "2024-01-02T03:04:05Z",
            "2024-01-02T03:04:05.000Z",
            "2024-01-02T03:04:05.000000Z",
            "2024-01-02T03:04:05+00:00",
            "2024-01-02T03:04:05.000+00:00",
        ],
        "date" => &["2024-01-02"],
        "time" => &["03:04:05Z", "03:04:05.000Z", "03:04:05+00:00"],
        "duration" => &["P1D", "PT1H"],
        "uuid" => &["6ba7b810-9dad-41d1-80b4-00c04fd430c8"],
        "uri" | "url" | "iri" => &["https://example.com/path", "https://example.com"],
        "email" => &["name@example.com", "a@b.co"],
        "hostname" => &["example.com", "a.co"],
        "ipv4" => &["192.0.2.1"],
        "ipv6" => &["2001:db8::1", "2001:db8::"],
        "byte" => &["dGV4dA==", "dGV4dHRleHQ=", "dGV4dHRleHR0ZXh0"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(schema: &Value) -> Value {
        text(schema.as_object().expect("a schema"))
    }

    #[test]
    fn a_text_of_a_format_is_of_it_whatever_the_example_and_the_pattern_say() {
        let by_pattern = json!({"format": "date", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"});
        assert_eq!(of(&by_pattern), "2024-01-02");
        let by_example = json!({"format": "date", "example": "12/31/2024"});
        assert_eq!(of(&by_example), "2024-01-02");
        let of_length = json!({"format": "date-time", "minLength": 24, "maxLength": 24});
        assert_eq!(of(&of_length), "2024-01-02T03:04:05.000Z");
    }

    #[test]
    fn an_example_is_taken_if_its_own_schema_allows_it() {
        let allowed = json!({"maxLength": 4, "example": "abcd"});
        assert_eq!(of(&allowed), "abcd");
        let too_long = json!({"maxLength": 4, "example": "abcde"});
        assert_eq!(of(&too_long), "text");
        let other_pattern = json!({"pattern": "^[0-9]{3}$", "example": "abc"});
        assert_eq!(of(&other_pattern), "000");
    }
}
