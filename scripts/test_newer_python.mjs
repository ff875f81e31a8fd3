// Runs the examples of the docstrings with the Python of the documentation's playground, which is newer than
// the machine's: Pyodide, in Node. It has no threads, processes and sockets, so modules that import packages
// of the extras are left out, and counted.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const PLAYGROUND = join(PROJECT, '.make/playground');
const { loadPyodide } = await import(join(PLAYGROUND, 'node_modules/pyodide/pyodide.mjs'));

const python = await loadPyodide();
for (const name of readdirSync(join(PLAYGROUND, 'wheels'))) {
  const wheel = new Uint8Array(readFileSync(join(PLAYGROUND, 'wheels', name)));
  python.unpackArchive(wheel, 'zip', { extractDir: '/lib/packages' });
}
python.FS.mkdirTree('/src');
python.FS.mount(python.FS.filesystems.NODEFS, { root: join(PROJECT, 'src') }, '/src');
process.exitCode = python.runPython(`
import doctest, importlib, os, pathlib, sys

sys.dont_write_bytecode = True
sys.path[:0] = ["/lib/packages", "/src"]
os.chdir("/tmp")
# Their examples need event loops, threads, programs, or packages that are not there.
WITHOUT = (
    "prefetchrouter.edge", "prefetchrouter.engines", "prefetchrouter.importing.nginx", "prefetchrouter.installation",
    "prefetchrouter.lab", "prefetchrouter.live_check", "prefetchrouter.navigation.field_lines",
    "prefetchrouter.testing.case_table",
)
tried = failed = left_out = 0
for path in sorted(pathlib.Path("/src/prefetchrouter").rglob("*.py")):
    name = ".".join(path.relative_to("/src").with_suffix("").parts).removesuffix(".__init__")
    if name.endswith("__main__") or name.startswith(WITHOUT):
        continue
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        left_out += 1
        print("left out:", name, error)
        continue
    found = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    tried += found.attempted
    failed += found.failed
print(f"Python {sys.version.split()[0]}: {tried} examples, {failed} failed; {left_out} modules left out")
int(failed > 0 or tried < 1000)
`);
