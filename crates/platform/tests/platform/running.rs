//! What the tests of the queue run: small kinds of work, and a notebook in which they write what happened.

use std::sync::{Arc, Mutex};

use kernel::{JobId, UserId};
use platform::jobs::{Enqueue, Job, Registry, enqueue_with};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use testkit::TestApp;
use time::{Duration, OffsetDateTime};

/// What happened, in its order.
#[derive(Clone, Default)]
pub(crate) struct Notebook(Arc<Mutex<Vec<String>>>);

impl Notebook {
    pub(crate) fn write(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Waits until so many lines are written; a minute at most, which no machine needs.
    pub(crate) async fn filled(&self, lines: usize) {
        let limit = std::time::Duration::from_mins(1);
        let waited = tokio::time::timeout(limit, async {
            while self.len() < lines {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
        });
        waited.await.unwrap_or_else(|_| panic!("{lines} lines were expected: {:?}", self.lines()));
    }
}

macro_rules! kinds {
    ($($name:ident { $($constant:ident: $type:ty = $value:expr),* $(,)? } as $text:literal;)+) => {$(
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub(crate) struct $name {
            pub(crate) note: String,
        }

        impl Job for $name {
            const NAME: &'static str = $text;
            $(const $constant: $type = $value;)*
        }

        impl From<&str> for $name {
            fn from(note: &str) -> Self {
                Self { note: note.to_owned() }
            }
        }
    )+};
}

kinds! {
    Plain {} as "test.plain";
    Urgent { PRIORITY: i16 = 5 } as "test.urgent";
    Idle { PRIORITY: i16 = -5 } as "test.idle";
    Twice { MAX_ATTEMPTS: i32 = 2, FIRST_RETRY: Duration = Duration::seconds(10) } as "test.twice";
}

/// An installation without pages.
pub(crate) async fn app_with(registry: Registry) -> TestApp {
    TestApp::start(|_| (axum::Router::new(), registry)).await
}

/// Enqueues in a transaction of its own.
pub(crate) async fn ask<J: Job>(app: &TestApp, job: &J) -> JobId {
    ask_with(app, job, Enqueue::default()).await
}

pub(crate) async fn ask_with<J: Job>(app: &TestApp, job: &J, how: Enqueue) -> JobId {
    let mut tx = app.tx().await;
    let id = enqueue_with(&app.ctx(), &mut tx, job, how).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub(crate) fn keyed(key: &str) -> Enqueue {
    Enqueue { unique_key: Some(key.to_owned()), ..Enqueue::default() }
}

pub(crate) fn owned(owner: UserId) -> Enqueue {
    Enqueue { owner_id: Some(owner), ..Enqueue::default() }
}

pub(crate) fn at(moment: OffsetDateTime) -> Enqueue {
    Enqueue { run_at: Some(moment), ..Enqueue::default() }
}

/// One column of a job's row, as text.
pub(crate) async fn of_job(app: &TestApp, id: JobId, column: &str) -> String {
    app.value(&format!("select coalesce(({column})::text, 'null') from public.jobs where id = '{id}'")).await
}

/// A registry whose handler of `J` writes the note and succeeds.
pub(crate) fn noting<J>(notebook: &Notebook) -> Registry
where
    J: Job + DeserializeOwned,
{
    let notebook = notebook.clone();
    Registry::new().on(move |run: platform::jobs::JobRun<J>| {
        let notebook = notebook.clone();
        async move {
            let note = serde_json::to_value(&run.job)?["note"].as_str().unwrap_or_default().to_owned();
            notebook.write(format!("{note} {}", run.attempt));
            Ok(())
        }
    })
}
