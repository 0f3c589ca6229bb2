//! Eight processes call an API on loopback, five hundred callers each, and share one access token
//! through Redis. The token is revoked, the process that fetches another is killed, and Redis is slow,
//! stopped and started again: no call fails, and the number of token requests is as promised.
//!
//! It starts a Redis of its own if `redis-server` is there. Ends with a failure if a step isn't as
//! promised.

// What it prints is what this program is for.
#![allow(clippy::print_stdout)]

mod api;
mod redis_server;
mod worker;

/// The generated client.
mod orders {
    include!(concat!(env!("OUT_DIR"), "/orders.rs"));
}

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use accredit_runtime::testing::{AuthorizationServer, Scripted};
use tokio::time::sleep;

use redis_server::RedisServer;
use worker::{Places, Worker};

const PROCESSES: usize = 8;
const CALLERS: usize = 500;

/// How long the lock of a process lasts that is gone.
const LOCK_LIFETIME: Duration = Duration::from_secs(2);

/// What thousands of calls may take beside, on a machine that runs nine processes at full load.
const CALLS: Duration = Duration::from_secs(4);

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<ExitCode> {
    if let Some(places) = Places::of_arguments() {
        worker::work(&places).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(redis) = RedisServer::start().await? else {
        println!("This example needs Redis: install `redis-server` (on Debian by");
        println!("`apt-get install redis-server`; `cargo xtask fleet` does it) and run it again.");
        return Ok(ExitCode::SUCCESS);
    };
    let mut fleet = Fleet::start(redis).await?;
    fleet.a_cold_cache_is_filled_by_one_token_request().await?;
    fleet.a_revoked_token_is_replaced_once_for_all().await?;
    fleet
        .a_process_that_dies_over_the_fetch_is_followed()
        .await?;
    fleet.a_new_process_finds_the_token().await?;
    fleet.a_redis_that_is_a_little_slow_is_waited_for().await?;
    fleet.a_redis_that_is_too_slow_is_left_out().await?;
    fleet
        .without_redis_every_process_has_its_own_token()
        .await?;
    fleet.redis_is_used_again_when_it_is_back().await?;
    println!();
    Ok(if fleet.broken == 0 {
        println!("All promises were kept.");
        ExitCode::SUCCESS
    } else {
        println!("{} promises were broken.", fleet.broken);
        ExitCode::FAILURE
    })
}

struct Fleet {
    redis: RedisServer,
    authorization: Arc<AuthorizationServer>,
    places: Places,
    workers: Vec<Worker>,
    broken: usize,
}

impl Fleet {
    async fn start(redis: RedisServer) -> Outcome<Self> {
        let authorization = Arc::new(AuthorizationServer::start().await?);
        let api = api::start(Arc::clone(&authorization)).await?;
        let places = Places {
            redis: redis.url(),
            token_endpoint: authorization.token_endpoint(),
            api,
            lock_lifetime: LOCK_LIFETIME,
        };
        let workers = (0..PROCESSES).map(|_| Worker::spawn(&places));
        Ok(Self {
            workers: workers.collect::<Result<_, _>>()?,
            redis,
            authorization,
            places,
            broken: 0,
        })
    }

    async fn a_cold_cache_is_filled_by_one_token_request(&mut self) -> Outcome<()> {
        chapter("A cold cache");
        self.authorization
            .script([Scripted::slow(Duration::from_millis(200))]);
        let requests = self.all_call().await?;
        self.promise(requests == 1, &format!("{requests} token request"));
        Ok(())
    }

    async fn a_revoked_token_is_replaced_once_for_all(&mut self) -> Outcome<()> {
        chapter("The token is revoked");
        self.authorization.revoke_all();
        let requests = self.all_call().await?;
        self.promise(requests == 1, &format!("{requests} token request"));
        Ok(())
    }

    async fn a_process_that_dies_over_the_fetch_is_followed(&mut self) -> Outcome<()> {
        chapter("The token is revoked, and the process that fetches another is killed");
        self.authorization.revoke_all();
        self.authorization.script([Scripted::hang()]);
        let before = self.authorization.token_requests();
        let Some(mut first) = self.workers.pop() else {
            return Ok(());
        };
        first.begin(1).await?;
        while self.authorization.token_requests() == before {
            sleep(Duration::from_millis(5)).await;
        }
        first.kill().await?;
        let started = Instant::now();
        let requests = self.all_call().await?;
        let took = started.elapsed();
        self.promise(
            requests == 1,
            &format!("{requests} token request of the others"),
        );
        self.promise(
            took < LOCK_LIFETIME + CALLS,
            &format!("they waited for the lock of {LOCK_LIFETIME:?}: {took:.1?} in all"),
        );
        Ok(())
    }

    async fn a_new_process_finds_the_token(&mut self) -> Outcome<()> {
        chapter("Another process takes its place");
        self.workers.push(Worker::spawn(&self.places)?);
        let requests = self.all_call().await?;
        self.promise(requests == 0, &format!("{requests} token requests"));
        Ok(())
    }

    async fn a_redis_that_is_a_little_slow_is_waited_for(&mut self) -> Outcome<()> {
        let pause = worker::PATIENCE / 2;
        chapter(&format!(
            "Redis answers nobody for {pause:?}, and the token is revoked"
        ));
        self.redis.pause(pause).await?;
        self.authorization.revoke_all();
        let started = Instant::now();
        let requests = self.all_call().await?;
        let took = started.elapsed();
        self.promise(
            requests == 1,
            &format!("{requests} token request, all calls through after {took:.1?}"),
        );
        Ok(())
    }

    async fn a_redis_that_is_too_slow_is_left_out(&mut self) -> Outcome<()> {
        let pause = worker::PATIENCE * 5;
        chapter(&format!(
            "Redis answers nobody for {pause:?}, and the token is revoked"
        ));
        self.redis.pause(pause).await?;
        let paused = Instant::now();
        self.authorization.revoke_all();
        let requests = self.all_call().await?;
        let took = paused.elapsed();
        self.promise(
            requests == PROCESSES,
            &format!("{requests} token requests, one of each process"),
        );
        let patience = worker::PATIENCE;
        self.promise(
            took < patience + CALLS,
            &format!("they waited for {patience:?}: {took:.1?} in all"),
        );
        sleep(pause.saturating_sub(took)).await;
        Ok(())
    }

    async fn without_redis_every_process_has_its_own_token(&mut self) -> Outcome<()> {
        chapter("Redis is killed and the token revoked while calls are made");
        for worker in &mut self.workers {
            worker.begin(CALLERS).await?;
        }
        self.redis.kill().await?;
        self.authorization.revoke_all();
        let failed = self.finish().await?;
        self.promise(failed == 0, &format!("{failed} calls failed"));
        chapter("The tokens are revoked while there is no Redis");
        self.authorization.revoke_all();
        let requests = self.all_call().await?;
        self.promise(
            requests == PROCESSES,
            &format!("{requests} token requests, one of each process"),
        );
        Ok(())
    }

    async fn redis_is_used_again_when_it_is_back(&mut self) -> Outcome<()> {
        chapter("Redis is back, and the token is revoked");
        self.redis.restart().await?;
        self.authorization.revoke_all();
        let requests = self.all_call().await?;
        self.promise(requests == 1, &format!("{requests} token request"));
        Ok(())
    }

    /// Has all processes make their calls at once; returns how many token requests that took.
    async fn all_call(&mut self) -> Outcome<usize> {
        let before = self.authorization.token_requests();
        for worker in &mut self.workers {
            worker.begin(CALLERS).await?;
        }
        let processes = self.workers.len();
        let failed = self.finish().await?;
        self.promise(
            failed == 0,
            &format!("{processes} processes made {CALLERS} calls each, {failed} failed"),
        );
        Ok(self.authorization.token_requests() - before)
    }

    /// Waits for the calls of all processes; returns how many have failed.
    async fn finish(&mut self) -> Outcome<usize> {
        let mut failed = 0;
        for worker in &mut self.workers {
            failed += worker.finish().await?;
        }
        Ok(failed)
    }

    fn promise(&mut self, kept: bool, what: &str) {
        println!("  {} {what}", if kept { "✓" } else { "✗" });
        self.broken += usize::from(!kept);
    }
}

fn chapter(title: &str) {
    println!("\n{title}");
}
