//! The command lines of the guide and of the readme are ones that the program takes.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

/// The command lines of a page, without what a shell does with their output.
fn command_lines(page: &str) -> Vec<String> {
    let blocks = page.split("```").skip(1).step_by(2);
    let shell = blocks.filter_map(|block| block.strip_prefix("sh\n"));
    let lines = shell.flat_map(str::lines).map(str::trim);
    let arguments = lines.filter_map(|line| line.strip_prefix("accredit "));
    let command = |line: &str| {
        line.split(['>', '|', '#'])
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    arguments.map(command).collect()
}

#[test]
fn every_command_line_of_the_guide_and_of_the_readme_is_taken() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut pages = vec![root.join("README.md"), root.join("guide/src/tutorial.md")];
    let how_to = fs::read_dir(root.join("guide/src/how-to")).expect("the guide");
    pages.extend(how_to.map(|entry| entry.expect("an entry").path()));
    let mut count = 0;
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page");
        for line in command_lines(&text) {
            // Read as far as the last word, which asks for help in place of doing anything.
            let output = Command::cargo_bin("accredit")
                .expect("built")
                .current_dir(&root)
                .args(line.split_whitespace().chain(["--help"]))
                .output()
                .expect("run");
            assert!(
                output.status.success(),
                "{}: {line}\n{}",
                page.display(),
                String::from_utf8_lossy(&output.stderr)
            );
            count += 1;
        }
    }
    assert!(count > 5, "{count} command lines are few");
}
