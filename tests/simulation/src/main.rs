//! Prints what each policy costs and saves, by workload: `cargo run --release --package simulation`,
//! or only for those whose title contains an argument.

use std::io::{self, Write};
use std::time::Duration;

use http::StatusCode;
use simulation::{Policy, Workload};

const HOUR: Duration = Duration::from_secs(3600);

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let wanted = std::env::args().nth(1).unwrap_or_default();
    for (title, workloads) in [
        ("share of legitimate 404s, nothing revoked", missing()),
        ("one operation", one_operation()),
        ("revocation, no legitimate 404s", revocation()),
        ("revocation among 30 % legitimate 404s", mixed()),
        (
            "callers, each with 0.1 calls a second; 10 % 404, revoked once a minute (404)",
            callers(),
        ),
        (
            "403 to all for 30 s every 5 min, without a reason",
            throttling(),
        ),
        ("a fresh token is unknown for a while", lag()),
    ] {
        if !title.contains(&wanted) {
            continue;
        }
        writeln!(out, "\n## {title}\n")?;
        writeln!(
            out,
            "| workload | policy | token requests per 1,000 calls | replays per 1,000 calls | saved | \
             wrong answers | added, mean | added, most |\n|--|--|--:|--:|--:|--:|--:|--:|"
        )?;
        for (name, workload) in workloads {
            for policy in Policy::ALL {
                let outcome = workload.play(policy, 7);
                writeln!(
                    out,
                    "| {name} | {policy} | {:.3} | {:.2} | {} | {} of {} | {:.3} ms | {} ms |",
                    outcome.tokens_per_thousand(),
                    outcome.replays_per_thousand(),
                    outcome.saved,
                    outcome.wrong,
                    outcome.calls,
                    outcome.mean_added().as_secs_f64() * 1000.0,
                    outcome.most_added.as_millis(),
                )?;
                out.flush()?;
            }
        }
    }
    Ok(())
}

type Workloads = Vec<(String, Workload)>;

fn missing() -> Workloads {
    let shares = [0, 1, 5, 30, 90, 100];
    let of = |percent: u32| Workload {
        missing: f64::from(percent) / 100.0,
        ..Workload::default()
    };
    shares
        .map(|percent| (format!("{percent} % are 404"), of(percent)))
        .into()
}

fn one_operation() -> Workloads {
    let shares = [5, 30, 90];
    let of = |percent: u32| Workload {
        missing: f64::from(percent) / 100.0,
        operations: 1,
        revocation: Some(HOUR / 6),
        revoked: StatusCode::NOT_FOUND,
        ..Workload::default()
    };
    shares
        .map(|percent| {
            (
                format!("{percent} % are 404, revoked every 10 min (404)"),
                of(percent),
            )
        })
        .into()
}

fn revocation() -> Workloads {
    let periods = [
        (1, "1 s"),
        (10, "10 s"),
        (60, "1 min"),
        (600, "10 min"),
        (1800, "30 min"),
    ];
    let mut workloads = Vec::new();
    for status in [401, 403, 404] {
        for (seconds, name) in periods {
            let workload = Workload {
                duration: if seconds < 60 { HOUR / 6 } else { HOUR },
                revocation: Some(Duration::from_secs(seconds)),
                revoked: StatusCode::from_u16(status).unwrap_or_default(),
                ..Workload::default()
            };
            workloads.push((format!("every {name}, answered {status}"), workload));
        }
    }
    workloads
}

fn mixed() -> Workloads {
    let mut workloads = revocation();
    workloads.retain(|(name, _)| !name.contains("1 s") && !name.contains("30 min"));
    for (_, workload) in &mut workloads {
        workload.missing = 0.3;
    }
    workloads
}

fn callers() -> Workloads {
    let of = |callers| Workload {
        duration: HOUR / 6,
        callers,
        pause: Duration::from_secs(10),
        missing: 0.1,
        revocation: Some(HOUR / 60),
        revoked: StatusCode::NOT_FOUND,
        ..Workload::default()
    };
    [1, 10, 100, 1000, 10_000]
        .map(|callers| (format!("{callers} callers"), of(callers)))
        .into()
}

fn throttling() -> Workloads {
    let of = |operations| Workload {
        operations,
        throttling: Some((HOUR / 12, Duration::from_secs(30))),
        ..Workload::default()
    };
    [1, 10]
        .map(|operations| (format!("{operations} operations"), of(operations)))
        .into()
}

fn lag() -> Workloads {
    let mut workloads = Vec::new();
    for status in [StatusCode::UNAUTHORIZED, StatusCode::NOT_FOUND] {
        for milliseconds in [500, 3000, 10_000] {
            let workload = Workload {
                lag: Some((Duration::from_millis(milliseconds), status)),
                ..Workload::default()
            };
            let name = format!("for {milliseconds} ms, answered {}", status.as_u16());
            workloads.push((name, workload));
        }
    }
    workloads
}
