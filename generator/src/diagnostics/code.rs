//! The kinds of diagnostic.

use std::fmt;

/// Defines the kinds: each needs a page, `explain/<name>.md`.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $name:literal,)*) => {
        /// The stable name of a kind of diagnostic, such as `unresolved-reference`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $code,)*
        }

        impl Code {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            /// Returns the name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)*
                }
            }

            /// Returns a page in Markdown: what the kind means, and the way out.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self {
                    $(Self::$code => include_str!(concat!("../../explain/", $name, ".md")),)*
                }
            }
        }
    };
}

codes! {
    /// What cargo tells a build script is missing.
    NoBuildScript = "no-build-script",
    /// The file `accredit.toml`, or an option of the library, isn't as it has to be.
    InvalidConfig = "invalid-config",
    /// A name that can't be a crate's.
    InvalidName = "invalid-name",
    /// A file can't be read.
    UnreadableFile = "unreadable-file",
    /// A text is neither JSON nor YAML.
    InvalidSyntax = "invalid-syntax",
    /// A document is no OpenAPI description.
    NotOpenApi = "not-openapi",
    /// A version of OpenAPI that isn't read yet.
    UnsupportedVersion = "unsupported-version",
    /// A document has no paths.
    NoPaths = "no-paths",
    /// A part doesn't have the shape that the specification asks for; only that part is lost.
    InvalidPart = "invalid-part",
    /// A `$ref` that leads nowhere.
    UnresolvedReference = "unresolved-reference",
    /// A `$ref` that leads back to itself.
    ReferenceCycle = "reference-cycle",
    /// A mistake with one plausible meaning, which was taken.
    Mended = "mended",
    /// A construct that can't be generated faithfully yet; what is generated instead is said.
    Unsupported = "unsupported",
    /// No security scheme has a `clientCredentials` flow.
    NoClientCredentials = "no-client-credentials",
    /// A token URL that can't be used as it is.
    UnusableTokenUrl = "unusable-token-url",
    /// The server that calls go to has no absolute URL.
    NoBaseUrl = "no-base-url",
    /// A security requirement names a scheme that isn't declared.
    UnknownSecurityScheme = "unknown-security-scheme",
    /// Schemas that are to hold together contradict each other.
    Contradiction = "contradiction",
    /// Alternatives of a union that no value tells apart.
    AmbiguousUnion = "ambiguous-union",
    /// A type of which no finite value exists.
    InfiniteType = "infinite-type",
    /// A name that is asked for and can't be given.
    UnusableName = "unusable-name",
    /// An example or a default that isn't what its own schema describes; no test is made of it.
    ExampleContradictsSchema = "example-contradicts-schema",
    /// A pattern that is no regular expression; it isn't checked.
    UnusablePattern = "unusable-pattern",
    /// An example has properties that its schema doesn't declare; they are ignored.
    UndeclaredProperty = "undeclared-property",
    /// A selector, or the target of an overlay, that matches nothing.
    UnmatchedSelector = "unmatched-selector",
    /// An overlay that can't be applied.
    InvalidOverlay = "invalid-overlay",
    /// An output directory that holds files which weren't generated.
    ForeignOutput = "foreign-output",
    /// Generated files that people edited.
    EditedOutput = "edited-output",
    /// An output directory that doesn't hold what generation gives.
    StaleOutput = "stale-output",
    /// A change after which code that calls the crate may no longer compile.
    BreakingChange = "breaking-change",
    /// A file can't be written.
    UnwritableFile = "unwritable-file",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use super::*;

    #[test]
    fn every_code_has_a_page_with_a_way_out_and_every_page_a_code() {
        let mut pages = BTreeSet::new();
        for code in Code::ALL {
            let page = code.explanation();
            let title = page.lines().next().unwrap_or_default();
            assert!(
                title.starts_with("# ") && title.ends_with(&format!("[{code}]")),
                "{code}"
            );
            assert!(page.contains("\n## The way out\n\n"), "{code}");
            pages.insert(format!("{code}.md"));
        }
        let files = fs::read_dir("explain").expect("the pages").map(|entry| {
            let name = entry.expect("a page").file_name();
            name.into_string().expect("UTF-8")
        });
        assert_eq!(files.collect::<BTreeSet<_>>(), pages);
    }
}
