//! What tests need: time that passes when it is told to, and an authorization server on loopback.

#[cfg(feature = "testing")]
mod authorization_server;
mod manual_clock;
#[cfg(feature = "testing")]
mod script;

#[cfg(feature = "testing")]
pub use self::authorization_server::{AuthorizationServer, TokenRequest};
pub use self::manual_clock::ManualClock;
#[cfg(feature = "testing")]
pub use self::script::Scripted;
