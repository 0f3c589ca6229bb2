//! What follows suspect answers.

use super::*;

#[tokio::test]
async fn a_late_401_causes_no_token_request() {
    let source = Scripted::default();
    let (cache, _) = cache(&source);
    let old = cache.token().await.unwrap();
    let Replacement::Token(new) = cache.replace(&old, &unauthorized()).await else {
        panic!("no replacement");
    };
    for _ in 0..100 {
        let late = cache.replace(&old, &unauthorized()).await;
        assert!(
            matches!(late, Replacement::Token(token) if token.generation() == new.generation())
        );
    }
    assert_eq!(source.requests(), 2);
}

#[tokio::test]
async fn a_late_401_is_not_answered_with_an_expired_token() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    let old = cache.token().await.unwrap();
    cache.replace(&old, &unauthorized()).await;
    clock.advance(Duration::from_secs(3601));
    let late = cache.replace(&old, &suspicion(StatusCode::NOT_FOUND)).await;
    assert!(matches!(late, Replacement::Token(token) if token.generation() == 3));
    assert_eq!(source.requests(), 3);
}

#[tokio::test]
async fn a_token_endpoint_that_hangs_holds_up_no_404_for_long() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    let old = cache.token().await.unwrap();
    let source = source.then(Step::Hold);
    let ask = |status| {
        let (cache, old) = (cache.clone(), Arc::clone(&old));
        tokio::spawn(async move { cache.replace(&old, &suspicion(status)).await })
    };
    let early = ask(StatusCode::NOT_FOUND);
    // The flight's own end, and that of the 404's patience.
    clock.wait_for_sleepers(2).await;
    clock.advance(Duration::from_secs(10));
    let is_late =
        |replacement| matches!(replacement, Replacement::Failed(error) if error.is_timeout());
    assert!(is_late(early.await.unwrap()));
    // One that comes later doesn't wait at all, and a 401 for as long as it takes.
    assert!(is_late(ask(StatusCode::NOT_FOUND).await.unwrap()));
    let strong = ask(StatusCode::UNAUTHORIZED);
    tokio::task::yield_now().await;
    source.release();
    assert!(matches!(strong.await.unwrap(), Replacement::Token(_)));
    assert_eq!(source.requests(), 2);
    let later = cache.replace(&old, &suspicion(StatusCode::NOT_FOUND)).await;
    assert!(matches!(later, Replacement::Token(token) if token.generation() == 2));
}

#[tokio::test]
async fn a_mass_revocation_costs_one_token_request() {
    let source = Scripted::default();
    let (cache, _) = cache(&source);
    let old = cache.token().await.unwrap();
    let source = source.then(Step::Hold);
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let (cache, old) = (cache.clone(), Arc::clone(&old));
            tokio::spawn(async move { cache.replace(&old, &unauthorized()).await })
        })
        .collect();
    until(|| source.requests() == 2).await;
    source.release();
    for call in calls {
        assert!(matches!(
            call.await.unwrap(),
            Replacement::Token(token) if token.generation() == 2
        ));
    }
    assert_eq!(source.requests(), 2);
}

#[tokio::test]
async fn new_callers_wait_while_a_rejected_token_is_replaced() {
    let source = Scripted::default();
    let (cache, _) = cache(&source);
    let old = cache.token().await.unwrap();
    let source = source.then(Step::Hold);
    let call = tokio::spawn({
        let cache = cache.clone();
        async move { cache.replace(&old, &unauthorized()).await }
    });
    until(|| source.requests() == 2).await;
    let caller = tokio::spawn({
        let cache = cache.clone();
        async move { cache.token().await }
    });
    tokio::task::yield_now().await;
    source.release();
    assert_eq!(caller.await.unwrap().unwrap().generation(), 2);
    assert!(matches!(call.await.unwrap(), Replacement::Token(_)));
}

#[tokio::test]
async fn a_token_that_is_issued_again_is_no_replacement() {
    let hour = Duration::from_secs(3600);
    let source = Scripted::default()
        .then(Step::Token("same", hour))
        .then(Step::Token("same", hour));
    let (cache, _) = cache(&source);
    let old = cache.token().await.unwrap();
    for _ in 0..10 {
        let replacement = cache.replace(&old, &unauthorized()).await;
        assert!(matches!(replacement, Replacement::Same));
    }
    assert_eq!(source.requests(), 2);
}

#[tokio::test]
async fn a_failed_replacement_leaves_the_token_to_others() {
    let source = Scripted::default();
    let (cache, _) = cache(&source);
    let old = cache.token().await.unwrap();
    let source = source.then(Step::Error(TokenError::refused("invalid_client", None)));
    for _ in 0..100 {
        let replacement = cache.replace(&old, &unauthorized()).await;
        assert!(
            matches!(replacement, Replacement::Failed(error) if error.code() == Some("invalid_client"))
        );
        assert_eq!(cache.token().await.unwrap().generation(), 1);
    }
    assert_eq!(source.requests(), 2);
}

#[tokio::test]
async fn a_renewal_that_failed_once_keeps_nobody_from_replacing_the_token() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    let old = cache.token().await.unwrap();
    let source = source.then(Step::Error(TokenError::transient("down")));
    clock.advance(Duration::from_secs(3200));
    cache.token().await.unwrap();
    until(|| source.requests() == 2 && cache.0.state().flight.is_none()).await;
    let replacement = cache.replace(&old, &unauthorized()).await;
    assert!(matches!(replacement, Replacement::Token(token) if token.generation() == 2));
    assert_eq!(source.requests(), 3);
}

#[tokio::test]
async fn an_invalidated_token_is_replaced_for_the_next_caller() {
    let source = Scripted::default();
    let (cache, _) = cache(&source);
    let old = cache.token().await.unwrap();
    cache.invalidate(&old);
    assert_eq!(cache.token().await.unwrap().generation(), 2);
    cache.invalidate(&old);
    assert_eq!(cache.token().await.unwrap().generation(), 2);
    assert_eq!(source.requests(), 2);
}

#[tokio::test]
async fn a_storm_of_legitimate_404s_costs_few_token_requests() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    let not_found = suspicion(StatusCode::NOT_FOUND);
    for _ in 0..36_000 {
        let token = cache.token().await.unwrap();
        cache.succeeded(&token);
        if let Replacement::Token(token) = cache.replace(&token, &not_found).await {
            cache.replayed(&token, &not_found, StatusCode::NOT_FOUND);
        }
        clock.advance(Duration::from_millis(100));
        until(|| cache.0.state().flight.is_none()).await;
    }
    assert!(source.requests() <= 10, "{} requests", source.requests());
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_causes_no_loop() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    for _ in 0..4 {
        let token = cache.token().await.unwrap();
        if let Replacement::Token(token) = cache.replace(&token, &unauthorized()).await {
            cache.replayed(&token, &unauthorized(), StatusCode::UNAUTHORIZED);
        }
        clock.advance(Duration::from_secs(1));
    }
    assert_eq!(source.requests(), 2);
}
