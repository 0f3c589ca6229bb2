//! The keys. Another one is a field here, a line in [`super::apply`] and a fixture.

use std::path::PathBuf;

use super::key::keys;
use super::names::{ByName, Names, RustPath};
use super::paging::Paged;
use super::policies::Policies;
use super::polling::Polled;
use super::text::{
    AtMost, Author, Category, CrateName, Description, Document, Keyword, License, RustVersion, Url,
    Version,
};
use crate::config::{Formats, Runtime, Selector, Tolerance};

keys! {
    /// What a client is generated from, and how.
    Settings {
        /// The `OpenAPI` documents: files, directories of such, or URLs.
        ///
        /// Several make one crate with a module for each; a schema that they share is generated once.
        "documents" => documents: Vec<Document> = r#"["openapi.yaml"]"#,

        /// The directory of the generated crate; made where it is missing.
        ///
        /// A build script doesn't ask for it.
        "output" => output: PathBuf = r#""sdk""#,

        /// Overlays that mend the documents before they are read, in their order.
        "overlays" => overlays: Vec<PathBuf> = r#"["mends.yaml"]"#,

        /// Directories that references may lead into, beside those of the documents.
        "roots" => roots: Vec<PathBuf> = r#"["../shared"]"#,

        /// Lets references lead to other hosts: at most 64 files, 32 MiB and 30 seconds in all.
        "allow-remote" => allow_remote: bool = "true",

        /// Takes only the operations that one of the selectors matches.
        ///
        /// `*` stands for anything but `/`, `**` for anything. Types that only other operations need
        /// aren't generated.
        "include" => include: Vec<Selector> = r#"["tag:orders", "path:/v2/**"]"#,

        /// Leaves out the operations that one of the selectors matches.
        "exclude" => exclude: Vec<Selector> = r#"["method:DELETE", "id:orders.search"]"#,

        /// The formats of strings that become types; all unless something else is said.
        ///
        /// Their types keep the text as it came and read it when asked. What isn't listed is a string.
        "formats" => formats: Formats = r#"["date-time", "uuid"]"#,

        /// Has a `number` keep all its digits, unless its format is `float` or `double`.
        ///
        /// It is an `f64` otherwise, which has about 16. What is declared as `decimal`, and an `integer`
        /// whose bounds no 64 bits hold, keeps its digits anyway. A value of any type has those of an `f64`.
        "exact-numbers" => exact_numbers: bool = "true",

        /// Has a body that a document declares in JSON and in XML by the same schema go in both: it is sent
        /// as the caller chooses, and read by the `Content-Type` of the answer. It is JSON otherwise.
        "also-xml" => also_xml: bool = "true",

        /// What servers may send in place of what the documents say; nothing unless something is said.
        ///
        /// `quoted-values`: numbers, integers and booleans as strings, alone, in arrays and maps, and as
        /// variants of a union, unless another variant has the string. `empty-strings`: an empty string for
        /// a value that isn't there, where a property or a header may be absent or `null` and no string is its type.
        "tolerate" => tolerate: Vec<Tolerance> = r#"["quoted-values", "empty-strings"]"#,

        /// Makes warnings errors: a document that isn't generated as it stands is refused.
        "strict" => strict: bool = "true",

        /// Generates what can be understood although references lead nowhere or one of several documents
        /// can't be read; what is left out is a warning. Not together with `strict`.
        "keep-going" => keep_going: bool = "true",

        /// Also generates tests: every example of the documents survives reading and writing.
        "tests" => tests: bool = "true",

        /// Checks the constraints of the documents before a request is sent.
        ///
        /// That are `minimum`, `maxLength`, `pattern`, `uniqueItems` and their like, for parameters and for
        /// bodies of JSON, forms and XML. Without it, constraints are documentation.
        "validate" => validate: bool = "true",

        /// Puts the operations of each tag, with the types that only they need, behind a feature of the crate;
        /// all are on by default. Of several documents, each is behind one.
        ///
        /// There are none where `false` says so, for a single tag, where the features would be more than 300,
        /// which is what crates.io takes, and in a build script.
        "tag-features" => tag_features: bool = "false",

        /// Where the crate finds `accredit-runtime`: a version in the registry, or a directory.
        "runtime" => runtime: Runtime = r#"{ path = "../accredit/runtime" }"#,

        /// Names in the code, in place of those that would be derived.
        ///
        /// They are given exactly as they are written; names that are derived step aside.
        "names" => names: Names = r#"{ schemas = { order_v2 = "Order" } }"#,

        /// Types of your own, in place of those that would be generated: by the name of the component or
        /// by JSON pointer, a path.
        ///
        /// `crate::ext::…` is what you write in `src/ext.rs`; a type of another crate wants that crate in
        /// the manifest. It must be what serde reads and writes, and `Clone` and `Debug`, and `PartialEq` if
        /// the crate's feature `partial-eq` is on. A document can ask for a type itself, by
        /// `x-rust-type` in the schema.
        "types" => types: ByName<RustPath> = r#"{ Money = "crate::ext::Money" }"#,

        /// How the pages of operations follow each other, in place of what is seen from the documents.
        ///
        /// A document can say it itself, by `x-accredit-pagination` in the operation. Where several match
        /// an operation, the last counts.
        "pagination" => pagination: Vec<Paged> =
            r#"[{ select = ["id:orders.list"], cursor = { parameter = "after", next = "/next" } }]"#,

        /// How what long-running operations start is asked for until it is done, in place of what is seen
        /// from the documents.
        ///
        /// A document can say it itself, by `x-accredit-polling` in the operation. Where several match an
        /// operation, the last counts.
        "polling" => polling: Vec<Polled> =
            r#"[{ select = ["id:exports.create"], header = "Location", state = "/status" }]"#,

        /// How calls behave where their caller says nothing else: what `Client::options` returns.
        "policies" => policies: Policies = "{ timeout = 30, attempts = 5 }",

        /// What the manifest says of the crate. What isn't set is taken from the documents.
        "package" => package: Package = r#"{ name = "acme-billing", license = "MIT" }"#,
    }
}

keys! {
    /// What the manifest says of the crate.
    Package {
        /// The name; taken from the document's title otherwise, or from the client's key.
        ///
        /// It is the prefix of the environment variables that the client reads: `acme-billing` reads
        /// `ACME_BILLING_CLIENT_ID`.
        "name" => name: CrateName = r#""acme-billing""#,

        /// The version; the document's otherwise, where Cargo takes it.
        "version" => version: Version = r#""2.1.0""#,

        /// What the crate is, in a line.
        "description" => description: Description = r#""A client of Acme's billing""#,

        /// The licence, as an SPDX expression; the document's otherwise, where it can be told.
        "license" => license: License = r#""MIT OR Apache-2.0""#,

        /// The URL of the source.
        "repository" => repository: Url = r#""https://github.com/acme/billing-sdk""#,

        /// The URL of the home page; the document's `externalDocs` otherwise.
        "homepage" => homepage: Url = r#""https://acme.example""#,

        /// The URL of the crate's documentation; docs.rs otherwise.
        "documentation" => documentation: Url = r#""https://docs.acme.example""#,

        /// At most five words by which the registry finds the crate.
        "keywords" => keywords: AtMost<5, Keyword> = r#"["acme", "billing"]"#,

        /// At most five [categories](https://crates.io/category_slugs) of the registry.
        "categories" => categories: AtMost<5, Category> = r#"["api-bindings"]"#,

        /// Who made the crate.
        "authors" => authors: Vec<Author> = r#"["Ada <ada@acme.example>"]"#,

        /// The oldest version of Rust that the crate is for; that of the runtime otherwise.
        "rust-version" => rust_version: RustVersion = r#""1.90""#,
    }
}
