//! RFC 6749 §4.4, the client credentials grant: what is asked, and how rarely.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use accredit_runtime::testing::{AuthorizationServer, ManualClock, Scripted};
use accredit_runtime::{
    ClientAuthentication, ClientCredentials, ClientCredentialsBuilder, SuspicionPolicy, TokenCache,
};

fn client(server: &AuthorizationServer) -> ClientCredentialsBuilder {
    ClientCredentials::builder(server.token_endpoint(), "client", "s3cret")
        .authentication(ClientAuthentication::Basic)
}

fn cache(server: &AuthorizationServer) -> TokenCache {
    TokenCache::new(client(server).build().expect("a usable client"))
}

fn cache_with_clock(server: &AuthorizationServer, clock: &ManualClock) -> TokenCache {
    let source = client(server).build().expect("a usable client");
    TokenCache::with_options(source, Arc::new(clock.clone()), SuspicionPolicy::appian())
}

async fn server() -> AuthorizationServer {
    AuthorizationServer::start().await.expect("a port")
}

#[tokio::test]
async fn the_request_is_a_form_with_the_scope_and_further_parameters() {
    let server = server().await;
    let source = ClientCredentials::builder(
        format!("{}?tenant=7", server.token_endpoint()),
        "client",
        "s3cret",
    )
    .authentication(ClientAuthentication::Basic)
    .scope(" read  write ")
    .audience("https://api.example.com/&")
    .resource("https://one.example")
    .resource("https://two.example")
    .extra_parameter("empty", "")
    .build()
    .expect("a usable client");
    let token = TokenCache::new(source).token().await.expect("a token");
    assert_eq!(token.scope(), Some("read write"));
    assert_eq!(token.lifetime(), Some(Duration::from_secs(3600)));

    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    assert_eq!(request.target(), "/token?tenant=7");
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    let expected = [
        ("grant_type", "client_credentials"),
        ("scope", "read write"),
        ("audience", "https://api.example.com/&"),
        ("resource", "https://one.example"),
        ("resource", "https://two.example"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(request.parameters(), expected);
}

#[tokio::test]
async fn ten_thousand_callers_with_no_token_make_one_request() {
    let server = server().await;
    let cache = cache(&server);
    let callers: Vec<_> = (0..10_000)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.token().await })
        })
        .collect();
    for caller in callers {
        let token = caller.await.expect("no panic").expect("a token");
        assert_eq!(token.generation(), 1);
    }
    assert_eq!(server.token_requests(), 1);
}

#[tokio::test]
async fn ten_thousand_callers_with_an_expired_token_make_one_request() {
    let clock = ManualClock::new();
    let server = AuthorizationServer::start_with_clock(Arc::new(clock.clone()))
        .await
        .expect("a port");
    let cache = cache_with_clock(&server, &clock);
    let old = cache.token().await.expect("a token");
    clock.advance(Duration::from_secs(3601));
    assert!(!server.accepts(old.header().to_str().expect("ASCII")));
    let callers: Vec<_> = (0..10_000)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.token().await })
        })
        .collect();
    for caller in callers {
        let token = caller.await.expect("no panic").expect("a token");
        assert!(server.accepts(token.header().to_str().expect("ASCII")));
    }
    assert_eq!(server.token_requests(), 2);
}

#[tokio::test]
async fn ten_thousand_callers_share_one_refusal() {
    let server = server().await;
    server.script([Scripted::error("invalid_scope")]);
    let cache = cache(&server);
    let callers: Vec<_> = (0..10_000)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.token().await })
        })
        .collect();
    for caller in callers {
        let error = caller.await.expect("no panic").expect_err("a refusal");
        assert_eq!(error.code(), Some("invalid_scope"));
    }
    assert_eq!(server.token_requests(), 1);
}

#[tokio::test]
async fn a_caller_that_goes_away_at_any_point_harms_nobody() {
    for polls in 1..40 {
        let server = server().await;
        let cache = cache(&server);
        {
            let mut leader = Box::pin(cache.token());
            for _ in 0..polls {
                let is_done =
                    poll_fn(|context| Poll::Ready(leader.as_mut().poll(context).is_ready())).await;
                if is_done {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        let follower = cache.token().await.expect("a token");
        assert_eq!(follower.generation(), 1);
        assert_eq!(server.token_requests(), 1, "dropped after {polls} polls");
    }
}

#[tokio::test]
async fn short_lifetimes_do_not_cost_one_request_per_call() {
    for lifetime in [1, 5, 30, 60, 300] {
        let clock = ManualClock::new();
        let server = AuthorizationServer::start_with_clock(Arc::new(clock.clone()))
            .await
            .expect("a port");
        server.set_lifetime(Some(Duration::from_secs(lifetime)));
        let cache = cache_with_clock(&server, &clock);
        // Ten lives with fifty calls each.
        for _ in 0..500 {
            let token = cache.token().await.expect("a token");
            assert!(server.accepts(token.header().to_str().expect("ASCII")));
            clock.advance(Duration::from_secs(lifetime) / 50);
        }
        let requests = server.token_requests();
        assert!((8..=15).contains(&requests), "{lifetime} s: {requests}");
    }
}

#[test]
fn a_cache_outlives_the_runtime_that_it_was_used_in() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
    };
    let serving = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let server = serving.block_on(server());
    server.set_lifetime(Some(Duration::ZERO));
    let cache = cache(&server);

    // The first runtime is dropped while a request is under way.
    server.script([Scripted::hang()]);
    let first = runtime();
    first.block_on(async {
        let mut call = Box::pin(cache.token());
        while server.token_requests() == 0 {
            let _ = poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_ready())).await;
            tokio::task::yield_now().await;
        }
    });
    drop(first);
    let token = runtime().block_on(cache.token()).expect("a token");
    assert_eq!(token.generation(), 1);
    assert_eq!(server.token_requests(), 2);
}
