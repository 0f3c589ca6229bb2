//! Calls from code that isn't async.

use std::thread;

use accredit_runtime::{Call, Method, Operation, Requirement, Value, Wait, decode};
use conformance::{Reply, World};

static READ: Operation = Operation::new("orders.read", Method::GET, "/orders")
    .security(&[Requirement::new(&[(0, &[])])]);

async fn world() -> World {
    World::start(|issuer, request| {
        let status = if issuer.accepts(&request) { 200 } else { 401 };
        std::future::ready(Reply::status(status).json("[1, 2]"))
    })
    .await
}

fn read(world: &World) -> Value {
    let call = Call::new(&world.client, &READ, decode::json);
    call.wait().expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_waits_inside_of_a_runtime() {
    let world = world().await;
    assert_eq!(read(&world), serde_json::json!([1, 2]));
    world.issuer.revoke();
    let response = Call::<Value>::new(&world.client, &READ, decode::json).send();
    assert_eq!(response.wait().expect("an answer").attempts(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_wait_on_plain_threads_and_a_download_chunk_by_chunk() {
    let world = world().await;
    tokio::task::block_in_place(|| {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| assert_eq!(read(&world)[1], 2));
            }
        });
        let call = Call::<Value>::new(&world.client, &READ, decode::json);
        let mut response = call.send_stream().wait().expect("an answer");
        let chunk = response.body.chunk().wait().expect("a chunk");
        assert_eq!(chunk.as_deref(), Some(b"[1, 2]".as_slice()));
    });
    assert_eq!(world.issuer.requests(), 1);
}
