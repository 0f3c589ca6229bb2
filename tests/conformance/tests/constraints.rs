//! Constraints of the document (JSON Schema Validation §6), held by a client that was generated with
//! `--validate`: what breaks one isn't sent.

use accredit_runtime::{ClientOptions, Error, Secret, TokenCache};
use conformance::generated::constraints::{Client, types};
use conformance::{Issuer, Reply, Request, ResourceServer};

async fn world() -> (ResourceServer, Client) {
    let server = ResourceServer::start(|_: Request| std::future::ready(Reply::status(204))).await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(Issuer::default()));
    let client = Client::with_options(connection, options).expect("usable settings");
    (server, client)
}

fn card(number: &str) -> types::Payment {
    types::Card::new("card".to_owned(), number.to_owned()).into()
}

fn line(quantity: i64) -> types::Line {
    types::Line {
        quantity: Some(quantity),
        ..types::Line::default()
    }
}

fn order() -> types::Order {
    types::Order::new(19.99, vec![line(1)], card("1234"))
}

/// Returns what is said of a call that wasn't made, behind the name of its operation.
fn refused(result: Result<(), Error>) -> String {
    let said = result.expect_err("refused").to_string();
    let (_, said) = said.split_once("): ").expect("an operation");
    said.to_owned()
}

#[tokio::test]
async fn what_keeps_to_the_document_is_sent() {
    let (server, client) = world().await;
    let orders = client.default_operations();
    let tags = ["ab".to_owned(), "cd".to_owned()];
    let call = orders.put_order("AB1", &order()).limit(100).tags(&tags);
    call.await.expect("sent");
    orders.note(&types::Note::default()).await.expect("sent");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn every_violation_of_a_body_is_told_with_its_place_and_nothing_is_sent() {
    let (server, client) = world().await;
    let mut order = order();
    order.total = 0.005;
    let mut outer = line(0);
    outer.parts = Some(vec![line(1), line(-1)]);
    order.lines.push(outer);
    order.labels = Some([("a/b".to_owned(), "long".to_owned())].into());
    let said = refused(client.default_operations().put_order("AB1", &order).await);
    assert_eq!(
        said,
        "the request body isn't what the document allows: `/total`: a multiple of 0.01; \
         `/lines/1/quantity`: at least 1; `/lines/1/parts/1/quantity`: at least 1; \
         `/labels/a~1b`: at most 3 characters"
    );
    order.lines.clear();
    let said = refused(client.default_operations().put_order("AB1", &order).await);
    assert!(said.contains("`/lines`: at least 1 element;"), "{said}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn parameters_are_told_by_their_names() {
    let (server, client) = world().await;
    let orders = client.default_operations();
    let order = order();
    let twice = ["ab".to_owned(), "ab".to_owned()];
    let short = ["a".to_owned()];
    for (call, said) in [
        (
            orders.put_order("ab1", &order),
            "the parameter `number` isn't what the document allows: matches `^[A-Z]{2}\\d+$`",
        ),
        (
            orders.put_order("AB1", &order).limit(0),
            "the parameter `limit` isn't what the document allows: at least 1",
        ),
        (
            orders.put_order("AB1", &order).limit(101),
            "the parameter `limit` isn't what the document allows: at most 100",
        ),
        (
            orders.put_order("AB1", &order).tags(&twice),
            "the parameter `tags` isn't what the document allows: no element twice",
        ),
        (
            orders.put_order("AB1", &order).tags(&short),
            "the parameter `tags` isn't what the document allows: `/0`: at least 2 characters",
        ),
    ] {
        assert_eq!(refused(call.await), said);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn of_several_alternatives_that_of_the_discriminator_holds() {
    let (server, client) = world().await;
    let mut order = order();
    order.payment = types::Bank::new("bank".to_owned(), "12345".to_owned()).into();
    let orders = client.default_operations();
    orders.put_order("AB1", &order).await.expect("sent");
    order.payment = card("12345");
    let said = refused(orders.put_order("AB1", &order).await);
    assert!(
        said.ends_with("`/payment/number`: at most 4 characters"),
        "{said}"
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_form_is_checked_and_a_secret_is_never_shown() {
    let (server, client) = world().await;
    let login = types::Login::new(Secret::new("hunter2"));
    let error = client
        .default_operations()
        .pay(&login)
        .await
        .expect_err("refused");
    let shown = format!("{error} {error:?}");
    let said = format!("{shown} {}", refused(Err(error)));
    assert!(
        said.contains("`/password`: at least 8 characters"),
        "{said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
    assert!(server.requests().is_empty());
}
