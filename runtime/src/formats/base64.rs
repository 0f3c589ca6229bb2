//! Bytes in base64 (RFC 4648 §4, §5).

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Base64, Format, FormatError};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

impl Base64 {
    /// Encodes bytes in the standard alphabet, with padding.
    #[must_use]
    pub fn encode(bytes: impl AsRef<[u8]>) -> Self {
        Self(LENIENT.encode(bytes))
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self::encode(bytes)
    }
}

impl TryFrom<&Base64> for Vec<u8> {
    type Error = FormatError;

    fn try_from(text: &Base64) -> Result<Self, FormatError> {
        let bytes = text.0.bytes().filter(|it| !it.is_ascii_whitespace());
        let standard = bytes.map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        });
        LENIENT
            .decode(standard.collect::<Self>())
            .map_err(|_| Base64::error("it isn't base64"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_are_read_with_and_without_padding() {
        for text in ["+/8=", "+/8", "-_8", "+/\r\n8="] {
            assert_eq!(Base64::from(text).read::<Vec<u8>>(), Ok(vec![251, 255]));
        }
        assert!(Base64::from("a").read::<Vec<u8>>().is_err());
        assert!(Base64::from("+%8=").read::<Vec<u8>>().is_err());
        assert_eq!(Base64::encode([251, 255]).as_str(), "+/8=");
    }
}
