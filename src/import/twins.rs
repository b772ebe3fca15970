//! Rows of one table that bear the same id, looked for before anything is sent: where they say
//! different things only a person knows which is right, and none of them leaves.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::fault::{Fault, FaultKind};
use super::row::Plan;
use super::table::{Cell, Row, Table};

/// Most rows that a fault names.
const ROWS_NAMED_MAX: usize = 5;

type Hash = [u8; 32];

/// The ids that occur more than once.
pub struct Twins(HashMap<Hash, Group>);

/// The rows of one id.
struct Group {
    content: Hash,
    /// Does another row say something else?
    differ: bool,
    first: u64,
    others: Vec<u64>,
}

impl Twins {
    /// Reads a table to its end, or to where it breaks off.
    pub fn find(table: &mut Table, plan: &Plan) -> Self {
        let mut groups: HashMap<Hash, Group> = HashMap::new();
        while let Ok(Some(row)) = table.next() {
            let Some(name) = plan.skips(&row).is_none().then(|| plan.name(&row)).flatten() else {
                continue;
            };
            let content = content(plan, &row);
            match groups.entry(digest(&name)) {
                Entry::Vacant(new) => {
                    let (first, others) = (row.number, Vec::new());
                    new.insert(Group { content, differ: false, first, others });
                }
                Entry::Occupied(mut known) => {
                    let group = known.get_mut();
                    group.differ |= group.content != content;
                    group.others.push(row.number);
                }
            }
        }
        groups.retain(|_, group| !group.others.is_empty());
        Self(groups)
    }

    /// What is wrong with a row because of others of its id. Of rows that say the same the first stands.
    pub fn fault(&self, plan: &Plan, row: &Row) -> Option<Fault> {
        let group = self.0.get(&digest(&plan.name(row)?))?;
        let (kind, rows): (_, Vec<u64>) = if group.differ {
            let all = std::iter::once(&group.first).chain(&group.others);
            let others = all.filter(|number| **number != row.number).take(ROWS_NAMED_MAX);
            (FaultKind::Contradiction, others.copied().collect())
        } else if group.first == row.number {
            return None;
        } else {
            (FaultKind::Duplicate, vec![group.first])
        };
        let mut fault = Fault::row(kind);
        let rows: Vec<_> = rows.iter().map(u64::to_string).collect();
        fault.text.zh = format!("{}（第{}行）", fault.text.zh, rows.join("、"));
        fault.text.en = format!("{} (row {})", fault.text.en, rows.join(", "));
        Some(fault)
    }
}

/// What a row says: its item, or its cells where they make none.
fn content(plan: &Plan, row: &Row) -> Hash {
    match plan.convert(row).item {
        Ok(item) => digest(&item.to_string()),
        Err(_) => {
            digest(&Value::from(row.cells.iter().map(Cell::text).collect::<Vec<_>>()).to_string())
        }
    }
}

fn digest(text: &str) -> Hash {
    Sha256::digest(text).into()
}
