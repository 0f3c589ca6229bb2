//! `cargo +nightly fuzz run normalise --features libfuzzer corpus/normalise ../generator/tests/fixtures`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| accredit_fuzz::normalise(bytes));
