//! RFC 6962 Merkle log: tree, C2SP tiles, checkpoint, proof.
