//! One client, or several that share what stands above them.

use toml::de::DeTable;

use super::key::{Key, Keys};
use super::mistake::Reader;
use super::settings::Settings;
use super::value::{Shape, Value};
use crate::config::crate_name;
use crate::pointer::Pointer;

/// The key under which several clients stand.
pub(super) const CLIENTS: Key = Key {
    name: "clients",
    docs: &[
        " Several clients in one file, each under its name and with all the keys of this file but",
        " this one.",
        "",
        " What stands above them holds for all; what a client sets itself comes first. `output` and",
        " `package.name` are each client's own: without the latter, a crate is named as its client.",
    ],
    example: r#"{ orders = { documents = ["orders.yaml"], output = "orders-sdk" } }"#,
    shape: || Shape::Map("name", Box::new(Settings::shape())),
};

/// Returns the keys of a file.
#[cfg(feature = "cli")]
pub(super) fn keys() -> Vec<&'static Key> {
    Settings::KEYS.iter().chain([&CLIENTS]).collect()
}

/// Reads the clients of a file, in their order there.
pub(super) fn read(
    table: &DeTable<'_>,
    reader: &mut Reader<'_>,
) -> Vec<(Option<String>, Settings)> {
    let mut shared = table.clone();
    let clients = shared.remove(CLIENTS.name);
    let mut shared = Settings::of(&shared, reader);
    shared.all_stand(&Pointer::root());
    let Some(clients) = clients else {
        return vec![(None, shared)];
    };
    let Some(tables) = clients.get_ref().as_table() else {
        reader.unexpected(&clients, &(CLIENTS.shape)());
        return Vec::new();
    };
    if shared.output.is_some()
        || shared
            .package
            .as_ref()
            .is_some_and(|package| package.name.is_some())
    {
        reader
            .mistake(
                clients.span(),
                "several clients can't share `output` or `package.name`",
            )
            .set_hint("set them for each client, in `[clients.…]`");
    }
    let mut named: Vec<_> = tables.iter().collect();
    named.sort_by_key(|(name, _)| name.span().start);
    let mut read = Vec::new();
    for (key, value) in named {
        let name = key.get_ref().as_ref();
        if let Some(fault) = crate_name::fault(name) {
            reader.mistake(
                key.span(),
                format!("`{name}` can't be the name of a client: {fault}"),
            );
        }
        let mut own: Settings = Value::read(value, reader).unwrap_or_default();
        own.all_stand(&Pointer::from_iter([CLIENTS.name, name]));
        read.push((Some(name.to_owned()), own.over(shared.clone())));
    }
    read
}
