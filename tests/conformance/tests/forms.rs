//! Forms whose properties have encodings of their own, by a generated client.

use accredit_runtime::{ClientOptions, TokenCache};
use conformance::generated::forms::operations::RechargeBody;
use conformance::generated::forms::{Client, types};
use conformance::{Issuer, Reply, ResourceServer};

#[tokio::test]
async fn a_property_is_written_as_the_document_says() {
    let server = ResourceServer::start(|_| std::future::ready(Reply::status(204))).await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(Issuer::default()));
    let client = Client::with_options(connection, options).expect("usable settings");
    let card = types::ChargeCard {
        number: Some("4 2".to_owned()),
        year: Some(2030),
    };
    let charge = types::Charge {
        card: Some(card),
        ids: Some(vec![1, 2]),
        tags: Some(vec!["a".to_owned(), "é".to_owned()]),
        note: Some("a b".to_owned()),
        scan: None,
        path: Some("/x?y".to_owned()),
    };
    client.charges().charge(&charge).await.unwrap();
    let form = RechargeBody::Form(&charge);
    client.charges().recharge().body(form).await.unwrap();
    let bodies: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| String::from_utf8(request.body.to_vec()).expect("ASCII"))
        .collect();
    assert_eq!(
        bodies,
        [
            "card%5Bnumber%5D=4%202&card%5Byear%5D=2030&ids=1,2&tags=%5B%22a%22%2C%22%C3%A9%22%5D\
             &note=a+b&path=/x?y",
            "card=%7B%22number%22%3A%224+2%22%2C%22year%22%3A2030%7D&ids=1%7C2&tags=a&tags=%C3%A9\
             &note=a+b&path=%2Fx%3Fy",
        ]
    );
}
