//! The resource server: enough of the PayPal Payouts API to be called.

use std::io;
use std::sync::{Arc, Mutex};

use accredit_runtime::testing::AuthorizationServer;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::timeline::Timeline;

/// How the server refuses a token that is expired or revoked. Vendors differ.
pub(crate) type Refusal = Arc<Mutex<StatusCode>>;

#[derive(Clone)]
struct World {
    timeline: Timeline,
    authorization: Arc<AuthorizationServer>,
    refusal: Refusal,
}

/// Starts the server on loopback and returns its URL.
pub(crate) async fn start(
    timeline: Timeline,
    authorization: Arc<AuthorizationServer>,
    refusal: Refusal,
) -> io::Result<String> {
    let world = World {
        timeline,
        authorization,
        refusal,
    };
    let guard = middleware::from_fn_with_state(world, check_token);
    let router = Router::new()
        .route("/v1/payments/payouts", post(create_payout))
        .route("/v1/payments/payouts/{id}", get(show_payout))
        .route("/v1/payments/payouts-item/{id}/cancel", post(cancel_item))
        .layer(guard);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}

/// Lets a call through if its token was issued and is neither expired nor revoked.
async fn check_token(State(world): State<World>, request: Request, next: Next) -> Response {
    let token_requests = world.authorization.token_requests();
    world.timeline.token_requests(token_requests);
    let call = format!("{} {}", request.method(), request.uri().path());
    let response = if world.authorization.admits(request.headers()) {
        next.run(request).await
    } else {
        let status = *world.refusal.lock().expect("no holder of the lock panics");
        failure(status, "AUTHENTICATION_FAILURE").into_response()
    };
    world
        .timeline
        .event("api", &format!("{call} → {}", response.status().as_u16()));
    response
}

async fn create_payout(Json(request): Json<Value>) -> impl IntoResponse {
    let header = json!({
        "payout_batch_id": "5UXD2E8A7EBQJ",
        "batch_status": "PENDING",
        "sender_batch_header": request["sender_batch_header"],
    });
    (StatusCode::CREATED, Json(json!({ "batch_header": header })))
}

async fn show_payout(Path(id): Path<String>) -> Response {
    if id != "5UXD2E8A7EBQJ" {
        return failure(StatusCode::NOT_FOUND, "RESOURCE_NOT_FOUND").into_response();
    }
    let header = json!({
        "payout_batch_id": id,
        "batch_status": "SUCCESS",
        "sender_batch_header": { "sender_batch_id": "2026-11" },
    });
    Json(json!({ "total_items": 1, "batch_header": header })).into_response()
}

/// Nobody may cancel: a refusal that has nothing to do with the token.
async fn cancel_item() -> impl IntoResponse {
    failure(StatusCode::FORBIDDEN, "NOT_AUTHORIZED")
}

fn failure(status: StatusCode, name: &str) -> (StatusCode, Json<Value>) {
    let body =
        json!({ "name": name, "message": "The call was refused.", "debug_id": "90957fca61718" });
    (status, Json(body))
}
