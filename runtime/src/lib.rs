//! The runtime of the API clients that `accredit` generates: it obtains access tokens by the
//! client credentials grant ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)),
//! keeps them, attaches them to calls, and replaces them when they die.
//!
//! # Behind a generated client
//!
//! A generated crate describes its API by [`Api`] and [`Operation`], and has a `Client` around a
//! [`ClientCore`]. Whoever uses the crate meets these types of the runtime:
//!
//! - [`Connection`]: who calls, and where. Read from the environment, from a file, or set in code.
//! - [`ClientOptions`]: timeouts, [retries](RetryPolicy), [replays](SuspicionPolicy), scopes, a listener.
//! - [`Call`]: a call that is made when it is awaited; `.send()` gives a [`Response`] with status and
//!   headers, `.send_stream()` a [`Download`].
//! - [`Error`]: at which [`Stage`] a call failed, and the API's answer if there was one.
//!
//! A call that is answered 401, 403 or 404 may have been answered so because its token died. If that is
//! plausible, the token is replaced and the call made once more; [`SuspicionPolicy`] says when.
//!
//! # Tokens alone
//!
//! The parts below a client are of use by themselves. A [`TokenCache`] keeps the token of a
//! [`TokenSource`], such as [`ClientCredentials`], for any number of callers:
//!
//! ```
//! # #[cfg(feature = "testing")]
//! # {
//! use accredit_runtime::{ClientCredentials, TokenCache, testing::AuthorizationServer};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let server = AuthorizationServer::start().await?;
//! server.accept_client("client identifier", "client secret");
//! let source =
//!     ClientCredentials::builder(server.token_endpoint(), "client identifier", "client secret")
//!         .build()?;
//! let tokens = TokenCache::new(source);
//! let (one, other) = (tokens.token().await?, tokens.token().await?);
//! assert_eq!(one.generation(), other.generation());
//! assert_eq!(server.token_requests(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Secrets
//!
//! A [`Secret`] has no `Display`, its `Debug` is a mask, and its memory is cleared when it is dropped. It
//! reaches the wire in requests to the authorization server only, or where a document puts a credential of its own.
//!
//! # Features
//!
//! - `rustls` (by default): TLS by rustls; client certificates and root certificates as settings.
//! - `jwt`: token requests that the client signs, `client_secret_jwt` and `private_key_jwt`, and tokens that are
//!   bound to a key (`DPoP`).
//! - `blocking`: calls from code that isn't async.
//! - `gzip`: answers that the server compresses, and requests that `Call::compressed` compresses.
//! - `charset`: texts in all charsets that browsers read.
//! - `jiff`, `chrono`, `time`, `uuid`, `decimal`: the formats of strings read as the types of these crates.
//! - `store`, `redis`: tokens that processes share, through a store of the caller's or through Redis.
//! - `xml`: bodies of XML, which generated crates turn on where they have any.
//! - `metrics`: counters and histograms of the crate `metrics`.
//! - `mock`: a double of an API and of its token endpoint.
//! - `testing`: a module with an authorization server on loopback and a clock that is moved by hand.
//!
//! # Versions
//!
//! The runtime and the generator are released together. Generated code says by which version it was
//! written, and doesn't compile with a runtime that doesn't fit: see [`generated_by!`].

mod backoff;
#[cfg(feature = "blocking")]
mod blocking;
mod challenge;
mod clock;
mod limit;
mod loopback;
mod network;
mod origin;
mod secret;
mod tls;
mod token_error;

#[cfg(feature = "jwt")]
mod client_assertion;
mod credential_provider;
mod credentials;
#[cfg(feature = "jwt")]
mod dpop;
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

mod step_up;
mod suspicion;

mod event;
#[cfg(feature = "metrics")]
pub mod metrics;
mod token_cache;

mod api;
mod scopes;

mod connection;
mod settings_error;

pub mod codec;
#[cfg(feature = "gzip")]
mod compression;
#[cfg(feature = "validate")]
pub mod constraints;
mod content;
mod event_parser;
pub mod examples;
mod form;
pub mod formats;
mod framing;
mod json;
mod json_items;
mod paging;
mod parameter;
mod polling;
mod request;
mod request_error;
mod security;
mod upload;
mod urlencoded;
#[cfg(feature = "xml")]
pub mod xml;

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
mod middleware;
mod pages;
mod poller;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

#[cfg(feature = "mock")]
pub mod mock;

pub use api::{Api, Operation, Requirement, SecurityScheme, Server, ServerVariable, Status};
#[cfg(feature = "blocking")]
pub use blocking::Wait;
pub use bytes::Bytes;
pub use call::{Call, Decoding, EventStream, ItemStream, Opening, Sending, Streaming};
pub use challenge::Challenge;
pub use client::{ApiClient, ClientCore, ClientOptions};
pub use client_credentials::{ClientCredentials, ClientCredentialsBuilder};
pub use clock::{Clock, Moment, Sleep, SystemClock};
pub use connection::Connection;
pub use content::Content;
pub use credential_provider::{CredentialFile, CredentialProvider, Provide, provide_with};
pub use credentials::{ClientAuthentication, Credential};
pub use decode::DecodeError;
pub use decode::streams::ServerSentEvent;
pub use download::Download;
pub use error::{ApiError, Error, ErrorBody, Stage};
pub use event::{Event, FetchReason};
pub use form::{Form, Part, Parts};
pub use headers::{HeaderReader, ResponseHeaders};
pub use http::{HeaderMap, Method, StatusCode};
pub use json_items::JsonItems;
pub use middleware::{Middleware, OutgoingRequest, RequestSecrets, Step};
pub use pages::{Items, Pages};
pub use paging::Paging;
pub use parameter::{AsJson, Parameter, ParameterValue, Style, ToParameter};
pub use poller::{Finishing, Poller};
pub use polling::Polling;
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
pub use step_up::StepUp;
pub use suspicion::{
    Evidence, ReauthFailure, SkipReason, Suspicion, SuspicionPolicy, SuspicionProfile, UnsafeReplay,
};
pub use token::{AccessToken, IssuedToken};
pub use token_cache::{Replacement, TokenCache};
pub use token_error::TokenError;
pub use token_source::{Issue, Revoke, TokenSource};
#[cfg(feature = "redis")]
pub use token_store::RedisStore;
#[cfg(feature = "store")]
pub use token_store::{Kept, MemoryStore, StoreError, Storing, TokenStore};
pub use upload::Upload;
pub use urlencoded::FormProperty;

#[doc(hidden)]
pub mod __private;

/// The readme's snippet compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
