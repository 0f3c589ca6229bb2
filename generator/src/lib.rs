//! Reads an OpenAPI document and emits a typed Rust client crate whose calls are authorised by the
//! OAuth 2.0 client credentials grant.

mod pointer;

pub use pointer::Pointer;
