//! What is tried, a file for each group of features.

pub(crate) mod authentication;
pub(crate) mod discovery;
pub(crate) mod front;
pub(crate) mod mock_server;
pub(crate) mod proofs;
pub(crate) mod refusals;
pub(crate) mod tokens;
