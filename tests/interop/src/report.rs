//! The table: a feature, the server that it was tried against, and what came of it.

use std::process::ExitCode;

use anyhow::Result;

/// Who was asked.
pub(crate) const PROVIDER: &str = "oidc-provider";
pub(crate) const NGINX: &str = "nginx";
pub(crate) const FRONTED: &str = "oidc-provider behind nginx";
pub(crate) const MOCK: &str = "oauth2-mock-server";

#[derive(Debug, Default)]
pub(crate) struct Report {
    held: usize,
    broken: usize,
}

impl Report {
    pub(crate) fn begin() -> Self {
        println!("| feature | server | outcome |");
        println!("|--|--|--|");
        Self::default()
    }

    /// Adds a row: what was seen where it is as it should be, otherwise what is wrong.
    pub(crate) fn row(&mut self, feature: &str, server: &str, outcome: Result<String>) {
        let outcome = match outcome {
            Ok(seen) => {
                self.held += 1;
                format!("holds: {seen}")
            }
            Err(error) => {
                self.broken += 1;
                format!("**broken**: {error:#}")
            }
        };
        let outcome = outcome.replace(['|', '\n'], " ");
        println!("| {feature} | {server} | {outcome} |");
    }

    pub(crate) fn end(self) -> ExitCode {
        println!();
        println!("{} hold, {} are broken.", self.held, self.broken);
        if self.broken == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
