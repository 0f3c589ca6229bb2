//! The servers as processes on loopback, for as long as they are held.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

const LONGEST_START: Duration = Duration::from_secs(30);

/// Returns a port that is free now, and hardly taken in the moment until a server has it.
pub(crate) async fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Ok(listener.local_addr()?.port())
}

/// Runs a program until it listens; it ends when what is returned is dropped.
pub(crate) async fn start(command: &mut Command, log: &Path, port: u16) -> Result<Child> {
    let file = std::fs::File::create(log)?;
    let shown = format!("{command:?}");
    let mut process = command
        .stdout(file.try_clone()?)
        .stderr(file)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| shown.clone())?;
    let listens = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            if process.try_wait()?.is_some() {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        anyhow::Ok(())
    };
    timeout(LONGEST_START, listens)
        .await
        .with_context(|| format!("{shown} doesn't listen"))??;
    let text = || std::fs::read_to_string(log).unwrap_or_default();
    ensure!(process.try_wait()?.is_none(), "{shown} ended: {}", text());
    Ok(process)
}
