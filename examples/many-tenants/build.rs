//! Generates the client of the examples' API.

fn main() {
    accredit::build_script::generate("../orders.yaml");
}
