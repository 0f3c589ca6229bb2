//! Orders as PayPal answers them.

use crate::Server;

types! {
    enum Status {
        Created = "CREATED",
        Saved = "SAVED",
        Approved = "APPROVED",
        Voided = "VOIDED",
        Completed = "COMPLETED",
        PayerActionRequired = "PAYER_ACTION_REQUIRED",
    }
    struct Order {
        0 required id: String,
        1 required status: Status,
        2 optional intent: Option<String>,
        3 required amount: Money,
        4 optional payer: Option<Person>,
        5 required items: Vec<Item>,
        6 optional note: Option<String>,
        7 optional create_time: Option<String>,
        8 optional update_time: Option<String>,
        9 optional expired: Option<bool>,
    }
    struct Money {
        0 required currency_code: String,
        1 required value: f64,
    }
    struct Person {
        0 optional given_name: Option<String>,
        1 optional surname: Option<String>,
        2 optional email_address: Option<String>,
        3 optional account_status: Option<Status>,
    }
    struct Item {
        0 required name: String,
        1 required quantity: i64,
        2 optional sku: Option<String>,
        3 optional description: Option<String>,
        4 optional unit_amount: Option<Money>,
        5 optional digital: Option<bool>,
        6 optional tags: Option<Vec<String>>,
    }
}

const STATUSES: [&str; 6] = [
    "CREATED",
    "SAVED",
    "APPROVED",
    "VOIDED",
    "COMPLETED",
    "PAYER_ACTION_REQUIRED",
];

/// Returns an order.
pub(crate) fn order(index: usize, server: Server) -> String {
    let status = STATUSES[index % STATUSES.len()];
    let items: Vec<_> = (0..=index % 3)
        .map(|item| {
            format!(
                r#"{{"name":"T-Shirt {item}","quantity":{index},"sku":"sku-{index}-{item}","unit_amount":{{"currency_code":"EUR","value":{item}.25}},"digital":false,"tags":["cotton","size \"L\"","r\u00e9gion"]}}"#
            )
        })
        .collect();
    let items = items.join(",");
    let money = r#"{"currency_code":"EUR","value":120.75}"#;
    let payer = r#"{"given_name":"Firstname","surname":"Lastname","email_address":"payer@example.com","account_status":"APPROVED"}"#;
    let times = r#""create_time":"2024-05-01T12:00:00Z","update_time":"2024-05-01T12:34:56Z""#;
    match server {
        Server::Orderly => format!(
            r#"{{"id":"5O190127TN3647{index:05}","status":"{status}","intent":"CAPTURE","amount":{money},"payer":{payer},"items":[{items}],{times}}}"#
        ),
        Server::Foreign => format!(
            r#"{{{times},"links":[{{"href":"https://example.com/orders/{index}","rel":"self"}}],"status":"{status}","payer":{payer},"processing_instruction":"NO_INSTRUCTION","items":[{items}],"intent":"CAPTURE","id":"5O190127TN3647{index:05}","amount":{money}}}"#
        ),
    }
}
