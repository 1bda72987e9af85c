"""Cost against size. Directories grow in Rust (main.rs), and tables of usage here; both put their figures into target/bench/growth.json."""
