//! RFC 6749 §10.3: neither the client secret nor a token is seen in `Debug`, `Display`, sources or
//! traces.

use std::error::Error;
use std::fmt::{Debug, Write as _};
use std::time::Duration;

use accredit_runtime::testing::{AuthorizationServer, Scripted};
use accredit_runtime::{
    Api, ClientAuthentication, ClientCredentials, Connection, SecurityScheme, TokenCache,
};
use conformance::Log;

static API: Api = Api::new("orders", "ACCREDIT_TEST_MASKING", "orders/1")
    .schemes(&[SecurityScheme::client_credentials("o", Some("/token"))]);

/// Prints a value in every way there is.
fn print(seen: &mut String, value: &dyn Debug) {
    write!(seen, "{value:?} {value:#?}").expect("a string to write to");
}

fn print_error(seen: &mut String, error: &dyn Error) {
    let mut next = Some(error);
    while let Some(error) = next {
        write!(seen, "{error} {error:?} {error:#?}").expect("a string to write to");
        next = error.source();
    }
}

// One test: the subscriber is the process's.
#[tokio::test]
async fn no_secret_is_ever_seen() {
    let log = Log::start();
    let mut seen = String::new();

    let echo = r#"{"error":"invalid_client","error_description":"s3cret+/ or s3cret%2B%2F"}"#;
    for authentication in [
        ClientAuthentication::Automatic,
        ClientAuthentication::Basic,
        ClientAuthentication::Post,
    ] {
        for answer in [
            Scripted::token(),
            Scripted::json(
                200,
                r#"{"access_token":"access-token-0","token_type":"mac"}"#,
            ),
            Scripted::json(200, r#"{"access_token":"access-token-0\n"}"#),
            Scripted::json(200, r#"{"access_token":"access-token-0"#),
            Scripted::json(401, echo),
            Scripted::body(500, "text/plain", "s3cret+/"),
            Scripted::reset(),
            Scripted::redirect(307, "https://example.com/?s3cret"),
            Scripted::hang(),
        ] {
            let server = AuthorizationServer::start().await.expect("a port");
            server.script(vec![answer; 3]);
            let url = format!("{}?key=s3cret", server.token_endpoint());
            let builder = ClientCredentials::builder(url, "client", "s3cret+/")
                .authentication(authentication)
                .extra_parameter("key", "s3cret")
                .revocation_endpoint(format!("{}?key=s3cret", server.revocation_endpoint()))
                .timeout(Duration::from_millis(50));
            print(&mut seen, &builder);
            let source = builder.build().expect("a usable client");
            print(&mut seen, &source);
            let cache = TokenCache::new(source);
            match cache.token().await {
                Ok(token) => print(&mut seen, &(&token, token.header())),
                Err(error) => print_error(&mut seen, &error),
            }
            if let Err(error) = cache.revoke().await {
                print_error(&mut seen, &error);
            }
            print(&mut seen, &cache);
            print(&mut seen, &server);
            print(&mut seen, &server.requests());
        }
    }
    let connection = Connection::new(&API)
        .client_id("client")
        .client_secret("s3cret")
        .extra_parameter("key", "s3cret");
    print(&mut seen, &connection);
    let imported = connection.import("client_secret = \"s3cret\"");
    print_error(&mut seen, &imported.expect_err("a sensitive value"));

    let traced = log.text();
    assert!(traced.contains("otel.name=\"token\""), "{traced}");
    assert!(traced.contains("http.response.status_code=401"), "{traced}");
    assert!(traced.contains("error.type=\"unanswered\""), "{traced}");
    assert!(traced.contains("access token fetched"), "nothing is traced");
    for secret in ["s3cret", "access-token-"] {
        for text in [&seen, &traced] {
            let place = text.find(secret).map(|at| {
                let end = text.len().min(at + 80);
                text.get(at.saturating_sub(200)..end)
            });
            assert_eq!(place, None, "`{secret}` is seen");
        }
    }
}
