//! Clients generated from the fixtures of the generator.

macro_rules! features {
    ($($feature:ident)*) => {
        $(
            /// A generated client.
            pub mod $feature {
                include!(concat!(env!("OUT_DIR"), "/", stringify!($feature), ".rs"));
            }
        )*
    };
}

features! {
    binary
    constraints
    constructs
    contents
    forms
    formats
    methods
    multipart
    numbers
    pages
    polling
    query_string
    random
    response_headers
    security_schemes
    servers
    streams
    xml
}
