//! Alternatives that are scalars of one kind: no value tells them apart, and one scalar or one open
//! enum holds what all of them hold.

use super::Lowerer;
use super::keywords::Kind;
use super::one_of::{Alternative, Form};
use crate::model::{Enum, EnumValue, Scalar};

impl<'a> Lowerer<'a, '_> {
    /// Joins alternatives that are scalars of one kind: an open enum holds every text, and a number
    /// every integer, so that no value tells them apart.
    pub(super) fn join_scalars(&mut self, alternatives: &mut Vec<Alternative<'a>>) {
        let mut scalars = Vec::new();
        for (index, alternative) in alternatives.iter().enumerate() {
            let Form::Parts(parts) = &alternative.form else {
                continue;
            };
            let merged = self.merge(parts, None);
            if merged.choices.is_empty()
                && let (Some(kind), None) = merged.kind()
            {
                scalars.push((index, kind, merged));
            }
        }
        let mut gone = Vec::new();
        for family in [
            &[Kind::String][..],
            &[Kind::Integer, Kind::Number],
            &[Kind::Boolean],
        ] {
            let members: Vec<_> = scalars
                .iter()
                .filter(|(_, kind, _)| family.contains(kind))
                .collect();
            let Some(((first, _, _), others)) =
                members.split_first().filter(|(_, more)| !more.is_empty())
            else {
                continue;
            };
            let kind = if members.iter().any(|(_, kind, _)| *kind == Kind::Number) {
                Kind::Number
            } else {
                members[0].1
            };
            let (mut enums, mut owner) = (Vec::new(), None);
            for (index, _, merged) in &members {
                if kind != Kind::Number
                    && let Some(mut values) = self.enumeration(kind, merged)
                {
                    // `oneOf` of constants, each with words of its own, is an enum in long hand.
                    if let ([value], Some(atom)) =
                        (values.values.as_mut_slice(), merged.atoms.first())
                    {
                        let data = atom.keywords.data();
                        value.name = value.name.take().or_else(|| data.title.clone());
                        let words = || data.description.clone();
                        value.description = value.description.take().or_else(words);
                    }
                    enums.push(values);
                    owner = Some(*index);
                }
            }
            let form = match (enums.len(), owner) {
                // The only enum keeps its name.
                (1, Some(owner)) => {
                    std::mem::replace(&mut alternatives[owner].form, Form::Parts(Vec::new()))
                }
                (0, _) => {
                    let mut plains = members
                        .iter()
                        .map(|(_, _, merged)| self.plain_scalar(kind, merged));
                    let first = plains.next().unwrap_or(Scalar::String);
                    Form::Scalar(plains.fold(first, wider))
                }
                _ => Form::Enum(united(enums)),
            };
            alternatives[*first].form = form;
            gone.extend(others.iter().map(|(index, _, _)| *index));
        }
        let mut index = 0;
        alternatives.retain(|_| {
            index += 1;
            !gone.contains(&(index - 1))
        });
    }
}

/// Returns the constants of several enums, each once.
fn united(enums: Vec<Enum>) -> Enum {
    let mut values: Vec<EnumValue> = Vec::new();
    for value in enums.into_iter().flat_map(|values| values.values) {
        if !values.iter().any(|known| known.value == value.value) {
            values.push(value);
        }
    }
    Enum { values }
}

/// Returns the scalar that holds the values of both.
fn wider(one: Scalar, other: Scalar) -> Scalar {
    match (one, other) {
        (one, other) if one == other => one,
        (Scalar::Number, _) | (_, Scalar::Number) => Scalar::Number,
        (Scalar::F64, _) | (_, Scalar::F64) => Scalar::F64,
        (Scalar::String | Scalar::Text(_), _) | (_, Scalar::String | Scalar::Text(_)) => {
            Scalar::String
        }
        (Scalar::U64, Scalar::U32) | (Scalar::U32, Scalar::U64) => Scalar::U64,
        _ => Scalar::I64,
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower_schemas;

    #[test]
    fn an_enum_or_any_string_is_one_open_enum() {
        let lowered = lower_schemas(indoc! {"
            T: {anyOf: [{type: string, enum: [A, B]}, {type: string, description: for extension}]}
        "});
        assert_eq!(lowered.types(), "T enum \"A\" \"B\"\n");
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn constants_in_long_hand_are_an_enum() {
        let lowered = lower_schemas(indoc! {"
            T: {oneOf: [{type: string, enum: [A], description: first}, {type: string, enum: [B]}]}
        "});
        assert_eq!(lowered.types(), "T enum \"A\" \"B\"\n");
    }

    #[test]
    fn the_only_enum_among_strings_keeps_its_name() {
        let lowered = lower_schemas(indoc! {"
            T: {properties: {a: {anyOf: [{type: string}, {$ref: '#/components/schemas/E'}]}}}
            E: {type: string, enum: [A, B]}
        "});
        assert_eq!(lowered.types(), "T { a?: E }\nE enum \"A\" \"B\"\n");
    }
}
