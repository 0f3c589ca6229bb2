//! Generates a client for each document, and what they share once.

use accredit::{Config, build_script};

fn main() {
    let documents = ["documents/nrf-discovery.yaml", "documents/udm-sdm.yaml"];
    build_script::generate(Config::of(documents).name("core-network"));
}
