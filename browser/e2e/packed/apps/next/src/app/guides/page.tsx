import Link from 'next/link';
import { Prefetch } from 'prefetchrouter/react';

export default function Guides() {
  return (
    <>
      <h1>Guides</h1>
      <Prefetch>
        <Link href="/guides/1" prefetch={false}>
          Tea
        </Link>
      </Prefetch>
      <Prefetch>
        <a href="/guides/2">Coffee</a>
      </Prefetch>
    </>
  );
}
