use aws_lc_rs::encoding::{AsBigEndian, AsDer, EcPrivateKeyRfc5915Der, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
    ECDSA_P384_SHA384_FIXED_SIGNING, KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    UnparsedPublicKey, VerificationAlgorithm,
};
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::*;

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(String::from_utf8_lossy)
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

/// Signs claims, checks the signature and returns the header.
fn signed<A: VerificationAlgorithm>(
    key: &SigningKey,
    public: &[u8],
    algorithm: &'static A,
) -> Value {
    let claims = json!({ "sub": "id" });
    let text = key.sign(&claims).unwrap();
    let (message, signature) = text.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    UnparsedPublicKey::new(algorithm, public)
        .verify(message.as_bytes(), &signature)
        .unwrap();
    let (header, body) = message.split_once('.').unwrap();
    let decode =
        |text| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap() };
    assert_eq!(decode(body), claims);
    decode(header)
}

#[test]
fn an_rsa_key_signs_by_either_padding() {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
    let key = SigningKey::from_pem(&pem("PRIVATE KEY", pkcs8.as_ref())).unwrap();
    let public = pair.public_key().as_ref();
    let header = signed(&key, public, &RSA_PKCS1_2048_8192_SHA256);
    assert_eq!(header, json!({ "alg": "RS256", "typ": "JWT" }));
    let key = key.algorithm(SignatureAlgorithm::Ps256).unwrap();
    let header = signed(&key, public, &RSA_PSS_2048_8192_SHA256);
    assert_eq!(header["alg"], "PS256");
    assert!(key.algorithm(SignatureAlgorithm::Es256).is_err());

    // A PKCS #8 key of this size has 26 bytes before its PKCS #1 key.
    let pkcs1 = pem("RSA PRIVATE KEY", &pkcs8.as_ref()[26..]);
    let key = SigningKey::from_pem(&pkcs1).unwrap();
    signed(&key, public, &RSA_PKCS1_2048_8192_SHA256);
}

/// Returns the integers of a PKCS #1 key, without leading zeros.
fn integers(pkcs1: &[u8]) -> Vec<Vec<u8>> {
    let length = |der: &[u8]| match usize::from(der[1]) {
        short @ 0..=127 => (2, short),
        129 => (3, usize::from(der[2])),
        _ => (4, usize::from(der[2]) << 8 | usize::from(der[3])),
    };
    let mut rest = &pkcs1[length(pkcs1).0..];
    let mut integers = Vec::new();
    while !rest.is_empty() {
        let (from, length) = length(rest);
        let bytes = &rest[from..from + length];
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        integers.push(bytes[zeros..].to_vec());
        rest = &rest[from + length..];
    }
    integers
}

#[test]
fn an_rsa_key_is_read_as_a_jwk() {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
    let mut jwk = json!({ "kty": "RSA", "alg": "PS256", "kid": "k1" });
    let names = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
    for (name, integer) in names.iter().zip(&integers(&pkcs8.as_ref()[26..])[1..]) {
        jwk[*name] = URL_SAFE_NO_PAD.encode(integer).into();
    }
    let key = SigningKey::from_jwk(&jwk.to_string()).unwrap();
    let header = signed(&key, pair.public_key().as_ref(), &RSA_PSS_2048_8192_SHA256);
    assert_eq!(header, json!({ "alg": "PS256", "typ": "JWT", "kid": "k1" }));
    jwk["alg"] = "ES256".into();
    assert!(SigningKey::from_jwk(&jwk.to_string()).is_err());
}

#[test]
fn a_key_on_a_curve_is_read_in_every_form() {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let public = pair.public_key().as_ref();
    let sec1: EcPrivateKeyRfc5915Der<'_> = pair.private_key().as_der().unwrap();
    let secret: aws_lc_rs::encoding::EcPrivateKeyBin<'_> =
        pair.private_key().as_be_bytes().unwrap();
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "kid": "k1", "alg": "ES256", "use": "sig",
        "x": encode(&public[1..33]), "y": encode(&public[33..]), "d": encode(secret.as_ref()),
    });
    for (text, has_name) in [
        (
            pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref()),
            false,
        ),
        (pem("EC PRIVATE KEY", sec1.as_ref()), false),
        (jwk.to_string(), true),
    ] {
        let key = SigningKey::parse(&text).unwrap();
        let header = signed(&key, public, &ECDSA_P256_SHA256_FIXED);
        assert_eq!(header["alg"], "ES256");
        assert_eq!(header["kid"].as_str(), has_name.then_some("k1"));
    }

    let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let text = pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref());
    let key = SigningKey::from_pem(&text).unwrap();
    let header = signed(&key, pair.public_key().as_ref(), &ECDSA_P384_SHA384_FIXED);
    assert_eq!(header["alg"], "ES384");
}

/// The key and the signature of [RFC 8037 §A.1 and §A.4](https://www.rfc-editor.org/rfc/rfc8037#appendix-A).
#[test]
fn an_ed25519_key_signs_as_rfc_8037_does() {
    let jwk = json!({
        "kty": "OKP", "crv": "Ed25519",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    });
    let key = SigningKey::from_jwk(&jwk.to_string()).unwrap();
    let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = URL_SAFE_NO_PAD.encode(key.signature(message).unwrap());
    assert_eq!(
        signature,
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
    let pair = Ed25519KeyPair::generate().unwrap();
    let pkcs8 = pair.to_pkcs8v1().unwrap();
    let key = SigningKey::from_pem(&pem("PRIVATE KEY", pkcs8.as_ref())).unwrap();
    let header = signed(&key, pair.public_key().as_ref(), &signature::ED25519);
    assert_eq!(header["alg"], "EdDSA");
}

#[test]
fn a_key_names_itself_and_its_certificate() {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let text = pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref());
    let key = SigningKey::from_pem(&text)
        .and_then(|key| {
            key.key_id("k2")
                .certificate(&pem("CERTIFICATE", b"certificate"))
        })
        .unwrap();
    let header = signed(&key, pair.public_key().as_ref(), &ECDSA_P256_SHA256_FIXED);
    assert_eq!(header["kid"], "k2");
    let hash = digest::digest(&digest::SHA256, b"certificate");
    assert_eq!(header["x5t#S256"], URL_SAFE_NO_PAD.encode(hash));
}

#[test]
fn what_is_no_key_is_refused_without_being_shown() {
    let public = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    let small = json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "d": "AQ", "p": "AQ", "q": "AQ", "dp": "AQ", "dq": "AQ", "qi": "AQ" });
    for text in [
        String::new(),
        "s3cret".to_owned(),
        "{\"d\":\"s3cret\"}".to_owned(),
        pem("PRIVATE KEY", b"s3cret"),
        pem("ENCRYPTED PRIVATE KEY", b"s3cret"),
        pem("CERTIFICATE", b"s3cret"),
        public.to_string(),
        small.to_string(),
    ] {
        let error = SigningKey::parse(&text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
}

#[test]
fn a_key_is_masked() {
    let pair = Ed25519KeyPair::generate().unwrap();
    let text = pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref());
    let key = SigningKey::from_pem(&text).unwrap();
    assert_eq!(
        format!("{key:?}"),
        "SigningKey { algorithm: EdDsa, key_id: None, .. }"
    );
}

#[test]
fn a_secret_signs_with_hs256() {
    let text = sign_with_secret("s3cret", &json!({})).unwrap();
    let parts: Vec<_> = text.split('.').collect();
    let header = URL_SAFE_NO_PAD.decode(parts[0]).unwrap();
    assert_eq!(header, br#"{"alg":"HS256","typ":"JWT"}"#);
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"s3cret");
    let message = format!("{}.{}", parts[0], parts[1]);
    let signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    assert!(hmac::verify(&key, message.as_bytes(), &signature).is_ok());
}

#[test]
fn names_are_unique() {
    let names: std::collections::HashSet<_> = (0..100).map(|_| unique_name().unwrap()).collect();
    assert_eq!(names.len(), 100);
}
