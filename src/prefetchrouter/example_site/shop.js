// Whoever clicks through an example comes back soon: what the edge refused is requested again after five seconds.
window.Edgio?.configure({ missMemorySeconds: 5 });

for (const place of document.querySelectorAll('[data-stock]')) {
  fetch(place.dataset.stock)
    .then((response) => response.json())
    .then(({ stock }) => (place.textContent = `${stock} tins`))
    .catch(() => (place.textContent = 'nobody knows'));
}

const session = document.getElementById('session');
const signedIn = () => /(?:^|; )session=/.test(document.cookie);
session.textContent = signedIn() ? 'Sign out' : 'Sign in';
session.hidden = false;
session.addEventListener('click', async () => {
  document.cookie = signedIn() ? 'session=; path=/; max-age=0' : 'session=visitor; path=/; samesite=lax';
  // Pages look different afterwards, so what was prefetched must not be shown.
  await window.Edgio?.clear().catch(() => undefined);
  location.assign('/');
});

const forget = document.getElementById('forget');
if (forget) {
  forget.hidden = false;
  forget.addEventListener('click', async () => {
    await window.Edgio?.clear().catch(() => undefined);
    location.reload();
  });
}
