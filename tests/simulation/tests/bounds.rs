//! What the simulation must show, on small workloads.

use std::time::Duration;

use http::StatusCode;
use simulation::{Policy, Workload};

/// Twenty calls a second for five minutes.
fn small() -> Workload {
    Workload {
        duration: Duration::from_secs(300),
        callers: 20,
        ..Workload::default()
    }
}

#[test]
fn a_seed_gives_one_outcome() {
    let workload = Workload {
        missing: 0.3,
        ..small()
    };
    let outcome = || workload.play(Policy::Bounded, 3);
    assert_eq!(format!("{:?}", outcome()), format!("{:?}", outcome()));
}

#[test]
fn a_lone_404_on_an_idle_client_is_acted_on() {
    let workload = Workload {
        duration: Duration::from_millis(100),
        callers: 1,
        pause: Duration::from_millis(10),
        missing: 1.0,
        ..Workload::default()
    };
    let outcome = workload.play(Policy::Bounded, 5);
    assert_eq!((outcome.calls, outcome.sends, outcome.tokens), (1, 2, 2));
}

#[test]
fn legitimate_404s_cost_next_to_nothing() {
    for missing in [0.01, 0.05, 0.3, 0.9, 1.0] {
        let workload = Workload { missing, ..small() };
        let bounded = workload.play(Policy::Bounded, 3);
        assert!(bounded.tokens <= 26, "{missing}: {bounded:?}");
        assert!(
            bounded.replays_per_thousand() <= 10.0,
            "{missing}: {bounded:?}"
        );
        let naive = workload.play(Policy::Naive, 3);
        assert!(naive.tokens > 4 * bounded.tokens, "{missing}: {naive:?}");
    }
}

#[test]
fn a_revoked_token_is_replaced_whatever_the_answer() {
    for status in [401, 403, 404] {
        for seconds in [10, 60, 150] {
            let workload = Workload {
                revocation: Some(Duration::from_secs(seconds)),
                revoked: StatusCode::from_u16(status).unwrap(),
                ..small()
            };
            let outcome = workload.play(Policy::Bounded, 3);
            assert_eq!(outcome.wrong, 0, "{status} every {seconds} s: {outcome:?}");
            assert!(outcome.saved > 0);
            assert!(outcome.tokens <= 1 + 300 / seconds, "{outcome:?}");
        }
    }
}

#[test]
fn a_token_that_is_revoked_every_second_is_kept_up_with() {
    let workload = Workload {
        revocation: Some(Duration::from_secs(1)),
        ..small()
    };
    let outcome = workload.play(Policy::Bounded, 3);
    assert_eq!(outcome.wrong, 0, "{outcome:?}");
    assert!(outcome.tokens <= 301, "{outcome:?}");
    let kept = workload.play(Policy::NoReplay, 3);
    assert!(kept.wrong * 10 > kept.calls * 9, "{kept:?}");
}

#[test]
fn a_revocation_among_legitimate_404s_is_noticed() {
    for (operations, wrong) in [(10, 20), (1, 40)] {
        let workload = Workload {
            operations,
            missing: 0.3,
            revocation: Some(Duration::from_secs(250)),
            revoked: StatusCode::NOT_FOUND,
            ..small()
        };
        let outcome = workload.play(Policy::Bounded, 3);
        assert!(outcome.wrong <= wrong, "{operations}: {outcome:?}");
        let kept = workload.play(Policy::NoReplay, 3);
        assert!(kept.wrong > 500, "{kept:?}");
    }
}

#[test]
fn refusals_that_have_nothing_to_do_with_the_token_are_cheap() {
    let workload = Workload {
        throttling: Some((Duration::from_secs(120), Duration::from_secs(30))),
        ..small()
    };
    let outcome = workload.play(Policy::Bounded, 3);
    assert!(outcome.tokens <= 30, "{outcome:?}");
}

#[test]
fn a_fresh_token_that_is_not_known_yet_causes_no_loop() {
    for status in [StatusCode::UNAUTHORIZED, StatusCode::NOT_FOUND] {
        let workload = Workload {
            lag: Some((Duration::from_secs(3), status)),
            ..small()
        };
        let outcome = workload.play(Policy::Bounded, 3);
        assert!(outcome.tokens <= 3, "{outcome:?}");
        assert!(outcome.wrong * 20 < outcome.calls, "{outcome:?}");
    }
}

#[test]
fn a_token_that_is_not_known_for_long_gets_the_time_that_it_takes() {
    let workload = Workload {
        lag: Some((Duration::from_secs(20), StatusCode::UNAUTHORIZED)),
        ..small()
    };
    let outcome = workload.play(Policy::Bounded, 3);
    assert!(outcome.tokens <= 5, "{outcome:?}");
    assert!(outcome.wrong * 5 < outcome.calls, "{outcome:?}");
}
