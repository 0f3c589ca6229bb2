//! The tables of the codec beside derived serde impls: the same types, the same bytes, one run.
//!
//! `cargo bench --package accredit-runtime --bench codec`

#![allow(missing_docs, missing_debug_implementations)]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Defines the same types twice: with derived impls and with tables.
macro_rules! types {
    ($($(#[$docs:meta])* struct $name:ident {
        $($index:tt $presence:ident $field:ident: $ty:ty,)*
    })*) => {
        mod derived {
            use serde::{Deserialize, Serialize};

            $(#[derive(Debug, Clone, Serialize, Deserialize)]
            pub(crate) struct $name {
                $(#[serde(skip_serializing_if = "super::Skip::skip")] pub(crate) $field: $ty,)*
            })*

            #[derive(Debug, Clone, Serialize, Deserialize)]
            #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
            pub(crate) enum Status {
                Created,
                Saved,
                Approved,
                Voided,
                Completed,
                PayerActionRequired,
            }
        }

        mod table {
            use accredit_runtime::codec::{Blank, Entry, Field, Object, StringEnum, Writer};

            $(#[derive(Debug, Clone)]
            pub(crate) struct $name {
                $(pub(crate) $field: $ty,)*
            }

            impl Object for $name {
                const NAME: &'static str = stringify!($name);
                const FIELDS: &'static [Field] = &[$(Field::$presence(stringify!($field)),)*];

                fn blank() -> Self {
                    Self { $($field: Blank::blank(),)* }
                }

                fn read<'de, E: Entry<'de>>(
                    &mut self,
                    field: usize,
                    entry: E,
                ) -> Result<(), E::Error> {
                    match field {
                        $($index => entry.$presence(&mut self.$field),)*
                        _ => entry.ignore(),
                    }
                }

                fn write<W: Writer>(&self, writer: &mut W) -> Result<(), W::Error> {
                    $(writer.$presence(stringify!($field), &self.$field)?;)*
                    Ok(())
                }
            }
            accredit_runtime::object!($name);)*

            #[derive(Debug, Clone)]
            pub(crate) enum Status {
                Created,
                Saved,
                Approved,
                Voided,
                Completed,
                PayerActionRequired,
                Unknown(String),
            }

            impl StringEnum for Status {
                const NAME: &'static str = "Status";
                const VALUES: &'static [(&'static str, Self)] = &[
                    ("CREATED", Self::Created),
                    ("SAVED", Self::Saved),
                    ("APPROVED", Self::Approved),
                    ("VOIDED", Self::Voided),
                    ("COMPLETED", Self::Completed),
                    ("PAYER_ACTION_REQUIRED", Self::PayerActionRequired),
                ];

                fn unknown(value: String) -> Self {
                    Self::Unknown(value)
                }

                fn as_str(&self) -> &str {
                    match self {
                        Self::Created => "CREATED",
                        Self::Saved => "SAVED",
                        Self::Approved => "APPROVED",
                        Self::Voided => "VOIDED",
                        Self::Completed => "COMPLETED",
                        Self::PayerActionRequired => "PAYER_ACTION_REQUIRED",
                        Self::Unknown(value) => value,
                    }
                }
            }
            accredit_runtime::string_enum!(Status);
        }
    };
}

/// What a derived impl leaves out as a table does.
trait Skip {
    fn skip(&self) -> bool {
        false
    }
}

impl<T> Skip for Option<T> {
    fn skip(&self) -> bool {
        self.is_none()
    }
}

macro_rules! never_skipped {
    ($($ty:ty)*) => {
        $(impl Skip for $ty {})*
    };
}
never_skipped!(String bool i64 f64 derived::Status derived::Money derived::Person);
impl<T> Skip for Vec<T> {}

types! {
    struct Page {
        0 required orders: Vec<Order>,
        1 optional next: Option<String>,
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

/// How a server writes: in the order of the document; in another, with properties that the
/// document doesn't know.
#[derive(Clone, Copy)]
enum Server {
    Orderly,
    Foreign,
}

/// Returns a page of about this many bytes.
fn page(length: usize, server: Server) -> String {
    let mut text = String::from(r#"{"orders":["#);
    let mut index = 0;
    while text.len() < length || index == 0 {
        if index > 0 {
            text.push(',');
        }
        order(&mut text, index, server);
        index += 1;
    }
    text.push_str(r#"],"next":"b3JkZXI6MTIz"}"#);
    text
}

fn order(text: &mut String, index: usize, server: Server) {
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
    let _ = match server {
        Server::Orderly => write!(
            text,
            r#"{{"id":"5O190127TN3647{index:05}","status":"{status}","intent":"CAPTURE","amount":{money},"payer":{payer},"items":[{items}],{times}}}"#
        ),
        Server::Foreign => write!(
            text,
            r#"{{{times},"links":[{{"href":"https://example.com/orders/{index}","rel":"self"}}],"status":"{status}","payer":{payer},"processing_instruction":"NO_INSTRUCTION","items":[{items}],"intent":"CAPTURE","id":"5O190127TN3647{index:05}","amount":{money}}}"#
        ),
    };
}

fn decode(c: &mut Criterion) {
    for (name, server) in [("orderly", Server::Orderly), ("foreign", Server::Foreign)] {
        let mut group = c.benchmark_group(format!("decode/{name}"));
        for length in [1_000, 30_000, 1_000_000] {
            let text = page(length, server);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new("derived", length), &text, |b, text| {
                b.iter(|| serde_json::from_slice::<derived::Page>(black_box(text.as_bytes())));
            });
            group.bench_with_input(BenchmarkId::new("table", length), &text, |b, text| {
                b.iter(|| serde_json::from_slice::<table::Page>(black_box(text.as_bytes())));
            });
        }
    }
}

fn encode(c: &mut Criterion) {
    let mut group = c.benchmark_group("encode");
    for length in [1_000, 30_000, 1_000_000] {
        let text = page(length, Server::Orderly);
        let (Ok(derived), Ok(table)) = (
            serde_json::from_str::<derived::Page>(&text),
            serde_json::from_str::<table::Page>(&text),
        ) else {
            continue;
        };
        assert_eq!(
            serde_json::to_string(&derived).ok(),
            serde_json::to_string(&table).ok()
        );
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("derived", length), &derived, |b, page| {
            b.iter(|| serde_json::to_vec(black_box(page)));
        });
        group.bench_with_input(BenchmarkId::new("table", length), &table, |b, page| {
            b.iter(|| serde_json::to_vec(black_box(page)));
        });
    }
}

criterion_group!(benches, decode, encode);
criterion_main!(benches);
