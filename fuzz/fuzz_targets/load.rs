//! `cargo +nightly fuzz run load --features libfuzzer corpus/load ../generator/tests/fixtures`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| accredit_fuzz::load(bytes));
