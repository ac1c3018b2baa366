//! An encrypted tally decrypted by every possible group of trustees, and by those who are not enough.

use super::{EncryptedTally, PartialDecryption, check_result, partial_decryption, result_json, tally_result};
use crate::Result;
use crate::belenios::election::{Election, Question, Template};
use crate::belenios::group::{Element, random_scalar};
use crate::belenios::trustee::basic::Basic;
use crate::belenios::trustee::seed::Seed;
use crate::belenios::trustee::tests::{Founded, expect_error, found};
use crate::belenios::trustee::{Trustee, Trustees};
use curve25519_dalek::scalar::Scalar;

/// An election of one single trustee and a group, closed and tallied.
struct Closed {
    election: Election,
    trustees: Trustees,
    tally: EncryptedTally,
    /// The partial decryption of every trustee.
    partials: Vec<(u64, String)>,
    single: Seed,
    group: Founded,
}

const RESULT: [[u64; 3]; 2] = [[0, 7, 100], [1, 99, 42]];
const WEIGHT: u64 = 100;

fn closed(threshold: u64, members: u64) -> Result<Closed> {
    let single = Seed::random()?;
    let group = found(threshold, members)?;
    let trustees = Trustees {
        items: vec![
            Trustee::single(Basic::new(&single, Some("server"))?),
            Trustee::Pedersen(group.threshold.clone()),
        ],
    };
    trustees.check()?;
    let key = trustees.key()?;
    let question = |text: &str| Question {
        answers: ["a", "b"].map(str::to_owned).to_vec(),
        blank: true,
        min: 0,
        max: 2,
        question: text.to_owned(),
    };
    let template = Template {
        uuid: "11111111111111".to_owned(),
        name: "Election".to_owned(),
        description: String::new(),
        questions: vec![question("first"), question("second")],
        administrator: "Administrator".to_owned(),
        credential_authority: "Authority".to_owned(),
    };
    let election = Election::parse(template.election(&key)?.as_bytes())?;
    let encrypt = |number: u64| -> Result<[Element; 2]> {
        let randomness = random_scalar()?;
        let beta = key.point() * *randomness + Element::power(&Scalar::from(number)).point();
        Ok([Element::power(&randomness), Element::from_point(beta)])
    };
    let tally = RESULT
        .iter()
        .map(|numbers| numbers.iter().map(|number| encrypt(*number)).collect())
        .collect::<Result<_>>();
    let tally = EncryptedTally(tally?);
    let mut partials = vec![partial_decryption(&election, &trustees, &tally, &single, None)?];
    for (seed, share) in group.seeds.iter().zip(&group.keys) {
        partials.push(partial_decryption(&election, &trustees, &tally, seed, Some(share.as_bytes()))?);
    }
    Ok(Closed { election, trustees, tally, partials, single, group })
}

impl Closed {
    fn result(&self, owners: &[u64]) -> Result<Vec<Vec<u64>>> {
        self.result_of(&self.given(owners))
    }

    fn given(&self, owners: &[u64]) -> Vec<(u64, String)> {
        let of = |owner: &u64| self.partials.iter().find(|(number, _)| number == owner).cloned();
        owners.iter().filter_map(of).collect()
    }

    fn result_of(&self, partials: &[(u64, String)]) -> Result<Vec<Vec<u64>>> {
        let partials = read(partials)?;
        tally_result(&self.election, &self.trustees, &self.tally, WEIGHT, &partials)
    }

    fn checked(&self, weight: u64, result: &str) -> Result<Vec<Vec<u64>>> {
        let partials = self.given(&[1, 2, 3]);
        check_result(
            &self.election,
            &self.trustees,
            &self.tally,
            weight,
            &read(&partials)?,
            result.as_bytes(),
        )
    }
}

fn read(partials: &[(u64, String)]) -> Result<Vec<(u64, PartialDecryption<'_>)>> {
    partials
        .iter()
        .map(|(owner, partial)| Ok((*owner, PartialDecryption::parse(partial.as_bytes())?)))
        .collect()
}

#[test]
fn any_group_of_the_threshold_gives_the_result_and_none_smaller() -> Result<()> {
    for (threshold, members) in [(1, 2), (2, 3), (3, 4)] {
        let closed = closed(threshold, members)?;
        assert_eq!(
            closed.partials.iter().map(|(owner, _)| *owner).collect::<Vec<_>>(),
            (1..=members + 1).collect::<Vec<_>>()
        );
        for chosen in 0u64..1 << members {
            let group = (0..members).filter(|place| chosen >> place & 1 == 1).map(|place| place + 2);
            // The order does not matter.
            let owners: Vec<u64> = group.rev().chain([1]).collect();
            if u64::from(chosen.count_ones()) < threshold {
                let part = format!(
                    "partial decryptions of {} of the trustees 2 to {}",
                    chosen.count_ones(),
                    members + 1
                );
                expect_error(closed.result(&owners), &part);
            } else {
                assert_eq!(closed.result(&owners)?, RESULT);
                expect_error(
                    closed.result(&owners[..owners.len() - 1]),
                    "the partial decryption of trustee 1 (server) is missing",
                );
            }
        }
    }
    Ok(())
}

#[test]
fn a_wrong_partial_decryption_is_named_even_where_it_is_not_needed() -> Result<()> {
    let closed = closed(2, 3)?;
    let elsewhere = self::closed(2, 3)?;
    let mut partials = closed.partials.clone();
    partials[3].1.clone_from(&elsewhere.partials[3].1);
    expect_error(
        closed.result_of(&partials),
        "the partial decryption of trustee 4 (\"Anna 3\"): the signature",
    );
    let mut partials = closed.partials.clone();
    partials[3].0 = 9;
    expect_error(closed.result_of(&partials), "a partial decryption of trustee 9 (expected: from 1 to 4)");
    let mut partials = closed.partials.clone();
    partials[3].0 = 3;
    expect_error(closed.result_of(&partials), "two partial decryptions of trustee 3");
    let mut partials = closed.partials.clone();
    partials[2].0 = 4;
    partials[3].0 = 3;
    expect_error(closed.result_of(&partials), "the signature is not that of the trustee");
    Ok(())
}

#[test]
fn a_signed_factor_with_a_wrong_proof_is_named() -> Result<()> {
    // The trustee decrypts another tally, and signs for this one: the signature holds, the proofs do not.
    let closed = closed(2, 3)?;
    let mut other = closed.tally.clone();
    other.0[1][2] = other.0[1][1];
    let share = closed.group.keys[0].as_bytes();
    let signed =
        partial_decryption(&closed.election, &closed.trustees, &other, &closed.group.seeds[0], Some(share))?;
    let mut partials = closed.partials.clone();
    partials[1] = signed;
    expect_error(
        closed.result_of(&partials),
        "trustee 2 (\"Anna 1\"): question 2, answer 3: the proof of the factor does not hold",
    );
    other.0[1].pop();
    let short = partial_decryption(&closed.election, &closed.trustees, &other, &closed.single, None)?;
    partials = closed.partials.clone();
    partials[0] = short;
    expect_error(
        closed.result_of(&partials),
        "it has 2 answers in question 2 (expected: 3 answers in question 2)",
    );
    expect_error(other.check_shape(&closed.election), "the encrypted tally has 2 answers in question 2");
    Ok(())
}

#[test]
fn a_changed_digit_of_a_partial_decryption_is_refused() -> Result<()> {
    let closed = closed(1, 2)?;
    let json = &closed.partials[0].1;
    for at in (0..json.len()).step_by(11).filter(|at| json.as_bytes()[*at].is_ascii_digit()) {
        let mut changed = json.clone().into_bytes();
        changed[at] = if changed[at] == b'4' { b'5' } else { b'4' };
        let checked = PartialDecryption::parse(&changed)
            .and_then(|partial| partial.check(&closed.election, &closed.trustees, &closed.tally, 1));
        assert!(checked.is_err(), "byte {at} can be changed");
    }
    Ok(())
}

#[test]
fn a_result_that_is_not_what_is_decrypted_is_refused() -> Result<()> {
    let closed = closed(2, 3)?;
    let right = result_json(&RESULT.map(|numbers| numbers.to_vec()));
    assert_eq!(right, r#"{"result":[[0,7,100],[1,99,42]]}"#);
    assert_eq!(closed.checked(WEIGHT, &right)?, RESULT);
    expect_error(closed.checked(WEIGHT - 1, &right), "question 1, answer 3: the result says 100");
    expect_error(
        closed.checked(WEIGHT, &right.replace("99", "98")),
        "question 2, answer 2: the result says 98",
    );
    expect_error(closed.checked(WEIGHT, &right.replace(",42", "")), "the result has 2 answers in question 2");
    expect_error(closed.checked(WEIGHT, &right.replace("99", "099")), "stands where");
    expect_error(closed.checked(WEIGHT, &format!("{right} ")), "the end of the record");
    let partials = closed.given(&[1, 2, 3]);
    let bounded = tally_result(&closed.election, &closed.trustees, &closed.tally, 99, &read(&partials)?);
    expect_error(bounded, "question 1, answer 3: what is decrypted is no number (expected: from 0 to 99");
    Ok(())
}

#[test]
fn a_seed_or_share_of_someone_else_decrypts_nothing() -> Result<()> {
    let closed = closed(2, 3)?;
    let decrypt = |seed: &Seed, share: Option<&str>| {
        partial_decryption(&closed.election, &closed.trustees, &closed.tally, seed, share.map(str::as_bytes))
    };
    let Founded { seeds, keys, .. } = &closed.group;
    expect_error(decrypt(&Seed::random()?, None), "none of the 4 trustees");
    expect_error(decrypt(&seeds[0], None), "trustee 2 (\"Anna 1\"): the share");
    expect_error(decrypt(&seeds[0], Some(&keys[1])), "not encrypted for this trustee");
    expect_error(decrypt(&closed.single, Some(&keys[0])), "a single trustee has no share");
    expect_error(
        decrypt(&seeds[0], Some(seeds[0].expose())),
        "trustee 2 (\"Anna 1\"): this is no share (expected",
    );
    let elsewhere = found(2, 3)?;
    expect_error(decrypt(&seeds[0], Some(&elsewhere.keys[0])), "not encrypted for this trustee");
    Ok(())
}

#[test]
fn an_encrypted_tally_is_read_as_it_is_written() -> Result<()> {
    let closed = closed(1, 2)?;
    let json = closed.tally.json();
    assert_eq!(EncryptedTally::parse(json.as_bytes())?, closed.tally);
    expect_error(EncryptedTally::parse(format!("{json}\n").as_bytes()), "the end of the record");
    expect_error(EncryptedTally::parse(json.replace("alpha", "Alpha").as_bytes()), "byte 2");
    Ok(())
}
