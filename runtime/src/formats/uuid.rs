//! Identifiers as [`uuid`] has them.

use super::{Format, FormatError, Uuid};

impl TryFrom<&Uuid> for uuid::Uuid {
    type Error = FormatError;

    /// Reads every notation that the crate reads: with and without hyphens, in braces, as a URN.
    fn try_from(text: &Uuid) -> Result<Self, FormatError> {
        Self::parse_str(text.0.trim()).map_err(|_| Uuid::error("it isn't a UUID"))
    }
}

impl From<uuid::Uuid> for Uuid {
    fn from(id: uuid::Uuid) -> Self {
        Self(id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_read_and_written() {
        let text = "67e55044-10b1-426f-9247-bb680e5fe0c8";
        let id: uuid::Uuid = Uuid::from(text).read().expect("a UUID");
        assert_eq!(Uuid::from(id).as_str(), text);
        assert_eq!(
            Uuid::from("67E5504410B1426F9247BB680E5FE0C8").read(),
            Ok(id)
        );
        assert!(Uuid::from("ORDER-7").read::<uuid::Uuid>().is_err());
    }
}
