//! Names of settings: what the credential of a security scheme is called in the environment.

use super::{
    case::Words,
    scope::{Case, Claim, Identifier, Scope},
};
use crate::model::Api;

/// The settings that every connection has, with those that can come.
const CONNECTION: &[&str] = &[
    "base_url",
    "client_authentication",
    "client_id",
    "client_secret",
    "extra_parameters",
    "scope",
    "server",
    "token_endpoint",
    "variables",
];

/// Names the credentials of schemes; an environment variable has the same name in capitals.
pub(super) fn of_schemes(api: &Api) -> Vec<Identifier> {
    let claims = api.schemes.iter().map(|scheme| {
        let (words, spelled) = (Words::of(&scheme.name), Words::spelled(&scheme.name));
        let suffixed = words.then(&Words::fixed("credential"));
        Claim {
            candidates: vec![words, suffixed, spelled],
            fallback: "credential",
        }
    });
    let claims: Vec<_> = claims.collect();
    Scope::reserving(CONNECTION).claim_all(Case::Snake, &claims, &[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Docs, SchemeKind, SecurityScheme};

    fn named(schemes: &[&str]) -> Vec<String> {
        let scheme = |name: &&str| SecurityScheme {
            name: (*name).to_owned(),
            kind: SchemeKind::Bearer,
            docs: Docs::default(),
        };
        let api = Api {
            schemes: schemes.iter().map(scheme).collect(),
            ..Api::default()
        };
        let names = of_schemes(&api);
        names.iter().map(|name| name.as_str().to_owned()).collect()
    }

    #[test]
    fn a_credential_is_called_like_its_scheme_unless_that_is_taken() {
        assert_eq!(
            named(&["ApiKeyAuth", "api_key", "clientId", "API-Key", "*"]),
            [
                "api_key_auth",
                "api_key",
                "client_id_credential",
                "api_key_credential",
                "credential"
            ]
        );
    }
}
