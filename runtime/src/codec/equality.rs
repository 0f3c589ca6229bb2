//! Comparison of objects and unions, which the feature `partial-eq` asks for.

/// Implements `PartialEq` for a struct with these fields, if the feature asks for it.
#[cfg(feature = "partial-eq")]
#[doc(hidden)]
#[macro_export]
macro_rules! __equal_fields {
    ($ty:ident { $($field:tt)* }) => {
        impl PartialEq for $ty {
            #[inline]
            fn eq(&self, _other: &Self) -> bool {
                true $(&& self.$field == _other.$field)*
            }
        }
    };
}

/// Nothing: an implementation costs time for each type, and few programs compare.
#[cfg(not(feature = "partial-eq"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __equal_fields {
    ($ty:ident { $($field:tt)* }) => {};
}

/// Implements `PartialEq` for an enum with these variants, if the feature asks for it.
#[cfg(feature = "partial-eq")]
#[doc(hidden)]
#[macro_export]
macro_rules! __equal_variants {
    ($ty:ident { $($variant:ident)* }) => {
        impl PartialEq for $ty {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                match (self, other) {
                    $((Self::$variant(left), Self::$variant(right)) => left == right,)*
                    #[allow(unreachable_patterns, reason = "there may be one variant")]
                    _ => false,
                }
            }
        }
    };
}

/// Nothing, as for structs.
#[cfg(not(feature = "partial-eq"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __equal_variants {
    ($ty:ident { $($variant:ident)* }) => {};
}
