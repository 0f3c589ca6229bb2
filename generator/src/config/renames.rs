//! Names that the user asks for, in place of those that would be derived.

use std::fmt;
use std::sync::Arc;

use crate::pointer::Pointer;
use crate::sources::Source;

/// Names that are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Renames {
    pub(crate) list: Vec<Rename>,
    /// The file that asks for some of them.
    pub(crate) file: Option<Arc<Source>>,
}

/// A name that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rename {
    pub(crate) thing: Thing,
    /// The name, as it is to stand in the code.
    pub(crate) name: String,
    /// Where the file asks for it.
    pub(crate) place: Option<Pointer>,
}

impl Rename {
    pub(super) fn of(thing: Thing, name: impl Into<String>) -> Self {
        Self {
            thing,
            name: name.into(),
            place: None,
        }
    }
}

impl fmt::Display for Rename {
    /// Writes a line of the configuration.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.thing {
            Thing::Schema(schema) => write!(f, "names.schemas.{schema:?} = {name:?}"),
            Thing::Replaced(schema) => write!(f, "types.{schema:?} = {name:?}"),
            Thing::Operation(id) => write!(f, "names.operations.{id:?} = {name:?}"),
            Thing::Member { schema, member } => {
                write!(f, "names.properties.{schema:?}.{member:?} = {name:?}")
            }
        }
    }
}

/// What is to have a name. A schema is known by its name as a component, or by its JSON pointer, `#/…`;
/// an operation by its `operationId`, or by its pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Thing {
    Schema(String),
    /// A schema whose type isn't generated; the name is the path of another.
    Replaced(String),
    Operation(String),
    /// A property or a value of a schema.
    Member {
        schema: String,
        member: String,
    },
}
