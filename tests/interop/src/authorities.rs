//! Certificates and keys: of the servers, of clients that an authority knows, and of one that it doesn't.

use anyhow::Result;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair,
    PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256, SignatureAlgorithm,
};

/// A certificate and its key, in PEM.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Identity {
    /// Returns both, as a connection takes them.
    pub(crate) fn pem(&self) -> String {
        format!("{}{}", self.certificate, self.key)
    }
}

/// An authority that has issued the certificates of servers and of a client.
#[derive(Debug)]
pub(crate) struct Authority {
    pub(crate) certificate: String,
    pub(crate) server: Identity,
    pub(crate) client: Identity,
}

/// The name in a client's certificate.
pub(crate) const CLIENT_NAME: &str = "client.example";

impl Authority {
    pub(crate) fn new() -> Result<Self> {
        let mut parameters = CertificateParams::new(Vec::new())?;
        // A name of its own, or what it issues looks as if it had issued itself.
        let name = &mut parameters.distinguished_name;
        name.push(DnType::CommonName, "authority of the interop suite");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(parameters, KeyPair::generate()?)?;
        let issued = |names: &[&str]| -> Result<Identity> {
            let key = KeyPair::generate()?;
            let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            let certificate = CertificateParams::new(names)?.signed_by(&key, &issuer)?;
            Ok(Identity {
                certificate: certificate.pem(),
                key: key.serialize_pem(),
            })
        };
        Ok(Self {
            server: issued(&["localhost", "127.0.0.1"])?,
            client: issued(&[CLIENT_NAME])?,
            certificate: issuer.pem(),
        })
    }
}

/// Makes a certificate that nobody else vouches for.
pub(crate) fn self_signed() -> Result<Identity> {
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(vec![CLIENT_NAME.to_owned()])?.self_signed(&key)?;
    Ok(Identity {
        certificate: certificate.pem(),
        key: key.serialize_pem(),
    })
}

/// A key that signs assertions, with the name of its algorithm (`alg`).
#[derive(Debug)]
pub(crate) struct AssertionKey {
    pub(crate) algorithm: &'static str,
    pub(crate) private: String,
    pub(crate) public: String,
}

/// Makes a key for each algorithm that assertions are signed with.
pub(crate) fn assertion_keys() -> Result<Vec<AssertionKey>> {
    let kinds: [(&str, &'static SignatureAlgorithm); 4] = [
        ("RS256", &PKCS_RSA_SHA256),
        ("PS256", &PKCS_RSA_SHA256),
        ("ES256", &PKCS_ECDSA_P256_SHA256),
        ("EdDSA", &PKCS_ED25519),
    ];
    let keys = kinds.into_iter().map(|(algorithm, kind)| {
        let key = KeyPair::generate_for(kind)?;
        Ok(AssertionKey {
            algorithm,
            private: key.serialize_pem(),
            public: key.public_key_pem(),
        })
    });
    keys.collect()
}
