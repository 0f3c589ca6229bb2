//! Lists that come page by page: the pages of a call as a stream, and their items.

pub(crate) mod find;
mod link;
mod pager;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_util::Stream;

use self::pager::Pager;
use crate::call::{Decode, Sending};
use crate::client::ClientCore;
use crate::error::Error;
use crate::request::Draft;

/// The pages of a list, each asked for when it is wanted: a [`Stream`], and [`Pages::next`] for those
/// who have no need of one.
///
/// Every page is a call of its own, with the settings of the first: token, replay and retries. The
/// stream ends with the last page, or with an error. A page that leads back to an earlier one is an
/// error, and so is one that leads to another origin than those of the client: it would see the
/// client's credentials.
#[must_use = "no page is asked for until it is wanted"]
pub struct Pages<'a, T> {
    core: &'a ClientCore,
    pager: Pager,
    decode: Decode<T>,
    sending: Option<Sending<'a, T>>,
}

impl<'a, T> Pages<'a, T> {
    pub(crate) fn new(core: &'a ClientCore, draft: Box<Draft>, decode: Decode<T>) -> Self {
        Self {
            core,
            pager: Pager::new(draft),
            decode,
            sending: None,
        }
    }

    /// Begins where another stream stopped: at what its [`Pages::position`] was.
    pub fn resume_at(mut self, position: &str) -> Self {
        self.pager.resume(position);
        self
    }

    /// Sets how many pages are asked for, 10,000 unless set; if there are more, the stream ends with
    /// an error.
    pub fn max_pages(mut self, most: u32) -> Self {
        self.pager.limit(most);
        self
    }

    /// Returns what the next page is asked for by: a cursor, a number or a URL. `None` at the first
    /// page, and after the last one; after an error it is that of the page that didn't come.
    #[must_use]
    pub fn position(&self) -> Option<&str> {
        self.pager.position()
    }

    /// Returns the next page; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Returns the items of the pages, which `take` takes out of each.
    pub fn items<I>(self, take: fn(T) -> Vec<I>) -> Items<'a, T, I> {
        Items {
            pages: self,
            take,
            unread: Vec::new().into_iter(),
            position: None,
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        let sending = match &mut self.sending {
            Some(sending) => sending,
            None => match self.pager.request(self.core) {
                Some(Ok(draft)) => {
                    let sending = Sending::new(self.core, draft, self.decode);
                    self.sending.insert(sending)
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            },
        };
        let outcome = ready!(Pin::new(sending).poll(context));
        self.sending = None;
        if let Ok(response) = &outcome {
            self.pager.turn(response.answer());
        }
        Poll::Ready(Some(outcome.map(crate::Response::into_body)))
    }
}

impl<T> Stream for Pages<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

impl<T> fmt::Debug for Pages<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("pager", &self.pager)
            .finish_non_exhaustive()
    }
}

/// The items of a list that comes page by page, each page asked for when it is wanted: a [`Stream`],
/// and [`Items::next`] for those who have no need of one.
#[must_use = "no page is asked for until an item is wanted"]
pub struct Items<'a, T, I> {
    pages: Pages<'a, T>,
    take: fn(T) -> Vec<I>,
    unread: vec::IntoIter<I>,
    /// The position of the page that `unread` is of.
    position: Option<String>,
}

impl<T, I> Items<'_, T, I> {
    /// Begins where another stream stopped: at what its [`Items::position`] was.
    pub fn resume_at(mut self, position: &str) -> Self {
        self.pages = self.pages.resume_at(position);
        self
    }

    /// Sets how many pages are asked for, 10,000 unless set; if there are more, the stream ends with
    /// an error.
    pub fn max_pages(mut self, most: u32) -> Self {
        self.pages = self.pages.max_pages(most);
        self
    }

    /// Returns the position of the page that the next item is of; see [`Pages::position`]. Who
    /// resumes there in the midst of a page sees its first items again.
    #[must_use]
    pub fn position(&self) -> Option<&str> {
        if self.unread.len() > 0 {
            self.position.as_deref()
        } else {
            self.pages.position()
        }
    }

    /// Returns the next item; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<I, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Returns all items that are left.
    pub async fn all(mut self) -> Result<Vec<I>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
            all.extend(self.unread.by_ref());
        }
        Ok(all)
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<I, Error>>> {
        loop {
            if let Some(item) = self.unread.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let position = self.pages.position().map(str::to_owned);
            match ready!(self.pages.poll(context)) {
                Some(Ok(page)) => {
                    self.unread = (self.take)(page).into_iter();
                    self.position = position;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

// Nothing is pinned: items are handed out, not polled.
impl<T, I> Unpin for Items<'_, T, I> {}

impl<T, I> Stream for Items<'_, T, I> {
    type Item = Result<I, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

impl<T, I> fmt::Debug for Items<'_, T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("items", &self.unread.len())
            .finish_non_exhaustive()
    }
}
