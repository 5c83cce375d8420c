//! A wire to the database that can be cut: both ends stay connected, and nothing comes through.

use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use url::Url;

/// A proxy on 127.0.0.1 in front of a database server. What was on its way when it was cut arrives when it is mended.
pub(crate) struct Proxy {
    port: u16,
    is_open: Arc<watch::Sender<bool>>,
}

/// Where the server listens.
#[derive(Clone)]
enum Target {
    Socket(String),
    Address(String),
}

impl Proxy {
    /// Stands in front of the server of `url`, whose connections are TCP or a socket in a folder (`?host=`).
    pub(crate) async fn start(url: &str) -> Self {
        let url = Url::parse(url).unwrap();
        let port = url.port().unwrap_or(5432);
        let folder = url.query_pairs().find(|(name, value)| name == "host" && value.starts_with('/'));
        let target = match folder {
            Some((_, folder)) => Target::Socket(format!("{folder}/.s.PGSQL.{port}")),
            None => Target::Address(format!("{}:{port}", url.host_str().unwrap())),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let is_open = Arc::new(watch::Sender::new(true));
        let gate = Arc::clone(&is_open);
        #[expect(clippy::disallowed_methods, reason = "the wire is no part of the app whose tasks are counted")]
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connect(client, target.clone(), gate.subscribe()));
            }
        });
        Self { port, is_open }
    }

    /// `url`, by way of this proxy.
    pub(crate) fn through(&self, url: &str) -> String {
        let mut url = Url::parse(url).unwrap();
        url.set_query(Some("sslmode=disable"));
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(self.port)).unwrap();
        url.into()
    }

    pub(crate) fn cut(&self) {
        self.is_open.send_replace(false);
    }

    pub(crate) fn mend(&self) {
        self.is_open.send_replace(true);
    }
}

async fn connect(client: TcpStream, target: Target, mut gate: watch::Receiver<bool>) {
    let _ = gate.wait_for(|is_open| *is_open).await;
    let (from_client, to_client) = client.into_split();
    match target {
        Target::Socket(path) => {
            let (from_server, to_server) = UnixStream::connect(path).await.unwrap().into_split();
            tokio::join!(forward(from_client, to_server, gate.clone()), forward(from_server, to_client, gate));
        }
        Target::Address(address) => {
            let (from_server, to_server) = TcpStream::connect(address).await.unwrap().into_split();
            tokio::join!(forward(from_client, to_server, gate.clone()), forward(from_server, to_client, gate));
        }
    }
}

/// Passes bytes on until one end closes; holds them back while the wire is cut.
async fn forward(
    mut from: impl tokio::io::AsyncRead + Unpin,
    mut to: impl tokio::io::AsyncWrite + Unpin,
    mut gate: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length) = from.read(&mut buffer).await {
        if gate.wait_for(|is_open| *is_open).await.is_err() || length == 0 {
            break;
        }
        if to.write_all(buffer.get(..length).unwrap_or_default()).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}
