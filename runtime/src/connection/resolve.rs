//! What a client is built from, once all of the settings are there.

use std::sync::Arc;

use url::Url;

use super::Connection;
use crate::api::SecurityScheme;
use crate::clock::SystemClock;
use crate::network::Network;
use crate::security::Presentation;
use crate::settings_error::{Problem, SettingsError};
use crate::suspicion::SuspicionPolicy;
use crate::token_cache::TokenCache;

/// What a client is built from.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) base_url: Url,
    /// Those of operations with servers of their own, by the indexes of their lists.
    pub(crate) operation_urls: Vec<Url>,
    /// `None` if no client is set.
    pub(crate) tokens: Option<TokenCache>,
    /// By the index of their scheme.
    pub(crate) credentials: Vec<Option<Presentation>>,
    pub(crate) network: Network,
}

impl Connection {
    /// Makes a client's base URL and, given a policy for it, its token cache.
    ///
    /// # Errors
    ///
    /// All that is missing or unusable is named at once.
    pub(crate) fn resolve(
        self,
        policy: Option<SuspicionPolicy>,
    ) -> Result<Settings, SettingsError> {
        let mut problems = Vec::new();
        let base_url = self.resolve_base_url(&mut problems);
        let tokens = policy.filter(|_| self.has_client()).and_then(|policy| {
            let source = self.resolve_tokens(base_url.as_ref(), &mut problems)?;
            let clock = Arc::new(SystemClock);
            Some(TokenCache::with_options(source, clock, policy))
        });
        let operation_urls = self.resolve_operation_urls(base_url.as_ref(), &mut problems);
        let credentials = self.resolve_credentials(&mut problems);
        let network = self.resolve_network(&mut problems);
        match base_url {
            Some(base_url) if problems.is_empty() => Ok(Settings {
                base_url,
                operation_urls,
                tokens,
                credentials,
                network,
            }),
            _ => Err(SettingsError::new(self.api.name, problems)),
        }
    }

    /// Returns all that is missing or unusable for calls with a token.
    pub(super) fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let base_url = self.resolve_base_url(&mut problems);
        let mut schemes = self.api.schemes.iter();
        if self.has_client() || schemes.any(SecurityScheme::is_client_credentials) {
            self.resolve_tokens(base_url.as_ref(), &mut problems);
        }
        self.resolve_operation_urls(base_url.as_ref(), &mut problems);
        self.resolve_credentials(&mut problems);
        self.check_credentials(&mut problems);
        self.resolve_network(&mut problems);
        problems
    }

    /// Returns whether there is a client to authenticate. Without one there can be calls that need no
    /// token, and others say at once what they miss.
    fn has_client(&self) -> bool {
        self.client_id.get().is_some() || self.credential.get().is_some()
    }

    pub(super) fn missing(&self, setting: &str) -> Problem {
        let variable = self.variable_name(setting);
        let places = match setting {
            "client_secret" => {
                format!(
                    "set it by `.client_secret(…)`, `{variable}` or a file named by `{variable}_FILE`, \
                     or another credential in its place"
                )
            }
            "client_id" => format!("set it by `.client_id(…)` or `{variable}`"),
            _ => format!(
                "set it by `.{setting}(…)`, `{variable}` or `{setting}` in the environment file"
            ),
        };
        Problem::missing(setting, &places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Api, Server, ServerVariable};

    static API: Api = Api::new("orders", "ORDERS", "orders/1")
        .servers(&[
            Server::new("https://api.example.com/v1"),
            Server::new("https://{region}.example.com").variables(&[ServerVariable::new(
                "region",
                "us",
                &["us", "eu"],
            )]),
            Server::new("/relative"),
        ])
        .schemes(&[SecurityScheme::client_credentials(
            "o",
            Some("/oauth2/token"),
        )]);

    static TEMPLATED: Api = Api::new("nrf", "NRF", "nrf/1")
        .servers(&[Server::new("{nrfApiRoot}/v1")])
        .schemes(&[SecurityScheme::client_credentials(
            "o",
            Some("{nrfApiRoot}/oauth2/token"),
        )]);

    static OPEN: Api =
        Api::new("open", "OPEN", "open/1").servers(&[Server::new("https://open.example.com")]);

    fn client(api: &'static Api) -> Connection {
        Connection::new(api).client_id("id").client_secret("secret")
    }

    fn resolve(connection: &Connection) -> Result<Settings, SettingsError> {
        connection.clone().resolve(Some(SuspicionPolicy::default()))
    }

    fn base_url(connection: &Connection) -> String {
        resolve(connection).unwrap().base_url.into()
    }

    fn token_endpoint(connection: &Connection) -> Option<String> {
        let mut problems = Vec::new();
        let base_url = connection.resolve_base_url(&mut problems);
        let url = connection.resolve_token_endpoint(base_url.as_ref(), &mut problems);
        url.map(Into::into)
    }

    #[test]
    fn servers_and_their_variables_make_the_base_url() {
        let client = client(&API);
        assert_eq!(base_url(&client), "https://api.example.com/v1");
        let regional = client.clone().server(1);
        assert_eq!(base_url(&regional), "https://us.example.com/");
        let european = regional.clone().variable("region", "eu");
        assert_eq!(base_url(&european), "https://eu.example.com/");
        let error = resolve(&regional.clone().variable("region", "xx")).unwrap_err();
        assert_eq!(error.unusable().next(), Some("variables.region"));
        let error = resolve(&regional.variable("regoin", "eu")).unwrap_err();
        assert_eq!(error.unusable().next(), Some("variables.regoin"));
        let error = resolve(&client.clone().server(7)).unwrap_err();
        assert_eq!(error.unusable().next(), Some("server"));
        let error = resolve(&client.server(2)).unwrap_err();
        assert_eq!(error.missing().next(), Some("base_url"));
    }

    #[test]
    fn a_relative_token_url_resolves_against_the_base_url() {
        let client = client(&API);
        assert_eq!(
            token_endpoint(&client).unwrap(),
            "https://api.example.com/oauth2/token"
        );
        let sandbox = client.base_url("https://sandbox.example.com/v2/");
        assert_eq!(
            token_endpoint(&sandbox).unwrap(),
            "https://sandbox.example.com/oauth2/token"
        );
        let relative = sandbox.token_endpoint("token");
        assert_eq!(
            token_endpoint(&relative).unwrap(),
            "https://sandbox.example.com/v2/token"
        );
        let empty = relative.token_endpoint(" ");
        assert_eq!(
            token_endpoint(&empty).unwrap(),
            "https://sandbox.example.com/oauth2/token"
        );
    }

    #[test]
    fn a_templated_token_url_is_a_required_setting() {
        let error = resolve(&client(&TEMPLATED)).unwrap_err();
        let missing: Vec<_> = error.missing().collect();
        assert_eq!(missing, ["base_url", "token_endpoint"]);
        let set = client(&TEMPLATED)
            .base_url("https://nrf.example.com")
            .token_endpoint("https://nrf.example.com/oauth2/token");
        assert!(resolve(&set).unwrap().tokens.is_some());
    }

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let names = |problems: Vec<Problem>| -> Vec<String> {
            let missing = problems.into_iter().filter(|problem| problem.is_missing);
            missing.map(|problem| problem.setting).collect()
        };
        let bare = Connection::new(&API);
        assert_eq!(names(bare.check()), ["client_id", "client_secret"]);
        let half = bare.client_id("id");
        assert_eq!(names(half.check()), ["client_secret"]);
        let error = resolve(&half).unwrap_err();
        assert_eq!(error.missing().collect::<Vec<_>>(), ["client_secret"]);
        assert!(error.to_string().contains("ORDERS_CLIENT_SECRET"));
    }

    #[test]
    fn a_client_without_credentials_has_no_tokens() {
        assert!(resolve(&Connection::new(&API)).unwrap().tokens.is_none());
    }

    #[test]
    fn an_api_without_the_flow_needs_no_client() {
        assert!(resolve(&Connection::new(&OPEN)).unwrap().tokens.is_none());
        let error = resolve(&client(&OPEN)).unwrap_err();
        assert_eq!(error.missing().next(), Some("token_endpoint"));
    }

    #[test]
    fn a_caller_with_tokens_of_its_own_needs_no_client() {
        let settings = Connection::new(&API).resolve(None);
        assert!(settings.unwrap().tokens.is_none());
    }

    #[test]
    fn a_plain_http_token_endpoint_is_refused() {
        let error = resolve(&client(&API).token_endpoint("http://example.com/token")).unwrap_err();
        assert_eq!(error.unusable().next(), Some("token_endpoint"));
    }
}
