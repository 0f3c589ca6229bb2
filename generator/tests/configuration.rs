//! The command line with a configuration file: exit code, standard output, standard error, and what
//! is on disk afterwards.

mod scene;

use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use scene::Scene;

const TWO: &str = r#"
include = ["tag:orders"]

[clients.shop]
documents = ["openapi.yaml"]
output = "shop-sdk"

[clients.other]
documents = ["openapi.yaml"]
include = ["**"]
output = "other-sdk"
"#;

/// A working directory with a document of two operations, and a configuration.
fn scene(configuration: &str) -> Scene {
    let scene = Scene::new();
    scene.write("openapi.yaml", include_str!("fixtures/config/shop.yaml"));
    scene.write("accredit.toml", configuration);
    scene
}

/// The text of a file.
fn text(scene: &Scene, path: &str) -> String {
    fs::read_to_string(scene.path(path)).expect("a file")
}

#[test]
fn without_a_document_the_configuration_says_what_is_generated() {
    let scene =
        scene("documents = [\"openapi.yaml\"]\noutput = \"sdk\"\npackage.name = \"acme\"\n");
    assert_snapshot!(scene.run(&["generate"]));
    assert!(text(&scene, "sdk/Cargo.toml").contains("name = \"acme\""));
}

#[test]
fn neither_a_document_nor_a_configuration() {
    assert_snapshot!(Scene::new().run(&["generate"]));
}

#[test]
fn a_configuration_that_isn_t_there() {
    assert_snapshot!(Scene::new().run(&["generate", "--config", "other.toml"]));
}

#[test]
fn every_mistake_of_a_configuration_is_shown_with_its_place() {
    let scene = scene(
        r#"
documnts = ["openapi.yaml"]
output = 3
include = ["tag:x", "orders", 4]
strict = "yes"
runtime = "../runtime"

[package]
name = "1st"
rust-version = "1.56"
keywords = ["a", "b", "c", "d", "e", "f"]
licence = "MIT"
colour = "red"
"#,
    );
    let before = scene.listing();
    assert_snapshot!(scene.run(&["generate"]));
    assert_eq!(scene.listing(), before);
}

#[test]
fn every_mistake_in_pages_and_policies_is_shown_with_its_place() {
    let scene = scene(
        r#"
documents = ["openapi.yaml"]
output = "sdk"

[[pagination]]
select = ["id:orders.list"]

[[pagination]]
cursor = { parameter = "after" }
page = { parameter = "page", first = -1 }

[policies]
timeout = 0
connect-timeout = "5s"
attempts = 0
scopes = "unoin"
suspicion = { statuses = [200, 401] }
operations = [{ select = ["orders"] }, { suspicion = { profile = "off" } }]
"#,
    );
    assert_snapshot!(scene.run(&["generate"]));
}

#[test]
fn a_configuration_that_isn_t_toml() {
    let scene = scene("documents = [\"openapi.yaml\"]\noutput = sdk\n");
    assert_snapshot!(scene.run(&["config", "check"]));
}

#[test]
fn a_configuration_without_an_output() {
    let scene = scene("documents = [\"openapi.yaml\"]\n");
    assert_snapshot!(scene.run(&["generate"]));
}

#[test]
fn every_client_is_generated_with_what_stands_above_it() {
    let scene = scene(&TWO.replace("**", "method:GET"));
    assert_snapshot!(scene.run(&["generate"]));
    let operations = |sdk: &str| {
        let readme = text(&scene, &format!("{sdk}/README.md"));
        let is_row = |line: &&str| line.contains("| `GET ") || line.contains("| `DELETE ");
        readme.lines().filter(is_row).count()
    };
    assert_eq!((operations("shop-sdk"), operations("other-sdk")), (2, 1));
}

#[test]
fn of_several_clients_none_is_written_unless_all_can_be() {
    let scene = scene(&TWO.replace("include = [\"**\"]", "overlays = [\"none.yaml\"]"));
    let before = scene.listing();
    assert_snapshot!(scene.run(&["generate"]));
    assert_eq!(scene.listing(), before);
}

#[test]
fn one_of_several_clients_is_chosen() {
    let scene = scene(&TWO.replace("**", "method:GET"));
    assert_snapshot!(scene.run(&["generate", "--client", "other", "--output", "elsewhere"]));
    assert!(scene.path("elsewhere/Cargo.toml").exists());
    assert!(!scene.path("shop-sdk").exists() && !scene.path("other-sdk").exists());
    assert_snapshot!(
        "a_client_that_there_isn_t",
        scene.run(&["generate", "--client", "othr"])
    );
    assert_snapshot!(
        "an_output_for_several_clients",
        scene.run(&["generate", "--output", "elsewhere"])
    );
}

#[test]
fn several_clients_have_each_an_output_and_a_name_of_their_own() {
    let shared = "output = \"sdk\"\n".to_owned();
    let scene = scene(&(shared + &TWO.replace("[clients.shop]", "[clients.\"1st\"]")));
    assert_snapshot!(scene.run(&["config", "check"]));
}

#[test]
fn the_command_line_comes_before_the_configuration() {
    let scene = scene(
        "documents = [\"none.yaml\"]\noutput = \"sdk\"\ninclude = [\"id:none\"]\npackage.name = \"acme\"\n\
         package.license = \"MIT\"\n",
    );
    let arguments = [
        "generate",
        "openapi.yaml",
        "--config",
        "accredit.toml",
        "--output",
        "mine",
        "--include",
        "id:orders.list",
        "--license",
        "Apache-2.0",
    ];
    assert_snapshot!(scene.run(&arguments));
    let manifest: toml::Table = text(&scene, "mine/Cargo.toml").parse().expect("a manifest");
    let package = &manifest["package"];
    assert_eq!(package["name"].as_str(), Some("acme"));
    assert_eq!(package["license"].as_str(), Some("Apache-2.0"));
}

#[test]
fn paths_begin_where_the_file_lies() {
    let scene = scene("");
    scene.write(
        "api/accredit.toml",
        "documents = [\"../openapi.yaml\"]\noutput = \"sdk\"\nruntime.path = \"../runtime\"\n",
    );
    assert_snapshot!(scene.run(&["generate", "--config", "api/accredit.toml"]));
    let manifest: toml::Table = text(&scene, "api/sdk/Cargo.toml")
        .parse()
        .expect("a manifest");
    let runtime = &manifest["dependencies"]["accredit-runtime"]["path"];
    assert_eq!(runtime.as_str(), Some("../../runtime"));
}

#[test]
fn a_name_that_can_t_be_given_is_shown_where_it_is_asked_for() {
    let scene = scene(
        r##"
documents = ["openapi.yaml"]
names.schemas.Order = "fn"

[clients.shop]
output = "sdk"

[clients.shop.names]
schemas = { "#/components/schemas/Order/properties/state" = "orderState" }
values = { "#/components/schemas/Order/properties/state" = { open = "Same", shipped = "Same" } }
properties.Order = { number = "new number", colour = "color" }
operations = { "orders.list" = "new", "orders.find" = "find" }
"##,
    );
    let before = scene.listing();
    assert_snapshot!(scene.run(&["generate"]));
    assert_eq!(scene.listing(), before);
}

#[test]
fn inspect_reads_the_configuration_too() {
    let scene = scene("documents = [\"openapi.yaml\"]\nexclude = [\"method:DELETE\"]\n");
    let said = scene.run(&["inspect"]);
    assert!(said.starts_with("exit code 0\n"), "{said}");
    assert!(
        said.contains("orders.list") && !said.contains("orders.delete"),
        "{said}"
    );
}

#[test]
fn the_schema_is_json_with_every_key_described() {
    let schema = scene("").run(&["config", "schema"]);
    let (_, schema) = schema.split_once("stdout:\n").expect("an output");
    let (schema, _) = schema.split_once("stderr:\n").expect("an output");
    let schema: serde_json::Value = serde_json::from_str(schema).expect("JSON");
    let documents = &schema["properties"]["documents"];
    assert_eq!(documents["examples"], serde_json::json!([["openapi.yaml"]]));
    assert!(
        documents["description"]
            .as_str()
            .is_some_and(|text| text.starts_with("The "))
    );
}

/// Asserts that a page of the guide is what a command prints.
fn assert_is_printed(page: &str, command: &[&str]) {
    let printed = scene("").run(command);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guide/src/reference");
    let text = fs::read_to_string(path.join(page)).expect("the page");
    assert!(
        printed == format!("exit code 0\nstdout:\n{text}stderr:\n"),
        "`accredit {} > guide/src/reference/{page}` writes it anew",
        command.join(" ")
    );
}

#[test]
fn the_references_in_the_guide_are_those_of_the_keys_and_of_the_commands() {
    assert_is_printed("config.md", &["config", "reference"]);
    assert_is_printed("cli.md", &["man", "--markdown"]);
}

#[test]
fn a_configuration_to_start_with_is_made_of_a_document() {
    let scene = Scene::new();
    scene.write("openapi.yaml", include_str!("fixtures/config/shop.yaml"));
    assert_snapshot!(scene.run(&["init", "openapi.yaml"]));
    assert_snapshot!("accredit_toml", text(&scene, "accredit.toml"));
    let done = scene.run(&["generate"]);
    assert!(done.starts_with("exit code 0\n"), "{done}");
}

#[test]
fn a_configuration_that_is_there_is_not_overwritten() {
    let scene = scene("# mine\n");
    let before = scene.listing();
    assert_snapshot!(scene.run(&["init", "openapi.yaml"]));
    assert_eq!(scene.listing(), before);
}

#[test]
fn every_example_of_a_key_can_be_read() {
    let scene = Scene::new();
    scene.write("openapi.yaml", include_str!("fixtures/config/shop.yaml"));
    scene.run(&["init", "openapi.yaml"]);
    let all = text(&scene, "accredit.toml");
    let uncommented = all.lines().map(|line| match line.strip_prefix("# ") {
        Some(setting)
            if setting.contains(" = ") || setting.starts_with('[') && setting.ends_with(']') =>
        {
            setting
        }
        _ => line,
    });
    // Several clients share neither output nor name.
    let all: Vec<_> = uncommented
        .filter(|line| !line.starts_with("clients ="))
        .collect();
    scene.write("accredit.toml", &all.join("\n"));
    let checked = scene.run(&["config", "check"]);
    assert!(checked.starts_with("exit code 0\n"), "{checked}");
    let clients =
        "clients = { orders = { documents = [\"orders.yaml\"], output = \"orders-sdk\" } }";
    assert!(text(&scene, "accredit.toml").contains("[package]"));
    scene.write("accredit.toml", clients);
    let checked = scene.run(&["config", "check"]);
    assert!(checked.starts_with("exit code 0\n"), "{checked}");
}

#[test]
fn every_mistake_in_polling_is_shown_with_its_place() {
    let scene = scene(
        r#"
documents = ["openapi.yaml"]
output = "sdk"

[[polling]]
select = ["id:orders.list"]
state = "/state"

[[polling]]
header = "Location"
again = true

[[polling]]
select = ["id:orders.list"]
again = true
result = "somewhere"
succeeded = "done"
"#,
    );
    assert_snapshot!(scene.run(&["generate"]));
}
