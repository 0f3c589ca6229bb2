//! Which page comes next, and whether it may be asked for; the same for all types.

use std::fmt;

use serde::Deserialize;

use super::find::{Length, find};
use super::link;
use crate::client::ClientCore;
use crate::error::Error;
use crate::json::Json;
use crate::paging::{Next, Paging};
use crate::request::Draft;
use crate::request_error::RequestError;
use crate::response::{Answer, Effort};

/// Pages that are asked for unless a caller wants more: enough for any list that a program reads, few
/// enough that a server which never comes to an end is noticed.
const MOST_PAGES: u32 = 10_000;

/// The state between two pages.
pub(super) struct Pager {
    draft: Box<Draft>,
    /// What the next page is asked for by; `None` for the first.
    position: Option<String>,
    left: u32,
    most: u32,
    seen: Landmark,
    state: State,
}

enum State {
    Ready,
    /// The next page can't be asked for.
    Fault(Error),
    Done,
}

impl Pager {
    pub(super) fn new(draft: Box<Draft>) -> Self {
        Self {
            draft,
            position: None,
            left: MOST_PAGES,
            most: MOST_PAGES,
            seen: Landmark::default(),
            state: State::Ready,
        }
    }

    pub(super) fn resume(&mut self, position: &str) {
        self.position = Some(position.to_owned());
    }

    pub(super) fn limit(&mut self, most: u32) {
        (self.left, self.most) = (most, most);
    }

    pub(super) fn position(&self) -> Option<&str> {
        self.position.as_deref()
    }

    /// Returns the request of the next page; `None` after the last.
    pub(super) fn request(&mut self, core: &ClientCore) -> Option<Result<Box<Draft>, Error>> {
        // Whatever goes wrong is the last that comes; the position is left for another attempt.
        let request = match std::mem::replace(&mut self.state, State::Done) {
            State::Done => return None,
            State::Fault(error) => Err(error),
            State::Ready if self.left == 0 => {
                Err(self.fault(RequestError::TooManyPages(self.most)))
            }
            State::Ready => self.next_request(core).map_err(|error| self.fault(error)),
        };
        self.left = self.left.saturating_sub(1);
        Some(request)
    }

    fn fault(&self, error: RequestError) -> Error {
        Error::unsent(error).during(self.draft.operation, Effort::default())
    }

    fn next_request(&mut self, core: &ClientCore) -> Result<Box<Draft>, RequestError> {
        if let (Some(position), Some(paging)) = (&self.position, self.draft.operation.paging) {
            match paging.next {
                Next::Cursor { parameter, .. }
                | Next::Offset { parameter, .. }
                | Next::Number { parameter, .. } => self.draft.set_query(parameter, position),
                Next::Header | Next::Url { .. } | Next::Links { .. } => {
                    let before = self.draft.location(core.base_url(self.draft.operation))?;
                    let url = before.join(position).map_err(|_| RequestError::PageUrl)?;
                    // The first page is where the client's credentials may go; so is each that follows.
                    if !core.is_trusted(&url, &before) {
                        return Err(RequestError::ForeignPage);
                    }
                    self.draft.at = Some(url);
                }
            }
        }
        Ok(self.draft.clone())
    }

    /// Finds out which page follows one that has come.
    pub(super) fn turn(&mut self, answer: &Answer) {
        let paging = self.draft.operation.paging;
        self.position = paging.and_then(|paging| self.next(&paging, answer));
        self.state = match &self.position {
            None => State::Done,
            Some(position) if self.seen.passes(position) => {
                State::Fault(self.fault(RequestError::RepeatedPage))
            }
            Some(_) => State::Ready,
        };
    }

    fn next(&self, paging: &Paging, answer: &Answer) -> Option<String> {
        let body = answer.body();
        if paging.more.and_then(|at| find::<bool>(body, at)) == Some(false) {
            return None;
        }
        let length = || find(body, paging.items).map_or(0, |Length(length)| length);
        match paging.next {
            Next::Cursor { at, .. } | Next::Url { at } => text(find(body, at)?),
            Next::Header => link::next(answer.headers()).map(str::to_owned),
            Next::Links { at } => {
                let links: Vec<Link> = find(body, at)?;
                let next = links.into_iter().find(|link| link.rel == "next");
                next.map(|link| link.href)
            }
            Next::Offset { parameter, first } => {
                let length = Some(length()).filter(|length| *length > 0)?;
                self.counted(parameter, first, length)
            }
            Next::Number { parameter, first } => {
                Some(length()).filter(|length| *length > 0)?;
                self.counted(parameter, first, 1)
            }
        }
    }

    /// Adds to a parameter that counts: to what the call has set, or else to where the count begins.
    fn counted(&self, parameter: &str, first: u64, step: u64) -> Option<String> {
        let current = match self.draft.query_value(parameter) {
            Some(set) => set.parse().ok()?,
            None => first,
        };
        current.checked_add(step).map(|next| next.to_string())
    }
}

impl fmt::Debug for Pager {
    /// Doesn't print the position: a URL can hold what must not be seen.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("draft", &self.draft)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

/// A link as hypermedia formats write it.
#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    rel: String,
    #[serde(default)]
    href: String,
}

/// Returns a cursor or a URL: text that isn't empty, or a number.
fn text(value: Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

/// Notices positions that come back, however long the way around, by remembering a single one: that
/// after 1, 2, 4, 8 … pages (R. P. Brent, "An improved Monte Carlo factorization algorithm", 1980).
#[derive(Default)]
struct Landmark {
    position: Option<String>,
    steps: u32,
    until: u32,
}

impl Landmark {
    /// Returns whether the position is the one that is remembered.
    fn passes(&mut self, position: &str) -> bool {
        if self.position.as_deref() == Some(position) {
            return true;
        }
        self.steps += 1;
        if self.steps > self.until {
            self.until = self.until.saturating_mul(2).max(1);
            self.steps = 0;
            self.position = Some(position.to_owned());
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_that_comes_back_is_noticed_however_long_the_way_around() {
        for (lead, around) in [(0, 1), (0, 2), (3, 1), (5, 7), (100, 1000)] {
            let mut seen = Landmark::default();
            let mut steps = 0;
            let mut position = 0;
            while !seen.passes(&position.to_string()) {
                steps += 1;
                position += 1;
                if position == lead + around {
                    position = lead;
                }
                assert!(
                    steps < 4 * (lead + around) + 4,
                    "{lead} and around {around}"
                );
            }
            assert!(steps >= around, "{lead} and around {around}");
        }
    }

    #[test]
    fn positions_that_go_on_are_never_taken_for_others() {
        let mut seen = Landmark::default();
        assert!((0..10_000).all(|position| !seen.passes(&position.to_string())));
    }
}
