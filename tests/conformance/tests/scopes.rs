//! Scopes of operations: what is asked for, and by how many token requests.

use accredit_runtime::testing::{AuthorizationServer, Scripted};
use accredit_runtime::{
    Call, ClientCore, ClientOptions, Connection, Method, Operation, Requirement, ScopePolicy,
    Stage, decode,
};
use conformance::{API, Reply, ResourceServer};

static READ: Operation = Operation::new("read", Method::GET, "/orders")
    .security(&[Requirement::new(&[(0, &["orders:read"])])]);
static WRITE: Operation = Operation::new("write", Method::PUT, "/orders")
    .security(&[Requirement::new(&[(0, &["orders:read", "orders:write"])])]);
static WRITE_TOO: Operation = Operation::new("writeToo", Method::PUT, "/orders/1")
    .security(&[Requirement::new(&[(0, &["orders:write", "orders:read"])])]);
static BARE: Operation =
    Operation::new("bare", Method::GET, "/orders/2").security(&[Requirement::new(&[(0, &[])])]);
/// As documents of 3GPP have it.
static NF: Operation = Operation::new("GetNFInstance", Method::GET, "/nf-instances").security(&[
    Requirement::new(&[]),
    Requirement::new(&[(0, &[])]),
    Requirement::new(&[(0, &["nnrf-nfm"])]),
    Requirement::new(&[(0, &["nnrf-nfm", "nnrf-nfm:nf-instances:read"])]),
]);

struct Scene {
    authorization: AuthorizationServer,
    api: ResourceServer,
    client: ClientCore,
}

async fn scene(options: ClientOptions, set: impl FnOnce(Connection) -> Connection) -> Scene {
    let authorization = AuthorizationServer::start().await.expect("a port");
    let api = ResourceServer::start(|_| async { Reply::status(200) }).await;
    let connection = Connection::new(&API)
        .client_id("client")
        .client_secret("s3cret")
        .base_url(api.origin())
        .token_endpoint(authorization.token_endpoint());
    let client = ClientCore::new(set(connection), options).expect("usable settings");
    Scene {
        authorization,
        api,
        client,
    }
}

impl Scene {
    async fn call(&self, operations: &[&'static Operation]) {
        for operation in operations {
            Call::new(&self.client, operation, decode::nothing)
                .await
                .expect("success");
        }
    }

    /// Returns the scope of each token request.
    fn asked(&self) -> Vec<Option<String>> {
        let requests = self.authorization.requests();
        let scope = |name: &accredit_runtime::testing::TokenRequest| {
            name.parameter("scope").map(str::to_owned)
        };
        requests.iter().map(scope).collect()
    }
}

fn scopes<const N: usize>(scopes: [&str; N]) -> Vec<Option<String>> {
    scopes
        .map(|scope| (!scope.is_empty()).then(|| scope.to_owned()))
        .into()
}

#[tokio::test]
async fn each_set_of_scopes_costs_one_token_request() {
    let scene = scene(ClientOptions::new(), |connection| connection).await;
    for _ in 0..10 {
        scene.call(&[&READ, &WRITE, &WRITE_TOO, &BARE]).await;
    }
    assert_eq!(
        scene.asked(),
        scopes(["orders:read", "orders:read orders:write", ""])
    );
    let tokens: Vec<_> = scene.api.requests()[..4]
        .iter()
        .map(|request| request.authorization().map(str::to_owned))
        .collect();
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(tokens[1], tokens[2]);
}

#[tokio::test]
async fn the_scope_setting_stands_for_all_operations() {
    let scene = scene(ClientOptions::new(), |connection| connection.scope("all")).await;
    scene.call(&[&READ, &WRITE, &BARE, &NF]).await;
    assert_eq!(scene.asked(), scopes(["all"]));
}

#[tokio::test]
async fn a_scope_among_the_extra_parameters_is_a_scope_setting() {
    let set = |connection: Connection| connection.extra_parameter("scope", "all");
    let scene = scene(ClientOptions::new(), set).await;
    scene.call(&[&READ, &WRITE]).await;
    assert_eq!(scene.asked(), scopes(["all"]));
}

#[tokio::test]
async fn a_union_is_one_token_that_grows() {
    let options = ClientOptions::new().scopes(ScopePolicy::Union);
    let scene = scene(options, |connection| connection).await;
    for _ in 0..10 {
        scene.call(&[&READ, &WRITE, &WRITE_TOO]).await;
    }
    assert_eq!(
        scene.asked(),
        scopes(["orders:read", "orders:read orders:write"])
    );
}

#[tokio::test]
async fn the_server_can_be_left_to_decide() {
    let options = ClientOptions::new().scopes(ScopePolicy::ServerDefault);
    let scene = scene(options, |connection| connection).await;
    scene.call(&[&READ, &WRITE, &NF]).await;
    assert_eq!(scene.asked(), scopes([""]));
}

#[tokio::test]
async fn of_alternatives_the_first_that_names_scopes_is_asked_for() {
    let scene = scene(ClientOptions::new(), |connection| connection).await;
    scene.call(&[&NF, &NF]).await;
    assert_eq!(scene.asked(), scopes(["nnrf-nfm"]));
}

#[tokio::test]
async fn a_scope_that_is_refused_fails_only_the_operations_that_need_it() {
    let scene = scene(ClientOptions::new(), |connection| connection).await;
    scene
        .authorization
        .script([Scripted::error("invalid_scope")]);
    for _ in 0..3 {
        let error = Call::new(&scene.client, &WRITE, decode::nothing)
            .await
            .expect_err("a refusal");
        assert_eq!(error.stage(), Stage::Token);
    }
    scene.call(&[&READ]).await;
    assert_eq!(
        scene.asked(),
        scopes(["orders:read orders:write", "orders:read"])
    );
}

#[tokio::test]
async fn a_thousand_callers_of_two_operations_make_two_token_requests() {
    let scene = scene(ClientOptions::new(), |connection| connection).await;
    let calls = (0..1000).map(|index| {
        let operation = if index % 2 == 0 { &READ } else { &WRITE };
        let call = Call::new(&scene.client, operation, decode::nothing);
        async move { call.await.expect("success") }
    });
    futures_util::future::join_all(calls).await;
    assert_eq!(scene.asked().len(), 2);
}
