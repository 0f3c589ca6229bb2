//! Model and names become Rust: tokens by `quote`, text by `prettyplease`.
//!
//! Emission can't fail. A generated item is data and one call into the runtime; whatever is logic
//! lives there.

mod client;
mod docs;
mod enums;
mod files;
mod format;
mod multipart;
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
    config: &'a Config,
    sizes: &'a size::Sizes,
}

/// Returns the Rust of an API: the modules of a crate below `src/`, except for its root, or one
/// file with all of them, `client.rs`, to be included in a module.
pub(crate) fn emit(api: &Api, names: &Names, config: &Config) -> Files {
    let sizes = size::Sizes::of(api);
    let context = Context {
        api,
        names,
        config,
        sizes: &sizes,
    };
    match config.layout() {
        Layout::Crate => files::of_crate(context),
        Layout::Module => files::of_module(context),
    }
}
