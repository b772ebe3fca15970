//! Evidence bundles and their verification, which needs nothing of the server.
