//! How much the command line says, and how; what it says of itself.

mod scene;

use insta::assert_snapshot;

use scene::Scene;

/// A working directory with a document that is mended.
fn scene() -> Scene {
    let scene = Scene::new();
    scene.write("mended.yaml", include_str!("fixtures/config/mended.yaml"));
    scene
}

#[test]
fn quiet_says_nothing_but_errors() {
    let scene = scene();
    let done = scene.run(&["generate", "mended.yaml", "--output", "sdk", "--quiet"]);
    assert_eq!(done, "exit code 0\nstdout:\nstderr:\n");
    assert!(scene.path("sdk/Cargo.toml").exists());
    assert_snapshot!(scene.run(&[
        "-q",
        "generate",
        "mended.yaml",
        "--output",
        "sdk",
        "--strict"
    ]));
}

#[test]
fn verbose_names_what_is_read_and_how_long_each_stage_took() {
    let done = scene().run(&["generate", "mended.yaml", "--output", "sdk", "--verbose"]);
    let (_, said) = done.split_once("stderr:\n").expect("an output");
    let details = said.lines().filter_map(|line| {
        let stage = line
            .strip_suffix(" s")
            .and_then(|line| line.split_once(": "));
        let is_timed = stage.is_some_and(|(_, time)| time.parse::<f64>().is_ok());
        match stage {
            Some((stage, _)) if is_timed => Some(stage.to_owned()),
            _ => line.starts_with("read ").then(|| line.to_owned()),
        }
    });
    let expected = [
        "loading",
        "reading",
        "lowering",
        "judging examples",
        "naming",
        "emitting",
        "read `mended.yaml`",
    ];
    assert_eq!(details.collect::<Vec<_>>(), expected);
}

#[test]
fn quiet_and_verbose_contradict_each_other() {
    let scene = scene();
    let before = scene.listing();
    assert_snapshot!(scene.run(&["inspect", "mended.yaml", "--quiet", "--verbose"]));
    assert_eq!(scene.listing(), before);
}

#[test]
fn colours_come_when_they_are_asked_for() {
    let scene = scene();
    let coloured = |when: &str| {
        let arguments = [
            "generate",
            "mended.yaml",
            "--output",
            "sdk",
            "--color",
            when,
        ];
        scene.run(&arguments).contains('\u{1b}')
    };
    assert_eq!(
        ["auto", "always", "never"].map(coloured),
        [false, true, false]
    );
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = scene().run(&["completions", shell]);
        assert!(script.starts_with("exit code 0\n"), "{shell}");
        assert!(script.contains("message-format"), "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let scene = scene();
    let page = scene.run(&["man"]);
    assert!(
        page.starts_with("exit code 0\n") && page.contains(".TH accredit 1"),
        "{page}"
    );
    for command in [
        "generate",
        "inspect",
        "explain",
        "init",
        "config",
        "completions",
        "man",
    ] {
        let page = scene.run(&["man", command]);
        assert!(
            page.contains(&format!(".TH accredit-{command} 1")),
            "{page}"
        );
    }
    assert_snapshot!(scene.run(&["man", "none"]));
}
