//! Placeholders: what a required field holds until its value is read.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Secret;

/// A type with a cheap value to start decoding from.
///
/// The value never reaches a caller: an object whose required property is missing is an error.
pub trait Blank: Sized {
    /// Returns the placeholder.
    fn blank() -> Self;
}

macro_rules! blank_by_default {
    ($($ty:ty),* $(,)?) => {
        $(impl Blank for $ty {
            fn blank() -> Self {
                Self::default()
            }
        })*
    };
}

blank_by_default!((), bool, i32, i64, u32, u64, f32, f64, String, Value);

impl<T> Blank for Option<T> {
    fn blank() -> Self {
        None
    }
}

impl<T> Blank for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }
}

impl<T> Blank for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }
}

macro_rules! blank_tuples {
    ($(($($name:ident)+))*) => {
        $(impl<$($name: Blank),+> Blank for ($($name,)+) {
            fn blank() -> Self {
                ($($name::blank(),)+)
            }
        })*
    };
}

blank_tuples! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
    (A B C D E F G H I) (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}

impl<T: Blank> Blank for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }
}

impl Blank for Secret {
    fn blank() -> Self {
        Self::new(String::new())
    }
}
