//! Every identifier of the generated code, decided once: a table beside the model.
//!
//! An identifier depends on the thing it names and on those that want the same one, never on how
//! many unrelated things the document has.

mod case;
mod keyword;
mod operations;
mod package;
mod scope;
mod settings;
mod types;

pub(crate) use self::{
    operations::{GroupNames, OperationNames},
    scope::Identifier,
    types::TypeNames,
};
use crate::{
    config::Config,
    model::{Api, OperationId, TypeId},
};

/// The identifiers of an API.
#[derive(Debug)]
pub(crate) struct Names {
    package: String,
    version: String,
    types: Vec<TypeNames>,
    groups: Vec<GroupNames>,
    operations: Vec<OperationNames>,
    settings: Vec<Identifier>,
}

/// Names everything that is generated from an API.
pub(crate) fn assign(api: &Api, config: &Config) -> Names {
    // Types and the structs around operations share a scope, although they live in two modules:
    // an importer of both isn't confused.
    let mut items = scope::Scope::default();
    let components = types::components(api, &mut items);
    let groups = operations::groups(api, &mut items);
    let operations = operations::operations(api, &mut items);
    let types = types::types(api, components, &operations, &mut items);
    Names {
        package: package::name(api, config),
        version: package::version(api).to_owned(),
        types,
        groups,
        operations,
        settings: settings::of_schemes(api),
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

    /// Returns what the names of environment variables begin with, without the underscore.
    pub(crate) fn variable_prefix(&self) -> String {
        self.library().to_ascii_uppercase()
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
