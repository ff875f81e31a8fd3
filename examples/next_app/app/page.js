import Link from 'next/link';
export default function Home() {
  return (
    <main>
      <h1>Tea</h1>
      <Link href="/products/1">Green tea</Link> <Link href="/account">Account</Link> <Link href="/legacy/2">Old shop</Link>
    </main>
  );
}
