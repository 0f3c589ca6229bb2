//! Reading files: bytes from a path, as text.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use crate::{
    diagnostics::{At, Code, Diagnostics},
    sources::{Source, Sources},
    tree::Lines,
};

/// The size up to which files are read, all of a run together.
pub(crate) const MAX_BYTES: usize = 128 * 1024 * 1024;

impl Sources {
    /// Reads a file and keeps it; `at` is where the need for it stands.
    ///
    /// A file that can't be read is kept too, as far as it can be shown.
    pub(crate) fn read(
        &mut self,
        path: &Path,
        at: &At,
        diagnostics: &mut Diagnostics,
    ) -> Option<usize> {
        let bytes = match bytes(path, self.left()) {
            Ok(bytes) => bytes,
            Err(failure) => {
                report(path, at, &failure, diagnostics);
                return None;
            }
        };
        self.keep(path, bytes, diagnostics)
    }

    /// Reads standard input, to its end.
    pub(super) fn read_standard_input(&mut self, diagnostics: &mut Diagnostics) -> Option<usize> {
        let path = Path::new("stdin");
        match up_to(io::stdin().lock(), self.left()) {
            Ok(bytes) => self.keep(path, bytes, diagnostics),
            Err(failure) => {
                report(path, &At::Nowhere, &failure, diagnostics);
                None
            }
        }
    }

    /// Returns how much may still be read.
    fn left(&self) -> usize {
        let read: usize = self.0.iter().map(|source| source.text.len()).sum();
        MAX_BYTES.saturating_sub(read)
    }

    /// Keeps what was read, as text.
    pub(crate) fn keep(
        &mut self,
        path: &Path,
        bytes: Vec<u8>,
        diagnostics: &mut Diagnostics,
    ) -> Option<usize> {
        let index = self.0.len();
        if bytes.starts_with(MARK) {
            let at = At::Position {
                file: index,
                line: 1,
                column: 1,
            };
            let message = "the text begins with a byte order mark, which is left out";
            diagnostics
                .warning(Code::Mended, at, message)
                .set_hint("save it in UTF-8 without a mark");
        }
        let (text, valid) = text(bytes);
        if let Err(position) = valid {
            let (line, column) = Lines::new(&text).position(position);
            let at = At::Position {
                file: index,
                line,
                column,
            };
            diagnostics
                .error(Code::UnreadableFile, at, "the file isn't UTF-8")
                .set_hint("save it in the encoding UTF-8");
        }
        self.0.push(Source {
            path: path.to_owned(),
            text,
        });
        valid.is_ok().then_some(index)
    }
}

/// The byte order mark in UTF-8, which JSON must not begin with (RFC 8259 §8.1).
const MARK: &[u8] = "\u{FEFF}".as_bytes();

pub(super) enum Failure {
    Io(io::Error),
    Directory,
    TooLarge,
}

pub(super) fn bytes(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let file = File::open(path).map_err(Failure::Io)?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Failure::Directory);
    }
    up_to(file, limit)
}

fn up_to(reader: impl Read, limit: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    reader
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(Failure::Io)?;
    if bytes.len() > limit {
        return Err(Failure::TooLarge);
    }
    Ok(bytes)
}

fn report(path: &Path, at: &At, failure: &Failure, diagnostics: &mut Diagnostics) {
    let shown = path.display();
    let (message, hint) = match failure {
        Failure::Io(error) if error.kind() == io::ErrorKind::NotFound => (
            format!("there is no file `{shown}`"),
            "check the path; a relative one starts at the working directory, or at the file that refers to it",
        ),
        Failure::Io(error) => (
            format!("`{shown}` can't be read: {error}"),
            "check that it is a file and that it may be read",
        ),
        Failure::Directory => (
            format!("`{shown}` is a directory"),
            "name the document in it",
        ),
        Failure::TooLarge => (
            format!(
                "`{shown}` is too large: more than {} MiB would be read",
                MAX_BYTES / 1024 / 1024
            ),
            "check that it is an OpenAPI document; a large one can be split with `$ref`",
        ),
    };
    diagnostics
        .error(Code::UnreadableFile, at.clone(), message)
        .set_hint(hint);
}

/// Decodes bytes: UTF-8, or UTF-16 with a byte order mark (RFC 8259 §8.1, YAML 1.2 §5.2). What
/// isn't valid is replaced, and the position of the first such place is returned too.
fn text(bytes: Vec<u8>) -> (String, Result<(), usize>) {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks(2).map(|pair| match pair {
            [first, second] => read([*first, *second]),
            _ => 0xFFFD,
        });
        char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect::<String>()
    };
    if bytes.starts_with(&[0xFF, 0xFE]) {
        return (wide(u16::from_le_bytes), Ok(()));
    }
    if bytes.starts_with(&[0xFE, 0xFF]) {
        return (wide(u16::from_be_bytes), Ok(()));
    }
    match String::from_utf8(bytes) {
        Ok(text) => match text.strip_prefix('\u{FEFF}') {
            Some(rest) => (rest.to_owned(), Ok(())),
            None => (text, Ok(())),
        },
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            (
                String::from_utf8_lossy(error.as_bytes()).into_owned(),
                Err(valid),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(text(b"\xEF\xBB\xBFa: 1".to_vec()), ("a: 1".into(), Ok(())));
        assert_eq!(text(b"\xFF\xFEa\0".to_vec()), ("a".into(), Ok(())));
        assert_eq!(text(b"\xFE\xFF\0a".to_vec()), ("a".into(), Ok(())));
    }

    #[test]
    fn invalid_utf_8_is_shown_where_it_begins() {
        let (text, valid) = text(b"title: Z\xFCrich".to_vec());
        assert_eq!(valid, Err(8));
        assert_eq!(Lines::new(&text).position(8), (1, 9));
    }

    #[test]
    fn what_cannot_be_read_is_an_error_with_a_way_out() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut diagnostics = Diagnostics::new();
        let mut sources = Sources::default();
        let missing = directory.path().join("none.yaml");
        assert_eq!(sources.read(&missing, &At::Nowhere, &mut diagnostics), None);
        assert_eq!(
            sources.read(directory.path(), &At::Nowhere, &mut diagnostics),
            None
        );
        let list = diagnostics.into_list();
        assert!(list[0].message().starts_with("there is no file"));
        assert!(list[1].message().ends_with("is a directory"));
        assert!(list.iter().all(|diagnostic| diagnostic.hint().is_some()));
    }
}
