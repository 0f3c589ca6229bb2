//! Model and names become Rust: tokens by `quote`, text by `prettyplease`.
//!
//! Emission can't fail. A generated item is data and one call into the runtime; whatever is logic
//! lives there.

mod client;
mod docs;
mod enums;
mod files;
mod format;
mod operations;
mod parameters;
mod responses;
mod scalars;
mod size;
mod structs;
mod types;
mod unions;
mod uses;

use crate::{
    config::{Config, Layout},
    files::Files,
    model::Api,
    names::Names,
};

/// What everything that is emitted is made of.
#[derive(Clone, Copy)]
struct Context<'a> {
    api: &'a Api,
    names: &'a Names,
    sizes: &'a size::Sizes,
}

/// Returns the Rust of APIs, which share their types: the modules of a crate below `src/`, except for
/// their roots, or one file with all of them, `client.rs`, to be included in a module.
pub(crate) fn emit(apis: &[Api], names: &[Names], config: &Config) -> Files {
    let sizes = apis.first().map(size::Sizes::of).unwrap_or_default();
    let contexts: Vec<_> = apis
        .iter()
        .zip(names)
        .map(|(api, names)| Context {
            api,
            names,
            sizes: &sizes,
        })
        .collect();
    match config.layout() {
        Layout::Crate => files::of_crate(&contexts),
        Layout::Module => files::of_module(&contexts),
    }
}
