//! Selection: what is said of operations that aren't generated.

use super::Lowerer;
use crate::diagnostics::{At, Code};

impl Lowerer<'_, '_> {
    /// Reports selectors that match nothing, and withdraws what was said of operations that aren't
    /// selected.
    pub(super) fn judge_selection(&mut self) {
        let diagnostics = &mut *self.diagnostics.diagnostics;
        diagnostics.withdraw(&self.left_out);
        let hint = "`accredit inspect` lists the operations of a document";
        for selector in self.selection.all().filter(|one| !self.used.contains(one)) {
            let message = format!("no operation matches `{selector}`");
            diagnostics
                .warning(Code::UnmatchedSelector, At::Nowhere, message)
                .set_hint(hint);
        }
        if self.api.operations.is_empty() && !self.left_out.is_empty() {
            let message = "no operation is selected: there is nothing to generate";
            diagnostics
                .error(Code::UnmatchedSelector, At::Nowhere, message)
                .set_hint(hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use crate::config::{Config, Selector};
    use crate::diagnostics::{Code, Diagnostics, Severity};
    use crate::openapi::Description;

    const DOCUMENT: &str = indoc! {"
        openapi: 3.0.3
        info: {title: T, version: '1'}
        security: []
        servers: [{url: 'https://api.example'}]
        paths:
          /a:
            get:
              operationId: list
              tags: [x]
              responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
            delete:
              tags: [x]
              callbacks: {c: {}}
              responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}
        components:
          schemas:
            A: {type: object, properties: {a: {type: string}}}
            B: {type: object, properties: {b: {type: string}}}
    "};

    /// Returns the operations and the number of types, and what was told.
    fn selected(exclude: &str) -> (Vec<String>, usize, Vec<(Code, Severity)>) {
        let document: openapiv3::OpenAPI = serde_yaml::from_str(DOCUMENT).expect("a document");
        let selector = exclude.parse::<Selector>().expect("a selector");
        let config = Config::new("openapi.yaml").exclude(selector);
        let mut diagnostics = Diagnostics::new();
        let description = Description::from(document);
        let api = crate::lower::lower(&description, &config, &mut diagnostics).remove(0);
        let ids = api.operations.iter().map(|operation| operation.id.clone());
        let told = diagnostics.into_list();
        let told = told
            .iter()
            .map(|told| (told.code(), told.severity()))
            .filter(|(code, _)| *code != Code::NoClientCredentials);
        (ids.collect(), api.types.len(), told.collect())
    }

    #[test]
    fn what_only_other_operations_need_isn_t_generated() {
        let (ids, types, told) = selected("method:delete");
        assert_eq!((ids, types, told), (vec!["list".to_owned()], 1, vec![]));
    }

    #[test]
    fn an_operation_without_an_id_is_selected_by_the_one_it_gets() {
        assert_eq!(selected("id:delete_a").0, ["list"]);
    }

    #[test]
    fn a_selector_that_matches_nothing_is_a_warning_and_none_left_an_error() {
        assert_eq!(
            selected("tag:y").2.last(),
            Some(&(Code::UnmatchedSelector, Severity::Warning))
        );
        assert_eq!(
            selected("tag:x").2,
            [(Code::UnmatchedSelector, Severity::Error)]
        );
    }
}
