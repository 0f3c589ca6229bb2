//! One process of the fleet, and the end of it that its parent holds. A line on its input is a number
//! of calls to make at once, a line on its output how many of them have failed.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use accredit_runtime::{Credential, RedisStore, TokenSharing};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinSet;

use crate::Outcome;
use crate::orders::Client;

/// What seals the tokens in Redis; a fleet in earnest gets it from where its other secrets are.
const STORE_KEY: &str = "correct horse battery staple, and then some";

/// How long an operation of the store may take: a machine that runs nine processes at full load may be
/// slow.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// Where everything is.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) redis: String,
    pub(crate) token_endpoint: String,
    pub(crate) api: String,
    pub(crate) lock_lifetime: Duration,
}

impl Places {
    /// Reads the arguments of a process that its parent has started.
    pub(crate) fn of_arguments() -> Option<Self> {
        let mut arguments = std::env::args().skip(1);
        Some(Self {
            redis: arguments.next()?,
            token_endpoint: arguments.next()?,
            api: arguments.next()?,
            lock_lifetime: Duration::from_millis(arguments.next()?.parse().ok()?),
        })
    }

    fn to_arguments(&self) -> [String; 4] {
        [
            self.redis.clone(),
            self.token_endpoint.clone(),
            self.api.clone(),
            self.lock_lifetime.as_millis().to_string(),
        ]
    }
}

/// Does what the parent asks for until that ends.
pub(crate) async fn work(places: &Places) -> Outcome<()> {
    let store = RedisStore::open(&places.redis)?;
    let sharing = TokenSharing::new(store, Credential::Secret(STORE_KEY.into()))
        .lock_lifetime(places.lock_lifetime)
        .patience(PATIENCE);
    let connection = Client::connection()
        .client_id("fleet")
        .client_secret("hunter2")
        .token_endpoint(&places.token_endpoint)
        .base_url(&places.api)
        .share_tokens(sharing);
    let client = Client::new(connection)?;
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut output = tokio::io::stdout();
    while let Some(line) = lines.next_line().await? {
        let failed = call(&client, line.parse()?).await;
        output.write_all(format!("{failed}\n").as_bytes()).await?;
        output.flush().await?;
    }
    Ok(())
}

/// Makes so many calls at once; returns how many have failed.
async fn call(client: &Client, callers: usize) -> usize {
    let mut calls = JoinSet::new();
    for _ in 0..callers {
        let client = client.clone();
        calls.spawn(async move { client.orders().get("1").await });
    }
    let mut failed = 0;
    while let Some(outcome) = calls.join_next().await {
        let Ok(Ok(_)) = outcome else {
            eprintln!("{outcome:?}");
            failed += 1;
            continue;
        };
    }
    failed
}

/// A process as its parent sees it.
pub(crate) struct Worker {
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    pub(crate) fn spawn(places: &Places) -> io::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(places.to_arguments())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Ok(Self {
            process,
            input,
            output: BufReader::new(output).lines(),
        })
    }

    /// Has it make so many calls at once.
    pub(crate) async fn begin(&mut self, callers: usize) -> io::Result<()> {
        let line = format!("{callers}\n");
        self.input.write_all(line.as_bytes()).await
    }

    /// Waits until they are done; returns how many have failed.
    pub(crate) async fn finish(&mut self) -> Outcome<usize> {
        let line = self.output.next_line().await?;
        Ok(line.ok_or("a process of the fleet has ended")?.parse()?)
    }

    pub(crate) async fn kill(mut self) -> io::Result<()> {
        self.process.kill().await
    }
}
