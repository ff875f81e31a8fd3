/** Real Chromium over CDP and real Firefox over WebDriver BiDi, from the system's own packages. */
import { existsSync } from 'node:fs';
import puppeteer, { type Browser } from 'puppeteer-core';

export const BROWSERS = ['chromium', 'firefox'] as const;
export type BrowserName = (typeof BROWSERS)[number];

const PLACES: Record<BrowserName, readonly string[]> = {
  chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  firefox: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
};

/** A host name that is not localhost, so that plain HTTP on it is an insecure context. */
export const INSECURE_HOST = 'shop.test';

/** Where a browser is installed; throws, naming the cure, when it is not. */
export function findBrowser(name: BrowserName): string {
  const place = PLACES[name].find((path) => existsSync(path));
  if (place) return place;
  throw new Error(
    `${name} is not installed (looked in ${PLACES[name].join(', ')}): run scripts/setup-browsers.sh`,
  );
}

export interface LaunchOptions {
  /** Let Chromium show whole pages again on the way back, as it does for people; Firefox always does. */
  keepsPages?: boolean;
  /** Accept untrusted certificates. */
  acceptsCertificates?: boolean;
  /** Preferences of Firefox. */
  preferences?: Record<string, unknown>;
}

/** Start a separate browser with an empty profile. */
export function launch(name: BrowserName, options: LaunchOptions = {}): Promise<Browser> {
  const { keepsPages = false, acceptsCertificates: acceptInsecureCerts = false, preferences = {} } = options;
  const executablePath = findBrowser(name);
  if (name === 'firefox') {
    const extraPrefsFirefox = { 'network.dns.localDomains': INSECURE_HOST, ...preferences };
    return puppeteer.launch({ browser: 'firefox', executablePath, extraPrefsFirefox, acceptInsecureCerts });
  }
  const args = ['--no-sandbox', `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`];
  if (acceptInsecureCerts) args.push('--ignore-certificate-errors');
  const ignoreDefaultArgs = keepsPages ? ['--disable-back-forward-cache'] : [];
  return puppeteer.launch({ executablePath, args, ignoreDefaultArgs });
}
