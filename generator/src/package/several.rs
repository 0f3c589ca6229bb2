//! The readme and the root of a crate that is made of several documents.

use askama::Template;

use super::{escape, manifest, readme};
use crate::{
    files::header,
    markdown::{self, code},
    model::Api,
    names::{ALL, Names},
};

#[derive(Template)]
#[template(path = "README.several.md.askama", escape = "none")]
struct Readme {
    package: String,
    library: String,
    summary: String,
    /// The feature of all documents, where each has one.
    all: Option<&'static str>,
    features: Vec<readme::FeatureLine>,
    has_client: bool,
    documents: Vec<DocumentIndex>,
}

#[derive(Template)]
#[template(path = "lib_docs.several.md.askama", escape = "none")]
struct RootDocs {
    package: String,
    summary: String,
    first: String,
    /// The feature that the first document stands behind.
    feature: Option<String>,
    /// The variables that the first client reads.
    variables: String,
    documents: Vec<DocumentLine>,
}

/// A document and its operations.
struct DocumentIndex {
    module: String,
    title: String,
    prefix: String,
    groups: Vec<readme::GroupIndex>,
}

/// A document in a list.
struct DocumentLine {
    module: String,
    title: String,
}

/// Returns the readme.
pub(super) fn readme(apis: &[Api], names: &[Names]) -> String {
    let documents = apis.iter().zip(names).map(|(api, names)| DocumentIndex {
        module: code(&names.path()),
        title: title(api, names),
        prefix: names.variable_prefix(),
        groups: (0..api.groups.len())
            .map(|index| readme::group(api, names, index))
            .collect(),
    });
    let first = &names[0];
    let features = names.iter().flat_map(Names::features);
    let features = features.map(|(feature, module)| readme::FeatureLine {
        name: code(feature),
        way: code(&format!("{}::{module}", first.library())),
    });
    let features: Vec<_> = features.collect();
    readme::rendered(&Readme {
        package: first.package().to_owned(),
        library: first.library(),
        all: (!features.is_empty()).then_some(ALL),
        features,
        summary: markdown::escape(&manifest::description_of_several(apis, first)),
        has_client: apis.iter().any(Api::has_client_credentials),
        documents: documents.collect(),
    })
}

/// Returns the root of the crate: its documentation and its modules.
pub(super) fn root(apis: &[Api], names: &[Names]) -> String {
    let modules = names
        .iter()
        .filter_map(|names| Some((names.module()?, names.feature())));
    let mut modules: Vec<_> = modules.collect();
    modules.sort_unstable();
    let documents = apis.iter().zip(names).map(|(api, names)| DocumentLine {
        module: names.module().map(ToString::to_string).unwrap_or_default(),
        title: title(api, names),
    });
    let first = &names[0];
    let docs = readme::rendered(&RootDocs {
        package: first.package().to_owned(),
        summary: markdown::escape(&manifest::description_of_several(apis, first)),
        first: first.path(),
        feature: first.feature().map(str::to_owned),
        variables: variables(&apis[0], first),
        documents: documents.collect(),
    });
    let mut text = header(&apis[0].source);
    text.push('\n');
    for line in docs.lines() {
        text.push_str(format!("//! {line}").trim_end());
        text.push('\n');
    }
    let modules = modules
        .into_iter()
        .map(|(module, feature)| (feature, format!("pub mod {module}")));
    let modules = modules.chain([(None, "pub mod types".to_owned())]);
    text.push_str(&readme::modules(modules));
    text.push_str(readme::REEXPORTS);
    text
}

/// Returns the environment variables that a client reads, the first of them.
fn variables(api: &Api, names: &Names) -> String {
    let prefix = names.variable_prefix();
    if api.has_client_credentials() {
        format!("{prefix}_CLIENT_ID, {prefix}_CLIENT_SECRET, …")
    } else {
        format!("{prefix}_BASE_URL, …")
    }
}

fn title(api: &Api, names: &Names) -> String {
    let title = markdown::escape(&escape::line(&api.info.title));
    if title.is_empty() {
        names.path()
    } else {
        title
    }
}
