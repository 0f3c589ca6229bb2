//! The lock file: by what, from what and how a crate was generated, and what was written.
//!
//! It says nothing of the machine: documents are named without their directory, and there is no time.

use std::fmt::Write as _;
use std::path::Path;

use super::escape::toml;
use crate::config::Config;
use crate::diagnostics::Report;
use crate::files::{Files, mark};

/// Where it stands in the crate.
pub(crate) const LOCK: &str = "accredit.lock";

/// Returns the lock file of a crate whose other files are complete.
pub(crate) fn lock(files: &Files, config: &Config, report: &Report) -> String {
    let document = report.files().next().unwrap_or(Path::new(""));
    let mut text = format!("# {}\n\n", mark(document));
    line(&mut text, "generator", env!("CARGO_PKG_VERSION"));
    let options: Vec<_> = config.recorded().iter().map(|it| toml(it)).collect();
    // Writing to a string can't fail.
    let _ = writeln!(text, "options = [{}]", options.join(", "));
    for (path, document) in report.texts() {
        text.push_str("\n[[inputs]]\n");
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        line(&mut text, "name", &name);
        line(&mut text, "sha256", &sha256(document));
    }
    text.push_str("\n[files]\n");
    for (path, file) in files.iter() {
        line(&mut text, &toml(path), &sha256(file));
    }
    if let Some(manifest) = files.get("Cargo.toml") {
        text.push_str(
            "\n# As it was generated: what the manifest has otherwise is yours, and stays.\n[manifest]\n",
        );
        let manifest = manifest.replace('\\', "\\\\").replace("\"\"\"", "\"\"\\\"");
        let _ = writeln!(text, "text = \"\"\"\n{manifest}\"\"\"");
    }
    text
}

fn line(text: &mut String, key: &str, value: &str) {
    text.extend([key, " = ", &toml(value), "\n"]);
}

/// Returns the SHA-256 of a text in hexadecimal digits, as `sha256sum` prints it.
pub(crate) fn sha256(text: &str) -> String {
    let mut digits = String::with_capacity(64);
    for byte in hmac_sha256::Hash::hash(text.as_bytes()) {
        // Writing to a string can't fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
