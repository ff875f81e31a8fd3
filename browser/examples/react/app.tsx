/** A list of products; what a product page will ask its API is there before the click. */

import { Prefetch, useServiceWorker } from 'prefetchrouter/react';
import { type ReactNode, useState } from 'react';
import { createRoot } from 'react-dom/client';

interface Product {
  id: number;
  name: string;
}

const PRODUCTS: Product[] = [
  { id: 1, name: 'Kettle' },
  { id: 2, name: 'Teapot' },
];

function App(): ReactNode {
  useServiceWorker({ dev: true });
  const [shown, setShown] = useState<Product>();

  async function open(id: number): Promise<void> {
    const response = await fetch(`/api/products/${id}.json`);
    setShown((await response.json()) as Product);
  }

  return (
    <>
      <ul>
        {PRODUCTS.map((product) => (
          <li key={product.id}>
            <Prefetch url={`/api/products/${product.id}.json`}>
              <a
                href={`/products/${product.id}`}
                onClick={(event) => {
                  event.preventDefault();
                  void open(product.id);
                }}
              >
                {product.name}
              </a>
            </Prefetch>
          </li>
        ))}
      </ul>
      {shown && <h1>{shown.name}</h1>}
    </>
  );
}

createRoot(document.querySelector('#app') as Element).render(<App />);
