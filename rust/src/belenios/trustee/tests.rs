//! Groups founded, and every part of the founding changed: the error names whose part it is.

#![allow(clippy::panic)]

use super::basic::Basic;
use super::certificate::{PedersenCertificate, check_certificates};
use super::context::Context;
use super::message::Message;
use super::pedersen::{
    PublishedPolynomial, Share, combine, new_certificate, polynomial, private_key, route, share,
};
use super::polynomial::{Coefficients, lagrange};
use super::seed::Seed;
use super::threshold::{Threshold, check_polynomials, sign_certificates};
use super::{Trustee, Trustees};
use crate::belenios::group::{Element, random_scalar};
use crate::belenios::json::Cursor;
use crate::{Error, Result};
use curve25519_dalek::scalar::Scalar;

/// A group with everything that its founding made.
pub(in crate::belenios) struct Founded {
    pub context: Context,
    pub certificates: Vec<PedersenCertificate>,
    pub seeds: Vec<Seed>,
    pub polynomials: Vec<PublishedPolynomial>,
    pub shares: Vec<Share>,
    pub threshold: Threshold,
    /// The messages with the private keys, as JSON.
    pub keys: Vec<String>,
}

pub(in crate::belenios) fn found(threshold: u64, members: u64) -> Result<Founded> {
    let context = Context::new((1..=members).map(|place| format!("Anna {place}")).collect(), threshold)?;
    let (seeds, certificates): (Vec<Seed>, Vec<PedersenCertificate>) = (1..=members)
        .map(|place| new_certificate(&context, place))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .unzip();
    let polynomials =
        seeds.iter().map(|seed| polynomial(&context, &certificates, seed)).collect::<Result<Vec<_>>>()?;
    let routed = route(&context, &certificates, &polynomials)?;
    let shares = seeds
        .iter()
        .zip(&routed)
        .map(|(seed, routed)| share(&context, &certificates, seed, routed))
        .collect::<Result<Vec<_>>>()?;
    let (threshold, keys) = combine(&context, &certificates, &polynomials, &shares)?;
    let keys = keys.iter().map(Message::json).collect();
    Ok(Founded { context, certificates, seeds, polynomials, shares, threshold, keys })
}

fn single(name: &str) -> Result<Trustee> {
    Ok(Trustee::single(Basic::new(&Seed::random()?, Some(name))?))
}

pub(in crate::belenios) fn expect_error<T>(result: Result<T>, part: &str) {
    match result {
        Ok(_) => panic!("this holds (expected: an error with {part:?})"),
        Err(error) => assert!(error.to_string().contains(part), "{error} (expected: {part:?})"),
    }
}

#[test]
fn what_is_written_is_read_again() -> Result<()> {
    let group = found(2, 3)?;
    let trustees =
        Trustees { items: vec![single("é \"quoted\" \\ \u{1f5f3}")?, Trustee::Pedersen(group.threshold)] };
    trustees.check()?;
    let json = trustees.json();
    assert_eq!(Trustees::parse(json.as_bytes())?, trustees);
    for change in [format!("{json} "), format!(" {json}"), json.replace("Anna 1", "Ann\\u0061 1")] {
        expect_error(Trustees::parse(change.as_bytes()), "");
    }
    for length in 0..json.len() {
        expect_error(Trustees::parse(&json.as_bytes()[..length]), "");
    }
    for polynomial in &group.polynomials {
        assert_eq!(PublishedPolynomial::parse(polynomial.json().as_bytes())?, *polynomial);
    }
    for share in &group.shares {
        assert_eq!(Share::parse(share.json().as_bytes())?, *share);
    }
    assert_eq!(Context::parse(group.context.json().as_bytes())?, group.context);
    Ok(())
}

#[test]
fn a_trustee_without_a_name_holds() -> Result<()> {
    let basic = Basic::new(&Seed::random()?, None)?;
    basic.check()?;
    assert_eq!(Basic::parse(basic.json().as_bytes())?, basic);
    assert!(!basic.json().contains("\"name\""));
    assert_eq!(basic.id().len(), 8);
    Ok(())
}

#[test]
fn a_threshold_is_above_0_and_below_the_number_of_names() {
    let names = || ["a", "b", "c"].map(str::to_owned).to_vec();
    for wrong in [0, 3, 4, u64::MAX] {
        expect_error(Context::new(names(), wrong), "a threshold of");
    }
    for right in [1, 2] {
        assert!(Context::new(names(), right).is_ok());
    }
    let text = r#"{"algorithm":"AES-GCM","group":"Ed25519","names":["a","b"],"threshold":2}"#;
    expect_error(Context::parse(text.as_bytes()), "a threshold of 2 with 2 names");
}

#[test]
fn what_is_no_seed_is_not_repeated() {
    let secret = "0OIl-not-a-seed-0OIl-not-a-seed";
    match Seed::parse(secret) {
        Ok(_) => panic!("this is a seed"),
        Err(error) => assert!(!error.to_string().contains(&secret[..4])),
    }
    expect_error(Seed::parse("shortBase58"), "22 characters");
    assert!(Seed::parse(&"z".repeat(22)).is_ok());
}

#[test]
fn any_points_of_a_polynomial_give_its_constant() -> Result<()> {
    let polynomial = Seed::random()?.polynomial(4)?;
    let published = polynomial.coefficients();
    for places in [[1, 2, 3, 4], [9, 2, 7, 5], [10_000, 9_999, 1, 77]] {
        let constant: Scalar =
            places.iter().map(|place| lagrange(&places, *place) * *polynomial.evaluate(*place)).sum();
        assert_eq!(constant, *polynomial.evaluate(0));
        for place in places {
            assert_eq!(Element::power(&polynomial.evaluate(place)), published.evaluate(place));
        }
    }
    let three: Scalar =
        [1, 2, 3].iter().map(|place| lagrange(&[1, 2, 3], *place) * *polynomial.evaluate(*place)).sum();
    assert_ne!(three, *polynomial.evaluate(0));
    Ok(())
}

#[test]
fn a_message_reaches_its_recipient_alone_and_unchanged() -> Result<()> {
    let [sender, recipient, other] = [Seed::random()?, Seed::random()?, Seed::random()?];
    let key = |seed: &Seed| Element::power(&seed.decryption_key());
    let verification = |seed: &Seed| Element::power(&seed.signing_key());
    let message =
        Message::send("secret", &sender.signing_key(), &key(&recipient), r#"{"secret":"7"}"#)?.json();
    let receive = |text: &str, purpose: &str, with: &Seed, from: &Seed| {
        Message::parse(text.as_bytes())?.receive(
            purpose,
            &with.decryption_key(),
            &verification(from),
            |cursor| {
                cursor.expect("{\"secret\":")?;
                let secret = cursor.scalar()?;
                cursor.expect("}")?;
                Ok(secret)
            },
        )
    };
    assert_eq!(receive(&message, "secret", &recipient, &sender)?, Scalar::from(7u64));
    expect_error(receive(&message, "secret", &other, &sender), "not encrypted for this trustee");
    expect_error(receive(&message, "pedersen-decryption_key", &recipient, &sender), "not encrypted");
    expect_error(receive(&message, "secret", &recipient, &other), "not its sender's");
    let last = message.as_bytes()[message.len() - 3];
    let changed = format!("{}{}\"}}", &message[..message.len() - 3], if last == b'0' { '1' } else { '0' });
    expect_error(receive(&changed, "secret", &recipient, &sender), "or was changed");
    // Of what is decrypted nothing is shown, even where it is not what is expected.
    let strange = Message::send("secret", &sender.signing_key(), &key(&recipient), r#"{"secret":7}"#)?.json();
    expect_error(
        receive(&strange, "secret", &recipient, &sender),
        "does not hold the record that is expected",
    );
    Ok(())
}

#[test]
fn a_wrong_certificate_is_named() -> Result<()> {
    let group = found(2, 3)?;
    let other = found(2, 3)?;
    let check = |certificates: &[PedersenCertificate]| check_certificates(&group.context, certificates);
    let mut changed = group.certificates.clone();
    changed.swap(0, 1);
    expect_error(check(&changed), "certificate 1 (\"Anna 1\"): the certificate says index 2");
    let mut changed = group.certificates.clone();
    changed[1].keys.encryption = other.certificates[1].keys.encryption;
    expect_error(check(&changed), "certificate 2 (\"Anna 2\"): the signature of the certificate");
    let mut changed = group.certificates.clone();
    changed[2] = PedersenCertificate::new(&group.context, 3, &group.seeds[0])?;
    expect_error(check(&changed), "certificates 1 and 3 have the same");
    expect_error(check(&group.certificates[..2]), "2 certificates (expected: 3");
    let elsewhere = Context::new(group.context.names.clone(), 1)?;
    expect_error(check_certificates(&elsewhere, &group.certificates), "certificate 1");
    let identity = Element::power(&Scalar::ZERO);
    let mut changed = group.certificates.clone();
    changed[0].keys.encryption = identity;
    expect_error(check(&changed), "the identity");
    Ok(())
}

#[test]
fn a_wrong_polynomial_or_share_is_named() -> Result<()> {
    let group = found(2, 3)?;
    let Founded { context, certificates, seeds, polynomials, shares, .. } = &group;
    let stranger = Seed::random()?;
    expect_error(polynomial(context, certificates, &stranger), "none of the certificates");
    let mut changed = polynomials.clone();
    changed.swap(1, 2);
    expect_error(route(context, certificates, &changed), "trustee 2 (\"Anna 2\"): the coefexps");
    expect_error(route(context, certificates, &polynomials[..2]), "2 polynomials (expected: 3");
    let json = polynomials[0].json();
    let replaced =
        json.replace(&polynomials_secret(&json, 0), &polynomials_secret(&polynomials[1].json(), 0));
    let mut changed = polynomials.clone();
    changed[0] = PublishedPolynomial::parse(replaced.as_bytes())?;
    let routed = route(context, certificates, &changed)?;
    expect_error(share(context, certificates, &seeds[0], &routed[0]), "the secret that trustee 1 sent");
    expect_error(share(context, certificates, &seeds[1], &routed[0]), "the secret that trustee 1 sent");
    assert!(share(context, certificates, &seeds[1], &routed[1]).is_ok());
    let mut changed = shares.clone();
    changed.swap(0, 2);
    expect_error(combine(context, certificates, polynomials, &changed), "trustee 1 (\"Anna 1\")");
    for (at, seed) in seeds.iter().enumerate() {
        let key = private_key(seed, group.keys[at].as_bytes())?;
        assert_eq!(Element::power(&key), group.threshold.verification_keys[at].public_key);
        expect_error(
            private_key(seed, group.keys[(at + 1) % 3].as_bytes()),
            "not encrypted for this trustee",
        );
    }
    Ok(())
}

/// The text of a secret in a polynomial.
fn polynomials_secret(json: &str, place: usize) -> String {
    let mut cursor = Cursor::new(&json.as_bytes()["{\"secrets\":".len()..]);
    let messages = cursor.list(Message::read).unwrap_or_default();
    messages[place].json()
}

#[test]
fn a_secret_off_the_polynomial_is_named() -> Result<()> {
    // Trustee 2 sends to trustee 1 a value of another polynomial, well signed and encrypted.
    let group = found(2, 3)?;
    let wrong = group.seeds[1].polynomial(2)?.evaluate(9);
    let record = format!("{{\"secret\":\"{}\"}}", crate::belenios::group::decimal(&wrong));
    let recipient = &group.certificates[0].keys.encryption;
    let message = Message::send("secret", &group.seeds[1].signing_key(), recipient, &record)?.json();
    let json = group.polynomials[1].json();
    let json = json.replace(&polynomials_secret(&json, 0), &message);
    let mut polynomials = group.polynomials.clone();
    polynomials[1] = PublishedPolynomial::parse(json.as_bytes())?;
    let routed = route(&group.context, &group.certificates, &polynomials)?;
    let made = share(&group.context, &group.certificates, &group.seeds[0], &routed[0]);
    expect_error(made, "the secret that trustee 2 sent: it is not the value of the polynomial");
    Ok(())
}

#[test]
fn every_changed_part_of_a_published_group_is_refused() -> Result<()> {
    let Founded { threshold, .. } = found(2, 3)?;
    let other = found(2, 3)?.threshold;
    let refused = |change: &dyn Fn(&mut Threshold), part: &str| {
        let mut changed = threshold.clone();
        change(&mut changed);
        expect_error(changed.check(), part);
    };
    threshold.check()?;
    refused(
        &|group| group.certificates[1] = other.certificates[1].clone(),
        "trustee 2 (\"Anna 2\"): the coefexps",
    );
    refused(&|group| group.coefexps[2] = other.coefexps[2].clone(), "trustee 3 (\"Anna 3\"): the coefexps");
    refused(
        &|group| group.signatures.swap(0, 1),
        "trustee 1 (\"Anna 1\"): the signature on the certificates",
    );
    refused(&|group| group.signatures.truncate(2), "2 signatures (expected: 3");
    refused(&|group| group.coefexps.truncate(2), "2 coefexps (expected: 3");
    refused(&|group| group.verification_keys.truncate(2), "2 verification keys (expected: 3");
    refused(&|group| group.certificates.truncate(2), "2 certificates (expected: 3");
    refused(&|group| group.context.names[0].push('x'), "certificate 1");
    refused(&|group| group.context.threshold = 1, "certificate 1");
    refused(&|group| group.context.threshold = 0, "a threshold of 0");
    refused(
        &|group| group.verification_keys[0] = other.verification_keys[0].clone(),
        "trustee 1 (\"Anna 1\"): the public key is not the one that the coefexps give",
    );
    refused(
        &|group| group.verification_keys[1].name = None,
        "trustee 2 (\"Anna 2\"): the verification key bears",
    );
    Ok(())
}

#[test]
fn coefficients_of_another_number_than_the_threshold_are_refused() -> Result<()> {
    // Trustee 3 commits to a polynomial of a higher degree than agreed: the threshold would rise unseen.
    let group = found(2, 3)?;
    let long = Coefficients(vec![Element::power(&*random_scalar()?); 3]);
    let mut certificates = group.certificates.clone();
    certificates[2].coefexps = long.hash();
    let mut coefexps = group.threshold.coefexps.clone();
    coefexps[2] = long;
    let signatures = group
        .seeds
        .iter()
        .map(|seed| sign_certificates(&group.context, &certificates, &seed.signing_key()))
        .collect::<Result<Vec<_>>>()?;
    let checked = check_polynomials(&group.context, &certificates, &coefexps, &signatures);
    expect_error(checked, "trustee 3 (\"Anna 3\"): 3 coefexps (expected: 2, the threshold)");
    Ok(())
}

#[test]
fn nobody_is_there_twice() -> Result<()> {
    let seed = Seed::random()?;
    let twice = [Some("a"), Some("b")]
        .map(|name| Basic::new(&seed, name).map(Trustee::single))
        .into_iter()
        .collect::<Result<Vec<_>>>()?;
    let trustees = Trustees { items: twice };
    expect_error(trustees.check(), "trustee 1 (\"a\") and trustee 2 (\"b\") have the same key");
    expect_error(Trustees { items: Vec::new() }.check(), "there are no trustees");
    let group = found(1, 2)?.threshold;
    Trustees { items: vec![Trustee::Pedersen(group.clone())] }.check()?;
    expect_error(
        Trustees { items: vec![Trustee::Pedersen(group.clone()), Trustee::Pedersen(group)] }.check(),
        "have the same key",
    );
    Ok(())
}

#[test]
fn a_changed_digit_anywhere_is_refused() -> Result<()> {
    let trustees = Trustees { items: vec![single("server")?, Trustee::Pedersen(found(1, 2)?.threshold)] };
    let json = trustees.json();
    // Every seventh: a digit of each number in the record is among them.
    for at in (0..json.len()).step_by(7).filter(|at| json.as_bytes()[*at].is_ascii_digit()) {
        let mut changed = json.clone().into_bytes();
        changed[at] = if changed[at] == b'4' { b'5' } else { b'4' };
        let checked = Trustees::parse(&changed).and_then(|trustees| trustees.check());
        assert!(matches!(checked, Err(Error::Belenios(_))), "byte {at} can be changed");
    }
    Ok(())
}
