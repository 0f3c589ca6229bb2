//! What a document demands of values and no type expresses.

/// The rules of a schema, behind what it is called.
#[derive(Debug, Default)]
pub(crate) struct ConstrainedSchema {
    pub(crate) name: String,
    pub(crate) rules: Vec<Rule>,
}

/// A rule for a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rule {
    /// A bound, or what a number is a multiple of, in decimal.
    Number(NumberKeyword, String),
    /// How many characters, elements or properties there are.
    Count(CountKeyword, u64),
    Pattern(String),
    UniqueItems,
    Property(String, Vec<Self>),
    /// The rules of each property that isn't among these.
    Others(Vec<String>, Vec<Self>),
    Items(Vec<Self>),
    AnyOf(Vec<Alternative>),
    /// The rules of another schema, by its index.
    Schema(usize),
}

impl Rule {
    /// Returns whether a rule, or one of those that it has for parts and alternatives, is so.
    pub(crate) fn any(&self, is_so: &impl Fn(&Self) -> bool) -> bool {
        let any = |rules: &[Self]| rules.iter().any(|rule| rule.any(is_so));
        is_so(self)
            || match self {
                Self::Property(_, rules) | Self::Others(_, rules) | Self::Items(rules) => {
                    any(rules)
                }
                Self::AnyOf(alternatives) => alternatives.iter().any(|it| any(&it.rules)),
                Self::Number(..)
                | Self::Count(..)
                | Self::Pattern(_)
                | Self::UniqueItems
                | Self::Schema(_) => false,
            }
    }
}

/// Keywords whose value is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberKeyword {
    Minimum,
    ExclusiveMinimum,
    Maximum,
    ExclusiveMaximum,
    MultipleOf,
}

/// Keywords whose value is a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CountKeyword {
    MinLength,
    MaxLength,
    MinItems,
    MaxItems,
    MinProperties,
    MaxProperties,
}

/// One of several things that a value can be, and what tells that it is this one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Alternative {
    /// Kinds of JSON value, as `type` names them; any where there is none.
    pub(crate) kinds: Vec<String>,
    pub(crate) required: Vec<String>,
    /// Properties that are among a few texts.
    pub(crate) constants: Vec<(String, Vec<String>)>,
    pub(crate) rules: Vec<Rule>,
}
