//! One installation from its making to the check of what was logged.

use serde_json::Value;
use talent_gateway::catalogue::Catalogue;

use crate::support::{Installation, Role, run, run_with};

#[test]
fn what_is_sent_is_received_proven_and_rebuilt() {
    let dev = Installation::new();
    let (qingpu, jiashan) = (dev.text("districts/qingpu"), dev.text("districts/jiashan"));
    let gateway = Role::start("serve", &dev.path(""));
    assert_eq!(gateway.bound["bound"][0]["name"], "gateway");
    assert_ne!(gateway.bound["bound"][0]["address"], "127.0.0.1:0");

    // A certification, edited from the example and sent.
    let example = run(&["message", "new", "certification/1"]);
    assert_eq!(example.code, 0, "{example:?}");
    let send = ["message", "send", "-", "--type", "certification/1", "--as", &qingpu, "--json"];
    let receipt = run_with(&send, &example.out).json();
    assert_eq!(receipt["claims"]["res"]["outcome"], "accepted", "{receipt}");
    assert_eq!(receipt["verified"], true);

    // The same record again is refused, signed, with its own exit code.
    let again = run_with(&send, &example.out);
    assert_eq!(again.code, 3, "{again:?}");
    assert!(again.err.contains("revision-stale"), "{}", again.err);
    let said = ["修订号已存在 / the revision exists already", "/body/revision"];
    assert!(said.iter().all(|words| again.err.contains(words)), "{}", again.err);

    // The same bytes again get the same receipt.
    let sign = ["message", "sign", "-", "--type", "fact/1", "--as", &qingpu];
    let fact = run(&["message", "new", "fact/1"]).out;
    let signed = run_with(&sign, &fact);
    assert_eq!(signed.code, 0, "{signed:?}");
    let resend = ["message", "send", "-", "--as", &qingpu, "--json"];
    let (first, second) = (run_with(&resend, &signed.out), run_with(&resend, &signed.out));
    assert_eq!(first.json()["reply"], second.json()["reply"]);

    let shown = run_with(&["message", "show", "-", "--json"], &signed.out).json();
    assert_eq!(shown["header"]["typ"], "ydt-msg+jwt");
    assert_eq!(shown["signature"], "not checked");

    // A sample asks for now: nobody has an answer of then yet.
    for query in ["query.entitlement/1", "query.recognition/1", "query.records/1"] {
        let sample: Value = serde_json::from_str(&run(&["message", "new", query]).out).unwrap();
        assert!(sample.get("known_at").is_none(), "{sample}");
    }
    // A query of another district, under the development agreement.
    let mut query: Value =
        serde_json::from_str(&run(&["message", "new", "query.records/1"]).out).unwrap();
    let body: Value = serde_json::from_str(&example.out).unwrap();
    query["subject"] = body["subject"].clone();
    let answer = run_with(&["records", "-", "--as", &jiashan, "--json"], &query.to_string()).json();
    assert_eq!(answer["body"]["records"][0]["owner"], "qingpu", "{answer}");

    // A look-up says beside its answer which data it rests on, and of which state of the log.
    let mut query: Value =
        serde_json::from_str(&run(&["message", "new", "query.recognition/1"]).out).unwrap();
    let ask = ["recognise", "--query", "-", "--as", &jiashan];
    let slip = run_with(&ask, &query.to_string());
    assert!(slip.out.contains("数据覆盖（本答复所据的数据"), "{slip:?}");
    assert!(slip.out.contains("· 青浦区：人才认定、"), "{}", slip.out);
    assert!(!slip.out.contains("当时所知"), "{}", slip.out);
    query["known_at"] = 1.into();
    let slip = run_with(&[&ask[..], &["--lang", "en"]].concat(), &query.to_string());
    assert!(slip.out.contains("As known at log size 1;"), "{slip:?}");
    assert!(slip.out.contains("Coverage: no district's data are in."), "{}", slip.out);

    funding(&qingpu);
    evidence(&dev, &qingpu, &receipt["claims"]["msg"]["jti"]);
    directory_and_log(&dev, &qingpu);

    assert_eq!(gateway.stop(), 0);
    let unreachable = run(&["log", "checkpoint", "--as", &qingpu]);
    assert_eq!(unreachable.code, 5, "{unreachable:?}");
    at_rest(&dev);
}

fn funding(district: &str) {
    let catalogue = Catalogue::embedded().unwrap();
    let policy = catalogue.policies.iter().find(|p| p.id == "qingpu/housing-rent/D").unwrap();
    let send = ["message", "send", "-", "--type", "funding.policy/1", "--as", district];
    let published = run_with(&send, &serde_json::to_string(policy).unwrap());
    assert_eq!(published.code, 0, "{published:?}");
    let query = run(&["message", "new", "query.funding/1"]).out;
    let check = run_with(&["funding", "check", "-", "--as", district, "--json"], &query).json();
    assert_eq!(check["verified"], true);
    let findings = check["claims"]["body"]["assessment"]["findings"].as_array().unwrap();
    assert!(findings.iter().any(|f| f["rule"] == "R13"), "{check}");
    let release = run(&["message", "new", "funding.release/1"]).out;
    let unknown = run_with(&["funding", "release", "-", "--as", district], &release);
    assert_eq!(unknown.code, 3, "there is no such hold: {unknown:?}");
}

fn evidence(dev: &Installation, district: &str, jti: &Value) {
    let (file, pinned) = (dev.text("case.json"), dev.text("pinned.json"));
    let export =
        ["evidence", "export", "qingpu", jti.as_str().unwrap(), "--out", &file, "--as", district];
    let exported = run(&export);
    assert_eq!(exported.code, 0, "{exported:?}");
    let verified = run(&["evidence", "verify", &file, "--pinned", &pinned]);
    assert_eq!(verified.code, 0, "{verified:?}");
    assert!(verified.out.contains("everything holds"), "{}", verified.out);

    // One letter of the first signed text.
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("eyJ", "eyK", 1)).unwrap();
    assert_eq!(run(&["evidence", "verify", &file, "--pinned", &pinned]).code, 4);
}

fn directory_and_log(dev: &Installation, district: &str) {
    let directory = run(&["directory", "show", "--as", district]);
    assert!(directory.out.contains("青浦区"), "{directory:?}");
    let kept = dev.text("tokeniser/directory.jwt");
    let verify = ["directory", "verify", &kept, "--pinned", &dev.text("pinned.json"), "--json"];
    assert_eq!(run(&verify).json()["verified"], true);

    let verified = run(&["log", "verify", "--as", district, "--json"]).json();
    assert_eq!(verified["verified"], true);
    let checkpoint = run(&["log", "checkpoint", "--as", district, "--json"]).json();
    assert_eq!(verified["root"], checkpoint["root"]);
    let vkey = run(&["log", "export-vkey", "--as", district]);
    assert!(vkey.out.starts_with("gateway.talent.example/log+"), "{vkey:?}");
    assert!(run(&["feed", "--as", district, "--json"]).json()["entries"].is_array());
}

fn at_rest(dev: &Installation) {
    let (config, db) = (dev.text(""), dev.text("gateway/gateway.db"));
    let check = run(&["rebuild", "check", "--config", &config, "--json"]).json();
    assert_eq!(check["differences"], 0);
    let stored = run(&["log", "verify", "--db", &db, "--json"]).json();
    assert_eq!(stored["size"], check["entries"]);
    let applied = run(&["rebuild", "apply", "--config", &config, "--json"]).json();
    assert!(applied["rows"].as_u64().unwrap() > 0);
    assert_eq!(run(&["rebuild", "check", "--config", &config]).code, 0);
}

#[test]
fn tokens_come_from_the_tokeniser_and_a_connector_starts() {
    let dev = Installation::new();
    let qingpu = dev.text("districts/qingpu");
    let _gateway = Role::start("serve", &dev.path(""));
    let tokeniser = Role::start("tokenise", &dev.path("tokeniser"));
    let connector = Role::start("connect", &dev.path("districts/qingpu"));
    assert_eq!(connector.bound["bound"][0]["name"], "qingpu");

    // A fictitious number with a valid check digit.
    let number = "11010519491231002X";
    let token = ["subject", "token", "--document-type", "111", "--as", &qingpu, "--json"];
    let untyped = run_with(&["subject", "token", "--as", &qingpu], number);
    assert_eq!(untyped.code, 2, "the type is never guessed");
    let (first, second) = (run_with(&token, number), run_with(&token, number));
    assert!(!first.out.contains(number) && !first.err.contains(number));
    assert_eq!(first.json()["token"], second.json()["token"]);
    let wrong = run_with(&token, "110105194912310021");
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(!wrong.err.contains("110105194912310021"), "{}", wrong.err);

    assert_eq!(connector.stop(), 0);
    assert_eq!(tokeniser.stop(), 0);
}

/// A district says what it has sent: its connector and the gateway count the same, until something
/// goes past the connector.
#[test]
fn a_reconciliation_that_differs_has_an_exit_code_of_its_own() {
    let dev = Installation::new();
    let qingpu = dev.text("districts/qingpu");
    let gateway = Role::start("serve", &dev.path(""));
    let tokeniser = Role::start("tokenise", &dev.path("tokeniser"));
    let connector = Role::start("connect", &dev.path("districts/qingpu"));
    let address = connector.bound["bound"][0]["address"].as_str().unwrap();
    let operators = std::fs::read_to_string(dev.path("districts/qingpu/operators.txt")).unwrap();
    let mut lines = operators.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let window = lines.find(|words| words.get(1) == Some(&"window")).unwrap();
    std::fs::write(dev.path("op.token"), window[2]).unwrap();
    let (url, token) = (format!("http://{address}"), dev.text("op.token"));
    let reconcile = ["reconcile", "--connector", &url, "--token-file", &token];
    let told = run(&[&reconcile[..], &["--json"]].concat()).json();
    let lines = told["kinds"].as_array().unwrap();
    assert!(lines.len() > 5 && lines.iter().all(|line| line["matched"] == true), "{told:#}");

    let body = run(&["message", "new", "certification/1"]).out;
    let send = ["message", "send", "-", "--type", "certification/1", "--as", &qingpu];
    assert_eq!(run_with(&send, &body).code, 0);
    let only = ["--kind", "certification", "--through", "2026-01-05"];
    let differs = run(&[&reconcile[..], &only].concat());
    assert_eq!(differs.code, 4, "{differs:?}");
    assert!(differs.err.contains("certification") && differs.err.contains("hint:"), "{differs:?}");
    assert!(differs.out.contains("2026-01-06 00:00:00"), "{differs:?}");
    let early = run(&[&reconcile[..], &["--through", "2999-01-01"]].concat());
    assert_eq!(early.code, 3, "{early:?}");
    assert_eq!((connector.stop(), tokeniser.stop(), gateway.stop()), (0, 0, 0));
}
