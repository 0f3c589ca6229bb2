//! What is wrong with connection settings.

use std::error::Error;
use std::fmt;

/// A failure of the connection settings: every missing or unusable setting, with the places where
/// it can be set.
#[derive(Debug, Clone)]
pub struct SettingsError(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    api: &'static str,
    problems: Vec<Problem>,
}

/// One setting that is missing or unusable.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) setting: String,
    pub(crate) message: String,
    pub(crate) missing: bool,
}

impl SettingsError {
    pub(crate) fn new(api: &'static str, problems: Vec<Problem>) -> Self {
        Self(Box::new(Inner { api, problems }))
    }

    /// Returns the names of the required settings that have no value.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        let problems = self.0.problems.iter();
        problems
            .filter(|problem| problem.missing)
            .map(|problem| problem.setting.as_str())
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the connection settings of {} are incomplete or unusable",
            self.0.api
        )?;
        for problem in &self.0.problems {
            write!(f, "\n  {}: {}", problem.setting, problem.message)?;
        }
        Ok(())
    }
}

impl Error for SettingsError {}
