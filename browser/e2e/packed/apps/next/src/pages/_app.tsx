import type { AppProps } from 'next/app';
import { useServiceWorker } from 'prefetchrouter/react';

export default function App({ Component, pageProps }: AppProps) {
  useServiceWorker();
  return <Component {...pageProps} />;
}
