//! Bodies of XML, by a generated client.

use accredit_runtime::{ClientOptions, Stage, TokenCache};
use conformance::generated::xml::operations::{
    ChangeParcelBody, CreateOrderError, GetParcelError, ListOrdersResponse, ShipBody,
};
use conformance::generated::xml::{Client, types};
use conformance::{Issuer, Reply, ResourceServer};

async fn world(media_type: &'static str, answer: &'static str) -> (ResourceServer, Client) {
    let server = ResourceServer::start(move |_| {
        let status = if media_type.contains("problem") {
            400
        } else {
            201
        };
        std::future::ready(Reply::status(status).body(media_type, answer))
    })
    .await;
    let client = client(&server);
    (server, client)
}

fn client(server: &ResourceServer) -> Client {
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(Issuer::default()));
    Client::with_options(connection, options).expect("usable settings")
}

/// An order with something at every kind of place, and its text.
fn order() -> (types::Order, &'static str) {
    let mut line = types::Line::new("a<1>".to_owned());
    line.lang = Some("de".to_owned());
    line.description = Some("2 > 1 ]]> & so on".to_owned());
    let person = types::Person {
        family: "Ñandú & Co".to_owned(),
    };
    let mut order = types::Order::new(
        7,
        types::OrderState::Open,
        "2026-01-02T03:04:05Z".into(),
        vec![line, types::Line::new("2".to_owned())],
    );
    order.express = Some(true);
    order.note = Some(None);
    order.tags = Some(vec!["x".to_owned(), String::new()]);
    order.weights = Some(vec![1.5, 2.0]);
    order.buyer = Some(types::Buyer::Person(person));
    order.labels = Some([("colour".to_owned(), "red".to_owned())].into());
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
        <o:order xmlns:o=\"https://example.com/orders\" id=\"7\">\
        <o:State>open</o:State><placed>2026-01-02T03:04:05Z</placed><express>true</express>\
        <note xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"></note>\
        <line article=\"a&lt;1&gt;\" xml:lang=\"de\"><![CDATA[2 > 1 ]]]]><![CDATA[> & so on]]></line>\
        <line article=\"2\"></line>\
        <Tags><Tag>x</Tag><Tag></Tag></Tags>\
        <weights><weights>1.5</weights><weights>2.0</weights></weights>\
        <buyer><kind>person</kind><family>Ñandú &amp; Co</family></buyer>\
        <labels><colour>red</colour></labels>\
        </o:order>";
    (order, text)
}

#[tokio::test]
async fn a_body_goes_out_under_the_names_of_the_document_and_comes_back_the_same() {
    let (order, text) = order();
    let (server, client) = world("application/xml", text).await;
    let answer = client.orders().create_order(&order).await.unwrap();
    let request = server.requests().remove(0);
    assert_eq!(request.headers["content-type"], "application/xml");
    assert_eq!(
        request.headers["accept"],
        "application/xml, application/problem+xml"
    );
    assert_eq!(String::from_utf8_lossy(&request.body), text);
    assert_eq!(answer, order);
}

#[tokio::test]
async fn an_answer_is_read_whatever_its_prefixes_order_and_further_elements() {
    let (_server, client) = world(
        "application/xml; charset=utf-8",
        "\u{feff}<?xml version='1.0'?>\n<!-- an order -->\n\
         <order xmlns='https://example.com/orders' id=' 8 ' vendor='x'>\n\
         <vendor><line article='no'/></vendor>\n\
         <line article='1'>a&#x2d;b<!-- c --><![CDATA[<d>]]></line>\n\
         <p:placed xmlns:p='urn:p'>2026-01-02T03:04:05Z</p:placed>\n\
         <line article='2'/><State>new&quot;</State>\n\
         <express> 0 </express><weights/>\n\
         <parent id='9'><State>open</State><placed>2025-01-02T03:04:05Z</placed></parent>\n\
         </order>\n",
    )
    .await;
    let (order, _) = order();
    let answer = client.orders().create_order(&order).await.unwrap();
    assert_eq!(answer.id, 8);
    assert_eq!(answer.lines.len(), 2);
    assert_eq!(answer.lines[0].description.as_deref(), Some("a-b<d>"));
    assert_eq!(answer.state, types::OrderState::Unknown("new\"".to_owned()));
    assert_eq!(answer.express, Some(false));
    assert_eq!(answer.weights, Some(vec![]));
    assert_eq!(answer.tags, None);
    assert!(
        answer.parent.is_none(),
        "its element is named as the document says"
    );
}

#[tokio::test]
async fn a_failure_is_read_by_its_own_media_type() {
    let (_server, client) = world(
        "application/problem+xml",
        "<problem xmlns='urn:ietf:rfc:7807'><title>No</title><status>400</status></problem>",
    )
    .await;
    let (order, _) = order();
    let error = client.orders().create_order(&order).await.unwrap_err();
    let Some(Ok(CreateOrderError::BadRequest(problem))) = error.body() else {
        panic!("a problem: {error}");
    };
    assert_eq!((problem.title.as_str(), problem.status), ("No", Some(400)));
}

#[tokio::test]
async fn one_notation_of_several_is_chosen_by_the_caller_and_by_the_answer() {
    let server = ResourceServer::start(|request| {
        std::future::ready(if request.body.is_empty() {
            let orders = "<orders><o:order xmlns:o='https://example.com/orders' id='1'>\
                <o:State>open</o:State><placed>2026-01-02T03:04:05Z</placed></o:order></orders>";
            Reply::status(200).body("text/xml", orders)
        } else {
            Reply::status(204)
        })
    })
    .await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(Issuer::default()));
    let client = Client::with_options(connection, options).expect("usable settings");
    let answer = client.orders().list_orders().await.unwrap();
    assert!(matches!(answer, ListOrdersResponse::OkXml(orders) if orders[0].id == 1));

    let to = types::Address {
        street: Some("1".to_owned()),
    };
    let mut shipment = types::Shipment::new(to);
    shipment.parcels = Some(vec![1, 2]);
    let body = ShipBody::from(&shipment);
    client.orders().ship("7").body(body).await.unwrap();
    let request = server.requests().remove(1);
    assert_eq!(
        request.headers["content-type"],
        "application/vnd.shipment+xml"
    );
    assert!(
        String::from_utf8_lossy(&request.body).ends_with(
            "<Shipment><To xmlns=\"urn:address\"><street>1</street></To>\
             <parcels><parcel>1</parcel><parcel>2</parcel></parcels></Shipment>"
        ),
        "{request:?}"
    );
}

#[tokio::test]
async fn what_is_wrong_with_an_answer_is_told_by_the_path_to_its_element() {
    for (media_type, answer, message) in [
        (
            "application/xml",
            "<o><id/></o>",
            "expected `order`, found `o` at the top (line 1, column 3)",
        ),
        (
            "application/xml",
            "<order id='x'>\n</order>",
            "expected a number, found other text at `/order/@id` (line 1, column 14)",
        ),
        (
            "application/xml",
            "<order>\n <weights><weights>1</weights><weights>s3cret</weights></weights></order>",
            "expected a number, found other text at `/order/weights/weights[2]` (line 2, column 55)",
        ),
        (
            "application/xml",
            "<order><State>open</State><placed>1</placed><line article='1'/><line/></order>",
            "missing property `article` of `Line` at `/order/line[2]`",
        ),
        (
            "application/xml",
            "<order><Tags><tag>x</tag></Tags></order>",
            "expected `Tag`, found `tag` at `/order/Tags` (line 1, column 18)",
        ),
        (
            "application/xml",
            "<!DOCTYPE order [<!ENTITY a \"aaaa\">]><order>&a;</order>",
            "a document type declaration isn't read at the top (line 1, column 37)",
        ),
        (
            "application/xml",
            "<order><State>&a;</State></order>",
            "an entity that isn't one of XML's own isn't read at `/order/State` (line 1, column 17)",
        ),
        (
            "text/html",
            "<html><p>sign in</html>",
            "expected `order`, found `html` at the top (line 1, column 6)",
        ),
        (
            "application/json",
            "{}",
            "expected XML, found `application/json`",
        ),
        (
            "application/xml",
            " \n",
            "expected XML, found an empty body",
        ),
    ] {
        let (_server, client) = world(media_type, answer).await;
        let (order, _) = order();
        let error = client.orders().create_order(&order).await.unwrap_err();
        assert_eq!(error.stage(), Stage::Decode, "{answer}: {error}");
        let decode = error.decode().expect("a decode error");
        assert_eq!(decode.to_string(), message, "{answer}");
    }
}

#[tokio::test]
async fn a_value_that_xml_cannot_hold_is_not_sent() {
    let (server, client) = world("application/xml", "").await;
    let (mut order, _) = order();
    order.tags = Some(vec!["\u{0}".to_owned()]);
    let error = client.orders().create_order(&order).await.unwrap_err();
    assert_eq!(error.stage(), Stage::Request);
    let (mut order, _) = self::order();
    order.labels = Some([("<a>".to_owned(), String::new())].into());
    let error = client.orders().create_order(&order).await.unwrap_err();
    assert_eq!(error.stage(), Stage::Request);
    assert_eq!(server.requests().len(), 0);
}

fn parcel() -> types::Parcel {
    types::Parcel {
        id: Some("7".to_owned()),
        grams: Some(250),
    }
}

const PARCEL_IN_XML: &str = "<parcel id='7'><grams>250</grams></parcel>";

#[tokio::test]
async fn what_is_declared_in_json_and_xml_is_read_by_the_content_type() {
    for (media_type, answer) in [
        ("application/json", r#"{"id": "7", "grams": 250}"#),
        ("application/xml; charset=utf-8", PARCEL_IN_XML),
        ("Text/XML", PARCEL_IN_XML),
    ] {
        let server = ResourceServer::start(move |_| {
            std::future::ready(Reply::status(200).body(media_type, answer))
        })
        .await;
        let client = client(&server);
        assert_eq!(client.parcels().get_parcel("7").await.unwrap(), parcel());
        let changed = client.parcels().change_parcel("7", &parcel());
        assert_eq!(changed.await.unwrap(), Some(parcel()));
        let accepted = &server.requests()[0].headers["accept"];
        assert_eq!(
            accepted,
            "application/json, application/xml;q=0.9, text/xml;q=0.9"
        );
    }
}

#[tokio::test]
async fn a_failure_is_read_by_the_content_type_too() {
    let server = ResourceServer::start(|_| {
        std::future::ready(Reply::status(404).body("text/xml", PARCEL_IN_XML))
    })
    .await;
    let client = client(&server);
    let error = client
        .parcels()
        .get_parcel("7")
        .await
        .expect_err("a refusal");
    let body = error.body::<GetParcelError>().expect("a body").unwrap();
    assert!(matches!(body, GetParcelError::NotFound(found) if found == parcel()));
}

#[tokio::test]
async fn the_caller_chooses_the_notation_of_a_body() {
    let server = ResourceServer::start(|_| std::future::ready(Reply::status(204))).await;
    let client = client(&server);
    let parcel = parcel();
    let in_json = client.parcels().change_parcel("7", &parcel);
    assert_eq!(in_json.await.unwrap(), None);
    let in_xml = client
        .parcels()
        .change_parcel("7", ChangeParcelBody::Xml(&parcel));
    assert_eq!(in_xml.await.unwrap(), None);
    let requests = server.requests();
    let sent = requests.iter().map(|request| {
        let media_type = request.headers["content-type"].to_str().unwrap().to_owned();
        (
            media_type,
            String::from_utf8(request.body.to_vec()).unwrap(),
        )
    });
    let expected = [
        ("application/json", r#"{"id":"7","grams":250}"#),
        (
            "application/xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><parcel id=\"7\"><grams>250</grams></parcel>",
        ),
    ];
    let expected = expected.map(|(one, other)| (one.to_owned(), other.to_owned()));
    assert_eq!(sent.collect::<Vec<_>>(), expected);
}
