//! What is in a document, for a person to read, or for a machine.

mod json;
mod tables;

use crate::config::Config;
use crate::diagnostics::Report;
use crate::error::Error;
use crate::generate;
use crate::model::{Api, Naming, TypeKind};
use crate::names::Names;

/// What a document holds, and what would be warned about.
#[derive(Debug)]
pub(crate) struct Inspection {
    apis: Vec<Api>,
    names: Vec<Names>,
    report: Report,
}

/// Reads a document as [`generate::generate`] does, and stops before anything is emitted.
pub(crate) fn inspect(
    config: &Config,
    begin: &mut dyn FnMut(&'static str),
) -> Result<Inspection, Error> {
    let understood = generate::understand(config, begin)?;
    Ok(Inspection {
        apis: understood.apis,
        names: understood.names,
        report: understood.report,
    })
}

impl Inspection {
    /// Returns what the crate is called.
    pub(crate) fn package_name(&self) -> &str {
        self.names.first().map(Names::package).unwrap_or_default()
    }

    /// Returns the tags of the operations.
    pub(crate) fn tags(&self) -> Vec<String> {
        let groups = self.apis.iter().flat_map(|api| &api.groups);
        groups.map(|group| group.tag.clone()).collect()
    }

    /// Returns what would be warned about.
    pub(crate) const fn report(&self) -> &Report {
        &self.report
    }
}

/// Returns the schemas that have names: each with its kind in a word, and how many properties, values or
/// alternatives it holds.
fn schemas(api: &Api) -> impl Iterator<Item = (&str, &TypeKind, &'static str, usize)> {
    api.types.iter().filter_map(|def| {
        let Naming::Component(name) = &def.naming else {
            return None;
        };
        let (kind, size) = match &def.kind {
            TypeKind::Struct(object) => ("object", object.fields.len()),
            TypeKind::Enum(constants) => ("enum", constants.values.len()),
            TypeKind::Union(union) => ("union", union.variants.len()),
            TypeKind::Alias(_) | TypeKind::Newtype(_) | TypeKind::Foreign(_) => ("value", 1),
        };
        Some((name.as_str(), &def.kind, kind, size))
    })
}

/// Returns in a word what a document says of a token endpoint.
fn token_url_kind(token_url: Option<&str>) -> &'static str {
    match token_url {
        Some(url) if url.contains("://") => "absolute",
        Some(_) => "relative",
        None => "setting",
    }
}

/// Returns a number of things: "1 property", "3 properties".
pub(crate) fn count(number: usize, thing: &str) -> String {
    match (number, thing.strip_suffix('y')) {
        (1, _) => format!("1 {thing}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {thing}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_what_they_count() {
        assert_eq!(count(1, "property"), "1 property");
        assert_eq!(count(0, "property"), "0 properties");
        assert_eq!(count(2, "type"), "2 types");
    }
}
