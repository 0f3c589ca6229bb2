//! Requests to the revocation endpoint
//! ([RFC 7009 §2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.1)).

use super::method::{Client, Method};
use super::{LONGEST_ANSWER, TokenEndpoint, answer, read_bounded};
use crate::token_error::TokenError;

impl TokenEndpoint {
    /// Asks for the end of a token, once. The client authenticates as it did for the token.
    pub(crate) async fn revoke(&self, client: &Client<'_>, token: &str) -> Result<(), TokenError> {
        let find = self
            .place
            .find(&self.http, self.timeout, self.has_certificate);
        let target = find.await?;
        let url = self.revocation.as_ref().or(target.revocation.as_ref());
        let url = url.ok_or_else(|| TokenError::permanent("no revocation endpoint is known"))?;
        let method = self.proven(Method::of(client)?, &target);
        let mut proof = method.prove(client, &target.server)?.hiding(token);
        let parameters = [("token", token), ("token_type_hint", "access_token")];
        let message = self.message(url, &mut proof, &parameters);
        let response = message.send().await.map_err(|error| {
            TokenError::transient("the revocation endpoint can't be reached or broke off")
                .because(error.without_url())
        })?;
        let status = response.status();
        // RFC 7009 §2.2: it is also what a server says of a token that it doesn't know.
        if status.is_success() {
            return Ok(());
        }
        let body = read_bounded(response, LONGEST_ANSWER).await?;
        let error = answer::error(&body, &proof).unwrap_or_else(|| {
            TokenError::permanent("the revocation endpoint refused the request without a code")
        });
        Err(error.answered(status, None))
    }
}
