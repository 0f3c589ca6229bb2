//! An answer, as far as it has been read.

use std::time::Duration;

use bytes::BytesMut;
use tokio::time::timeout;

use super::Deadline;
use crate::response::Answer;
use crate::transport::{Fill, Incoming};

/// An answer, and whether redirects led to another origin. It is boxed as it goes from hand to hand.
pub(in crate::call) struct Received {
    pub(in crate::call) answer: Answer,
    pub(super) is_foreign: bool,
    /// Whether the server wants the nonce that it gave in the proof that goes with the token.
    pub(super) wants_nonce: bool,
    /// What is still to be read of it: of most answers nothing.
    pub(in crate::call) rest: Option<Box<Incoming>>,
}

/// As much of a failure's body is read before it is known whether the call is made again, and for so
/// long: another call is worth more than the rest of what it takes the place of.
const BEGINNING: usize = 16 * 1024;
const LONGEST_BEGINNING: Duration = Duration::from_secs(1);

/// As much of a failure's body as is kept.
const LONGEST_FAILURE: usize = 1024 * 1024;

impl Received {
    /// Reads the beginning of a failure.
    pub(super) async fn begin(&mut self, deadline: Deadline) {
        let mut body = BytesMut::new();
        let fill = timeout(LONGEST_BEGINNING, self.fill(&mut body, BEGINNING));
        let read = deadline.limit(fill).await;
        let read = read.and_then(Result::ok);
        self.keep(body, read.unwrap_or(Fill::More));
    }

    /// Reads what is left of a failure that stands, as far as it is kept.
    pub(super) async fn finish(&mut self, deadline: Deadline) {
        if self.rest.is_none() {
            return;
        }
        let mut body = BytesMut::from(self.answer.take_body());
        let read = deadline.limit(self.fill(&mut body, LONGEST_FAILURE)).await;
        let is_kept = body.len() <= LONGEST_FAILURE;
        body.truncate(LONGEST_FAILURE);
        self.keep(body, read.filter(|_| is_kept).unwrap_or(Fill::Broken));
    }

    async fn fill(&mut self, body: &mut BytesMut, enough: usize) -> Fill {
        match &mut self.rest {
            Some(rest) => rest.fill(body, enough).await,
            None => Fill::Whole,
        }
    }

    fn keep(&mut self, body: BytesMut, read: Fill) {
        self.answer.read(body.freeze(), read == Fill::Whole);
        if read != Fill::More {
            self.rest = None;
        }
    }
}
