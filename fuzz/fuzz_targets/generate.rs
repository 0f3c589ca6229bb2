//! `cargo +nightly fuzz run generate --features libfuzzer corpus/generate ../generator/tests/fixtures`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| accredit_fuzz::generate(bytes));
