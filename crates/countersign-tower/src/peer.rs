//! Who called, as the server knows it.

use std::net::IpAddr;

/// The address of the peer, as an extension of the request: without it no
/// [proxy is trusted](countersign::VerifierBuilder::trusted_proxy).
///
/// A server knows it, and no tower service does. Insert the address of the connection, never one that a
/// header names. With axum:
///
/// ```ignore
/// async fn peer(ConnectInfo(from): ConnectInfo<SocketAddr>, mut request: Request) -> Request {
///     request.extensions_mut().insert(Peer(from.ip()));
///     request
/// }
///
/// let app = router
///     .layer(VerifyLayer::new(receiver))
///     .layer(axum::middleware::map_request(peer))
///     .into_make_service_with_connect_info::<SocketAddr>();
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "it is made by those who know the address")]
pub struct Peer(pub IpAddr);
