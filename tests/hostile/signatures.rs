//! Signatures: which keys must have signed.

use crate::*;

#[test]
fn an_engine_with_a_public_key_requires_signatures() {
    let (key, other) = (public_key(&SEED), public_key(&OTHER_SEED));
    let directory = Directory::from_json(&read("tests/directories/changes.json")).unwrap();
    let signer = SecretKey::from_bytes(&SEED);
    let seal = Seal { signing_key: Some(&signer), ..Seal::default() };
    let (unsigned, signed) = (snapshot(&directory), directory.to_snapshot(&seal));
    let code = |bytes: &[u8], key: Option<&PublicKeys>| Directory::from_snapshot(bytes, by(key), None).map_err(|error| error.code()).err();
    assert_eq!(code(&unsigned, None), None);
    assert_eq!(code(&signed, None), None);
    assert_eq!(code(&signed, Some(&key)), None);
    assert_eq!(code(&unsigned, Some(&key)), Some(ErrorCode::SignatureMissing));
    assert_eq!(code(&signed, Some(&other)), Some(ErrorCode::SignatureInvalid));
    // Not a point of the curve, a point of small order, and all ones.
    for bytes in [[2; 32], [0; 32], [255; 32]] {
        assert_eq!(code(&signed, Some(&PublicKey::from_bytes(bytes).into())), Some(ErrorCode::SignatureInvalid));
    }

    // Changed after signing, with a corrected checksum: every byte of what is signed, of the key's id and of the signature.
    let header = signed.len() - payload_of(&signed).len();
    for offset in 12..header - 32 {
        let mut forged = signed.clone();
        forged[offset] ^= 1;
        let checksum = hash(&forged[..header - 32]);
        forged[header - 32..header].copy_from_slice(&checksum);
        assert_eq!(code(&forged, Some(&key)), Some(ErrorCode::SignatureInvalid), "{offset}");
    }
    // Signed with another key, with the id of this one.
    let mut forged = Envelope::of_snapshot(20).seal(payload_of(&signed), Some(&OTHER_SEED));
    let start = header - 32 - 64 - 8;
    forged[start..start + 8].copy_from_slice(&hash(&key.as_slice()[0].to_bytes())[..8]);
    let checksum = hash(&forged[..header - 32]);
    forged[header - 32..header].copy_from_slice(&checksum);
    assert_eq!(code(&forged, Some(&key)), Some(ErrorCode::SignatureInvalid));
    // The signature of one snapshot in the envelope of another, and a removed signature with its flag cleared.
    let mut later = Envelope::of_snapshot(21).seal(payload_of(&signed), Some(&SEED));
    later[start + 8..start + 72].copy_from_slice(&signed[start + 8..start + 72]);
    let checksum = hash(&later[..header - 32]);
    later[header - 32..header].copy_from_slice(&checksum);
    assert_eq!(code(&later, Some(&key)), Some(ErrorCode::SignatureInvalid));
    assert_eq!(code(&Envelope::of_snapshot(20).seal(payload_of(&signed), None), Some(&key)), Some(ErrorCode::SignatureMissing));
    // The engine writes envelopes as the description of the format says.
    let envelope = Envelope { state: Some(format::state_of(&signed)), ..Envelope::of_snapshot(20) };
    assert!(envelope.seal(payload_of(&signed), Some(&SEED)) == signed);
    assert!(envelope.seal(payload_of(&signed), None) == unsigned);
}

#[test]
fn an_engine_with_a_public_key_refuses_other_deltas() {
    let (signer, other) = (SecretKey::from_bytes(&SEED), SecretKey::from_bytes(&OTHER_SEED));
    let (key, other_key) = (public_key(&SEED), public_key(&OTHER_SEED));
    let mut directory = Directory::from_json(&read("tests/directories/changes.json")).unwrap();
    let seal = Seal { signing_key: Some(&signer), ..Seal::default() };
    let start = directory.to_snapshot(&seal);
    apply(&mut directory, &json!({"type": "revoke_api_key", "key": "key_mem"})).unwrap();
    let delta = |signing_key| directory.to_delta(20, &Seal { signing_key, ..Seal::default() }).unwrap();
    let (unsigned, by_other, by_signer) = (delta(None), delta(Some(&other)), delta(Some(&signer)));

    let mut copy = Directory::from_snapshot(&start, by(Some(&key)), None).unwrap();
    let before = state(&copy);
    let mut code = |bytes: &[u8], key: Option<&PublicKeys>| copy.apply_delta(bytes, by(key)).map_err(|error| error.code()).err();
    assert_eq!(code(&unsigned, None), Some(ErrorCode::SignatureMissing));
    assert_eq!(code(&unsigned, Some(&key)), Some(ErrorCode::SignatureMissing));
    assert_eq!(code(&unsigned, Some(&other_key)), Some(ErrorCode::SignatureMissing));
    assert_eq!(code(&by_other, None), Some(ErrorCode::SignatureInvalid));
    assert_eq!(code(&by_signer, Some(&other_key)), Some(ErrorCode::SignatureInvalid));
    // A signed snapshot is no delta, whoever signed it.
    assert_eq!(code(&start, None), Some(ErrorCode::SnapshotCorrupt));
    assert!(state(&copy) == before);
    assert_eq!(copy.apply_delta(&by_signer, Trust::default()), Ok(21));
    // The key is still required after a change and after a delta.
    let renewal = copy.to_delta(21, &Seal::default()).unwrap();
    assert_eq!(copy.apply_delta(&renewal, Trust::default()).unwrap_err().code(), ErrorCode::SignatureMissing);
    apply(&mut copy, &json!({"type": "remove_resource", "resource": "file:file_1"})).unwrap();
    let renewal = copy.to_delta(22, &Seal::default()).unwrap();
    assert_eq!(copy.apply_delta(&renewal, Trust::default()).unwrap_err().code(), ErrorCode::SignatureMissing);
    // An engine without a key accepts all of them.
    for delta in [unsigned, by_other, by_signer] {
        assert_eq!(load(&start).unwrap().apply_delta(&delta, Trust::default()), Ok(21));
    }
}
