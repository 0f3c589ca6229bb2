//! Takes an event stream apart
//! ([HTML §9.2.6](https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation)).

use std::fmt;
use std::time::Duration;

use bytes::{Buf, Bytes};

/// An event, its data still a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawEvent {
    /// What its `event` field says; empty where it has none.
    pub(crate) name: String,
    pub(crate) data: String,
}

/// More than one event may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a shorter event")
    }
}

/// A parser that is fed with a chunk at a time and gives the events that are complete.
#[derive(Debug)]
pub(crate) struct EventParser {
    limit: usize,
    chunk: Bytes,
    line: Vec<u8>,
    /// Whether the last line ended in a carriage return, which a line feed may follow.
    skips_line_feed: bool,
    is_begun: bool,
    name: String,
    data: String,
    /// The `id` of the event that is being read, until that is complete.
    id: String,
    last_id: String,
    retry: Option<Duration>,
}

impl EventParser {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            chunk: Bytes::new(),
            line: Vec::new(),
            skips_line_feed: false,
            is_begun: false,
            name: String::new(),
            data: String::new(),
            id: String::new(),
            last_id: String::new(),
            retry: None,
        }
    }

    pub(crate) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Returns the id of the last event that had one; a stream that is resumed begins after it.
    pub(crate) fn last_id(&self) -> &str {
        &self.last_id
    }

    /// Returns how long the server asks to wait before a stream is resumed.
    pub(crate) const fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Begins another stream: what wasn't complete is forgotten, the last id isn't.
    pub(crate) fn restart(&mut self) {
        let next = Self::new(self.limit);
        *self = Self {
            id: self.last_id.clone(),
            last_id: std::mem::take(&mut self.last_id),
            retry: self.retry,
            ..next
        };
    }

    /// Takes a chunk; the events of the one before must have been taken.
    pub(crate) fn feed(&mut self, chunk: Bytes) {
        self.chunk = chunk;
    }

    /// Returns the next event, if it is complete.
    pub(crate) fn next(&mut self) -> Result<Option<RawEvent>, TooLong> {
        while self.take_line()? {
            let line = std::mem::take(&mut self.line);
            if line.is_empty() {
                if let Some(event) = self.dispatch() {
                    return Ok(Some(event));
                }
            } else {
                self.field(&String::from_utf8_lossy(&line));
            }
        }
        Ok(None)
    }

    /// Moves the bytes of a line from the chunk; returns whether it is complete.
    fn take_line(&mut self) -> Result<bool, TooLong> {
        if self.skips_line_feed && !self.chunk.is_empty() {
            self.skips_line_feed = false;
            if self.chunk[0] == b'\n' {
                self.chunk.advance(1);
            }
        }
        let end = self
            .chunk
            .iter()
            .position(|byte| matches!(byte, b'\r' | b'\n'));
        let length = end.unwrap_or(self.chunk.len());
        if self.line.len() + self.data.len() + length > self.limit {
            return Err(TooLong);
        }
        self.line.extend_from_slice(&self.chunk.split_to(length));
        let Some(_) = end else {
            return Ok(false);
        };
        self.skips_line_feed = self.chunk.get_u8() == b'\r';
        if !self.is_begun {
            self.is_begun = true;
            if self.line.starts_with(b"\xef\xbb\xbf") {
                self.line.drain(..3);
            }
        }
        Ok(true)
    }

    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                let milliseconds = value.parse().unwrap_or(u64::MAX);
                self.retry = Some(Duration::from_millis(milliseconds));
            }
            // A comment has an empty name; other fields are ignored.
            _ => {}
        }
    }

    /// Ends an event; one without data is none.
    fn dispatch(&mut self) -> Option<RawEvent> {
        self.id.clone_into(&mut self.last_id);
        let name = std::mem::take(&mut self.name);
        let mut data = std::mem::take(&mut self.data);
        data.pop()?;
        Some(RawEvent { name, data })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(parser: &mut EventParser, chunks: &[&[u8]]) -> Vec<RawEvent> {
        let mut events = Vec::new();
        for chunk in chunks {
            parser.feed(Bytes::copy_from_slice(chunk));
            while let Some(event) = parser.next().expect("short events") {
                events.push(event);
            }
        }
        events
    }

    fn events(text: &str) -> Vec<(String, String)> {
        let events = all(&mut EventParser::new(1000), &[text.as_bytes()]);
        events
            .into_iter()
            .map(|event| (event.name, event.data))
            .collect()
    }

    fn pair(name: &str, data: &str) -> (String, String) {
        (name.to_owned(), data.to_owned())
    }

    /// The examples of HTML §9.2.6.
    #[test]
    fn the_examples_of_the_specification_hold() {
        assert_eq!(
            events("data: YHOO\ndata: +2\ndata: 10\n\n"),
            [pair("", "YHOO\n+2\n10")]
        );
        let text = ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n";
        let mut parser = EventParser::new(1000);
        let found = all(&mut parser, &[text.as_bytes(), b"\n"]);
        let data: Vec<_> = found.iter().map(|event| event.data.as_str()).collect();
        assert_eq!(data, ["first event", "second event", " third event"]);
        assert_eq!(parser.last_id(), "");
        assert_eq!(
            events("data\n\ndata\ndata\n\ndata:"),
            [pair("", ""), pair("", "\n")]
        );
        assert_eq!(
            events("data:test\n\ndata: test\n\n"),
            [pair("", "test"), pair("", "test")]
        );
    }

    #[test]
    fn lines_end_in_any_way_and_a_mark_at_the_start_is_skipped() {
        let expected = [pair("add", "1"), pair("", "2")];
        for end in ["\n", "\r", "\r\n"] {
            let text = "\u{feff}event: add|data: 1||data: 2||".replace('|', end);
            assert_eq!(events(&text), expected, "{end:?}");
        }
    }

    #[test]
    fn an_event_without_data_sets_the_id_and_nothing_else() {
        let mut parser = EventParser::new(1000);
        let text = "event: ping\nid: 7\nretry: 250\n\nid: 8\0\nretry: soon\ndata: a\n\n";
        let found = all(&mut parser, &[text.as_bytes()]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "");
        assert_eq!(parser.last_id(), "7");
        assert_eq!(parser.retry(), Some(Duration::from_millis(250)));
    }

    #[test]
    fn what_was_not_complete_is_forgotten_with_its_id() {
        let mut parser = EventParser::new(1000);
        all(&mut parser, &[b"id: 1\ndata: a\n\nid: 2\ndata: b\n"]);
        parser.restart();
        assert_eq!(parser.last_id(), "1");
        let found = all(&mut parser, &[b"data: c\n\n"]);
        assert_eq!(found[0].data, "c");
        assert_eq!(parser.last_id(), "1");
    }

    #[test]
    fn an_event_that_is_too_long_is_an_error() {
        let mut parser = EventParser::new(10);
        parser.feed(Bytes::from_static(b"data: 1\n"));
        assert_eq!(parser.next(), Ok(None));
        parser.feed(Bytes::from_static(b"data: 345"));
        assert_eq!(parser.next(), Err(TooLong));
        let mut parser = EventParser::new(10);
        parser.feed(Bytes::from_static(b"data: 345678901"));
        assert_eq!(parser.next(), Err(TooLong));
    }

    proptest! {
        #[test]
        fn how_a_stream_is_cut_makes_no_difference(
            text in "(data|id|event|retry|:|: |\r|\n|\r\n|\u{feff}|[a-z0-9é]){0,60}",
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let whole = all(&mut EventParser::new(10_000), &[text.as_bytes()]);
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let chunks: Vec<_> = cuts.windows(2).map(|cut| &text.as_bytes()[cut[0]..cut[1]]).collect();
            prop_assert_eq!(all(&mut EventParser::new(10_000), &chunks), whole);
        }
    }
}
