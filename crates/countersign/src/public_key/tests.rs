//! Published vectors, and what must not be taken for them.

use super::*;

/// Hexadecimal, for what specifications print.
fn hex(text: &str) -> Vec<u8> {
    let mut bytes = vec![0; text.len() / 2];
    const_hex::decode_to_slice(text, &mut bytes).unwrap();
    bytes
}

#[cfg(any(feature = "p256", feature = "rsa"))]
fn base64(text: &str) -> Vec<u8> {
    decode::signature(crate::scheme::Encoding::Base64, text.as_bytes()).unwrap()
}

fn key(text: &str) -> ParsedKey {
    ParsedKey::parse(text, None).ok().unwrap()
}

fn problem(text: &str) -> Option<KeyProblem> {
    ParsedKey::parse(text, None).err()
}

/// Whether a signature is good, whatever pieces the message comes in.
#[track_caller]
fn accepts(key: &ParsedKey, algorithm: Algorithm, signature: &[u8], message: &[u8]) -> bool {
    let whole = key.verify(algorithm, signature, &mut |sink| {
        sink(message);
        Ok(())
    });
    let pieces = key.verify(algorithm, signature, &mut |sink| {
        message.chunks(3).for_each(&mut *sink);
        Ok(())
    });
    assert_eq!(whole, pieces);
    whole.unwrap()
}

#[cfg(feature = "ed25519")]
mod ed25519 {
    use super::*;

    /// The second test of RFC 8032, section 7.1.
    const KEY: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    const SIGNATURE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    const MESSAGE: &[u8] = &[0x72];

    fn check(signature: &[u8], message: &[u8]) -> bool {
        accepts(&key(KEY), Algorithm::Ed25519, signature, message)
    }

    #[test]
    fn the_vectors_of_rfc_8032_verify() {
        assert!(check(&hex(SIGNATURE), MESSAGE));
        assert!(!check(&hex(SIGNATURE), b""));
        let empty = key("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        let signature = hex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
                             5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
        assert!(accepts(&empty, Algorithm::Ed25519, &signature, b""));
        assert!(!accepts(&empty, Algorithm::Ed25519, &hex(SIGNATURE), MESSAGE));
    }

    #[test]
    fn a_second_spelling_of_a_signature_is_refused() {
        // The order of the group, little-endian (RFC 8032, section 5.1).
        let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        let mut signature = hex(SIGNATURE);
        let mut carry = 0;
        for (byte, add) in signature[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            *byte = u8::try_from(sum & 0xff).unwrap();
            carry = sum >> 8;
        }
        assert!(!check(&signature, MESSAGE));
        for length in [0, 32, 63] {
            assert!(!check(&hex(SIGNATURE)[..length], MESSAGE));
        }
        assert!(!check(&[hex(SIGNATURE), vec![0]].concat(), MESSAGE));
    }

    #[test]
    fn a_key_that_anyone_can_sign_for_is_refused() {
        for small in [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            // The same points, written with a number above the prime.
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ] {
            assert_eq!(problem(small), Some(KeyProblem::Weak), "{small}");
        }
        // No point of the curve.
        let none = "0200000000000000000000000000000000000000000000000000000000000000";
        assert_eq!(problem(none), Some(KeyProblem::Undecodable));
        // R of small order and S = 0 verify for weak keys only; for others they are no signature.
        let mut signature = [0; 64];
        signature[0] = 1;
        assert!(!check(&signature, MESSAGE));
    }

    #[test]
    fn a_key_may_be_pasted_in_each_form_that_dashboards_show() {
        let same = [
            KEY.to_uppercase(),
            "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=".to_owned(),
            "whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=".to_owned(),
            "MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=".to_owned(),
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n\
             -----END PUBLIC KEY-----\n"
                .to_owned(),
            "-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEA\\nPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\\n\
             -----END PUBLIC KEY-----"
                .to_owned(),
        ];
        for text in same {
            let parsed = ParsedKey::parse(&text, Some(Algorithm::Ed25519));
            let parsed = parsed.unwrap_or_else(|problem| panic!("{text} {problem}"));
            assert!(accepts(&parsed, Algorithm::Ed25519, &hex(SIGNATURE), MESSAGE), "{text}");
        }
    }

    #[test]
    fn what_is_no_public_key_is_said_to_be_none() {
        for text in ["", "whpk_", "hello", &KEY[2..], &format!("{KEY}00"), &"A".repeat(20_000)] {
            assert_eq!(problem(text), Some(KeyProblem::Undecodable), "{text}");
        }
        let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n\
                   -----END PUBLIC KEY-----\n";
        assert_eq!(problem(&pem.repeat(2)), Some(KeyProblem::Undecodable));
        for private in [
            "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----",
        ] {
            assert_eq!(problem(private), Some(KeyProblem::Private));
        }
        let wrong = ParsedKey::parse(KEY, Some(Algorithm::RsaSha256)).err();
        assert_eq!(wrong, Some(KeyProblem::WrongKind));
    }

    #[test]
    fn a_key_makes_no_signatures_of_other_algorithms() {
        let key = key(KEY);
        for algorithm in [Algorithm::HmacSha256, Algorithm::RsaSha256, Algorithm::EcdsaP256Sha256] {
            assert!(!accepts(&key, algorithm, &hex(SIGNATURE), MESSAGE));
        }
    }
}

#[cfg(feature = "p256")]
mod p256 {
    use super::*;

    const DER: Algorithm = Algorithm::EcdsaP256Sha256Der;

    /// The key of RFC 6979, appendix A.2.5.
    fn rfc_6979() -> ParsedKey {
        let der = "3059301306072a8648ce3d020106082a8648ce3d03010703420004\
                   60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                   7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
        ParsedKey::from_bytes(&hex(der)).ok().unwrap()
    }

    const R: &str = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
    /// Above half of the group's order.
    const S: &str = "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

    fn sequence(content: &[u8]) -> Vec<u8> {
        [&[0x30, u8::try_from(content.len()).unwrap()], content].concat()
    }

    fn integer(content: &[u8]) -> Vec<u8> {
        [&[0x02, u8::try_from(content.len()).unwrap()], content].concat()
    }

    /// DER of numbers whose first bit is set.
    fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
        let positive = |number: &[u8]| integer(&[&[0], number].concat());
        sequence(&[positive(r), positive(s)].concat())
    }

    fn check(signature: &[u8]) -> bool {
        accepts(&rfc_6979(), DER, signature, b"sample")
    }

    #[test]
    fn the_vectors_of_rfc_6979_verify() {
        let key = rfc_6979();
        let (r, s) = (hex(R), hex(S));
        let raw = [r.clone(), s.clone()].concat();
        assert!(check(&der(&r, &s)));
        assert!(accepts(&key, Algorithm::EcdsaP256Sha256, &raw, b"sample"));
        assert!(!accepts(&key, DER, &der(&r, &s), b"samples"));
        let r = hex("61340c88c3aaebeb4f6d667f672ca9759a6ccaa9fa8811313039ee4a35471d32");
        let s = hex("6d7f147dac089441bb2e2fe8f7a3fa264b9c475098fdcf6e00d7c996e1b8b7eb");
        let sha1 = sequence(&[integer(&r), integer(&s)].concat());
        assert!(accepts(&key, Algorithm::EcdsaP256Sha1Der, &sha1, b"sample"));
        assert!(!accepts(&key, DER, &sha1, b"sample"));
    }

    #[test]
    fn each_form_is_read_for_its_own_algorithm_only() {
        let key = rfc_6979();
        let (r, s) = (hex(R), hex(S));
        let raw = [r.clone(), s.clone()].concat();
        assert!(!accepts(&key, DER, &raw, b"sample"));
        assert!(!accepts(&key, Algorithm::EcdsaP256Sha256, &der(&r, &s), b"sample"));
        for broken in [&raw[..63], &[&raw[..], &[0]].concat(), &[0; 64], &[]] {
            assert!(!accepts(&key, Algorithm::EcdsaP256Sha256, broken, b"sample"));
        }
    }

    #[test]
    fn s_may_lie_in_either_half() {
        let (r, mut low) = (hex(R), hex(ORDER));
        let mut borrow = 0;
        for (byte, subtract) in low.iter_mut().zip(hex(S)).rev() {
            let difference = i16::from(*byte) - i16::from(subtract) - borrow;
            *byte = u8::try_from(difference.rem_euclid(256)).unwrap();
            borrow = i16::from(difference < 0);
        }
        assert!(check(&der(&r, &hex(S))));
        assert!(check(&sequence(&[integer(&[&[0], &r[..]].concat()), integer(&low)].concat())));
    }

    #[test]
    fn what_is_not_der_is_refused() {
        let (r, s) = (hex(R), hex(S));
        let good = der(&r, &s);
        let positive = |number: &[u8]| integer(&[&[0], number].concat());
        let content = &good[2..];
        let refused = [
            // BER: a long form of a short length, and no length at all.
            [&[0x30, 0x81, good[1]], content].concat(),
            [&[0x30, 0x82, 0, good[1]], content].concat(),
            [&[0x30, 0x80], content, &[0, 0]].concat(),
            sequence(&[&[0x02, 0x81, 33, 0], &r[..], &positive(&s)].concat()),
            // A zero more than the sign needs, and one less, which makes the number negative.
            sequence(&[integer(&[&[0, 0], &r[..]].concat()), positive(&s)].concat()),
            sequence(&[positive(&r), integer(&[&[0, 0], &s[..]].concat())].concat()),
            sequence(&[integer(&r), positive(&s)].concat()),
            sequence(&[positive(&r), integer(&s)].concat()),
            // Something behind, inside or outside.
            [&good[..], &[0]].concat(),
            sequence(&[content, &[0]].concat()),
            sequence(&[content, &integer(&[1])].concat()),
            // Not two integers in a sequence.
            sequence(&positive(&r)),
            sequence(&[positive(&r), vec![0x04, 0x20], s.clone()].concat()),
            [&[0x31, good[1]], content].concat(),
            good[..good.len() - 1].to_vec(),
            sequence(&[integer(&[]), positive(&s)].concat()),
            sequence(&[]),
            vec![0x30],
            Vec::new(),
        ];
        for signature in refused {
            assert!(!check(&signature), "{signature:02x?}");
        }
    }

    #[test]
    fn numbers_outside_of_the_group_are_refused() {
        let (r, s, order) = (hex(R), hex(S), hex(ORDER));
        let zero = integer(&[0]);
        let positive = |number: &[u8]| integer(&[&[0], number].concat());
        for (r, s) in [
            (zero.clone(), zero.clone()),
            (zero.clone(), positive(&s)),
            (positive(&r), zero),
            (positive(&order), positive(&s)),
            (positive(&r), positive(&order)),
            (positive(&order), positive(&order)),
            (positive(&[0xff; 32]), positive(&s)),
            (integer(&[&[1], &r[..]].concat()), positive(&s)),
            (integer(&[1]), integer(&[1])),
        ] {
            assert!(!check(&sequence(&[r, s].concat())));
        }
        let key = rfc_6979();
        for raw in [[order.clone(), s], [r, order], [vec![0; 32], vec![0; 32]]] {
            assert!(!accepts(&key, Algorithm::EcdsaP256Sha256, &raw.concat(), b"sample"));
        }
    }

    /// <https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partner-program>, read
    /// 2026-11-24.
    #[test]
    fn a_short_s_is_read() {
        let key = key(crate::remote_keys::tests::GITHUB_PEM);
        let signature = base64(
            "MEQCIQDaMKqrGnE27S0kgMrEK0eYBmyG0LeZismAEz/BgZyt7AIfXt9fErtRS4XaeSt/AO1RtBY66YcAdjxji410VQV4xg==",
        );
        assert_eq!(signature[38], 31, "the length of s");
        let body = br#"[{"source":"commit","token":"some_token","type":"some_type","url":"https://example.com/base-repo-url/"}]"#;
        assert!(accepts(&key, DER, &signature, body));
    }

    #[test]
    fn a_point_that_is_not_on_the_curve_is_no_key() {
        let off = "3059301306072a8648ce3d020106082a8648ce3d03010703420004\
                   60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                   7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d446229a";
        let infinity = "3019301306072a8648ce3d020106082a8648ce3d030107030200 00".replace(' ', "");
        for der in [off, &infinity] {
            assert!(ParsedKey::from_bytes(&hex(der)).is_err(), "{der}");
        }
    }
}

#[cfg(feature = "p384")]
#[test]
fn p384_takes_r_and_s_in_48_bytes_each() {
    // RFC 6979, appendix A.2.6.
    let der = "3076301006072a8648ce3d020106052b8104002203620004\
               ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13\
               8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720";
    let key = ParsedKey::from_bytes(&hex(der)).ok().unwrap();
    let signature = hex(
        "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46\
         99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
    );
    let algorithm = Algorithm::EcdsaP384Sha384;
    assert!(accepts(&key, algorithm, &signature, b"sample"));
    assert!(!accepts(&key, algorithm, &signature, b"test"));
    assert!(!accepts(&key, algorithm, &signature[1..], b"sample"));
    assert!(!accepts(&key, algorithm, &[0; 96], b"sample"));
    assert!(!accepts(&key, Algorithm::EcdsaP256Sha256, &signature, b"sample"));
}

/// The examples of [RFC 7515](https://www.rfc-editor.org/rfc/rfc7515#appendix-A), read 2026-11-24.
#[cfg(feature = "jwt")]
mod jws {
    use super::*;

    #[track_caller]
    fn check(algorithm: Algorithm, jwk: &str, message: &str, signature: &str) {
        let keys = jwk::read(jwk.as_bytes()).unwrap();
        let key = &keys[0].key;
        let signature = decode::base64_url(signature.as_bytes()).unwrap();
        assert!(accepts(key, algorithm, &signature, message.as_bytes()));
        assert!(!accepts(key, algorithm, &signature, b"another"));
    }

    #[cfg(any(feature = "p256", feature = "rsa"))]
    const CLAIMS: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
                          cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    #[cfg(feature = "rsa")]
    #[test]
    fn rs256() {
        let jwk = r#"{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}"#;
        let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7\
                         AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4\
                         BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K\
                         0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv\
                         hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB\
                         p0igcN_IoypGlUPQGe77Rw";
        check(Algorithm::RsaSha256, jwk, &format!("eyJhbGciOiJSUzI1NiJ9.{CLAIMS}"), signature);
    }

    #[cfg(feature = "p256")]
    #[test]
    fn es256() {
        let jwk = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
        let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA\
                         pmWQxfKTUJqPP3-Kg6NU1Q";
        check(
            Algorithm::EcdsaP256Sha256,
            jwk,
            &format!("eyJhbGciOiJFUzI1NiJ9.{CLAIMS}"),
            signature,
        );
    }

    #[cfg(feature = "p521")]
    #[test]
    fn es512() {
        let jwk = r#"{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}"#;
        let signature = "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZq\
                         wqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8Kp\
                         EHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
        check(Algorithm::EcdsaP521Sha512, jwk, "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA", signature);
    }

    #[cfg(feature = "ed25519")]
    #[test]
    fn ed25519() {
        // RFC 8037, appendix A.4.
        let jwk =
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        check(Algorithm::Ed25519, jwk, message, signature);
    }

    #[test]
    fn keys_that_are_not_for_signing_are_left_out_and_private_ones_refused() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let read = |rest: &str| {
            let set = format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{x}"{rest}}}]}}"#);
            jwk::read(set.as_bytes()).map(|keys| keys.len())
        };
        let found = if cfg!(feature = "ed25519") { Ok(1) } else { Err(KeyProblem::Undecodable) };
        assert_eq!(read(""), found);
        assert_eq!(read(r#","use":"sig","alg":"EdDSA","key_ops":["verify"]"#), found);
        for rest in [
            r#","use":"enc""#,
            r#","alg":"none""#,
            r#","alg":"ECDH-ES""#,
            r#","key_ops":["encrypt"]"#,
        ] {
            assert_eq!(read(rest), Err(KeyProblem::Undecodable), "{rest}");
        }
        assert_eq!(read(r#","d":"AA""#), Err(KeyProblem::Private));
        assert_eq!(jwk::read(br#"{"kty":"oct","k":"AAAA"}"#).err(), Some(KeyProblem::Undecodable));
        for none in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[]}"#] {
            assert_eq!(jwk::read(none.as_bytes()).err(), Some(KeyProblem::Undecodable), "{none}");
        }
        let many = format!(r#"{{"keys":[{}]}}"#, vec!["{}"; 65].join(","));
        assert_eq!(jwk::read(many.as_bytes()).err(), Some(KeyProblem::Weak));
    }
}

#[cfg(feature = "rsa")]
mod rsa {
    use super::*;

    /// This key and its signatures over `sample` were made by OpenSSL 3.0.
    const KEY: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhMs/ju9Qa9xlwFbTMi+m
uIfHO/z5BNGE/qENzVxUeol7zEUE7K5/eATqjfqJ9P+gZTl4rLRg6toBLHs/QDZ5
0DwBqv2hfqebihfXEuRr343Qz+fev4yxj+uaB2uJ/A3wQn0HCDIkMjzCbMx9LFBf
5awlrB5uj0GKx+mchsvDtD4YJbV0t/6eD4wWcMSksxBBKhs3Aj5hhckoAv+w54LK
TC5W5BKnTVVyFaDWEhaan+8+/ftY7JtoUJPJmuFI8M+JHcLykdUMagpOcyPaDENj
fHeJpR/ELkLby3cJWFjaAApLibAR3byXZJ9cAYy4Gc4K+0y6rBY9zQVzaVnIZLLF
5QIDAQAB
-----END PUBLIC KEY-----";
    const PKCS_1: &str = "\
-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAhMs/ju9Qa9xlwFbTMi+muIfHO/z5BNGE/qENzVxUeol7zEUE7K5/
eATqjfqJ9P+gZTl4rLRg6toBLHs/QDZ50DwBqv2hfqebihfXEuRr343Qz+fev4yx
j+uaB2uJ/A3wQn0HCDIkMjzCbMx9LFBf5awlrB5uj0GKx+mchsvDtD4YJbV0t/6e
D4wWcMSksxBBKhs3Aj5hhckoAv+w54LKTC5W5BKnTVVyFaDWEhaan+8+/ftY7Jto
UJPJmuFI8M+JHcLykdUMagpOcyPaDENjfHeJpR/ELkLby3cJWFjaAApLibAR3byX
ZJ9cAYy4Gc4K+0y6rBY9zQVzaVnIZLLF5QIDAQAB
-----END RSA PUBLIC KEY-----";
    const SHA_256: &str = "RrBB7466MGDN7EP0JOAQIdwTSmw85OHheoaoVdZeGL8AK1wLhnFOecbjbk5IbXrAHZtaroy+LDtQGTmMQrcWOBpD1/sVgQk6gL8atToE5gMcKasXxHLYoaf54j5EWOmZio2WicXwWEPs+KQ8kipxcnwzpJJBQf1b2qg/cuwUfD7Q84pl5sqbVAzyxV+6bC8pOGKGP5qOJdj/w27VHbZc0KjcD6MZabxldlnO5TwcwUCviagK4KzrE/cz5POUXACvcwYmPT3tP9ET/OrJA2BS3uIsItjMM0M0JXe7SMXt0nO7eGkfShPH22HLkWoshwcpmE5allDqxZxK8ntZzTLNPw==";

    #[test]
    fn signatures_made_by_openssl_verify_for_their_own_algorithm_only() {
        let signatures = [
            (
                Algorithm::RsaSha1,
                "Nr9IWpTYMn60TDf4n0YTH5DAtmYim9O3p6XOBiyBulXHRhTdsiOjC0xIssmBPNMqTYYg9iGXSmyE3lG8kX5srUuJFXF8sC8wLJ/MB2q73OnjufVbEP9tq2s1fnPp5kdUQCqE8toOpkrsRV4J22KLLFj2H+yole7zIZ5PG1XKr7gfYwZRWdjxU13F6B5Wgu7mPBy8ZUT/es/cQqP9wIEFExjCrILpT04pqsV2XAhoIiPrOo3A2KaVSpOgLWJnpN+F+XsnDDIUDkZOZYVIzy4UwHOm5kLBgBsrLxc8O6UgXOE80Ft5cU9Mj+kr3L6ir9OSeRzZDTaha9rCG0lx/pHYCA==",
            ),
            (Algorithm::RsaSha256, SHA_256),
            (
                Algorithm::RsaSha384,
                "C4KpkpefYoiufwt7zMSYD/k9q24FyL5lZwrkZlr3+DzvHondAAQlV8nk6ihv7Z8vDboOE22tecxgAvrma0IeMC3Op/MtOx9NAxyRhImxxCimDG92MyqYv3BTrIcCBtpxkrhGBVVx35/8uvu5FUk8TQBXX19mL2wjFBJIFniKGXYyGrmN7F6qsWx9H3jY7NiMUQ6OLEX0ee0aExddDCDGVhq1O/gqAh9ZnFxxqX3g+2WiMW8Hmq4NHAOuWGcoNpMGq596eyvFSJI8xKRYNp4ChbcCC89U2Kf4Qrt9fAOVJvYB2Nq6/xqxeCuq50/udgEL/8fNZ/exOZcIkdIQJ0IinA==",
            ),
            (
                Algorithm::RsaSha512,
                "WhMAgFiuPJm+w+uJbA+h8uc1yh7gAxa7iGTgo5xbTaRVKaglJ+9FLhr/c46KSr7cQaNA67vrRO741zGt0PZ5pJsGDF4GFBed+Y+DAG0JC2qcP5pRqn0uAuwwUVHJSNorg610OzxaeIsnMtE3Z3j9AHw8MR1PMKdMoyk1Mr/IEAywIYjzUhAgfLTRHCiSAt04YyloUF1RQjqSpxOizKVw5ExyatqfmzdkwY40GTloxGyQFeFj1nPuvGhSUWdtxziyobLiK4/0OphbYw5E/4aX/McErFXYLC/B9qVf09oMutjI6rrMADc3sbhWH/n5i7JhLSeyvW2SfRlBjt2D4RsqTw==",
            ),
            (
                Algorithm::RsaSha256OfDigest,
                "La+O7ZEHLG44DOillkwTN4FUvSpu4MXpQt+pkemARKULzwiG+1wR4IOeRviNQl4dwWf1k2ytItIWQwX0VAZ4tnAEN3nRNajGrsIGiP1Q7rZLLNosoXADtEaTlKbWVMv+ossBqbShqe8NXSk3Xgc8jK6Eorl5oNQhGoj22zIS8WPW1K3kEW+Txs7FfBYV9VfvHSWTtixyMGGBPQj69s8Un4vGHzUdlK5FJrG5f7wqQrGtgWvYISoo4YbEOMRSEgGShQrFu9YMxXCAyyQTMbObOABTTxrRYiiNUbyXZ+qiTUFMRyvBZpgbzIZA7zGJ9+KYweGOmke0HH7nyYDtEltq3A==",
            ),
            (
                Algorithm::RsaPssSha256,
                "Ddcwt2trXI2ln4yYM17k9d4RhhNk/ojggvU+r3I36edjNOPJG0JxKjeeR5zBwxzcwfqPSFiZxIBLV16XnERex7du2vrerXhgZOhoRf74r22Kec/TU/vECVv7nG15+jHLWoCGCdZvwug35UMVyrh1wJnqsdyn4noSwcY/QA1DSHke6ZIfA9VkyC6wgCHROInzuEmEVF3EbzkNGATRB34l8cPo3MieTN1xnRHRfbvFHCRBykNPtqJWtweiRqf+tVKUlKIzsvQdQQ/2A25EyqAHl6F1nHJ4yt5zlEqNt+5/kTrCqP2bib7VCX4nkFsuevudXuZ3ZrBvmtCFk+h5HQDA3g==",
            ),
            (
                Algorithm::RsaPssSha384,
                "FEA79f7b/FNbkwe3fM/bgefVssDG7GtXIbL/fbYkwC1GN7/X+hv90vmsejW3HVltdCLL4/1Mm6Fwdzck6FpKFObUlVZu/PoY6ghPZBj8iyhjCMjHM7QAt/9d1hpxQKHcTa4F0fZ9dE/8KlxLKPk9Um1kDLM97O6ZuyU4ydakm9Lop/B9LZwwTe8cFa2zq339zmZ9Dy90R5SBZBVr6NMO6yH+iZfWiEoydyw+CXD9bqtRtpdhTUKYTIRz9wNqDUJNcI+zuL2VnzAbxharOxQg86mWn9Vgva/e22evJMV3cZ8I54GsOZNijWpsTACP+fZreo/meLdXMWmRIF9ifNj1+w==",
            ),
            (
                Algorithm::RsaPssSha512,
                "R9WlRADJt5lu6zW38qQRgAqhXgObGQ5/3+dKD+WnWUYjWCoRYQT0vJw9D7XoE+5v//WpyNhgD3WpV5t8G3DFz2fsbBat17sCerO+FujtiA1tgd/l6oifYtwydQ9NfavXSxtS7I/9J0cvyB+hUBQ5SPVDfZZxSG/LX+9zbkaQ5OmihAnwaLzKBx9L5E34XA/mmeUNtj/rJ/jGiBhu31PS9iNrj9IyXDtv9UZi9MbE6OuQ3lZCb8SibATGhHcvBJm5nEunmEwm0ETK80VcmK/+Kp9PA84S0rbN9gh6Jy/N9iGeaziMutRHPfvsN2VYct/jN8VqecD5z/eIsAKqqI710g==",
            ),
        ];
        for key in [key(KEY), key(PKCS_1)] {
            for (made_by, signature) in signatures {
                for (read_as, _) in signatures {
                    let good = accepts(&key, read_as, &base64(signature), b"sample");
                    assert_eq!(good, made_by == read_as, "{made_by:?} read as {read_as:?}");
                    assert!(!accepts(&key, read_as, &base64(signature), b"samples"));
                }
            }
        }
    }

    #[test]
    fn a_salt_of_another_length_is_refused() {
        let signature = base64(
            "ThXA7GA8HP9jTidSaRIn3z16alA1mOY1N+o+0aTPbTWT8o1cUcMjHvyWEvE+4+Bhv6b+ifycOEEHFi5l7TWcCTLB2m1fHZNFHDrpQH9vupveWE5PjFWOoV0BOZbhMMfBJmDt5xYXQjV/lXCtx7+2FzJdKG81gHceX+jSQOCPRj8dd0ghQttMXuWe8DhIwACXKFYYRhhLez7o4eUvEazqjDVUwf+P0VRNAFD+yvuzNOdynagfO5+Jqldz0ifYJC0ldHfq5l6WemlVT938Sw5H7G0IUjuA0D7GUBaHMcgF5S8vrqbiHLFArHhJYOm2rVQTG55du853njLR2pyhkOcpIw==",
        );
        assert!(!accepts(&key(KEY), Algorithm::RsaPssSha256, &signature, b"sample"));
    }

    /// [RFC 8017](https://www.rfc-editor.org/rfc/rfc8017#section-8.2.2), section 8.2.2, read 2026-11-24.
    #[test]
    fn a_signature_is_as_long_as_the_modulus_and_less_than_it() {
        let key = key(KEY);
        let good = base64(SHA_256);
        let check = |signature: &[u8]| accepts(&key, Algorithm::RsaSha256, signature, b"sample");
        assert!(check(&good));
        for broken in [&good[1..], &good[..255], &[&[0], &good[..]].concat(), &[]] {
            assert!(!check(broken));
        }
        for number in [[0; 256], [0xff; 256]] {
            assert!(!check(&number));
        }
        let mut one = [0; 256];
        one[255] = 1;
        assert!(!check(&one));
        // The signature plus the modulus is the same number to whoever forgets to compare.
        let modulus = pkcs_1_modulus();
        let mut sum = good;
        let mut carry = 0;
        for (byte, add) in sum.iter_mut().zip(&modulus).rev() {
            let total = u16::from(*byte) + u16::from(*add) + carry;
            *byte = u8::try_from(total & 0xff).unwrap();
            carry = total >> 8;
        }
        assert!(!check(&sum));
        assert!(!check(&modulus));
    }

    fn pkcs_1_modulus() -> Vec<u8> {
        let der = decode_text(PKCS_1).unwrap();
        der[9..9 + 256].to_vec()
    }

    #[test]
    fn keys_of_unsound_sizes_and_exponents_are_refused() {
        assert_eq!(
            problem(
                "\
-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDOVwNxMYxZT0LxGQMfWYXqQiBP
2wio6FfSSa7gWD5YsRFy/wrVQ0U1bruuUyXLjOrkg2PYuIWuDDpF3y30wO3+w2xD
RWVKNcbEfkg70jLIsWjm66oFmgbl5Nw/A1tbVa+OI+NvX5VIPtc2eCP0U96ReUvi
kVKEcu/OU27FGfcp5wIDAQAB
-----END PUBLIC KEY-----"
            ),
            Some(KeyProblem::Weak)
        );
        let modulus = pkcs_1_modulus();
        let weak = |modulus: &[u8], exponent: &[u8]| ParsedKey::rsa(modulus, exponent).err();
        assert_eq!(weak(&modulus, &[1, 0, 1]), None);
        assert_eq!(weak(&[&[0, 0], &modulus[..]].concat(), &[1, 0, 1]), None);
        for exponent in [&[][..], &[0], &[1], &[2], &[1, 0, 0], &[0xff; 8], &[1; 9]] {
            assert_eq!(weak(&modulus, exponent), Some(KeyProblem::Weak), "{exponent:?}");
        }
        for modulus in [&[][..], &[0], &[0xff; 255], &[0xff; 513], &[0xfe; 256]] {
            assert_eq!(weak(modulus, &[1, 0, 1]), Some(KeyProblem::Weak));
        }
        let mut shorter = modulus;
        shorter[0] &= 0x7f;
        assert_eq!(weak(&shorter, &[1, 0, 1]), Some(KeyProblem::Weak), "2047 bits");
    }
}
