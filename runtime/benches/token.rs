//! What it costs to take a good token, by one thread and by many, beside locks that others use.
//!
//! `cargo bench --package accredit-runtime --bench token`

#![allow(missing_docs, missing_debug_implementations)]

use std::hint::black_box;
use std::sync::{Arc, Barrier, Mutex, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use accredit_runtime::{Clock, Issue, IssuedToken, SystemClock, TokenCache, TokenSource};
use criterion::{Criterion, criterion_group, criterion_main};
use futures_util::FutureExt;

#[derive(Debug)]
struct Once;

impl TokenSource for Once {
    fn issue(&self) -> Issue<'_> {
        let token = IssuedToken::bearer("a-token-of-some-length-as-servers-issue-them");
        Box::pin(async { Ok(token?.lifetime(Duration::from_secs(36_000))) })
    }
}

/// Takes the header of a good token, as a call does.
fn take(cache: &TokenCache) {
    let token = cache.token().now_or_never().expect("no wait");
    black_box(token.expect("a token").header());
}

/// Runs a function so many times on each of some threads at once; returns the time that it took.
fn on_threads(threads: usize, times: u64, work: impl Fn() + Sync) -> Duration {
    let start = Barrier::new(threads);
    let spent = thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    let started = Instant::now();
                    (0..times).for_each(|_| work());
                    started.elapsed()
                })
            })
            .collect();
        let spent = running.into_iter().map(thread::ScopedJoinHandle::join);
        spent.map(|spent| spent.expect("a thread")).max()
    });
    spent.unwrap_or_default()
}

fn token(criterion: &mut Criterion) {
    let cache = TokenCache::new(Once);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let token = runtime.expect("a runtime").block_on(cache.token());
    let header = token.expect("a token").header();
    let expiry = Instant::now() + Duration::from_secs(36_000);
    let mutex = Mutex::new((expiry, header.clone()));
    let lock = RwLock::new((expiry, header));

    for threads in [1, 2, 8, 64] {
        let mut group = criterion.benchmark_group(format!("{threads} threads"));
        group.bench_function("token cache", |bencher| {
            bencher.iter_custom(|times| on_threads(threads, times, || take(&cache)));
        });
        group.bench_function("mutex", |bencher| {
            let take = || {
                let held = mutex.lock().expect("a lock");
                assert!(held.0 > Instant::now());
                black_box(held.1.clone());
            };
            bencher.iter_custom(|times| on_threads(threads, times, take));
        });
        group.bench_function("read-write lock", |bencher| {
            let take = || {
                let held = lock.read().expect("a lock");
                assert!(held.0 > Instant::now());
                black_box(held.1.clone());
            };
            bencher.iter_custom(|times| on_threads(threads, times, take));
        });
        group.finish();
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    criterion.bench_function("the time alone", |bencher| {
        bencher.iter(|| black_box(clock.tick()));
    });
}

criterion_group!(benches, token);
criterion_main!(benches);
