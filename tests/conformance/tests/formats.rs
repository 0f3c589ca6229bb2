//! Texts of known formats, by a generated client.

use std::time::{Duration, SystemTime};

use accredit_runtime::formats::{self, Base64, Date, DateTime, Uuid};
use accredit_runtime::{ClientOptions, TokenCache, Value};
use conformance::generated::formats::Client;
use conformance::{Issuer, Reply, Request, ResourceServer};

/// A device in the spellings of a vendor, some of which nobody can read.
const DEVICE: &str = r#"{"id":"DEVICE-7","built":"2026-03-01T00:00:00Z","seen":"2026-03-01 13:30+0100","opens":"8 a.m.","interval":"PT1H30M","host":"10.0.0.0/24","gateway":null,"icon":"-_8","code":"hunter2","restarts":["yesterday"],"counters":{"a":"2026-03-01"},"epoch":"1999-12-31"}"#;

#[tokio::test]
async fn a_text_in_another_shape_fails_no_response_and_goes_back_as_it_came() {
    let server =
        ResourceServer::start(|_: Request| std::future::ready(Reply::status(200).json(DEVICE)))
            .await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(Issuer::default()));
    let client = Client::with_options(connection, options).expect("usable settings");

    let id = Uuid::from("67e55044-10b1-426f-9247-bb680e5fe0c8");
    let since = DateTime::from(SystemTime::UNIX_EPOCH + Duration::from_millis(1_500));
    let days = ["2026-03-01", "2026-03-02"].map(Date::from);
    let device = client
        .devices()
        .get_device(&id)
        .since(&since)
        .days(&days)
        .await
        .unwrap();

    let target = server.requests()[0].uri.to_string();
    assert_eq!(
        target,
        "/devices/67e55044-10b1-426f-9247-bb680e5fe0c8?since=1970-01-01T00%3A00%3A01.5Z\
         &days=2026-03-01&days=2026-03-02"
    );
    let seen = device.seen.as_ref().map(DateTime::read::<SystemTime>);
    let expected = SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_368_200);
    assert_eq!(seen, Some(Ok(expected)));
    let interval = device.interval.as_ref().map(formats::Duration::read);
    assert_eq!(interval, Some(Ok(Duration::from_secs(5_400))));
    assert_eq!(
        device.icon.as_ref().map(Base64::read),
        Some(Ok(vec![251, 255]))
    );
    assert!(device.host.read::<std::net::Ipv4Addr>().is_err());
    assert!(!format!("{device:?}").contains("hunter2"));

    let back = serde_json::to_value(&device).unwrap();
    assert_eq!(back, serde_json::from_str::<Value>(DEVICE).unwrap());
}
