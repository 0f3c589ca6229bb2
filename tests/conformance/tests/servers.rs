//! Where calls go: servers, their variables, servers of single operations, and what is set in their
//! place, by a generated client.

use accredit_runtime::{Connection, Stage};
use conformance::generated::servers::Client;
use conformance::{Reply, ResourceServer};

const UPLOADS: &str = "https://uploads-{region}.example.com";
const SECURED: &str = "https://uploads.example.com";

async fn accepting() -> ResourceServer {
    ResourceServer::start(async |_| Reply::status(204)).await
}

fn paths(server: &ResourceServer) -> Vec<String> {
    let requests = server.requests();
    let paths = requests.iter().map(|request| request.uri.to_string());
    paths.collect()
}

fn unusable(connection: Connection) -> Vec<String> {
    let error = Client::new(connection).expect_err("unusable settings");
    assert_eq!(error.stage(), Stage::Request);
    let settings = error.settings().expect("an error of settings");
    settings.unusable().map(str::to_owned).collect()
}

#[tokio::test]
async fn an_operation_goes_to_the_server_of_its_own() {
    let [api, uploads] = [accepting().await, accepting().await];
    let connection = Client::connection()
        .base_url(format!("{}/v1", api.origin()))
        .base_url_of(UPLOADS, uploads.origin());
    let client = Client::new(connection).unwrap();
    let operations = client.default_operations();
    operations.list().await.unwrap();
    operations.upload().await.unwrap();
    assert_eq!(paths(&api), ["/v1/items"]);
    assert_eq!(paths(&uploads), ["/items"]);
}

#[tokio::test]
async fn a_base_url_stands_for_all_servers_that_have_none_of_their_own_set() {
    let api = accepting().await;
    let client = Client::new(Client::connection().base_url(api.origin())).unwrap();
    let operations = client.default_operations();
    operations.upload().await.unwrap();
    operations.report().await.unwrap();
    assert_eq!(paths(&api), ["/items", "/reports"]);
}

#[tokio::test]
async fn a_relative_server_resolves_against_the_base_url() {
    let api = accepting().await;
    let connection = Client::connection()
        .base_url(format!("{}/v1", api.origin()))
        .base_url_of("/reporting/v2", "/reporting/v3");
    let client = Client::new(connection).unwrap();
    client.default_operations().report().await.unwrap();
    assert_eq!(paths(&api), ["/reporting/v3/reports"]);
}

#[tokio::test]
async fn a_credential_goes_to_the_servers_of_the_document_too() {
    let [api, uploads] = [accepting().await, accepting().await];
    let connection = Client::connection()
        .base_url(api.origin())
        .base_url_of(SECURED, uploads.origin())
        .api_key("key", "k");
    let client = Client::new(connection).unwrap();
    client.default_operations().upload_secured().await.unwrap();
    assert_eq!(uploads.requests()[0].headers["x-key"], "k");
}

#[test]
fn variables_and_servers_are_settings_that_are_checked() {
    let connection = Client::connection;
    assert!(Client::new(connection()).is_ok());
    assert!(Client::new(connection().variable("region", "us").server(1)).is_ok());
    assert_eq!(
        unusable(connection().server(1).variable("port", "1")),
        ["variables.port"]
    );
    let broken = connection().variable("region", "moon");
    assert_eq!(unusable(broken), ["variables.region"]);
    assert_eq!(unusable(connection().server(2)), ["server"]);
    let unknown = connection().base_url_of("https://other.example.com", "https://a.example.com");
    assert_eq!(unusable(unknown), ["base_urls.https://other.example.com"]);
    let broken = connection().base_url_of(SECURED, "ftp://a.example.com");
    assert_eq!(unusable(broken), ["base_urls.https://uploads.example.com"]);
}
