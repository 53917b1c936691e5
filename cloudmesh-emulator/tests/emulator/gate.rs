//! Requests that are held before or after their effect.

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::On;
use cloudmesh_emulator::When;
use reqwest::Method;

use crate::support::Client;

const SERVERS: &str = "/compute/v2.1/servers";
const CREATES: On = On::Operation(Operation::Create);

/// How many requests have arrived.
fn arrived(client: &Client) -> usize {
    client.emulator.troubles().seen().len()
}

#[tokio::test]
async fn a_request_is_held_before_or_after_its_effect() {
    for (when, effect) in [(When::Before, 0), (When::After, 1)] {
        let client = Client::start().await;
        let wish = client.wish("web").await;
        let held = client.emulator.hold(CREATES, 1, when);
        assert!(!held.is_reached());
        let (made, ()) = tokio::join!(client.post(SERVERS, wish), async {
            held.reached().await;
            assert_eq!(client.emulator.world().node_names().len(), effect, "{when:?}");
            held.release();
        });
        assert_eq!((made.status, client.emulator.world().node_names().len()), (202, 1));
    }
}

#[tokio::test]
async fn whatever_comes_behind_the_held_one_waits_too() {
    let client = Client::start().await;
    let wish = client.wish("web").await;
    let held = client.emulator.hold(CREATES, 2, When::After);
    assert_eq!(client.post(SERVERS, wish.clone()).await.status, 202);
    let before = arrived(&client);
    let late = async {
        held.reached().await;
        client.post(SERVERS, wish.clone()).await
    };
    let watch = async {
        while arrived(&client) < before + 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(client.emulator.world().node_names().len(), 2);
        held.let_others_pass();
        assert_eq!(client.get(SERVERS).await.status, 200);
        assert_eq!(client.emulator.world().node_names().len(), 2);
        // Its end lets both go on.
        held.release();
    };
    let (second, third, ()) = tokio::join!(client.post(SERVERS, wish.clone()), late, watch);
    assert_eq!((second.status, third.status), (202, 202));
    assert_eq!(client.emulator.world().node_names().len(), 3);
}

#[tokio::test]
async fn what_is_held_outlives_its_client_and_takes_effect_or_not() {
    for (released, effect) in [(true, 1), (false, 0)] {
        let client = Client::start().await;
        let wish = client.wish("web").await;
        let held = client.emulator.hold(CREATES, 1, When::Before);
        tokio::select! {
            _ = client.attempt(Method::POST, SERVERS, Some(wish)) => unreachable!("it is held"),
            () = held.reached() => {}
        }
        if released {
            held.release();
        } else {
            held.discard();
        }
        client.get(SERVERS).await;
        while released && client.emulator.world().node_names().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(client.emulator.world().node_names().len(), effect, "released: {released}");
    }
}
