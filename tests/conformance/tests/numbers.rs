//! Numbers with all their digits, and what servers send in their place, by a generated client.

use accredit_runtime::formats::Number;
use accredit_runtime::{ClientOptions, TokenCache, Value};
use conformance::generated::numbers::operations::{GetAccount, GetAccountHeaders};
use conformance::generated::numbers::{Client, types};
use conformance::{Issuer, Reply, Request, ResourceServer};

/// An account, as a server with numbers of its own writes it.
const ACCOUNT: &str = r#"{"number":340282366920938463463374607431768211455,"balance":1234567890123456789.10,"interest":0.10,"ratio":0.5,"rank":1,"open":true,"rates":{"EUR":1.0850000000000000000001},"price":{"amount":0.10,"rate":1.0850000000000000000001},"risk":1E-30}"#;

fn number(text: &str) -> Number {
    text.parse().expect("a number")
}

#[tokio::test]
async fn digits_survive_there_and_back() {
    let server = ResourceServer::start(|_: Request| {
        let reply = Reply::status(200)
            .header("x-rate", "0.10")
            .header("x-left", "")
            .header("x-counts", r#"["1", 2]"#);
        std::future::ready(reply.json(ACCOUNT))
    })
    .await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(Issuer::default()));
    let client = Client::with_options(connection, options).expect("usable settings");

    let answer = client
        .accounts()
        .get_account(&u128::MAX.into())
        .above(&number("0.10"))
        .send()
        .await
        .unwrap();

    let target = server.requests()[0].uri.to_string();
    assert_eq!(
        target,
        "/accounts/340282366920938463463374607431768211455?above=0.10"
    );
    let headers: GetAccountHeaders = answer.headers_as().unwrap();
    assert_eq!(headers.x_rate, Some(number("0.10")));
    assert_eq!(headers.x_left, None);
    assert_eq!(headers.x_counts, Some(vec![1, 2]));
    let account = answer.into_body();
    assert_eq!(account.number.read(), Ok(u128::MAX));
    assert_eq!(account.balance, number("1234567890123456789.10"));
    assert_eq!(serde_json::to_string(&account).unwrap(), ACCOUNT);
}

#[tokio::test]
async fn digits_survive_in_forms_and_in_xml() {
    const XML: &str = "<Price><amount>18446744073709551616.10</amount><rate>+007.50</rate></Price>";
    let server = ResourceServer::start(|request: Request| {
        std::future::ready(if request.method == "POST" {
            Reply::status(200).body("application/xml", XML)
        } else {
            Reply::status(200).json(r#"["1",2]"#)
        })
    })
    .await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(Issuer::default()));
    let client = Client::with_options(connection, options).expect("usable settings");

    let mut price = types::Price::new(number("18446744073709551616.10"));
    price.rate = Some(number("7.50"));
    assert_eq!(client.accounts().pay(&price).await.unwrap(), price);
    assert_eq!(client.accounts().repay(&price).await.unwrap(), [1, 2]);

    let requests = server.requests();
    let form = String::from_utf8_lossy(&requests[0].body);
    assert_eq!(form, "amount=18446744073709551616.10&rate=7.50");
    let xml = String::from_utf8_lossy(&requests[1].body);
    assert!(xml.ends_with(&XML.replace("+007", "7")), "{xml}");
}

#[test]
fn a_default_is_a_value() {
    assert_eq!(types::Account::DEFAULT_LIMIT, 100_000);
    assert_eq!(types::Account::DEFAULT_KIND, types::AccountKind::Savings);
    assert_eq!(types::Account::DEFAULT_LEVEL.as_i64(), 2);
    assert_eq!(types::Account::DEFAULT_OPENED, "2026-01-01");
    const { assert!(!types::Account::DEFAULT_FROZEN) };
    assert_eq!(types::Account::DEFAULT_SCORES, [1, 20_000]);
    assert_eq!(types::Account::DEFAULT_MARKS, [&[0.25][..], &[]]);
    assert_eq!(GetAccount::DEFAULT_ABOVE.parse(), Ok(number("0.5")));
    assert_eq!(GetAccount::DEFAULT_PARTS, [types::GetAccountParts::Rates]);
    assert_eq!(GetAccount::DEFAULT_PAGES, 1);
}

#[test]
fn what_servers_send_in_place_of_numbers_and_of_nothing_is_read() {
    let json = r#"{"number":"7","balance":"10.50","interest":"","ratio":"0.5","rank":"-1","limit":"",
        "open":"true","frozen":"","scores":["1",2],"rates":{"EUR":"1.10"},"level":"2","kind":"",
        "opened":"","note":"","parent":"","mark":"","price":"0.10","limits":["1",2],"risk":"1.0"}"#;
    let account: types::Account = serde_json::from_str(json).expect("an account");
    assert_eq!(account.balance, number("10.50"));
    assert_eq!(
        account.level.as_ref().map(types::AccountLevel::as_i64),
        Some(2)
    );
    let written: Value = serde_json::from_str(
        r#"{"number":7,"balance":10.50,"ratio":0.5,"rank":-1,"open":true,"scores":[1,2],
            "rates":{"EUR":1.10},"level":2,"note":"","price":0.1,"limits":[1,2],"risk":1.0}"#,
    )
    .expect("JSON");
    assert_eq!(serde_json::to_value(&account).expect("JSON"), written);
    for (json, mark) in [
        (r#""7""#, types::AccountMark::Integer(7)),
        (r#""TRUE""#, types::AccountMark::Boolean(true)),
    ] {
        let read: types::AccountMark = serde_json::from_str(json).expect(json);
        assert_eq!(read, mark);
    }
    let error = serde_json::from_str::<types::Account>(r#"{"rank":""}"#).expect_err("refused");
    assert!(error.to_string().contains("expected i32"), "{error}");
}
