//! A word about work that takes long.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::messages::say;

/// How long a stage may take before it is named: less, and a line would only be noise.
const PATIENCE: Duration = Duration::from_secs(2);

/// Does work in stages; names each one that takes long, and again as long as it goes on.
pub(super) fn shown<T>(work: impl FnOnce(&dyn Fn(&'static str)) -> T) -> T {
    let (begin, stages) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut stage = "starting";
            loop {
                match stages.recv_timeout(PATIENCE) {
                    Ok(next) => stage = next,
                    Err(RecvTimeoutError::Timeout) => say(&format_args!("{stage} …")),
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
        });
        // The channel closes when the work is done, whichever way it ends, and the thread with it.
        let begin = begin;
        work(&|stage| begin.send(stage).unwrap_or_default())
    })
}
