//! `cargo +nightly fuzz run token_answer --features libfuzzer corpus/token_answer seeds/token_answer`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| accredit_fuzz::server::token_answer(bytes));
