//! Shopify's orders in an actix-web application: each lowers the inventory once, however often it is
//! delivered or tried.

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::fmt;
use std::net::TcpListener;
use std::num::NonZeroU32;
use std::sync::Mutex;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Json, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer, ResponseError};
use countersign::{ConfigError, Receiver, Secret, Verifier, catalog};
use countersign_actix::{Event, Permanent, Verify};
use countersign_memory::MemoryStore;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Order {
    id: u64,
    line_items: Vec<Line>,
}

#[derive(Clone, Debug, Deserialize)]
struct Line {
    sku: String,
    quantity: u32,
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let inventory = Data::new(Mutex::new(Inventory::new([("mug", 10), ("shirt", 5)])));
    let app = app(env::var("SHOPIFY_CLIENT_SECRET")?, inventory)?;
    let listener = TcpListener::bind("127.0.0.1:3000")?;
    println!("listening on http://{}/hooks/shopify", listener.local_addr()?);
    HttpServer::new(move || App::new().configure(&app)).listen(listener)?.run().await?;
    Ok(())
}

/// What each worker runs. They share one store and one inventory.
fn app(
    secret: String,
    inventory: Data<Mutex<Inventory>>,
) -> Result<impl Fn(&mut ServiceConfig) + Clone + Send + 'static, ConfigError> {
    let shopify = Verifier::builder(catalog::SHOPIFY).secret(Secret::new(secret)).build()?;
    let verify = Verify::new(Receiver::new(shopify, MemoryStore::new(100_000)));
    Ok(move |config: &mut ServiceConfig| {
        let hook = web::resource("/hooks/shopify").wrap(verify.clone());
        config.app_data(inventory.clone()).service(hook.route(web::post().to(on_order)));
    })
}

/// Shopify signs neither an id nor a time: a duplicate is told by its content, which has the number
/// of the order in it.
async fn on_order(
    order: Event<Json<Order>>,
    inventory: Data<Mutex<Inventory>>,
) -> Result<HttpResponse, Failure> {
    let attempt = order.attempt();
    let Json(order) = order.into_payload();
    let mut inventory = inventory.lock().expect("no one panics with the lock in hand");
    inventory.take(&order, attempt)?;
    println!("order {}: left are {:?}", order.id, inventory.left);
    Ok(HttpResponse::Ok().finish())
}

/// What is left, and what was taken for each order by which attempt to handle it.
struct Inventory {
    left: HashMap<String, u32>,
    taken: HashMap<u64, (Option<NonZeroU32>, Vec<Line>)>,
}

impl Inventory {
    fn new<const N: usize>(stock: [(&str, u32); N]) -> Self {
        let left = stock.map(|(sku, quantity)| (sku.to_owned(), quantity));
        Self { left: left.into(), taken: HashMap::new() }
    }

    /// Takes what is ordered, in place of what an earlier attempt took. An attempt that hung for
    /// longer than its lease finds that a later one was made, and takes nothing.
    ///
    /// Attempts count within one event. So it is one event for each order: `orders/create`.
    fn take(&mut self, order: &Order, attempt: Option<NonZeroU32>) -> Result<(), Failure> {
        let mut left = self.left.clone();
        if let Some((before, lines)) = self.taken.get(&order.id) {
            if *before > attempt {
                return Err(Failure::Overtaken);
            }
            for line in lines {
                *left.entry(line.sku.clone()).or_default() += line.quantity;
            }
        }
        for line in &order.line_items {
            let product = left.get_mut(&line.sku).ok_or(Failure::UnknownProduct)?;
            *product = product.checked_sub(line.quantity).ok_or(Failure::SoldOut)?;
        }
        self.left = left;
        self.taken.insert(order.id, (attempt, order.line_items.clone()));
        Ok(())
    }
}

/// Why an order was not handled.
#[derive(Debug, Eq, PartialEq)]
enum Failure {
    /// Another attempt to handle the order was made since.
    Overtaken,
    /// It may be in stock again by the time that Shopify delivers the order again.
    SoldOut,
    /// No retry makes the product known.
    UnknownProduct,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overtaken => "overtaken by a later attempt",
            Self::SoldOut => "sold out",
            Self::UnknownProduct => "the order has an unknown product",
        })
    }
}

impl ResponseError for Failure {
    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Overtaken => HttpResponse::new(StatusCode::CONFLICT),
            Self::SoldOut => HttpResponse::new(StatusCode::SERVICE_UNAVAILABLE),
            Self::UnknownProduct => Permanent(self).error_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::{TestRequest, call_service, init_service};
    use countersign_testing::Signer;

    use super::*;

    const SECRET: &str = "an example that is long enough";

    fn delivery(body: &str) -> TestRequest {
        let signer = Signer::new(&catalog::SHOPIFY, SECRET).unwrap();
        let signed = signer.sign("POST", "/hooks/shopify", body.as_bytes()).unwrap();
        let mut request = TestRequest::post().uri("/hooks/shopify");
        for header in signed.headers {
            request = request.insert_header(header);
        }
        request.insert_header(("content-type", "application/json")).set_payload(signed.body)
    }

    /// The statuses of deliveries, and how many mugs are left of ten.
    async fn deliver<const N: usize>(bodies: [&str; N]) -> ([u16; N], u32) {
        let inventory = Data::new(Mutex::new(Inventory::new([("mug", 10)])));
        let app = app(SECRET.to_owned(), inventory.clone()).unwrap();
        let app = init_service(App::new().configure(app)).await;
        let mut statuses = [0; N];
        for (status, body) in statuses.iter_mut().zip(bodies) {
            let answer = call_service(&app, delivery(body).to_request()).await;
            *status = answer.status().as_u16();
        }
        let left = inventory.lock().unwrap().left["mug"];
        (statuses, left)
    }

    #[actix_web::test]
    async fn an_order_that_is_delivered_twice_lowers_the_inventory_once() {
        let order = r#"{"id":1,"line_items":[{"sku":"mug","quantity":3}]}"#;
        assert_eq!(deliver([order, order]).await, ([200, 200], 7));
        let other = r#"{"id":2,"line_items":[{"sku":"mug","quantity":3}]}"#;
        assert_eq!(deliver([order, other]).await, ([200, 200], 4));
    }

    #[actix_web::test]
    async fn a_retry_may_mend_a_sold_out_product_but_no_unknown_one() {
        let much = r#"{"id":1,"line_items":[{"sku":"mug","quantity":11}]}"#;
        assert_eq!(deliver([much, much]).await, ([503, 503], 10));
        let unknown =
            r#"{"id":1,"line_items":[{"sku":"mug","quantity":1},{"sku":"pen","quantity":1}]}"#;
        assert_eq!(deliver([unknown, unknown]).await, ([200, 200], 10));
    }

    #[test]
    fn a_later_attempt_takes_no_more_and_an_overtaken_one_takes_nothing() {
        let mut inventory = Inventory::new([("mug", 10)]);
        let order = Order { id: 1, line_items: vec![Line { sku: "mug".to_owned(), quantity: 3 }] };
        let mut take = |attempt| inventory.take(&order, NonZeroU32::new(attempt));
        assert_eq!(take(2), Ok(()));
        assert_eq!(take(1), Err(Failure::Overtaken));
        assert_eq!(take(3), Ok(()));
        assert_eq!(inventory.left["mug"], 7);
    }
}
