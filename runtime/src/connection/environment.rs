//! Connection settings in environment variables.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use zeroize::Zeroizing;

use super::{Connection, Origin};
use crate::api::{SchemeKind, SecurityScheme};
use crate::secret::Secret;
use crate::security::Credential;
use crate::settings_error::{Problem, SettingsError};

/// The longest file that is taken for a secret.
const LONGEST_SECRET: u64 = 64 * 1024;

impl Connection {
    /// Reads the environment variables. That a required value is missing comes to light when a client
    /// is made, so that the rest can be set after this.
    ///
    /// # Errors
    ///
    /// A variable that isn't UTF-8, a secret file that can't be read, or a secret that is given both
    /// ways is an error.
    pub fn from_env(mut self) -> Result<Self, SettingsError> {
        let problems = self.read_environment(|name| env::var_os(name));
        if problems.is_empty() {
            Ok(self)
        } else {
            Err(SettingsError::new(self.api.name, problems))
        }
    }

    /// Returns the environment variable of a setting.
    pub(super) fn variable_name(&self, setting: &str) -> String {
        let setting = setting.to_ascii_uppercase();
        format!("{}_{setting}", self.api.variable_prefix)
    }

    pub(super) fn read_environment(
        &mut self,
        read: impl Fn(&str) -> Option<OsString>,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        let texts = [
            ("client_id", &mut self.client_id),
            ("scope", &mut self.scope),
            ("token_endpoint", &mut self.token_endpoint),
            ("base_url", &mut self.base_url),
        ];
        let prefix = self.api.variable_prefix;
        for (setting, target) in texts {
            let name = format!("{prefix}_{}", setting.to_ascii_uppercase());
            if let Some(value) = value(&read, &name, &mut problems) {
                target.set(Origin::Environment, value);
            }
        }
        if let Some(secret) = secret(&read, &format!("{prefix}_CLIENT_SECRET"), &mut problems) {
            self.client_secret.set(Origin::Environment, secret);
        }
        let in_variable = format!("{prefix}_SERVER");
        if let Some(text) = value(&read, &in_variable, &mut problems) {
            match text.trim().parse() {
                Ok(index) => self.server.set(Origin::Environment, index),
                Err(_) => problems.push(Problem::unusable(
                    in_variable,
                    "expected the index of a server",
                )),
            }
        }
        for name in self.variable_names() {
            let word = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
            let in_variable = format!("{prefix}_VARIABLE_{}", word.to_ascii_uppercase());
            if let Some(value) = value(&read, &in_variable, &mut problems) {
                let variable = self.variables.entry(name.to_owned()).or_default();
                variable.set(Origin::Environment, value);
            }
        }
        for scheme in self.api.schemes {
            if let Some(credential) = self.read_credential(scheme, &read, &mut problems) {
                self.set_credential(scheme.name, Origin::Environment, credential);
            }
        }
        problems
    }

    fn read_credential(
        &self,
        scheme: &SecurityScheme,
        read: &Read<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<Credential> {
        let variable = self.variable_name(scheme.setting);
        match scheme.kind {
            SchemeKind::ApiKey(_) => secret(read, &variable, problems).map(Credential::ApiKey),
            SchemeKind::Bearer | SchemeKind::Token => {
                secret(read, &variable, problems).map(Credential::Bearer)
            }
            SchemeKind::Basic => {
                let [name, word] =
                    ["USERNAME", "PASSWORD"].map(|part| format!("{variable}_{part}"));
                match (value(read, &name, problems), secret(read, &word, problems)) {
                    (Some(username), Some(password)) => {
                        Some(Credential::Basic { username, password })
                    }
                    (None, None) => None,
                    (username, _) => {
                        let (set, missing) = match username {
                            Some(_) => (name, word),
                            None => (word, name),
                        };
                        problems.push(Problem::missing(&missing, &format!("`{set}` is set")));
                        None
                    }
                }
            }
            SchemeKind::ClientCredentials { .. } | SchemeKind::Other => None,
        }
    }
}

/// Reads a variable by its name.
type Read<'a> = dyn Fn(&str) -> Option<OsString> + 'a;

fn value(read: &Read<'_>, name: &str, problems: &mut Vec<Problem>) -> Option<String> {
    // A variable that is set to nothing is how many shells and deployments leave one unset.
    let value = read(name).filter(|value| !value.is_empty())?;
    let value = value.into_string();
    value
        .map_err(|_| problems.push(Problem::unusable(name, "the value is not UTF-8")))
        .ok()
}

/// Returns the secret in a variable, or in the file that another variable names.
fn secret(read: &Read<'_>, in_variable: &str, problems: &mut Vec<Problem>) -> Option<Secret> {
    let in_file = format!("{in_variable}_FILE");
    let secret = value(read, in_variable, problems).map(Secret::new);
    let path = value(read, &in_file, problems);
    match (secret, path) {
        (Some(_), Some(_)) => {
            let message = format!("`{in_variable}` is set too; unset one of them");
            problems.push(Problem::unusable(in_file, message));
            None
        }
        (Some(secret), None) => Some(secret),
        (None, Some(path)) => read_secret(Path::new(&path))
            .map_err(|message| problems.push(Problem::unusable(in_file, message)))
            .ok(),
        (None, None) => None,
    }
}

/// Reads a secret from a file, without the line break at its end.
fn read_secret(path: &Path) -> Result<Secret, String> {
    let unreadable = |error| format!("`{}` can't be read: {error}", path.display());
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > LONGEST_SECRET {
        return Err(format!("`{}` is too long for a secret", path.display()));
    }
    let text = fs::read_to_string(path).map(Zeroizing::new);
    let text = text.map_err(unreadable)?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(format!("`{}` is empty", path.display()));
    }
    Ok(Secret::from(secret))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::api::Api;

    static API: Api = Api::new("paypal", "PAYPAL", "paypal/1");

    fn read(variables: &[(&str, &str)]) -> (Connection, Vec<Problem>) {
        let mut connection = Connection::new(&API);
        let problems = connection.read_environment(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.into())
        });
        (connection, problems)
    }

    #[test]
    fn every_variable_is_read() {
        let (connection, problems) = read(&[
            ("PAYPAL_CLIENT_ID", "id"),
            ("PAYPAL_CLIENT_SECRET", "s3cret"),
            ("PAYPAL_SCOPE", "read write"),
            ("PAYPAL_TOKEN_ENDPOINT", "https://example.com/token"),
            ("PAYPAL_BASE_URL", "https://example.com"),
            ("OTHER_BASE_URL", "https://example.org"),
        ]);
        assert_eq!(problems, []);
        assert_eq!(connection.client_id.get().unwrap(), "id");
        assert_eq!(connection.client_secret.get().unwrap().expose(), "s3cret");
        assert_eq!(connection.scope.get().unwrap(), "read write");
        assert_eq!(
            connection.token_endpoint.get().unwrap(),
            "https://example.com/token"
        );
        assert_eq!(connection.base_url.get().unwrap(), "https://example.com");
    }

    #[test]
    fn an_empty_variable_is_none() {
        let (connection, problems) = read(&[("PAYPAL_CLIENT_ID", "")]);
        assert_eq!(problems, []);
        assert!(connection.client_id.get().is_none());
    }

    #[test]
    fn a_secret_comes_from_a_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        let variable = |path: &Path| read(&[("PAYPAL_CLIENT_SECRET_FILE", path.to_str().unwrap())]);

        fs::write(&path, "s3cret \r\n").unwrap();
        let (connection, problems) = variable(&path);
        assert_eq!(problems, []);
        assert_eq!(connection.client_secret.get().unwrap().expose(), "s3cret ");

        fs::write(&path, "\n").unwrap();
        assert_eq!(variable(&path).1.len(), 1);
        assert_eq!(variable(directory.path()).1.len(), 1);
        let (_, problems) = variable(&directory.path().join("none"));
        assert_eq!(problems[0].setting, "PAYPAL_CLIENT_SECRET_FILE");
    }

    #[test]
    fn a_secret_given_both_ways_is_refused() {
        let (_, problems) = read(&[
            ("PAYPAL_CLIENT_SECRET", "s3cret"),
            ("PAYPAL_CLIENT_SECRET_FILE", "/etc/secret"),
        ]);
        assert_eq!(problems.len(), 1);
        assert!(!problems[0].message.contains("s3cret"));
    }
}
