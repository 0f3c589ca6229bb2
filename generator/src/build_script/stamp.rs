//! What the last output was made of: where all of it is unchanged, nothing is done.
//!
//! A stamp holds the inputs themselves, which are compared as bytes. That is exact, and fast even in a
//! build script that is compiled without optimisation, where a hash isn't.

use std::env;
use std::fs::{self, Metadata};
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::config::{Config, is_url};
use crate::diagnostics::Report;
use crate::load;

/// Returns what decides on the output beside the texts of its inputs: the generator, which is part of the
/// running program, the options, and the files of directories.
pub(super) fn key(config: &Config) -> String {
    let program = env::current_exe().and_then(fs::metadata);
    let program = program.as_ref().map(version).unwrap_or_default();
    let listed = load::listed(config.documents());
    format!("{program:?} {config:?} {listed:?}")
}

/// Tells one build of a program from another.
fn version(program: &Metadata) -> (u64, u128) {
    let modified = program.modified().ok();
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    (program.len(), since.unwrap_or_default().as_nanos())
}

/// Returns what cargo was told with the output; `None` where the output isn't there, or anything that
/// it was made of has changed.
pub(super) fn fresh(stamp: &Path, output: &Path, key: &str) -> Option<Vec<u8>> {
    let stamp = fs::read(stamp).ok()?;
    let mut rest = stamp.as_slice();
    let length = fs::metadata(output).ok()?.len().to_string();
    if take(&mut rest)? != key.as_bytes() || take(&mut rest)? != length.as_bytes() {
        return None;
    }
    let said = take(&mut rest)?;
    while !rest.is_empty() {
        let path = str::from_utf8(take(&mut rest)?).ok()?;
        if fs::read(path).ok()? != take(&mut rest)? {
            return None;
        }
    }
    Some(said.to_owned())
}

/// Remembers what an output was made of. Inputs of other hosts can't be looked at again for nothing, so
/// that an output made of one is always made anew.
pub(super) fn write(stamp: &Path, output: &str, key: &str, said: &[u8], report: &Report) {
    let mut parts = Vec::new();
    put(&mut parts, key.as_bytes());
    put(&mut parts, output.len().to_string().as_bytes());
    put(&mut parts, said);
    for (path, text) in report.texts() {
        let Some(path) = path.to_str().filter(|_| !is_url(path)) else {
            fs::remove_file(stamp).ok();
            return;
        };
        put(&mut parts, path.as_bytes());
        put(&mut parts, text.as_bytes());
    }
    // Without a stamp, the next run only does more than it must.
    fs::write(stamp, parts).ok();
}

/// Adds a part behind its length.
fn put(parts: &mut Vec<u8>, part: &[u8]) {
    parts.extend(part.len().to_string().bytes().chain([b'\n']));
    parts.extend(part);
}

/// Takes the next part.
fn take<'a>(parts: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = parts.iter().position(|byte| *byte == b'\n')?;
    let length: usize = str::from_utf8(&parts[..end]).ok()?.parse().ok()?;
    let (part, rest) = parts[end + 1..].split_at_checked(length)?;
    *parts = rest;
    Some(part)
}
