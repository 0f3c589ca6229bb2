use std::future::pending;
use std::sync::atomic::AtomicUsize;

use super::*;
use crate::token_store::{Kept, MemoryStore};

const KEY: &str = "a secret of at least thirty-two bytes";

fn sharing(store: &MemoryStore) -> TokenSharing {
    TokenSharing::new(store.clone(), Credential::Secret(KEY.into()))
}

fn share(sharing: TokenSharing) -> Share {
    sharing.share(vec![Zeroizing::new("client".to_owned())])
}

/// Issues numbered tokens, each after 100 ms, and counts them.
#[derive(Default)]
struct Issuer(AtomicUsize);

impl Issuer {
    async fn issue(&self) -> Result<IssuedToken, TokenError> {
        sleep(Duration::from_millis(100)).await;
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(IssuedToken::bearer(&number.to_string())?.lifetime(Duration::from_secs(3600)))
    }

    fn requests(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

async fn ask(share: &Share, issuer: &Issuer) -> String {
    let token = share.token(|| issuer.issue()).await.unwrap();
    token.parts().unwrap().1.to_owned()
}

/// A store that answers nothing but errors, or nothing at all.
#[derive(Debug, Clone, Copy)]
enum Broken {
    Fails,
    Hangs,
}

impl Broken {
    fn answer<T: Send + 'static>(self) -> Storing<'static, T> {
        match self {
            Self::Fails => Box::pin(async { Err(StoreError::new("broken")) }),
            Self::Hangs => Box::pin(pending()),
        }
    }
}

impl TokenStore for Broken {
    fn get<'a>(&'a self, _: &'a str) -> Storing<'a, Option<Kept>> {
        self.answer()
    }

    fn lock<'a>(&'a self, _: &'a str, _: Duration) -> Storing<'a, Option<u64>> {
        self.answer()
    }

    fn put<'a>(&'a self, _: &'a str, _: u64, _: Vec<u8>, _: Duration) -> Storing<'a, bool> {
        self.answer()
    }

    fn unlock<'a>(&'a self, _: &'a str, _: u64) -> Storing<'a, ()> {
        self.answer()
    }
}

#[tokio::test(start_paused = true)]
async fn one_fetches_for_all() {
    let (store, issuer) = (MemoryStore::new(), Arc::new(Issuer::default()));
    let asking = (0..50).map(|_| {
        let (share, issuer) = (share(sharing(&store)), Arc::clone(&issuer));
        tokio::spawn(async move { ask(&share, &issuer).await })
    });
    for asked in asking.collect::<Vec<_>>() {
        assert_eq!(asked.await.unwrap(), "1");
    }
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_asks_again_wants_another_token() {
    let (store, issuer) = (MemoryStore::new(), Issuer::default());
    let (first, second) = (share(sharing(&store)), share(sharing(&store)));
    assert_eq!(ask(&first, &issuer).await, "1");
    assert_eq!(ask(&second, &issuer).await, "1");
    // The token is revoked: one fetches another, the other finds it.
    assert_eq!(ask(&second, &issuer).await, "2");
    assert_eq!(ask(&first, &issuer).await, "2");
    assert_eq!(issuer.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn other_scopes_and_clients_have_other_tokens() {
    let (store, issuer) = (MemoryStore::new(), Issuer::default());
    let all = share(sharing(&store));
    assert_eq!(ask(&all, &issuer).await, "1");
    let scoped = |scope: &str| all.with(&[("scope".to_owned(), scope.to_owned())]);
    assert_eq!(ask(&scoped("read"), &issuer).await, "2");
    assert_eq!(ask(&scoped("write"), &issuer).await, "3");
    assert_eq!(ask(&scoped("read"), &issuer).await, "2");
    let other = sharing(&store).share(vec![Zeroizing::new("other".to_owned())]);
    assert_eq!(ask(&other, &issuer).await, "4");
}

#[tokio::test(start_paused = true)]
async fn a_store_in_trouble_costs_its_patience_at_most() {
    for store in [Broken::Fails, Broken::Hangs] {
        let issuer = Issuer::default();
        let sharing = TokenSharing::new(store, Credential::Secret(KEY.into()));
        let share = share(sharing.patience(Duration::from_millis(50)));
        let started = Instant::now();
        assert_eq!(ask(&share, &issuer).await, "1");
        assert!(started.elapsed() <= Duration::from_millis(152), "{store:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_who_dies_over_the_fetch_is_followed_when_the_lock_runs_out() {
    let clock = Arc::new(crate::testing::ManualClock::new());
    let store = MemoryStore::with_clock(Arc::clone(&clock) as _);
    let issuer = Issuer::default();
    let dying = share(sharing(&store));
    let killed = timeout(Duration::from_millis(10), dying.token(pending)).await;
    assert!(killed.is_err());
    let heir = share(sharing(&store));
    let waiting = async {
        let asked = ask(&heir, &issuer).await;
        (asked, issuer.requests())
    };
    let passing = async {
        sleep(Duration::from_secs(3)).await;
        assert_eq!(issuer.requests(), 0);
        clock.advance(Duration::from_secs(10));
    };
    let (asked, ()) = tokio::join!(waiting, passing);
    assert_eq!(asked, ("1".to_owned(), 1));
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_failed_leaves_the_next_to_others_at_once() {
    let (store, issuer) = (MemoryStore::new(), Issuer::default());
    let failing = share(sharing(&store));
    let refused = || async { Err(TokenError::refused("invalid_client", None)) };
    let error = failing.token(refused).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_client"));
    let started = Instant::now();
    assert_eq!(ask(&share(sharing(&store)), &issuer).await, "1");
    assert!(started.elapsed() < Duration::from_millis(150));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_about_to_die_is_not_taken() {
    let clock = Arc::new(crate::testing::ManualClock::new());
    let store = MemoryStore::with_clock(Arc::clone(&clock) as _);
    let issuer = Issuer::default();
    assert_eq!(ask(&share(sharing(&store)), &issuer).await, "1");
    clock.advance(Duration::from_secs(3000));
    let late = share(sharing(&store));
    let token = late.token(|| issuer.issue()).await.unwrap();
    let promised = token.promised().unwrap();
    assert!(promised <= Duration::from_secs(600), "{promised:?}");
    clock.advance(Duration::from_secs(545));
    assert_eq!(ask(&share(sharing(&store)), &issuer).await, "2");
}

#[tokio::test]
async fn without_its_key_a_store_is_left_out_and_a_weak_key_is_an_error() {
    let (store, issuer) = (MemoryStore::new(), Issuer::default());
    let missing = crate::credential_provider::provide_with(|| async {
        Err(TokenError::transient("no vault"))
    });
    let unsealed = share(TokenSharing::new(store.clone(), missing));
    assert_eq!(ask(&unsealed, &issuer).await, "1");
    let weak = share(TokenSharing::new(store, Credential::Secret("short".into())));
    let error = weak.token(|| issuer.issue()).await.unwrap_err();
    assert!(!error.is_transient());
}
