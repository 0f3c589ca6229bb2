//! Unions: by discriminator, by shape, and why a value is of none.

use std::collections::BTreeMap;

use accredit_runtime::Value;
use accredit_runtime::codec::{
    self, Blank, Constant, Evidence, Kind, Mismatch, Serializer, Union, Whole,
};
use proptest::prelude::*;
use serde_json::json;

use crate::{failure, round_trip};

/// An object that has the discriminator among its properties.
#[derive(Clone)]
pub(crate) struct Circle {
    pub(crate) kind: String,
    pub(crate) radius: f64,
}

accredit_runtime::object!(Circle {
    0 => kind: required("kind"),
    1 => radius: required("radius"),
});

#[derive(Clone)]
pub(crate) struct Square {
    pub(crate) side: i64,
    pub(crate) inner: Option<Box<Shape>>,
}

accredit_runtime::object!(Square {
    0 => side: required("side"),
    1 => inner: optional("inner"),
});

/// A union with a discriminator, which one variant knows as a property and the others don't.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Circle(Circle),
    Square(Box<Square>),
    Labels(BTreeMap<String, Value>),
    Unknown(Value),
}

impl Union for Shape {
    const NAME: &'static str = "Shape";
    const DISCRIMINATOR: Option<&'static str> = Some("kind");
    const VARIANTS: &'static [Evidence] = &[
        Evidence::new("Circle", &[Kind::Object])
            .tags(&["circle", "disc"])
            .required(&["kind", "radius"])
            .properties(&["kind", "radius"]),
        Evidence::new("Square", &[Kind::Object])
            .tags(&["square"])
            .required(&["side"])
            .properties(&["side", "inner"]),
        Evidence::new("Labels", &[Kind::Object])
            .tags(&["labels"])
            .required(&["labels"]),
    ];

    fn read(variant: Option<usize>, value: &Whole<'_>) -> Result<Self, Mismatch> {
        match variant {
            Some(0) => codec::variant(value).map(Self::Circle),
            Some(1) => codec::variant(value).map(Self::Square),
            Some(2) => codec::variant(value).map(Self::Labels),
            _ => codec::variant(value).map(Self::Unknown),
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Circle(value) => codec::untagged(value, serializer),
            Self::Square(value) => codec::tagged("kind", "square", value, serializer),
            Self::Labels(value) => codec::tagged("kind", "labels", value, serializer),
            Self::Unknown(value) => codec::untagged(value, serializer),
        }
    }
}

impl Blank for Shape {
    fn blank() -> Self {
        Self::Unknown(Value::Null)
    }
}
accredit_runtime::union!(Shape);

#[derive(Clone)]
struct Card {
    object: String,
    number: String,
    brand: Option<String>,
}

accredit_runtime::object!(Card {
    0 => object: required("object"),
    1 => number: required("number"),
    2 => brand: optional("brand"),
});

#[derive(Clone)]
struct Bank {
    object: String,
    iban: String,
}

accredit_runtime::object!(Bank {
    0 => object: required("object"),
    1 => iban: required("iban"),
});

#[derive(Clone)]
struct BankAtHome {
    object: String,
    iban: String,
    branch: Option<String>,
}

accredit_runtime::object!(BankAtHome {
    0 => object: required("object"),
    1 => iban: required("iban"),
    2 => branch: optional("branch"),
});

/// A union without a discriminator: objects that differ by constants and properties, and scalars.
#[derive(Debug, Clone)]
enum Source {
    Null(()),
    Whole(i64),
    Number(f64),
    Known(String),
    Text(String),
    Card(Card),
    Bank(Bank),
    BankAtHome(BankAtHome),
    List(Vec<Source>),
}

impl Union for Source {
    const NAME: &'static str = "Source";
    const VARIANTS: &'static [Evidence] = &[
        Evidence::new("Null", &[Kind::Null]),
        Evidence::new("Whole", &[Kind::Integer]),
        Evidence::new("Number", &[Kind::Number]),
        Evidence::new("Known", &[Kind::String])
            .values(&[Constant::String("cash"), Constant::String("check")]),
        Evidence::new("Text", &[Kind::String]),
        Evidence::new("Card", &[Kind::Object])
            .required(&["object", "number"])
            .properties(&["object", "number", "brand"])
            .constants(&[
                ("object", &[Constant::String("card")]),
                (
                    "brand",
                    &[Constant::String("visa"), Constant::String("amex")],
                ),
            ]),
        Evidence::new("Bank", &[Kind::Object])
            .required(&["object", "iban"])
            .properties(&["object", "iban"])
            .constants(&[("object", &[Constant::String("bank")])]),
        Evidence::new("BankAtHome", &[Kind::Object])
            .required(&["object", "iban"])
            .properties(&["object", "iban", "branch"])
            .constants(&[("object", &[Constant::String("bank")])]),
        Evidence::new("List", &[Kind::Array]),
    ];

    fn read(variant: Option<usize>, value: &Whole<'_>) -> Result<Self, Mismatch> {
        match variant {
            Some(0) => codec::variant(value).map(Self::Null),
            Some(1) => codec::variant(value).map(Self::Whole),
            Some(2) => codec::variant(value).map(Self::Number),
            Some(3) => codec::variant(value).map(Self::Known),
            Some(4) => codec::variant(value).map(Self::Text),
            Some(5) => codec::variant(value).map(Self::Card),
            Some(6) => codec::variant(value).map(Self::Bank),
            Some(7) => codec::variant(value).map(Self::BankAtHome),
            _ => codec::variant(value).map(Self::List),
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null(value) => codec::untagged(value, serializer),
            Self::Whole(value) => codec::untagged(value, serializer),
            Self::Number(value) => codec::untagged(value, serializer),
            Self::Known(value) | Self::Text(value) => codec::untagged(value, serializer),
            Self::Card(value) => codec::untagged(value, serializer),
            Self::Bank(value) => codec::untagged(value, serializer),
            Self::BankAtHome(value) => codec::untagged(value, serializer),
            Self::List(value) => codec::untagged(value, serializer),
        }
    }
}

impl Blank for Source {
    fn blank() -> Self {
        Self::Null(())
    }
}
accredit_runtime::union!(Source);

/// Objects that only the values of enums tell apart, and more variants than a message names.
macro_rules! many {
    ($($name:ident $index:tt $value:literal)*) => {
        #[derive(Debug)]
        enum Many {
            $($name(Value),)*
        }

        impl Union for Many {
            const NAME: &'static str = "Many";
            const VARIANTS: &'static [Evidence] = &[$(
                Evidence::new(stringify!($name), &[Kind::Object])
                    .required(&["type"])
                    .properties(&["type", $value])
                    .constants(&[(
                        "type",
                        &[Constant::String($value), Constant::Integer($index)],
                    )]),
            )*];

            fn read(variant: Option<usize>, value: &Whole<'_>) -> Result<Self, Mismatch> {
                match variant {
                    $(Some($index) => codec::variant(value).map(Self::$name),)*
                    _ => codec::variant(value).map(Self::A),
                }
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$name(value) => codec::untagged(value, serializer),)*
                }
            }
        }

        impl Blank for Many {
            fn blank() -> Self {
                Self::A(Value::Null)
            }
        }
        accredit_runtime::union!(Many);
    };
}
many!(A 0 "a" B 1 "b" C 2 "c" D 3 "d" E 4 "e" F 5 "f" G 6 "g" H 7 "h" I 8 "i" J 9 "j");

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("is of the union")
}

#[test]
fn the_discriminator_decides_wherever_it_stands() {
    let value = json!({"radius": 1.5, "kind": "disc"});
    assert!(matches!(read(value.clone()), Shape::Circle(circle) if circle.kind == "disc"));
    assert_eq!(round_trip::<Shape>(&value), value);
}

#[test]
fn a_tag_is_added_where_the_variant_lacks_the_property() {
    let value = json!({"kind": "square", "side": 2, "inner": {"kind": "circle", "radius": 1.0}});
    assert_eq!(round_trip::<Shape>(&value), value);
    let labels = json!({"kind": "labels", "a": 1});
    assert_eq!(round_trip::<Shape>(&labels), labels);
    let text = serde_json::to_string(&read::<Shape>(labels)).expect("encodes");
    assert_eq!(text, r#"{"kind":"labels","a":1}"#);
}

#[test]
fn a_value_with_an_unknown_tag_is_kept() {
    let value = json!({"kind": "hexagon", "side": [1, {"deep": null}]});
    assert!(matches!(read(value.clone()), Shape::Unknown(_)));
    assert_eq!(round_trip::<Shape>(&value), value);
}

#[test]
fn the_shape_decides_where_the_tag_is_missing() {
    assert!(matches!(read(json!({"side": 1})), Shape::Square(_)));
    assert!(matches!(
        read(json!({"kind": null, "side": 1})),
        Shape::Square(_)
    ));
    assert_eq!(
        failure::<Shape>(r#"{"edge": 1}"#),
        "no variant of `Shape` fits an object: `Circle` lacks `kind`, `radius`; \
         `Square` lacks `side`; `Labels` lacks `labels`"
    );
}

#[test]
fn a_failure_inside_the_chosen_variant_names_the_way_but_not_the_value() {
    let text = r#"{"kind": "square", "side": 1, "inner": {"kind": "circle", "radius": "s3cret"}}"#;
    assert_eq!(
        failure::<Shape>(text),
        "variant `Square` of `Shape`: variant `Circle` of `Shape`: expected f64, found string at \
         `/radius` in `inner` of `Square`"
    );
}

#[test]
fn the_kind_of_a_value_decides() {
    assert!(matches!(read(json!(null)), Source::Null(())));
    assert!(matches!(read(json!(1)), Source::Whole(1)));
    assert!(matches!(read(json!(1.5)), Source::Number(_)));
    assert!(matches!(read(json!(1.0)), Source::Number(_)));
    assert!(matches!(read(json!("cash")), Source::Known(_)));
    assert!(matches!(read(json!("gold")), Source::Text(_)));
    assert!(matches!(read(json!([1, "a"])), Source::List(list) if list.len() == 2));
}

#[test]
fn constants_and_required_properties_decide() {
    let card = json!({"object": "card", "number": "4", "iban": "x"});
    assert!(matches!(read(card), Source::Card(_)));
    let bank = json!({"object": "bank", "iban": "x", "number": "4"});
    assert!(matches!(read(bank), Source::Bank(_)));
    assert_eq!(
        failure::<Source>(r#"{"object": "wallet", "number": "4", "iban": "x"}"#),
        "no variant of `Source` fits an object: `Null` expects null; `Whole` expects an integer; \
         `Number` expects a number; `Known` expects a string; `Text` expects a string; \
         `Card` has another `object`; `Bank` has another `object`; \
         `BankAtHome` has another `object`; and 1 more"
    );
    assert_eq!(
        failure::<Source>("true"),
        "no variant of `Source` fits a boolean: `Null` expects null; `Whole` expects an integer; \
         `Number` expects a number; `Known` expects a string; `Text` expects a string; \
         `Card` expects an object; `Bank` expects an object; `BankAtHome` expects an object; \
         and 1 more"
    );
}

#[test]
fn the_variant_that_knows_more_properties_wins_and_of_equals_the_one_that_declares_less() {
    let plain = json!({"object": "bank", "iban": "x"});
    assert!(matches!(read(plain), Source::Bank(_)));
    let home = json!({"object": "bank", "iban": "x", "branch": "y"});
    assert!(matches!(read(home), Source::BankAtHome(_)));
}

#[test]
fn an_enum_may_have_grown_as_long_as_that_leaves_no_doubt() {
    let card = json!({"object": "card", "number": "4", "brand": "unheard of"});
    assert!(matches!(read(card), Source::Card(_)));
    assert!(matches!(read(json!({"type": "b"})), Many::B(_)));
    assert!(matches!(read(json!({"type": 2})), Many::C(_)));
    assert!(matches!(read(json!({"type": "new", "d": 1})), Many::D(_)));
    assert!(
        failure::<Many>(r#"{"type": "new"}"#)
            .ends_with("`G` has another `type`; `H` has another `type`; and 2 more")
    );
}

proptest! {
    #[test]
    fn any_value_is_read_or_refused_and_what_is_read_is_written_back(
        value in prop_oneof![
            (any::<i64>()).prop_map(Value::from),
            ".*".prop_map(Value::from),
            (prop::option::of("card|bank|x"), prop::option::of(".*"), prop::option::of(".*"))
                .prop_map(|(object, number, iban)| {
                    let mut value = json!({});
                    for (name, text) in [("object", object), ("number", number), ("iban", iban)] {
                        if let Some(text) = text {
                            value[name] = text.into();
                        }
                    }
                    value
                }),
        ]
    ) {
        if let Ok(read) = serde_json::from_value::<Source>(value.clone()) {
            let written = serde_json::to_value(&read).expect("encodes");
            let kept = match (&value, &written) {
                (Value::Object(value), Value::Object(written)) => {
                    written.iter().all(|(name, text)| value.get(name) == Some(text))
                }
                _ => value == written,
            };
            prop_assert!(kept, "{} became {}", value, written);
        }
    }
}
