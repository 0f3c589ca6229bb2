//! What is wrong with connection settings.

use std::error::Error;
use std::fmt;

/// Connection settings that are missing or unusable: all of them at once, each with the places where
/// it can be set.
#[derive(Debug, Clone)]
pub struct SettingsError(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    api: &'static str,
    problems: Vec<Problem>,
}

/// One setting that is missing or unusable. The message never holds the value of a sensitive one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) setting: String,
    pub(crate) message: String,
    pub(crate) is_missing: bool,
}

impl Problem {
    pub(crate) fn missing(setting: &str, places: &str) -> Self {
        Self {
            setting: setting.to_owned(),
            message: format!("missing; {places}"),
            is_missing: true,
        }
    }

    pub(crate) fn unusable(setting: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            setting: setting.into(),
            message: message.into(),
            is_missing: false,
        }
    }
}

impl SettingsError {
    pub(crate) fn new(api: &'static str, problems: Vec<Problem>) -> Self {
        Self(Box::new(Inner { api, problems }))
    }

    /// Returns the names of the required settings that have no value, such as `client_secret`.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.named(true)
    }

    /// Returns the names of the settings whose values can't be used.
    pub fn unusable(&self) -> impl Iterator<Item = &str> {
        self.named(false)
    }

    fn named(&self, is_missing: bool) -> impl Iterator<Item = &str> {
        let problems = self.0.problems.iter();
        problems
            .filter(move |problem| problem.is_missing == is_missing)
            .map(|problem| problem.setting.as_str())
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the connection settings of `{}` can't be used",
            self.0.api
        )?;
        for problem in &self.0.problems {
            write!(f, "\n  `{}`: {}", problem.setting, problem.message)?;
        }
        Ok(())
    }
}

impl Error for SettingsError {}
