//! RFC 8705: clients that are known by their certificate, over real TLS.

use std::sync::{Arc, Mutex, PoisonError};

use accredit_runtime::{
    Call, ClientAuthentication, ClientCore, ClientCredentials, ClientOptions, Connection,
    Credential, Method, Operation, Requirement, TokenSource, decode,
};
use bytes::Bytes;
use conformance::API;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls_pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

static ORDERS: Operation =
    Operation::new("orders.get", Method::GET, "/orders").security(&[Requirement::new(&[(0, &[])])]);

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut parameters = CertificateParams::new(Vec::new()).expect("parameters");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(parameters, key).expect("a certificate")
}

fn issued(authority: &Authority, name: &str) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().expect("a key");
    let parameters = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    let certificate = parameters
        .signed_by(&key, authority)
        .expect("a certificate");
    (certificate, key)
}

/// Returns a client's certificate and key, as a connection takes them.
fn client_certificate(authority: &Authority) -> String {
    let (certificate, key) = issued(authority, "client.example");
    format!("{}{}", certificate.pem(), key.serialize_pem())
}

/// What a request looked like: its path, its body and whether there was a client certificate.
type Seen = (String, String, bool);

/// A server of HTTPS that issues tokens and serves calls.
struct Server {
    origin: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Starts a server with a certificate of the authority; clients may have one of it too.
    async fn start(authority: &Authority) -> Self {
        let (certificate, key) = issued(authority, "localhost");
        let mut roots = RootCertStore::empty();
        roots.add(authority.der().clone()).expect("a root");
        // Named, since a build of the whole workspace has more than one provider.
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider))
                .allow_unauthenticated()
                .build()
                .expect("a verifier");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("protocol versions")
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a configuration");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, acceptor.clone(), Arc::clone(&log)));
            }
        });
        Self {
            origin: format!("https://localhost:{port}"),
            seen,
        }
    }

    fn seen(&self) -> Vec<Seen> {
        let seen = self.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn connection(&self, authority: &Authority) -> Connection {
        Connection::new(&API)
            .client_id("client")
            .base_url(&self.origin)
            .root_certificate(authority.pem())
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, seen: Arc<Mutex<Vec<Seen>>>) {
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let has_certificate = stream.get_ref().1.peer_certificates().is_some();
    let service = service_fn(move |request: Request<Incoming>| {
        let seen = Arc::clone(&seen);
        async move {
            let path = request.uri().path().to_owned();
            let host = request.headers()["host"]
                .to_str()
                .expect("a host")
                .to_owned();
            let body = request.into_body().collect().await?.to_bytes();
            let body = String::from_utf8_lossy(&body).into_owned();
            let answer = match path.as_str() {
                "/.well-known/oauth-authorization-server" => format!(
                    r#"{{"issuer":"https://{host}","token_endpoint":"https://{host}/token",
                        "mtls_endpoint_aliases":{{"token_endpoint":"https://{host}/mtls"}}}}"#
                ),
                "/token" | "/mtls" => r#"{"access_token":"t","token_type":"Bearer"}"#.to_owned(),
                _ => String::new(),
            };
            seen.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((path, body, has_certificate));
            Ok::<_, hyper::Error>(Response::new(Full::new(Bytes::from(answer))))
        }
    });
    // A connection that breaks is its client's to notice.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

#[tokio::test]
async fn a_certificate_is_shown_at_the_token_endpoint_and_at_the_api() {
    let authority = authority();
    let server = Server::start(&authority).await;
    let connection = server
        .connection(&authority)
        .client_certificate(client_certificate(&authority))
        .client_authentication(ClientAuthentication::TlsClientAuth);
    let client = ClientCore::new(connection, ClientOptions::new()).expect("a client");
    for _ in 0..3 {
        Call::new(&client, &ORDERS, decode::nothing)
            .await
            .expect("success");
    }
    let form = "grant_type=client_credentials&client_id=client";
    let call = ("/orders".to_owned(), String::new(), true);
    assert_eq!(
        server.seen(),
        [
            ("/token".to_owned(), form.to_owned(), true),
            call.clone(),
            call.clone(),
            call
        ]
    );
}

#[tokio::test]
async fn a_client_with_a_certificate_prefers_the_endpoints_that_are_for_it() {
    let authority = authority();
    let server = Server::start(&authority).await;
    for (certificate, endpoint) in [
        (Some(client_certificate(&authority)), "/mtls"),
        (None, "/token"),
    ] {
        let secret = Credential::Secret("s3cret".into());
        let mut source = ClientCredentials::discover(&server.origin, "client", secret)
            .root_certificate(authority.pem());
        if let Some(certificate) = certificate {
            source = source.client_certificate(certificate);
        }
        source
            .build()
            .expect("a client")
            .issue()
            .await
            .expect("a token");
        let paths = server.seen();
        assert_eq!(paths.last().map(|(path, ..)| path.as_str()), Some(endpoint));
    }
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_gets_no_credentials() {
    let (authority, other) = (authority(), authority());
    let server = Server::start(&authority).await;
    let source = |root: &Authority| {
        ClientCredentials::builder(format!("{}/token", server.origin), "client", "s3cret")
            .root_certificate(root.pem())
            .build()
            .expect("a client")
    };
    source(&other).issue().await.expect_err("an unknown server");
    assert_eq!(server.seen().len(), 0);
    source(&authority).issue().await.expect("a token");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn what_is_no_certificate_is_named_before_a_request_is_made() {
    let connection = Connection::new(&API)
        .client_id("client")
        .base_url("https://api.example.com")
        .client_certificate("s3cret");
    let error = ClientCore::new(connection, ClientOptions::new()).expect_err("no certificate");
    assert!(error.settings().is_some());
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}
