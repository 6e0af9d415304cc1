#!/bin/sh
# The tracking tag and the pages' scripts, in a real browser: the tests stand in assets/test.
cd "$(dirname "$0")/../assets" && exec timeout 300 node --test --test-concurrency=1 \
	--test-reporter=tap test/*.test.mjs
