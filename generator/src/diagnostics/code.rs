//! The kinds of diagnostic.

use std::fmt;

/// The stable name of a kind of diagnostic, such as `unresolved-reference`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// What cargo tells a build script is missing.
    NoBuildScript,
    /// A name that can't be a crate's.
    InvalidName,
    /// A file can't be read.
    UnreadableFile,
    /// A text is neither JSON nor YAML.
    InvalidSyntax,
    /// A document is no OpenAPI description.
    NotOpenApi,
    /// A version of OpenAPI that isn't read yet.
    UnsupportedVersion,
    /// A document has no paths.
    NoPaths,
    /// A part doesn't have the shape that the specification asks for; only that part is lost.
    InvalidPart,
    /// A `$ref` that leads nowhere.
    UnresolvedReference,
    /// A `$ref` that leads back to itself.
    ReferenceCycle,
    /// A mistake with one plausible meaning, which was taken.
    Mended,
    /// A construct that can't be generated faithfully yet; what is generated instead is said.
    Unsupported,
    /// No security scheme has a `clientCredentials` flow.
    NoClientCredentials,
    /// A token URL that can't be used as it is.
    UnusableTokenUrl,
    /// A security requirement names a scheme that isn't declared.
    UnknownSecurityScheme,
    /// Schemas that are to hold together contradict each other.
    Contradiction,
    /// Alternatives of a union that no value tells apart.
    AmbiguousUnion,
    /// A type of which no finite value exists.
    InfiniteType,
    /// An example or a default that isn't what its own schema describes; no test is made of it.
    ExampleContradictsSchema,
    /// An example has properties that its schema doesn't declare; they are ignored.
    UndeclaredProperty,
    /// An output directory that holds files which weren't generated.
    ForeignOutput,
    /// A file can't be written.
    UnwritableFile,
}

impl Code {
    /// Returns the name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoBuildScript => "no-build-script",
            Self::InvalidName => "invalid-name",
            Self::UnreadableFile => "unreadable-file",
            Self::InvalidSyntax => "invalid-syntax",
            Self::NotOpenApi => "not-openapi",
            Self::UnsupportedVersion => "unsupported-version",
            Self::NoPaths => "no-paths",
            Self::InvalidPart => "invalid-part",
            Self::UnresolvedReference => "unresolved-reference",
            Self::ReferenceCycle => "reference-cycle",
            Self::Mended => "mended",
            Self::Unsupported => "unsupported",
            Self::NoClientCredentials => "no-client-credentials",
            Self::UnusableTokenUrl => "unusable-token-url",
            Self::UnknownSecurityScheme => "unknown-security-scheme",
            Self::Contradiction => "contradiction",
            Self::AmbiguousUnion => "ambiguous-union",
            Self::InfiniteType => "infinite-type",
            Self::ExampleContradictsSchema => "example-contradicts-schema",
            Self::UndeclaredProperty => "undeclared-property",
            Self::ForeignOutput => "foreign-output",
            Self::UnwritableFile => "unwritable-file",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
