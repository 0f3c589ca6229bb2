//! Connection settings in environment files: TOML without a sensitive value, one file per environment
//! (development, test, production).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use toml::{Table, Value};

use super::{Connection, Origin, Setting, is_sensitive};
use crate::credentials::ClientAuthentication;
use crate::settings_error::{Problem, SettingsError};

/// The settings that an environment file can hold.
const SETTINGS: &[&str] = &[
    "base_url",
    "base_urls",
    "server",
    "token_endpoint",
    "revocation_endpoint",
    "issuer",
    "scope",
    "resource",
    "audience",
    "client_authentication",
    "variables",
    "extra_parameters",
    "token_headers",
];

impl Connection {
    /// Imports an environment file's text. What such a file can't hold is taken from environment
    /// variables, unless it is set already.
    ///
    /// # Errors
    ///
    /// The import fails if anything required is still missing then, and names all of it with the
    /// places where it can be set. It also fails on settings that it doesn't know or can't use, and
    /// on sensitive values.
    pub fn import(mut self, text: &str) -> Result<Self, SettingsError> {
        let mut problems = self.read_text(text);
        problems.extend(self.read_environment(|name| env::var_os(name)));
        if problems.is_empty() {
            problems = self.check();
        } else {
            problems.extend(self.check().into_iter().filter(|check| check.is_missing));
        }
        if problems.is_empty() {
            Ok(self)
        } else {
            Err(SettingsError::new(self.api.name, problems))
        }
    }

    /// Imports an environment file; see [`Connection::import`].
    pub fn import_file(self, path: impl AsRef<Path>) -> Result<Self, SettingsError> {
        let path = path.as_ref();
        match fs::read_to_string(path) {
            Ok(text) => self.import(&text),
            Err(error) => {
                let message = format!("the file can't be read: {error}");
                let problem = Problem::unusable(path.display().to_string(), message);
                Err(SettingsError::new(self.api.name, vec![problem]))
            }
        }
    }

    /// Returns the settings as an environment file, without the sensitive values. What isn't set
    /// appears as a comment.
    #[must_use]
    pub fn export(&self) -> String {
        let mut text = format!(
            "# Connection settings of {}. Sensitive values don't belong here: they come from\n\
             # {}, and {} or {}.\n\n",
            self.api.name,
            self.variable_name("client_id"),
            self.variable_name("client_secret"),
            self.variable_name("client_secret_file"),
        );
        let default_url = self.server_url().ok();
        line(&mut text, "base_url", self.base_url.get(), default_url);
        if let Some(server) = self.server.get() {
            let _ = writeln!(text, "server = {server}");
        }
        let default_endpoint = self.documented_token_endpoint().map(str::to_owned);
        let token_endpoint = self.token_endpoint.get();
        line(
            &mut text,
            "token_endpoint",
            token_endpoint,
            default_endpoint,
        );
        if let Some(url) = self.revocation_endpoint.get() {
            line(&mut text, "revocation_endpoint", Some(url), None);
        }
        if let Some(issuer) = self.issuer.get() {
            line(&mut text, "issuer", Some(issuer), None);
        }
        line(&mut text, "scope", self.scope.get(), None);
        if let Some(resources) = self.resources.get() {
            let resources = resources.iter().cloned().map(Value::String).collect();
            let _ = writeln!(text, "resource = {}", Value::Array(resources));
        }
        if let Some(audience) = self.audience.get() {
            line(&mut text, "audience", Some(audience), None);
        }
        let authentication = self.client_authentication.get().copied();
        let name = authentication.map(|authentication| authentication.name().to_owned());
        let default = ClientAuthentication::default().name().to_owned();
        line(
            &mut text,
            "client_authentication",
            name.as_ref(),
            Some(default),
        );
        table(&mut text, "base_urls", &self.base_urls);
        table(&mut text, "variables", &self.variables);
        table(&mut text, "extra_parameters", &self.extra_parameters);
        table(&mut text, "token_headers", &self.token_headers);
        text
    }

    pub(super) fn read_text(&mut self, text: &str) -> Vec<Problem> {
        // The parser's own message quotes the line, which may hold a secret.
        let table = match text.parse::<Table>() {
            Ok(table) => table,
            Err(error) => {
                let before = error.span().and_then(|span| text.get(..span.start));
                let line = before.unwrap_or_default().matches('\n').count() + 1;
                let message = format!("not TOML at line {line}");
                return vec![Problem::unusable("environment file", message)];
            }
        };
        let mut problems = Vec::new();
        for (name, value) in &table {
            if let Err(message) = self.read_setting(name, value) {
                problems.push(Problem::unusable(name, message));
            }
        }
        problems
    }

    fn read_setting(&mut self, name: &str, value: &Value) -> Result<(), String> {
        match name {
            "base_url" => self.base_url.set(Origin::File, string(value)?),
            "token_endpoint" => self.token_endpoint.set(Origin::File, string(value)?),
            "revocation_endpoint" => {
                self.revocation_endpoint.set(Origin::File, string(value)?);
            }
            "issuer" => self.issuer.set(Origin::File, string(value)?),
            "scope" => self.scope.set(Origin::File, string(value)?),
            "audience" => self.audience.set(Origin::File, string(value)?),
            "resource" => self.resources.set(Origin::File, strings(value)?),
            "server" => {
                let index = value.as_integer().and_then(|index| index.try_into().ok());
                let index = index.ok_or("expected the index of a server")?;
                self.server.set(Origin::File, index);
            }
            "client_authentication" => {
                let value = ClientAuthentication::parse_setting(&string(value)?)?;
                self.client_authentication.set(Origin::File, value);
            }
            "base_urls" => read_table(value, &mut self.base_urls, |_| false)?,
            "variables" => read_table(value, &mut self.variables, |_| false)?,
            "extra_parameters" => read_table(value, &mut self.extra_parameters, is_sensitive)?,
            "token_headers" => read_table(value, &mut self.token_headers, is_sensitive)?,
            // It can hold a user name and a password.
            "proxy" => return Err(self.refusal(name)),
            _ if is_sensitive(name) || self.is_credential(name) => return Err(self.refusal(name)),
            _ => {
                let known: Vec<_> = SETTINGS.iter().map(|name| format!("`{name}`")).collect();
                return Err(format!("unknown; expected one of {}", known.join(", ")));
            }
        }
        Ok(())
    }

    fn is_credential(&self, name: &str) -> bool {
        let mut schemes = self.api.schemes.iter();
        schemes.any(|scheme| !scheme.setting.is_empty() && name.starts_with(scheme.setting))
    }

    fn refusal(&self, name: &str) -> String {
        let place = match name {
            "client_id" | "client_secret" | "proxy" => {
                format!("set `{}` in the environment", self.variable_name(name))
            }
            _ if self.is_credential(name) => {
                format!("set `{}` in the environment", self.variable_name(name))
            }
            _ => "set it in code".to_owned(),
        };
        format!(
            "sensitive, so it doesn't belong in an environment file, which is passed around; \
             remove it here and {place}"
        )
    }
}

fn string(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        other => Err(format!("expected a string, found {}", other.type_str())),
    }
}

/// Reads one string or several.
fn strings(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::Array(values) => values.iter().map(string).collect(),
        value => string(value).map(|text| vec![text]),
    }
}

fn read_table(
    value: &Value,
    settings: &mut BTreeMap<String, Setting<String>>,
    is_refused: impl Fn(&str) -> bool,
) -> Result<(), String> {
    let table = value.as_table().ok_or("expected a table")?;
    for (name, value) in table {
        if is_refused(name) {
            return Err(format!(
                "`{name}` looks sensitive, so it doesn't belong in an environment file; set it in code"
            ));
        }
        let value = string(value).map_err(|message| format!("`{name}`: {message}"))?;
        let setting = settings.entry(name.clone()).or_default();
        setting.set(Origin::File, value);
    }
    Ok(())
}

/// Writes a setting, or what stands in for it as a comment.
fn line(text: &mut String, name: &str, value: Option<&String>, default: Option<String>) {
    let (mark, value) = match value {
        Some(value) => ("", value.clone()),
        None => ("# ", default.unwrap_or_default()),
    };
    let _ = writeln!(text, "{mark}{name} = {}", Value::String(value));
}

fn table(text: &mut String, name: &str, settings: &BTreeMap<String, Setting<String>>) {
    let table: Table = settings
        .iter()
        .filter(|(name, _)| !is_sensitive(name))
        .filter_map(|(name, setting)| Some((name, setting.get()?)))
        .map(|(name, value)| (name.clone(), Value::String(value.clone())))
        .collect();
    if !table.is_empty() {
        let _ = write!(text, "\n[{name}]\n{table}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{SecurityScheme, Server};

    static API: Api = Api::new("paypal", "ACCREDIT_TEST_FILE", "paypal/1")
        .servers(&[Server::new("https://api.example.com/v1")])
        .schemes(&[SecurityScheme::client_credentials("o", Some("/token"))]);

    use crate::api::Api;

    fn connection() -> Connection {
        Connection::new(&API)
            .client_id("1d")
            .client_secret("s3cret")
    }

    #[test]
    fn an_export_holds_nothing_sensitive_and_imports_again() {
        let original = connection()
            .base_url("https://sandbox.example.com/\"quoted\"\n")
            .token_endpoint("/oauth2/token")
            .scope("read write")
            .server(0)
            .variable("region", "eu")
            .client_authentication(ClientAuthentication::Post)
            .audience("orders")
            .resource("https://a.example")
            .resource("https://b.example")
            .token_header("X-Merchant", "m1")
            .token_header("X-Api-Key", "k3y")
            .extra_parameter("tenant", "t1")
            .extra_parameter("api_key", "k3y");
        let text = original.export();
        for secret in ["1d", "s3cret", "k3y", "api_key"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        let mut imported = Connection::new(&API);
        assert_eq!(imported.read_text(&text), []);
        assert_eq!(imported.base_url.get(), original.base_url.get());
        assert_eq!(imported.token_endpoint.get(), original.token_endpoint.get());
        assert_eq!(imported.scope.get(), original.scope.get());
        assert_eq!(imported.server.get(), Some(&0));
        assert_eq!(
            imported.client_authentication.get(),
            Some(&ClientAuthentication::Post)
        );
        assert_eq!(imported.variables["region"].get().unwrap(), "eu");
        assert_eq!(imported.audience.get().unwrap(), "orders");
        assert_eq!(imported.resources.get(), original.resources.get());
        assert_eq!(imported.extra_parameters["tenant"].get().unwrap(), "t1");
        assert_eq!(imported.token_headers["X-Merchant"].get().unwrap(), "m1");
        assert_eq!(imported.export().lines().count(), text.lines().count());
    }

    #[test]
    fn an_export_without_values_shows_the_defaults() {
        let text = Connection::new(&API).export();
        assert!(text.contains("# base_url = \"https://api.example.com/v1\""));
        assert!(text.contains("# token_endpoint = \"/token\""));
        assert!(connection().import(&text).is_ok());
    }

    #[test]
    fn an_import_names_everything_that_is_missing() {
        static BARE: Api = Api::new("bare", "ACCREDIT_TEST_BARE", "bare/1").schemes(&[
            SecurityScheme::client_credentials("o", Some("{root}/token")),
        ]);
        let error = Connection::new(&BARE).import("").unwrap_err();
        let missing: Vec<_> = error.missing().collect();
        assert_eq!(
            missing,
            ["base_url", "client_id", "client_secret", "token_endpoint"]
        );
        let text = error.to_string();
        for place in [
            "ACCREDIT_TEST_BARE_BASE_URL",
            "ACCREDIT_TEST_BARE_CLIENT_ID",
            "ACCREDIT_TEST_BARE_CLIENT_SECRET_FILE",
            "ACCREDIT_TEST_BARE_TOKEN_ENDPOINT",
        ] {
            assert!(text.contains(place), "{place} in {text}");
        }
    }

    #[test]
    fn a_sensitive_value_is_refused_without_being_shown() {
        for text in [
            "client_secret = \"s3cret\"",
            "client_id = \"s3cret\"",
            "Client-Secret = \"s3cret\"",
            "access_token = \"s3cret\"",
            "[extra_parameters]\npassword = \"s3cret\"",
            "client_secret = \"s3cret",
        ] {
            let error = connection().import(text).unwrap_err();
            assert_eq!(error.unusable().count(), 1, "{text}");
            let seen = format!("{error} {error:?}");
            assert!(!seen.contains("s3cret"), "{seen}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let text = "base_url = 5\nserver = -1\nbase_uri = \"x\"\nclient_authentication = \"jwt\"\n";
        let error = connection().import(text).unwrap_err();
        let mut unusable: Vec<_> = error.unusable().collect();
        unusable.sort_unstable();
        assert_eq!(
            unusable,
            ["base_uri", "base_url", "client_authentication", "server"]
        );
    }
}
