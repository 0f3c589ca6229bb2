//! What tests need: time that passes when it is told to, and an authorization server on loopback.

mod manual_clock;

pub use self::manual_clock::ManualClock;
