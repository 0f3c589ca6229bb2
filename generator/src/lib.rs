//! Reads an OpenAPI document and emits a typed Rust client crate whose calls are authorised by the
//! OAuth 2.0 client credentials grant.

// Values that every stage uses.
mod config;
mod diagnostics;
mod files;
mod pointer;
mod tree;

// 1. Load: a path becomes one document of the shape of OpenAPI 3.0.
mod load;

// 2. Read: the document in the specification's own words.
mod openapi;

// 3. Model: what an API is to a client.
mod model;

pub use config::{Config, Runtime};
pub use diagnostics::{Code, Diagnostic, Place, Report, Severity};
pub use files::Files;
pub use pointer::Pointer;
