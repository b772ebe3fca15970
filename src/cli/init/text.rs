//! The configuration files that `init` writes. They are read back by a test, so they cannot drift
//! from what the roles accept.

use super::plan::{District, GATEWAY, ORIGIN, Ports, TOKENISER};

/// `talent-gateway.toml`.
pub(super) fn gateway(ports: Ports) -> String {
    let (listener, operations) = (ports.gateway(), ports.operations());
    format!(
        r#"# The gateway of a development installation (talent-gateway init).
# Relative paths start at the folder of this file. docs/operations.md explains every member.

id = "{GATEWAY}"
# The operator and its directory key: hand this file to every participant by other means than the
# network; everything else is believed because of it.
pinned = "pinned.json"
# Addresses that were taken are written here.
run = "run"

[listener]
# TLS 1.3; every client shows a certificate.
address = "{listener}"
certificate = "gateway/tls.pem"
key = "gateway/tls.key"
client_roots = "pki/ca.pem"
crl = "pki/crl.pem"

[operations]
# /healthz, /readyz, /metrics in the clear: keep it on this machine.
address = "{operations}"

[store]
path = "gateway/gateway.db"

[log]
# Never changed once there are entries.
origin = "{ORIGIN}"

[keys]
message = {{ kid = "{GATEWAY}#message-1", file = "gateway/keys/message.pem" }}
receipt = {{ kid = "{GATEWAY}#receipt-1", file = "gateway/keys/receipt.pem" }}
directory = {{ kid = "{GATEWAY}#directory-1", file = "gateway/keys/directory.pem" }}
log = {{ kid = "{GATEWAY}#log-1", file = "gateway/keys/log.pem" }}
# Without this key nothing in the database can be read: back it up apart from the database.
vault = "gateway/vault.key"
pseudonym = "gateway/pseudonym.key"

[telemetry]
format = "text"
filter = "info"
"#
    )
}

/// `tokeniser/tokeniser.toml`.
pub(super) fn tokeniser(ports: Ports) -> String {
    let (listener, gateway) = (ports.tokeniser(), ports.gateway().port());
    format!(
        r#"# The tokeniser of a development installation. In production another body runs it, on another
# machine: on one machine with the gateway, tokens are pseudonymous, not blind.

id = "{TOKENISER}"
pinned = "../pinned.json"
run = "../run"
# The newest signed directory that was seen.
directory = "directory.jwt"

[listener]
address = "{listener}"
certificate = "tls.pem"
key = "tls.key"
client_roots = "../pki/ca.pem"
crl = "../pki/crl.pem"

[gateway]
id = "{GATEWAY}"
url = "https://localhost:{gateway}"

[client]
certificate = "client.pem"
key = "client.key"
roots = "../pki/ca.pem"
crl = "../pki/crl.pem"

[keys]
receipt = {{ kid = "{TOKENISER}#receipt-1", file = "keys/receipt.pem" }}
oprf_seed = "oprf.seed"
epochs = [1]

[quota]
# Elements per participant: a large district's day.
per_day = 50000
burst = 10000

[telemetry]
format = "text"
filter = "info"
"#
    )
}

/// `districts/<id>/connector.toml`.
pub(super) fn connector(district: &District, n: u16, ports: Ports) -> String {
    let id = district.id;
    let listener = ports.connector(n);
    let (gateway, tokeniser) = (ports.gateway().port(), ports.tokeniser().port());
    format!(
        r#"# The connector of {} in a development installation.

id = "{id}"
pinned = "../../pinned.json"
run = "../../run"

[listener]
# Plain HTTP for the district's own systems: identifiers travel in the clear here.
address = "{listener}"

[gateway]
id = "{GATEWAY}"
url = "https://localhost:{gateway}"

[tokeniser]
id = "{TOKENISER}"
url = "https://localhost:{tokeniser}"

[client]
certificate = "tls.pem"
key = "tls.key"
roots = "../../pki/ca.pem"
crl = "../../pki/crl.pem"

[keys]
message = {{ kid = "{id}#message-1", file = "keys/message.pem" }}

[operators]
file = "operators.json"

[store]
path = "connector.db"

[reconcile]
# Every day at this time (UTC+8) the connector states that everything decided until then was handed to
# it, and how many records the gateway took: others are answered from these data because of it. Name
# the kinds that your systems hand over in full; all of them if `kinds` is left out.
daily_at = "02:30"

[telemetry]
format = "text"
filter = "info"
"#,
        district.name.en
    )
}
