//! Who the client is and what it proves that with.

use std::fmt;

use crate::secret::Secret;
#[cfg(feature = "jwt")]
use crate::signing_key::SigningKey;

/// How the client authenticates at the token endpoint
/// ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// What the credential is for. A secret goes into the header first and, where the server refuses
    /// that, into the body; what worked is remembered.
    #[default]
    Automatic,
    /// A secret in the `Authorization` header (`client_secret_basic`).
    Basic,
    /// A secret in the request body (`client_secret_post`).
    Post,
    /// An assertion signed with the secret
    /// ([RFC 7523 §2.2](https://www.rfc-editor.org/rfc/rfc7523#section-2.2), `client_secret_jwt`).
    #[cfg(feature = "jwt")]
    ClientSecretJwt,
    /// An assertion signed with a private key, by this client or by somebody else
    /// ([RFC 7523 §2.2](https://www.rfc-editor.org/rfc/rfc7523#section-2.2), `private_key_jwt`).
    PrivateKeyJwt,
    /// The client certificate of the connection; the request holds the client identifier only
    /// ([RFC 8705 §2](https://www.rfc-editor.org/rfc/rfc8705#section-2), `tls_client_auth` and
    /// `self_signed_tls_client_auth`).
    TlsClientAuth,
    /// None: the request holds the client identifier only.
    None,
}

impl ClientAuthentication {
    /// The values in their written form.
    pub(crate) const NAMES: &'static [(&'static str, Self)] = &[
        ("automatic", Self::Automatic),
        ("client_secret_basic", Self::Basic),
        ("client_secret_post", Self::Post),
        #[cfg(feature = "jwt")]
        ("client_secret_jwt", Self::ClientSecretJwt),
        ("private_key_jwt", Self::PrivateKeyJwt),
        ("tls_client_auth", Self::TlsClientAuth),
        ("none", Self::None),
    ];

    /// Reads the written form; the message names the values that there are.
    pub(crate) fn parse_setting(name: &str) -> Result<Self, String> {
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, value)| *value).ok_or_else(|| {
            let names = Self::NAMES.iter().map(|(name, _)| format!("`{name}`"));
            format!("expected one of {}", names.collect::<Vec<_>>().join(", "))
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
            #[cfg(feature = "jwt")]
            Self::ClientSecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::TlsClientAuth => "tls_client_auth",
            Self::None => "none",
        }
    }

    /// Returns whether a request of this kind holds nothing but the client identifier.
    pub(crate) fn is_bare(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::None)
    }
}

/// What a client proves itself with.
#[derive(Clone)]
#[non_exhaustive]
pub enum Credential {
    /// A client secret.
    Secret(Secret),
    /// A private key; each token request has a new assertion signed with it.
    #[cfg(feature = "jwt")]
    Key(SigningKey),
    /// An assertion that somebody else has signed, such as the token of a workload identity
    /// ([RFC 7521 §4.2](https://www.rfc-editor.org/rfc/rfc7521#section-4.2)).
    Assertion(Secret),
    /// Nothing: the connection has a client certificate, or the client is a public one.
    Nothing,
}

impl From<Secret> for Credential {
    fn from(secret: Secret) -> Self {
        Self::Secret(secret)
    }
}

#[cfg(feature = "jwt")]
impl From<SigningKey> for Credential {
    fn from(key: SigningKey) -> Self {
        Self::Key(key)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "Secret([redacted])",
            #[cfg(feature = "jwt")]
            Self::Key(_) => "Key([redacted])",
            Self::Assertion(_) => "Assertion([redacted])",
            Self::Nothing => "Nothing",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_authenticate_has_a_name() {
        for (name, value) in ClientAuthentication::NAMES {
            assert_eq!(value.name(), *name);
            assert_eq!(ClientAuthentication::parse_setting(name), Ok(*value));
        }
    }

    #[test]
    fn a_credential_is_masked() {
        for credential in [
            Credential::Secret("s3cret".into()),
            Credential::Assertion("s3cret".into()),
        ] {
            assert!(!format!("{credential:?}").contains("s3cret"));
        }
    }
}
