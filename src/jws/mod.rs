//! The seal: JWS compact (RFC 7515) in the profile of this project, keys and their checks.
