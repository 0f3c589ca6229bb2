//! Downloads as they come beside those of a bare client, in turns, on loopback, with the memory that they
//! take: `cargo run --release --package conformance --example downloads`.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use accredit_runtime::{
    Api, Call, ClientCore, ClientOptions, Connection, Method, Operation, Parameter, Server, Status,
    decode,
};
use tokio::runtime::Builder;

static FILES: Api = Api::new("files", "FILES", "files/1").servers(&[Server::new("/")]);
static FILE: Operation =
    Operation::new("files.get", Method::GET, "/files/{size}").success(&[Status::Code(200)]);

/// Sizes in kB, with how often each is taken.
const SIZES: [(usize, usize); 4] = [(64, 400), (1024, 100), (64 * 1024, 8), (1024 * 1024, 3)];

fn main() -> Result<(), Box<dyn Error>> {
    let origin = serve()?;
    let http = reqwest::Client::new();
    let connection = Connection::new(&FILES).base_url(&origin);
    let client = ClientCore::new(connection, ClientOptions::new().http_client(http.clone()))?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut out = io::stdout().lock();
    writeln!(out, "| size | ours | bare | ratio | peak memory |")?;
    writeln!(out, "|--:|--:|--:|--:|--:|")?;
    for (size, times) in SIZES {
        forget_peak();
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..times {
            runtime.block_on(async {
                let started = Instant::now();
                let call = Call::<()>::new(&client, &FILE, decode::nothing);
                let call = call.parameter(Parameter::path("size"), &size.to_string());
                let mut download = call.send_stream().await?.into_body();
                let mut length = 0;
                while let Some(chunk) = download.chunk().await? {
                    length += chunk.len();
                }
                ours.push(started.elapsed());
                assert_eq!(length, size * 1024, "all of it comes");

                let started = Instant::now();
                let mut answer = http.get(format!("{origin}/files/{size}")).send().await?;
                while answer.chunk().await?.is_some() {}
                bare.push(started.elapsed());
                Ok::<_, Box<dyn Error>>(())
            })?;
        }
        let (ours, bare) = (median(ours), median(bare));
        let ratio = ours.div_duration_f64(bare);
        let peak = peak().unwrap_or_default();
        writeln!(
            out,
            "| {size} kB | {ours:?} | {bare:?} | {ratio:.3} | {peak} |"
        )?;
    }
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Starts a server on threads of its own, which answers with as many kB as the path says.
fn serve() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let origin = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that goes away ends its thread.
            thread::spawn(move || answer(stream).ok());
        }
    });
    Ok(origin)
}

fn answer(mut stream: TcpStream) -> io::Result<()> {
    use io::BufRead;
    let mut reader = io::BufReader::new(stream.try_clone()?);
    let chunk = vec![7_u8; 64 * 1024];
    loop {
        let mut request = String::new();
        while !request.ends_with("\r\n\r\n") {
            if reader.read_line(&mut request)? == 0 {
                return Ok(());
            }
        }
        let path = request.split(' ').nth(1).unwrap_or_default();
        let size = path.rsplit('/').next().unwrap_or_default();
        let size: usize = size.parse().map_err(io::Error::other)?;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", size * 1024);
        stream.write_all(head.as_bytes())?;
        for _ in 0..size / 64 {
            stream.write_all(&chunk)?;
        }
    }
}

/// Lets the system count the peak of memory anew, where it can.
fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").ok();
}

/// Returns the peak of memory since then, where the system tells it.
fn peak() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}
