//! A working directory in which the command line is run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// A working directory of its own with a document in it.
pub(crate) struct Scene {
    root: TempDir,
}

/// What is below a directory: the text of each file, `None` for a directory.
pub(crate) type Listing = BTreeMap<PathBuf, Option<Vec<u8>>>;

impl Scene {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().expect("a directory");
        Self { root }
    }

    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("created");
        fs::write(path, text).expect("written");
    }

    /// Runs the command line; returns exit code and both outputs as one text.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        self.fed(arguments, "")
    }

    /// Like [`Scene::run`], with a text as standard input.
    pub(crate) fn fed(&self, arguments: &[&str], input: &str) -> String {
        let output = Command::cargo_bin("accredit")
            .expect("built")
            .args(arguments)
            .current_dir(self.root.path())
            .env("NO_COLOR", "1")
            .write_stdin(input)
            .output()
            .expect("run");
        let code = output.status.code().expect("an exit code");
        let stdout = String::from_utf8(output.stdout).expect("UTF-8");
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        format!(
            "exit code {code}\nstdout:\n{stdout}stderr:\n{}",
            without_time(&stderr)
        )
    }

    pub(crate) fn listing(&self) -> Listing {
        let mut found = Listing::new();
        let mut open = vec![self.root.path().to_owned()];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(&next).expect("a directory") {
                let path = entry.expect("an entry").path();
                let text = (!path.is_dir()).then(|| fs::read(&path).expect("a file"));
                if text.is_none() {
                    open.push(path.clone());
                }
                let path = path.strip_prefix(self.root.path()).expect("below");
                found.insert(path.to_owned(), text);
            }
        }
        found
    }
}

/// Replaces the time that a run took.
fn without_time(text: &str) -> String {
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    for line in &mut lines {
        if let Some((before, _)) = line
            .rsplit_once(", in ")
            .filter(|_| line.starts_with("generated "))
        {
            *line = format!("{before}, in [TIME]");
        }
    }
    lines.join("\n")
}
