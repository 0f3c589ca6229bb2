//! The API: every tenant has one order, by the name of the tenant, and may see no other's.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use accredit_runtime::testing::AuthorizationServer;
use axum::extract::{Path, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What the API has seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// Calls for one tenant with a token that was issued to another, or to nobody.
    pub(crate) astray: usize,
    /// Calls that were refused for a revoked token, by tenant.
    pub(crate) refused: BTreeMap<String, usize>,
    /// The last good token, by tenant.
    pub(crate) tokens: BTreeMap<String, String>,
}

pub(crate) struct Api {
    authorization: Arc<AuthorizationServer>,
    seen: Mutex<Seen>,
}

impl Api {
    /// Starts the API on loopback and returns it with its URL.
    pub(crate) async fn start(
        authorization: Arc<AuthorizationServer>,
    ) -> io::Result<(Arc<Self>, String)> {
        let api = Arc::new(Self {
            authorization,
            seen: Mutex::default(),
        });
        let router = Router::new()
            .route("/orders/{id}", get(order))
            .with_state(Arc::clone(&api));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok((api, url))
    }

    /// Returns what the API has seen so far.
    pub(crate) fn seen(&self) -> Seen {
        self.with_seen(|seen| seen.clone())
    }

    fn with_seen<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns whom an order belongs to: the tenant that its number begins with.
    fn show(&self, id: &str, token: &str) -> Result<Json<Value>, StatusCode> {
        let tenant = id.split('.').next().unwrap_or_default().to_owned();
        let owner = self.authorization.client_of(token);
        if owner.as_ref() != Some(&tenant) {
            self.with_seen(|seen| seen.astray += 1);
            return Err(StatusCode::FORBIDDEN);
        }
        if !self.authorization.is_valid(token) {
            self.with_seen(|seen| *seen.refused.entry(tenant).or_default() += 1);
            return Err(StatusCode::UNAUTHORIZED);
        }
        self.with_seen(|seen| seen.tokens.insert(tenant.clone(), token.to_owned()));
        if id != tenant {
            return Err(StatusCode::NOT_FOUND);
        }
        Ok(Json(json!({ "id": id, "owner": owner })))
    }
}

async fn order(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<Value>, StatusCode> {
    let authorization = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
    let token = authorization.and_then(|value| value.strip_prefix("Bearer "));
    api.show(&id, token.unwrap_or_default())
}
