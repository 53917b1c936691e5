//! What an interrupted boot leaves, and what the next one makes of it.
