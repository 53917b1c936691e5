# The commands that people use here.

.PHONY: tour test quick lint doc tools openstack bench

tour:           ## see what it does, without any account
	cargo run --locked --package cloudmesh-compute --features openstack --example tour

test:           ## all tests; names what it leaves out
	tests/run

quick:          ## the Rust tests alone
	tests/run rust

lint:           ## what the gate checks before the tests
	cargo fmt --all --check
	cargo clippy --workspace --all-features --locked --all-targets -- -D warnings

doc:            ## the documentation
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --all-features --locked --no-deps

tools:          ## clients and packages that the last tests need
	tests/tools/install

openstack:      ## a real OpenStack on this machine; `tests/openstack/down.sh` ends it
	tests/openstack/up.sh

bench:          ## what `cms` costs, beside what people would use instead; prints a table
	tests/tools/install rivals
	cargo build --release --workspace --all-features --locked --bins
	tests/bench/run
