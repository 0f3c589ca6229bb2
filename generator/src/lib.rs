//! Reads an OpenAPI document and emits a typed Rust client crate whose calls are authorised by the
//! OAuth 2.0 client credentials grant.

// Values that every stage uses.
mod config;
mod diagnostics;
mod files;
mod pointer;

// 1. Load: a path becomes one document of the shape of OpenAPI 3.0.
mod load;

// 2. Model: what an API is to a client.
mod model;

// 3. Lower: the document becomes a model; the last place where input is judged.
mod lower;

// Text that two stages write.
mod markdown;

// 4. Names: every identifier, decided once.
mod names;

// 5. Emit and package: model and names become files.
mod emit;
mod package;

pub use config::{Config, Runtime};
pub use diagnostics::{Code, Diagnostic, Severity};
pub use files::Files;
pub use pointer::Pointer;
