//! Reads an OpenAPI document and emits a typed Rust client crate whose calls are authorised by the
//! OAuth 2.0 client credentials grant.

// Doors, and the pipeline behind them.
pub mod build_script;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
mod error;
mod generate;
#[cfg(feature = "cli")]
mod inspect;

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

// 3. Lower: the document becomes a model of what an API is to a client. Input is judged up to here.
mod lower;
mod model;

// 4. Name: every Rust identifier, decided once.
mod names;

// 5. Emit: model and names become Rust, and the text around it.
mod emit;
mod package;

// 6. Write: the files of the product become a directory.
mod write;

pub use config::{Config, Runtime};
pub use diagnostics::{Code, Diagnostic, Place, Report, Severity};
pub use error::Error;
pub use files::Files;
pub use generate::{Package, generate};
pub use pointer::Pointer;
pub use write::Written;
