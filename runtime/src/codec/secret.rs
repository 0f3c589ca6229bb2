//! Sensitive texts in bodies (`format: password`).

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Secret;

/// The text itself is written: a body that holds a secret is there to carry it.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
