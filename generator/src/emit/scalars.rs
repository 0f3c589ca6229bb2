//! Scalars: the Rust type of each.

use proc_macro2::TokenStream;
use quote::quote;

use super::uses::Uses;
use crate::config::Format;
use crate::model::Scalar;

/// Returns the Rust type.
pub(super) fn ty(scalar: Scalar, uses: &mut Uses) -> TokenStream {
    match scalar {
        Scalar::Bool => quote!(bool),
        Scalar::I32 => quote!(i32),
        Scalar::I64 => quote!(i64),
        Scalar::U32 => quote!(u32),
        Scalar::U64 => quote!(u64),
        Scalar::F64 => quote!(f64),
        Scalar::Number => {
            let formats = uses.runtime("formats");
            quote!(#formats::Number)
        }
        Scalar::String => quote!(String),
        Scalar::Secret => quote!(accredit_runtime::Secret),
        Scalar::Text(format) => {
            let formats = uses.runtime("formats");
            let name = match format {
                Format::DateTime => quote!(DateTime),
                Format::Date => quote!(Date),
                Format::Time => quote!(Time),
                Format::Duration => quote!(Duration),
                Format::Uuid => quote!(Uuid),
                Format::Uri => quote!(Uri),
                Format::Ipv4 => quote!(Ipv4),
                Format::Ipv6 => quote!(Ipv6),
                Format::Byte => quote!(Base64),
                Format::Decimal => quote!(Decimal),
            };
            quote!(#formats::#name)
        }
    }
}

/// Returns whether an argument of the type is passed by value.
pub(super) const fn is_copy(scalar: Scalar) -> bool {
    !matches!(
        scalar,
        Scalar::Number | Scalar::String | Scalar::Secret | Scalar::Text(_)
    )
}
