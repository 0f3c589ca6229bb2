//! A Redis on loopback, for as long as it is held.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

pub(crate) struct RedisServer {
    port: u16,
    process: Child,
}

impl RedisServer {
    /// Starts a server that keeps nothing on disk; `None` if none is installed.
    pub(crate) async fn start() -> io::Result<Option<Self>> {
        // Free now, and hardly taken in the moment until the server has it.
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        drop(listener);
        match spawn(port) {
            Ok(process) => {
                answers(port).await?;
                Ok(Some(Self { port, process }))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Has it answer nobody for a time.
    pub(crate) async fn pause(&self, time: Duration) -> io::Result<()> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let command = format!("CLIENT PAUSE {}\r\n", time.as_millis());
        connection.write_all(command.as_bytes()).await?;
        let mut answer = [0; 5];
        connection.read_exact(&mut answer).await?;
        if &answer == b"+OK\r\n" {
            Ok(())
        } else {
            Err(io::Error::other("redis-server can't be paused"))
        }
    }

    /// Ends it as a crash would.
    pub(crate) async fn kill(&mut self) -> io::Result<()> {
        self.process.kill().await
    }

    /// Starts it again after [`RedisServer::kill`], at the same port and with nothing in it.
    pub(crate) async fn restart(&mut self) -> io::Result<()> {
        self.process = spawn(self.port)?;
        answers(self.port).await
    }
}

fn spawn(port: u16) -> io::Result<Child> {
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--save", "", "--appendonly", "no"])
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
}

/// Waits until a server listens.
async fn answers(port: u16) -> io::Result<()> {
    let listens = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), listens)
        .await
        .map_err(|_| io::Error::other("redis-server doesn't listen"))
}
