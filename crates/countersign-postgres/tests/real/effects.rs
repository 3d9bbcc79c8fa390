//! Effects that happen once.

use std::time::{Duration, Instant};

use countersign::{
    Answer, ClaimOutcome, CompleteOutcome, Completion, NotCompleted, Once, OpenClaim, Store as _,
};
use countersign_postgres::{Inbox, PostgresStore};
use countersign_store_tests::postgres::{Server, client};
use countersign_store_tests::{HOUR, Other, claim, key, runtime, token, until};
use tokio::task::JoinSet;
use tokio_postgres::Client;

use crate::support::{patient, store};

const LEASE: Duration = Duration::from_millis(150);

/// Where the effects are: one row each. Nothing but the store keeps them from being two.
const LEDGER: &str = "CREATE TABLE ledger (event int8 NOT NULL, worker int8 NOT NULL)";
const EFFECT: &str = "INSERT INTO ledger VALUES ($1, $2)";

async fn effects(client: &Client, event: u64) -> i64 {
    let count = "SELECT count(*) FROM ledger WHERE event = $1";
    client.query_one(count, &[&event.cast_signed()]).await.unwrap().get(0)
}

fn done() -> Completion {
    Completion::new(HOUR, Answer::new(200))
}

/// Handles an event in one transaction; whether it is handled now.
async fn handle_once(client: &mut Client, inbox: &Inbox, event: u64, pause: Duration) -> bool {
    let mut transaction = client.transaction().await.unwrap();
    match inbox.once(&mut transaction, &key(event)).await.unwrap() {
        Once::First { .. } => {
            transaction.execute(EFFECT, &[&event.cast_signed(), &1_i64]).await.unwrap();
            tokio::time::sleep(pause).await;
            transaction.commit().await.unwrap();
            true
        }
        Once::Duplicate { .. } => true,
        Once::InFlight { .. } => false,
    }
}

/// Handles an event under a claim; whether it is handled now.
async fn handle_claimed(
    client: &mut Client,
    store: &PostgresStore,
    event: u64,
    worker: u64,
    pause: Duration,
) -> bool {
    match store.claim(&key(event), &claim(worker, LEASE)).await.unwrap() {
        ClaimOutcome::Claimed { .. } => {}
        ClaimOutcome::Duplicate { .. } => return true,
        _ => return false,
    }
    tokio::time::sleep(pause).await;
    // What a handler does: `?` drops the transaction unless all went well.
    let handled = async {
        let mut transaction = client.transaction().await?;
        transaction.execute(EFFECT, &[&event.cast_signed(), &worker.cast_signed()]).await?;
        tokio::time::sleep(pause).await;
        store
            .inbox()
            .complete_in(&mut transaction, &OpenClaim::new(key(event), token(worker), done()))
            .await?;
        transaction.commit().await?;
        Ok::<_, Box<dyn std::error::Error>>(())
    };
    handled.await.is_ok()
}

#[test]
fn of_racing_transactions_one_is_the_first() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let inbox = store(&server).await.inbox().lock_timeout(Duration::from_secs(30));
        let all = server.client().await;
        all.batch_execute(LEDGER).await.unwrap();
        let mut tasks = JoinSet::new();
        for _ in 0..16 {
            let (url, inbox) = (server.url(), inbox.clone());
            tasks.spawn(async move {
                let mut client = client(&url).await;
                for event in 0..20 {
                    assert!(
                        handle_once(&mut client, &inbox, event, Duration::from_millis(1)).await
                    );
                }
            });
        }
        tasks.join_all().await;
        for event in 0..20 {
            assert_eq!(effects(&all, event).await, 1);
        }
    });
}

#[test]
fn who_waits_too_long_for_another_transaction_is_told_in_flight() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        let inbox = store.inbox().lock_timeout(Duration::from_millis(100));
        let (mut one, mut other) = (server.client().await, server.client().await);
        let mut first = one.transaction().await.unwrap();
        assert!(matches!(inbox.once(&mut first, &key(1)).await, Ok(Once::First { .. })));

        let mut second = other.transaction().await.unwrap();
        second.batch_execute("SET LOCAL lock_timeout = '7s'").await.unwrap();
        let start = Instant::now();
        let outcome = inbox.once(&mut second, &key(1)).await.unwrap();
        assert!(matches!(outcome, Once::InFlight { .. }), "{outcome:?}");
        assert!(start.elapsed() >= Duration::from_millis(100));
        // The transaction is still of use, and as it was.
        let timeout = second.query_one("SHOW lock_timeout", &[]).await.unwrap();
        assert_eq!(timeout.get::<_, &str>(0), "7s");
        // So for whoever claims it.
        let brief = PostgresStore::connect(&server.url()).await.unwrap();
        let outcome = brief.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{outcome:?}");

        first.commit().await.unwrap();
        let outcome = inbox.once(&mut second, &key(1)).await.unwrap();
        assert!(
            matches!(&outcome, Once::Duplicate { answer, .. } if answer.status() == 200),
            "{outcome:?}"
        );
        let timeout = second.query_one("SHOW lock_timeout", &[]).await.unwrap();
        assert_eq!(timeout.get::<_, &str>(0), "7s");
    });
}

#[test]
fn a_transaction_that_is_rolled_back_leaves_the_event_free() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        let inbox = store.inbox();
        let mut client = server.client().await;
        for _ in 0..2 {
            let mut transaction = client.transaction().await.unwrap();
            let outcome = inbox.once(&mut transaction, &key(1)).await.unwrap();
            let Once::First { seen } = outcome else { panic!("{outcome:?}") };
            assert_eq!(seen.attempt.get(), 1);
        }
        // What is claimed by others is theirs, until it is released.
        store.claim(&key(2), &claim(1, HOUR)).await.unwrap();
        let mut transaction = client.transaction().await.unwrap();
        let outcome = inbox.once(&mut transaction, &key(2)).await.unwrap();
        let Once::InFlight { lease_left } = outcome else { panic!("{outcome:?}") };
        assert!(lease_left > HOUR / 2);
        // The open transaction is in nobody's way.
        store.extend(&key(2), token(1), HOUR).await.unwrap();
        store.release(&key(2), token(1)).await.unwrap();
        let outcome = inbox.once(&mut transaction, &key(2)).await.unwrap();
        let Once::First { seen } = outcome else { panic!("{outcome:?}") };
        assert_eq!(seen.attempt.get(), 2);
    });
}

/// Under a stricter isolation the winner's row cannot be seen; that is in flight, not the first.
#[test]
fn a_serializable_transaction_is_not_told_that_it_is_the_first() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let inbox = store(&server).await.inbox();
        let (mut one, mut other) = (server.client().await, server.client().await);
        let strict = tokio_postgres::IsolationLevel::Serializable;
        let mut late = other.build_transaction().isolation_level(strict).start().await.unwrap();
        late.query_one("SELECT count(*) FROM countersign.delivery", &[]).await.unwrap();
        let mut first = one.transaction().await.unwrap();
        inbox.once(&mut first, &key(1)).await.unwrap().first().unwrap();
        first.commit().await.unwrap();
        let outcome = inbox.once(&mut late, &key(1)).await.unwrap();
        assert!(matches!(outcome, Once::InFlight { .. }), "{outcome:?}");
    });
}

#[test]
fn a_lost_claim_rolls_the_transaction_back() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        let inbox = store.inbox();
        let mut client = server.client().await;
        let other = server.client().await;
        other.batch_execute(LEDGER).await.unwrap();

        store.claim(&key(1), &claim(1, Duration::from_millis(50))).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
        let mut slow = client.transaction().await.unwrap();
        slow.execute(EFFECT, &[&1_i64, &1_i64]).await.unwrap();
        let lost = inbox.complete_in(&mut slow, &OpenClaim::new(key(1), token(1), done())).await;
        assert!(matches!(lost, Err(NotCompleted::Lost)), "{lost:?}");
        drop(slow);

        let mut second = client.transaction().await.unwrap();
        second.execute(EFFECT, &[&1_i64, &2_i64]).await.unwrap();
        inbox.complete_in(&mut second, &OpenClaim::new(key(1), token(2), done())).await.unwrap();
        second.commit().await.unwrap();
        assert_eq!(effects(&other, 1).await, 1);

        // The reply to the commit was lost: it must not be done again.
        let mut again = client.transaction().await.unwrap();
        let done_before =
            inbox.complete_in(&mut again, &OpenClaim::new(key(1), token(2), done())).await;
        assert!(matches!(done_before, Err(NotCompleted::AlreadyCompleted)), "{done_before:?}");
        drop(again);
        // And the receiver that completes it afterwards finds it in order.
        let outcome = store.complete(&key(1), token(2), &done()).await.unwrap();
        assert_eq!(outcome, CompleteOutcome::AlreadyCompleted);
    });
}

/// Rounds in which workers are killed at any time, until the event is handled. Two workers handle the
/// same event at once, so that leases lapse and are taken over.
fn rounds(form: &str, first: u64, count: u64) {
    let (runtime, server) = (runtime(), Server::start());
    let url = server.url();
    let client = runtime.block_on(async {
        store(&server).await;
        let client = server.client().await;
        client.batch_execute(LEDGER).await.unwrap();
        client
    });
    let mut killed = 0;
    let mut random = 0x9e37_79b9_7f4a_7c15_u64 ^ u64::from(std::process::id());
    for event in first..first + count {
        let number = event.to_string();
        let variables = [("STORE", url.as_str()), ("FORM", form), ("EVENT", number.as_str())];
        let start = || Other::run("effects::handles_until_done", &variables);
        let mut others = [start(), start()];
        // Each is killed up to twice.
        for _ in 0..2 {
            for other in &mut others {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                std::thread::sleep(Duration::from_millis(random % 120));
                other.kill();
                killed += 1;
                *other = start();
            }
        }
        for other in &mut others {
            assert!(other.wait(), "event {event}");
        }
        let effects = runtime.block_on(effects(&client, event));
        assert_eq!(effects, 1, "event {event}");
    }
    let again = "SELECT sum(attempt - 1)::int8 FROM countersign.delivery";
    let again: i64 = runtime.block_on(client.query_one(again, &[])).unwrap().get(0);
    println!(
        "form {form}: {count} rounds, {killed} workers killed, {again} takeovers, one effect each"
    );
}

#[test]
fn plan_22_effects_in_one_transaction_happen_once_whoever_is_killed() {
    rounds("A", 0, 100);
}

#[test]
fn plan_22_effects_under_a_claim_happen_once_whoever_is_killed() {
    rounds("B", 1000, 100);
}

#[test]
#[ignore = "runs in a process of its own, which is killed"]
fn handles_until_done() {
    let Ok(url) = std::env::var("STORE") else { return };
    let event = std::env::var("EVENT").unwrap().parse().unwrap();
    let form = std::env::var("FORM").unwrap();
    let random = u64::from(std::process::id());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = patient().pool_size(1).migrate(false).connect(&url).await.unwrap();
        let mut client = client(&url).await;
        for attempt in 0_u64.. {
            let pause = Duration::from_millis(random.wrapping_mul(31).wrapping_add(attempt) % 100);
            let worker = random << 20 | attempt;
            let handled = match form.as_str() {
                "A" => handle_once(&mut client, &store.inbox(), event, pause / 4).await,
                _ => handle_claimed(&mut client, &store, event, worker, pause).await,
            };
            if handled {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
}

/// A killed process frees the event at once, not after a lease.
#[test]
fn plan_03_a_killed_transaction_frees_the_event_at_once() {
    let (runtime, server) = (runtime(), Server::start());
    let url = server.url();
    runtime.block_on(async {
        let inbox = store(&server).await.inbox();
        let mut client = server.client().await;
        let mut other = Other::run("effects::hangs_in_a_transaction", &[("STORE", &url)]);
        let all = server.client().await;
        let open = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'";
        until("the other is in it", async || {
            all.query_one(open, &[]).await.unwrap().get::<_, i64>(0) == 1
        })
        .await;
        other.kill();
        let start = Instant::now();
        let mut transaction = client.transaction().await.unwrap();
        let outcome = inbox.once(&mut transaction, &key(1)).await.unwrap();
        assert!(matches!(outcome, Once::First { .. }), "{outcome:?}");
        println!("free after {:?}", start.elapsed());
        assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
    });
}

#[test]
#[ignore = "runs in a process of its own, which is killed"]
fn hangs_in_a_transaction() {
    let Ok(url) = std::env::var("STORE") else { return };
    runtime().block_on(async {
        let mut client = client(&url).await;
        let mut transaction = client.transaction().await.unwrap();
        let inbox = Inbox::new("countersign").unwrap();
        inbox.once(&mut transaction, &key(1)).await.unwrap().first().unwrap();
        tokio::time::sleep(HOUR).await;
    });
}

#[cfg(feature = "sqlx")]
#[test]
fn transactions_of_sqlx_do_the_same() {
    use sqlx_core::connection::Connection as _;
    use sqlx_core::query::query;
    use sqlx_postgres::PgConnection;

    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        let inbox = store.inbox().lock_timeout(Duration::from_millis(100));
        let all = server.client().await;
        all.batch_execute(LEDGER).await.unwrap();
        let mut one = PgConnection::connect(&server.url()).await.unwrap();
        let mut other = PgConnection::connect(&server.url()).await.unwrap();

        let mut first = one.begin().await.unwrap();
        assert!(matches!(inbox.once(&mut first, &key(1)).await, Ok(Once::First { .. })));
        query("INSERT INTO ledger VALUES (1, 1)").execute(&mut *first).await.unwrap();
        let mut second = other.begin().await.unwrap();
        let outcome = inbox.once(&mut second, &key(1)).await.unwrap();
        assert!(matches!(outcome, Once::InFlight { .. }), "{outcome:?}");
        first.commit().await.unwrap();
        let outcome = inbox.once(&mut second, &key(1)).await.unwrap();
        assert!(matches!(outcome, Once::Duplicate { .. }), "{outcome:?}");
        second.rollback().await.unwrap();
        assert_eq!(effects(&all, 1).await, 1);

        store.claim(&key(2), &claim(1, Duration::from_millis(50))).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        store.claim(&key(2), &claim(2, HOUR)).await.unwrap();
        for (worker, expected) in [(1, false), (2, true)] {
            let mut transaction = one.begin().await.unwrap();
            query("INSERT INTO ledger VALUES (2, 1)").execute(&mut *transaction).await.unwrap();
            let done = inbox
                .complete_in(&mut transaction, &OpenClaim::new(key(2), token(worker), done()))
                .await;
            assert_eq!(done.is_ok(), expected, "{done:?}");
            if done.is_ok() {
                transaction.commit().await.unwrap();
            } else {
                transaction.rollback().await.unwrap();
            }
        }
        assert_eq!(effects(&all, 2).await, 1);
    });
}
