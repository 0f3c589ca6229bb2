//! What the tests share: a resource server, and a world of server, issuer and client around it.

pub mod generated;
mod log;
pub mod random;
mod resource_server;
mod world;

pub use log::Log;
pub use resource_server::{Reply, Request, ResourceServer};
pub use world::{API, Issuer, World};
