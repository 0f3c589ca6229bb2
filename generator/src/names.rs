//! Every identifier of the generated code, decided once: a table beside the model.
//!
//! An identifier depends on the thing it names and on those that want the same one, never on how
//! many unrelated things the document has.

mod asked;
mod beside;
mod case;
mod documents;
mod features;
mod keyword;
mod members;
mod operations;
mod package;
mod scope;
mod settings;
mod types;
mod variants;

use std::sync::Arc;

pub(crate) use self::{
    features::ALL,
    operations::{GroupNames, HeaderNames, OperationNames},
    scope::Identifier,
    types::TypeNames,
};
use crate::{
    config::Config,
    diagnostics::Diagnostics,
    model::{Api, OperationId, TypeId},
};

/// The identifiers of an API.
#[derive(Debug)]
pub(crate) struct Names {
    package: String,
    version: String,
    /// Where several documents make a crate, the module of this one.
    module: Option<Identifier>,
    /// The feature that this module stands behind.
    feature: Option<String>,
    types: Arc<Vec<TypeNames>>,
    groups: Vec<GroupNames>,
    operations: Vec<OperationNames>,
    settings: Vec<Identifier>,
}

/// Names everything that is generated from APIs, which share their types.
/// A name that is asked for and can't be given is an error.
pub(crate) fn assign(apis: &[Api], config: &Config, diagnostics: &mut Diagnostics) -> Vec<Names> {
    let Some(first) = apis.first() else {
        return Vec::new();
    };
    // Types and the structs around operations share a scope, although they live in two modules:
    // an importer of both isn't confused.
    let mut items = scope::Scope::default();
    let components = types::components(first, &mut items, diagnostics);
    let mut modules = documents::modules(apis).into_iter();
    let mut named = Vec::new();
    for api in apis {
        // Each document has a module of operations of its own.
        let mut own = (apis.len() > 1).then(|| items.clone());
        let items = own.as_mut().unwrap_or(&mut items);
        let groups = operations::groups(api, items);
        let operations = operations::operations(api, items, diagnostics);
        named.push((api, modules.next(), groups, operations));
    }
    let calls: Vec<_> = named
        .iter()
        .flat_map(|(api, module, _, operations)| {
            let operations = api.operations.iter().zip(operations);
            operations.map(move |(operation, names)| types::Outer {
                operation,
                call: &names.call,
                module: module.as_ref(),
            })
        })
        .collect();
    let types = Arc::new(types::types(
        first,
        components,
        &calls,
        &mut items,
        diagnostics,
    ));
    let package = package::name(apis, config);
    let version = package::version(apis, config);
    let names = named
        .into_iter()
        .map(|(api, module, groups, operations)| Names {
            package: package.clone(),
            version: version.to_owned(),
            module,
            feature: None,
            types: Arc::clone(&types),
            groups,
            operations,
            settings: settings::of_schemes(api),
        });
    let mut names: Vec<_> = names.collect();
    if config.has_tag_features() {
        name_features(&mut names);
    }
    names
}

/// Names the features: of tags, or of documents where these are several.
fn name_features(names: &mut [Names]) {
    if let [names] = names {
        let modules: Vec<_> = names.groups.iter().map(|group| &group.module).collect();
        let features = features::of_modules(&modules);
        for (group, feature) in names.groups.iter_mut().zip(features) {
            group.feature = feature;
        }
    } else {
        let modules: Vec<_> = names.iter().filter_map(Names::module).collect();
        let features = features::of_modules(&modules);
        for (names, feature) in names.iter_mut().zip(features) {
            names.feature = feature;
        }
    }
}

impl Names {
    /// Returns the name of the package, as its manifest has it.
    pub(crate) fn package(&self) -> &str {
        &self.package
    }

    /// Returns the version of the package.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Returns the name of the crate, as `use` has it.
    pub(crate) fn library(&self) -> String {
        self.package.replace('-', "_")
    }

    /// Returns the module of the document, where the crate is made of several.
    pub(crate) fn module(&self) -> Option<&Identifier> {
        self.module.as_ref()
    }

    /// Returns the feature that this module stands behind, where there is one.
    pub(crate) fn feature(&self) -> Option<&str> {
        self.feature.as_deref()
    }

    /// Returns the features of the document: its own, or those of its tags, with what each leads to.
    pub(crate) fn features(&self) -> impl Iterator<Item = (&str, &Identifier)> {
        let own = self.feature().zip(self.module());
        let groups = self.groups.iter();
        let groups = groups.filter_map(|group| Some((group.feature.as_deref()?, &group.accessor)));
        own.into_iter().chain(groups)
    }

    /// Returns the path that leads to the client's module from outside.
    pub(crate) fn path(&self) -> String {
        match &self.module {
            Some(module) => format!("{}::{module}", self.library()),
            None => self.library(),
        }
    }

    /// Returns what the names of environment variables begin with, without the underscore.
    pub(crate) fn variable_prefix(&self) -> String {
        self.path().replace("::", "_").to_ascii_uppercase()
    }

    /// Returns what the credential of a scheme is called among the settings, by the scheme's index.
    pub(crate) fn setting(&self, scheme: usize) -> &str {
        self.settings[scheme].as_str()
    }

    /// Returns the identifiers of a type.
    pub(crate) fn ty(&self, id: TypeId) -> &TypeNames {
        &self.types[id.index()]
    }

    /// Returns the identifiers of a group, by its index.
    pub(crate) fn group(&self, index: usize) -> &GroupNames {
        &self.groups[index]
    }

    /// Returns the identifiers of an operation.
    pub(crate) fn operation(&self, id: OperationId) -> &OperationNames {
        &self.operations[id.index()]
    }
}
