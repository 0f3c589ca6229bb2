//! Reads an OpenAPI document and emits a typed Rust client crate whose calls are authorised by the
//! OAuth 2.0 client credentials grant.
//!
//! # Three doors
//!
//! - The command line: `accredit generate openapi.yaml --output sdk` writes a crate that can be
//!   published; `accredit inspect openapi.yaml` says what is in a document.
//! - A build script: [`build_script::generate`] makes a client each time that its crate is built.
//! - This library: [`generate()`] returns the files, and nothing is written until
//!   [`Package::write_to`] is called.
//!
//! Generated code depends on the crate `accredit-runtime` and on nothing of this one.
//!
//! # The pipeline
//!
//! A document is loaded, read as OpenAPI, lowered to a model of the API, named and emitted. Input is
//! judged before anything is emitted, and all mistakes of a stage are reported at once, each with
//! its place and a way out. What can't be generated yet is a warning, and the rest comes out.
//!
//! ```
//! use accredit::{Code, Config};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! let document = directory.path().join("petstore.yaml");
//! std::fs::write(&document, r##"
//! openapi: 3.0.3
//! info: { title: Petstore, version: "1.0" }
//! servers: [{ url: "https://petstore.example.com" }]
//! paths:
//!   /pets/{id}:
//!     get:
//!       operationId: getPet
//!       tags: [pets]
//!       security: [{ oauth: [read] }]
//!       parameters:
//!         - { name: id, in: path, required: true, schema: { type: string } }
//!       responses:
//!         "200":
//!           description: The pet.
//!           content:
//!             application/json:
//!               schema: { $ref: "#/components/schemas/Pet" }
//! components:
//!   schemas:
//!     Pet:
//!       type: object
//!       required: [name]
//!       properties:
//!         name: { type: string }
//!   securitySchemes:
//!     oauth:
//!       type: oauth2
//!       flows:
//!         clientCredentials:
//!           tokenUrl: https://petstore.example.com/token
//!           scopes: { read: Read pets. }
//! "##)?;
//!
//! let package = accredit::generate(&Config::new(&document))?;
//! assert_eq!((package.operations(), package.types()), (1, 1));
//! assert!(package.warnings().is_empty());
//!
//! let sdk = directory.path().join("sdk");
//! let written = package.write_to(&sdk)?;
//! assert_eq!(written.written, package.files().len());
//! assert!(sdk.join("Cargo.toml").exists());
//!
//! // A mistake has a stable code, and its place is known.
//! let text = std::fs::read_to_string(&document)?;
//! std::fs::write(&document, text.replace("schemas/Pet\"", "schemas/Cat\""))?;
//! let error = accredit::generate(&Config::new(&document)).unwrap_err();
//! let mistake = &error.diagnostics()[0];
//! assert_eq!(mistake.code(), Code::UnresolvedReference);
//! assert_eq!(mistake.place().map(|place| place.line()), Some(18));
//! # Ok(())
//! # }
//! ```
//!
//! # Limits
//!
//! Documents of OpenAPI 3.0 are read, and those of Swagger 2.0 and OpenAPI 3.1 after they were
//! brought into its shape, as JSON or YAML. A document may refer to other files of its directory;
//! other hosts are asked where `Config::allow_remote` says so.

// Doors, and the pipeline behind them.
pub mod build_script;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "config-file")]
pub mod config_file;
mod constraints;
mod error;
mod examples;
mod generate;
#[cfg(feature = "cli")]
mod inspect;

// Values that every stage uses.
mod booleans;
mod config;
mod diagnostics;
mod extensions;
mod files;
mod origins;
mod pointer;
mod references;
mod sources;
mod tabs;
mod tree;

// 1. Load: a path becomes one document of the shape of OpenAPI 3.0.
mod load;

// 2. Read: the document in the specification's own words.
mod openapi;

// 3. Lower: the document becomes a model of what an API is to a client. Input is judged up to here.
mod lower;
mod model;

// Text that several of the next stages write.
mod markdown;

// 4. Name: every Rust identifier, decided once.
mod names;

// 5. Emit: model and names become Rust, and the text around it.
mod emit;
#[cfg(feature = "directory")]
mod package;

// What callers of a generated crate see, and what changed of it.
#[cfg(feature = "cli")]
mod difference;
#[cfg(feature = "directory")]
mod surface;

// 6. Write: the files of the product become a directory.
mod write;

pub use config::{
    Config, Format, Formats, Metadata, Pagination, Policies, Polling, Runtime, Scopes, Selector,
    Suspicion, SuspicionProfile, Tolerance, UnsafeReplay,
};
pub use diagnostics::{Code, Diagnostic, Place, Report, Severity};
pub use error::Error;
pub use files::Files;
#[cfg(feature = "smoke")]
#[doc(hidden)]
pub use generate::smoke;
pub use generate::{Package, generate};
pub use pointer::Pointer;
#[cfg(feature = "directory")]
pub use write::{Change, Edits, Plan, Written};
