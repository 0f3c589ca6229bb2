//! How it is found out that long-running operations are done, where the document doesn't show it.

use toml::Spanned;
use toml::de::DeValue;

use super::key::keys;
use super::mistake::Reader;
use super::text::Text;
use super::value::{Shape, Value, choice};
use crate::config::{self, FinalState, Selector};

keys! {
    /// How what some operations start is asked for until it is done; one of `header`, `again` and `off`.
    Polling {
        /// The operations.
        "select" => select: Vec<Selector> = r#"["id:exports.create"]"#,

        /// The header of the answer that has the URL of the state.
        "header" => header: Text = r#""Location""#,

        /// The operation's own URL is asked, by `GET`.
        "again" => again: bool = "true",

        /// The operation isn't polled.
        "off" => off: bool = "true",

        /// Which property names the state: a JSON pointer into the body that is found at the URL.
        "state" => state: Text = r#""/status""#,

        /// The states that mean success; `succeeded` otherwise.
        "succeeded" => succeeded: Vec<Text> = r#"["done"]"#,

        /// The states that mean failure; `failed` and `canceled` otherwise.
        "failed" => failed: Vec<Text> = r#"["broken"]"#,

        /// Where the result is: where the header `Location` leads, or at the operation's own URL; in the
        /// last answer otherwise.
        "result" => result: FinalState = r#""location""#,

        /// The operation that gives the result: it ends in what that answers with.
        "operation" => operation: Text = r#""exports.get""#,
    }
}

/// What is said of how some operations are polled.
#[derive(Debug, Clone)]
pub(crate) struct Polled {
    pub(crate) select: Vec<Selector>,
    pub(crate) polling: config::Polling,
}

impl Value for Polled {
    fn shape() -> Shape {
        Polling::shape()
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let said: Polling = Value::read(value, reader)?;
        let select = reader.required(value, "select", said.select);
        let header = said.header.as_ref();
        let header = header.map(|name| config::Polling::header(&name.0));
        let again = said.again.filter(|said| *said);
        let off = said.off.filter(|said| *said);
        let mut polling = match (header, again, off) {
            (Some(by_header), None, None) => by_header,
            (None, Some(_), None) => config::Polling::again(),
            (None, None, Some(_)) => config::Polling::off(),
            _ => {
                let message = "expected one of `header`, `again` and `off`";
                reader.mistake(value.span(), message.to_owned());
                return None;
            }
        };
        let texts = |texts: Option<Vec<Text>>| texts.map(|texts| texts.into_iter().map(|it| it.0));
        if let Some(at) = said.state {
            polling = polling.state(&at.0);
        }
        if let Some(states) = texts(said.succeeded) {
            polling = polling.succeeded(states);
        }
        if let Some(states) = texts(said.failed) {
            polling = polling.failed(states);
        }
        polling.result = said.result.unwrap_or_default();
        polling.operation = said.operation.map(|id| id.0);
        Some(Self {
            select: select?,
            polling,
        })
    }
}

impl Value for FinalState {
    fn shape() -> Shape {
        Shape::Choice(vec!["location", "original-uri"])
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let places = [
            ("location", Self::Location),
            ("original-uri", Self::OriginalUri),
        ];
        choice(value, reader, places)
    }
}
