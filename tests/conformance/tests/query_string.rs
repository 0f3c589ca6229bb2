//! A query as a whole ([OpenAPI 3.2 §4.12.1](https://spec.openapis.org/oas/v3.2.0#parameter-locations)), by a
//! generated client.

use conformance::generated::query_string::{Client, types};
use conformance::{Reply, ResourceServer};

#[tokio::test]
async fn a_query_is_a_form_json_or_text() {
    let server = ResourceServer::start(async |_| Reply::status(204)).await;
    let client = Client::new(Client::connection().base_url(server.origin())).unwrap();
    let search = client.search();
    let mut filter = types::Filter::new("a b&c".to_owned());
    search.by_form(&filter).await.unwrap();
    filter.tags = Some(vec!["x".to_owned(), "y".to_owned()]);
    search.by_form(&filter).await.unwrap();
    search.by_json().await.unwrap();
    let json = search.by_json().filter(&filter).session("k=1 é");
    json.await.unwrap();
    search.by_text("$.a[?@.b]").await.unwrap();
    let requests = server.requests();
    let sent: Vec<_> = requests.iter().map(|it| it.uri.to_string()).collect();
    assert_eq!(
        sent,
        [
            "/by-form?text=a+b%26c",
            "/by-form?text=a+b%26c&tags=x%7Cy",
            "/by-json",
            "/by-json?%7B%22text%22%3A%22a%20b%26c%22%2C%22tags%22%3A%5B%22x%22%2C%22y%22%5D%7D",
            "/by-text?%24.a%5B%3F%40.b%5D",
        ]
    );
    // The style `cookie` encodes nothing.
    assert_eq!(
        requests[3].headers["cookie"].as_bytes(),
        "session=k=1 é".as_bytes()
    );
}
