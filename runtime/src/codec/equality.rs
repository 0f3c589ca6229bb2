//! Comparison of objects and unions, which the feature `partial-eq` asks for.

/// Passes an implementation of `PartialEq` on.
#[cfg(feature = "partial-eq")]
#[doc(hidden)]
#[macro_export]
macro_rules! __partial_eq {
    ($($implementation:tt)*) => {
        $($implementation)*
    };
}

/// Drops it: an implementation costs time for each type, and few programs compare.
#[cfg(not(feature = "partial-eq"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __partial_eq {
    ($($implementation:tt)*) => {};
}
