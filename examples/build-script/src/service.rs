//! The service: one route, answered by one call of the vendor's API.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;

use crate::orders::{Client, Error};

/// Returns the routes of the service.
pub(crate) fn router(client: Client) -> Router {
    Router::new()
        .route("/bills/{order}", get(bill))
        .with_state(client)
}

/// Writes the bill of an order.
async fn bill(State(client): State<Client>, Path(order): Path<String>) -> Result<String, Refusal> {
    let order = client.orders().get(&order).await?;
    let total = order.total.unwrap_or_default();
    Ok(format!("{} owes {total} cents", order.owner))
}

/// What the service answers when the vendor's API fails.
struct Refusal(Error);

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl axum::response::IntoResponse for Refusal {
    fn into_response(self) -> axum::response::Response {
        match self.0.status() {
            Some(StatusCode::NOT_FOUND) => StatusCode::NOT_FOUND.into_response(),
            _ => (StatusCode::BAD_GATEWAY, self.0.to_string()).into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use accredit_runtime::testing::AuthorizationServer;
    use axum::Json;
    use axum::http::HeaderMap;
    use serde_json::{Value, json};
    use tokio::net::TcpListener;

    use super::*;

    async fn serve(router: Router) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    /// The vendor's API: one order, for those whose token is good.
    async fn order(
        State(authorization): State<Arc<AuthorizationServer>>,
        Path(id): Path<String>,
        headers: HeaderMap,
    ) -> Result<Json<Value>, StatusCode> {
        if !authorization.admits(&headers) {
            return Err(StatusCode::UNAUTHORIZED);
        }
        if id != "7" {
            return Err(StatusCode::NOT_FOUND);
        }
        Ok(Json(json!({ "id": id, "owner": "Ada", "total": 987 })))
    }

    #[tokio::test]
    async fn a_bill_is_written_even_after_the_token_was_revoked() {
        let authorization = Arc::new(AuthorizationServer::start().await.expect("a server"));
        authorization.accept_client("service", "correct horse battery staple");
        let vendor = Router::new()
            .route("/orders/{id}", get(order))
            .with_state(authorization.clone());
        let connection = Client::connection()
            .client_id("service")
            .client_secret("correct horse battery staple")
            .token_endpoint(authorization.token_endpoint())
            .base_url(serve(vendor).await);
        let client = Client::new(connection).expect("a client");
        let service = serve(router(client)).await;

        for round in 1..=2 {
            let answer = reqwest::get(format!("{service}/bills/7")).await;
            let text = answer.expect("an answer").text().await.expect("a text");
            assert_eq!(text, "Ada owes 987 cents");
            assert_eq!(authorization.token_requests(), round);
            authorization.revoke_all();
        }
        let answer = reqwest::get(format!("{service}/bills/8")).await;
        assert_eq!(
            answer.expect("an answer").status().as_u16(),
            StatusCode::NOT_FOUND.as_u16()
        );
    }
}
