//! Schemes whose credential is a setting: API keys, HTTP Basic, bearer tokens, and tokens of the
//! caller's, by a generated client.

use std::sync::Arc;

use accredit_runtime::{ClientOptions, Connection, Replay, Stage, TokenCache};
use conformance::generated::security_schemes::Client;
use conformance::{Issuer, Reply, Request, ResourceServer};

fn client(server: &ResourceServer, set: impl FnOnce(Connection) -> Connection) -> Client {
    let connection = Client::connection().base_url(server.origin());
    Client::new(set(connection)).expect("usable settings")
}

async fn accepting() -> ResourceServer {
    ResourceServer::start(async |_| Reply::status(204)).await
}

fn last(server: &ResourceServer) -> Request {
    server.requests().pop().expect("a request")
}

#[tokio::test]
async fn a_key_goes_where_the_document_says() {
    let server = accepting().await;
    let client = client(&server, |connection| {
        connection
            .api_key("ApiKey", "k 1")
            .api_key("queryKey", "k&2")
            .api_key("session", "k3=")
    });
    let operations = client.default_operations();
    operations.by_header().await.unwrap();
    assert_eq!(last(&server).headers["x-api-key"], "k 1");
    operations.by_query().await.unwrap();
    assert_eq!(last(&server).uri, "/query?key=k%262");
    operations.by_query().limit(5).await.unwrap();
    assert_eq!(last(&server).uri, "/query?limit=5&key=k%262");
    operations.by_cookie().await.unwrap();
    assert_eq!(last(&server).headers["cookie"], "SESSION=k3=");
    operations.by_cookie().theme("dark").await.unwrap();
    assert_eq!(last(&server).headers["cookie"], "theme=dark; SESSION=k3=");
    let headers = [("authorization", 0), ("x-api-key", 1)];
    for (name, count) in headers {
        let with = server.requests();
        let with = with
            .iter()
            .filter(|request| request.headers.contains_key(name));
        assert_eq!(with.count(), count, "{name}");
    }
}

#[tokio::test]
async fn a_name_and_a_password_or_a_token_go_into_authorization() {
    let server = accepting().await;
    let client = client(&server, |connection| {
        connection
            .basic("basicAuth", "Aladdin", "open sesame")
            .bearer_token("bearer", "t1")
            .bearer_token("user", "t2")
    });
    let operations = client.default_operations();
    operations.by_basic().await.unwrap();
    operations.by_bearer().await.unwrap();
    operations.by_token().await.unwrap();
    let requests = server.requests();
    let sent: Vec<_> = requests.iter().filter_map(Request::authorization).collect();
    let basic = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    assert_eq!(sent, [basic, "Bearer t1", "Bearer t2"]);
}

#[tokio::test]
async fn of_alternatives_the_first_that_is_configured_counts() {
    let server = accepting().await;
    let both = client(&server, |connection| {
        connection
            .api_key("ApiKey", "k")
            .bearer_token("bearer", "t")
            .basic("basicAuth", "u", "p")
    });
    both.default_operations().by_both().await.unwrap();
    let request = last(&server);
    assert_eq!(request.headers["x-api-key"], "k");
    assert_eq!(request.authorization(), Some("Bearer t"));

    let half = client(&server, |connection| {
        connection
            .api_key("ApiKey", "k")
            .basic("basicAuth", "u", "p")
    });
    half.default_operations().by_both().await.unwrap();
    let request = last(&server);
    assert!(!request.headers.contains_key("x-api-key"));
    assert_eq!(request.authorization(), Some("Basic dTpw"));

    half.default_operations().optionally().await.unwrap();
    assert_eq!(last(&server).headers["x-api-key"], "k");
    let none = client(&server, |connection| connection);
    none.default_operations().optionally().await.unwrap();
    assert!(!last(&server).headers.contains_key("x-api-key"));
}

#[tokio::test]
async fn a_call_whose_requirement_is_not_met_is_not_sent_and_the_error_says_what_would_do() {
    let server = accepting().await;
    let client = client(&server, |connection| connection.api_key("ApiKey", "k"));
    let operations = client.default_operations();
    let error = operations.by_both().await.unwrap_err();
    assert_eq!(error.stage(), Stage::Request);
    assert_eq!(
        error.to_string(),
        "byBoth (GET /both): the call needs `bearer` and `ApiKey`, or `basicAuth`: set the token of \
         `bearer` (SCHEMES_BEARER); the key of `ApiKey` (SCHEMES_API_KEY); the user name and the \
         password of `basicAuth` (SCHEMES_BASIC_AUTH_USERNAME, SCHEMES_BASIC_AUTH_PASSWORD)"
    );
    assert!(operations.by_token().await.is_err());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_certificate_is_met_by_a_setting_or_by_the_callers_own_http_client() {
    let server = accepting().await;
    let without = client(&server, |connection| connection.bearer_token("bearer", "t"));
    let error = without.default_operations().by_certificate().await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("SCHEMES_CLIENT_CERTIFICATE_FILE"), "{error}");
    assert!(server.requests().is_empty());

    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::default()
        .self_signed(&key)
        .unwrap();
    let pem = format!("{}{}", certificate.pem(), key.serialize_pem());
    let with = client(&server, |connection| {
        connection
            .bearer_token("bearer", "t")
            .client_certificate(pem)
    });
    with.default_operations().by_certificate().await.unwrap();
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().http_client(reqwest::Client::new());
    let own = Client::with_options(connection.bearer_token("bearer", "t"), options).unwrap();
    own.default_operations().by_certificate().await.unwrap();
    for request in server.requests() {
        assert_eq!(request.authorization(), Some("Bearer t"));
    }
}

#[tokio::test]
async fn openid_connect_takes_a_token_and_digest_a_header_of_the_callers() {
    let server = accepting().await;
    let client = client(&server, |connection| connection.bearer_token("login", "t"));
    let operations = client.default_operations();
    operations.by_login().await.unwrap();
    assert_eq!(last(&server).authorization(), Some("Bearer t"));
    let error = operations.by_digest().await.unwrap_err();
    assert_eq!(error.stage(), Stage::Request);
    let answered = "Digest username=\"u\"";
    let call = operations.by_digest().header("Authorization", answered);
    call.await.unwrap();
    assert_eq!(last(&server).authorization(), Some(answered));
}

#[tokio::test]
async fn what_the_caller_puts_into_a_request_is_not_replaced() {
    let server = accepting().await;
    let client = client(&server, |connection| {
        connection
            .api_key("ApiKey", "k")
            .bearer_token("bearer", "t")
    });
    let operations = client.default_operations();
    operations
        .by_header()
        .header("X-Api-Key", "mine")
        .await
        .unwrap();
    assert_eq!(last(&server).headers.get_all("x-api-key").iter().count(), 1);
    assert_eq!(last(&server).headers["x-api-key"], "mine");
    operations
        .by_both()
        .header("Authorization", "Basic eDp5")
        .await
        .unwrap();
    assert_eq!(last(&server).headers["x-api-key"], "k");
    assert_eq!(last(&server).authorization(), Some("Basic eDp5"));
    operations.by_query().query("key", "mine").await.unwrap();
    assert_eq!(last(&server).uri, "/query?key=mine");
}

#[tokio::test]
async fn a_source_of_the_callers_gives_the_tokens_of_other_flows() {
    let issuer = Issuer::default();
    let known = issuer.clone();
    let server = ResourceServer::start(move |request| {
        let status = if known.accepts(&request) { 204 } else { 401 };
        std::future::ready(Reply::status(status))
    })
    .await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(issuer.clone()));
    let client = Client::with_options(connection, options).unwrap();
    client.default_operations().by_token().await.unwrap();
    issuer.revoke();
    let response = client.default_operations().by_token().send().await.unwrap();
    assert!(matches!(response.replay(), Replay::Done));
    assert_eq!(issuer.requests(), 2);
}

#[tokio::test]
async fn a_key_goes_to_no_other_origin() {
    for status in [301, 302, 303, 307, 308] {
        let other = accepting().await;
        let target: Arc<str> = format!("{}/elsewhere", other.origin()).into();
        let server = ResourceServer::start(move |_| {
            std::future::ready(Reply::status(status).header("location", &target))
        })
        .await;
        let client = client(&server, |connection| {
            connection
                .api_key("ApiKey", "s3cret")
                .api_key("queryKey", "s3cret")
                .api_key("session", "s3cret")
        });
        let operations = client.default_operations();
        operations.by_header().await.unwrap();
        operations.by_query().await.unwrap();
        operations.by_cookie().await.unwrap();
        let arrived = other.requests();
        assert_eq!(arrived.len(), 3);
        for request in arrived {
            assert_eq!(request.uri, "/elsewhere");
            for name in ["x-api-key", "cookie", "authorization"] {
                assert!(!request.headers.contains_key(name), "{name} {status}");
            }
        }
        let error = operations.by_header().base_url(other.origin()).await;
        assert_eq!(error.unwrap_err().stage(), Stage::Request);
    }
    let clear = Client::connection()
        .base_url("http://api.example.com")
        .api_key("ApiKey", "s3cret");
    let client = Client::new(clear).unwrap();
    let error = client.default_operations().by_header().await.unwrap_err();
    assert!(error.to_string().contains("https"), "{error}");
}

#[tokio::test]
async fn a_setting_that_fits_no_scheme_is_an_error_without_its_value() {
    let broken = Client::connection()
        .api_key("apikey", "s3cret")
        .api_key("bearer", "s3cret")
        .basic("basicAuth", "a:b", "s3cret")
        .bearer_token("user", "s3cret\n");
    let seen = format!("{broken:?}");
    let error = Client::new(broken).unwrap_err();
    let mut unusable: Vec<_> = error.settings().unwrap().unusable().collect();
    unusable.sort_unstable();
    assert_eq!(
        unusable,
        [
            "schemes.apikey",
            "schemes.basicAuth",
            "schemes.bearer",
            "schemes.user"
        ]
    );
    assert!(!format!("{seen} {error} {error:?}").contains("s3cret"));
}
