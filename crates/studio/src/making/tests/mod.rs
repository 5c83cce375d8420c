mod asking;
mod bad_input;
mod following;
mod misfortune;
mod providers_faults;
