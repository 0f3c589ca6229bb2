//! Responses: which mean success, which failure, and what they carry.
//!
//! - `2XX` means success. Where no such response is declared, redirections do (they are what the
//!   operation promises), or else `default`, which then stands for `2XX`.
//! - Everything else means failure: `default` beside a success, `3XX` beside a success, `4XX`, `5XX`.
//! - `1XX` never is the answer that a call ends with.

use openapiv3::{ReferenceOr, StatusCode};

use super::Lowerer;
use super::content::Use;
use super::schema::Place;
use crate::diagnostics::Code;
use crate::model::{OperationId, Response, Role, StatusPattern};
use crate::pointer::Pointer;

impl<'a> Lowerer<'a, '_> {
    /// Returns the responses that mean success and those that mean failure.
    pub(super) fn responses(
        &mut self,
        responses: &'a openapiv3::Responses,
        at: &Pointer,
        id: OperationId,
        is_head: bool,
    ) -> (Vec<Response>, Vec<Response>) {
        let at = at.child("responses");
        let declared = responses.responses.iter();
        let keyed = declared.map(|(status, response)| (pattern(status), response));
        let default = responses
            .default
            .iter()
            .map(|response| (StatusPattern::Default, response));
        let mut successes = Vec::new();
        let mut redirections = Vec::new();
        let mut failures = Vec::new();
        let mut default_response = None;
        for (status, response) in keyed.chain(default) {
            let class = class(status);
            if class == Some(1) {
                let message = "an informational response isn't generated";
                self.warn(Code::Unsupported, &at.child(status.to_string()), message);
                continue;
            }
            let Some(response) = self.response(status, response, &at, id, is_head) else {
                continue;
            };
            match class {
                Some(2) => successes.push(response),
                Some(3) => redirections.push(response),
                Some(_) => failures.push(response),
                None => default_response = Some(response),
            }
        }
        match (successes.is_empty(), redirections.is_empty()) {
            (false, _) => failures.splice(0..0, redirections).for_each(drop),
            (true, false) => {
                successes = redirections;
                // The answer to a redirection that was followed.
                successes.push(silent(2));
            }
            (true, true) => {
                let success = default_response.take().map(|response| Response {
                    status: StatusPattern::Range(2),
                    ..response
                });
                if success.is_none() {
                    let message = "no response means success; any 2XX does, without a body";
                    self.warn(Code::InvalidPart, &at, message);
                }
                successes.push(success.unwrap_or_else(|| silent(2)));
            }
        }
        failures.extend(default_response);
        (successes, failures)
    }

    fn response(
        &mut self,
        status: StatusPattern,
        response: &'a ReferenceOr<openapiv3::Response>,
        at: &Pointer,
        id: OperationId,
        is_head: bool,
    ) -> Option<Response> {
        let at = at.child(status.to_string());
        let response = self.resolve("responses", |all| &all.responses, response, at)?;
        let place = match response.key {
            Some(key) => Place::Key(key),
            None => Place::Of(id, Role::Response(status)),
        };
        // RFC 9110 §6.4.1: these have no content.
        let bodiless = matches!(status, StatusPattern::Code(204 | 205 | 304));
        if bodiless && !response.value.content.is_empty() {
            let message = "a response of this status has no body; its content is left out";
            self.warn(Code::Mended, &response.pointer.child("content"), message);
        }
        let content_at = response.pointer.child("content");
        let contents = if is_head || bodiless {
            Vec::new()
        } else {
            self.contents(&response.value.content, &content_at, &place, Use::Response)
        };
        let headers_at = response.pointer.child("headers");
        let headers = self.headers(
            &response.value.headers,
            &headers_at,
            &Place::Of(id, Role::Response(status)),
        );
        Some(Response {
            status,
            contents,
            headers,
            description: response.value.description.clone(),
        })
    }
}

const fn pattern(status: &StatusCode) -> StatusPattern {
    match status {
        StatusCode::Code(code) => StatusPattern::Code(*code),
        StatusCode::Range(class) => StatusPattern::Range(*class),
    }
}

/// Returns the first digit of a status.
const fn class(status: StatusPattern) -> Option<u16> {
    match status {
        StatusPattern::Code(code) => Some(code / 100),
        StatusPattern::Range(class) => Some(class),
        StatusPattern::Default => None,
    }
}

/// Returns a response of which nothing is promised.
const fn silent(class: u16) -> Response {
    Response {
        status: StatusPattern::Range(class),
        contents: Vec::new(),
        headers: Vec::new(),
        description: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::lower;
    use crate::diagnostics::Code;

    /// Returns successes, failures and codes of an operation with these responses.
    fn split(responses: &str) -> (Vec<String>, Vec<String>, Vec<Code>) {
        let lowered = lower(&format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nx-body: &body {{application/json: \
             {{schema: {{type: string}}}}}}\npaths:\n  /a:\n    get:\n      responses: {responses}\n\
             components:\n  securitySchemes:\n    a: {{type: oauth2, flows: {{clientCredentials: \
             {{tokenUrl: /token, scopes: {{}}}}}}}}\nsecurity: [{{a: []}}]\n"
        ));
        let operation = &lowered.api.operations[0];
        (
            lowered.responses(&operation.successes),
            lowered.responses(&operation.failures),
            lowered.told.iter().map(|(code, _)| *code).collect(),
        )
    }

    #[test]
    fn success_is_2xx_and_the_rest_is_failure() {
        let (successes, failures, told) = split(
            "{'200': {description: '', content: *body}, '204': {description: ''}, '304': \
             {description: ''}, 4XX: {description: '', content: *body}, default: {description: ''}}",
        );
        assert_eq!(successes, ["200 json String", "204"]);
        assert_eq!(failures, ["304", "4XX json String", "default"]);
        assert_eq!(told, []);
    }

    #[test]
    fn default_stands_for_2xx_where_nothing_else_means_success() {
        let (successes, failures, _) =
            split("{default: {description: '', content: *body}, '404': {description: ''}}");
        assert_eq!(successes, ["2XX json String"]);
        assert_eq!(failures, ["404"]);
    }

    #[test]
    fn redirections_are_what_is_promised_where_nothing_is_2xx() {
        let (successes, failures, told) =
            split("{'302': {description: ''}, default: {description: '', content: *body}}");
        assert_eq!(successes, ["302", "2XX"]);
        assert_eq!(failures, ["default json String"]);
        assert_eq!(told, []);
    }

    #[test]
    fn an_operation_without_a_success_gets_one_and_it_is_told() {
        let (successes, failures, told) = split("{'404': {description: ''}}");
        assert_eq!(successes, ["2XX"]);
        assert_eq!(failures, ["404"]);
        assert_eq!(told, [Code::InvalidPart]);
    }

    #[test]
    fn no_content_has_no_content() {
        let (successes, _, told) = split("{'204': {description: '', content: *body}}");
        assert_eq!(successes, ["204"]);
        assert_eq!(told, [Code::Mended]);
    }
}
