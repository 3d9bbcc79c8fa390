//! What the cache asks for, how often, and what it makes of answers and of their absence.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign::{
    Algorithm, Delivery, KeyError, KeyForm, KeyRequest, RemoteKeySource, RemoteKeys, Scheme,
    Verifier,
};
use countersign_keys::{Fetch, FetchError, Fetched, KeyCache, KeyCacheBuilder};

/// A key of RFC 7515, appendix A.3.
const JWK: &str = r#""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;

fn set(ids: &[&str]) -> Vec<u8> {
    let keys: Vec<_> = ids.iter().map(|id| format!(r#"{{"kid":"{id}",{JWK}}}"#)).collect();
    format!(r#"{{"keys":[{}]}}"#, keys.join(",")).into_bytes()
}

/// What a verifier asks for that has a delivery in hand which names the key `id`.
fn request_at(url: &str, id: &str) -> KeyRequest {
    request_for(KeyForm::Jwks, url, id)
}

fn request_for(form: KeyForm, url: &str, id: &str) -> KeyRequest {
    let mut scheme = Scheme::new("acme", Algorithm::EcdsaP256Sha256, "X-Signature");
    scheme.key_id_header = Some("X-Key".into());
    scheme.remote_keys = Some(RemoteKeys { url: url.to_owned().into(), form });
    let verifier = Verifier::builder(scheme).remote_keys().build().unwrap();
    let headers = [("X-Key", id), ("X-Signature", "00")];
    let delivery = Delivery::new("POST", "/", &headers, b"{}");
    verifier.key_requests(&delivery).unwrap().pop().unwrap()
}

fn request(id: &str) -> KeyRequest {
    request_at("https://keys.example.com/jwks.json", id)
}

/// What the sender answers next.
#[derive(Clone)]
enum Answer {
    Keys(&'static [&'static str]),
    Bytes(Vec<u8>),
    NotFound,
    Down,
    Never,
}

#[derive(Clone)]
struct Sender {
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
    now: Arc<AtomicU64>,
}

impl Sender {
    fn new(answer: Answer) -> Self {
        let (asked, now) = (Arc::default(), Arc::default());
        Self { answer: Arc::new(Mutex::new(answer)), asked, now }
    }

    fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn pass(&self, seconds: u64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    fn builder(&self) -> KeyCacheBuilder<Self> {
        let now = Arc::clone(&self.now);
        let clock = move || Duration::from_secs(now.load(Ordering::SeqCst));
        KeyCache::builder(self.clone()).clock(clock)
    }
}

impl Fetch for Sender {
    async fn fetch(&self, _: &KeyRequest, _: usize) -> Result<Fetched, FetchError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answer.lock().unwrap().clone();
        tokio::task::yield_now().await;
        match answer {
            Answer::Keys(ids) => Ok(Fetched::new(set(ids))),
            Answer::Bytes(bytes) => Ok(Fetched::new(bytes)),
            Answer::NotFound => Err(FetchError::NotFound),
            Answer::Down => Err(FetchError::because("down")),
            Answer::Never => std::future::pending().await,
        }
    }
}

#[track_caller]
fn unknown<T: std::fmt::Debug>(result: &Result<T, KeyError>) {
    assert!(matches!(result, Err(KeyError::Unknown)), "{result:?}");
}

#[track_caller]
fn unavailable<T: std::fmt::Debug>(result: &Result<T, KeyError>) {
    assert!(matches!(result, Err(KeyError::Unavailable(_))), "{result:?}");
}

#[tokio::test]
async fn a_document_is_fetched_once_while_it_is_fresh() {
    let sender = Sender::new(Answer::Keys(&["a", "b"]));
    let cache = sender.builder().build();
    for id in ["a", "b", "a"] {
        assert!(cache.keys(&request(id)).await.unwrap().has_key(Some(id)));
        sender.pass(1000);
    }
    assert_eq!(sender.asked(), 1);
    sender.pass(1000);
    cache.keys(&request("a")).await.unwrap();
    assert_eq!(sender.asked(), 2, "an hour has passed");
}

#[tokio::test]
async fn many_deliveries_at_once_ask_once() {
    let sender = Sender::new(Answer::Keys(&["a"]));
    let cache = sender.builder().build();
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.keys(&request("a")).await.is_ok() })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap());
    }
    assert_eq!(sender.asked(), 1);
}

#[tokio::test]
async fn many_deliveries_at_once_ask_a_sender_that_is_down_once() {
    let sender = Sender::new(Answer::Down);
    let cache = sender.builder().build();
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.keys(&request("a")).await.is_err() })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap());
    }
    assert_eq!(sender.asked(), 1);
    sender.answers(Answer::Keys(&["a"]));
    sender.pass(1);
    cache.keys(&request("a")).await.unwrap();
}

#[tokio::test]
async fn who_waits_takes_over_from_who_gave_up() {
    let sender = Sender::new(Answer::Never);
    let cache = sender.builder().build();
    let first = tokio::spawn({
        let cache = cache.clone();
        async move { cache.keys(&request("a")).await.is_ok() }
    });
    while sender.asked() == 0 {
        tokio::task::yield_now().await;
    }
    sender.answers(Answer::Keys(&["a"]));
    let second = tokio::spawn(async move { cache.keys(&request("a")).await.is_ok() });
    tokio::task::yield_now().await;
    first.abort();
    assert!(second.await.unwrap());
    assert_eq!(sender.asked(), 2);
}

#[tokio::test]
async fn a_new_key_is_found_and_a_made_up_one_asks_once_a_minute() {
    let sender = Sender::new(Answer::Keys(&["a"]));
    let cache = sender.builder().build();
    cache.keys(&request("a")).await.unwrap();
    sender.answers(Answer::Keys(&["a", "b"]));
    sender.pass(60);
    cache.keys(&request("b")).await.unwrap();
    assert_eq!(sender.asked(), 2);
    for id in ["c", "d", "e"] {
        unknown(&cache.keys(&request(id)).await);
    }
    assert_eq!(sender.asked(), 2, "it was asked a moment ago");
    sender.pass(60);
    unknown(&cache.keys(&request("c")).await);
    unknown(&cache.keys(&request("d")).await);
    assert_eq!(sender.asked(), 3);
    assert!(cache.keys(&request("a")).await.is_ok());
}

#[tokio::test]
async fn that_a_document_is_absent_is_remembered() {
    let sender = Sender::new(Answer::NotFound);
    let cache = sender.builder().build();
    for _ in 0..3 {
        unknown(&cache.keys(&request("a")).await);
    }
    assert_eq!(sender.asked(), 1);
    sender.answers(Answer::Keys(&["a"]));
    sender.pass(60);
    assert!(cache.keys(&request("a")).await.is_ok());
}

#[tokio::test]
async fn old_keys_are_used_for_a_day_while_the_sender_is_down() {
    let sender = Sender::new(Answer::Keys(&["a"]));
    let cache = sender.builder().build();
    cache.keys(&request("a")).await.unwrap();
    sender.answers(Answer::Down);
    sender.pass(60 * 60);
    for _ in 0..3 {
        assert!(cache.keys(&request("a")).await.is_ok());
    }
    assert_eq!(sender.asked(), 2, "it is asked once a minute");
    sender.pass(24 * 60 * 60 - 1);
    assert!(cache.keys(&request("a")).await.is_ok());
    sender.pass(60);
    unavailable(&cache.keys(&request("a")).await);
    sender.answers(Answer::Keys(&["a"]));
    sender.pass(60);
    assert!(cache.keys(&request("a")).await.is_ok());
}

#[tokio::test]
async fn a_withdrawn_document_is_not_used() {
    let sender = Sender::new(Answer::Keys(&["a"]));
    let cache = sender.builder().build();
    cache.keys(&request("a")).await.unwrap();
    sender.answers(Answer::NotFound);
    sender.pass(60 * 60);
    unknown(&cache.keys(&request("a")).await);
    sender.answers(Answer::Down);
    sender.pass(60);
    unavailable(&cache.keys(&request("a")).await);
}

#[tokio::test]
async fn what_is_no_key_or_too_long_is_refused_and_old_keys_are_kept() {
    let sender = Sender::new(Answer::Bytes(b"<html>".to_vec()));
    let cache = sender.builder().document_bytes(1000).build();
    let refused = cache.keys(&request("a")).await;
    assert!(matches!(refused, Err(KeyError::Unusable(_))), "{refused:?}");
    sender.pass(60);
    sender.answers(Answer::Keys(&["a"]));
    cache.keys(&request("a")).await.unwrap();
    sender.pass(60 * 60);
    sender.answers(Answer::Bytes(vec![b' '; 1001]));
    assert!(cache.keys(&request("a")).await.is_ok());
    assert_eq!(sender.asked(), 3);
}

#[tokio::test]
async fn made_up_documents_are_bounded_in_rate_and_number_and_push_no_key_out() {
    let sender = Sender::new(Answer::Keys(&["a"]));
    let cache = sender.builder().documents(8).fetches_per_minute(20).build();
    cache.keys(&request("a")).await.unwrap();
    sender.answers(Answer::NotFound);
    let mut refused = 0;
    for number in 0..100 {
        let made_up = request_at(&format!("https://keys.example.com/{number}"), "a");
        if let Err(KeyError::Unavailable(_)) = cache.keys(&made_up).await {
            refused += 1;
        }
    }
    assert_eq!((sender.asked(), refused), (21, 80), "what was there is not counted");
    assert!(cache.keys(&request("a")).await.is_ok(), "it is still there");
    assert_eq!(sender.asked(), 21);
}

#[tokio::test]
async fn a_url_that_is_not_safe_is_never_asked() {
    let sender = Sender::new(Answer::Keys(&["a"]));
    let cache = sender.builder().build();
    for url in ["http://keys.example.com/", "https://127.0.0.1/", "https://a.example:444/"] {
        unavailable(&cache.keys(&request_at(url, "a")).await);
    }
    assert_eq!(sender.asked(), 0);
}

#[tokio::test]
async fn senders_without_a_url_are_asked_by_key() {
    let sender = Sender::new(Answer::Keys(&["a"]));
    let cache = sender.builder().build();
    assert!(cache.keys(&request_at("", "a")).await.is_ok());
    sender.answers(Answer::NotFound);
    unknown(&cache.keys(&request_at("", "b")).await);
    assert!(cache.keys(&request_at("", "a")).await.is_ok());
    assert_eq!(sender.asked(), 2);
}

#[tokio::test]
async fn an_only_key_at_a_url_is_not_named_by_who_asks_first() {
    let pem = "-----BEGIN PUBLIC KEY-----\n\
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYAGMWO8XgCamYKMJS6jc/qgvSlAd\n\
        AjPuDPRcXU22YxgBrz+zoN19MzuRyW87qEt9/AmtoNP5GrobzUvQSyJFVw==\n\
        -----END PUBLIC KEY-----\n";
    let sender = Sender::new(Answer::Bytes(pem.into()));
    let cache = sender.builder().build();
    for id in ["made-up", "genuine"] {
        let request = request_for(KeyForm::Pem, "https://keys.example.com/key.pem", id);
        assert!(cache.keys(&request).await.is_ok(), "{id}");
    }
    assert_eq!(sender.asked(), 1);
}

#[tokio::test]
async fn a_sender_that_hangs_is_waited_for_once_a_minute() {
    let sender = Sender::new(Answer::Keys(&["a"]));
    let cache = sender.builder().build();
    cache.keys(&request("a")).await.unwrap();
    sender.answers(Answer::Never);
    sender.pass(60 * 60);
    let new = request_at("https://keys.example.com/new", "a");
    for request in [&request("a"), &new] {
        let asked = sender.asked();
        let given_up = tokio::spawn({
            let (cache, request) = (cache.clone(), request.clone());
            async move { cache.keys(&request).await.is_ok() }
        });
        while sender.asked() == asked {
            tokio::task::yield_now().await;
        }
        sender.pass(2);
        given_up.abort();
        assert!(given_up.await.is_err());
    }
    assert!(cache.keys(&request("a")).await.is_ok(), "what is kept is used");
    unavailable(&cache.keys(&new).await);
    assert_eq!(sender.asked(), 3);
    sender.answers(Answer::Keys(&["a"]));
    sender.pass(60);
    assert!(cache.keys(&request("a")).await.is_ok());
    assert!(cache.keys(&new).await.is_ok());
    assert_eq!(sender.asked(), 5);
}

#[tokio::test]
async fn for_ever_is_a_time_like_another() {
    let sender = Sender::new(Answer::Keys(&["a"]));
    let ever = Duration::MAX;
    let builder = sender.builder().stale_for(ever).fresh_for(ever).absent_for(ever);
    let cache = builder.refresh_after(ever).build();
    sender.pass(5);
    cache.keys(&request("a")).await.unwrap();
    sender.answers(Answer::NotFound);
    unknown(&cache.keys(&request_at("https://keys.example.com/absent", "a")).await);
    sender.pass(25 * 60 * 60);
    assert!(cache.keys(&request("a")).await.is_ok());
}

#[tokio::test]
async fn made_up_documents_do_not_hold_up_a_new_key_of_a_known_one() {
    let sender = Sender::new(Answer::Keys(&["a"]));
    let cache = sender.builder().fetches_per_minute(2).build();
    let at = |place: &str| request_at(&format!("https://keys.example.com/{place}"), "a");
    cache.keys(&at("known")).await.unwrap();
    sender.pass(60);
    sender.answers(Answer::NotFound);
    unknown(&cache.keys(&at("made-up-1")).await);
    unknown(&cache.keys(&at("made-up-2")).await);
    unavailable(&cache.keys(&at("made-up-3")).await);
    sender.answers(Answer::Keys(&["a", "b"]));
    assert!(cache.keys(&request_at("https://keys.example.com/known", "b")).await.is_ok());
}

#[tokio::test]
async fn documents_that_are_there_leave_the_rate_to_others_up_to_a_bound() {
    let sender = Sender::new(Answer::Keys(&["a"]));
    let cache = sender.builder().fetches_per_minute(2).build();
    for number in 0..10 {
        _ = cache.keys(&request_at(&format!("https://keys.example.com/{number}"), "a")).await;
    }
    assert_eq!(sender.asked(), 4);
}
