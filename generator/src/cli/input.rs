//! The options that say what is read of documents: the same for each command that reads some.

use std::path::PathBuf;

use clap::Args;

use crate::config::{Config, Selector};

/// What is read of the documents.
#[derive(Debug, Args)]
pub(super) struct Input {
    /// Takes only the operations that match: `tag:orders`, `path:/v2/**`, `id:orders.get`, `method:GET`.
    ///
    /// Can be repeated. `*` stands for anything but `/`, `**` for anything. Types that only other
    /// operations need aren't generated.
    #[arg(long, value_name = "SELECTOR")]
    include: Vec<Selector>,

    /// Leaves out the operations that match.
    #[arg(long, value_name = "SELECTOR")]
    exclude: Vec<Selector>,

    /// Mends the documents by an overlay (OpenAPI Overlay 1.0 or 1.1) before they are read.
    ///
    /// Can be repeated; they are applied in their order.
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,

    /// Lets references lead into a directory beside those of the documents.
    #[arg(long, value_name = "DIR")]
    root: Vec<PathBuf>,

    /// Lets references lead to other hosts: at most 64 files, 32 MiB and 30 seconds in all.
    #[cfg(feature = "remote")]
    #[arg(long)]
    allow_remote: bool,
}

impl Input {
    pub(super) fn apply(self, config: Config) -> Config {
        let config = self.include.into_iter().fold(config, Config::include);
        let config = self.exclude.into_iter().fold(config, Config::exclude);
        let config = self.overlay.into_iter().fold(config, Config::overlay);
        let config = self.root.into_iter().fold(config, Config::root);
        #[cfg(feature = "remote")]
        let config = config.allow_remote(self.allow_remote);
        config
    }
}
