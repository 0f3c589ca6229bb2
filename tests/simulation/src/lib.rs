//! What suspicion costs and saves: the runtime's own token cache, budgets included, in virtual time
//! against a modelled API and a modelled authorization server.
//!
//! Time is tokio's paused clock, which jumps to the next event when nothing can run. Only the way of a
//! call (send, ask for a replacement, send once more) is modelled after the runtime's; cache,
//! evidence, budgets and the collapse test are the real ones.

mod client;
mod outcome;
mod workload;
mod world;

pub use client::Policy;
pub use outcome::Outcome;
pub use workload::Workload;
