//! The runtime of the API clients that `accredit` generates: it obtains access tokens by the
//! client credentials grant ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)).

mod api;
pub mod codec;
mod parameter;
mod secret;

pub use api::{Api, Operation, Requirement, SecurityScheme, Server, ServerVariable, Status};
pub use parameter::{Parameter, ParameterValue, Style, ToParameter};
pub use secret::Secret;
pub use serde_json::Value;

#[doc(hidden)]
pub mod __private;
