// What scrolls sideways can be reached by keyboard, and each landmark has its own name (WCAG 2.1.1, ARIA).
const SCROLLS = 'pre > code, .md-typeset__scrollwrap';

function name() {
  for (const element of document.querySelectorAll(SCROLLS)) {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
    else element.removeAttribute('tabindex');
  }
  let count = 0;
  for (const buttons of document.querySelectorAll('.md-code__nav')) {
    count += 1;
    const label = `Code block ${count}`;
    if (buttons.ariaLabel !== label) buttons.ariaLabel = label;
  }
  // The theme labels the switch of versions without the version that it shows (WCAG 2.5.3).
  const version = document.querySelector('.md-version__current');
  const label = `${version?.textContent?.trim()}, select version`;
  if (version && version.ariaLabel !== label) version.ariaLabel = label;
}

new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });
addEventListener('resize', name);
addEventListener('load', name);
name();
