# Two commands are enough: `make run` and `make test`. Each target is one short script in scripts/.
.PHONY: run test lint bench deploy tick mutants generate install

run: ; @scripts/run
test: ; @scripts/test
lint: ; @scripts/lint
bench: ; @scripts/bench
deploy: ; @scripts/deploy
tick: ; @scripts/tick $(JOB)
mutants: ; @scripts/mutants
generate: ; @scripts/generate
install: ; @scripts/install
