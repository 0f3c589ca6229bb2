//! Enums of strings and of integers, and what they do with values that aren't listed.

use std::collections::HashSet;

use accredit_runtime::codec::{IntegerEnum, StringEnum};
use accredit_runtime::{ParameterValue, ToParameter};
use serde_json::json;

use crate::{failure, round_trip};

#[derive(Debug, Clone)]
pub(crate) enum Status {
    Created,
    Saved,
    Unknown(String),
}

impl StringEnum for Status {
    const NAME: &'static str = "Status";
    const VALUES: &'static [(&'static str, Self)] =
        &[("CREATED", Self::Created), ("SAVED", Self::Saved)];

    fn unknown(value: String) -> Self {
        Self::Unknown(value)
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Created => "CREATED",
            Self::Saved => "SAVED",
            Self::Unknown(value) => value,
        }
    }
}
accredit_runtime::string_enum!(Status);

#[derive(Debug, Clone)]
enum Level {
    Low,
    High,
    Unknown(i64),
}

impl IntegerEnum for Level {
    const NAME: &'static str = "Level";
    const VALUES: &'static [(i64, Self)] = &[(1, Self::Low), (3, Self::High)];

    fn unknown(value: i64) -> Self {
        Self::Unknown(value)
    }

    fn as_i64(&self) -> i64 {
        match self {
            Self::Low => 1,
            Self::High => 3,
            Self::Unknown(value) => *value,
        }
    }
}
accredit_runtime::integer_enum!(Level);

/// Tables past the length up to which they are searched from end to end: a value is its text, so
/// that a wrong hit shows.
macro_rules! large {
    ($ty:ident: $($text:literal)*) => {
        #[derive(Debug, Clone)]
        enum $ty {
            Listed(&'static str),
            Unknown(String),
        }

        impl StringEnum for $ty {
            const NAME: &'static str = stringify!($ty);
            const VALUES: &'static [(&'static str, Self)] = &[$(($text, Self::Listed($text)),)*];

            fn unknown(value: String) -> Self {
                Self::Unknown(value)
            }

            fn as_str(&self) -> &str {
                match self {
                    Self::Listed(text) => text,
                    Self::Unknown(text) => text,
                }
            }
        }
        accredit_runtime::string_enum!($ty);
    };
}
large!(Sorted: "AT" "AU" "BE" "CA" "CH" "CN" "DE" "DK" "ES" "FI" "FR" "GB" "IE" "IT" "JP" "NL"
    "NO" "PT" "SE" "US");
large!(Shuffled: "US" "AU" "SE" "CA" "PT" "CN" "DE" "NO" "ES" "NL" "FR" "GB" "JP" "IT" "IE" "FI"
    "DK" "CH" "BE" "AT");

#[test]
fn a_listed_text_is_its_variant_and_any_other_is_kept() {
    let read: Status = serde_json::from_str(r#""SAVED""#).expect("is a status");
    assert!(matches!(read, Status::Saved));
    let read: Status = serde_json::from_str(r#""N\u00e9w""#).expect("is a status");
    assert!(matches!(&read, Status::Unknown(text) if text == "Néw"));
    for value in [json!("CREATED"), json!("saved"), json!("")] {
        assert_eq!(round_trip::<Status>(&value), value);
    }
}

#[test]
fn texts_are_compared_whatever_the_variant() {
    let unknown = Status::Unknown("SAVED".to_owned());
    assert_eq!(unknown, Status::Saved);
    assert_ne!(unknown, Status::Created);
    assert!(HashSet::from([Status::Saved]).contains(&unknown));
}

#[test]
fn a_string_enum_is_made_from_a_text_and_shown_as_one() {
    assert!(matches!(Status::from("CREATED"), Status::Created));
    assert!(matches!(Status::from("SAVED".to_owned()), Status::Saved));
    assert!(matches!("other".parse(), Ok(Status::Unknown(text)) if text == "other"));
    assert_eq!(format!("{:>6}", Status::Saved), " SAVED");
    assert_eq!(Status::Saved.as_ref(), "SAVED");
    assert_eq!(
        Status::Saved.to_parameter(),
        ParameterValue::Primitive("SAVED".to_owned())
    );
}

#[test]
fn a_large_table_is_searched_right_in_any_order() {
    for (text, _) in Sorted::VALUES {
        assert!(matches!(Sorted::from(*text), Sorted::Listed(it) if it == *text));
        assert!(matches!(Shuffled::from(*text), Shuffled::Listed(it) if it == *text));
    }
    assert!(matches!(Sorted::from("XX"), Sorted::Unknown(_)));
    assert!(matches!(Shuffled::from("XX"), Shuffled::Unknown(_)));
}

#[test]
fn another_kind_of_value_is_no_string_enum() {
    assert_eq!(
        failure::<Status>("7"),
        "invalid type: integer `7`, expected string `Status` at line 1 column 1"
    );
}

#[test]
fn a_listed_number_is_its_variant_and_any_other_is_kept() {
    let read: Level = serde_json::from_str("1").expect("is a level");
    assert!(matches!(read, Level::Low));
    for value in [json!(3), json!(-5), json!(i64::MAX)] {
        assert_eq!(round_trip::<Level>(&value), value);
    }
    assert_eq!(Level::Unknown(3), Level::High);
    assert_eq!((i64::from(Level::High), Level::from(1)), (3, Level::Low));
    assert_eq!(format!("{:>2}", Level::High), " 3");
    assert_eq!(
        Level::High.to_parameter(),
        ParameterValue::Primitive("3".to_owned())
    );
}

#[test]
fn a_number_with_a_fraction_of_zero_is_an_integer() {
    assert_eq!(round_trip::<Level>(&json!(3.0)), json!(3));
    assert_eq!(
        failure::<Level>("3.5"),
        "invalid value: floating point `3.5`, expected integer `Level` at line 1 column 3"
    );
    assert_eq!(
        failure::<Level>("9223372036854775808"),
        "invalid value: integer `9223372036854775808`, expected integer `Level` at line 1 column 19"
    );
}
