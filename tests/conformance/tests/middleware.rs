//! Steps that requests pass on their way out, and answers on their way back.

use std::sync::{Arc, Mutex};

use accredit_runtime::{
    Answer, Call, ClientOptions, Method, Middleware, Operation, OutgoingRequest, Parameter, Replay,
    Requirement, RetryPolicy, Stage, Step, Value, decode,
};
use bytes::Bytes;
use conformance::{Reply, World};
use http::StatusCode;

static READ: Operation = Operation::new("orders.read", Method::GET, "/orders/{id}")
    .security(&[Requirement::new(&[(0, &[])])]);
static CREATE: Operation = Operation::new("orders.create", Method::POST, "/orders")
    .security(&[Requirement::new(&[(0, &[])])]);

/// Notes what it sees.
struct Noted {
    name: &'static str,
    notes: Arc<Mutex<Vec<String>>>,
}

impl Noted {
    fn note(&self, what: &str) {
        let mut notes = self.notes.lock().expect("no panic");
        notes.push(format!("{} {what}", self.name));
    }
}

impl Middleware for Noted {
    fn request<'a>(&'a self, request: &'a mut OutgoingRequest<'_>) -> Step<'a> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let before = request.header("x-steps").map(|value| value.to_str());
            let before = before.transpose()?.unwrap_or_default().to_owned();
            request.set_header("X-Steps", &format!("{before}{}", self.name))?;
            self.note(&format!(
                "{} {} {}",
                request.operation_id(),
                request.attempt(),
                request.url().path()
            ));
            Ok(())
        })
    }

    fn response<'a>(&'a self, operation_id: &'a str, answer: &'a mut Answer) -> Step<'a> {
        self.note(&format!("{operation_id} {}", answer.status().as_u16()));
        Box::pin(std::future::ready(Ok(())))
    }
}

fn noted() -> (ClientOptions, Arc<Mutex<Vec<String>>>) {
    let notes = Arc::new(Mutex::new(Vec::new()));
    let step = |name| Noted {
        name,
        notes: Arc::clone(&notes),
    };
    let options = ClientOptions::new()
        .middleware(step("a"))
        .middleware(step("b"));
    (options, notes)
}

#[tokio::test]
async fn requests_pass_in_order_and_answers_in_reverse_at_each_attempt() {
    let (options, notes) = noted();
    let world = World::with_options(options, |issuer, request| {
        let status = if issuer.accepts(&request) { 200 } else { 401 };
        std::future::ready(Reply::status(status).json("{}"))
    })
    .await;
    let call = || {
        Call::<Value>::new(&world.client, &READ, decode::json)
            .parameter(Parameter::path("id"), &"7")
            .query("key", "s3cret")
    };
    call().await.unwrap();
    world.issuer.revoke();
    let response = call().send().await.unwrap();
    assert!(matches!(response.replay(), Replay::Done));
    let round = |attempt: u32, status: u16| {
        [
            format!("a orders.read {attempt} /orders/7"),
            format!("b orders.read {attempt} /orders/7"),
            format!("b orders.read {status}"),
            format!("a orders.read {status}"),
        ]
    };
    let expected = [round(1, 200), round(1, 401), round(2, 200)].concat();
    assert_eq!(*notes.lock().unwrap(), expected);
    // Each attempt starts from the request as the call made it.
    for request in world.server.requests() {
        assert_eq!(request.headers["x-steps"], "ab");
    }
}

/// Signs a request as a whole, as those do that ask for its secrets.
struct Signed;

impl Middleware for Signed {
    fn request<'a>(&'a self, request: &'a mut OutgoingRequest<'_>) -> Step<'a> {
        Box::pin(async move {
            assert!(request.header("authorization").is_none());
            assert!(!format!("{request:?}").contains("s3cret"));
            let secrets = request.secrets();
            let token = secrets.token.map_or(0, |token| token.as_bytes().len());
            let query = secrets.url.query().unwrap_or_default().to_owned();
            let body = request.body().map_or(0, Bytes::len);
            request.set_header("X-Signature", &format!("{token};{query};{body}"))?;
            Ok(())
        })
    }

    fn response<'a>(&'a self, _: &'a str, answer: &'a mut Answer) -> Step<'a> {
        let body = Bytes::from_static(b"\"unwrapped\"");
        *answer = Answer::new(StatusCode::OK, answer.headers().clone(), body);
        Box::pin(std::future::ready(Ok(())))
    }
}

#[tokio::test]
async fn a_step_sees_secrets_when_it_asks_and_may_put_another_answer_in_place() {
    let options = ClientOptions::new().middleware(Signed);
    let world = World::with_options(options, |_, _| {
        std::future::ready(Reply::status(207).json("{}"))
    })
    .await;
    let body = Call::<String>::new(&world.client, &CREATE, decode::json)
        .json("application/json", &[1, 2])
        .query("key", "1")
        .await
        .unwrap();
    assert_eq!(body, "unwrapped");
    let request = &world.server.requests()[0];
    let token = request.authorization().expect("a token").len();
    assert_eq!(
        request.headers["x-signature"],
        format!("{token};key=1;5").as_str()
    );
}

struct Refusing;

impl Middleware for Refusing {
    fn request<'a>(&'a self, _: &'a mut OutgoingRequest<'_>) -> Step<'a> {
        Box::pin(std::future::ready(Err("no signature".into())))
    }
}

#[tokio::test]
async fn a_step_that_fails_ends_the_call_and_nothing_is_sent() {
    let options = ClientOptions::new()
        .retry(RetryPolicy::new())
        .middleware(Refusing);
    let world = World::with_options(options, |_, _| std::future::ready(Reply::status(200))).await;
    let error = Call::new(&world.client, &CREATE, decode::nothing)
        .await
        .unwrap_err();
    assert_eq!(error.stage(), Stage::Transport);
    assert!(!error.is_transient());
    let source = std::error::Error::source(&error).expect("a source");
    assert_eq!(source.to_string(), "no signature");
    assert!(world.server.requests().is_empty());
}
