//! Booleans that are written as texts: in quotes, or in words that only YAML 1.1 knows for them.

/// Returns the boolean that a text means ([YAML 1.1](https://yaml.org/type/bool.html)).
pub(crate) fn meant(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_yaml_1_1_are_read_in_any_case() {
        for text in ["true", "Yes", "ON "] {
            assert_eq!(meant(text), Some(true), "{text}");
        }
        for text in ["False", "no", "OFF"] {
            assert_eq!(meant(text), Some(false), "{text}");
        }
        for text in ["", "1", "y", "null"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
