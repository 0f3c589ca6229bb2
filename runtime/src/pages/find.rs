//! Single values of a JSON body, found without decoding the rest of it.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Returns the value at a place of a body; `None` if another value, or none, is there.
pub(crate) fn find<V: for<'de> Deserialize<'de>>(body: &[u8], place: &[&str]) -> Option<V> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let at = At {
        place,
        value: PhantomData,
    };
    at.deserialize(&mut deserializer).ok().flatten()
}

/// A value below others.
struct At<'p, V> {
    place: &'p [&'p str],
    value: PhantomData<V>,
}

impl<'de, V: Deserialize<'de>> DeserializeSeed<'de> for At<'_, V> {
    type Value = Option<V>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<V>, D::Error> {
        if self.place.is_empty() {
            V::deserialize(deserializer).map(Some)
        } else {
            deserializer.deserialize_map(self)
        }
    }
}

impl<'de, V: Deserialize<'de>> Visitor<'de> for At<'_, V> {
    type Value = Option<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Option<V>, M::Error> {
        let mut found = None;
        let Some((name, place)) = self.place.split_first() else {
            return Ok(None);
        };
        while let Some(key) = map.next_key::<String>()? {
            if key == *name {
                let at = At {
                    place,
                    value: PhantomData,
                };
                found = map.next_value_seed(at)?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// How many elements an array has.
pub(super) struct Length(pub(super) u64);

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Count;

        impl<'de> Visitor<'de> for Count {
            type Value = Length;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Length, S::Error> {
                let mut length = 0;
                while seq.next_element::<IgnoredAny>()?.is_some() {
                    length += 1;
                }
                Ok(Length(length))
            }
        }

        deserializer.deserialize_seq(Count)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::json::Json;

    const BODY: &[u8] =
        br#"{"data": [1, [2], {}], "meta": {"next": "n", "more": false}, "none": null}"#;

    #[test]
    fn a_value_is_found_by_the_names_that_lead_to_it() {
        assert_eq!(find(BODY, &["meta", "next"]), Some("n".to_owned()));
        assert_eq!(find(BODY, &["meta", "more"]), Some(false));
        assert_eq!(find(BODY, &["data"]).map(|Length(length)| length), Some(3));
        assert_eq!(find(b"[1, 2]", &[]).map(|Length(length)| length), Some(2));
    }

    #[test]
    fn a_number_is_found_with_its_digits() {
        let found = find::<Json>(br#"{"next": 18446744073709551617 }"#, &["next"]);
        assert_eq!(found.expect("a number").to_string(), "18446744073709551617");
    }

    #[test]
    fn another_value_is_none() {
        assert_eq!(find::<String>(BODY, &["meta", "more"]), None);
        assert_eq!(find::<Value>(BODY, &["data", "next"]), None);
        assert_eq!(find::<Value>(BODY, &["none", "next"]), None);
        assert_eq!(find::<Value>(BODY, &["other"]), None);
        assert_eq!(find::<Value>(b"{\"a\": ", &["a"]), None);
    }
}
