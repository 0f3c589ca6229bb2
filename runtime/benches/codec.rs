//! The tables of the codec beside derived serde impls: the same types, the same bytes, one run.
//!
//! `cargo bench --package accredit-runtime --bench codec`

#![allow(missing_docs, missing_debug_implementations)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Defines the same types twice: with derived impls and with tables.
macro_rules! types {
    (
        $(enum $enum:ident { $($variant:ident = $text:literal,)* })*
        $(struct $name:ident { $($index:tt $presence:ident $field:ident: $ty:ty,)* })*
    ) => {
        pub(crate) mod derived {
            use serde::{Deserialize, Serialize};

            $(#[derive(Debug, Clone, Serialize, Deserialize)]
            pub(crate) struct $name {
                $(#[serde(skip_serializing_if = "crate::Skip::skip")] pub(crate) $field: $ty,)*
            }

            impl crate::Skip for $name {})*

            $(#[derive(Debug, Clone, Serialize, Deserialize)]
            pub(crate) enum $enum {
                $(#[serde(rename = $text)] $variant,)*
            }

            impl crate::Skip for $enum {})*
        }

        pub(crate) mod table {
            use accredit_runtime::codec::{Blank, Entry, Field, Object, Properties, Writer};

            $(#[derive(Debug, Clone)]
            pub(crate) struct $name {
                $(pub(crate) $field: $ty,)*
            }

            impl Object for $name {
                const FIELDS: &'static [Field] = &[$(Field {
                    name: stringify!($field),
                    is_required: types!(@is_required $presence),
                },)*];

                #[inline]
                fn read<E: Entry>(
                    &mut self,
                    field: usize,
                    entry: E,
                ) -> Result<(), E::Error> {
                    match field {
                        $($index => entry.$presence(&mut self.$field),)*
                        _ => entry.ignore(),
                    }
                }
            }

            impl Blank for $name {
                fn blank() -> Self {
                    Self { $($field: Blank::blank(),)* }
                }
            }

            impl Properties for $name {
                fn write_properties<W: Writer>(&self, writer: &mut W) {
                    $(writer.$presence(stringify!($field), &self.$field);)*
                }
            }
            accredit_runtime::object!($name);)*

            $(#[derive(Debug, Clone)]
            pub(crate) enum $enum {
                $($variant,)*
                Unknown(String),
            }

            accredit_runtime::string_enum!($enum {
                $($variant = $text,)*
                _ = Unknown,
            });)*
        }
    };
    (@is_required required) => {
        true
    };
    (@is_required optional) => {
        false
    };
}

#[path = "codec/orders.rs"]
mod orders;
#[path = "codec/repositories.rs"]
mod repositories;

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

impl Skip for String {}
impl Skip for bool {}
impl Skip for i64 {}
impl Skip for f64 {}
impl<T> Skip for Vec<T> {}

/// How a server writes: in the order of the document; in another, such as that of the alphabet, with
/// properties that the document doesn't know.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Server {
    Orderly,
    Foreign,
}

/// Returns an array of about this many bytes.
fn list(length: usize, server: Server, item: fn(usize, Server) -> String) -> String {
    let mut text = String::from("[");
    let mut index = 0;
    while text.len() < length || index == 0 {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&item(index, server));
        index += 1;
    }
    text.push(']');
    text
}

const LENGTHS: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

fn measure<Derived, Table>(c: &mut Criterion, name: &str, item: fn(usize, Server) -> String)
where
    Derived: serde::Serialize + serde::de::DeserializeOwned,
    Table: serde::Serialize + serde::de::DeserializeOwned,
{
    for server in [Server::Orderly, Server::Foreign] {
        let mut group = c.benchmark_group(format!("decode/{name}/{server:?}"));
        for length in LENGTHS {
            let text = list(length, server, item);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new("derived", length), &text, |b, text| {
                b.iter(|| serde_json::from_str::<Vec<Derived>>(black_box(text)));
            });
            group.bench_with_input(BenchmarkId::new("table", length), &text, |b, text| {
                b.iter(|| serde_json::from_str::<Vec<Table>>(black_box(text)));
            });
        }
    }
    let mut group = c.benchmark_group(format!("encode/{name}"));
    for length in LENGTHS {
        let text = list(length, Server::Orderly, item);
        let derived: Vec<Derived> = serde_json::from_str(&text).expect("derived");
        let table: Vec<Table> = serde_json::from_str(&text).expect("table");
        assert_eq!(
            serde_json::to_string(&derived).ok(),
            serde_json::to_string(&table).ok()
        );
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("derived", length), &derived, |b, list| {
            b.iter(|| serde_json::to_vec(black_box(list)));
        });
        group.bench_with_input(BenchmarkId::new("table", length), &table, |b, list| {
            b.iter(|| serde_json::to_vec(black_box(list)));
        });
    }
}

fn orders(c: &mut Criterion) {
    measure::<orders::derived::Order, orders::table::Order>(c, "orders", orders::order);
}

fn repositories(c: &mut Criterion) {
    measure::<repositories::derived::Repository, repositories::table::Repository>(
        c,
        "repositories",
        repositories::repository,
    );
}

criterion_group!(benches, orders, repositories);
criterion_main!(benches);
