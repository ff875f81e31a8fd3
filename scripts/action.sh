#!/bin/sh
# What action.yml runs. Inputs come as environment variables, so that no value is ever a part of a command.
set -u
: "${ROUTES:=routes.py}" "${OUT:=}" "${BASE:=}" "${INSTALL:=}" "${FAIL_ON:=build,lint}"
folder=${RUNNER_TEMP:-$(mktemp -d)}
summary=${GITHUB_STEP_SUMMARY:-/dev/null}
outputs=${GITHUB_OUTPUT:-/dev/null}
failed=0

if [ -n "$INSTALL" ]; then
    python3 -m pip install --quiet "$INSTALL" || exit 2
fi

# note STEP CODE: a command that could not run always fails the step, findings only if they were asked for.
note() {
    if [ "$2" -gt 1 ]; then failed=2; fi
    case ",$FAIL_ON," in
        *",$1,"*) if [ "$2" -eq 1 ] && [ "$failed" -eq 0 ]; then failed=1; fi ;;
    esac
}

if [ -n "$OUT" ]; then
    prefetchrouter build "$ROUTES" --out "$OUT" --check
else
    prefetchrouter build "$ROUTES" --out "$folder/built" --quiet
fi
code=$?
# Rules that are wrong fail whatever was chosen: nothing below would mean anything.
if [ "$code" -ne 0 ] && [ -z "$OUT" ]; then exit "$code"; fi
note build "$code"

prefetchrouter lint "$ROUTES" --format github
note lint $?
prefetchrouter lint "$ROUTES" --format sarif > "$folder/prefetchrouter.sarif"
echo "sarif=$folder/prefetchrouter.sarif" >> "$outputs"

if [ -n "$BASE" ]; then
    prefetchrouter diff "$BASE" --routes "$ROUTES" --format markdown > "$folder/difference.md"
    note diff $?
    cat "$folder/difference.md" >> "$summary"
    echo "difference=$folder/difference.md" >> "$outputs"
fi
exit "$failed"
