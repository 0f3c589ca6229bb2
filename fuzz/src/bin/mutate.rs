//! Fuzzing on a stable compiler: mutates the documents and texts of folders, by bytes and by values, from a
//! seed.
//!
//! `cargo run --release --bin mutate -- TARGET SECONDS SEED FOLDER…` prints the number of executions and
//! what was found; an input that is found is kept in `artifacts/`. It fails if there is one.

use std::fs;
use std::panic;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use accredit_fuzz::TARGETS;
use fastrand::Rng;
use serde_json::{Value, json};

/// An input that takes longer is a finding.
const SLOW: Duration = Duration::from_secs(10);

/// Larger documents take the time of many small ones.
const LARGEST: usize = 64 * 1024;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [target, seconds, seed, folders @ ..] = arguments.as_slice() else {
        eprintln!("expected TARGET SECONDS SEED FOLDER…");
        return ExitCode::from(2);
    };
    let (Some((name, target)), Ok(seconds), Ok(seed)) = (
        TARGETS.iter().find(|(name, _)| name == target),
        seconds.parse(),
        seed.parse(),
    ) else {
        eprintln!("expected one of the targets, a number of seconds and a seed");
        return ExitCode::from(2);
    };
    let mut seeds = Vec::new();
    folders
        .iter()
        .for_each(|folder| collect(Path::new(folder), &mut seeds));
    seeds.sort();
    let seeds: Vec<_> = seeds
        .iter()
        .filter_map(|path| fs::read(path).ok())
        .filter(|seed| seed.len() <= LARGEST)
        .collect();
    if seeds.is_empty() {
        eprintln!("the folders hold no document");
        return ExitCode::from(2);
    }
    panic::set_hook(Box::new(|_| {}));
    let mut rng = Rng::with_seed(seed);
    let (start, mut executions, mut found) = (Instant::now(), 0_u64, 0_u64);
    fs::create_dir_all("artifacts").expect("a directory");
    let current = format!("artifacts/{name}-current");
    while start.elapsed() < Duration::from_secs(seconds) {
        let input = mutated(&seeds, &mut rng);
        // What ends the process is still there afterwards.
        fs::write(&current, &input).expect("written");
        let begin = Instant::now();
        let outcome = panic::catch_unwind(|| target(&input));
        executions += 1;
        let fault = match outcome {
            Err(payload) => {
                let text = payload.downcast_ref::<String>().cloned();
                let text = text.or_else(|| {
                    payload
                        .downcast_ref::<&str>()
                        .map(|text| (*text).to_owned())
                });
                text.unwrap_or_else(|| "a panic".to_owned())
            }
            Ok(()) if begin.elapsed() > SLOW => format!("{:?}", begin.elapsed()),
            Ok(()) => continue,
        };
        found += 1;
        let kept = format!("artifacts/{name}-{executions}");
        fs::write(&kept, &input).expect("written");
        println!("{kept}: {}", fault.lines().next().unwrap_or_default());
    }
    fs::remove_file(current).ok();
    println!("{name}: {executions} executions in {seconds} s with seed {seed}, {found} findings");
    ExitCode::from(u8::from(found > 0))
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if let Ok(entries) = path.read_dir() {
        entries
            .flatten()
            .for_each(|entry| collect(&entry.path(), found));
    } else if path
        .extension()
        .is_some_and(|it| it == "yaml" || it == "yml" || it == "json" || it == "txt")
    {
        found.push(path.to_owned());
    }
}

fn mutated(seeds: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let seed = &seeds[rng.usize(..seeds.len())];
    let times = rng.usize(1..8);
    if rng.u8(..4) > 0
        && let Ok(mut value) = serde_yaml::from_slice::<Value>(seed)
        && (value.is_object() || value.is_array())
    {
        let other = &seeds[rng.usize(..seeds.len())];
        let other = serde_yaml::from_slice::<Value>(other).unwrap_or_default();
        for _ in 0..times {
            let donor = if rng.bool() {
                value.clone()
            } else {
                other.clone()
            };
            let donor = picked(&donor, rng);
            change(&mut value, donor, rng);
        }
        return value.to_string().into_bytes();
    }
    let mut bytes = seed.clone();
    for _ in 0..times {
        let at = rng.usize(..=bytes.len());
        let end = (at + rng.usize(..40)).min(bytes.len());
        match rng.u8(..5) {
            0 => drop(bytes.drain(at..end)),
            1 if at < bytes.len() => bytes[at] = rng.u8(..),
            2 => drop(bytes.splice(at..at, PIECES[rng.usize(..PIECES.len())].bytes())),
            3 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            _ => {
                let other = &seeds[rng.usize(..seeds.len())];
                let from = rng.usize(..other.len().max(1)).min(other.len());
                let until = (from + 60).min(other.len());
                bytes.splice(at..end, other[from..until].iter().copied());
            }
        }
    }
    bytes
}

/// Texts that mean something to the parsers.
const PIECES: &[&str] = &[
    "\n",
    "  ",
    "\t",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "&a ",
    "*a",
    "<<: *a",
    "!!str ",
    "|\n",
    "---\n",
    "# ",
    "null",
    "~",
    "1e999",
    "0x1F",
    "18446744073709551616",
    "\u{feff}",
    "\u{0}",
    "$ref: '#/'\n",
    "$ref: '../x.yaml'\n",
    "%",
    ",",
    "=",
    "\\",
    "s3cret",
    "access_token",
    "expires_in",
    "error=invalid_token",
    "Bearer ",
    " GMT",
];

/// Returns a value of a document, anywhere in it.
fn picked(root: &Value, rng: &mut Rng) -> Value {
    let mut value = root;
    while rng.u8(..6) > 0 {
        let next = match value {
            Value::Object(members) => members.values().nth(rng.usize(..members.len().max(1))),
            Value::Array(elements) => elements.get(rng.usize(..elements.len().max(1))),
            _ => None,
        };
        let Some(next) = next else { break };
        value = next;
    }
    value.clone()
}

/// Changes one place of a document.
fn change(value: &mut Value, donor: Value, rng: &mut Rng) {
    let descends = rng.u8(..7) > 0;
    match value {
        Value::Object(members) if !members.is_empty() && descends => {
            let index = rng.usize(..members.len());
            let key = members.keys().nth(index).cloned().unwrap_or_default();
            match rng.u8(..12) {
                0 => drop(members.shift_remove(&key)),
                1 => {
                    let value = members.shift_remove(&key).unwrap_or_default();
                    members.insert(WORDS[rng.usize(..WORDS.len())].to_owned(), value);
                }
                2 => drop(members.insert(WORDS[rng.usize(..WORDS.len())].to_owned(), donor)),
                _ => change(&mut members[&key], donor, rng),
            }
        }
        Value::Array(elements) if !elements.is_empty() && descends => {
            let index = rng.usize(..elements.len());
            match rng.u8(..8) {
                0 => drop(elements.remove(index)),
                1 => elements.push(donor),
                _ => change(&mut elements[index], donor, rng),
            }
        }
        _ => {
            *value = match rng.u8(..8) {
                0 => json!({"$ref": WORDS[rng.usize(..WORDS.len())]}),
                1 => json!(WORDS[rng.usize(..WORDS.len())]),
                2 => json!([donor]),
                3 => json!({"allOf": [donor, {"$ref": "#/components/schemas/A"}]}),
                4 => json!({"oneOf": [donor, null, {"type": "string"}]}),
                5 => Value::Null,
                6 => json!(rng.i64(..)),
                _ => donor,
            };
        }
    }
}

/// Keywords, names and references.
const WORDS: &[&str] = &[
    "type",
    "properties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "enum",
    "const",
    "$ref",
    "discriminator",
    "mapping",
    "required",
    "nullable",
    "format",
    "additionalProperties",
    "prefixItems",
    "$defs",
    "in",
    "name",
    "path",
    "query",
    "body",
    "formData",
    "schema",
    "content",
    "application/json",
    "get",
    "post",
    "parameters",
    "responses",
    "200",
    "default",
    "4XX",
    "operationId",
    "tags",
    "security",
    "servers",
    "url",
    "variables",
    "oauth2",
    "clientCredentials",
    "tokenUrl",
    "{id}",
    "/a/{id}",
    "object",
    "array",
    "string",
    "integer",
    "#",
    "#/",
    "#/paths",
    "#/components/schemas",
    "#/components/schemas/A",
    "#/components/schemas/Order",
    "document.yaml",
    "document.yaml#/components/schemas/A",
    "../x",
    "x-a",
    "",
    " ",
    "self",
    "Self",
    "type\n",
    "\u{202e}",
    "\"#",
];
