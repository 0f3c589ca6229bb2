//! Modules of documents, where a crate is made of several.

use super::{
    case::Words,
    operations::MODULES,
    scope::{Case, Claim, Identifier, Scope},
};
use crate::model::Api;

/// What the name of a file says of every document.
const VAGUE: &[&str] = &["api", "index", "openapi", "spec", "swagger"];

/// Returns the modules of documents; none for a single one, which is the crate itself.
pub(super) fn modules(apis: &[Api]) -> Vec<Identifier> {
    if apis.len() < 2 {
        return Vec::new();
    }
    let claims: Vec<_> = apis.iter().map(claim).collect();
    Scope::reserving(MODULES).claim_all(Case::Snake, &claims, &[])
}

/// Words of the file, which stay when the vendor changes a title, else those of its directory, else
/// those of the title.
fn claim(api: &Api) -> Claim {
    let stem = api.source.file_stem().unwrap_or_default().to_string_lossy();
    let parent = api.source.parent().and_then(|parent| parent.file_name());
    let parent = Words::of(&parent.unwrap_or_default().to_string_lossy());
    let words = Words::of(&stem);
    let title = Words::of(&api.info.title);
    let candidates = if VAGUE.contains(&words.snake().as_str()) {
        vec![parent, title, words]
    } else {
        vec![words.clone(), parent.then(&words), title]
    };
    Claim {
        candidates,
        fallback: "document",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_after_its_file_unless_that_says_nothing() {
        let named = |sources: &[(&str, &str)]| -> Vec<String> {
            let apis: Vec<_> = sources
                .iter()
                .map(|(source, title)| {
                    let mut api = Api {
                        source: source.into(),
                        ..Api::default()
                    };
                    (*title).clone_into(&mut api.info.title);
                    api
                })
                .collect();
            modules(&apis).iter().map(ToString::to_string).collect()
        };
        assert_eq!(named(&[("a/openapi.yaml", "A")]), [""; 0]);
        assert_eq!(
            named(&[
                ("a/openapi.yaml", "A"),
                ("b/openapi.yaml", "B"),
                ("types.yaml", "Types of pets"),
                ("v1/orders.yaml", "Orders"),
                ("v2/orders.yaml", "Orders"),
                ("openapi.json", "Payments"),
            ]),
            ["a", "b", "types_of_pets", "orders", "v2_orders", "payments"]
        );
    }
}
