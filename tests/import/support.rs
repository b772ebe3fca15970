//! A connector on a port of its own, tables of fictitious people, and imports into it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use talent_gateway::catalogue::Catalogue;
use talent_gateway::connector;
use talent_gateway::import::{self, Connector, ImportError, Job, Mapping, Options, Summary};
use talent_gateway::net::client::Client;
use talent_gateway::net::limits::Limits;
use talent_gateway::net::{edge, listener};
use talent_gateway::schema::Registry;
use talent_gateway::synth::people;
use talent_gateway::system::SystemIds;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::world::{WINDOW, World};

pub const HEAD: &str =
    "认定编号,状态,证件类型,证件号码,证书编号,数据日期,认定日期,有效期至,认定等级,认定条款,备注";

/// Numbers of identity cards of people who do not exist.
pub fn numbers(n: usize) -> Vec<String> {
    let documents = people(2026, n * 3 + 20).map(|person| person.documents[0].clone());
    let cards = documents.filter(|document| document.document_type.code() == "111");
    cards.map(|card| card.number).filter(|n| !n.ends_with("000")).take(n).collect()
}

/// A row of a certification table.
pub fn row(id: &str, number: &str, class: &str) -> String {
    format!(
        "{id},有效,居民身份证,{number},C-{id},2026-03-01,2026/3/1,2029年2月28日,{class},附件4 一（一）4,"
    )
}

/// A mapping that the schema shows as an example.
pub fn mapping(mt: &str, schemas: &Registry) -> Mapping {
    let document = schemas.get(import::SCHEMA).unwrap().document.text;
    let schema: Value = serde_json::from_str(document).unwrap();
    let examples = schema["examples"].as_array().unwrap();
    let example = examples.iter().find(|e| e["type"] == mt).unwrap();
    Mapping::parse(&example.to_string(), schemas).unwrap()
}

/// A connector that listens; stopped when it is dropped.
pub struct Local {
    pub url: String,
    tasks: Vec<JoinHandle<()>>,
}

impl Local {
    pub async fn start(world: &World) -> Self {
        let connector = world.open_connector();
        let app = edge::wrap(connector::router(Arc::clone(&connector)), Arc::new(SystemIds));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serve = async move {
            listener::serve(listener, None, app, Limits::default(), std::future::pending()).await;
        };
        let run = async move { connector.run(std::future::pending()).await };
        Self { url, tasks: vec![tokio::spawn(serve), tokio::spawn(run)] }
    }

    /// Imports a file as certifications; the report's text comes with the counts.
    pub async fn import(&self, file: &Path) -> (Summary, String, Option<ImportError>) {
        self.import_as("certification/1", file, 20).await
    }

    pub async fn import_as(
        &self,
        mt: &str,
        file: &Path,
        patience: u64,
    ) -> (Summary, String, Option<ImportError>) {
        self.import_by(WINDOW, false, mt, file, patience).await
    }

    /// By the operator with this token, to send or to approve.
    pub async fn import_by(
        &self,
        token: &str,
        approve: bool,
        mt: &str,
        file: &Path,
        patience: u64,
    ) -> (Summary, String, Option<ImportError>) {
        let connector = Connector {
            client: Client::loopback(&self.url).unwrap(),
            token: token.to_owned(),
            approve,
            patience: Duration::from_secs(patience),
        };
        let (summary, report, broken) = imported(mt, file, Some(connector)).await.unwrap();
        (summary, String::from_utf8_lossy(&fs::read(report).unwrap()).into_owned(), broken)
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// An import, or a dry run.
pub async fn imported(
    mt: &str,
    file: &Path,
    connector: Option<Connector>,
) -> Result<(Summary, PathBuf, Option<ImportError>), ImportError> {
    let schemas = Registry::load().unwrap();
    let catalogue = Catalogue::embedded().unwrap();
    let job = Job {
        file: file.to_owned(),
        mapping: mapping(mt, &schemas),
        options: Options { header_row: 1, ..Options::default() },
        report: None,
        connector,
        schemas: &schemas,
        catalogue: &catalogue,
        today: jiff::civil::date(2026, 11, 21),
    };
    import::run(&job, |_, _| {}).await
}

/// A file in the folder of the world.
pub fn file(world: &World, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = world.dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// The records of a type in the log, whether they came alone or in bulk.
pub async fn records(world: &World, mt: &'static str) -> Vec<Value> {
    let bodies = world.bodies(mt).await;
    let items = bodies.into_iter().flat_map(|body| match body.get("items") {
        Some(items) => items.as_array().unwrap().clone(),
        None => vec![body],
    });
    items.collect()
}
