//! The choice of a union's variant: by the discriminator, otherwise by the shape of the value.

mod refusal;

use std::cmp::Reverse;
use std::fmt;

use serde_json::{Map, Value};

use super::enums::integer;
use super::expectation::message;
use super::whole::Whole;
use crate::json::{self, Json};

/// By what a value is known to be of a variant.
#[derive(Debug, Clone, Copy)]
pub struct Evidence {
    name: &'static str,
    kinds: &'static [Kind],
    tags: &'static [&'static str],
    required: &'static [&'static str],
    properties: &'static [&'static str],
    constants: &'static [(&'static str, &'static [Constant])],
    values: &'static [Constant],
    is_told_by_tag: bool,
    is_quoted: bool,
}

impl Evidence {
    /// Describes a variant by its name and the kinds of JSON value it can be.
    #[must_use]
    pub const fn new(name: &'static str, kinds: &'static [Kind]) -> Self {
        Self {
            name,
            kinds,
            tags: &[],
            required: &[],
            properties: &[],
            constants: &[],
            values: &[],
            is_told_by_tag: false,
            is_quoted: false,
        }
    }

    /// Describes an object that is told by its tag alone: without it, no value is of the variant.
    #[must_use]
    pub const fn tagged(name: &'static str, tags: &'static [&'static str]) -> Self {
        Self {
            is_told_by_tag: true,
            ..Self::new(name, &[Kind::Object]).tags(tags)
        }
    }

    /// Sets the values of the discriminator that mean this variant.
    #[must_use]
    pub const fn tags(mut self, tags: &'static [&'static str]) -> Self {
        self.tags = tags;
        self
    }

    /// Sets the properties that must be there.
    #[must_use]
    pub const fn required(mut self, required: &'static [&'static str]) -> Self {
        self.required = required;
        self
    }

    /// Sets all properties that the variant knows.
    #[must_use]
    pub const fn properties(mut self, properties: &'static [&'static str]) -> Self {
        self.properties = properties;
        self
    }

    /// Sets the properties that have one of a few values. A single value is a constant that any
    /// other value contradicts; several are an enum, which may have grown.
    #[must_use]
    pub const fn constants(
        mut self,
        constants: &'static [(&'static str, &'static [Constant])],
    ) -> Self {
        self.constants = constants;
        self
    }

    /// Sets the values of a variant that is an enum itself.
    #[must_use]
    pub const fn values(mut self, values: &'static [Constant]) -> Self {
        self.values = values;
        self
    }

    /// Says that the variant consists of numbers, integers and booleans, each of which may be a string.
    #[must_use]
    pub const fn quoted(mut self) -> Self {
        self.is_quoted = true;
        self
    }

    pub(super) const fn is_quoted(&self) -> bool {
        self.is_quoted
    }

    pub(super) const fn name(&self) -> &'static str {
        self.name
    }
}

/// A kind of JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

/// A value that a schema lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Constant {
    /// A string.
    String(&'static str),
    /// An integer.
    Integer(i64),
    /// A boolean.
    Bool(bool),
    /// An integer that may be a string.
    QuotedInteger(i64),
    /// A boolean that may be a string.
    QuotedBool(bool),
}

impl Constant {
    fn is(self, value: &Value) -> bool {
        match (self, value) {
            (Self::String(constant), Value::String(value)) => constant == value,
            (Self::Bool(constant), Value::Bool(value)) => constant == *value,
            (Self::Integer(constant), Value::Number(value)) => {
                let number = value.as_i64().or_else(|| value.as_f64().and_then(integer));
                number == Some(constant)
            }
            (Self::QuotedInteger(constant), _) => Self::Integer(constant).is_unquoted(value),
            (Self::QuotedBool(constant), _) => Self::Bool(constant).is_unquoted(value),
            _ => false,
        }
    }

    fn is_unquoted(self, value: &Value) -> bool {
        let unquoted = value.as_str().and_then(json::unquote);
        unquoted.map_or_else(|| self.is(value), |json| self.is(&json.approximate()))
    }
}

/// Chooses the variant of a value; `None` means that its tag isn't listed.
pub(super) fn choose(
    union: &str,
    discriminator: Option<&str>,
    variants: &[Evidence],
    whole: &Whole<'_>,
) -> Result<Option<usize>, String> {
    let faulty = |error| message(&error);
    let constants = variants.iter().flat_map(|evidence| evidence.constants);
    let is_constant = |name: &str| constants.clone().any(|(constant, _)| *constant == name);
    let shape = || whole.shape(&is_constant);
    let tag = discriminator.and_then(|name| whole.property(name).transpose());
    let Some(tag) = tag.transpose().map_err(faulty)? else {
        let shape = shape().map_err(faulty)?;
        return by_shape(union, variants, |_| true, &shape).map(Some);
    };
    let text = match tag {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let is_tagged = |evidence: &Evidence| evidence.tags.contains(&text.as_str());
    let mut tagged = variants.iter().enumerate().filter(|(_, it)| is_tagged(it));
    match (tagged.next(), tagged.next()) {
        (None, _) => Ok(None),
        (Some((index, _)), None) => Ok(Some(index)),
        _ => {
            let shape = shape().map_err(faulty)?;
            by_shape(union, variants, is_tagged, &shape).map(Some)
        }
    }
}

/// Chooses the most specific of the variants that the value fits; the first of equals.
///
/// A string that no variant has may be a number or a boolean in quotes. Where the value fits none, an
/// enum is taken to have grown, as long as that leaves no doubt.
fn by_shape(
    union: &str,
    variants: &[Evidence],
    is_candidate: impl Fn(&Evidence) -> bool,
    value: &Value,
) -> Result<usize, String> {
    if let Some((_, Reverse(index))) = fits(variants, &is_candidate, value, Enums::Closed).max() {
        return Ok(index);
    }
    let unquoted = value.as_str().and_then(json::unquote);
    let unquoted = unquoted.map(Json::approximate);
    let is_quoted = |evidence: &Evidence| is_candidate(evidence) && evidence.is_quoted;
    if let Some(unquoted) = &unquoted
        && let Some((_, Reverse(index))) = fits(variants, &is_quoted, unquoted, Enums::Closed).max()
    {
        return Ok(index);
    }
    let open = || fits(variants, &is_candidate, value, Enums::Open);
    if let Some((best, Reverse(index))) = open().max() {
        let equals = open().filter(|(fit, _)| fit.is_as_good_as(&best));
        if !value.is_object() || equals.count() == 1 {
            return Ok(index);
        }
    }
    if let Some(unquoted) = &unquoted
        && let Some((_, Reverse(index))) = fits(variants, &is_quoted, unquoted, Enums::Open).max()
    {
        return Ok(index);
    }
    Err(refusal::of(union, variants, is_candidate, value))
}

/// Returns the variants that a value fits, by their indexes, and how well.
fn fits<'a>(
    variants: &'a [Evidence],
    is_candidate: &'a impl Fn(&Evidence) -> bool,
    value: &'a Value,
    enums: Enums,
) -> impl Iterator<Item = (Fit, Reverse<usize>)> + 'a {
    let candidates = variants.iter().enumerate();
    let candidates = candidates.filter(|(_, evidence)| is_candidate(evidence));
    candidates.filter_map(move |(index, evidence)| {
        let fit = assess(evidence, value, enums).ok()?;
        Some((fit, Reverse(index)))
    })
}

/// May an enum have a value that the document doesn't list?
#[derive(Clone, Copy, PartialEq)]
enum Enums {
    Closed,
    Open,
}

/// How well a value fits a variant, the weightiest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// `null`, say, is nothing but `null`, while an integer is a number too.
    kind: u8,
    is_listed: bool,
    constants: usize,
    known: usize,
    required: usize,
    declared: Reverse<usize>,
}

impl Fit {
    /// The number of properties that a variant declares says nothing where the value is in doubt.
    fn is_as_good_as(&self, other: &Self) -> bool {
        let weight = |fit: &Self| (fit.kind, fit.constants, fit.known, fit.required);
        weight(self) == weight(other)
    }
}

/// Why a value doesn't fit a variant.
enum Misfit {
    Kind(&'static [Kind]),
    Value,
    Tag,
    Lacks(Vec<&'static str>),
    Constant(&'static str),
}

fn assess(evidence: &Evidence, value: &Value, enums: Enums) -> Result<Fit, Misfit> {
    let kinds = evidence.kinds.iter();
    let kind = if evidence.kinds.is_empty() {
        0
    } else {
        let fit = kinds.filter_map(|kind| kind_fit(*kind, value)).max();
        fit.ok_or(Misfit::Kind(evidence.kinds))?
    };
    if evidence.is_told_by_tag {
        return Err(Misfit::Tag);
    }
    let is_listed = evidence.values.iter().any(|constant| constant.is(value));
    let is_open = matches!(enums, Enums::Open) && evidence.values.len() > 1;
    let is_scalar = !value.is_null() && !value.is_array() && !value.is_object();
    if is_scalar && !evidence.values.is_empty() && !is_listed && !is_open {
        return Err(Misfit::Value);
    }
    let mut fit = Fit {
        kind,
        is_listed,
        constants: 0,
        known: 0,
        required: 0,
        declared: Reverse(evidence.properties.len()),
    };
    if let Value::Object(object) = value {
        assess_properties(evidence, object, enums, &mut fit)?;
    }
    Ok(fit)
}

fn assess_properties(
    evidence: &Evidence,
    object: &Map<String, Value>,
    enums: Enums,
    fit: &mut Fit,
) -> Result<(), Misfit> {
    let required = evidence.required.iter().copied();
    let lacking: Vec<_> = required
        .filter(|name| !object.contains_key(*name))
        .collect();
    if !lacking.is_empty() {
        return Err(Misfit::Lacks(lacking));
    }
    for (name, constants) in evidence.constants {
        match object.get(*name) {
            None | Some(Value::Null) => {}
            Some(value) if constants.iter().any(|constant| constant.is(value)) => {
                fit.constants += 1;
            }
            Some(_) if enums == Enums::Open && constants.len() > 1 => {}
            Some(_) => return Err(Misfit::Constant(name)),
        }
    }
    let properties = evidence.properties.iter();
    fit.known = properties
        .filter(|name| object.contains_key(**name))
        .count();
    fit.required = evidence.required.len();
    Ok(())
}

/// Returns how exactly a value is of a kind.
fn kind_fit(kind: Kind, value: &Value) -> Option<u8> {
    match (kind, value) {
        (Kind::Null, Value::Null)
        | (Kind::Bool, Value::Bool(_))
        | (Kind::String, Value::String(_))
        | (Kind::Array, Value::Array(_))
        | (Kind::Object, Value::Object(_)) => Some(2),
        (Kind::Integer, Value::Number(number)) if !number.is_f64() => Some(2),
        (Kind::Number, Value::Number(_)) => Some(1),
        (Kind::Integer, Value::Number(number)) => number.as_f64().and_then(integer).map(|_| 0),
        _ => None,
    }
}
