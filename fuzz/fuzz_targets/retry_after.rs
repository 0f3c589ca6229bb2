//! `cargo +nightly fuzz run retry_after --features libfuzzer corpus/retry_after seeds/retry_after`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| accredit_fuzz::server::retry_after(bytes));
