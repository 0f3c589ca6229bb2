//! What is kept for later callers, and what is told of it.

use super::*;

#[tokio::test]
async fn a_rejected_token_whose_replacement_failed_gives_way_once_another_may_be_asked_for() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    let old = cache.token().await.unwrap();
    let source = source.then(Step::Error(TokenError::refused("invalid_client", None)));
    let failed = cache.replace(&old, &unauthorized()).await;
    assert!(matches!(failed, Replacement::Failed(_)));
    clock.advance(Duration::from_secs(29));
    // One 401 isn't proof enough to keep calls from being sent at all.
    assert_eq!(cache.token().await.unwrap().generation(), 1);
    assert_eq!(source.requests(), 2);
    clock.advance(Duration::from_secs(1));
    let callers: Vec<_> = (0..10)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.token().await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap().generation(), 2);
    }
    assert_eq!(source.requests(), 3);
}

#[tokio::test]
async fn a_token_is_kept_fresh_for_nobody_until_the_cache_is_gone() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    let keeper = tokio::spawn(cache.keep_fresh());
    let end = Duration::from_secs(3600 - 60);
    for _ in 0..3 * 60 {
        clock.wait_for_sleepers(1).await;
        until(|| cache.0.state().flight.is_none()).await;
        let token = cache.0.current.load().unwrap();
        assert!(token.age(clock.now()) < end);
        clock.advance(Duration::from_secs(60));
    }
    // A lifetime ends at 0.8 of itself, more or less.
    assert!(
        (3..=5).contains(&source.requests()),
        "{}",
        source.requests()
    );
    drop(cache);
    while !keeper.is_finished() {
        clock.advance(Duration::from_secs(60));
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn it_is_told_what_a_token_was_asked_for_and_how_many_waited() {
    let source = Scripted::default().then(Step::Hold);
    let (cache, clock) = cache(&source);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listening = Arc::clone(&heard);
    let cache = cache.on_event(move |event| {
        if let Event::TokenFetched {
            reason,
            waiters,
            previous_age,
            ..
        } = event
        {
            listening
                .lock()
                .unwrap()
                .push((*reason, *waiters, *previous_age));
        }
    });
    let callers: Vec<_> = (0..3)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.token().await.map(drop) })
        })
        .collect();
    until(|| source.requests() == 1).await;
    source.release();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    clock.advance(Duration::from_secs(3200));
    let token = cache.token().await.unwrap();
    until(|| source.requests() == 2 && cache.0.state().flight.is_none()).await;
    clock.advance(Duration::from_secs(10));
    assert!(matches!(
        cache.replace(&token, &unauthorized()).await,
        Replacement::Token(_)
    ));
    let token = cache.token().await.unwrap();
    cache.replace(&token, &unauthorized()).await;
    cache.invalidate(&cache.token().await.unwrap());
    cache.token().await.unwrap();
    clock.advance(Duration::from_secs(3600));
    cache.token().await.unwrap();
    let heard = heard.lock().unwrap();
    assert_eq!(
        *heard,
        [
            (FetchReason::First, 3, None),
            (FetchReason::Renewal, 0, seconds(3200)),
            (FetchReason::Suspected, 1, seconds(10)),
            (FetchReason::Rejected, 1, seconds(0)),
            (FetchReason::Expired, 1, seconds(3600)),
        ]
    );
}

#[tokio::test]
async fn a_token_that_was_ended_is_kept_fresh_no_longer() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    let keeper = tokio::spawn(cache.keep_fresh());
    clock.wait_for_sleepers(1).await;
    // The source can't revoke; the token is given up all the same.
    assert!(cache.revoke().await.is_err());
    keeper.await.unwrap();
    assert_eq!(source.requests(), 1);
    assert_eq!(cache.token().await.unwrap().generation(), 2);
}

#[tokio::test]
async fn a_token_that_was_ended_is_nobodys_for_want_of_another() {
    let source = Scripted::default();
    let (cache, clock) = cache(&source);
    let used = cache.token().await.unwrap();
    assert!(cache.revoke().await.is_err());
    let source = source.then(Step::Error(TokenError::refused("invalid_client", None)));
    assert_eq!(
        cache.token().await.unwrap_err().code(),
        Some("invalid_client")
    );
    clock.advance(Duration::from_secs(30));
    // A late 401 to it is no suspicion: whoever comes next would ask for another anyway.
    let replacement = cache.replace(&used, &unauthorized()).await;
    assert!(matches!(replacement, Replacement::Token(token) if token.generation() == 2));
    assert_eq!(source.requests(), 3);
}

#[tokio::test]
async fn a_call_that_cannot_be_made_again_starts_with_a_token_that_lasts() {
    for lifetime in [60, 600] {
        let lifetime = Duration::from_secs(lifetime);
        let source = Scripted::default().then(Step::Token("first", lifetime));
        let (cache, clock) = cache(&source);
        cache.token().await.unwrap();
        clock.advance(lifetime / 2);
        assert_eq!(cache.lasting_token().await.unwrap().generation(), 1);
        clock.advance(Duration::from_secs(1));
        assert_eq!(cache.token().await.unwrap().generation(), 1);
        assert_eq!(cache.lasting_token().await.unwrap().generation(), 2);
        assert_eq!(cache.lasting_token().await.unwrap().generation(), 2);
        assert_eq!(source.requests(), 2);
    }
}

#[tokio::test]
async fn a_call_that_cannot_be_made_again_makes_do_with_the_token_at_hand() {
    let lifetime = Duration::from_secs(60);
    let source = Scripted::default()
        .then(Step::Token("first", lifetime))
        .then(Step::Error(TokenError::refused("invalid_client", None)));
    let (cache, clock) = cache(&source);
    cache.token().await.unwrap();
    clock.advance(Duration::from_secs(31));
    assert_eq!(cache.lasting_token().await.unwrap().generation(), 1);
    assert_eq!(source.requests(), 2);
}
