//! `accredit explain`: a page about a code.

use clap::Args;

use super::voice::print;
use crate::diagnostics::Code;

/// Says what a code of a diagnostic means, and the way out.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code, as in `warning[mended]`.
    #[arg(value_parser = parse_code)]
    code: Code,
}

impl Explain {
    pub(super) fn run(&self) {
        print(self.code.explanation());
    }
}

fn parse_code(name: &str) -> Result<Code, String> {
    let found = Code::ALL.iter().find(|code| code.as_str() == name);
    found.copied().ok_or_else(|| {
        let names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        format!("there is no such code; there are: {}", names.join(", "))
    })
}
