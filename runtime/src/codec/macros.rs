//! The macros that forward serde's traits, and what goes with them, to this module.

/// Implements `Serialize`, `Deserialize`, [`ToParameter`](crate::ToParameter),
/// [`Blank`](crate::codec::Blank) and
/// [`Properties`](crate::codec::Properties) for an
/// [`Object`](crate::codec::Object).
#[macro_export]
macro_rules! object {
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
        impl $crate::ToParameter for $ty {
            fn to_parameter(&self) -> $crate::ParameterValue {
                $crate::__private::to_parameter(self)
            }
        }
        impl $crate::codec::Blank for $ty {
            fn blank() -> Self {
                <Self as $crate::codec::Object>::blank()
            }
        }
        impl $crate::codec::Properties for $ty {
            fn write_properties<W: $crate::codec::Writer>(
                &self,
                writer: &mut W,
            ) -> Result<(), W::Error> {
                $crate::codec::Object::write(self, writer)
            }
        }
    };
}

/// Implements `as_str`, `Display`, `FromStr`, `From`, `AsRef`, comparison by text, `Serialize`,
/// `Deserialize`, [`ToParameter`](crate::ToParameter) and [`Blank`](crate::codec::Blank) for a
/// [`StringEnum`](crate::codec::StringEnum).
#[macro_export]
macro_rules! string_enum {
    ($ty:ident) => {
        impl $ty {
            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                $crate::codec::StringEnum::as_str(self)
            }
        }
        impl ::std::fmt::Display for $ty {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl ::std::str::FromStr for $ty {
            type Err = ::std::convert::Infallible;
            fn from_str(text: &str) -> Result<Self, ::std::convert::Infallible> {
                Ok($crate::__private::parse_string(text))
            }
        }
        impl From<&str> for $ty {
            fn from(text: &str) -> Self {
                $crate::__private::parse_string(text)
            }
        }
        impl From<String> for $ty {
            fn from(text: String) -> Self {
                $crate::__private::parse_string(&text)
            }
        }
        impl AsRef<str> for $ty {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
        impl PartialEq for $ty {
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
            fn to_parameter(&self) -> $crate::ParameterValue {
                $crate::ToParameter::to_parameter(self.as_str())
            }
        }
        impl $crate::codec::Blank for $ty {
            fn blank() -> Self {
                <Self as $crate::codec::StringEnum>::unknown(String::new())
            }
        }
    };
}

/// Implements `as_i64`, `Display`, `From`, comparison by number, `Serialize`, `Deserialize`,
/// [`ToParameter`](crate::ToParameter) and [`Blank`](crate::codec::Blank) for an [`IntegerEnum`](crate::codec::IntegerEnum).
#[macro_export]
macro_rules! integer_enum {
    ($ty:ident) => {
        impl $ty {
            /// Returns the number.
            #[must_use]
            pub fn as_i64(&self) -> i64 {
                $crate::codec::IntegerEnum::as_i64(self)
            }
        }
        impl ::std::fmt::Display for $ty {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.as_i64(), f)
            }
        }
        impl From<i64> for $ty {
            fn from(number: i64) -> Self {
                $crate::__private::parse_integer(number)
            }
        }
        impl From<$ty> for i64 {
            fn from(value: $ty) -> Self {
                value.as_i64()
            }
        }
        impl PartialEq for $ty {
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
            fn to_parameter(&self) -> $crate::ParameterValue {
                $crate::ToParameter::to_parameter(&self.as_i64())
            }
        }
        impl $crate::codec::Blank for $ty {
            fn blank() -> Self {
                <Self as $crate::codec::IntegerEnum>::unknown(0)
            }
        }
    };
}

/// Implements `Serialize`, `Deserialize`, [`ToParameter`](crate::ToParameter),
/// [`Blank`](crate::codec::Blank) and
/// [`Properties`](crate::codec::Properties) for a [`Union`](crate::codec::Union).
#[macro_export]
macro_rules! union {
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
        impl $crate::ToParameter for $ty {
            fn to_parameter(&self) -> $crate::ParameterValue {
                $crate::__private::to_parameter(self)
            }
        }
        impl $crate::codec::Blank for $ty {
            fn blank() -> Self {
                <Self as $crate::codec::Union>::blank()
            }
        }
        impl $crate::codec::Properties for $ty {
            fn write_properties<W: $crate::codec::Writer>(
                &self,
                writer: &mut W,
            ) -> Result<(), W::Error> {
                $crate::__private::write_value_properties(self, writer)
            }
        }
    };
}

/// Implements `Serialize`, `Deserialize`, [`ToParameter`](crate::ToParameter), [`Blank`](crate::codec::Blank),
/// [`Properties`](crate::codec::Properties) and `From` both ways for a tuple struct of one field,
/// which looks in JSON like what it holds.
#[macro_export]
macro_rules! newtype {
    ($ty:ident($inner:ty)) => {
        impl $crate::__private::Serialize for $ty {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::__private::Serialize::serialize(&self.0, serializer)
            }
        }
        impl<'de> $crate::__private::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                <$inner as $crate::__private::Deserialize>::deserialize(deserializer).map(Self)
            }
        }
        impl $crate::ToParameter for $ty {
            fn to_parameter(&self) -> $crate::ParameterValue {
                $crate::ToParameter::to_parameter(&self.0)
            }
        }
        impl $crate::codec::Blank for $ty {
            fn blank() -> Self {
                Self($crate::codec::Blank::blank())
            }
        }
        impl $crate::codec::Properties for $ty {
            fn write_properties<W: $crate::codec::Writer>(
                &self,
                writer: &mut W,
            ) -> Result<(), W::Error> {
                $crate::__private::write_value_properties(self, writer)
            }
        }
        impl From<$inner> for $ty {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
        impl From<$ty> for $inner {
            fn from(value: $ty) -> Self {
                value.0
            }
        }
    };
}
