//! Pictures for tests.
