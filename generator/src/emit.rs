//! Emit: model and names become Rust.

use crate::config::Config;
use crate::files::Files;
use crate::model::Api;
use crate::names::Names;

pub(crate) fn emit(_: &Api, _: &Names, _: &Config) -> Files {
    Files::default()
}
