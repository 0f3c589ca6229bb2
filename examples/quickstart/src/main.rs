//! A client that its build script generated from PayPal's document of the Payouts API calls an API
//! on loopback, with tokens from an authorization server on loopback. Tokens expire, are revoked and
//! are refused with 401, 403 and 404; the timeline shows what client and servers did.
//!
//! Ends with a failure if a step isn't as promised.

// The timeline is what this program is for.
#![allow(clippy::print_stdout)]

mod resource_server;
mod timeline;

/// The generated client.
mod paypal_payouts {
    include!(concat!(env!("OUT_DIR"), "/paypal-payouts.rs"));
}

use std::error::Error;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accredit_runtime::testing::AuthorizationServer;
use accredit_runtime::{Replay, Response, StatusCode};
use paypal_payouts::Client;
use paypal_payouts::operations::PayoutsGetError;
use paypal_payouts::types::{
    BatchEnum, CreatePayoutRequest, Currency, PayoutBatch, PayoutItem, SenderBatchHeader,
};
use resource_server::Refusal;
use timeline::{Timeline, chapter};

/// The lifetime of a token in the first chapters.
const LIFETIME: Duration = Duration::from_secs(2);

/// The least time between two suspicions for weak evidence: a 403 or a 404.
const PATIENCE: Duration = Duration::from_millis(1_100);

/// A payout that exists.
const PAYOUT: &str = "5UXD2E8A7EBQJ";

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let story = Story::begin().await?;
    story.a_token_is_fetched_and_used_again().await;
    story.an_expired_token_is_replaced_before_the_call().await;
    story
        .a_revoked_token_is_replaced_and_the_call_replayed()
        .await;
    story.a_vendor_says_403_or_404_for_a_revoked_token().await;
    story
        .a_failure_that_isnt_about_the_token_stays_what_it_is()
        .await;
    story.a_secret_isnt_seen();
    Ok(story.end())
}

struct Story {
    timeline: Timeline,
    authorization: Arc<AuthorizationServer>,
    refusal: Refusal,
    client: Client,
}

impl Story {
    /// Starts both servers and connects.
    async fn begin() -> Result<Self, Box<dyn Error>> {
        let timeline = Timeline::start();
        let authorization = Arc::new(AuthorizationServer::start().await?);
        authorization.accept_client("quickstart", "correct horse battery staple");
        authorization.set_lifetime(Some(LIFETIME));
        let refusal = Refusal::new(Mutex::new(StatusCode::UNAUTHORIZED));
        let api = resource_server::start(timeline.clone(), authorization.clone(), refusal.clone())
            .await?;
        let connection = Client::connection()
            .client_id("quickstart")
            .client_secret("correct horse battery staple")
            .token_endpoint(authorization.token_endpoint())
            .base_url(api);
        Ok(Self {
            timeline,
            authorization,
            refusal,
            client: Client::new(connection)?,
        })
    }

    async fn a_token_is_fetched_and_used_again(&self) {
        chapter("The first call fetches a token, the next ones use it");
        let item = PayoutItem::new(
            Currency::new("USD".to_owned(), "9.87".to_owned()),
            "receiver@example.com".to_owned(),
        );
        let request = CreatePayoutRequest::new(SenderBatchHeader::default(), vec![item]);
        let before = self.authorization.token_requests();
        let created = self.client.payouts().post().body(&request).await;
        let batch = created.ok().and_then(|payout| payout.batch_header);
        let is_pending = batch.is_some_and(|batch| batch.batch_status == BatchEnum::Pending);
        self.timeline.promise(
            is_pending,
            "a payout is created, its status an enum's variant",
        );
        self.expect_success("the payout is shown").await;
        self.expect_token_requests(before, 1);
    }

    async fn an_expired_token_is_replaced_before_the_call(&self) {
        chapter("The token expires: the next call fetches another before it is sent");
        tokio::time::sleep(LIFETIME).await;
        let before = self.authorization.token_requests();
        let response = self.expect_success("the payout is shown").await;
        let is_sent_once =
            response.is_some_and(|response| matches!(response.replay(), Replay::NotNeeded));
        self.timeline
            .promise(is_sent_once, "the API saw no dead token");
        self.expect_token_requests(before, 1);
        self.authorization
            .set_lifetime(Some(Duration::from_secs(3_600)));
        tokio::time::sleep(LIFETIME).await;
        self.expect_success("from here on tokens live for an hour")
            .await;
    }

    async fn a_revoked_token_is_replaced_and_the_call_replayed(&self) {
        chapter("The token is revoked: the API says 401");
        self.expect_replay().await;
    }

    async fn a_vendor_says_403_or_404_for_a_revoked_token(&self) {
        for status in [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND] {
            let title = format!("The token is revoked: the API says {}", status.as_u16());
            chapter(&title);
            tokio::time::sleep(PATIENCE).await;
            self.refuse_with(status);
            self.expect_replay().await;
        }
        self.refuse_with(StatusCode::UNAUTHORIZED);
    }

    async fn a_failure_that_isnt_about_the_token_stays_what_it_is(&self) {
        chapter("A payout that doesn't exist: 404, also with a new token");
        tokio::time::sleep(PATIENCE).await;
        let failed = self.client.payouts().get("unknown").await;
        let body = failed
            .err()
            .and_then(|error| error.body::<PayoutsGetError>());
        let is_not_found = matches!(body, Some(Ok(PayoutsGetError::NotFound(error))) if error.name == "RESOURCE_NOT_FOUND");
        self.timeline.promise(
            is_not_found,
            "the caller reads the 404 as the operation's own type",
        );

        chapter("An item that may not be cancelled: 403, also with a new token");
        tokio::time::sleep(PATIENCE).await;
        let failed = self.client.payouts_item().cancel("8AELMXH8UB2P8").await;
        let status = failed.err().and_then(|error| error.status());
        self.timeline.promise(
            status == Some(StatusCode::FORBIDDEN),
            "the caller gets the 403",
        );
    }

    fn a_secret_isnt_seen(&self) {
        chapter("Nothing shows a secret");
        let shown = format!("{:?}", self.client);
        self.timeline
            .promise(!shown.contains("battery"), "`Debug` of the client masks it");
    }

    /// Revokes every token and calls: the call must come through by one token request.
    async fn expect_replay(&self) {
        let before = self.authorization.token_requests();
        self.authorization.revoke_all();
        self.timeline.event("token", "revoked");
        let response = self
            .expect_success("the payout is shown all the same")
            .await;
        let is_replayed =
            response.is_some_and(|response| matches!(response.replay(), Replay::Done));
        self.timeline
            .promise(is_replayed, "the call was replayed with a new token");
        self.expect_token_requests(before, 1);
    }

    async fn expect_success(&self, what: &str) -> Option<Response<PayoutBatch>> {
        let result = self.client.payouts().get(PAYOUT).send().await;
        let response = result
            .map_err(|error| self.timeline.event("client", &error.to_string()))
            .ok();
        let is_shown = response
            .as_ref()
            .is_some_and(|response| response.body.total_items == Some(1));
        self.timeline.promise(is_shown, what);
        response
    }

    fn expect_token_requests(&self, before: usize, wanted: usize) {
        let made = self.authorization.token_requests() - before;
        self.timeline
            .promise(made == wanted, &format!("{made} token request"));
    }

    fn refuse_with(&self, status: StatusCode) {
        *self.refusal.lock().expect("no holder of the lock panics") = status;
    }

    fn end(&self) -> ExitCode {
        let broken = self.timeline.broken();
        if broken.is_empty() {
            chapter("Every step was as promised.");
            return ExitCode::SUCCESS;
        }
        chapter(&format!("Not as promised: {}.", broken.join("; ")));
        ExitCode::FAILURE
    }
}
