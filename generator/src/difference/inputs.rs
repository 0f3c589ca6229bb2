//! What a method takes and what can be set on its call, held against each other.

use super::Difference;
use crate::surface::{Input, Operation};

/// How an operation takes an input.
#[derive(Clone, Copy)]
enum Place<'a> {
    Argument(&'a Input),
    Setter(&'a Input),
}

impl<'a> Place<'a> {
    const fn input(self) -> &'a Input {
        match self {
            Self::Argument(input) | Self::Setter(input) => input,
        }
    }
}

pub(super) fn compare(
    subject: &str,
    old: &Operation,
    new: &Operation,
    difference: &mut Difference,
) {
    for place in places(old) {
        let name = &place.input().name;
        if let Some(now) = find(new, place.input()) {
            compare_one(subject, place, now, difference);
        } else {
            difference.breaking(subject, format!("no longer takes `{name}`"));
        }
    }
    for place in places(new).filter(|place| find(old, place.input()).is_none()) {
        let name = &place.input().name;
        match place {
            Place::Argument(_) => difference
                .breaking(subject, format!("requires `{name}`, which is new"))
                .because("its method has one more argument"),
            Place::Setter(_) => {
                let text = format!("takes `{name}`, which is new");
                difference.compatible(subject, text);
            }
        }
    }
    if order(old, new) != order(new, old) {
        let text = "takes its arguments in another order";
        difference.breaking(subject, text);
    }
}

fn compare_one(subject: &str, old: Place<'_>, new: Place<'_>, difference: &mut Difference) {
    let (before, after) = (old.input(), new.input());
    let name = &after.name;
    match (old, new) {
        (Place::Setter(_), Place::Argument(_)) => {
            difference
                .breaking(subject, format!("requires `{name}`, which was optional"))
                .because("a method of the call became an argument");
        }
        (Place::Argument(_), Place::Setter(_)) => {
            difference
                .breaking(subject, format!("no longer requires `{name}`"))
                .because("an argument became a method of the call");
        }
        (Place::Setter(_), Place::Setter(_)) if before.identifier != after.identifier => {
            difference.breaking(
                subject,
                format!(
                    "sets `{name}` by `{}`; it was `{}`",
                    after.identifier, before.identifier
                ),
            );
        }
        _ => {}
    }
    if before.ty != after.ty {
        difference.breaking(
            subject,
            format!("takes `{name}` as `{}`; it was `{}`", after.ty, before.ty),
        );
    }
}

fn places(operation: &Operation) -> impl Iterator<Item = Place<'_>> {
    let arguments = operation.arguments.iter().map(Place::Argument);
    arguments.chain(operation.setters.iter().map(Place::Setter))
}

/// Finds the input of a name; of several, the one that Rust calls the same.
fn find<'a>(operation: &'a Operation, input: &Input) -> Option<Place<'a>> {
    let named = || places(operation).filter(|place| place.input().name == input.name);
    named()
        .find(|place| place.input().identifier == input.identifier)
        .or_else(|| named().next())
}

/// Returns the arguments that another operation has as well, in their order.
fn order<'a>(operation: &'a Operation, other: &Operation) -> Vec<&'a str> {
    let arguments = operation.arguments.iter().map(|input| input.name.as_str());
    arguments
        .filter(|name| other.arguments.iter().any(|input| input.name == *name))
        .collect()
}
