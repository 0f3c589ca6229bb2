//! Values of JSON one after the other: lines of JSON
//! ([NDJSON](https://github.com/ndjson/ndjson-spec), [JSON Lines](https://jsonlines.org)) and JSON text
//! sequences ([RFC 7464](https://www.rfc-editor.org/rfc/rfc7464)).

use std::fmt;

use bytes::{Buf, Bytes};

/// How one value is told from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Each stands on a line.
    Lines,
    /// Each follows a record separator.
    Sequence,
}

/// What a sequence has before each value.
const RECORD_SEPARATOR: u8 = 0x1e;

/// What is wrong with a stream of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FramingError {
    /// More than one value may take.
    TooLong,
    /// A value that may have been cut off (RFC 7464 §2.4).
    Truncated,
}

impl fmt::Display for FramingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "expected a shorter value",
            Self::Truncated => "expected a whole value, found one that may be cut off",
        })
    }
}

impl Framing {
    const fn delimiter(self) -> u8 {
        match self {
            Self::Lines => b'\n',
            Self::Sequence => RECORD_SEPARATOR,
        }
    }

    /// Returns a value as it goes out: before it or after it what tells it from others.
    pub(crate) fn frame(self, json: &[u8]) -> Vec<u8> {
        let mut framed = Vec::with_capacity(json.len() + 2);
        if self == Self::Sequence {
            framed.push(RECORD_SEPARATOR);
        }
        framed.extend_from_slice(json);
        framed.push(b'\n');
        framed
    }
}

/// Takes a stream of values apart; it is fed with a chunk at a time.
#[derive(Debug)]
pub(crate) struct Frames {
    framing: Framing,
    limit: usize,
    chunk: Bytes,
    value: Vec<u8>,
    is_at_end: bool,
}

impl Frames {
    pub(crate) const fn new(framing: Framing, limit: usize) -> Self {
        Self {
            framing,
            limit,
            chunk: Bytes::new(),
            value: Vec::new(),
            is_at_end: false,
        }
    }

    pub(crate) const fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Takes a chunk, or the end; the values of the chunk before must have been taken.
    pub(crate) fn feed(&mut self, chunk: Option<Bytes>) {
        self.is_at_end = chunk.is_none();
        self.chunk = chunk.unwrap_or_default();
    }

    pub(crate) const fn is_at_end(&self) -> bool {
        self.is_at_end
    }

    /// Returns the next value, if it is complete. Blank ones are passed over.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, FramingError> {
        let delimiter = self.framing.delimiter();
        loop {
            let end = self.chunk.iter().position(|byte| *byte == delimiter);
            let length = end.unwrap_or(self.chunk.len());
            if self.value.len() + length > self.limit {
                return Err(FramingError::TooLong);
            }
            self.value.extend_from_slice(&self.chunk.split_to(length));
            if end.is_some() {
                self.chunk.advance(1);
            } else if !self.is_at_end || self.value.is_empty() {
                return Ok(None);
            }
            let value = std::mem::take(&mut self.value);
            let json = value.trim_ascii();
            if json.is_empty() {
                continue;
            }
            let is_delimited = |byte: &u8| matches!(byte, b'}' | b']' | b'"');
            let is_whole = value.last().is_some_and(u8::is_ascii_whitespace)
                || json.last().is_some_and(is_delimited);
            if self.framing == Framing::Sequence && !is_whole {
                return Err(FramingError::Truncated);
            }
            return Ok(Some(json.to_vec()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(framing: Framing, chunks: &[&'static str]) -> Vec<Result<String, FramingError>> {
        let mut frames = Frames::new(framing, 20);
        let mut values = Vec::new();
        let chunks = chunks
            .iter()
            .map(|chunk| Some(Bytes::from_static(chunk.as_bytes())));
        for chunk in chunks.chain([None]) {
            frames.feed(chunk);
            loop {
                match frames.next() {
                    Ok(Some(value)) => values.push(Ok(String::from_utf8(value).expect("UTF-8"))),
                    Ok(None) => break,
                    Err(error) => {
                        values.push(Err(error));
                        if error == FramingError::TooLong {
                            return values;
                        }
                    }
                }
            }
        }
        values
    }

    fn good(values: &[&str]) -> Vec<Result<String, FramingError>> {
        values.iter().map(|value| Ok((*value).to_owned())).collect()
    }

    #[test]
    fn lines_are_values_however_they_end_and_are_cut() {
        let lines = Framing::Lines;
        let expected = good(&["{\"a\":1}", "2", "[3]"]);
        assert_eq!(values(lines, &["{\"a\":1}\n2\n[3]\n"]), expected);
        assert_eq!(
            values(lines, &["{\"a\"", ":1}\r", "\n\n 2\n[", "3]"]),
            expected
        );
        assert_eq!(values(lines, &["", "\n", "\r\n"]), []);
    }

    #[test]
    fn a_sequence_has_a_separator_before_each_value() {
        let sequence = Framing::Sequence;
        let expected = good(&["{\"a\":1}", "2", "[3]"]);
        assert_eq!(
            values(sequence, &["\x1e{\"a\":1}\n\x1e2\n\x1e[3]\n"]),
            expected
        );
        assert_eq!(
            values(sequence, &["\x1e\x1e{\"a\":", "\n1}\n\x1e", "2\n\x1e[3]"]),
            good(&["{\"a\":\n1}", "2", "[3]"])
        );
    }

    #[test]
    fn a_number_of_a_sequence_that_nothing_follows_may_be_cut_off() {
        assert_eq!(
            values(Framing::Sequence, &["\x1e12\x1e34\n\x1etrue"]),
            [
                Err(FramingError::Truncated),
                Ok("34".to_owned()),
                Err(FramingError::Truncated)
            ]
        );
    }

    #[test]
    fn a_value_that_is_too_long_is_an_error() {
        let long = values(Framing::Lines, &["1\n\"0123456789", "0123456789\""]);
        assert_eq!(long, [Ok("1".to_owned()), Err(FramingError::TooLong)]);
    }

    #[test]
    fn what_is_framed_is_read_back() {
        for framing in [Framing::Lines, Framing::Sequence] {
            let framed = [framing.frame(b"1"), framing.frame(b"\"a\"")].concat();
            let mut frames = Frames::new(framing, 20);
            let mut values = Vec::new();
            for chunk in [Some(Bytes::from(framed)), None] {
                frames.feed(chunk);
                while let Some(value) = frames.next().expect("short values") {
                    values.push(value);
                }
            }
            assert_eq!(values, [b"1".to_vec(), b"\"a\"".to_vec()]);
        }
    }
}
