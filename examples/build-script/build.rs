//! Generates what `accredit.toml` describes.

fn main() {
    accredit::build_script::generate_from("accredit.toml");
}
