/**
 * A listing whose product pages have `getServerSideProps`: the data of each visible one is prefetched.
 *
 * On a site of Next the `a` stands inside `<Link href={url} passHref legacyBehavior>`, around `Prefetch`.
 */

import { createNextDataURL } from 'prefetchrouter/next/client';
import { Prefetch, useServiceWorker } from 'prefetchrouter/react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

const PRODUCTS = [
  { id: '1', url: '/products/1' },
  { id: '2', url: '/products/2?size=m' },
];

function ProductListing(): ReactNode {
  useServiceWorker({ dev: true });
  return (
    <ul>
      {PRODUCTS.map(({ id, url }) => (
        <li key={id}>
          <Prefetch url={createNextDataURL({ href: url, locale: 'fr', routeParams: { id } })}>
            <a href={url}>Product {id}</a>
          </Prefetch>
        </li>
      ))}
    </ul>
  );
}

createRoot(document.querySelector('#app') as Element).render(<ProductListing />);
