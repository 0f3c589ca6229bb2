//! Constants: properties of which the document knows one value.

use super::{Api, Field, Presence, Scalar, Type, TypeId, TypeKind};

/// The only value of a property, where its type can say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Constant<'a> {
    Text(&'a str),
    /// A text of a format that is a type.
    Formatted(&'a str),
    Bool(bool),
    Integer(i64),
    /// A value of an enum, by its index there.
    Value {
        set: TypeId,
        /// The enum, or an alias of it: that names its variants too.
        named: TypeId,
        index: usize,
    },
}

impl Api {
    /// Returns the only value that the document knows of a property. Whoever makes an object needn't
    /// tell it.
    pub(crate) fn constant<'a>(&'a self, field: &'a Field) -> Option<Constant<'a>> {
        if field.presence != Presence::Required || field.boxed {
            return None;
        }
        let value = field.constant.as_ref()?;
        match self.resolved(&field.ty) {
            Type::Scalar(Scalar::String) => value.as_str().map(Constant::Text),
            Type::Scalar(Scalar::Text(_)) => value.as_str().map(Constant::Formatted),
            Type::Scalar(Scalar::Bool) => value.as_bool().map(Constant::Bool),
            Type::Scalar(Scalar::I64) => value.as_i64().map(Constant::Integer),
            Type::Scalar(Scalar::I32) => {
                let value = value.as_i64().filter(|value| i32::try_from(*value).is_ok());
                value.map(Constant::Integer)
            }
            Type::Named(set) => {
                let (TypeKind::Enum(listed), Type::Named(named)) = (&self.ty(*set).kind, &field.ty)
                else {
                    return None;
                };
                let mut values = listed.values.iter();
                Some(Constant::Value {
                    set: *set,
                    named: *named,
                    index: values.position(|listed| listed.value == *value)?,
                })
            }
            _ => None,
        }
    }

    /// Returns whether an object can't be made without being told a property.
    pub(crate) fn is_argument(&self, field: &Field) -> bool {
        field.presence.is_always() && self.constant(field).is_none()
    }
}
