//! Any bytes as what trustees and authorities hand in: never a panic, and what is read is written the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use suffrage_core::belenios::election::Election;
use suffrage_core::belenios::roll::Roll;
use suffrage_core::belenios::trustee::Trustees;
use suffrage_core::belenios::trustee::basic::Basic;
use suffrage_core::belenios::trustee::certificate::PedersenCertificate;
use suffrage_core::belenios::trustee::pedersen::{PublishedPolynomial, Routed, Share};
use suffrage_core::belenios::trustee::threshold::Threshold;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(trustees) = Trustees::parse(bytes) {
        assert_eq!(trustees.json().as_bytes(), bytes);
        if trustees.check().is_ok() {
            let _ = trustees.key();
        }
    }
    if let Ok(basic) = Basic::parse(bytes) {
        assert_eq!(basic.json().as_bytes(), bytes);
        let _ = basic.check();
    }
    if let Ok(threshold) = Threshold::parse(bytes) {
        assert_eq!(threshold.json().as_bytes(), bytes);
        let _ = threshold.check();
    }
    if let Ok(certificate) = PedersenCertificate::parse(bytes) {
        assert_eq!(certificate.json().as_bytes(), bytes);
    }
    if let Ok(polynomial) = PublishedPolynomial::parse(bytes) {
        assert_eq!(polynomial.json().as_bytes(), bytes);
    }
    if let Ok(routed) = Routed::parse(bytes) {
        assert_eq!(routed.json().as_bytes(), bytes);
    }
    if let Ok(share) = Share::parse(bytes) {
        assert_eq!(share.json().as_bytes(), bytes);
    }
    let _ = Roll::parse(bytes);
    let _ = Election::parse(bytes);
});
