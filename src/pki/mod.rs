//! Development CA, certificates and revocation lists, made at run time.
