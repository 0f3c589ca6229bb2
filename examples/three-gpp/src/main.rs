//! A network function (an AMF) finds another (a UDM) through the NRF and asks it for a subscriber's
//! data. The documents refer to each other as the 3GPP's do, `security` is optional with several sets of
//! scopes, and the token URL is a template: the NRF that issues tokens is known at run time only.
//!
//! Ends with a failure if a step isn't as promised.

// What it prints is what this program is for.
#![allow(clippy::print_stdout)]

mod core_network {
    //! The generated clients: one for each document, with the types that they share.

    include!(concat!(env!("OUT_DIR"), "/core-network.rs"));
}
mod network;

use std::error::Error;
use std::process::ExitCode;

use accredit_runtime::testing::AuthorizationServer;
use core_network::types::NfType;
use core_network::{nrf_discovery, udm_sdm};

/// The identifier of this network function.
const INSTANCE: &str = "2f8d6c1e-7d2b-4c57-9f6e-0a4b7c1d2e3f";

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let nrf = AuthorizationServer::start().await?;
    nrf.accept_client(INSTANCE, "correct horse battery staple");
    let nrf = std::sync::Arc::new(nrf);
    let api_root = network::start(nrf.clone()).await?;
    let mut kept = true;

    println!("The AMF asks the NRF for a UDM:");
    let connection = nrf_discovery::Client::connection()
        .client_id(INSTANCE)
        .client_secret("correct horse battery staple")
        .token_endpoint(nrf.token_endpoint())
        .variable("apiRoot", &api_root)
        .extra_parameter("nfInstanceId", INSTANCE)
        .extra_parameter("nfType", "AMF")
        .extra_parameter("targetNfType", "NRF");
    let discovery = nrf_discovery::Client::new(connection)?;
    let found = discovery
        .nf_instances()
        .search_nf_instances(&NfType::Udm, &NfType::Amf)
        .await?;
    let udm = found.nf_instances.first().ok_or("no UDM was found")?;
    kept &= promise(
        udm.nf_type == NfType::Udm,
        "the NRF names one, its type an open enumeration",
    );
    kept &= promise(
        asked_for(&nrf, "scope") == ["nnrf-disc"] && asked_for(&nrf, "targetNfType") == ["NRF"],
        "the token was asked for with the scope of the operation and the NRF's own parameters",
    );

    println!("The AMF asks the UDM for a subscriber's data:");
    let connection = udm_sdm::Client::connection()
        .client_id(INSTANCE)
        .client_secret("correct horse battery staple")
        .token_endpoint(nrf.token_endpoint())
        .variable("apiRoot", &udm.api_root)
        .extra_parameter("nfInstanceId", INSTANCE)
        .extra_parameter("nfType", "AMF")
        .extra_parameter("targetNfType", "UDM");
    let subscribers = udm_sdm::Client::new(connection)?;
    let subscribers = subscribers.access_and_mobility_subscription_data();
    let data = subscribers.get_am_data("imsi-001010000000001").await?;
    let gpsis = data.gpsis.unwrap_or_default();
    kept &= promise(
        gpsis == ["msisdn-491700000001"],
        "the data come, by a token of their own",
    );

    println!("The NRF revokes all tokens, and the AMF asks again:");
    let before = nrf.token_requests();
    nrf.revoke_all();
    let again = subscribers.get_am_data("imsi-001010000000001").await;
    kept &= promise(again.is_ok(), "the data come all the same");
    kept &= promise(
        nrf.token_requests() == before + 1,
        "by one request for a token",
    );

    println!("The AMF asks for a subscriber that there isn't:");
    let failed = subscribers.get_am_data("imsi-001010000000002").await;
    let failure = failed.err().ok_or("a subscriber was found")?;
    let problem = failure
        .body::<udm_sdm::operations::GetAmDataError>()
        .and_then(Result::ok);
    kept &= promise(
        matches!(
            problem,
            Some(udm_sdm::operations::GetAmDataError::NotFound(details))
                if details.cause.as_deref() == Some("USER_NOT_FOUND")
        ),
        "the problem details have their cause",
    );
    Ok(if kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Returns what the token requests said for a parameter.
fn asked_for(nrf: &AuthorizationServer, parameter: &str) -> Vec<String> {
    let requests = nrf.requests();
    let values = requests
        .iter()
        .filter_map(|request| request.parameter(parameter));
    values.map(str::to_owned).collect()
}

/// Prints whether something is as promised, and returns it.
fn promise(kept: bool, what: &str) -> bool {
    println!("  {} {what}", if kept { "✓" } else { "✗" });
    kept
}
