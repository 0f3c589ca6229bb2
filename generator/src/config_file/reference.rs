//! The reference of the keys, in Markdown.

use std::fmt::Write as _;

use super::clients;
use super::key::Key;
use super::value::Shape;

const HEAD: &str = "\
# The configuration file

`accredit generate` without a document reads `accredit.toml`, and so does a build script by
`accredit::build_script::generate_from(\"accredit.toml\")`. Options of the command line come before what the file says.
Paths begin where the file lies. A key that there isn't and a value of another kind are errors with their place; all
mistakes of a file are told at once.

`accredit init openapi.yaml` writes a file to start with, `accredit config check` says what is wrong with one, and
`accredit config schema` prints a JSON Schema, by which editors complete and check it:

```toml
#:schema ./accredit.schema.json
```
";

/// Returns the page.
pub(crate) fn reference() -> String {
    let mut page = HEAD.to_owned();
    section(&mut page, "", None, clients::keys());
    page
}

/// Writes of keys, and then of the tables that are among them: keys below a path, in tables of a list
/// where they are in one.
fn section<'k>(
    page: &mut String,
    path: &str,
    list: Option<&str>,
    keys: impl IntoIterator<Item = &'k Key>,
) {
    for key in keys {
        let name = format!("{path}{}", key.name);
        let shape = (key.shape)();
        // Writing to a string can't fail.
        let _ = write!(page, "\n## `{name}`\n\n{}\n\n", key.description());
        if !matches!(shape, Shape::Table(_)) {
            let _ = write!(page, "Takes {shape}.\n\n");
        }
        // A path can't lead through a list.
        let (header, written) = match list {
            Some(list) => (format!("[[{list}]]\n"), &name[list.len() + 1..]),
            None => (String::new(), name.as_str()),
        };
        let _ = writeln!(page, "```toml\n{header}{written} = {}\n```", key.example);
        let path = format!("{name}.");
        match shape {
            Shape::Table(inner) => section(page, &path, list, inner),
            Shape::List(element) => {
                if let Shape::Table(inner) = *element {
                    section(page, &path, Some(&name), inner);
                }
            }
            _ => {}
        }
    }
}
