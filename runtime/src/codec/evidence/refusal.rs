//! Why a value is of no variant.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Enums, Evidence, Kind, Misfit, assess};

/// How many variants a message speaks of.
const VARIANTS_NAMED: usize = 8;
/// How many properties a message names for a variant.
const PROPERTIES_NAMED: usize = 3;

/// Says for each variant why the value isn't of it, without repeating what is in the value.
pub(super) fn of(
    union: &str,
    variants: &[Evidence],
    is_candidate: impl Fn(&Evidence) -> bool,
    value: &Value,
) -> String {
    let mut text = format!("no variant of `{union}` fits {}", kind_of(value));
    let candidates: Vec<_> = variants.iter().filter(|it| is_candidate(it)).collect();
    let mut separator = ": ";
    for evidence in candidates.iter().take(VARIANTS_NAMED) {
        text.push_str(separator);
        separator = "; ";
        let name = evidence.name;
        // Writing to a string can't fail.
        let _ = match assess(evidence, value, Enums::Closed).err() {
            Some(Misfit::Kind(kinds)) => write!(text, "`{name}` expects {}", join(kinds)),
            Some(Misfit::Value) => write!(text, "`{name}` doesn't list the value"),
            Some(Misfit::Tag) => write!(text, "`{name}` needs its tag"),
            Some(Misfit::Lacks(names)) => write!(text, "`{name}` lacks {}", quote(&names)),
            Some(Misfit::Constant(property)) => {
                write!(text, "`{name}` has another `{property}`")
            }
            None => write!(text, "`{name}` may fit"),
        };
    }
    if let Some(more @ 1..) = candidates.len().checked_sub(VARIANTS_NAMED) {
        let _ = write!(text, "; and {more} more");
    }
    text
}

fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Bool,
        Value::Number(number) if number.is_f64() => Kind::Number,
        Value::Number(_) => Kind::Integer,
        Value::String(_) => Kind::String,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}

fn join(kinds: &[Kind]) -> String {
    let kinds: Vec<_> = kinds.iter().map(Kind::to_string).collect();
    kinds.join(" or ")
}

fn quote(names: &[&str]) -> String {
    let first = names.iter().take(PROPERTIES_NAMED);
    let mut quoted: Vec<_> = first.map(|name| format!("`{name}`")).collect();
    if names.len() > PROPERTIES_NAMED {
        quoted.push(format!("{} more", names.len() - PROPERTIES_NAMED));
    }
    quoted.join(", ")
}
