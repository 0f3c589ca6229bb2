//! The credentials of security schemes other than client credentials.

use super::{Connection, Origin};
use crate::api::{SchemeKind, SecurityScheme};
use crate::secret::Secret;
use crate::security::{Presentation, SchemeCredential};
use crate::settings_error::Problem;

impl Connection {
    /// Sets the key of an `apiKey` scheme, by the scheme's name in the document. That of a scheme
    /// `ApiKey` is read from `PAYPAL_API_KEY`, or from a file named by `PAYPAL_API_KEY_FILE`.
    #[must_use]
    pub fn api_key(self, scheme: &str, key: impl Into<Secret>) -> Self {
        self.scheme_credential(scheme, SchemeCredential::ApiKey(key.into()))
    }

    /// Sets the token of an HTTP scheme `bearer`, by the scheme's name in the document; also one of an
    /// OAuth 2.0 flow that the caller goes through. That of a scheme `BearerAuth` is read from
    /// `PAYPAL_BEARER_AUTH`, or from a file named by `PAYPAL_BEARER_AUTH_FILE`.
    #[must_use]
    pub fn bearer_token(self, scheme: &str, token: impl Into<Secret>) -> Self {
        self.scheme_credential(scheme, SchemeCredential::Bearer(token.into()))
    }

    /// Sets the user name and the password of an HTTP scheme `basic`, by the scheme's name in the
    /// document. Those of a scheme `BasicAuth` are read from `PAYPAL_BASIC_AUTH_USERNAME` and
    /// `PAYPAL_BASIC_AUTH_PASSWORD`, or from a file named by `PAYPAL_BASIC_AUTH_PASSWORD_FILE`.
    #[must_use]
    pub fn basic(
        self,
        scheme: &str,
        username: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        let credential = SchemeCredential::Basic {
            username: username.into(),
            password: password.into(),
        };
        self.scheme_credential(scheme, credential)
    }

    fn scheme_credential(mut self, scheme: &str, credential: SchemeCredential) -> Self {
        self.set_credential(scheme, Origin::Code, credential);
        self
    }

    pub(super) fn set_credential(
        &mut self,
        scheme: &str,
        origin: Origin,
        credential: SchemeCredential,
    ) {
        let setting = self.credentials.entry(scheme.to_owned()).or_default();
        setting.set(origin, credential);
    }

    /// Returns the credentials by the indexes of their schemes.
    pub(super) fn resolve_credentials(
        &self,
        problems: &mut Vec<Problem>,
    ) -> Vec<Option<Presentation>> {
        let schemes = self.api.schemes;
        for name in self.credentials.keys() {
            if !schemes.iter().any(|scheme| scheme.name == name) {
                let names: Vec<_> = schemes
                    .iter()
                    .map(|scheme| format!("`{}`", scheme.name))
                    .collect();
                let message = if names.is_empty() {
                    "the document has no security scheme".to_owned()
                } else {
                    format!(
                        "the document has no such scheme; it has {}",
                        names.join(", ")
                    )
                };
                problems.push(Problem::unusable(format!("schemes.{name}"), message));
            }
        }
        let present = |scheme: &SecurityScheme| {
            let credential = self.credentials.get(scheme.name)?.get()?;
            let presented = credential.present(&scheme.kind);
            let unusable = |message| Problem::unusable(format!("schemes.{}", scheme.name), message);
            presented
                .map_err(|message| problems.push(unusable(message)))
                .ok()
        };
        schemes.iter().map(present).collect()
    }

    /// Adds what is missing for calls of an API whose only schemes have their credentials here, if
    /// none of these is set.
    pub(super) fn check_credentials(&self, problems: &mut Vec<Problem>) {
        let is_ours = |scheme: &SecurityScheme| {
            matches!(
                scheme.kind,
                SchemeKind::ApiKey(_) | SchemeKind::Basic | SchemeKind::Bearer
            )
        };
        if !self.credentials.is_empty() || !self.api.schemes.iter().all(is_ours) {
            return;
        }
        for scheme in self.api.schemes {
            let [name, variable] = [scheme.name, &self.variable_name(scheme.setting)];
            let places = match scheme.kind {
                SchemeKind::Basic => format!(
                    "set it by `.basic(\"{name}\", …)`, or `{variable}_USERNAME` and \
                     `{variable}_PASSWORD`"
                ),
                SchemeKind::ApiKey(_) => format!(
                    "set it by `.api_key(\"{name}\", …)`, `{variable}` or a file named by \
                     `{variable}_FILE`"
                ),
                _ => format!(
                    "set it by `.bearer_token(\"{name}\", …)`, `{variable}` or a file named by \
                     `{variable}_FILE`"
                ),
            };
            problems.push(Problem::missing(scheme.setting, &places));
        }
    }
}
