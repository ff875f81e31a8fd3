// Runs the command line of prefetchrouter in Pyodide, beside the page.
import { loadPyodide } from './pyodide/pyodide.mjs';

const PACKAGES = '/lib/packages';
const RUN = `
import contextlib, io, os, sys

sys.path.insert(0, "${PACKAGES}")
os.environ |= {"COLUMNS": "100", "NO_COLOR": "1"}

# Imported now, so that the page's limit is for the rules alone.
from prefetchrouter import Router, explain, load
from prefetchrouter.cli import main
from prefetchrouter.explanation import text


def run(words):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            main(words)
        except SystemExit:
            pass
    return printed.getvalue()


run
`;

async function load() {
  const [python, packages] = await Promise.all([
    loadPyodide(),
    fetch(new URL('pyodide/packages.zip', import.meta.url)).then((response) => response.arrayBuffer()),
  ]);
  python.unpackArchive(packages, 'zip', { extractDir: PACKAGES });
  return { python, run: python.runPython(RUN) };
}

const loading = load();

addEventListener('message', async ({ data: { rules, url, command } }) => {
  try {
    const { python, run } = await loading;
    postMessage({ ready: true });
    python.FS.writeFile('routes.py', rules);
    const [name, ...options] = command.split(' ');
    const words = python.toPy(name === 'explain' ? [name, url, ...options] : [name, ...options]);
    postMessage({ text: run(words) });
  } catch (error) {
    postMessage({ text: String(error) });
  }
});
