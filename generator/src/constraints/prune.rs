//! Leaves of the tables what demands anything.

use crate::model::{ConstrainedSchema, Rule};

/// Takes away rules that demand nothing, and then schemas without a rule. Returns the new index of each
/// schema that is left.
pub(super) fn prune(schemas: &mut Vec<ConstrainedSchema>) -> Vec<Option<usize>> {
    let mut bears = vec![false; schemas.len()];
    // A schema that only leads to itself demands nothing, so that what demands is what is found.
    loop {
        let mut is_settled = true;
        for (index, schema) in schemas.iter().enumerate() {
            if !bears[index] && schema.rules.iter().any(|rule| demands(rule, &bears)) {
                bears[index] = true;
                is_settled = false;
            }
        }
        if is_settled {
            break;
        }
    }
    let mut next = 0;
    let numbers = bears.iter().map(|&bears| {
        bears.then(|| {
            next += 1;
            next - 1
        })
    });
    let numbers: Vec<_> = numbers.collect();
    for schema in schemas.iter_mut() {
        retain(&mut schema.rules, &bears, &numbers);
    }
    let mut bears = bears.iter();
    schemas.retain(|_| bears.next() == Some(&true));
    numbers
}

fn demands(rule: &Rule, bears: &[bool]) -> bool {
    rule.any(&|rule| match rule {
        Rule::Number(..) | Rule::Count(..) | Rule::Pattern(_) | Rule::UniqueItems => true,
        Rule::Schema(index) => bears[*index],
        Rule::Property(..) | Rule::Others(..) | Rule::Items(_) | Rule::AnyOf(_) => false,
    })
}

fn retain(rules: &mut Vec<Rule>, bears: &[bool], numbers: &[Option<usize>]) {
    rules.retain(|rule| demands(rule, bears));
    for rule in rules {
        match rule {
            Rule::Property(_, rules) | Rule::Others(_, rules) | Rule::Items(rules) => {
                retain(rules, bears, numbers);
            }
            Rule::AnyOf(alternatives) => {
                for alternative in alternatives {
                    retain(&mut alternative.rules, bears, numbers);
                }
            }
            Rule::Schema(index) => *index = numbers[*index].unwrap_or(*index),
            _ => {}
        }
    }
}
