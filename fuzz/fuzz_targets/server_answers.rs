//! `cargo +nightly fuzz run server_answers --features libfuzzer seeds/token_answer`

#![no_main]

use accredit_fuzz::server;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    server::token_answer(bytes);
    server::www_authenticate(bytes);
    server::retry_after(bytes);
});
