//! Bytes taken from an archive that the official tool wrote.

use super::super::event::{ArchiveHeader, Event, EventKind, Owned, SetupData, SizedEncryptedTally};
use super::super::tar::{Header, Name};
use super::TIME;
use crate::belenios::group::{parse_hash, text};
use crate::belenios::hash::sha256_hex;

/// What an event says and the hash by which the next one calls it.
const EVENTS: [(&str, &str); 5] = [
    (
        r#"{"height":0,"type":["Setup"],"payload":"91558b58ded089e2d45de235930da4a3de6202494fdd490dba68723a40e09306"}"#,
        "8aac15fea00d0c474331e2e61e979b0f91329b29841a82dd20ccde42342d7d2c",
    ),
    (
        r#"{"parent":"8aac15fea00d0c474331e2e61e979b0f91329b29841a82dd20ccde42342d7d2c","height":1,"type":["Ballot"],"payload":"aeaba92c2be06d2bdf9c86f41954e84aa9f0bc2c887178e5ce46f07f0810aef2"}"#,
        "7ffde36967e83758e769f091e913dbde02bd0a863334bdcd02744bd948fe71db",
    ),
    (
        r#"{"parent":"24ba542e362496c9105d6ad98237a299ee28bbe5119bf73fcfc0c346c6a084d6","height":101,"type":["EndBallots"]}"#,
        "35859a38bd9148e772d6929a817215ee957928e455d5ef2cd11af64b9c0a4b4d",
    ),
    (
        r#"{"parent":"35859a38bd9148e772d6929a817215ee957928e455d5ef2cd11af64b9c0a4b4d","height":102,"type":["EncryptedTally"],"payload":"2e9e9f0b9bc73f23c1b4015a7a00b725fa7f5bc87e06c4c1c04044dde46978b8"}"#,
        "089108599fbde5f92b47f0b9fe4489453a87100d10186144b89f9c948c3e62a2",
    ),
    (
        r#"{"parent":"352d6b490c9c25330db6aff881a8c4912d4d9971b38de0047504cbf4e0e620d7","height":104,"type":["Result"],"payload":"5142a345f29c556e7b168b8123d4ddacf446fe9b5f8f92e4b08be75dc8b6e958"}"#,
        "157dc2482fe9cde5ebe8f66b88aa9747fc440c8e93d82b192415f05557f87fa6",
    ),
];

#[test]
fn events_are_read_and_written_byte_for_byte() {
    for (json, hash) in EVENTS {
        let event = Event::parse(json.as_bytes()).unwrap();
        assert_eq!(event.to_json(), json);
        assert_eq!(text(&sha256_hex(event.to_json().as_bytes())), hash);
    }
}

#[test]
fn references_are_read_and_written_byte_for_byte() {
    let setup = concat!(
        r#"{"election":"761e2ff37eb001d2946298b7e4067e0f6531dd6584480de15238e87bff991f23","#,
        r#""trustees":"a7366c5474d984ef38e769a4d0a967de26b95468e64ec7a0ab77b1808a6c259c","#,
        r#""credentials":"db959a7abb882def016d21866b39ec483152e6b5ccea6d2767d6b0891f91fe65"}"#,
    );
    assert_eq!(SetupData::parse(setup.as_bytes()).unwrap().to_json(), setup);
    assert!(text(&sha256_hex(setup.as_bytes())).starts_with("91558b58"));
    let certified = setup.replace('}', &format!(r#","credentials_certificate":"{}"}}"#, "0".repeat(64)));
    assert_eq!(SetupData::parse(certified.as_bytes()).unwrap().to_json(), certified);

    let sized = r#"{"num_tallied":90,"total_weight":90,"encrypted_tally":"749531db2b5fe6a86d624ee1f2ef901937d5ea691376b425581cfe7db0696127"}"#;
    assert_eq!(SizedEncryptedTally::parse(sized.as_bytes()).unwrap().to_json(), sized);
    assert!(text(&sha256_hex(sized.as_bytes())).starts_with("2e9e9f0b"));

    let owned = r#"{"owner":1,"payload":"be103422ad77efd816fc90a9362cd9eaa4d1ead0712207ef08b52abe7bcc5917"}"#;
    assert_eq!(Owned::parse(owned.as_bytes()).unwrap().to_json(), owned);
    assert!(text(&sha256_hex(owned.as_bytes())).starts_with("dcd5c24c"));

    let header = r#"{"version":1,"timestamp":1795394588}"#;
    assert_eq!(ArchiveHeader::parse(header.as_bytes()).unwrap(), ArchiveHeader { timestamp: TIME });
    assert_eq!(ArchiveHeader { timestamp: TIME }.to_json(), header);
}

#[test]
fn headers_are_written_byte_for_byte() {
    let mut expected = [0; 512];
    expected[..8].copy_from_slice(b"BELENIOS");
    let fields = b"0000644\x000000000\x000000000\x0000000000044\x0015300706034\x00005704\x00 0";
    expected[100..157].copy_from_slice(fields);
    let header = Header { name: Name::Archive, size: 36, timestamp: TIME };
    assert_eq!(header.encode(), expected);
    assert_eq!(Header::decode(&expected).unwrap(), header);
}

#[test]
fn another_spelling_is_no_event() {
    let (json, _) = EVENTS[1];
    let others = [
        json.replace("\"height\":1,", "\"height\":01,"),
        json.replace("\"height\":1,", "\"height\":+1,"),
        json.replace("\"height\":1,", "\"height\":1e0,"),
        json.replace("\"height\":1,", "\"height\":-1,"),
        json.replace("\"height\":1,", "\"height\":1.0,"),
        json.replace("\"height\":1,", "\"height\":9007199254740992,"),
        json.replace("\"height\":1,", "\"height\": 1,"),
        json.replace("\"height\":1,", ""),
        json.replace("\"Ballot\"", "\"ballot\""),
        json.replace("\"Ballot\"", "\"Ballots\""),
        json.replace("[\"Ballot\"]", "\"Ballot\""),
        json.replace("[\"Ballot\"]", "[\"Ballot\",\"Ballot\"]"),
        json.replace("aeaba9", "AEABA9"),
        json.replace("aeaba9", "aeaba"),
        json.replace('}', ",\"more\":1}"),
        format!("{json}\n"),
        format!(" {json}"),
        json[..json.len() - 1].to_owned(),
        String::new(),
    ];
    for other in others {
        assert!(Event::parse(other.as_bytes()).is_err(), "{other}");
    }
    let kinds = [EventKind::Setup, EventKind::Shuffle, EventKind::EndShuffles, EventKind::PartialDecryption];
    for kind in kinds {
        let event = Event { parent: parse_hash(&[b'a'; 64]), height: 7, kind, payload: None };
        assert_eq!(Event::parse(event.to_json().as_bytes()).unwrap(), event);
    }
}
