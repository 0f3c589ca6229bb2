//! Where the state of a long-running operation is asked for, as text that outlives a process.

use url::Url;

/// Where to ask, and where the result will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) at: Url,
    /// Whether what is there is for the state alone.
    pub(super) is_monitor: bool,
    pub(super) result: Option<Url>,
}

/// The words that a position begins with. URLs have no spaces.
const MONITOR: &str = "state";
const RESOURCE: &str = "resource";

impl Position {
    pub(super) fn to_text(&self) -> String {
        let kind = if self.is_monitor { MONITOR } else { RESOURCE };
        let mut text = format!("{kind} {}", self.at);
        if let Some(result) = &self.result {
            text.push(' ');
            text.push_str(result.as_str());
        }
        text
    }

    /// Reads what [`Position::to_text`] wrote; `None` for anything else.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let is_monitor = match words.next()? {
            MONITOR => true,
            RESOURCE => false,
            _ => return None,
        };
        let mut url = || words.next().map(Url::parse);
        let at = url()?.ok()?;
        let result = url().transpose().ok()?;
        let position = Self {
            at,
            is_monitor,
            result,
        };
        words.next().is_none().then_some(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_comes_back_from_its_text() {
        for text in [
            "state https://a.test/operations/7?v=1",
            "resource https://a.test/jobs/7 https://a.test/results/7",
        ] {
            let position = Position::of_text(text).expect("a position");
            assert_eq!(position.to_text(), text);
        }
    }

    #[test]
    fn another_text_is_no_position() {
        for text in [
            "",
            "state",
            "https://a.test/",
            "state /operations/7",
            "state https://a.test/ b",
            "state https://a.test/ https://b.test/ https://c.test/",
        ] {
            assert_eq!(Position::of_text(text), None, "{text}");
        }
    }
}
