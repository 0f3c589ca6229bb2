//! All servers with their settings, and where they are.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::authorities;
use crate::authorities::{AssertionKey, Authority, CLIENT_NAME, Identity};
use crate::servers::{free_port, start};

/// With what a form has to encode, and long enough for HMAC (RFC 7518 §3.2).
pub(crate) const SECRET: &str = "s3cr%t+w:th &/=gns that a form must encode";

/// As awkward as an identifier may be.
pub(crate) const AWKWARD_CLIENT: &str = "orders/desk 1 & 50%:+";

/// How long nginx may take to note a request.
const LONGEST_NOTE: Duration = Duration::from_secs(5);

/// The servers, and what clients need to be known to them.
pub(crate) struct World {
    pub(crate) authority: Authority,
    pub(crate) self_signed: Identity,
    pub(crate) assertion_keys: Vec<AssertionKey>,
    ports: Ports,
    /// Takes connections and never answers.
    silent: TcpListener,
    processes: Vec<Child>,
    directory: TempDir,
}

struct Ports {
    issuer: u16,
    api: u16,
    tls: u16,
    mtls: u16,
    strict: u16,
    fault: u16,
    busy: u16,
    other: u16,
    mock: u16,
}

impl World {
    /// Ends the servers.
    pub(crate) async fn end(mut self) -> Result<()> {
        for process in &mut self.processes {
            process.kill().await?;
        }
        Ok(())
    }

    /// Starts all servers, those from npm out of a directory where they are installed.
    pub(crate) async fn start(modules: &Path) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let ports = Ports {
            issuer: free_port().await?,
            api: free_port().await?,
            tls: free_port().await?,
            mtls: free_port().await?,
            strict: free_port().await?,
            fault: free_port().await?,
            busy: free_port().await?,
            other: free_port().await?,
            mock: free_port().await?,
        };
        let silent = TcpListener::bind("127.0.0.1:0").await?;
        let mut world = Self {
            authority: Authority::new()?,
            self_signed: authorities::self_signed()?,
            assertion_keys: authorities::assertion_keys()?,
            ports,
            silent,
            processes: Vec::new(),
            directory,
        };
        let provider = world.start_provider(modules).await?;
        let mock = world.start_mock(modules).await?;
        let nginx = world.start_nginx().await?;
        world.processes = vec![provider, mock, nginx];
        Ok(world)
    }

    async fn start_provider(&self, modules: &Path) -> Result<Child> {
        let settings = json!({
            "issuer": self.issuer(),
            "port": self.ports.issuer,
            "apiPort": self.ports.api,
            "mtlsEndpoint": self.mtls_token_endpoint(),
            "clients": self.clients(),
        });
        let file = self.directory().join("settings.json");
        fs::write(&file, serde_json::to_vec(&settings)?)?;
        let script = installed(modules, "oidc-provider.mjs")?;
        let mut command = Command::new("node");
        command.arg(script).arg(file);
        let log = self.directory().join("oidc-provider.log");
        start(&mut command, &log, self.ports.api).await
    }

    async fn start_mock(&self, modules: &Path) -> Result<Child> {
        let script = installed(modules, "oauth2-mock-server.mjs")?;
        let mut command = Command::new("node");
        command.arg(script).arg(self.ports.mock.to_string());
        let log = self.directory().join("oauth2-mock-server.log");
        start(&mut command, &log, self.ports.mock).await
    }

    async fn start_nginx(&self) -> Result<Child> {
        let directory = self.directory();
        for (name, text) in [
            ("authority.pem", &self.authority.certificate),
            ("server.pem", &self.authority.server.certificate),
            ("server.key", &self.authority.server.key),
        ] {
            fs::write(directory.join(name), text)?;
        }
        let mut conf = include_str!("../servers/nginx.conf").to_owned();
        let words = [
            ("DIRECTORY", directory.display().to_string()),
            ("MTLS_PORT", self.ports.mtls.to_string()),
            ("TLS_PORT", self.ports.tls.to_string()),
            ("STRICT_PORT", self.ports.strict.to_string()),
            ("FAULT_PORT", self.ports.fault.to_string()),
            ("BUSY_PORT", self.ports.busy.to_string()),
            ("OTHER_PORT", self.ports.other.to_string()),
            ("ISSUER_PORT", self.ports.issuer.to_string()),
            ("API_PORT", self.ports.api.to_string()),
            ("SILENT_PORT", self.silent.local_addr()?.port().to_string()),
        ];
        for (word, value) in words {
            conf = conf.replace(word, &value);
        }
        let file = directory.join("nginx.conf");
        fs::write(&file, conf)?;
        let mut command = Command::new("nginx");
        let error_log = directory.join("error.log");
        command.arg("-e").arg(error_log).arg("-c").arg(file);
        let log = directory.join("nginx.log");
        start(&mut command, &log, self.ports.tls).await
    }

    /// Returns the clients that the provider knows.
    fn clients(&self) -> Vec<Value> {
        let secret = |id: &str, method: &str| {
            json!({
                "client_id": id,
                "client_secret": SECRET,
                "token_endpoint_auth_method": method,
                "scope": "orders:read orders:write",
            })
        };
        let mut clients = vec![
            secret(AWKWARD_CLIENT, "client_secret_basic"),
            secret("basic", "client_secret_basic"),
            secret("reader", "client_secret_basic"),
            secret("brief", "client_secret_basic"),
            secret("post", "client_secret_post"),
            secret("jwt", "client_secret_jwt"),
        ];
        clients[2]["scope"] = json!("orders:read");
        let mut bound = secret("dpop", "client_secret_basic");
        bound["dpop_bound_access_tokens"] = json!(true);
        clients.push(bound);
        let mut other_grant = secret("code", "client_secret_basic");
        other_grant["grant_types"] = json!(["authorization_code"]);
        other_grant["response_types"] = json!(["code"]);
        other_grant["redirect_uris"] = json!(["https://client.example/code"]);
        clients.push(other_grant);
        clients.extend(self.assertion_keys.iter().map(|key| {
            json!({
                "client_id": key.algorithm,
                "token_endpoint_auth_method": "private_key_jwt",
                "token_endpoint_auth_signing_alg": key.algorithm,
                "public_key": key.public,
            })
        }));
        clients.push(json!({
            "client_id": "tls",
            "token_endpoint_auth_method": "tls_client_auth",
            "tls_client_auth_san_dns": CLIENT_NAME,
            "tls_client_certificate_bound_access_tokens": true,
        }));
        clients.push(json!({
            "client_id": "self-signed",
            "token_endpoint_auth_method": "self_signed_tls_client_auth",
            "tls_client_certificate_bound_access_tokens": true,
            "certificate": self.self_signed.certificate,
        }));
        clients
    }

    fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn issuer(&self) -> String {
        format!("https://localhost:{}", self.ports.tls)
    }

    pub(crate) fn token_endpoint(&self) -> String {
        format!("http://127.0.0.1:{}/token", self.ports.issuer)
    }

    pub(crate) fn revocation_endpoint(&self) -> String {
        format!("{}/revocation", self.token_endpoint())
    }

    pub(crate) fn api(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.api)
    }

    /// Returns where clients may have a certificate.
    pub(crate) fn mtls(&self) -> String {
        format!("https://localhost:{}", self.ports.mtls)
    }

    pub(crate) fn mtls_token_endpoint(&self) -> String {
        format!("{}/token", self.mtls())
    }

    /// Returns where clients must have a certificate of the authority.
    pub(crate) fn strict(&self) -> String {
        format!("https://localhost:{}", self.ports.strict)
    }

    /// Returns where things go wrong.
    pub(crate) fn faults(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.fault)
    }

    /// Returns how many requests nginx has seen for a path. It notes each after it has answered it, so that as many
    /// as are expected are waited for.
    pub(crate) async fn accesses(&self, path: &str, expected: usize) -> Result<usize> {
        let request = format!(" {path} HTTP/");
        let started = Instant::now();
        loop {
            let log = fs::read_to_string(self.directory().join("access.log"))?;
            let seen = log.lines().filter(|line| line.contains(&request)).count();
            if seen >= expected || started.elapsed() > LONGEST_NOTE {
                return Ok(seen);
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    pub(crate) fn mock(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.mock)
    }
}

/// Puts one of our scripts beside the modules that it imports.
fn installed(modules: &Path, name: &str) -> Result<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("servers")
        .join(name);
    let place = modules.join(name);
    fs::copy(&source, &place).with_context(|| source.display().to_string())?;
    Ok(place)
}
