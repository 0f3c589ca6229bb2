//! What tests need: time that passes when it is told to, and an authorization server on loopback.

#[cfg(feature = "testing")]
mod authorization_server;
#[cfg(feature = "testing")]
mod listener;
mod manual_clock;
#[cfg(all(feature = "testing", feature = "jwt"))]
mod proof_checker;
#[cfg(feature = "testing")]
mod script;
#[cfg(feature = "testing")]
mod token_request;

#[cfg(feature = "testing")]
pub use self::authorization_server::AuthorizationServer;
#[cfg(feature = "mock")]
pub(crate) use self::listener::serve;
pub use self::manual_clock::ManualClock;
#[cfg(all(feature = "testing", feature = "jwt"))]
pub use self::proof_checker::{ProofChecker, ProofFault};
#[cfg(feature = "testing")]
pub use self::script::Scripted;
#[cfg(feature = "testing")]
pub use self::token_request::TokenRequest;
