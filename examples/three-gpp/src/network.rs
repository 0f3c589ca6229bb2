//! The other side: the NRF's discovery and a UDM, on one host of loopback.

use std::io;
use std::sync::Arc;

use accredit_runtime::testing::AuthorizationServer;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Clone)]
struct Network {
    nrf: Arc<AuthorizationServer>,
    api_root: String,
}

/// Starts the network functions and returns their API root.
pub(crate) async fn start(nrf: Arc<AuthorizationServer>) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let api_root = format!("http://{}", listener.local_addr()?);
    let network = Network {
        nrf,
        api_root: api_root.clone(),
    };
    let router = Router::new()
        .route("/nnrf-disc/v1/nf-instances", get(search))
        .route("/nudm-sdm/v2/{supi}/am-data", get(am_data))
        .with_state(network);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(api_root)
}

async fn search(State(network): State<Network>, headers: HeaderMap) -> Response {
    if !network.nrf.admits(&headers) {
        return unauthorized();
    }
    let udm = json!({
        "nfInstanceId": "9a3c1f60-4f0e-4d0a-8a55-1f2e3d4c5b6a",
        "nfType": "UDM",
        "apiRoot": network.api_root,
    });
    Json(json!({ "validityPeriod": 3600, "nfInstances": [udm] })).into_response()
}

async fn am_data(
    State(network): State<Network>,
    Path(supi): Path<String>,
    headers: HeaderMap,
) -> Response {
    if !network.nrf.admits(&headers) {
        return unauthorized();
    }
    if supi != "imsi-001010000000001" {
        return problem(StatusCode::NOT_FOUND, "USER_NOT_FOUND");
    }
    let data = json!({ "gpsis": ["msisdn-491700000001"], "ratRestrictions": ["NR", "NR_REDCAP"] });
    Json(data).into_response()
}

fn unauthorized() -> Response {
    problem(StatusCode::UNAUTHORIZED, "TOKEN_INVALID")
}

fn problem(status: StatusCode, cause: &str) -> Response {
    let body: Value = json!({ "status": status.as_u16(), "cause": cause });
    let headers = [(CONTENT_TYPE, "application/problem+json")];
    (status, headers, body.to_string()).into_response()
}
