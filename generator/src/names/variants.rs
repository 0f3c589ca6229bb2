//! Identifiers of what an answer or a body can be: variants of enums.

use http::StatusCode;

use super::{
    case::Words,
    keyword::PRELUDE,
    scope::{Case, Claim, Identifier, Scope},
};
use crate::model::{Content, JsonKind, Response, StatusPattern, Type, TypeId, Union, Variant};

/// Names variants after what their statuses mean, and after the media type where one status has
/// several.
pub(super) fn statuses(responses: &[Response]) -> Vec<Identifier> {
    let variants = responses.iter().flat_map(|response| {
        let is_choice = response.is_choice();
        response.variants().map(move |content| {
            let status = status(response.status);
            let media_type = content.filter(|_| is_choice);
            let candidates = match media_type {
                Some(content) => {
                    let words = media_type_words(&content.media_type);
                    words.iter().map(|words| status.then(words)).collect()
                }
                None => vec![status],
            };
            Claim {
                candidates,
                fallback: "status",
            }
        })
    });
    let claims: Vec<_> = variants.collect();
    Scope::default().claim_all(Case::Pascal, &claims, &[])
}

/// Names variants after media types.
pub(super) fn media_types<'a>(contents: impl Iterator<Item = &'a Content>) -> Vec<Identifier> {
    let claims = contents.map(|content| Claim {
        candidates: media_type_words(&content.media_type).into(),
        fallback: "any",
    });
    let claims: Vec<_> = claims.collect();
    Scope::default().claim_all(Case::Pascal, &claims, PRELUDE)
}

/// Returns what sets a variant apart from the others of a union: its tag, its kind where no other is
/// of it, a property that it alone requires.
pub(super) fn mark(union: &Union, id: TypeId) -> Option<Words> {
    let is_own = |variant: &&Variant| variant.ty == Type::Named(id);
    let own = &union.variants.iter().find(is_own)?.evidence;
    if let Some(tag) = own.tags.first() {
        return Some(Words::of(tag));
    }
    let others = union.variants.iter().filter(|variant| !is_own(variant));
    let others = others.map(|variant| &variant.evidence);
    let kind = match own.kinds.as_slice() {
        [JsonKind::Object] => Some((JsonKind::Object, "object")),
        [JsonKind::Array] => Some((JsonKind::Array, "list")),
        _ => None,
    };
    if let Some((kind, name)) = kind
        && !others.clone().any(|other| other.kinds.contains(&kind))
    {
        return Some(Words::fixed(name));
    }
    let mut required = own.required.iter();
    let sole = required.find(|name| !others.clone().any(|it| it.required.contains(name)));
    sole.map(|name| Words::fixed("with").then(&Words::of(name)))
}

/// Returns what a media type is called: by what everyone calls it, by its subtype, by all of it.
fn media_type_words(media_type: &str) -> [Words; 3] {
    let subtype = media_type
        .split_once('/')
        .map_or("", |(_, subtype)| subtype);
    let common = match media_type {
        "application/x-www-form-urlencoded" => "form",
        "application/octet-stream" => "bytes",
        "multipart/form-data" => "multipart",
        "text/plain" => "text",
        _ if subtype.contains('*') => "any",
        // RFC 6839: what follows is the syntax.
        _ => subtype.split('+').next().unwrap_or_default(),
    };
    [common, subtype, media_type].map(Words::of)
}

/// Returns the words of a status: its reason phrase (RFC 9110 §15), or its number.
pub(super) fn status(pattern: StatusPattern) -> Words {
    match pattern {
        StatusPattern::Code(code) => {
            let status = StatusCode::from_u16(code).ok();
            match status.and_then(|status| status.canonical_reason()) {
                Some(reason) => Words::of(&reason.replace('\'', "")),
                None => Words::fixed(&format!("status {code}")),
            }
        }
        StatusPattern::Range(1) => Words::fixed("informational"),
        StatusPattern::Range(2) => Words::fixed("successful"),
        StatusPattern::Range(3) => Words::fixed("redirection"),
        StatusPattern::Range(4) => Words::fixed("client error"),
        StatusPattern::Range(5) => Words::fixed("server error"),
        StatusPattern::Range(class) => Words::fixed(&format!("class {class}")),
        StatusPattern::Default => Words::fixed("default"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ContentKind, Docs, Evidence};
    use crate::pointer::Pointer;

    #[test]
    fn a_status_reads_as_its_reason_phrase() {
        for (pattern, expected) in [
            (StatusPattern::Code(404), "NotFound"),
            (StatusPattern::Code(418), "ImATeapot"),
            (StatusPattern::Code(299), "Status299"),
            (StatusPattern::Range(5), "ServerError"),
            (StatusPattern::Default, "Default"),
        ] {
            assert_eq!(status(pattern).pascal(), expected);
        }
    }

    #[test]
    fn a_variant_is_marked_by_what_no_other_has() {
        let marks = |evidence: &[Evidence]| {
            let ids = || (0..evidence.len()).map(TypeId::new);
            let variants = ids().zip(evidence).map(|(id, evidence)| Variant {
                ty: Type::Named(id),
                boxed: false,
                evidence: evidence.clone(),
                docs: Docs::default(),
            });
            let union = Union {
                variants: variants.collect(),
                discriminator: None,
                base: 0,
            };
            let marks = ids().map(|id| mark(&union, id).map(|words| words.pascal()));
            marks.collect::<Vec<_>>()
        };
        let object = |required: &[&str]| Evidence {
            kinds: vec![JsonKind::Object],
            required: required.iter().map(|&name| name.to_owned()).collect(),
            ..Evidence::default()
        };
        let text = Evidence {
            kinds: vec![JsonKind::String],
            ..Evidence::default()
        };
        let tagged = Evidence {
            tags: vec!["card".to_owned()],
            ..object(&[])
        };
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(marks(&[object(&["a"]), text]), [named("Object"), None]);
        assert_eq!(
            marks(&[object(&["a", "b"]), object(&["a"]), object(&["c"]), tagged]),
            [named("WithB"), None, named("WithC"), named("Card")]
        );
    }

    #[test]
    fn a_media_type_reads_as_what_everyone_calls_it() {
        let named = |media_types: &[&str]| {
            let contents = media_types.iter().map(|media_type| Content {
                media_type: (*media_type).to_owned(),
                kind: ContentKind::Text,
                also_xml: None,
                pointer: Pointer::root(),
                constraints: None,
            });
            let contents: Vec<_> = contents.collect();
            let names = super::media_types(contents.iter());
            let names: Vec<_> = names.iter().map(ToString::to_string).collect();
            names.join(" ")
        };
        assert_eq!(
            named(&[
                "application/json",
                "application/xml",
                "application/octet-stream"
            ]),
            "Json Xml Bytes"
        );
        assert_eq!(
            named(&["application/xml", "text/xml", "*/*", ""]),
            "Xml TextXml Any Any2"
        );
        assert_eq!(
            named(&["application/vnd.a.v1+json", "application/vnd.a.v1+xml"]),
            "VndAV1 VndAV1Xml"
        );
    }
}
