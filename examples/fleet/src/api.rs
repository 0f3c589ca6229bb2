//! The API: it knows one order, and tokens from its authorization server.

use std::io;
use std::sync::Arc;

use accredit_runtime::testing::AuthorizationServer;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Starts the API on loopback and returns its URL.
pub(crate) async fn start(authorization: Arc<AuthorizationServer>) -> io::Result<String> {
    let router = Router::new()
        .route("/orders/{id}", get(order))
        .with_state(authorization);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}

async fn order(
    State(authorization): State<Arc<AuthorizationServer>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<Value>, StatusCode> {
    if authorization.admits(&headers) {
        Ok(Json(json!({ "id": id, "owner": "the fleet" })))
    } else {
        Err(StatusCode::UNAUTHORIZED)
    }
}
