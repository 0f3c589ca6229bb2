//! What the last output was made of: where all of it is unchanged, nothing is done.
//!
//! A stamp holds the inputs themselves, behind what the file system says of them. Where it says the same as
//! then, nothing is read; otherwise they are compared as bytes. That is fast even in a build script that is
//! compiled without optimisation, where a hash isn't.

use std::env;
use std::fs::{self, File, Metadata};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::config::{Config, is_url};
use crate::diagnostics::Report;
use crate::load;

/// A file that was changed so shortly before it was read may be changed again without showing a later time.
const UNSETTLED: Duration = Duration::from_secs(2);

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
    let mut stamp = BufReader::new(File::open(stamp).ok()?);
    let length = fs::metadata(output).ok()?.len().to_string();
    if take(&mut stamp)? != key.as_bytes() || take(&mut stamp)? != length.as_bytes() {
        return None;
    }
    let said = take(&mut stamp)?;
    let inputs = String::from_utf8(take(&mut stamp)?).ok()?;
    let mut inputs = inputs.lines().map(|input| input.split_once('\t'));
    let is_settled = inputs.clone().all(|input| {
        input.is_some_and(|(seen, path)| {
            fs::metadata(path).is_ok_and(|found| seen == format!("{:?}", version(&found)))
        })
    });
    let is_same = is_settled
        || inputs.all(|input| {
            input.is_some_and(|(_, path)| {
                let text = fs::read(path).ok();
                text.is_some() && text == take(&mut stamp)
            })
        });
    is_same.then_some(said)
}

/// Remembers what an output was made of, in a run that began at `began`. Inputs of other hosts can't be
/// looked at again for nothing, so that an output made of one is always made anew.
pub(super) fn write(
    stamp: &Path,
    output: &str,
    key: &str,
    said: &[u8],
    report: &Report,
    began: SystemTime,
) {
    let mut inputs = String::new();
    let mut texts = Vec::new();
    for (path, text) in report.texts() {
        let named = path.to_str().filter(|_| !is_url(path));
        let Some(path) = named.filter(|path| !path.contains('\n')) else {
            fs::remove_file(stamp).ok();
            return;
        };
        for part in [&seen(path, began), "\t", path, "\n"] {
            inputs.push_str(part);
        }
        put(&mut texts, text.as_bytes());
    }
    let mut parts = Vec::new();
    put(&mut parts, key.as_bytes());
    put(&mut parts, output.len().to_string().as_bytes());
    put(&mut parts, said);
    put(&mut parts, inputs.as_bytes());
    parts.append(&mut texts);
    // Without a stamp, the next run only does more than it must.
    fs::write(stamp, parts).ok();
}

/// Returns what the file system says of an input; nothing that it could say later where the input may
/// not be what was read.
fn seen(path: &str, began: SystemTime) -> String {
    let found = fs::metadata(path).ok();
    let is_settled = |found: &Metadata| {
        let modified = found.modified().ok();
        modified.is_some_and(|modified| modified + UNSETTLED < began)
    };
    let found = found.filter(is_settled);
    found.map_or_else(String::new, |found| format!("{:?}", version(&found)))
}

/// Adds a part behind its length.
fn put(parts: &mut Vec<u8>, part: &[u8]) {
    parts.extend(part.len().to_string().bytes().chain([b'\n']));
    parts.extend(part);
}

/// Takes the next part.
fn take(parts: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = String::new();
    parts.by_ref().take(20).read_line(&mut length).ok()?;
    let length = length.strip_suffix('\n')?.parse::<u64>().ok()?;
    let mut part = Vec::new();
    let read = parts.take(length).read_to_end(&mut part).ok()?;
    (u64::try_from(read).ok()? == length).then_some(part)
}
