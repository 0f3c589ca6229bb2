//! The API and the authorization server, as far as a token cache can tell.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use accredit_runtime::{AccessToken, Clock, Issue, IssuedToken, Moment, Sleep, TokenSource};
use http::StatusCode;
use tokio::time::{Instant, sleep};

use crate::outcome::Outcome;
use crate::workload::Workload;

/// How long the API takes to answer.
pub(crate) const CALL: Duration = Duration::from_millis(50);

/// How long the token endpoint takes to answer.
const TOKEN: Duration = Duration::from_millis(100);

const LIFETIME: Duration = Duration::from_secs(3600);

/// The wall clock at the beginning.
const START: Duration = Duration::from_secs(1_700_000_000);

/// An API with its authorization server; clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct World(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    workload: Workload,
    started: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When each token was issued, by its number.
    issued: Vec<Instant>,
    /// How many of them are revoked.
    revoked: usize,
    outcome: Outcome,
}

/// One answer of the API.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Whether it would be another with a good token.
    pub(crate) is_wrong: bool,
}

impl World {
    pub(crate) fn new(workload: Workload) -> Self {
        Self(Arc::new(Shared {
            workload,
            started: Instant::now(),
            state: Mutex::default(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Revokes all tokens that were issued so far.
    pub(crate) fn revoke(&self) {
        let mut state = self.state();
        state.revoked = state.issued.len();
    }

    pub(crate) fn outcome(&self) -> Outcome {
        self.state().outcome
    }

    /// Counts a call by its first and its last answer.
    pub(crate) fn count(&self, (first, last): (Answer, Answer), took: Duration) {
        let outcome = &mut self.state().outcome;
        let added = took.saturating_sub(CALL);
        outcome.calls += 1;
        outcome.saved += u64::from(first.is_wrong && !last.is_wrong);
        outcome.wrong += u64::from(last.is_wrong);
        outcome.added += added;
        outcome.most_added = outcome.most_added.max(added);
    }

    /// Answers a request that carries a token.
    pub(crate) async fn answer(&self, token: usize, is_missing: bool) -> Answer {
        sleep(CALL / 2).await;
        let answer = self.judge(token, is_missing);
        sleep(CALL / 2).await;
        answer
    }

    fn judge(&self, token: usize, is_missing: bool) -> Answer {
        let workload = &self.0.workload;
        let mut state = self.state();
        state.outcome.sends += 1;
        let honest = |status| Answer {
            status,
            is_wrong: false,
        };
        let wrong = |status| Answer {
            status,
            is_wrong: true,
        };
        let now = self.0.started.elapsed();
        if let Some((every, lasting)) = workload.throttling
            && now.as_nanos() % every.as_nanos() < lasting.as_nanos()
        {
            return honest(StatusCode::FORBIDDEN);
        }
        if token < state.revoked {
            return wrong(workload.revoked);
        }
        match workload.lag {
            Some((lag, status)) if state.issued[token].elapsed() < lag => wrong(status),
            _ if is_missing => honest(StatusCode::NOT_FOUND),
            _ => honest(StatusCode::OK),
        }
    }

    /// Issues a token and returns its number.
    pub(crate) async fn issue_number(&self) -> usize {
        self.state().outcome.tokens += 1;
        sleep(TOKEN).await;
        let mut state = self.state();
        state.issued.push(Instant::now());
        state.issued.len() - 1
    }

    /// Returns the number of a token.
    pub(crate) fn number(token: &AccessToken) -> usize {
        let header = token.header();
        let text = header.to_str().unwrap_or_default();
        let number = text.strip_prefix("Bearer ");
        number.and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

impl TokenSource for World {
    fn issue(&self) -> Issue<'_> {
        Box::pin(async move {
            let number = self.issue_number().await;
            IssuedToken::bearer(&number.to_string()).map(|token| token.lifetime(LIFETIME))
        })
    }
}

impl Clock for World {
    fn now(&self) -> Moment {
        let elapsed = self.0.started.elapsed();
        Moment::new(elapsed, START + elapsed)
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(sleep(duration))
    }
}
