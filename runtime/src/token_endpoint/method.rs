//! Which of the ways to authenticate a token request takes.

#[cfg(feature = "jwt")]
use crate::client_assertion::{self, Signer};
use crate::credentials::{ClientAuthentication, Credential};
#[cfg(feature = "jwt")]
use crate::dpop::Dpop;
use crate::proof::Proof;
use crate::secret::Secret;
use crate::token_error::TokenError;

/// Who asks for a token.
pub(crate) struct Client<'a> {
    pub(crate) id: &'a str,
    pub(crate) authentication: ClientAuthentication,
    pub(crate) credential: &'a Credential,
    /// How assertions name the server, if not by its issuer or its token endpoint.
    #[cfg(feature = "jwt")]
    pub(crate) audience: Option<&'a str>,
    /// The key that tokens are bound to.
    #[cfg(feature = "jwt")]
    pub(crate) key: Option<&'a Dpop>,
}

/// Where a client secret is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Header = 1,
    Body = 2,
}

/// One way to authenticate, for any number of requests.
#[derive(Clone, Copy)]
pub(super) enum Method<'a> {
    /// A secret; where it goes isn't known yet.
    Either(&'a Secret),
    Secret(Form, &'a Secret),
    #[cfg(feature = "jwt")]
    Signed(Signer<'a>),
    Assertion(&'a Secret),
    Identifier,
}

impl<'a> Method<'a> {
    pub(super) fn of(client: &Client<'a>) -> Result<Self, TokenError> {
        use ClientAuthentication as Way;
        Ok(match (client.authentication, client.credential) {
            (Way::TlsClientAuth | Way::None, _) | (Way::Automatic, Credential::Nothing) => {
                Self::Identifier
            }
            (Way::Automatic, Credential::Secret(secret)) => Self::Either(secret),
            (Way::Basic, Credential::Secret(secret)) => Self::Secret(Form::Header, secret),
            (Way::Post, Credential::Secret(secret)) => Self::Secret(Form::Body, secret),
            #[cfg(feature = "jwt")]
            (Way::ClientSecretJwt, Credential::Secret(secret)) => {
                Self::Signed(Signer::Secret(secret))
            }
            #[cfg(feature = "jwt")]
            (Way::Automatic | Way::PrivateKeyJwt, Credential::Key(key)) => {
                Self::Signed(Signer::Key(key))
            }
            (Way::Automatic | Way::PrivateKeyJwt, Credential::Assertion(text)) => {
                Self::Assertion(text)
            }
            (way, credential) => {
                let message = format!("`{}` doesn't go with {}", way.name(), kind(credential));
                return Err(TokenError::permanent(message));
            }
        })
    }

    /// Returns how a secret is used by what the server has said of itself; `None` if that leaves the
    /// header, which is also what silence means
    /// ([RFC 8414 §2](https://www.rfc-editor.org/rfc/rfc8414#section-2)).
    pub(super) fn offered(secret: &'a Secret, methods: &[String]) -> Option<Self> {
        let offers = |name: &str| methods.iter().any(|method| method == name);
        if offers(ClientAuthentication::Basic.name()) {
            None
        } else if offers(ClientAuthentication::Post.name()) {
            Some(Self::Secret(Form::Body, secret))
        } else {
            #[cfg(feature = "jwt")]
            if offers(ClientAuthentication::ClientSecretJwt.name()) {
                return Some(Self::Signed(Signer::Secret(secret)));
            }
            None
        }
    }

    /// Makes what one request carries to a server of some name. An assertion is a new one each time,
    /// because a server may refuse one that it has seen.
    #[cfg_attr(not(feature = "jwt"), allow(unused_variables))]
    pub(super) fn prove(self, client: &Client<'_>, server: &str) -> Result<Proof, TokenError> {
        let client_id = client.id;
        match self {
            #[cfg(feature = "jwt")]
            Self::Signed(signer) => {
                let audience = client.audience.unwrap_or(server);
                let assertion = client_assertion::sign(client_id, audience, signer)?;
                Ok(Proof::assertion(client_id, &assertion))
            }
            Self::Either(secret) | Self::Secret(Form::Header, secret) => {
                Proof::basic(client_id, secret)
            }
            Self::Secret(Form::Body, secret) => Ok(Proof::post(client_id, secret)),
            Self::Assertion(text) => Ok(Proof::assertion(client_id, text.expose())),
            Self::Identifier => Ok(Proof::identifier(client_id)),
        }
    }
}

fn kind(credential: &Credential) -> &'static str {
    match credential {
        Credential::Secret(_) => "a client secret",
        #[cfg(feature = "jwt")]
        Credential::Key(_) => "a private key",
        Credential::Assertion(_) => "an assertion",
        Credential::Nothing => "a client without a credential",
    }
}
