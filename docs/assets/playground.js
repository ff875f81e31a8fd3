// The page docs/playground.md: its form, and the worker that runs Python.
const form = document.getElementById('playground');
const SECONDS = 30;

function start(form) {
  const [rules, url, command, output] = ['rules', 'url', 'command', 'output'].map((name) =>
    document.getElementById(`playground-${name}`),
  );
  const button = form.querySelector('button');
  const place = new URL('../assets/', location.href);
  let worker;
  let timer;

  function show(text) {
    clearTimeout(timer);
    output.textContent = text;
    button.disabled = false;
  }

  function end(text) {
    worker.terminate();
    worker = undefined;
    show(text);
  }

  function started() {
    const made = new Worker(new URL('playground-worker.mjs', place), { type: 'module' });
    made.addEventListener('message', ({ data }) => {
      if (data.ready) {
        output.textContent = 'Running ...';
        timer = setTimeout(() => end(`Ended after ${SECONDS} s.`), SECONDS * 1000);
      } else show(data.text);
    });
    made.addEventListener('error', (event) => end(`Python does not start: ${event.message}`));
    return made;
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    button.disabled = true;
    output.textContent = worker ? 'Running ...' : 'Loading Python, once ...';
    worker ??= started();
    worker.postMessage({ rules: rules.value, url: url.value, command: command.value });
  });
}

if (form) start(form);
