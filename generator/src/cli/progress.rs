//! A word about work that takes long, or about all of it.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::voice::Voice;

/// How long a stage may take before it is named: less, and a line would only be noise.
const PATIENCE: Duration = Duration::from_secs(2);

/// Does work in stages; names each one that takes long, and again as long as it goes on. To those who
/// want to know it all, it says how long each took.
pub(super) fn shown<T>(voice: Voice, work: impl FnOnce(&dyn Fn(&'static str)) -> T) -> T {
    let (begin, stages) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut stage = None;
            loop {
                match stages.recv_timeout(PATIENCE) {
                    Ok(next) => {
                        taken(voice, stage);
                        stage = Some((next, Instant::now()));
                    }
                    Err(RecvTimeoutError::Timeout) => {
                        let name = stage.map_or("starting", |(name, _)| name);
                        voice.say(&format_args!("{name} …"));
                    }
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            taken(voice, stage);
        });
        // The channel closes when the work is done, whichever way it ends, and the thread with it.
        let begin = begin;
        work(&|stage| begin.send(stage).unwrap_or_default())
    })
}

fn taken(voice: Voice, stage: Option<(&str, Instant)>) {
    if let Some((name, since)) = stage {
        let time = since.elapsed().as_secs_f64();
        voice.detail(&format_args!("{name}: {time:.3} s"));
    }
}
