//! Certificates, made for these tests by `cryptography` 48: Root (P-384), Issuer and Leaf (P-256).

use super::*;

const ROOT: &str = "\
-----BEGIN CERTIFICATE-----
MIIBcTCB+KADAgECAhQobUMQXCLTCkYuvXHw/iRvX37F2jAKBggqhkjOPQQDAzAP
MQ0wCwYDVQQDDARSb290MCAXDTI2MDEwMTAwMDAwMFoYDzIwNTYwMTAxMDAwMDAw
WjAPMQ0wCwYDVQQDDARSb290MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEBlKe/Sub
sB/Xh41XUaUXOFWkSvYvDpHZM5/ZdC+7aF51Nukjjo4mVjF6LDGoMiqGxbwywqT2
5FekIfK5jJVxMdEOBU5l2jUaygWvTIjNde4hEwurHUBchAZxK5JlnhKNoxMwETAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMDA2gAMGUCMQDzO6+yh4dKsVLqoiMH
QWpDp9yWOaYX9LOs0pm7bHNjLFh+Folds1ARWNpNV9Pk3/cCMCy+gtId8AKK7/To
QlhHBkDPMAzqBNw1Hq6nzP9Tspmyu4kJ8dU0Y6j8Ry+RMZn1Zw==
-----END CERTIFICATE-----";
const OTHER_ROOT: &str = "\
-----BEGIN CERTIFICATE-----
MIIBcDCB+KADAgECAhRJPNZkVbuouDOZH2Odh2oq9Zw3RjAKBggqhkjOPQQDAzAP
MQ0wCwYDVQQDDARSb290MCAXDTI2MDEwMTAwMDAwMFoYDzIwNTYwMTAxMDAwMDAw
WjAPMQ0wCwYDVQQDDARSb290MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEGkm0t4oq
ZHugCX6rDnyVvKTtYjMreAwsdk+Nn9FS/eSQE3QK1r8SJRNpkL8AHsC6hi7UvV1e
wY3eZEXWi6oP1XO4WM7bhXBgyXRNpHyxvAcvdaNqelBl9G3NVaym3QXToxMwETAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMDA2cAMGQCMETY62eeXXeR3XH2lCl0
XHQsSQxWaXUGEgCvR/nN8IN95lqP0fA5LSsbZtOZ2ybvXAIwNtf76qTN8QBU9HrS
7qDvQUO68bdbysUmeqE+wXBXHdFZPVECEKX2XimlxZollEQz
-----END CERTIFICATE-----";
const ISSUER: &str = "\
-----BEGIN CERTIFICATE-----
MIIBZzCB76ADAgECAhRIhuykeb0OUsGJ9k7galeXgg08DzAKBggqhkjOPQQDAzAP
MQ0wCwYDVQQDDARSb290MCAXDTI2MDEwMTAwMDAwMFoYDzIwNTYwMTAxMDAwMDAw
WjARMQ8wDQYDVQQDDAZJc3N1ZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQz
aNx/ZhypWciIZcKlANajdr1M43AAzd7aa/T4oXhOX4N5xozbrEjoqoOibarLzVUc
sXUV/qI6FkM+OMwKIQJ0oyUwIzAPBgNVHRMBAf8EBTADAQH/MBAGCiqGSIb3Y2QG
AgEEAgUAMAoGCCqGSM49BAMDA2cAMGQCMG6PhTkAUr7bGXBOIT2whoD1OaZv7rBz
BAlVdn3AH+/KD5/TQ05pjxnAbLPEzS5VBwIwOSZwYe6JPjSWUAUyhQyh1B+TYn/E
h23N4k1hp8wLtl8f/siP9CwPE2fKbbiSejYe
-----END CERTIFICATE-----";
const NO_ISSUER: &str = "\
-----BEGIN CERTIFICATE-----
MIIBUjCB2qADAgECAhQXqtmWzOEcgFRF7uf/Ogd3I5FxQTAKBggqhkjOPQQDAzAP
MQ0wCwYDVQQDDARSb290MCAXDTI2MDEwMTAwMDAwMFoYDzIwNTYwMTAxMDAwMDAw
WjARMQ8wDQYDVQQDDAZJc3N1ZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQz
aNx/ZhypWciIZcKlANajdr1M43AAzd7aa/T4oXhOX4N5xozbrEjoqoOibarLzVUc
sXUV/qI6FkM+OMwKIQJ0oxAwDjAMBgNVHRMBAf8EAjAAMAoGCCqGSM49BAMDA2cA
MGQCMGnKaqTPYMuGFt1HoaWXwEljY67tAdu/N70NeFW7buSzUOG1r2R90vsm6UiU
d8DcYwIwRFbSAHd35uRyEVt1dCa4jaOvdBWrYlfGkLVNcoZJk1YGMsZhOk+RsGEF
eE6rZ6mT
-----END CERTIFICATE-----";
const LEAF: &str = "\
-----BEGIN CERTIFICATE-----
MIIBRTCB7KADAgECAhQs4lqHmqCxaUNqmDsePUICbeNRXzAKBggqhkjOPQQDAjAR
MQ8wDQYDVQQDDAZJc3N1ZXIwIBcNMjYwMTAxMDAwMDAwWhgPMjA1NjAxMDEwMDAw
MDBaMA8xDTALBgNVBAMMBExlYWYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASN
8QK4ZyQ3nPXTu4XpGAWOZ4YsF3+86RBNQ/AvpG+g2Rbch9IeuadJFPw09U4hEn2G
YSj6ez8Ol55jHIt6qjU7oyIwIDAMBgNVHRMBAf8EAjAAMBAGCiqGSIb3Y2QGCwEE
AgUAMAoGCCqGSM49BAMCA0gAMEUCIHuIChwdx0IqT8IXWG80BprflhUOTzqVT3fc
xaCNcBn4AiEApXTyIoyf2nC0AxsFBMLwTRWj5btXB8g9aZhUGk7IPXs=
-----END CERTIFICATE-----";
const EXPIRED: &str = "\
-----BEGIN CERTIFICATE-----
MIIBMjCB2KADAgECAhR9vFOUk/z59wnSNL/Ux1vpZewpEzAKBggqhkjOPQQDAjAR
MQ8wDQYDVQQDDAZJc3N1ZXIwHhcNMjYwMTAxMDAwMDAwWhcNMjYwMjAxMDAwMDAw
WjAPMQ0wCwYDVQQDDARMZWFmMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjfEC
uGckN5z107uF6RgFjmeGLBd/vOkQTUPwL6RvoNkW3IfSHrmnSRT8NPVOIRJ9hmEo
+ns/DpeeYxyLeqo1O6MQMA4wDAYDVR0TAQH/BAIwADAKBggqhkjOPQQDAgNJADBG
AiEArDunbPjcyLX4oOIYQJvK9Xp7h9aiSL7rG6X4uUKS6RUCIQCQpbpPpcfzDZxv
3py+lAtTNHD2sW6tw2fpcXhdvu3oDA==
-----END CERTIFICATE-----";
const UNMARKED: &str = "\
-----BEGIN CERTIFICATE-----
MIIBQzCB6qADAgECAhRZj4boDjh9+vBPnJ46cF3qtYBN6DAKBggqhkjOPQQDAjAR
MQ8wDQYDVQQDDAZJc3N1ZXIwIBcNMjYwMTAxMDAwMDAwWhgPMjA1NjAxMDEwMDAw
MDBaMB8xDTALBgNVBAMMBExlYWYxDjAMBgNVBAMMBU90aGVyMFkwEwYHKoZIzj0C
AQYIKoZIzj0DAQcDQgAEjfECuGckN5z107uF6RgFjmeGLBd/vOkQTUPwL6RvoNkW
3IfSHrmnSRT8NPVOIRJ9hmEo+ns/DpeeYxyLeqo1O6MQMA4wDAYDVR0TAQH/BAIw
ADAKBggqhkjOPQQDAgNIADBFAiAYXOVj+flUyyRisYL9jsvD4f+pPDgUDRVJD80C
G/0JCAIhAPOi8ZdqmrtWJSEHLqCzsRO1y0Qsxp1FooJ4uibO3uFz
-----END CERTIFICATE-----";
const DIRECT: &str = "\
-----BEGIN CERTIFICATE-----
MIIBYjCB6qADAgECAhRePBQ6NdLFeIcgR8QIAN2ByRrYIjAKBggqhkjOPQQDAzAP
MQ0wCwYDVQQDDARSb290MCAXDTI2MDEwMTAwMDAwMFoYDzIwNTYwMTAxMDAwMDAw
WjAPMQ0wCwYDVQQDDARMZWFmMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjfEC
uGckN5z107uF6RgFjmeGLBd/vOkQTUPwL6RvoNkW3IfSHrmnSRT8NPVOIRJ9hmEo
+ns/DpeeYxyLeqo1O6MiMCAwDAYDVR0TAQH/BAIwADAQBgoqhkiG92NkBgsBBAIF
ADAKBggqhkjOPQQDAwNnADBkAjBASFEcnXJ7o3hXnyI70QzJF/5hRLn53+j3b+Q5
DdaZ1Dlc7WsM5jxBHKRWnaBGeuQCMALmVxxFK+GAjoSmYohcRj9JnSLvdTAXLQQp
alYAuxfpbN+f3JG8u7DehXDdF9B/EQ==
-----END CERTIFICATE-----";
const FORGED: &str = "\
-----BEGIN CERTIFICATE-----
MIIBMjCB2qADAgECAhQmOkvlNzM4BCe6w3cFfpUW7wuIvzAKBggqhkjOPQQDAjAR
MQ8wDQYDVQQDDAZJc3N1ZXIwIBcNMjYwMTAxMDAwMDAwWhgPMjA1NjAxMDEwMDAw
MDBaMA8xDTALBgNVBAMMBExlYWYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASN
8QK4ZyQ3nPXTu4XpGAWOZ4YsF3+86RBNQ/AvpG+g2Rbch9IeuadJFPw09U4hEn2G
YSj6ez8Ol55jHIt6qjU7oxAwDjAMBgNVHRMBAf8EAjAAMAoGCCqGSM49BAMCA0cA
MEQCIFcwtMqozs4ZF/wDGMK7CG1ANLN9zC05keIbbzqeqIHFAiAhP7YBohrnrvZb
Rf2jm26qh+WkcAT9b0xu8UJFIyzXdQ==
-----END CERTIFICATE-----";
const WEAK: &str = "\
-----BEGIN CERTIFICATE-----
MIIBejCCASGgAwIBAgIUCpWXfpv9qUl2oI9uGCH9PUB4TDQwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGSXNzdWVyMCAXDTI2MDEwMTAwMDAwMFoYDzIwNTYwMTAxMDAw
MDAwWjAPMQ0wCwYDVQQDDARMZWFmMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKB
gQDJCnBshQxtmXGPbItHFJVhMpY8VZ9AY7atBwja9JXeerXdSd2hd3SgMYO1P6VH
1CyNIk7AAlgogNTd2l4DBF5fsAHDvPMeROKdHJ+EXNrHCElAoXitwZ7jHbBsDEaN
QUvoPFswP7v7EHDRH2xWoM1+NiwAVOLM4ZACTN9cLqnjrQIDAQABoxAwDjAMBgNV
HRMBAf8EAjAAMAoGCCqGSM49BAMCA0cAMEQCICv9y47O9E+bzgjepoyatz1oIR6N
26xr2qweIm7pY+JKAiAqK8Ga0A8LoYS++MDvK/gVIfykCj416r1BgH/Lnne7PQ==
-----END CERTIFICATE-----";

const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

fn der(pem: &str) -> Vec<u8> {
    chain(pem.as_bytes()).unwrap().remove(0)
}

#[track_caller]
fn check(leaf: &str, others: &[&str], root: &str, now: Timestamp, expected: Option<usize>) {
    let others: Vec<_> = others.iter().map(|pem| der(pem)).collect();
    let found = follow(&der(leaf), &others, &roots(root).unwrap(), now);
    assert_eq!(found, expected.ok_or(Rejection::UntrustedCertificate));
}

#[test]
fn a_certificate_leads_to_a_root_by_way_of_its_issuers() {
    check(LEAF, &[ISSUER], ROOT, NOW, Some(1));
    check(LEAF, &[OTHER_ROOT, ROOT, ISSUER], ROOT, NOW, Some(1));
    check(DIRECT, &[], ROOT, NOW, Some(0));
    let bundle = format!("{OTHER_ROOT}\n# a comment\n{ROOT}\n");
    check(LEAF, &[ISSUER], &bundle, NOW, Some(1));
}

#[test]
fn a_certificate_that_leads_nowhere_is_not_trusted() {
    // Without its issuer, by another root of the same name, by an issuer that must not be one, with a
    // signature by someone else's key, and a root that came along.
    check(LEAF, &[], ROOT, NOW, None);
    check(LEAF, &[ISSUER], OTHER_ROOT, NOW, None);
    check(LEAF, &[NO_ISSUER], ROOT, NOW, None);
    check(FORGED, &[ISSUER], ROOT, NOW, None);
    check(LEAF, &[ISSUER, ROOT], OTHER_ROOT, NOW, None);
    check(ISSUER, &[], ROOT, NOW, None);
    assert_eq!(follow(b"", &[], &[der(ROOT)], NOW), Err(Rejection::UntrustedCertificate));
    assert_eq!(follow(&der(DIRECT), &[], &[], NOW), Err(Rejection::UntrustedCertificate));
    let many = vec![der(ISSUER); 9];
    assert!(follow(&der(LEAF), &many, &[der(ROOT)], NOW).is_err());
}

#[test]
fn a_certificate_is_for_its_time_only() {
    let at = Timestamp::from_unix_seconds;
    check(EXPIRED, &[ISSUER], ROOT, NOW, None);
    check(EXPIRED, &[ISSUER], ROOT, at(1_768_000_000), Some(1));
    for now in [at(1_767_225_599), at(2_713_910_401), at(-1), at(i64::MAX)] {
        check(LEAF, &[ISSUER], ROOT, now, None);
        assert!(!Certificate::parse(&der(LEAF)).unwrap().is_valid_at(now));
    }
    for now in [at(1_767_225_600), NOW, at(2_713_910_400)] {
        assert!(Certificate::parse(&der(LEAF)).unwrap().is_valid_at(now));
    }
}

#[test]
fn a_certificate_says_what_it_is_about() {
    let leaf = Certificate::parse(&der(LEAF)).unwrap();
    assert_eq!(leaf.common_name(), Some("Leaf"));
    assert!(leaf.has_extension("1.2.840.113635.100.6.11.1"));
    assert!(!leaf.has_extension("1.2.840.113635.100.6.11") && !leaf.has_extension(""));
    assert!(leaf.key().unwrap().fits(Algorithm::EcdsaP256Sha256Der));
    let two = Certificate::parse(&der(UNMARKED)).unwrap();
    assert_eq!(two.common_name(), None, "of two names, either could be meant");
    let weak = Certificate::parse(&der(WEAK)).unwrap();
    assert_eq!(weak.key().err(), Some(KeyProblem::Weak));
}

#[test]
fn what_is_no_chain_is_refused() {
    assert_eq!(chain(b""), Err(KeyProblem::Undecodable));
    assert_eq!(chain(b"<html>"), Err(KeyProblem::Undecodable));
    assert_eq!(chain(&LEAF.as_bytes()[..200]), Err(KeyProblem::Undecodable));
    assert_eq!(
        chain(LEAF.repeat(9).replace("----------", "-----\n-----").as_bytes()).err(),
        Some(KeyProblem::Weak)
    );
    let mut longer = der(LEAF);
    longer.push(0);
    assert!(Certificate::parse(&longer).is_err(), "nothing stands behind a certificate");
    assert!(Certificate::parse(&vec![0x30; MAX_CERTIFICATE + 1]).is_err());
}

#[test]
fn roots_are_certificates() {
    let problem = |pem: &str| match roots(pem) {
        Err(ConfigError::PublicKey { problem, .. }) => Some(problem),
        _ => None,
    };
    assert_eq!(roots(&format!("{ROOT}\n{OTHER_ROOT}")).unwrap().len(), 2);
    assert_eq!(problem(""), Some(KeyProblem::Undecodable));
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    assert_eq!(problem(key), Some(KeyProblem::Private));
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    assert_eq!(problem(broken), Some(KeyProblem::Undecodable));
}

#[test]
fn a_certificate_may_be_pasted_as_a_key() {
    let key = ParsedKey::parse(&format!("\n{LEAF}\n"), Some(Algorithm::EcdsaP256Sha256));
    assert!(key.is_ok());
    let wrong = ParsedKey::parse(LEAF, Some(Algorithm::RsaSha256)).err();
    assert_eq!(wrong, Some(KeyProblem::WrongKind));
}
