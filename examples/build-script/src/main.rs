//! A service that answers from a vendor's API. The client of that API is generated when the service is
//! built, from the vendor's document and an overlay that mends it.
//!
//! `ORDERS_CLIENT_ID`, `ORDERS_CLIENT_SECRET` and the other variables of the client connect it; the
//! test of the service connects it to servers on loopback.

mod service;

/// The generated client.
mod orders {
    include!(concat!(env!("OUT_DIR"), "/orders.rs"));
}

use std::error::Error;

use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = orders::Client::from_env()?;
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, service::router(client)).await?;
    Ok(())
}
