//! The loop over the tables.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

use super::decimal::Decimal;
use super::{Alternative, Rule, Schema};

/// A schema that is reached through so many others without a step into the value leads back to itself.
const DEEPEST: usize = 64;

/// A constraint that a value breaks. It doesn't have the value, which may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The JSON pointer of the value in what was checked.
    place: String,
    constraint: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "`{}`: ", self.place)?;
        }
        f.write_str(&self.constraint)
    }
}

pub(super) struct Check {
    schemas: &'static [Schema],
    /// Whether numbers and booleans are written as text.
    is_text: bool,
    place: String,
    found: Vec<Violation>,
}

impl Check {
    pub(super) const fn of(schemas: &'static [Schema], is_text: bool) -> Self {
        Self {
            schemas,
            is_text,
            place: String::new(),
            found: Vec::new(),
        }
    }

    /// Returns the constraints of a schema that a value breaks, with their places.
    pub(super) fn violations(mut self, schema: usize, value: &Value) -> Vec<Violation> {
        self.schema(schema, value, 0);
        self.found
    }

    fn schema(&mut self, index: usize, value: &Value, depth: usize) {
        if let Some(Schema(_, rules)) = self.schemas.get(index)
            && depth < DEEPEST
        {
            self.rules(rules, value, depth + 1);
        }
    }

    fn rules(&mut self, rules: &'static [Rule], value: &Value, depth: usize) {
        for rule in rules {
            self.rule(rule, value, depth);
        }
    }

    fn rule(&mut self, rule: &'static Rule, value: &Value, depth: usize) {
        match (rule, value) {
            (Rule::Schema(index), _) => self.schema(*index, value, depth),
            (Rule::AnyOf(alternatives), _) => self.any_of(alternatives, value, depth),
            (Rule::Property(name, rules), Value::Object(members)) => {
                if let Some(member) = members.get(*name) {
                    self.inside(name, rules, member);
                }
            }
            (Rule::Others(named, rules), Value::Object(members)) => {
                for (name, member) in members {
                    if !named.contains(&name.as_str()) {
                        self.inside(name, rules, member);
                    }
                }
            }
            (Rule::Items(rules), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.inside(&index.to_string(), rules, item);
                }
            }
            _ => {
                if let Some(constraint) = self.broken(rule, value) {
                    self.found.push(Violation {
                        place: self.place.clone(),
                        constraint,
                    });
                }
            }
        }
    }

    /// Checks a part of the value (RFC 6901 §3).
    fn inside(&mut self, token: &str, rules: &'static [Rule], value: &Value) {
        let length = self.place.len();
        self.place.push('/');
        self.place
            .push_str(&token.replace('~', "~0").replace('/', "~1"));
        self.rules(rules, value, 0);
        self.place.truncate(length);
    }

    /// One alternative must hold of those that the value can be; the nearest is told.
    fn any_of(&mut self, alternatives: &'static [Alternative], value: &Value, depth: usize) {
        let before = self.found.len();
        let mut nearest: Option<Vec<Violation>> = None;
        for alternative in alternatives {
            if !self.can_be(alternative, value) {
                continue;
            }
            self.rules(alternative.rules, value, depth);
            let found = self.found.split_off(before);
            if found.is_empty() {
                return;
            }
            if nearest.as_ref().is_none_or(|it| found.len() < it.len()) {
                nearest = Some(found);
            }
        }
        self.found.extend(nearest.unwrap_or_default());
    }

    fn can_be(&self, alternative: &Alternative, value: &Value) -> bool {
        let is_kind = |kind: &&str| self.is_kind(kind, value);
        if !alternative.kinds.is_empty() && !alternative.kinds.iter().any(is_kind) {
            return false;
        }
        let Value::Object(members) = value else {
            return true;
        };
        let has = |name: &&str| members.contains_key(*name);
        alternative.required.iter().all(has) && has_constants(alternative, members)
    }

    fn is_kind(&self, kind: &str, value: &Value) -> bool {
        match (kind, value) {
            ("object", Value::Object(_))
            | ("array", Value::Array(_))
            | ("string", Value::String(_))
            | ("number", Value::Number(_))
            | ("boolean", Value::Bool(_)) => true,
            ("integer", Value::Number(number)) => !number.is_f64(),
            ("number" | "integer", Value::String(text)) => {
                self.is_text && Decimal::parse(text).is_some()
            }
            ("boolean", Value::String(text)) => self.is_text && matches!(&**text, "true" | "false"),
            _ => false,
        }
    }

    /// Returns what a value doesn't keep to.
    fn broken(&self, rule: &Rule, value: &Value) -> Option<String> {
        match (*rule, value) {
            (Rule::Minimum(bound), _) => {
                self.bound(value, bound, "at least", |it| it != Ordering::Less)
            }
            (Rule::ExclusiveMinimum(bound), _) => {
                self.bound(value, bound, "more than", |it| it == Ordering::Greater)
            }
            (Rule::Maximum(bound), _) => {
                self.bound(value, bound, "at most", |it| it != Ordering::Greater)
            }
            (Rule::ExclusiveMaximum(bound), _) => {
                self.bound(value, bound, "less than", |it| it == Ordering::Less)
            }
            (Rule::MultipleOf(of), _) => {
                let is_multiple = self.number(value)?.is_multiple_of(Decimal::parse(of)?)?;
                (!is_multiple).then(|| format!("a multiple of {of}"))
            }
            (Rule::MinLength(least), Value::String(text)) => {
                few(text.chars().count(), least, "character", "characters")
            }
            (Rule::MaxLength(most), Value::String(text)) => {
                many(text.chars().count(), most, "character", "characters")
            }
            #[cfg(feature = "pattern")]
            (Rule::Pattern(pattern), Value::String(text)) => {
                let is_broken = !super::pattern::matches(pattern, text);
                is_broken.then(|| format!("matches `{pattern}`"))
            }
            (Rule::MinItems(least), Value::Array(items)) => {
                few(items.len(), least, "element", "elements")
            }
            (Rule::MaxItems(most), Value::Array(items)) => {
                many(items.len(), most, "element", "elements")
            }
            (Rule::UniqueItems, Value::Array(items)) => {
                let distinct: BTreeSet<_> = items.iter().map(Value::to_string).collect();
                (distinct.len() < items.len()).then(|| "no element twice".to_owned())
            }
            (Rule::MinProperties(least), Value::Object(members)) => {
                few(members.len(), least, "property", "properties")
            }
            (Rule::MaxProperties(most), Value::Object(members)) => {
                many(members.len(), most, "property", "properties")
            }
            _ => None,
        }
    }

    fn bound(
        &self,
        value: &Value,
        bound: &str,
        word: &str,
        holds: fn(Ordering) -> bool,
    ) -> Option<String> {
        let order = self.number(value)?.compare(Decimal::parse(bound)?)?;
        (!holds(order)).then(|| format!("{word} {bound}"))
    }

    fn number(&self, value: &Value) -> Option<Decimal> {
        match value {
            Value::Number(number) => Decimal::parse(&number.to_string()),
            Value::String(text) if self.is_text => Decimal::parse(text),
            _ => None,
        }
    }
}

fn has_constants(alternative: &Alternative, members: &Map<String, Value>) -> bool {
    let mut constants = alternative.constants.iter();
    constants.all(|(name, allowed)| match members.get(*name) {
        Some(Value::String(text)) => allowed.contains(&text.as_str()),
        _ => true,
    })
}

fn few(count: usize, least: u64, one: &str, several: &str) -> Option<String> {
    let unit = if least == 1 { one } else { several };
    ((count as u64) < least).then(|| format!("at least {least} {unit}"))
}

fn many(count: usize, most: u64, one: &str, several: &str) -> Option<String> {
    let unit = if most == 1 { one } else { several };
    ((count as u64) > most).then(|| format!("at most {most} {unit}"))
}
