.PHONY: run test check bench bot-shell lock format

run: ## install, prepare and serve the console with its guide
	@bash scripts/run.sh

test: ## install what is missing and run all tests
	@bash scripts/test.sh

check: ## format, lint, types, migrations, protocols, documentation
	@bash scripts/check.sh

bench: ## speed and memory, as JSON
	@bash scripts/bench.sh

bot-shell: ## talk to the flows in labels: make bot-shell PROTOCOL=minimal_facts, EDITION=digest
	@bash -c '. scripts/lib.sh; bot_env; exec 9>&-; exec "$$BOT/bin/python" -m bot.shell $(or $(PROTOCOL),nichd_revised_2014) $(if $(EDITION),--edition $(EDITION))'

lock: ## pin what the environments hold
	@bash scripts/lock.sh

format: ## put the code in order
	.venv/console/bin/ruff format .
	.venv/console/bin/ruff check --fix .
