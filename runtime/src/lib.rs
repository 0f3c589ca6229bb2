//! The runtime of the API clients that `accredit` generates: it obtains access tokens by the
//! client credentials grant ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)).

mod backoff;
mod challenge;
mod clock;
mod loopback;
mod origin;
mod secret;
mod tls;
mod token_error;

#[cfg(feature = "jwt")]
mod client_assertion;
mod credential_provider;
mod credentials;
mod proof;
#[cfg(feature = "jwt")]
mod signing_key;
mod token;
#[cfg(feature = "store")]
mod token_store;

mod token_endpoint;

mod client_credentials;
#[cfg(feature = "store")]
mod sharing;
mod token_source;

mod suspicion;

mod event;
mod token_cache;

mod api;
mod scopes;

mod connection;
mod settings_error;

pub mod codec;
mod content;
pub mod examples;
mod form;
pub mod formats;
mod parameter;
mod request;
mod request_error;
mod security;
mod upload;

mod transport;

mod response;

pub mod decode;
mod download;
mod error;
mod headers;
mod problem;
mod retry;

mod call;
mod client;
mod compatibility;
mod macros;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use api::{Api, Operation, Requirement, SecurityScheme, Server, ServerVariable, Status};
pub use bytes::Bytes;
pub use call::{Call, Decoding, Sending, Streaming};
pub use challenge::Challenge;
pub use client::{ClientCore, ClientOptions};
pub use client_credentials::{ClientCredentials, ClientCredentialsBuilder};
pub use clock::{Clock, Moment, Sleep, SystemClock};
pub use connection::Connection;
pub use content::Content;
pub use credential_provider::{CredentialFile, CredentialProvider, Provide, provide_with};
pub use credentials::{ClientAuthentication, Credential};
pub use decode::DecodeError;
pub use download::Download;
pub use error::{ApiError, Error, ErrorBody, Stage};
pub use event::Event;
pub use form::{Form, Part, Parts};
pub use headers::{HeaderReader, ResponseHeaders};
pub use http::{HeaderMap, Method, StatusCode};
pub use parameter::{Parameter, ParameterValue, Style, ToParameter};
pub use problem::Problem;
pub use response::{Answer, Replay, Response};
pub use retry::RetryPolicy;
pub use scopes::ScopePolicy;
pub use secret::Secret;
pub use serde_json::Value;
pub use settings_error::SettingsError;
#[cfg(feature = "store")]
pub use sharing::TokenSharing;
#[cfg(feature = "jwt")]
pub use signing_key::{KeyError, SignatureAlgorithm, SigningKey};
pub use suspicion::{
    Evidence, SkipReason, Suspicion, SuspicionPolicy, SuspicionProfile, UnsafeReplay,
};
pub use token::{AccessToken, IssuedToken};
pub use token_cache::{Replacement, TokenCache};
pub use token_error::TokenError;
pub use token_source::{Issue, TokenSource};
#[cfg(feature = "redis")]
pub use token_store::RedisStore;
#[cfg(feature = "store")]
pub use token_store::{Kept, MemoryStore, StoreError, Storing, TokenStore};
pub use upload::Upload;

#[doc(hidden)]
pub mod __private;
