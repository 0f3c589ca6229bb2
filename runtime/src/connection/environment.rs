//! Connection settings in environment variables.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::client::Held;
use super::{Connection, Origin};
use crate::api::{SchemeKind, SecurityScheme};
use crate::credential_provider::{CredentialFile, read_text};
use crate::credentials::{ClientAuthentication, Credential};
use crate::network::Proxy;
use crate::secret::Secret;
use crate::security::SchemeCredential;
use crate::settings_error::{Problem, SettingsError};

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
        let mut variables = Variables {
            read,
            prefix: self.api.variable_prefix,
            problems: Vec::new(),
        };
        let texts = [
            ("client_id", &mut self.client_id),
            ("scope", &mut self.scope),
            ("audience", &mut self.audience),
            ("token_endpoint", &mut self.token_endpoint),
            ("revocation_endpoint", &mut self.revocation_endpoint),
            ("issuer", &mut self.issuer),
            ("base_url", &mut self.base_url),
        ];
        for (setting, target) in texts {
            if let Some((_, value)) = variables.take(setting) {
                target.set(Origin::Environment, value);
            }
        }
        if let Some((name, text)) = variables.take("server") {
            match text.trim().parse() {
                Ok(index) => self.server.set(Origin::Environment, index),
                Err(_) => variables.problem(name, "expected the index of a server"),
            }
        }
        for name in self.variable_names() {
            let word = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
            if let Some((_, value)) = variables.take(&format!("variable_{word}")) {
                let variable = self.variables.entry(name.to_owned()).or_default();
                variable.set(Origin::Environment, value);
            }
        }
        for scheme in self.api.schemes {
            if let Some(credential) = variables.scheme(scheme) {
                self.set_credential(scheme.name, Origin::Environment, credential);
            }
        }
        if let Some((_, value)) = variables.take("resource") {
            let resources = value.split_whitespace().map(str::to_owned).collect();
            self.resources.set(Origin::Environment, resources);
        }
        if let Some((name, value)) = variables.take("client_authentication") {
            match ClientAuthentication::parse_setting(&value) {
                Ok(value) => self.client_authentication.set(Origin::Environment, value),
                Err(message) => variables.problem(name, message),
            }
        }
        if let Some(pem) = variables.certificate("client_certificate_file") {
            let pem = Secret::from(pem.as_str());
            self.client_certificate.set(Origin::Environment, pem);
        }
        if let Some(pem) = variables.certificate("root_certificate_file") {
            let pem = pem.as_str().to_owned();
            self.root_certificate.set(Origin::Environment, pem);
        }
        if let Some((_, url)) = variables.take("proxy") {
            self.proxy.set(Origin::Environment, Proxy::At(url.into()));
        }
        if let Some(held) = variables.credential() {
            self.credential.set(Origin::Environment, held);
        }
        variables.problems
    }
}

/// The environment variables of one API, and what is wrong with them.
struct Variables<R> {
    read: R,
    prefix: &'static str,
    problems: Vec<Problem>,
}

impl<R: Fn(&str) -> Option<OsString>> Variables<R> {
    /// Returns the name of a setting's variable and its value.
    fn take(&mut self, setting: &str) -> Option<(String, String)> {
        let name = format!("{}_{}", self.prefix, setting.to_ascii_uppercase());
        // A variable that is set to nothing is how many shells and deployments leave one unset.
        let value = (self.read)(&name).filter(|value| !value.is_empty())?;
        if let Ok(value) = value.into_string() {
            return Some((name, value));
        }
        self.problem(name, "the value is not UTF-8");
        None
    }

    fn problem(&mut self, name: String, message: impl Into<String>) {
        self.problems.push(Problem::unusable(name, message));
    }

    /// Returns the credential of a security scheme.
    fn scheme(&mut self, scheme: &SecurityScheme) -> Option<SchemeCredential> {
        let setting = scheme.setting;
        match scheme.kind {
            SchemeKind::ApiKey(_) => self.secret(setting).map(SchemeCredential::ApiKey),
            SchemeKind::Bearer | SchemeKind::Token => {
                self.secret(setting).map(SchemeCredential::Bearer)
            }
            SchemeKind::Basic => {
                let [name, word] = ["username", "password"].map(|part| format!("{setting}_{part}"));
                let username = self.take(&name).map(|(_, value)| value);
                match (username, self.secret(&word)) {
                    (Some(username), Some(password)) => {
                        Some(SchemeCredential::Basic { username, password })
                    }
                    (None, None) => None,
                    (username, _) => {
                        let missing = if username.is_some() { word } else { name };
                        let missing = format!("{}_{}", self.prefix, missing.to_ascii_uppercase());
                        let message = "a user name and a password belong together";
                        self.problems.push(Problem::missing(&missing, message));
                        None
                    }
                }
            }
            SchemeKind::ClientCredentials { .. } | SchemeKind::MutualTls | SchemeKind::Other => {
                None
            }
        }
    }

    /// Returns the secret in a variable, or in the file that another variable names.
    fn secret(&mut self, setting: &str) -> Option<Secret> {
        let secret = self.take(setting);
        let file = self.take(&format!("{setting}_file"));
        match (secret, file) {
            (Some((name, _)), Some((file, _))) => {
                self.problem(file, format!("`{name}` is set too; unset one of them"));
                None
            }
            (Some((_, secret)), None) => Some(secret.into()),
            (None, Some((name, path))) => {
                let secret = CredentialFile::secret(PathBuf::from(path)).read();
                match secret {
                    Ok(Credential::Secret(secret)) => Some(secret),
                    Ok(_) => None,
                    Err(message) => {
                        self.problem(name, message);
                        None
                    }
                }
            }
            (None, None) => None,
        }
    }

    /// Returns the credential, of which there can be one.
    fn credential(&mut self) -> Option<Held> {
        let key_id = self.take("client_key_id").map(|(_, value)| value);
        let secret = self.take("client_secret");
        let mut found: Vec<_> = secret
            .map(|(name, value)| (name, Ok(Held::Secret(value.into()))))
            .into_iter()
            .collect();
        for (setting, file) in credential_files(key_id) {
            if let Some((name, path)) = self.take(setting) {
                let file = file(path.into());
                // A file that can't be read now is a mistake rather than a fault that passes.
                let held = file.read().map(|_| Held::Provided(Arc::new(file)));
                found.push((name, held));
            }
        }
        if let [(first, _), (second, _), ..] = found.as_slice() {
            let message = format!("`{first}` is set too; unset one of them");
            self.problem(second.clone(), message);
            return None;
        }
        let (name, held) = found.pop()?;
        held.map_err(|message| self.problem(name, message)).ok()
    }

    fn certificate(&mut self, setting: &str) -> Option<Zeroizing<String>> {
        let (name, path) = self.take(setting)?;
        if cfg!(not(feature = "rustls")) {
            self.problem(name, "certificates need the feature `rustls`");
            return None;
        }
        let text = read_text(Path::new(&path));
        text.map_err(|message| self.problem(name, message)).ok()
    }
}

type MakeFile = Box<dyn FnOnce(PathBuf) -> CredentialFile>;

/// The settings that name a file with a credential.
fn credential_files(key_id: Option<String>) -> Vec<(&'static str, MakeFile)> {
    #[cfg(not(feature = "jwt"))]
    drop(key_id);
    vec![
        ("client_secret_file", Box::new(CredentialFile::secret)),
        ("client_assertion_file", Box::new(CredentialFile::assertion)),
        #[cfg(feature = "jwt")]
        (
            "client_key_file",
            Box::new(move |path| CredentialFile::key(path, key_id)),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use std::fs;

    use futures_util::FutureExt;

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

    fn secret(connection: &Connection) -> String {
        let provider = connection.credential.get().unwrap().provider();
        match provider.credential().now_or_never().unwrap().unwrap() {
            Credential::Secret(secret) => secret.expose().to_owned(),
            other => panic!("expected a secret, found {other:?}"),
        }
    }

    #[test]
    fn every_variable_is_read() {
        let (connection, problems) = read(&[
            ("PAYPAL_CLIENT_ID", "id"),
            ("PAYPAL_CLIENT_SECRET", "s3cret"),
            ("PAYPAL_SCOPE", "read write"),
            ("PAYPAL_RESOURCE", "https://a.example https://b.example"),
            ("PAYPAL_AUDIENCE", "orders"),
            ("PAYPAL_CLIENT_AUTHENTICATION", "client_secret_post"),
            ("PAYPAL_TOKEN_ENDPOINT", "https://example.com/token"),
            ("PAYPAL_BASE_URL", "https://example.com"),
            ("OTHER_BASE_URL", "https://example.org"),
        ]);
        assert_eq!(problems, []);
        assert_eq!(connection.client_id.get().unwrap(), "id");
        assert_eq!(secret(&connection), "s3cret");
        assert_eq!(connection.scope.get().unwrap(), "read write");
        let resources = connection.resources.get().unwrap();
        assert_eq!(*resources, ["https://a.example", "https://b.example"]);
        assert_eq!(connection.audience.get().unwrap(), "orders");
        let authentication = connection.client_authentication.get();
        assert_eq!(authentication, Some(&ClientAuthentication::Post));
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
        assert_eq!(secret(&connection), "s3cret ");

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
