//! The macro of tuple structs that look in JSON like what they hold.

/// Implements `Debug`, `Serialize`, `Deserialize`, [`Blank`](crate::codec::Blank),
/// [`Properties`](crate::codec::Properties), `From` both ways and, with the feature `partial-eq`,
/// `PartialEq` for a tuple struct of one field, which looks in JSON like what it holds.
#[macro_export]
macro_rules! newtype {
    ($ty:ident($inner:ty)) => {
        impl ::std::fmt::Debug for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::__private::show_variant(f, stringify!($ty), &self.0)
            }
        }
        $crate::__partial_eq! {
            impl PartialEq for $ty {
                #[inline]
                fn eq(&self, other: &Self) -> bool {
                    self.0 == other.0
                }
            }
        }
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
        impl $crate::codec::Blank for $ty {
            #[inline]
            fn blank() -> Self {
                Self($crate::codec::Blank::blank())
            }
        }
        impl $crate::codec::Properties for $ty {
            fn write_properties<W: $crate::codec::Writer>(&self, writer: &mut W) {
                $crate::__private::write_value_properties(self, writer);
            }
        }
        impl From<$inner> for $ty {
            #[inline]
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
        impl From<$ty> for $inner {
            #[inline]
            fn from(value: $ty) -> Self {
                value.0
            }
        }
    };
}
