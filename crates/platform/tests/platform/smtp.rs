//! A mail server that speaks just enough SMTP (RFC 5321) and can be away.

use std::sync::{Arc, Mutex};

use platform::tasks::Tasks;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Takes mail.
    Well,
    /// Hangs up before it has said a word.
    Away,
    /// Refuses every recipient with this code.
    Refusing(u16),
}

#[derive(Clone)]
pub(crate) struct SmtpDouble {
    pub(crate) url: String,
    state: Arc<Mutex<(Mood, Vec<String>)>>,
}

impl SmtpDouble {
    pub(crate) async fn start(tasks: &Tasks) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let double = Self { url, state: Arc::new(Mutex::new((Mood::Well, Vec::new()))) };
        let (server, stopping) = (double.clone(), tasks.clone());
        tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = stopping.stopping() => return,
                    accepted = listener.accept() => {
                        let (server, (stream, _)) = (server.clone(), accepted.unwrap());
                        // A client that hangs up is not this server's concern.
                        stopping.spawn(async move { let _ = server.talk(stream).await; });
                    }
                }
            }
        });
        double
    }

    pub(crate) fn turn(&self, mood: Mood) {
        self.state.lock().unwrap().0 = mood;
    }

    /// The mails that were taken, as they came over the wire.
    pub(crate) fn taken(&self) -> Vec<String> {
        self.state.lock().unwrap().1.clone()
    }

    fn mood(&self) -> Mood {
        self.state.lock().unwrap().0
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        if self.mood() == Mood::Away {
            return Ok(());
        }
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 double\r\n").await?;
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let verb = line.split([' ', '\r', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match (verb.as_str(), self.mood()) {
                ("EHLO", _) => "250-double\r\n250 8BITMIME\r\n".to_owned(),
                ("RCPT", Mood::Refusing(code)) => format!("{code} no\r\n"),
                ("DATA", _) => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let mail = Self::read_mail(&mut stream).await?;
                    self.state.lock().unwrap().1.push(mail);
                    "250 taken\r\n".to_owned()
                }
                ("QUIT", _) => "221 bye\r\n".to_owned(),
                _ => "250 fine\r\n".to_owned(),
            };
            stream.write_all(answer.as_bytes()).await?;
            if verb == "QUIT" {
                return Ok(());
            }
        }
    }

    async fn read_mail(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
        let mut mail = String::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
                return Ok(mail);
            }
            mail.push_str(&line);
        }
    }
}
