//! Scalars: the Rust type of each.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Scalar;

/// Returns the Rust type.
pub(super) fn ty(scalar: Scalar) -> TokenStream {
    match scalar {
        Scalar::Bool => quote!(bool),
        Scalar::I32 => quote!(i32),
        Scalar::I64 => quote!(i64),
        Scalar::U32 => quote!(u32),
        Scalar::U64 => quote!(u64),
        Scalar::F64 => quote!(f64),
        Scalar::String => quote!(String),
        Scalar::Secret => quote!(accredit_runtime::Secret),
    }
}

/// Returns whether an argument of the type is passed by value.
pub(super) const fn is_copy(scalar: Scalar) -> bool {
    !matches!(scalar, Scalar::String | Scalar::Secret)
}
