//! What `Debug` shows of objects and unions.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::object::{Object, Writer, short};

/// Shows an object: the properties that are there, by the names that the document has for them. Each
/// value is shown by its own `Debug`, so that a sensitive one stays masked.
pub fn show_object<T: Object>(object: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = Shown(f.debug_struct(short(type_name::<T>())));
    object.write_properties(&mut shown);
    shown.0.finish()
}

/// Shows a variant, or what else has one value.
pub fn show_variant(f: &mut fmt::Formatter<'_>, name: &str, value: &dyn fmt::Debug) -> fmt::Result {
    f.debug_tuple(name).field(&value).finish()
}

struct Shown<'a, 'b>(fmt::DebugStruct<'a, 'b>);

impl Writer for Shown<'_, '_> {
    fn required<T: Serialize + fmt::Debug + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.0.field(name, &value);
    }

    fn additional<T: Serialize + fmt::Debug>(&mut self, properties: &BTreeMap<String, T>) {
        for (name, value) in properties {
            self.0.field(name, value);
        }
    }

    fn fail(&mut self, reason: &dyn fmt::Display) {
        self.0.field("failure", &format_args!("{reason}"));
    }
}
