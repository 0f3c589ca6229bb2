//! What calls come, and what befalls their tokens.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tokio::time::{Instant, sleep, sleep_until};

use crate::client::{Client, Policy};
use crate::outcome::Outcome;
use crate::world::World;

/// What calls come, and what befalls their tokens.
#[derive(Debug, Clone, Copy)]
pub struct Workload {
    /// How long it goes on.
    pub duration: Duration,
    /// How many callers there are. Each makes a call, waits for its answer, and pauses.
    pub callers: u32,
    /// The mean pause of a caller.
    pub pause: Duration,
    /// Over how many operations the calls spread.
    pub operations: usize,
    /// The share of calls that ask for what isn't there, and are answered 404.
    pub missing: f64,
    /// How often the token is revoked.
    pub revocation: Option<Duration>,
    /// What calls with a revoked token are answered.
    pub revoked: StatusCode,
    /// How often, and for how long, all calls are answered 403 without a word of why.
    pub throttling: Option<(Duration, Duration)>,
    /// For how long after its issue a token isn't known yet, and what calls are answered meanwhile.
    pub lag: Option<(Duration, StatusCode)>,
}

impl Default for Workload {
    /// A hundred calls a second for an hour, of ten operations, with nothing amiss.
    fn default() -> Self {
        Self {
            duration: Duration::from_secs(3600),
            callers: 100,
            pause: Duration::from_millis(950),
            operations: 10,
            missing: 0.0,
            revocation: None,
            revoked: StatusCode::UNAUTHORIZED,
            throttling: None,
            lag: None,
        }
    }
}

const OPERATIONS: [&str; 10] = [
    "orders.get",
    "orders.list",
    "orders.create",
    "orders.update",
    "orders.delete",
    "items.get",
    "items.list",
    "items.create",
    "items.update",
    "items.delete",
];

impl Workload {
    /// Plays the workload with a client of a policy; the same seed gives the same outcome.
    ///
    /// # Panics
    ///
    /// Panics if there is no runtime to be had.
    #[must_use]
    pub fn play(&self, policy: Policy, seed: u64) -> Outcome {
        fastrand::seed(seed);
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime")
            .block_on(self.run(policy))
    }

    async fn run(self, policy: Policy) -> Outcome {
        let end = Instant::now() + self.duration;
        let world = World::new(self);
        let client = Arc::new(Client::new(policy, &world));
        let mut callers = Vec::new();
        for _ in 0..self.callers {
            callers.push(tokio::spawn(self.caller(
                end,
                Arc::clone(&client),
                world.clone(),
            )));
        }
        if let Some(period) = self.revocation {
            let world = world.clone();
            callers.push(tokio::spawn(async move {
                sleep(period).await;
                while Instant::now() < end {
                    world.revoke();
                    sleep(period).await;
                }
            }));
        }
        for caller in callers {
            caller.await.expect("a caller");
        }
        world.outcome()
    }

    fn pause(&self) -> Duration {
        self.pause.mul_f64(2.0 * fastrand::f64())
    }

    async fn caller(self, end: Instant, client: Arc<Client>, world: World) {
        sleep(self.pause()).await;
        while Instant::now() < end {
            let operation = OPERATIONS[fastrand::usize(..self.operations)];
            let is_missing = fastrand::f64() < self.missing;
            let started = Instant::now();
            let call = client.call(operation, is_missing).await;
            world.count(call, started.elapsed());
            sleep_until((Instant::now() + self.pause()).min(end)).await;
        }
    }
}
