//! illustrator
