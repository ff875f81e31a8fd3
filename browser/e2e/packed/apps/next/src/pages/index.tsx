import Link from 'next/link';
import { Prefetch } from 'prefetchrouter/react';

export default function Products() {
  return (
    <>
      <h1>Products</h1>
      <Prefetch>
        <Link href="/products/1" prefetch={false}>
          Kettle
        </Link>
      </Prefetch>
      <Prefetch>
        <Link href="/account" prefetch={false}>
          Account
        </Link>
      </Prefetch>
      <Link href="/" locale="fr" prefetch={false}>
        en français
      </Link>
    </>
  );
}
