//! Operations, held against each other.

use std::collections::BTreeMap;

use super::{Difference, Kind, Level, inputs, matched, unmatched};
use crate::surface::Operation;

pub(super) fn compare(
    old: &BTreeMap<String, Operation>,
    new: &BTreeMap<String, Operation>,
    difference: &mut Difference,
) {
    let (mut gone, mut added) = (Vec::new(), Vec::new());
    for (key, is_new, operation) in unmatched(old, new) {
        let list = if is_new { &mut added } else { &mut gone };
        list.push((key, operation));
    }
    for (key, operation) in gone {
        let same = added
            .iter()
            .position(|(_, it)| it.request == operation.request);
        if let Some((other, renamed)) = same.map(|index| added.remove(index)) {
            let text = format!("is called `{other}` now");
            difference.breaking(&subject(key), text);
            compare_one(other, operation, renamed, difference);
        } else {
            let text = format!("is gone: `{}`", operation.request);
            difference.add(Level::Breaking, Kind::Removed, &subject(key), text);
        }
    }
    for (key, operation) in added {
        let text = format!("is new: `{}`", operation.request);
        difference.add(Level::Compatible, Kind::Added, &subject(key), text);
    }
    for (key, old, new) in matched(old, new) {
        compare_one(key, old, new, difference);
    }
}

fn subject(key: &str) -> String {
    format!("operation `{key}`")
}

fn compare_one(key: &str, old: &Operation, new: &Operation, difference: &mut Difference) {
    let subject = subject(key);
    if old.request != new.request {
        let text = format!("is `{}` now; it was `{}`", new.request, old.request);
        difference
            .compatible(&subject, text)
            .because("code stays the same");
    }
    if old.deprecated != new.deprecated {
        let text = if new.deprecated {
            "is deprecated"
        } else {
            "is no longer deprecated"
        };
        difference.compatible(&subject, text);
    }
    inputs::compare(&subject, old, new, difference);
    if old.output != new.output {
        let text = format!("gives `{}`; it gave `{}`", new.output, old.output);
        difference.breaking(&subject, text);
    }
    variants(&subject, "method", &old.methods, &new.methods, difference);
    variants(
        &subject,
        "success",
        &old.successes,
        &new.successes,
        difference,
    );
    variants(
        &subject,
        "failure",
        &old.failures,
        &new.failures,
        difference,
    );
    security(&subject, old, new, difference);
}

/// Compares the variants of an enum that doesn't need to be matched exhaustively.
fn variants(
    subject: &str,
    what: &str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    difference: &mut Difference,
) {
    for (name, is_new, ty) in unmatched(old, new) {
        if is_new {
            let text = format!("has the {what} `{name}`: `{ty}`");
            difference.compatible(subject, text);
        } else {
            let text = format!("no longer has the {what} `{name}`");
            difference.breaking(subject, text);
        }
    }
    for (name, old, new) in matched(old, new) {
        if old != new {
            let text = format!("has the {what} `{name}` as `{new}`; it was `{old}`");
            difference.breaking(subject, text);
        }
    }
}

fn security(subject: &str, old: &Operation, new: &Operation, difference: &mut Difference) {
    if old.security == new.security {
        return;
    }
    let said = |security: &[String]| match security {
        [] => "by nothing".to_owned(),
        some => format!("by {}", some.join(", or ")),
    };
    let text = format!(
        "is authorised {}; it was {}",
        said(&new.security),
        said(&old.security)
    );
    let is_open = |security: &[String]| {
        security.is_empty() || security.iter().any(|it| it == "no authorization")
    };
    let is_kept = old.security.iter().all(|it| new.security.contains(it));
    if is_open(&new.security) || is_kept && !is_open(&old.security) {
        difference
            .compatible(subject, text)
            .because("what is configured still does");
    } else {
        difference
            .breaking(subject, text)
            .because("what is configured may no longer do");
    }
}
