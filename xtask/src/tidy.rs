//! Rules about the tree that no compiler holds: layers, file caps, names, leftovers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::root;

/// The most lines that a source file may have.
const LINES: usize = 600;

/// Modules whose name says nothing.
const BANNED: &[&str] = &["common", "helpers", "misc", "util", "utils"];

/// The layers of the generator, lowest first: a module may use modules of its own layer or a lower one.
const GENERATOR: &[&[&str]] = &[
    &["booleans", "extensions", "files", "pointer", "tabs"],
    &["markdown", "origins", "references", "sources", "tree"],
    &["config", "diagnostics"],
    &["load"],
    &["model", "openapi"],
    &["constraints", "examples", "lower"],
    &["names"],
    &["emit"],
    &["package"],
    &["surface"],
    &["difference", "error", "write"],
    &["config_file", "generate"],
    &["build_script", "inspect"],
    &["cli"],
];

/// The layers of the runtime, lowest first.
const RUNTIME: &[&[&str]] = &[
    &[
        "backoff",
        "blocking",
        "event_parser",
        "framing",
        "clock",
        "compression",
        "compatibility",
        "limit",
        "loopback",
        "origin",
        "paging",
        "polling",
        "secret",
        "token_error",
    ],
    &["network", "proof", "signing_key", "testing", "tls"],
    &[
        "api",
        "challenge",
        "client_assertion",
        "codec",
        "constraints",
        "credentials",
        "dpop",
        "examples",
        "formats",
        "json",
        "parameter",
        "retry",
        "settings_error",
        "step_up",
        "token",
        "token_store",
        "upload",
        "xml",
    ],
    &[
        "credential_provider",
        "request_error",
        "suspicion",
        "token_endpoint",
        "token_source",
    ],
    &[
        "content",
        "event",
        "form",
        "json_items",
        "metrics",
        "request",
        "response",
        "sharing",
        "urlencoded",
    ],
    &["middleware"],
    &[
        "client_credentials",
        "decode",
        "security",
        "token_cache",
        "transport",
    ],
    &["headers", "problem"],
    &["connection", "error", "scopes"],
    &["client", "download"],
    &["call", "pages", "poller"],
    &["mock"],
];

/// Names each breach; fails if there is one.
pub(crate) fn run() -> Result<()> {
    let root = root();
    let mut breaches = Vec::new();
    for member in ["generator", "runtime", "xtask", "examples", "tests"] {
        for path in sources(&root.join(member))? {
            let text = fs::read_to_string(&path)?;
            let shown = path.strip_prefix(&root)?.to_owned();
            check_file(&shown, &text, &mut breaches);
        }
    }
    for (member, layers) in [("generator", GENERATOR), ("runtime", RUNTIME)] {
        let source = root.join(member).join("src");
        for path in sources(&source)? {
            if path.file_name().is_some_and(|name| name == "tests.rs") {
                continue;
            }
            let module = top_module(path.strip_prefix(&source)?);
            let text = fs::read_to_string(&path)?;
            check_layers(&module, &text, layers, &path, &mut breaches);
        }
    }
    for breach in &breaches {
        println!("{breach}");
    }
    if !breaches.is_empty() {
        bail!("{} breaches", breaches.len());
    }
    Ok(())
}

fn check_file(path: &Path, text: &str, breaches: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > LINES && !text.starts_with("// @generated") {
        breaches.push(format!(
            "{}: {lines} lines, at most {LINES}",
            path.display()
        ));
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    if BANNED.contains(&&*stem) {
        breaches.push(format!("{}: a module named `{stem}`", path.display()));
    }
    for (number, line) in (1..).zip(text.lines()) {
        // Built in two parts, or this file would be its own breach.
        if line.contains(concat!("TO", "DO")) {
            breaches.push(format!("{}:{number}: something left to do", path.display()));
        }
    }
}

fn check_layers(
    module: &str,
    text: &str,
    layers: &[&[&str]],
    path: &Path,
    breaches: &mut Vec<String>,
) {
    let layer = |name: &str| layers.iter().position(|layer| layer.contains(&name));
    let Some(own) = layer(module) else {
        if !["lib", "main", "macros", "__private"].contains(&module) {
            breaches.push(format!("{}: `{module}` stands in no layer", path.display()));
        }
        return;
    };
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    for name in used_modules(code) {
        if layer(name).is_some_and(|used| used > own) {
            breaches.push(format!(
                "{}: `{module}` uses `{name}` above it",
                path.display()
            ));
        }
    }
}

/// Returns the modules of the crate root that a text names after `crate::`, alone or in braces.
fn used_modules(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for used in code.split("crate::").skip(1) {
        let Some(group) = used.strip_prefix('{') else {
            found.push(name_at(used));
            continue;
        };
        let mut depth = 0;
        let end = group.find(|c| match c {
            '{' => {
                depth += 1;
                false
            }
            '}' if depth == 0 => true,
            '}' => {
                depth -= 1;
                false
            }
            _ => false,
        });
        let mut start = 0;
        let group = &group[..end.unwrap_or(group.len())];
        for (index, c) in group.char_indices().chain([(group.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    found.push(name_at(group[start..index].trim()));
                    start = index + 1;
                }
                _ => {}
            }
        }
    }
    found
}

/// Returns the identifier that a text begins with.
fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// Returns the module of the crate root that a file belongs to.
fn top_module(path: &Path) -> String {
    let first = path
        .components()
        .next()
        .map(|part| PathBuf::from(part.as_os_str()));
    first
        .as_deref()
        .and_then(Path::file_stem)
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Returns the Rust files below a folder, sorted.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_alone_and_in_braces() {
        let code = "use crate::{config::{Config, Layout}, files::Files};\nuse crate::model::Api;";
        assert_eq!(used_modules(code), ["config", "files", "model"]);
    }
}
