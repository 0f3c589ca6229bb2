//! The crate that is checked in is what generation gives.

use accredit::{Edits, config_file};

#[test]
fn the_published_sdk_is_fresh() {
    // Relative, as whoever generates names it: the manifest has the way to the runtime.
    let file = "../../examples/published-sdk/accredit.toml";
    let clients = config_file::read(file).expect("a configuration");
    assert_eq!(clients.len(), 1);
    for client in clients {
        let package = accredit::generate(&client.config).expect("generated");
        let output = client.output.expect("an output directory");
        let plan = package.plan(output, Edits::Overwrite).expect("planned");
        let changed: Vec<_> = plan.changes().iter().map(accredit::Change::path).collect();
        assert!(
            changed.is_empty(),
            "{changed:?} would change; `cargo run -p accredit --features cli -- generate --config \
             examples/published-sdk/accredit.toml` brings them up to date"
        );
    }
}
