//! The readme and the documentation of the crate's root.

use askama::Template;

use super::{
    credentials, escape,
    example::{self, Example},
    manifest,
};
use crate::{
    files::header,
    markdown::{self, code},
    model::{Api, OperationId, SchemeKind},
    names::{ALL, Names},
};

#[derive(Template)]
#[template(path = "README.md.askama", escape = "none")]
struct Readme {
    title: String,
    description: Vec<String>,
    about: About,
    api_version: Option<String>,
    credentials: Vec<Vec<String>>,
    servers: Vec<ServerLine>,
    example: Example,
    /// The feature of all operations, where each tag has one.
    all: Option<&'static str>,
    features: Vec<FeatureLine>,
    groups: Vec<GroupIndex>,
    license: Option<String>,
}

#[derive(Template)]
#[template(path = "lib_docs.md.askama", escape = "none")]
struct RootDocs {
    title: String,
    description: Vec<String>,
    about: About,
    example: Example,
    /// Links to the structs of the groups.
    groups: String,
}

/// What both texts say of the crate.
struct About {
    package: String,
    library: String,
    prefix: String,
    summary: String,
    /// A link to the module of types.
    types: &'static str,
    /// Whether access tokens are fetched by client credentials.
    has_client: bool,
    /// The environment variables of the credentials of the other schemes, with what they set.
    credentials: Vec<(String, String)>,
    /// Calls that set who calls.
    setters: Vec<String>,
}

/// A server in a table.
struct ServerLine {
    url: String,
    description: String,
}

/// A feature in a table.
pub(super) struct FeatureLine {
    pub(super) name: String,
    /// What leads to what it brings.
    pub(super) way: String,
}

/// The operations of a group.
pub(super) struct GroupIndex {
    pub(super) title: String,
    pub(super) operations: Vec<OperationLine>,
}

/// An operation in a table.
pub(super) struct OperationLine {
    pub(super) method: String,
    pub(super) request: String,
    pub(super) summary: String,
}

/// Returns the readme.
pub(super) fn readme(api: &Api, names: &Names) -> String {
    let groups = (0..api.groups.len()).map(|index| group(api, names, index));
    let license = api.info.license.as_ref().map(|(name, url)| {
        let url = url
            .as_deref()
            .map(|url| format!(" ({})", markdown::escape(url)));
        format!("{}{}", markdown::escape(name), url.unwrap_or_default())
    });
    let version = escape::line(&api.info.version);
    let features = names.features().map(|(feature, accessor)| FeatureLine {
        name: code(feature),
        way: code(&format!("client.{accessor}()")),
    });
    let features: Vec<_> = features.collect();
    rendered(&Readme {
        title: title(api, names),
        description: description(api),
        about: about(api, names),
        credentials: credentials(api),
        servers: servers(api),
        api_version: (!version.is_empty()).then(|| markdown::escape(&version)),
        example: example::example(api, names),
        all: (!features.is_empty()).then_some(ALL),
        features,
        groups: groups.collect(),
        license: license.filter(|license| !license.trim().is_empty()),
    })
}

/// The double of the API.
const MOCK: &str = "
/// A double of the API, for the tests of those who call it.
#[cfg(feature = \"mock\")]
pub mod mock {
    pub use accredit_runtime::mock::{Request, Rule, When};

    /// A double of the API and of its token endpoint, with a client of it.
    pub type Server = accredit_runtime::mock::Server<super::Client>;
}
";

/// The examples of the readme, which run, and what else they need.
const README: &str = "
#[cfg(all(doctest, feature = \"mock\"{}))]
#[doc = include_str!(\"../README.md\")]
struct Readme;
";

/// Returns the root of the crate, or of a document's module: its documentation and its modules.
pub(super) fn root(api: &Api, names: &Names) -> String {
    let docs = rendered(&RootDocs {
        title: title(api, names),
        description: description(api),
        about: about(api, names),
        example: example::example(api, names),
        groups: groups(api, names),
    });
    let mut text = header(&api.source);
    text.push('\n');
    for line in docs.lines() {
        text.push_str(format!("//! {line}").trim_end());
        text.push('\n');
    }
    let types = names.module().is_none().then_some("pub mod types");
    let constraints = (!api.constraints.is_empty()).then_some("mod constraints");
    let xml = api.xml_bodies().next().map(|_| "mod xml");
    let declared = [
        Some("mod client"),
        constraints,
        Some("pub mod operations"),
        types,
        xml,
    ];
    let declared = declared.into_iter().flatten();
    text.push_str(&modules(declared.map(|it| (None, it))));
    text.push_str(REEXPORTS);
    text.push_str("\npub use self::client::Client;\n");
    text.push_str(MOCK);
    if names.module().is_none() {
        let feature = example::example(api, names).feature;
        let feature = feature.map(|feature| format!(", feature = \"{feature}\""));
        text.push_str(&README.replace("{}", &feature.unwrap_or_default()));
    }
    text
}

/// What the root of a crate has of the runtime's.
pub(super) const REEXPORTS: &str = "
#[cfg(feature = \"blocking\")]
pub use accredit_runtime::Wait;
pub use accredit_runtime::{Connection, Error};
";

/// Returns the declarations of modules, whose files `cargo fmt` leaves as they were generated.
/// What stands behind a feature has it before it.
pub(super) fn modules<'a, T: AsRef<str>>(
    declarations: impl Iterator<Item = (Option<&'a str>, T)>,
) -> String {
    let lines = declarations.map(|(feature, it)| {
        let gate = feature.map(|feature| format!("#[cfg(feature = \"{feature}\")]\n"));
        let gate = gate.unwrap_or_default();
        format!("{gate}#[rustfmt::skip]\n{};\n", it.as_ref())
    });
    format!("\n{}", lines.collect::<String>())
}

/// Renders a template. A template of ours writes nothing but strings, and that can't fail.
pub(super) fn rendered(template: &impl Template) -> String {
    let mut text = template.render().unwrap_or_default();
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn title(api: &Api, names: &Names) -> String {
    let title = markdown::escape(&api.info.title);
    if title.is_empty() {
        names.package().to_owned()
    } else {
        title
    }
}

fn description(api: &Api) -> Vec<String> {
    markdown::lines(api.info.description.as_deref().unwrap_or_default())
}

/// Returns what the document says of credentials: where to get them, as a rule.
fn credentials(api: &Api) -> Vec<Vec<String>> {
    let described = api.schemes.iter().filter_map(|scheme| {
        let is_ours = matches!(scheme.kind, SchemeKind::ClientCredentials { .. });
        scheme.docs.description.as_deref().filter(|_| is_ours)
    });
    described.map(markdown::lines).collect()
}

fn groups(api: &Api, names: &Names) -> String {
    let link = |index| {
        let group = &names.group(index).group;
        format!("[`{group}`](operations::{group})")
    };
    let links: Vec<_> = (0..api.groups.len()).map(link).collect();
    links.join(", ")
}

/// Returns the servers where there is a choice.
fn servers(api: &Api) -> Vec<ServerLine> {
    let all = api.servers.iter().map(|server| ServerLine {
        url: code(&server.url),
        description: markdown::escape(&escape::line(
            server.description.as_deref().unwrap_or_default(),
        )),
    });
    all.filter(|_| api.servers.len() > 1).collect()
}

fn about(api: &Api, names: &Names) -> About {
    About {
        package: names.package().to_owned(),
        library: names.path(),
        prefix: names.variable_prefix(),
        summary: markdown::escape(&manifest::description(api)),
        types: match names.module() {
            Some(_) => "[`types`](crate::types)",
            None => "[`types`]",
        },
        has_client: api.has_client_credentials(),
        credentials: credentials::variables(api, names),
        setters: credentials::setters(api),
    }
}

pub(super) fn group(api: &Api, names: &Names, index: usize) -> GroupIndex {
    let accessor = &names.group(index).accessor;
    let members = api
        .operations()
        .filter(|(_, operation)| operation.group == index);
    GroupIndex {
        title: format!("`client.{accessor}()`"),
        operations: members.map(|(id, _)| operation(api, names, id)).collect(),
    }
}

fn operation(api: &Api, names: &Names, id: OperationId) -> OperationLine {
    let operation = &api.operations[id.index()];
    let docs = &operation.docs;
    let summary = docs.title.as_deref().or(docs.description.as_deref());
    let summary = markdown::inline(summary.unwrap_or_default());
    let request = code(&format!("{} {}", operation.method, operation.path));
    OperationLine {
        method: code(names.operation(id).method.as_str()),
        request: request.replace('|', "\\|"),
        summary: cell(&summary),
    }
}

/// Returns Markdown for a table: a code span's bar would end its cell.
fn cell(markdown: &str) -> String {
    let mut cell = String::with_capacity(markdown.len());
    let mut before = ' ';
    for character in markdown.chars() {
        if character == '|' && before != '\\' {
            cell.push('\\');
        }
        cell.push(character);
        before = character;
    }
    cell
}
