//! How a reader is told to set who calls: variables and setters.

use super::escape;
use crate::{
    markdown::code,
    model::{Api, SchemeKind},
    names::Names,
};

/// Returns the environment variables of schemes whose credential is a setting, with what they set.
pub(super) fn variables(api: &Api, names: &Names) -> Vec<(String, String)> {
    let mut variables = Vec::new();
    for (index, scheme) in api.schemes.iter().enumerate() {
        let setting = names.setting(index).to_ascii_uppercase();
        let variable = format!("{}_{setting}", names.variable_prefix());
        let name = cell(&scheme.name);
        match &scheme.kind {
            SchemeKind::ApiKey { .. } => variables.push((variable, format!("the key of {name}"))),
            SchemeKind::Bearer | SchemeKind::Token(_) => {
                variables.push((variable, format!("the token of {name}")));
            }
            SchemeKind::Basic => {
                let user = (
                    format!("{variable}_USERNAME"),
                    format!("the user name of {name}"),
                );
                let word = (
                    format!("{variable}_PASSWORD"),
                    format!("the password of {name}"),
                );
                variables.extend([user, word]);
            }
            SchemeKind::MutualTls => {
                let what = "the path of the client's certificate and private key".to_owned();
                variables.push((
                    format!("{}_CLIENT_CERTIFICATE_FILE", names.variable_prefix()),
                    what,
                ));
            }
            SchemeKind::ClientCredentials { .. } | SchemeKind::Other(_) => {}
        }
    }
    variables
}

/// Returns calls that set who calls: the client, or what the first scheme asks for.
pub(super) fn setters(api: &Api) -> Vec<String> {
    let client = [
        ".client_id(\"client identifier\")",
        ".client_secret(\"client secret\")",
    ];
    if api.has_client_credentials() {
        return client.map(str::to_owned).to_vec();
    }
    let mut setters = api.schemes.iter().filter_map(|scheme| {
        let name = escape::rust(&scheme.name);
        match &scheme.kind {
            SchemeKind::ApiKey { .. } => Some(format!(".api_key({name}, \"key\")")),
            SchemeKind::Bearer | SchemeKind::Token(_) => {
                Some(format!(".bearer_token({name}, \"token\")"))
            }
            SchemeKind::Basic => Some(format!(".basic({name}, \"user\", \"password\")")),
            SchemeKind::ClientCredentials { .. } | SchemeKind::MutualTls | SchemeKind::Other(_) => {
                None
            }
        }
    });
    let base_url = || ".base_url(\"https://api.example.com\")".to_owned();
    vec![setters.next().unwrap_or_else(base_url)]
}

/// A code span's bar would end its cell.
fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}
