//! The licence of an API as an SPDX expression.

/// SPDX identifiers with the ways in which documents say them, lower case, of letters and digits
/// alone.
const LICENSES: &[(&str, &[&str])] = &[
    (
        "Apache-2.0",
        &[
            "apache2",
            "apache20",
            "apachelicense20",
            "apachelicenseversion20",
            "apachelicensev20",
            "apachev2",
            "theapachelicenseversion20",
            "asl20",
            "apache2license",
            "apache20license",
        ],
    ),
    (
        "MIT",
        &[
            "mit",
            "mitlicense",
            "themitlicense",
            "themitlicensemit",
            "expat",
        ],
    ),
    (
        "BSD-2-Clause",
        &["bsd2clause", "bsd2", "simplifiedbsd", "bsd2clauselicense"],
    ),
    (
        "BSD-3-Clause",
        &[
            "bsd3clause",
            "bsd3",
            "newbsd",
            "modifiedbsd",
            "bsd3clauselicense",
        ],
    ),
    ("ISC", &["isc", "isclicense"]),
    (
        "MPL-2.0",
        &[
            "mpl20",
            "mpl2",
            "mozillapubliclicense20",
            "mozillapubliclicenseversion20",
        ],
    ),
    (
        "EPL-2.0",
        &["epl20", "eclipsepubliclicense20", "eclipsepubliclicensev20"],
    ),
    ("EUPL-1.2", &["eupl12"]),
    ("GPL-2.0-only", &["gpl20only"]),
    ("GPL-3.0-only", &["gpl30only"]),
    ("GPL-3.0-or-later", &["gpl30orlater"]),
    ("LGPL-3.0-only", &["lgpl30only"]),
    ("AGPL-3.0-only", &["agpl30only"]),
    ("AGPL-3.0-or-later", &["agpl30orlater"]),
    (
        "CC0-1.0",
        &["cc0", "cc010", "cc0100universal", "cc010universal"],
    ),
    (
        "CC-BY-4.0",
        &[
            "ccby40",
            "creativecommonsattribution40international",
            "creativecommonsattribution40",
        ],
    ),
    ("CC-BY-SA-4.0", &["ccbysa40"]),
    ("Unlicense", &["unlicense", "theunlicense"]),
    ("0BSD", &["0bsd"]),
    ("BSL-1.0", &["bsl10", "boostsoftwarelicense10"]),
    ("Zlib", &["zlib"]),
];

/// SPDX identifiers with an address of the licence, without scheme and without extension.
const ADDRESSES: &[(&str, &str)] = &[
    ("Apache-2.0", "apache.org/licenses/license-2.0"),
    ("Apache-2.0", "opensource.org/licenses/apache-2.0"),
    ("Apache-2.0", "opensource.org/license/apache-2-0"),
    ("MIT", "opensource.org/licenses/mit"),
    ("MIT", "opensource.org/license/mit"),
    ("BSD-3-Clause", "opensource.org/licenses/bsd-3-clause"),
    ("MPL-2.0", "mozilla.org/mpl/2.0"),
    ("CC0-1.0", "creativecommons.org/publicdomain/zero/1.0"),
    ("CC-BY-4.0", "creativecommons.org/licenses/by/4.0"),
];

/// Returns the SPDX identifier of a licence by its name or its URL; `None` for one that can't be
/// told, such as a vendor's own terms.
pub(super) fn identifier(name: &str, url: Option<&str>) -> Option<&'static str> {
    let squeezed: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let named = LICENSES
        .iter()
        .find(|(_, names)| names.contains(&squeezed.as_str()));
    named
        .map(|(identifier, _)| *identifier)
        .or_else(|| by_address(url?))
}

fn by_address(url: &str) -> Option<&'static str> {
    let url = url.to_ascii_lowercase();
    let address = url
        .split_once("://")
        .map_or(url.as_str(), |(_, address)| address);
    let address = address.strip_prefix("www.").unwrap_or(address);
    let address = address
        .trim_end_matches('/')
        .trim_end_matches(".html")
        .trim_end_matches(".txt");
    let known = ADDRESSES.iter().find(|(_, known)| *known == address);
    known.map(|(identifier, _)| *identifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_known_by_name_or_address() {
        for (name, url, expected) in [
            ("Apache License, Version 2.0", None, Some("Apache-2.0")),
            ("Apache 2.0", None, Some("Apache-2.0")),
            ("MIT", None, Some("MIT")),
            (
                "License",
                Some("https://www.apache.org/licenses/LICENSE-2.0.html"),
                Some("Apache-2.0"),
            ),
            (
                "eBay API License Agreement",
                Some("https://developer.ebay.com/join/api-license-agreement"),
                None,
            ),
            ("BSD", None, None),
        ] {
            assert_eq!(identifier(name, url), expected, "{name}");
        }
    }
}
