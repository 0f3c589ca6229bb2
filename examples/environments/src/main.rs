//! The settings of a connection leave staging as a file without secrets, are edited for production and
//! imported there, where the secrets are. An import in which a required value is missing is refused,
//! and says which.
//!
//! Ends with a failure if a step isn't as promised.

// What it prints is what this program is for.
#![allow(clippy::print_stdout)]

/// The generated client.
mod orders {
    include!(concat!(env!("OUT_DIR"), "/orders.rs"));
}

use std::error::Error;
use std::process::ExitCode;

use orders::Client;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    println!("In staging, all settings are there. They are exported:\n");
    let staging = Client::connection()
        .client_id("staging-client")
        .client_secret("correct horse battery staple")
        .scope("orders.read")
        .token_endpoint("https://login.staging.example/token")
        .base_url("https://orders.staging.example");
    let exported = staging.export();
    println!("{}", indented(&exported));
    let mut kept = promise(
        !exported.contains("battery") && !exported.contains("staging-client"),
        "the file has neither the client ID nor the client secret",
    );

    println!("\nProduction has hosts of its own, and its file is as short as that:\n");
    let file = exported.replace("staging.example", "example");
    println!("{}", indented(&file));

    println!("\nWhere nobody has set the secrets, the import is refused:\n");
    let refused = Client::connection().import(&file);
    let error = refused.err().ok_or("the import went through")?;
    println!("{}", indented(&error.to_string()));
    let missing: Vec<_> = error.missing().collect();
    kept &= promise(
        missing == ["client_id", "client_secret"],
        "it names both that are missing, and where they can be set",
    );

    println!("\nA secret has no place in the file:\n");
    let leaked = format!("client_secret = \"correct horse\"\n{file}");
    let refused = Client::connection()
        .client_id("production-client")
        .import(&leaked);
    let error = refused.err().ok_or("the import went through")?;
    println!("{}", indented(&error.to_string()));
    kept &= promise(
        !error.to_string().contains("horse"),
        "it is refused, and the message doesn't repeat it",
    );

    println!("\nWhere the secrets are, it goes through:\n");
    let production = Client::connection()
        .client_id("production-client")
        .client_secret("another secret")
        .import(&file)?;
    println!("{}", indented(&production.export()));
    kept &= promise(
        production.export().contains("https://login.example/token"),
        "the connection is that of the file",
    );
    kept &= promise(
        Client::new(production).is_ok(),
        "a client can be made of it",
    );
    Ok(if kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Prints whether something is as promised, and returns it.
fn promise(kept: bool, what: &str) -> bool {
    println!("  {} {what}", if kept { "✓" } else { "✗" });
    kept
}

fn indented(text: &str) -> String {
    let lines: Vec<_> = text
        .trim_end()
        .lines()
        .map(|line| format!("    {line}"))
        .collect();
    lines.join("\n")
}
