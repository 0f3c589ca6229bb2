//! Tables for a person to read.

use std::fmt::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};

use super::{Inspection, count, token_url_kind};
use crate::diagnostics::{Report, line};
use crate::model::{Api, Operation, Requirement, SchemeKind, SecurityScheme, TypeKind};

impl Inspection {
    /// Returns what the documents hold as tables, whose lines are folded at `width` columns if
    /// there is one.
    pub(crate) fn to_text(&self, width: Option<u16>) -> String {
        let mut text = Text {
            out: String::new(),
            width,
        };
        // A `String` takes what is written to it.
        self.write(&mut text).ok();
        text.out
    }

    fn write(&self, text: &mut Text) -> fmt::Result {
        for (index, api) in self.apis.iter().enumerate() {
            if index > 0 {
                writeln!(text.out)?;
            }
            about(text, api)?;
            operations(text, api)?;
            if index + 1 == self.apis.len() {
                schemas(text, api)?;
            }
            schemes(text, &api.schemes)?;
            scopes(text, api)?;
        }
        references(text, &self.apis, &self.report)?;
        warnings(text, &self.report)
    }
}

/// What is written, and how wide it may be.
struct Text {
    out: String,
    width: Option<u16>,
}

impl Text {
    /// Writes a title with a number, and a table unless it is empty.
    fn table<const COLUMNS: usize>(
        &mut self,
        title: &str,
        header: [&str; COLUMNS],
        rows: Vec<[String; COLUMNS]>,
    ) -> fmt::Result {
        writeln!(self.out, "\n{title}: {}", rows.len())?;
        self.rows(header, rows)
    }

    /// Writes a table unless it is empty, without the columns that have nothing in any row.
    fn rows<const COLUMNS: usize>(
        &mut self,
        header: [&str; COLUMNS],
        rows: Vec<[String; COLUMNS]>,
    ) -> fmt::Result {
        if rows.is_empty() {
            return Ok(());
        }
        let is_shown: [bool; COLUMNS] =
            std::array::from_fn(|column| rows.iter().any(|row| !row[column].is_empty()));
        let shown = |row: [String; COLUMNS]| -> Vec<String> {
            let cells = row.into_iter().zip(is_shown);
            cells
                .filter_map(|(cell, shown)| shown.then_some(cell))
                .collect()
        };
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_header(shown(header.map(str::to_owned)));
        if let Some(width) = self.width {
            table
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(width.saturating_sub(1));
        }
        for row in rows {
            table.add_row(shown(row));
        }
        for column in table.column_iter_mut() {
            column.set_padding((2, 0));
        }
        table
            .lines()
            .try_for_each(|row| writeln!(self.out, "{}", row.trim_end()))
    }
}

fn about(text: &mut Text, api: &Api) -> fmt::Result {
    let (title, version) = (line(&api.info.title), line(&api.info.version));
    let specification = line(&api.specification);
    writeln!(text.out, "{title} {version}")?;
    writeln!(text.out, "  {specification}: {}", api.source.display())?;
    let servers = api.servers.iter().map(|server| {
        let description = server.description.as_deref().map(line);
        [line(&server.url), description.unwrap_or_default()]
    });
    text.table("servers", ["URL", "DESCRIPTION"], servers.collect())
}

fn operations(text: &mut Text, api: &Api) -> fmt::Result {
    let mut rows = Vec::new();
    for (index, group) in api.groups.iter().enumerate() {
        let members = api.operations.iter();
        let members = members.filter(|operation| operation.group == index);
        rows.extend(members.map(|operation| {
            let Operation {
                id, method, path, ..
            } = operation;
            let old = if operation.docs.deprecated {
                " (deprecated)"
            } else {
                ""
            };
            [
                line(&group.tag),
                method.to_string(),
                line(path),
                format!("{}{old}", line(id)),
                security(&operation.security, &api.schemes),
            ]
        }));
    }
    let header = ["TAG", "METHOD", "PATH", "OPERATION", "SECURITY"];
    text.table("operations", header, rows)
}

/// Says by what right an operation is called: alternatives, each of schemes that hold together.
fn security(requirements: &[Requirement], schemes: &[SecurityScheme]) -> String {
    let alternatives = requirements.iter().map(|requirement| {
        let together = requirement.schemes.iter().map(|(index, scopes)| {
            let scheme = schemes.get(*index);
            let name = scheme.map_or_else(String::new, |scheme| line(&scheme.name));
            if scopes.is_empty() {
                name
            } else {
                format!("{name} ({})", line(&scopes.join(" ")))
            }
        });
        let together = together.collect::<Vec<_>>().join(" and ");
        if together.is_empty() {
            "none".to_owned()
        } else {
            together
        }
    });
    let alternatives = alternatives.collect::<Vec<_>>().join("\nor ");
    if alternatives.is_empty() {
        "none".to_owned()
    } else {
        alternatives
    }
}

fn schemas(text: &mut Text, api: &Api) -> fmt::Result {
    let rows = super::schemas(api).map(|(name, schema, kind, size)| {
        let holds = match schema {
            TypeKind::Struct(_) => count(size, "property"),
            TypeKind::Enum(_) => count(size, "value"),
            TypeKind::Union(union) => {
                let alternatives = count(size, "alternative");
                let by = match &union.discriminator {
                    Some(property) => format!("`{}`", line(property)),
                    None => "shape".to_owned(),
                };
                format!("{alternatives} told apart by {by}")
            }
            TypeKind::Alias(_) | TypeKind::Newtype(_) | TypeKind::Foreign(_) => String::new(),
        };
        [line(name), kind.to_owned(), holds]
    });
    text.table("schemas", ["NAME", "KIND", "HOLDS"], rows.collect())
}

fn schemes(text: &mut Text, schemes: &[SecurityScheme]) -> fmt::Result {
    let rows = schemes.iter().map(|scheme| {
        let (kind, endpoint) = match &scheme.kind {
            SchemeKind::ClientCredentials { token_url, .. } => {
                let url = token_url.as_deref().map(line).unwrap_or_default();
                let endpoint = match token_url_kind(token_url.as_deref()) {
                    "relative" => format!("{url} (relative)"),
                    "setting" => "a setting".to_owned(),
                    _ => url,
                };
                ("OAuth 2.0 client credentials".to_owned(), endpoint)
            }
            SchemeKind::ApiKey { location, name } => {
                let kind = format!("API key, {location} `{}`", line(name));
                (kind, String::new())
            }
            SchemeKind::Basic => ("HTTP Basic".to_owned(), String::new()),
            SchemeKind::Bearer => ("HTTP Bearer".to_owned(), String::new()),
            SchemeKind::MutualTls => ("mutual TLS".to_owned(), String::new()),
            SchemeKind::Token(what) | SchemeKind::Other(what) => (line(what), String::new()),
        };
        let description = scheme.docs.description.as_deref().map(line);
        let description = description.unwrap_or_default();
        [line(&scheme.name), kind, endpoint, description]
    });
    let header = ["NAME", "KIND", "TOKEN ENDPOINT", "DESCRIPTION"];
    text.table("security schemes", header, rows.collect())
}

/// Lists the scopes of client credentials, with the number of operations that need each.
fn scopes(text: &mut Text, api: &Api) -> fmt::Result {
    let mut rows = Vec::new();
    for (index, scheme) in api.schemes.iter().enumerate() {
        let SchemeKind::ClientCredentials { scopes, .. } = &scheme.kind else {
            continue;
        };
        rows.extend(scopes.iter().map(|(scope, description)| {
            let needs = |requirement: &Requirement| {
                let mut schemes = requirement.schemes.iter();
                schemes.any(|(of, scopes)| *of == index && scopes.contains(scope))
            };
            let users = api.operations.iter();
            let users = users.filter(|operation| operation.security.iter().any(needs));
            [
                line(&scheme.name),
                line(scope),
                users.count().to_string(),
                line(description),
            ]
        }));
    }
    let header = ["SCHEME", "SCOPE", "OPERATIONS", "DESCRIPTION"];
    text.table("scopes", header, rows)
}

/// Lists the files that documents refer to.
fn references(text: &mut Text, apis: &[Api], report: &Report) -> fmt::Result {
    let files = report.files();
    let files = files.filter(|file| apis.iter().all(|api| api.source != *file));
    let rows = files.map(|file| [file.display().to_string()]);
    text.table("references to other files", ["FILE"], rows.collect())
}

fn warnings(text: &mut Text, report: &Report) -> fmt::Result {
    let rows = report.diagnostics().iter().map(|warning| {
        let place = warning.place().map(|place| {
            let path = place.path().display();
            format!("{path}:{}:{}", place.line(), place.column())
        });
        let hint = warning.hint().map(line).unwrap_or_default();
        [
            place.unwrap_or_default(),
            warning.code.to_string(),
            line(&warning.message),
            hint,
        ]
    });
    let header = ["PLACE", "CODE", "FOUND", "WAY OUT"];
    text.table("warnings", header, rows.collect())
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
            "oauth (read) and key\nor none"
        );
        assert_eq!(security(&[], &schemes), "none");
    }

    #[test]
    fn lines_are_folded_at_the_width_of_a_terminal() {
        let mut text = Text {
            out: String::new(),
            width: Some(30),
        };
        let row = ["pets".to_owned(), String::new(), "many words ".repeat(9)];
        text.table("rows", ["TAG", "EMPTY", "FOUND"], vec![row])
            .ok();
        assert!(text.out.lines().count() > 3, "{}", text.out);
        assert!(text.out.lines().all(|line| line.len() < 30), "{}", text.out);
        assert!(!text.out.contains("EMPTY"), "{}", text.out);
    }
}
