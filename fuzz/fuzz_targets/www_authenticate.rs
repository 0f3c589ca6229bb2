//! `cargo +nightly fuzz run www_authenticate --features libfuzzer corpus/www_authenticate seeds/www_authenticate`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| accredit_fuzz::server::www_authenticate(bytes));
