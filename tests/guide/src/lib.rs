//! The snippets of the guide, compiled as documentation tests against clients of small documents.

/// A client of `examples/orders.yaml`.
pub mod orders {
    include!(concat!(env!("OUT_DIR"), "/client-of-orders.rs"));
}

/// A client of an API of files.
pub mod files {
    include!(concat!(env!("OUT_DIR"), "/client-of-files.rs"));
}

/// A client of an API whose operations go on after their answer.
pub mod jobs {
    include!(concat!(env!("OUT_DIR"), "/client-of-jobs.rs"));
}

/// A client of an API whose lists come page by page.
pub mod lists {
    include!(concat!(env!("OUT_DIR"), "/client-of-lists.rs"));
}

/// Pages of the guide, each as the documentation of a type.
macro_rules! pages {
    ($($page:ident: $path:literal),* $(,)?) => {$(
        #[cfg(doctest)]
        #[doc = include_str!(concat!("../../../guide/src/", $path, ".md"))]
        struct $page;
    )*};
}

pages! {
    Tutorial: "tutorial",
    Bodies: "how-to/bodies",
    BuildScripts: "how-to/build-scripts",
    Credentials: "how-to/credentials",
    Environments: "how-to/environments",
    LongRunning: "how-to/long-running",
    Mending: "how-to/mending",
    Pages: "how-to/pages",
    Retries: "how-to/retries",
    Scopes: "how-to/scopes",
    Sharing: "how-to/sharing",
    StepUp: "how-to/step-up",
    Tenants: "how-to/tenants",
    Testing: "how-to/testing",
    TokensAlone: "how-to/tokens-alone",
    Upgrading: "how-to/upgrading",
    Tokens: "explanation/tokens",
}

#[cfg(test)]
mod readme;
