//! The runtime of the API clients that `accredit` generates: it obtains access tokens by the
//! client credentials grant ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)).

mod backoff;
mod challenge;
mod clock;
mod secret;
mod token_error;

mod credentials;
mod token;

mod token_source;

mod suspicion;
mod token_cache;

mod api;
mod connection;
mod settings_error;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use api::{Api, Operation, Requirement, SecurityScheme, Server, ServerVariable};
pub use challenge::Challenge;
pub use clock::{Clock, Moment, Sleep, SystemClock};
pub use connection::Connection;
pub use credentials::ClientAuthentication;
pub use secret::Secret;
pub use settings_error::SettingsError;
pub use suspicion::{Evidence, SkipReason, Suspicion, SuspicionPolicy};
pub use token::{AccessToken, IssuedToken};
pub use token_cache::{Replacement, TokenCache};
pub use token_error::TokenError;
pub use token_source::{Issue, TokenSource};
