//! Constants: values of properties that the document tells, as Rust can write them.

use serde_json::{Number, Value};

use super::{Api, Field, Presence, Scalar, Type, TypeId, TypeKind};

/// A value of a property, where its type can say it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Constant<'a> {
    Text(&'a str),
    /// A text of a format that is a type.
    Formatted(&'a str),
    Bool(bool),
    Integer(i64),
    Float(f64),
    /// A number with all its digits.
    Number(&'a Number),
    /// A value of an enum, by its index there.
    Value {
        set: TypeId,
        /// The enum, or an alias of it: that names its variants too.
        named: TypeId,
        index: usize,
    },
}

/// What the absence of a property or of a parameter stands for, where its type can say it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DefaultValue<'a> {
    Constant(Constant<'a>),
    Array(Vec<Self>),
}

impl Api {
    /// Returns the only value that the document knows of a property. Whoever makes an object needn't
    /// tell it.
    pub(crate) fn constant<'a>(&'a self, field: &'a Field) -> Option<Constant<'a>> {
        if field.presence != Presence::Required || field.boxed {
            return None;
        }
        let constant = self.value(&field.ty, field.constant.as_ref()?);
        // A number with a fraction is told: few documents have such a constant.
        constant.filter(|constant| !matches!(constant, Constant::Float(_) | Constant::Number(_)))
    }

    /// Returns what the absence of a value of a type stands for. Objects and values of unions are only
    /// documented: no constant can hold what they consist of.
    pub(crate) fn default_of<'a>(
        &'a self,
        ty: &'a Type,
        default: &'a Value,
    ) -> Option<DefaultValue<'a>> {
        let (Type::Array(item), Value::Array(values)) = (self.resolved(ty), default) else {
            return self.value(ty, default).map(DefaultValue::Constant);
        };
        let values = values.iter().map(|value| self.default_of(item, value));
        values.collect::<Option<_>>().map(DefaultValue::Array)
    }

    /// Returns whether an object can't be made without being told a property.
    pub(crate) fn is_argument(&self, field: &Field) -> bool {
        field.presence.is_always() && self.constant(field).is_none()
    }

    fn value<'a>(&'a self, ty: &'a Type, value: &'a Value) -> Option<Constant<'a>> {
        let integer = |fits: fn(i64) -> bool| {
            let integer = value.as_i64().filter(|integer| fits(*integer));
            integer.map(Constant::Integer)
        };
        match self.resolved(ty) {
            Type::Scalar(scalar) => match scalar {
                Scalar::String => value.as_str().map(Constant::Text),
                Scalar::Text(_) => value.as_str().map(Constant::Formatted),
                Scalar::Bool => value.as_bool().map(Constant::Bool),
                Scalar::I64 => integer(|_| true),
                Scalar::I32 => integer(|integer| i32::try_from(integer).is_ok()),
                Scalar::U32 => integer(|integer| u32::try_from(integer).is_ok()),
                Scalar::U64 => integer(|integer| integer >= 0),
                Scalar::F64 => value.as_f64().map(Constant::Float),
                Scalar::Number => value.as_number().map(Constant::Number),
                Scalar::Secret => None,
            },
            Type::Named(set) => {
                let (TypeKind::Enum(listed), Type::Named(named)) = (&self.ty(*set).kind, ty) else {
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
}
