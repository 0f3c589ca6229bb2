//! Addresses: of hosts, and of resources.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::Url;

use super::{Format, FormatError, Ipv4, Ipv6, Uri};

macro_rules! addresses {
    ($($text:ident $address:ident $reason:literal)*) => {$(
        impl TryFrom<&$text> for $address {
            type Error = FormatError;

            fn try_from(text: &$text) -> Result<Self, FormatError> {
                text.0.trim().parse().map_err(|_| $text::error($reason))
            }
        }

        impl From<$address> for $text {
            fn from(address: $address) -> Self {
                Self(address.to_string())
            }
        }
    )*};
}

addresses! {
    Ipv4 Ipv4Addr "it isn't an IPv4 address"
    Ipv6 Ipv6Addr "it isn't an IPv6 address"
    Uri Url "it isn't an absolute URL"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written() {
        assert_eq!(
            Ipv4::from("10.0.0.1").read(),
            Ok(Ipv4Addr::new(10, 0, 0, 1))
        );
        assert!(Ipv4::from("10.0.0.0/24").read::<Ipv4Addr>().is_err());
        assert_eq!(Ipv6::from("::1").read(), Ok(Ipv6Addr::LOCALHOST));
        assert_eq!(Ipv6::from(Ipv6Addr::LOCALHOST).as_str(), "::1");
        let url = Uri::from("https://example.com/a?b").read::<Url>();
        assert_eq!(url.map(|url| url.path().to_owned()), Ok("/a".to_owned()));
        assert!(Uri::from("/a").read::<Url>().is_err());
    }
}
