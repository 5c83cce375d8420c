//! The whole program as its users and its operator meet it: the real binary, a real database, real HTTP.

mod command_line;
mod faults;
mod process;
mod walk;
