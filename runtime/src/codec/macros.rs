//! The macros that forward serde's traits, and what goes with them, to this module.
//!
//! What isn't generic is `#[inline]`: most programs call little of it for few of an API's types, and
//! such functions are compiled where they are called rather than with every type.

/// Implements `Serialize` and `Deserialize` for an [`Object`](crate::codec::Object), and where the
/// properties are given that itself, [`Blank`](crate::codec::Blank),
/// [`Properties`](crate::codec::Properties), `Debug`, which shows the properties that are there by the
/// document's names, and with the feature `partial-eq` `PartialEq`.
///
/// Each property has its index, its field, whether it may be absent or `null`, its name and what else
/// servers send for it (`quoted`, `or_empty`, `quoted_or_empty`: methods of
/// [`Entry`](crate::codec::Entry)); after them stands the field of the properties that have none. Before
/// them can stand what a function `new` takes, which leaves out the rest, or the values by which a
/// `Default` differs from a blank: `default { kind: "order".to_owned() }`.
///
/// ```
/// # use std::collections::BTreeMap;
/// #[derive(Clone)]
/// struct Order {
///     id: String,
///     note: Option<String>,
///     further: BTreeMap<String, i64>,
/// }
///
/// accredit_runtime::object!(Order {
///     new(id: String),
///     0 => id: required("id"),
///     1 => note: optional("note"),
///     _ => further,
/// });
///
/// assert_eq!(serde_json::to_string(&Order::new("7".to_owned()))?, r#"{"id":"7"}"#);
/// let order: Order = serde_json::from_str(r#"{"id": "7", "weight": 3}"#)?;
/// assert_eq!(order.further["weight"], 3);
/// assert_eq!(format!("{order:?}"), r#"Order { id: "7", weight: 3 }"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! object {
    ($ty:ident {
        new($($argument:ident: $taken:ty),* $(,)?),
        $($entries:tt)*
    }) => {
        impl $ty {
            /// Creates an object of what is required.
            #[must_use]
            #[inline]
            pub fn new($($argument: $taken),*) -> Self {
                Self {
                    $($argument,)*
                    ..$crate::codec::Blank::blank()
                }
            }
        }
        $crate::object!($ty { $($entries)* });
    };
    ($ty:ident {
        default { $($member:ident: $value:expr),* $(,)? },
        $($entries:tt)*
    }) => {
        impl Default for $ty {
            #[inline]
            fn default() -> Self {
                Self {
                    $($member: $value,)*
                    ..$crate::codec::Blank::blank()
                }
            }
        }
        $crate::object!($ty { $($entries)* });
    };
    ($ty:ident {
        $($index:literal => $field:ident: $presence:ident($name:literal) $($tolerance:ident)?,)*
        $(_ => $further:ident $($tolerated:ident)?,)?
    }) => {
        impl $crate::codec::Object for $ty {
            const FIELDS: &'static [$crate::codec::Field] =
                &[$($crate::codec::Field {
                    name: $name,
                    is_required: $crate::object!(@is_required $presence),
                }),*];

            #[inline]
            fn read<E: $crate::codec::Entry>(
                &mut self,
                field: usize,
                entry: E,
            ) -> Result<(), E::Error> {
                match field {
                    $($index => $crate::codec::Entry::$presence(
                        entry$(.$tolerance())?,
                        &mut self.$field,
                    ),)*
                    $(_ => $crate::codec::Entry::additional(
                        entry$(.$tolerated())?,
                        &mut self.$further,
                    ),)?
                    #[allow(unreachable_patterns, reason = "further properties may be kept")]
                    _ => entry.ignore(),
                }
            }
        }
        impl $crate::codec::Blank for $ty {
            #[inline]
            fn blank() -> Self {
                Self {
                    $($field: $crate::object!(@blank $presence),)*
                    $($further: $crate::codec::Blank::blank(),)?
                }
            }
        }
        impl $crate::codec::Properties for $ty {
            fn write_properties<W: $crate::codec::Writer>(&self, writer: &mut W) {
                $(writer.$presence($name, &self.$field);)*
                $(writer.additional(&self.$further);)?
            }
        }
        impl ::std::fmt::Debug for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::__private::show_object(self, f)
            }
        }
        $crate::__partial_eq! {
            impl PartialEq for $ty {
                #[inline]
                fn eq(&self, _other: &Self) -> bool {
                    true $(&& self.$field == _other.$field)* $(&& self.$further == _other.$further)?
                }
            }
        }
        $crate::object!($ty);
    };
    // Constants are checked in less time than calls, here and below.
    (@is_required required) => {
        true
    };
    (@is_required nullable) => {
        true
    };
    (@is_required $optional:ident) => {
        false
    };
    (@blank required) => {
        $crate::codec::Blank::blank()
    };
    (@blank $optional:ident) => {
        None
    };
    ($ty:ident) => {
        impl $crate::__private::Serialize for $ty {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::__private::write_object(self, serializer)
            }
        }
        impl<'de> $crate::__private::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::read_object(deserializer)
            }
        }
    };
}

/// Implements `as_str`, `Display`, `FromStr`, `From`, `AsRef`, comparison by text, `Serialize`,
/// `Deserialize`, [`ToParameter`](crate::ToParameter) and [`Blank`](crate::codec::Blank) for a
/// [`StringEnum`](crate::codec::StringEnum), and that itself where the values are given, and after
/// them the variant of all others. An enum that is declared so is documented by its values.
///
/// ```
/// accredit_runtime::string_enum! {
///     /// Whether somebody may come in.
///     pub enum State {
///         Open = "open",
///         /// For today.
///         Closed = "closed",
///         _ = Unknown,
///     }
/// }
///
/// assert_eq!(State::from("open"), State::Open);
/// assert_eq!(State::from("ajar").as_str(), "ajar");
/// ```
#[macro_export]
macro_rules! string_enum {
    (
        $(#[$meta:meta])*
        pub enum $ty:ident {
            $($(#[$doc:meta])* $variant:ident = $text:literal,)*
            _ = $unknown:ident,
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum $ty {
            $(
                $(#[$doc])*
                #[doc = ""]
                #[doc = concat!("The value `", $text, "`.")]
                $variant,
            )*
            /// A value that the document doesn't list.
            $unknown(String),
        }
        $crate::string_enum!($ty { $($variant = $text,)* _ = $unknown, });
    };
    ($ty:ident { $($variant:ident = $text:literal,)* _ = $unknown:ident, }) => {
        impl $crate::codec::StringEnum for $ty {
            const NAME: &'static str = stringify!($ty);
            const VALUES: &'static [(&'static str, Self)] = &[$(($text, Self::$variant)),*];

            #[inline]
            fn unknown(value: String) -> Self {
                Self::$unknown(value)
            }

            fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::$unknown(value) => value,
                }
            }
        }
        $crate::string_enum!($ty);
    };
    ($ty:ident) => {
        impl $ty {
            /// Returns the text.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                $crate::codec::StringEnum::as_str(self)
            }
        }
        impl ::std::fmt::Display for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl ::std::str::FromStr for $ty {
            type Err = ::std::convert::Infallible;
            #[inline]
            fn from_str(text: &str) -> Result<Self, ::std::convert::Infallible> {
                Ok($crate::__private::parse_string(text))
            }
        }
        impl From<&str> for $ty {
            #[inline]
            fn from(text: &str) -> Self {
                $crate::__private::parse_string(text)
            }
        }
        impl From<String> for $ty {
            #[inline]
            fn from(text: String) -> Self {
                $crate::__private::parse_string(&text)
            }
        }
        impl AsRef<str> for $ty {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
        impl PartialEq for $ty {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }
        impl Eq for $ty {}
        impl ::std::hash::Hash for $ty {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                ::std::hash::Hash::hash(self.as_str(), state);
            }
        }
        impl $crate::__private::Serialize for $ty {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> $crate::__private::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::read_string_enum(deserializer)
            }
        }
        impl $crate::ToParameter for $ty {
            #[inline]
            fn to_parameter(&self) -> $crate::ParameterValue {
                $crate::ToParameter::to_parameter(self.as_str())
            }
        }
        impl $crate::codec::Blank for $ty {
            #[inline]
            fn blank() -> Self {
                <Self as $crate::codec::StringEnum>::unknown(String::new())
            }
        }
    };
}

/// Implements `as_i64`, `Display`, `From`, comparison by number, `Serialize`, `Deserialize`,
/// [`ToParameter`](crate::ToParameter) and [`Blank`](crate::codec::Blank) for an
/// [`IntegerEnum`](crate::codec::IntegerEnum), and that itself where the values are given, as
/// [`string_enum!`](crate::string_enum) does.
#[macro_export]
macro_rules! integer_enum {
    (
        $(#[$meta:meta])*
        pub enum $ty:ident {
            $($(#[$doc:meta])* $variant:ident = $number:literal,)*
            _ = $unknown:ident,
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum $ty {
            $(
                $(#[$doc])*
                #[doc = ""]
                #[doc = concat!("The value `", stringify!($number), "`.")]
                $variant,
            )*
            /// A value that the document doesn't list.
            $unknown(i64),
        }
        $crate::integer_enum!($ty { $($variant = $number,)* _ = $unknown, });
    };
    ($ty:ident { $($variant:ident = $number:literal,)* _ = $unknown:ident, }) => {
        impl $crate::codec::IntegerEnum for $ty {
            const NAME: &'static str = stringify!($ty);
            const VALUES: &'static [(i64, Self)] = &[$(($number, Self::$variant)),*];

            #[inline]
            fn unknown(value: i64) -> Self {
                Self::$unknown(value)
            }

            fn as_i64(&self) -> i64 {
                match self {
                    $(Self::$variant => $number,)*
                    Self::$unknown(value) => *value,
                }
            }
        }
        $crate::integer_enum!($ty);
    };
    ($ty:ident) => {
        impl $ty {
            /// Returns the number.
            #[must_use]
            #[inline]
            pub fn as_i64(&self) -> i64 {
                $crate::codec::IntegerEnum::as_i64(self)
            }
        }
        impl ::std::fmt::Display for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.as_i64(), f)
            }
        }
        impl From<i64> for $ty {
            #[inline]
            fn from(number: i64) -> Self {
                $crate::__private::parse_integer(number)
            }
        }
        impl From<$ty> for i64 {
            #[inline]
            fn from(value: $ty) -> Self {
                value.as_i64()
            }
        }
        impl PartialEq for $ty {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_i64() == other.as_i64()
            }
        }
        impl Eq for $ty {}
        impl ::std::hash::Hash for $ty {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                ::std::hash::Hash::hash(&self.as_i64(), state);
            }
        }
        impl $crate::__private::Serialize for $ty {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }
        impl<'de> $crate::__private::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::read_integer_enum(deserializer)
            }
        }
        impl $crate::ToParameter for $ty {
            #[inline]
            fn to_parameter(&self) -> $crate::ParameterValue {
                $crate::ToParameter::to_parameter(&self.as_i64())
            }
        }
        impl $crate::codec::Blank for $ty {
            #[inline]
            fn blank() -> Self {
                <Self as $crate::codec::IntegerEnum>::unknown(0)
            }
        }
    };
}

/// Implements `Serialize`, `Deserialize` and
/// [`Properties`](crate::codec::Properties) for a [`Union`](crate::codec::Union), and where the variants
/// are given that itself, [`Blank`](crate::codec::Blank), `Debug` and, with the feature `partial-eq`, `PartialEq`.
///
/// Each variant has its index in an associated constant `EVIDENCE`; its type, for a `From`; and the tag
/// that is added to a value that has no property for it. The last entry is the variant of unlisted tags,
/// or else the one that a blank is of.
///
/// ```
/// use accredit_runtime::codec::Evidence;
/// # use accredit_runtime::Value;
///
/// #[derive(Clone)]
/// struct Circle {
///     radius: f64,
/// }
///
/// accredit_runtime::object!(Circle {
///     0 => radius: required("radius"),
/// });
///
/// #[derive(Clone)]
/// enum Shape {
///     Circle(Circle),
///     Unknown(Value),
/// }
///
/// impl Shape {
///     const EVIDENCE: &'static [Evidence] = &[Evidence::tagged("Circle", &["circle"])];
/// }
///
/// accredit_runtime::union!(Shape by "kind" {
///     0 => Circle(Circle) = "circle",
///     _ => Unknown,
/// });
///
/// let shape = Shape::from(Circle { radius: 1.5 });
/// assert_eq!(serde_json::to_string(&shape)?, r#"{"kind":"circle","radius":1.5}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! union {
    ($ty:ident $(by $discriminator:literal)? {
        $($index:literal => $variant:ident $(($inner:ty))? $(= $tag:literal)?,)*
        $(_ => $unknown:ident,)?
        $(_ = $base:ident,)?
    }) => {
        impl $crate::codec::Union for $ty {
            const NAME: &'static str = stringify!($ty);
            $(const DISCRIMINATOR: Option<&'static str> = Some($discriminator);)?
            const VARIANTS: &'static [$crate::codec::Evidence] = Self::EVIDENCE;

            #[inline]
            fn read(
                variant: Option<usize>,
                value: &$crate::codec::Whole<'_>,
            ) -> Result<Self, $crate::codec::Mismatch> {
                match variant {
                    $(Some($index) => {
                        $crate::codec::variant(value).map(Self::$variant)
                    })*
                    $(_ => $crate::codec::variant(value).map(Self::$unknown),)?
                    #[allow(unreachable_patterns, reason = "unlisted values may be kept")]
                    _ => Err($crate::codec::Mismatch::unlisted()),
                }
            }

            fn write<S: $crate::codec::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => {
                        $crate::union!(@write value serializer $($tag)?)
                    })*
                    $(Self::$unknown(value) => $crate::codec::untagged(value, serializer),)?
                }
            }
        }
        impl $crate::codec::Blank for $ty {
            #[inline]
            fn blank() -> Self {
                $(Self::$unknown($crate::Value::Null))?
                $(Self::$base($crate::codec::Blank::blank()))?
            }
        }
        $($(impl From<$inner> for $ty {
            #[inline]
            fn from(value: $inner) -> Self {
                // The variant may hold it behind a pointer.
                Self::$variant(value.into())
            }
        })?)*
        impl ::std::fmt::Debug for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $(Self::$variant(value) => {
                        $crate::__private::show_variant(f, stringify!($variant), value)
                    })*
                    $(Self::$unknown(value) => {
                        $crate::__private::show_variant(f, stringify!($unknown), value)
                    })?
                }
            }
        }
        $crate::__partial_eq! {
            impl PartialEq for $ty {
                #[inline]
                fn eq(&self, other: &Self) -> bool {
                    match (self, other) {
                        $((Self::$variant(left), Self::$variant(right)) => left == right,)*
                        $((Self::$unknown(left), Self::$unknown(right)) => left == right,)?
                        #[allow(unreachable_patterns, reason = "there may be one variant")]
                        _ => false,
                    }
                }
            }
        }
        $crate::union!($ty);
    };
    (@write $value:ident $serializer:ident) => {
        $crate::codec::untagged($value, $serializer)
    };
    (@write $value:ident $serializer:ident $tag:literal) => {
        $crate::codec::tagged(
            <Self as $crate::codec::Union>::DISCRIMINATOR.unwrap_or_default(),
            $tag,
            $value,
            $serializer,
        )
    };
    ($ty:ident) => {
        impl $crate::__private::Serialize for $ty {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::codec::Union::write(self, serializer)
            }
        }
        impl<'de> $crate::__private::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::read_union(deserializer)
            }
        }
        impl $crate::codec::Properties for $ty {
            fn write_properties<W: $crate::codec::Writer>(&self, writer: &mut W) {
                $crate::__private::write_value_properties(self, writer);
            }
        }
    };
}
