//! The readme's snippets, each compiled among what its text speaks of. All but one aren't run, for want of a vendor.

#![expect(
    dead_code,
    non_local_definitions,
    unused_variables,
    clippy::print_stdout,
    clippy::unnecessary_operation,
    clippy::unused_self,
    reason = "it is compiled to be seen to compile"
)]

use std::time::SystemTime;

use accredit_runtime::formats::DateTime;
use accredit_runtime::{
    Bytes, CredentialFile, Error, JsonItems, RedisStore, TokenSharing, Upload, Value,
};
use accredit_runtime::{Middleware, OutgoingRequest, Step};
use futures_util::Stream;

use self::vendor::operations::*;
use self::vendor::types::{Kind, Order, Price, Report};

mod vendor {
    include!(concat!(env!("OUT_DIR"), "/client-of-vendor.rs"));

    /// A whole crate has this module of its own.
    pub(crate) mod mock {
        pub(crate) type Server = accredit_runtime::mock::Server<super::Client>;
    }
}

type Done = Result<(), Box<dyn std::error::Error>>;

#[test]
fn every_snippet_is_compiled_here() {
    let there = env!("README_SNIPPETS");
    let here = include_str!("readme.rs").matches("\"/readme-").count();
    assert_eq!(there, (here - 1).to_string());
}

async fn first_call() -> Done {
    include!(concat!(env!("OUT_DIR"), "/readme-1.rs"));
    Ok(())
}

fn build_script() {
    include!(concat!(env!("OUT_DIR"), "/readme-2.rs"));
}

fn module() {
    include!(concat!(env!("OUT_DIR"), "/readme-3.rs"));
}

fn sharing(url: &str) -> Done {
    include!(concat!(env!("OUT_DIR"), "/readme-4.rs"));
    Ok(())
}

async fn errors(client: &vendor::Client, id: &str) -> Done {
    include!(concat!(env!("OUT_DIR"), "/readme-5.rs"));
    Ok(())
}

async fn headers(client: &vendor::Client, order: Order, error: Error) -> Done {
    include!(concat!(env!("OUT_DIR"), "/readme-6.rs"));
    Ok(())
}

fn formats(mut order: Order) -> Done {
    use jiff::ToSpan as _;

    include!(concat!(env!("OUT_DIR"), "/readme-7.rs"));
    Ok(())
}

async fn files(
    client: &vendor::Client,
    chunks: impl Stream<Item = std::io::Result<Bytes>> + Send + 'static,
    size: u64,
) -> Done {
    include!(concat!(env!("OUT_DIR"), "/readme-8.rs"));
    Ok(())
}

async fn streams(
    client: &vendor::Client,
    prices: impl Stream<Item = Price> + Send + 'static,
) -> Done {
    include!(concat!(env!("OUT_DIR"), "/readme-9.rs"));
    Ok(())
}

async fn multipart(client: &vendor::Client) -> Done {
    include!(concat!(env!("OUT_DIR"), "/readme-10.rs"));
    Ok(())
}

async fn media_types(client: &vendor::Client, report: Report, steps: Value) -> Done {
    include!(concat!(env!("OUT_DIR"), "/readme-11.rs"));
    Ok(())
}

async fn pages(client: &vendor::Client) -> Done {
    include!(concat!(env!("OUT_DIR"), "/readme-12.rs"));
    Ok(())
}

#[tokio::test]
async fn a_double_of_the_api_is_run() -> Done {
    let order = Order::new("7".to_owned(), DateTime::from(SystemTime::UNIX_EPOCH));
    let problem = serde_json::json!({ "title": "There is none." });
    include!(concat!(env!("OUT_DIR"), "/readme-13.rs"));
    Ok(())
}

struct Traced;

impl Traced {
    fn current(&self) -> String {
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()
    }
}

fn middleware() {
    include!(concat!(env!("OUT_DIR"), "/readme-14.rs"));
}
