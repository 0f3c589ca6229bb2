//! What is in a document, for a person to read, or for a machine.

mod json;

use std::fmt;

use crate::config::Config;
use crate::diagnostics::{Report, line};
use crate::error::Error;
use crate::generate;
use crate::model::{Api, Naming, Operation, Requirement, SchemeKind, SecurityScheme, TypeKind};
use crate::names::Names;

/// What a document holds, and what would be warned about. Displays as text.
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

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { apis, report, .. } = self;
        for (index, api) in apis.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            about(f, api)?;
            operations(f, api)?;
            if index + 1 == apis.len() {
                schemas(f, api)?;
            }
            schemes(f, &api.schemes)?;
        }
        references(f, apis, report)?;
        warnings(f, report)
    }
}

fn about(f: &mut fmt::Formatter<'_>, api: &Api) -> fmt::Result {
    writeln!(f, "{} {}", line(&api.info.title), line(&api.info.version))?;
    writeln!(
        f,
        "  {}: {}",
        line(&api.specification),
        api.source.display()
    )?;
    for server in &api.servers {
        let description = server.description.as_deref().map(line);
        let description = description
            .map(|text| format!(": {text}"))
            .unwrap_or_default();
        writeln!(f, "  server {}{description}", line(&server.url))?;
    }
    Ok(())
}

fn operations(f: &mut fmt::Formatter<'_>, api: &Api) -> fmt::Result {
    writeln!(f, "\noperations: {}", api.operations.len())?;
    for (index, group) in api.groups.iter().enumerate() {
        writeln!(f, "  {}", line(&group.tag))?;
        let members = api.operations.iter();
        for operation in members.filter(|operation| operation.group == index) {
            let Operation {
                id, method, path, ..
            } = operation;
            let old = if operation.docs.deprecated {
                " (deprecated)"
            } else {
                ""
            };
            writeln!(f, "    {method} {}  {}{old}", line(path), line(id))?;
            writeln!(f, "      {}", security(&operation.security, &api.schemes))?;
        }
    }
    Ok(())
}

/// Says by what right an operation is called: alternatives, each of schemes that hold together.
fn security(requirements: &[Requirement], schemes: &[SecurityScheme]) -> String {
    if requirements.is_empty() {
        return "no authorization".to_owned();
    }
    let alternatives = requirements.iter().map(|requirement| {
        if requirement.schemes.is_empty() {
            return "no authorization".to_owned();
        }
        let together = requirement.schemes.iter().map(|(index, scopes)| {
            let name = schemes
                .get(*index)
                .map_or_else(String::new, |scheme| line(&scheme.name));
            if scopes.is_empty() {
                name
            } else {
                format!("{name} ({})", line(&scopes.join(" ")))
            }
        });
        together.collect::<Vec<_>>().join(" and ")
    });
    alternatives.collect::<Vec<_>>().join(", or ")
}

fn schemas(f: &mut fmt::Formatter<'_>, api: &Api) -> fmt::Result {
    let named: Vec<_> = api
        .types
        .iter()
        .filter_map(|def| match &def.naming {
            Naming::Component(name) => Some((name, &def.kind)),
            Naming::Inside { .. } | Naming::Of { .. } => None,
        })
        .collect();
    writeln!(f, "\nschemas: {}", named.len())?;
    for (name, kind) in named {
        write!(f, "  {}: ", line(name))?;
        match kind {
            TypeKind::Struct(object) => {
                writeln!(f, "object, {}", count(object.fields.len(), "property"))?;
            }
            TypeKind::Enum(constants) => {
                writeln!(f, "enum, {}", count(constants.values.len(), "value"))?;
            }
            TypeKind::Union(union) => {
                write!(f, "union, {}", count(union.variants.len(), "alternative"))?;
                match &union.discriminator {
                    Some(property) => writeln!(f, " told apart by `{}`", line(property))?,
                    None => writeln!(f, " told apart by shape")?,
                }
            }
            TypeKind::Alias(_) | TypeKind::Newtype(_) | TypeKind::Foreign(_) => {
                writeln!(f, "value")?;
            }
        }
    }
    Ok(())
}

fn schemes(f: &mut fmt::Formatter<'_>, schemes: &[SecurityScheme]) -> fmt::Result {
    writeln!(f, "\nsecurity schemes: {}", schemes.len())?;
    for scheme in schemes {
        match &scheme.kind {
            SchemeKind::ClientCredentials { token_url, scopes } => {
                writeln!(f, "  {}: OAuth 2.0 client credentials", line(&scheme.name))?;
                let endpoint = token_url.as_deref().map_or_else(
                    || "not said by the document; it is set by the user".to_owned(),
                    line,
                );
                writeln!(f, "    token endpoint: {endpoint}")?;
                writeln!(f, "    scopes: {}", scopes.len())?;
                for (scope, description) in scopes {
                    writeln!(f, "      {}: {}", line(scope), line(description))?;
                }
            }
            SchemeKind::ApiKey {
                location,
                name: key,
            } => {
                let name = line(&scheme.name);
                writeln!(f, "  {name}: API key, {location} `{}`", line(key))?;
            }
            SchemeKind::Basic => writeln!(f, "  {}: HTTP Basic", line(&scheme.name))?,
            SchemeKind::Bearer => writeln!(f, "  {}: HTTP Bearer", line(&scheme.name))?,
            SchemeKind::MutualTls => writeln!(f, "  {}: mutual TLS", line(&scheme.name))?,
            SchemeKind::Token(what) | SchemeKind::Other(what) => {
                writeln!(f, "  {}: {}", line(&scheme.name), line(what))?;
            }
        }
        if let Some(description) = &scheme.docs.description {
            writeln!(f, "    {}", line(description))?;
        }
    }
    Ok(())
}

/// Lists the files that documents refer to.
fn references(f: &mut fmt::Formatter<'_>, apis: &[Api], report: &Report) -> fmt::Result {
    let files: Vec<_> = report
        .files()
        .filter(|file| apis.iter().all(|api| api.source != *file))
        .collect();
    if !files.is_empty() {
        writeln!(f, "\nreferences to other files: {}", files.len())?;
    }
    for file in files {
        writeln!(f, "  {}", file.display())?;
    }
    Ok(())
}

fn warnings(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    let warnings = report.diagnostics();
    writeln!(f, "\nwarnings: {}", warnings.len())?;
    for warning in warnings {
        writeln!(f, "  {}", warning.in_a_line())?;
    }
    Ok(())
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
    fn alternatives_are_told_from_schemes_that_hold_together() {
        let scheme = |name: &str| SecurityScheme {
            name: name.to_owned(),
            kind: SchemeKind::Other(String::new()),
            docs: crate::model::Docs::default(),
        };
        let schemes = [scheme("oauth"), scheme("key")];
        let both = Requirement {
            schemes: vec![(0, vec!["read".to_owned()]), (1, Vec::new())],
        };
        assert_eq!(
            security(&[both, Requirement::default()], &schemes),
            "oauth (read) and key, or no authorization"
        );
        assert_eq!(security(&[], &schemes), "no authorization");
    }

    #[test]
    fn numbers_agree_with_what_they_count() {
        assert_eq!(count(1, "property"), "1 property");
        assert_eq!(count(0, "property"), "0 properties");
        assert_eq!(count(2, "type"), "2 types");
    }
}
